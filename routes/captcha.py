"""Define the route of the proof of work."""

import errors
import routes
from captcha import service
from captcha.schemas import Challenge
from web.openapi import documented

router = routes.router(prefix="/auth", tags=["auth"])


@router.get("/captcha", responses=documented(errors.NotFound))
async def captcha_challenge() -> Challenge:
    """Get a proof of work, in the form of ALTCHA.

    Find the `number` for which SHA-256 of `salt` followed by the number is `challenge`. The `captcha_token` is the
    Base64 of `{"algorithm", "challenge", "number", "salt", "signature"}` as JSON. It works once, within five minutes.
    Available only with `CAPTCHA_PROVIDER=altcha`.
    """
    return service.challenge()
