"""Define /auth: sign-up, login, logout, email verification and password reset."""

from typing import Annotated

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import JSONResponse

import auth
import errors
import routes
import schemas
import schemas_service
from accounts import email_change, password_changes, registration, verification
from audit import Caller
from credentials import passwords
from database import Db
from languages import translation
from schemas import Message
from sessions.current_user import CurrentUser, MaybeCurrentUser
from settings.loading import settings
from web import bots, cookies, oauth_forms, rate_limits
from web.cookies import Carrier
from web.openapi import documented, documented_for_oauth, message_response
from web.rate_limits import limit

router = routes.router(prefix="/auth", tags=["auth"])

RESET_REQUESTED = translation.mark("If an account with this email address exists, an email with a link is on its way.")
ACCOUNT_DELETED = translation.mark("The account has been deleted.")
RESET_DONE = translation.mark("Your password has been changed. Log in with the new one.")
CHANGE_DONE = translation.mark("Your password has been changed.")
SECURED = translation.mark("Your account is now secure. Log in with your password.")
VERIFICATION_SENT = translation.mark("If this email address is waiting to be verified, a new email is on its way.")


@router.post(
    "/signup",
    dependencies=[limit("signup")],
    status_code=201,
    response_model=schemas.SignedUp,
    responses={
        202: {
            "model": schemas.SignUpAccepted,
            "description": "With `EMAIL_VERIFICATION=required`: the same for a new and a registered email address.",
            "content": {"application/json": {"example": {"message": registration.SIGN_UP_ACCEPTED}}},
        },
        **documented(
            errors.CaptchaRequired,
            errors.CrossSiteRequest,
            errors.EmailTaken,
            errors.WeakPassword,
            errors.ValidationFailed,
            errors.Overloaded,
        ),
    },
)
@bots.guarded("signup")
@rate_limits.limit_emails(
    "email", scope="sign-up", when=lambda: settings.email_verification != "off" or settings.password_optional
)
@passwords.hashes
def signup(body: schemas.SignUp, db: Db, caller: Caller, carrier: Carrier) -> schemas.SignedUp | Response:
    """Sign up with email and password. If the account may log in immediately, the response contains its tokens.

    With `PASSWORD_OPTIONAL`, the password can be omitted: the response is a 202 with a `flow`, and the account is
    created with the link or code in the email (`POST /auth/magic-link/confirm`).
    """
    result = registration.sign_up(db, caller, body)
    if isinstance(result, schemas.SignUpAccepted):
        response = JSONResponse(result.model_dump(exclude_none=True), 202)
        if result.flow and result.expires_in:
            cookies.remember_login_flow(response, result.flow, result.expires_in)
        return response
    return carrier.deliver(result)


@router.post(
    "/login",
    dependencies=[limit("login")],
    response_model_exclude_none=True,
    responses=documented(
        errors.InvalidCredentials,
        errors.EmailNotVerified,
        errors.AccountDisabled,
        errors.MfaRequired,
        errors.CaptchaRequired,
        errors.ValidationFailed,
        errors.Overloaded,
    ),
)
@bots.guarded("login")
@passwords.hashes
def login(body: schemas.LogIn, db: Db, caller: Caller, carrier: Carrier) -> schemas.Tokens:
    """Log in with email and password.

    The response and its timing are the same for an unknown email address and for a wrong password.
    """
    return carrier.deliver(auth.log_in(db, caller, body.email, body.password, body.device_token))


@router.post(
    "/token",
    dependencies=[limit("token"), Depends(rate_limits.limit_password_grants), Depends(oauth_forms.require)],
    response_model_exclude_none=True,
    responses={
        **documented_for_oauth(400, errors.InvalidRequest, errors.UnsupportedGrantType, errors.InvalidCredentials),
        **documented_for_oauth(403, errors.MfaRequired, errors.CaptchaRequired),
        **documented(errors.Overloaded),
    },
)
@bots.guarded("login", body="form", email="username", when=lambda form: form.grant_type == "password")
@passwords.hashes
def token(
    form: Annotated[schemas_service.TokenRequest, Form()], request: Request, response: Response, db: Db, caller: Caller
) -> schemas.Tokens:
    """Get tokens with an OAuth 2 grant.

    Supports the `password` and `refresh_token` grants of RFC 6749, for OAuth 2 libraries and for the Authorize button
    of this documentation. Errors have the form that the RFC defines: `{"error", "error_description"}`.
    """
    return cookies.move_device_token(request, response, auth.grant(db, caller, form))


@router.post(
    "/refresh",
    dependencies=[limit("token")],
    response_model_exclude_none=True,
    responses=documented(errors.InvalidRefreshToken, errors.CrossSiteRequest, errors.ValidationFailed),
)
def refresh(caller: Caller, carrier: Carrier, body: schemas.Refresh | None = None) -> schemas.Tokens:
    """Exchange a refresh token for new tokens.

    For a few seconds the previous refresh token gets the same new refresh token. Reusing an older one ends the session.
    """
    return carrier.deliver(auth.refresh(carrier.refresh_token(body), caller))


@router.post("/logout", status_code=204, responses=documented(errors.NotAuthenticated, errors.InvalidRefreshToken))
def logout(
    db: Db, caller: Caller, carrier: Carrier, who: MaybeCurrentUser, body: schemas.Refresh | None = None
) -> None:
    """Log out of the current session. If the access token has expired, send the refresh token in the body.

    In cookie mode, an administrator who impersonates a user returns to their own session.
    """
    in_cookies = carrier.came_in_cookies()
    own = auth.own_session(who, carrier.refresh_token(None), caller) if in_cookies else None
    auth.log_out(db, caller, who, carrier.refresh_token(body), forgiving=in_cookies)
    if own:
        carrier.deliver(own)
    else:
        carrier.clear()


@router.post("/logout-all", status_code=204, responses=documented(errors.NotAuthenticated, errors.InvalidRefreshToken))
def logout_all(
    db: Db,
    caller: Caller,
    carrier: Carrier,
    who: MaybeCurrentUser,
    body: schemas.Refresh | None = None,
    api_keys: Annotated[bool, Query(description="Whether your API keys end too.")] = False,
) -> None:
    """Log out of all sessions."""
    in_cookies = carrier.came_in_cookies()
    raw = carrier.refresh_token(body)
    auth.log_out(db, caller, who, raw, everywhere=True, api_keys=api_keys, forgiving=in_cookies)
    carrier.clear()


@router.post(
    "/verify-email",
    dependencies=[limit("token")],
    responses=documented(errors.InvalidToken, errors.EmailTaken, errors.ValidationFailed),
)
def verify_email(body: schemas.EmailProof, db: Db, caller: Caller, who: MaybeCurrentUser) -> schemas.User:
    """Verify an email address, or confirm an email change.

    Send the `token` from the link, or `email` and the 6-digit `code`. All other sessions end; the session whose access
    token the request carries continues.
    """
    return verification.verify(db, caller, who, body)


@router.post(
    "/resend-verification",
    dependencies=[limit("email")],
    status_code=202,
    responses={**message_response(202, VERIFICATION_SENT), **documented(errors.ValidationFailed)},
)
@rate_limits.limit_emails("email", scope="verification")
def resend_verification(body: schemas.EmailOnly, db: Db, caller: Caller) -> Message:
    """Resend the verification email. The previous link and code stop working.

    The response is the same whether or not an account exists.
    """
    verification.resend_verification(db, caller, body.email)
    return Message(message=VERIFICATION_SENT)


@router.post(
    "/disown",
    dependencies=[limit("token")],
    responses={**message_response(200, ACCOUNT_DELETED), **documented(errors.InvalidToken, errors.ValidationFailed)},
)
def disown(body: schemas.TokenOnly, db: Db, caller: Caller) -> Message:
    """Report an unauthorized sign-up.

    Deletes the account that another person created with your email address, if the address was never verified.
    """
    verification.report_unauthorized_sign_up(db, caller, body.token)
    return Message(message=ACCOUNT_DELETED)


@router.post(
    "/reset-password/request",
    dependencies=[limit("email")],
    status_code=202,
    responses={
        **message_response(202, RESET_REQUESTED),
        **documented(errors.CaptchaRequired, errors.ValidationFailed),
    },
)
@bots.guarded("reset")
@rate_limits.limit_emails("email", scope="reset")
def request_password_reset(body: schemas.ResetRequest, db: Db, caller: Caller) -> Message:
    """Request a password reset email. The response is the same whether or not an account exists."""
    password_changes.request_reset(db, caller, body.email)
    return Message(message=RESET_REQUESTED)


@router.post(
    "/reset-password/confirm",
    dependencies=[limit("token")],
    responses={
        **message_response(200, RESET_DONE),
        **documented(errors.InvalidToken, errors.WeakPassword, errors.ValidationFailed, errors.Overloaded),
    },
)
@passwords.hashes
def reset_password(body: schemas.ResetPassword, db: Db, caller: Caller) -> Message:
    """Set a new password with the token from a password reset link.

    All sessions end and all other links become invalid.
    """
    password_changes.reset_password(db, caller, body)
    return Message(message=RESET_DONE)


@router.post(
    "/secure-account",
    dependencies=[limit("token")],
    responses={
        **message_response(200, SECURED),
        **documented(errors.InvalidToken, errors.WrongFactor, errors.ValidationFailed),
    },
)
def secure_account(body: schemas.SecureAccount, db: Db, caller: Caller) -> Message:
    """Secure an account after an unauthorized password reset.

    Send the `token` from the email about the password reset. All sessions end, linked providers are removed, and all
    open links become invalid. With a `code`, a `recovery_code` or a passkey (options from `POST
    /auth/passkeys/options`), all other factors are removed too. Without one they are removed after 72 hours, unless
    someone logs in with one of them before.
    """
    password_changes.secure_account(db, caller, body)
    return Message(message=SECURED)


@router.post(
    "/undo-email-change",
    dependencies=[limit("token")],
    responses=documented(errors.InvalidToken, errors.EmailTaken, errors.ValidationFailed),
)
def undo_email_change(body: schemas.TokenOnly, db: Db, caller: Caller) -> schemas.User:
    """Undo a change of the email address.

    Send the `token` from the email to the old address, which is valid for 7 days. All sessions end, and linked
    providers and a new password that were added since the change are removed.
    """
    return email_change.undo(db, caller, body.token)


@router.post(
    "/change-password",
    dependencies=[limit("login")],
    responses={
        **message_response(200, CHANGE_DONE),
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
    """Change the password.

    All other sessions end, all open links become invalid, and the owner is notified by email.
    """
    password_changes.change_password(db, caller, who, body)
    return Message(message=CHANGE_DONE)
