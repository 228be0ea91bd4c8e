"""/auth: sign up, log in and out, prove an address, set a new password."""

from typing import Annotated

from fastapi import Depends, Form, Response
from fastapi.responses import JSONResponse

import auth
import errors
import routes
import schemas
from accounts import email_change, password_changes, registration, verification
from audit import Caller
from auth import CurrentUser, MaybeCurrentUser
from credentials import passwords
from database import Db
from schemas import Message
from settings.loading import settings
from web import oauth_forms, rate_limits
from web.cookies import Carrier
from web.openapi import documented, documented_in_oauths_form, says
from web.rate_limits import limit

router = routes.router(prefix="/auth", tags=["auth"])

RESET_REQUESTED = "If there is an account with this address, a mail with a link is on its way."
DISOWNED = "The account has been deleted."
RESET = "Your password has been changed. Log in with the new one."
CHANGED = "Your password has been changed."
SECURED = "Your account is secured. Log in with your password."
VERIFICATION_SENT = "If this address waits for its confirmation, a new mail is on its way."


@router.post(
    "/signup",
    dependencies=[limit("signup")],
    status_code=201,
    response_model=schemas.SignedUp,
    response_model_exclude_none=True,
    responses={
        202: {
            "model": schemas.SignUpAccepted,
            "description": "With `EMAIL_VERIFICATION=required`: the same for a new and for a known address.",
            "content": {"application/json": {"example": {"message": registration.SIGN_UP_ACCEPTED}}},
        },
        **documented(
            errors.CrossSiteRequest, errors.EmailTaken, errors.WeakPassword, errors.ValidationFailed, errors.Overloaded
        ),
    },
)
@rate_limits.limit_emails("email", scope="sign-up", when=lambda: settings.email_verification != "off")
@passwords.hashes
def signup(body: schemas.SignUp, db: Db, caller: Caller, carrier: Carrier) -> schemas.SignedUp | Response:
    """Make an account. Where it may log in at once, the answer holds its tokens."""
    made = registration.sign_up(db, caller, body)
    if isinstance(made, schemas.SignUpAccepted):
        return JSONResponse(made.model_dump(exclude_none=True), 202)
    return carrier.deliver(made)


@router.post(
    "/login",
    dependencies=[limit("login")],
    response_model_exclude_none=True,
    responses=documented(
        errors.InvalidCredentials,
        errors.EmailNotVerified,
        errors.AccountDisabled,
        errors.ValidationFailed,
        errors.Overloaded,
    ),
)
@passwords.hashes
def login(body: schemas.LogIn, db: Db, caller: Caller, carrier: Carrier) -> schemas.Tokens:
    """Log in with address and password. Whether the address has an account shows neither in the answer nor in its
    time.
    """
    return carrier.deliver(auth.log_in(db, caller, body.email, body.password))


@router.post(
    "/token",
    dependencies=[limit("token"), Depends(rate_limits.limit_password_grants), Depends(oauth_forms.require)],
    response_model_exclude_none=True,
    responses={
        **documented_in_oauths_form(400, errors.InvalidRequest, errors.UnsupportedGrantType, errors.InvalidCredentials),
        **documented(errors.Overloaded),
    },
)
@passwords.hashes
def token(form: Annotated[schemas.TokenRequest, Form()], db: Db, caller: Caller) -> schemas.Tokens:
    """Get tokens by an OAuth 2 grant.

    The `password` and `refresh_token` grants (RFC 6749), for libraries and for the Authorize button of these pages.

    Errors are in that document's form: `{"error", "error_description"}`.
    """
    return auth.grant(db, caller, form)


@router.post(
    "/refresh",
    dependencies=[limit("token")],
    response_model_exclude_none=True,
    responses=documented(errors.InvalidRefreshToken, errors.CrossSiteRequest, errors.ValidationFailed),
)
def refresh(caller: Caller, carrier: Carrier, body: schemas.Refresh | None = None) -> schemas.Tokens:
    """Exchange the refresh token for a new pair.

    The one just before gets the same answer for a few seconds; an older one ends the session.
    """
    return carrier.deliver(auth.refresh(carrier.refresh_token(body), caller))


@router.post("/logout", status_code=204, responses=documented(errors.NotAuthenticated, errors.InvalidRefreshToken))
def logout(
    db: Db, caller: Caller, carrier: Carrier, who: MaybeCurrentUser, body: schemas.Refresh | None = None
) -> None:
    """End this session. Where the access token has expired, show the refresh token in the body."""
    in_cookies = carrier.came_in_cookies()
    auth.log_out(db, caller, who, carrier.refresh_token(body), forgiving=in_cookies)
    carrier.clear()


@router.post("/logout-all", status_code=204, responses=documented(errors.NotAuthenticated, errors.InvalidRefreshToken))
def logout_all(
    db: Db, caller: Caller, carrier: Carrier, who: MaybeCurrentUser, body: schemas.Refresh | None = None
) -> None:
    """End all sessions of the account."""
    in_cookies = carrier.came_in_cookies()
    auth.log_out(db, caller, who, carrier.refresh_token(body), everywhere=True, forgiving=in_cookies)
    carrier.clear()


@router.post(
    "/verify-email",
    dependencies=[limit("token")],
    responses=documented(errors.InvalidToken, errors.EmailTaken, errors.ValidationFailed),
)
def verify_email(body: schemas.EmailProof, db: Db, caller: Caller, who: MaybeCurrentUser) -> schemas.User:
    """Prove an address.

    With the `token` of a link, or with `email` and the 6-digit `code`; confirms a change of address too.

    Other sessions end; the one whose access token this call carries stays.
    """
    return verification.verify(db, caller, who, body)


@router.post(
    "/resend-verification",
    dependencies=[limit("email")],
    status_code=202,
    responses={**says(202, VERIFICATION_SENT), **documented(errors.ValidationFailed)},
)
@rate_limits.limit_emails("email", scope="verification")
def resend_verification(body: schemas.EmailOnly, db: Db, caller: Caller) -> Message:
    """Ask for a new verification mail, which ends the one before. The answer is always the same."""
    verification.resend_verification(db, caller, body.email)
    return Message(message=VERIFICATION_SENT)


@router.post(
    "/disown",
    dependencies=[limit("token")],
    responses={**says(200, DISOWNED), **documented(errors.InvalidToken, errors.ValidationFailed)},
)
def disown(body: schemas.TokenOnly, db: Db, caller: Caller) -> Message:
    """Say “this was not me”. Deletes an account that somebody made with my address and that never proved it."""
    verification.report_unauthorised_sign_up(db, caller, body.token)
    return Message(message=DISOWNED)


@router.post(
    "/reset-password/request",
    dependencies=[limit("email")],
    status_code=202,
    responses={**says(202, RESET_REQUESTED), **documented(errors.ValidationFailed)},
)
@rate_limits.limit_emails("email", scope="reset")
def request_password_reset(body: schemas.EmailOnly, db: Db, caller: Caller) -> Message:
    """Ask for a link to set a new password. The answer is always the same."""
    password_changes.request_reset(db, caller, body.email)
    return Message(message=RESET_REQUESTED)


@router.post(
    "/reset-password/confirm",
    dependencies=[limit("token")],
    responses={
        **says(200, RESET),
        **documented(errors.InvalidToken, errors.WeakPassword, errors.ValidationFailed, errors.Overloaded),
    },
)
@passwords.hashes
def reset_password(body: schemas.ResetPassword, db: Db, caller: Caller) -> Message:
    """Set a new password with the token of a link. Every session and every other open link ends."""
    password_changes.reset_password(db, caller, body.token, body.new_password)
    return Message(message=RESET)


@router.post(
    "/secure-account",
    dependencies=[limit("token")],
    responses={**says(200, SECURED), **documented(errors.InvalidToken, errors.ValidationFailed)},
)
def secure_account(body: schemas.TokenOnly, db: Db, caller: Caller) -> Message:
    """End everything that opens the account beside its password. With the `token` of the email after a password reset.

    Every session, linked provider and open link ends.
    """
    password_changes.secure_account(db, caller, body.token)
    return Message(message=SECURED)


@router.post(
    "/undo-email-change",
    dependencies=[limit("token")],
    responses=documented(errors.InvalidToken, errors.EmailTaken, errors.ValidationFailed),
)
def undo_email_change(body: schemas.TokenOnly, db: Db, caller: Caller) -> schemas.User:
    """Set the email address back. With the `token` of the email that the old address got; valid for 7 days.

    Every session ends, and so does what was added since the change: linked providers, and a new password.
    """
    return email_change.undo(db, caller, body.token)


@router.post(
    "/change-password",
    dependencies=[limit("login")],
    responses={
        **says(200, CHANGED),
        **documented(
            errors.NotAuthenticated,
            errors.ReauthenticationRequired,
            errors.WeakPassword,
            errors.ValidationFailed,
            errors.Overloaded,
        ),
    },
)
@passwords.hashes
def change_password(body: schemas.ChangePassword, db: Db, caller: Caller, who: CurrentUser) -> Message:
    """Replace the password. This session stays, every other one and every open link ends, and a mail tells the
    owner.
    """
    password_changes.change_password(db, caller, who, body.old_password, body.new_password)
    return Message(message=CHANGED)
