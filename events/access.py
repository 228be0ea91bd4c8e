"""Let other services read the event feed: with a service token, or an API key."""

from fastapi import Request

import errors
from sessions import current_user
from sessions.current_user import MaybeCurrentUser
from web import service_tokens


async def require_reader(request: Request, who: MaybeCurrentUser) -> None:
    """Require a service token, or an API key with `audit:read`.

    Raises NotAuthenticated, MfaEnrolmentRequired, and Forbidden for a user who is logged in.
    """
    if service_tokens.is_sent(request.scope):
        return
    if who is None:
        raise errors.NotAuthenticated()
    if who.key is None:
        raise errors.Forbidden()
    if who.must_enroll:
        raise errors.MfaEnrolmentRequired()


async def require_reader_again(request: Request) -> None:
    """Require the same after the request has waited: the key may have been revoked since.

    Raises NotAuthenticated, MfaEnrolmentRequired, Forbidden.
    """
    if not service_tokens.is_sent(request.scope):
        await require_reader(request, await current_user.again(request))
