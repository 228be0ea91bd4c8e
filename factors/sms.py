"""Set up a phone number as a second factor, and send and verify its codes. Imported only if a provider is set."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import audit
import auth
import errors
import models
from core import signing
from core.client_address import CallerInfo
from credentials import lookup
from factors import management, pending_logins, totp
from factors.management import CONFIRMED
from factors.models import Sms, masked_phone
from factors.schemas import Confirmed, FactorId, NewSmsRequest, SmsSent
from languages import translation
from models import User
from sessions.current_user import Current
from sms import outbox, phone_numbers
from telemetry import metrics

MINUTES_TO_CONFIRM = 15
MAX_WRONG_CODES = 5
VALID = timedelta(minutes=outbox.MINUTES_A_CODE_IS_VALID)
REASONS = {
    "invalid": translation.mark("must be a mobile number with its country code, such as +43 664 1234567"),
    "unsupported_country": translation.mark("belongs to a country to which we do not send text messages"),
}


def begin(db: Session, user: User, body: NewSmsRequest) -> FactorId:
    """Send a code to confirm a phone number. Replaces an earlier unconfirmed number.

    Raises ValidationFailed, Conflict if the account has the number or too many factors, RateLimited.
    """
    phone = _readable(body.phone)
    management.require_room(db, user)
    if db.scalar(select(Sms.id).where(Sms.account_id == user.id, Sms.phone == phone, CONFIRMED)):
        raise errors.Conflict(translation.mark("Your account already has this phone number."))
    db.execute(delete(Sms).where(Sms.account_id == user.id, ~CONFIRMED))
    factor = Sms(
        account_id=user.id,
        name=body.name or masked_phone(phone),
        phone=phone,
        unconfirmed_until=models.now() + timedelta(minutes=MINUTES_TO_CONFIRM),
    )
    db.add(factor)
    db.flush()
    _send(db, user, factor, factor.id)
    return FactorId(id=factor.id)


def _readable(written: str) -> str:
    try:
        return phone_numbers.read(written)
    except phone_numbers.Rejected as rejected:
        if rejected.code == "unsupported_country":
            metrics.TEXT_MESSAGES_LIMITED.labels("country").inc()
        error = errors.FieldError("phone", REASONS[rejected.code], rejected.code)
        raise errors.ValidationFailed(errors=[error]) from None


def _send(db: Session, user: User, factor: Sms, subject: str) -> None:
    """Send a new code to a phone. The previous code becomes invalid.

    subject: the id of the login, session or new factor that requests it.
    """
    factor.code_id, factor.code_for = models.new_id(), subject
    factor.code_sent_at, factor.wrong_codes = models.now(), 0
    outbox.queue(db, user, str(factor.phone), factor.code_id, confirmed=factor.unconfirmed_until is None)


def confirm(db: Session, caller: CallerInfo, who: Current, factor_id: str, code: str) -> Confirmed:
    """Confirm a phone number with the code that was sent to it. The session is raised to `aal2`.

    Raises NotFound, InvalidCode.
    """
    user = auth.lock_current(db, who)
    factor = db.scalar(
        select(Sms).where(Sms.account_id == user.id, Sms.id == factor_id, Sms.unconfirmed_until > models.now())
    )
    if factor is None:
        raise errors.NotFound()
    if not _matches(factor, totp.normalized(code), factor.id):
        audit.record_request(db, caller, "factor.confirmation_failed", user.user_id)
        raise errors.InvalidCode("The code is wrong or has expired. Enter the latest code, or request a new one.")
    factor.unconfirmed_until = None
    factor.created_at = factor.last_used_at = models.now()
    return management.add(db, caller, who, factor, shown=("sms",))


def verify(db: Session, user: User, code: str, subject: str) -> Sms | None:
    """Use up a code that was sent to a phone of a locked account, and return the phone, or None if it is wrong.

    subject: the id of the login or session in which it was entered.
    """
    confirmed = db.scalars(select(Sms).where(Sms.account_id == user.id, CONFIRMED))
    wanted = totp.normalized(code)
    found = [factor for factor in confirmed if _matches(factor, wanted, subject)]
    for factor in found:
        factor.last_used_at = models.now()
    return found[0] if found else None


def _matches(factor: Sms, code: str, subject: str) -> bool:
    """Return whether a code is valid, and use it up. After five wrong attempts, the code is invalid."""
    if factor.code_id is None or factor.code_sent_at is None or factor.code_sent_at <= models.now() - VALID:
        return False
    if factor.code_for != subject:  # not counted: an attacker's own login must not use up the attempts
        return False
    is_right = signing.digits_match(outbox.CODE_LABEL, factor.code_id, code, unsalted=False)
    factor.wrong_codes = (factor.wrong_codes or 0) + 1
    if is_right or factor.wrong_codes >= MAX_WRONG_CODES:
        factor.code_id = None
    return is_right


def send_for_login(db: Session, mfa_token: str, factor_id: str | None) -> SmsSent:
    """Send a code for the second step of a login. Raises InvalidMfaToken, NotFound, RateLimited."""
    pending = pending_logins.find(mfa_token)
    user = lookup.lock(db, pending.account_id)
    if user is None or not user.is_active:
        raise errors.InvalidMfaToken()
    return _send_to(db, user, factor_id, pending.id)


def send_for_reauthentication(db: Session, who: Current, factor_id: str | None) -> SmsSent:
    """Send a code for re-authentication. Raises NotAuthenticated, NotFound, RateLimited."""
    return _send_to(db, auth.lock_current(db, who), factor_id, who.session_id)


def _send_to(db: Session, user: User, factor_id: str | None, subject: str) -> SmsSent:
    chosen = [Sms.id == factor_id] if factor_id else []
    newest = select(Sms).where(Sms.account_id == user.id, CONFIRMED, *chosen).order_by(Sms.id.desc()).limit(1)
    factor = db.scalar(newest)
    if factor is None or _is_no_longer_served(factor):
        raise errors.NotFound()
    _send(db, user, factor, subject)
    return SmsSent(phone=masked_phone(str(factor.phone)), expires_in=int(VALID.total_seconds()))


def _is_no_longer_served(factor: Sms) -> bool:
    """Return whether the number is in a country that was removed from SMS_COUNTRIES."""
    try:
        return phone_numbers.read(str(factor.phone)) != factor.phone
    except phone_numbers.Rejected:
        metrics.TEXT_MESSAGES_LIMITED.labels("country").inc()
        return True


def resend(db: Session, who: Current, factor_id: str) -> FactorId:
    """Send a new code to a phone number that is not confirmed yet. Raises NotAuthenticated, NotFound, RateLimited."""
    user = auth.lock_current(db, who)
    factor = db.scalar(
        select(Sms).where(Sms.account_id == user.id, Sms.id == factor_id, Sms.unconfirmed_until > models.now())
    )
    if factor is None:
        raise errors.NotFound()
    _send(db, user, factor, factor.id)
    return FactorId(id=factor.id)
