"""Define the routes of text messages: a phone as a second factor, and its codes."""

from typing import Annotated

from fastapi import Path

import auth
import errors
import routes
import schemas
from audit import Caller
from credentials import passwords
from database import Db
from factors import sms
from factors.schemas import Confirmed, FactorId, MfaSms, NewSmsRequest, ReauthenticationSms, SmsSent, TotpCode
from sessions import reauthentication
from sessions.current_user import EnrollingUser
from web.openapi import documented
from web.rate_limits import limit

login = routes.router(prefix="/auth", tags=["auth"])
own = routes.router(prefix="/users/me/factors/sms", tags=["users"], responses=documented(errors.NotAuthenticated))
PhoneId = Annotated[schemas.PublicId, Path(description="The `id` that `POST /users/me/factors/sms` returned.")]


@login.post(
    "/mfa/sms",
    status_code=202,
    dependencies=[limit("token")],
    responses=documented(errors.InvalidMfaToken, errors.NotFound, errors.ValidationFailed),
)
def send_second_step_code(body: MfaSms, db: Db) -> SmsSent:
    """Send a code by text message for the second step of a login.

    Continue with `POST /auth/mfa` and the `code`. At most one message a minute is sent to a number, and five an hour.
    """
    return sms.send_for_login(db, body.mfa_token, body.factor_id)


@login.post(
    "/reauthenticate/sms",
    status_code=202,
    dependencies=[limit("token")],
    responses=documented(errors.NotAuthenticated, errors.NotFound, errors.ValidationFailed),
)
def send_reauthentication_code(db: Db, who: EnrollingUser, body: ReauthenticationSms | None = None) -> SmsSent:
    """Send a code by text message for re-authentication."""
    return sms.send_for_reauthentication(db, who, body.factor_id if body else None)


@own.post(
    "",
    status_code=202,
    dependencies=[limit("login")],
    responses=documented(errors.ReauthenticationRequired, errors.Conflict, errors.ValidationFailed, errors.Overloaded),
)
@passwords.hashes
def begin_sms(body: NewSmsRequest, db: Db, caller: Caller, who: EnrollingUser) -> FactorId:
    """Set up a phone number as a second factor.

    It takes effect once it is confirmed with the code that is sent to it, within five minutes.
    """
    reauthentication.require(db, caller, who, body)
    return sms.begin(db, auth.lock_current(db, who), body)


@own.post(
    "/{factor_id}/confirm",
    dependencies=[limit("login")],
    responses=documented(errors.InvalidCode, errors.NotFound, errors.ValidationFailed),
)
def confirm_sms(factor_id: PhoneId, body: TotpCode, db: Db, caller: Caller, who: EnrollingUser) -> Confirmed:
    """Confirm a phone number with a code.

    For the account's first factor, the response contains ten recovery codes.
    """
    return sms.confirm(db, caller, who, factor_id, body.code)


@own.post(
    "/{factor_id}/resend",
    status_code=202,
    dependencies=[limit("login")],
    responses=documented(errors.NotFound),
)
def resend_sms(factor_id: PhoneId, db: Db, who: EnrollingUser) -> FactorId:
    """Send a new code to a phone number that is not confirmed yet."""
    return sms.resend(db, who, factor_id)
