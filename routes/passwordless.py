"""Define the routes of login by email, and of sign-up with a passkey."""

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

import errors
import routes
import schemas
from audit import Caller
from database import Db
from factors.schemas import CeremonyOptions
from passwordless import confirmation, magic_links, passkey_sign_up
from passwordless.schemas import LinkProof, LinkSent, LoggedIn, NewLink, PasskeySignUp, PasskeySignUpOptions
from settings.loading import settings
from web import bots, cookies, rate_limits
from web.cookies import Carrier
from web.openapi import documented
from web.rate_limits import limit

router = routes.router(prefix="/auth", tags=["auth"], responses=documented(errors.NotFound))
LINKS = Depends(magic_links.require_enabled)


@router.post(
    "/magic-link",
    dependencies=[LINKS, limit("magic_link")],
    status_code=202,
    responses=documented(errors.OauthError, errors.CaptchaRequired, errors.ValidationFailed),
)
@bots.guarded("magic-link")
@rate_limits.limit_emails("email", scope="magic-link", rate="5/hour")
def request_magic_link(body: NewLink, db: Db, caller: Caller, response: Response) -> LinkSent:
    """Send an email with a link and a 6-digit code to log in.

    The link and the code work once, and only with the `flow` of the response, which is also set as a cookie. The
    response is the same whether or not an account exists. Earlier links and codes stop working.
    """
    sent = magic_links.request(db, caller, body)
    cookies.remember_login_flow(response, sent.flow, sent.expires_in)
    return sent


@router.post(
    "/magic-link/confirm",
    dependencies=[LINKS, limit("token")],
    response_model_exclude_none=True,
    responses=documented(
        errors.InvalidToken,
        errors.OtherDevice,
        errors.AccountDisabled,
        errors.MfaRequired,
        errors.CrossSiteRequest,
        errors.ValidationFailed,
    ),
)
def confirm_magic_link(
    body: LinkProof, request: Request, response: Response, db: Db, caller: Caller, carrier: Carrier
) -> LoggedIn:
    """Log in with the `token` of the link, or with `email` and `code`.

    Send the `flow` of the request for the link, unless the browser sends it as a cookie. Without it, the response is
    403 `other_device`, and the link and the code remain valid.
    """
    flow = body.flow or cookies.login_flow(request)
    logged_in = confirmation.confirm(db, caller, body, flow)
    cookies.forget_login_flow(request, response)
    return carrier.deliver(logged_in)


@router.post(
    "/passkeys/signup/options",
    dependencies=[limit("signup")],
    responses=documented(errors.ValidationFailed),
)
def passkey_signup_options(body: PasskeySignUpOptions) -> CeremonyOptions:
    """Get the options to create the passkey of a new account. They do not disclose whether an account exists."""
    return passkey_sign_up.options(body)


@router.post(
    "/passkeys/signup",
    dependencies=[limit("signup")],
    status_code=201,
    response_model=schemas.SignedUp,
    response_model_exclude_none=True,
    responses={
        202: {
            "model": schemas.SignUpAccepted,
            "description": "Except with `EMAIL_VERIFICATION=off`: the same for a new and a registered email address.",
        },
        **documented(
            errors.CaptchaRequired,
            errors.CrossSiteRequest,
            errors.EmailTaken,
            errors.InvalidCredential,
            errors.ValidationFailed,
        ),
    },
)
@bots.guarded("signup")
@rate_limits.limit_emails(passkey_sign_up.email_of, scope="sign-up", when=lambda: settings.email_verification != "off")
def sign_up_with_passkey(body: PasskeySignUp, db: Db, caller: Caller, carrier: Carrier) -> schemas.SignedUp | Response:
    """Sign up with a passkey in place of a password. The passkey must verify the user.

    With `EMAIL_VERIFICATION=off`, the response contains tokens. Otherwise the account is created with the link or code
    in the email (`POST /auth/magic-link/confirm`), in the same browser.
    """
    result = passkey_sign_up.sign_up(db, caller, body)
    if isinstance(result, schemas.SignedUp):
        return carrier.deliver(result)
    response = JSONResponse(result.model_dump(exclude_none=True), 202)
    cookies.remember_login_flow(response, str(result.flow), settings.magic_link_ttl_minutes * 60)
    return response
