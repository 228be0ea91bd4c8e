"""Set up authenticator apps, and verify their codes (RFC 6238: SHA-1, six digits, 30 seconds)."""

import base64
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote, urlencode

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

import audit
import auth
import errors
import models
from core import signing
from core.client_address import CallerInfo
from factors import management
from factors.models import Totp
from factors.schemas import Confirmed, NewTotp
from models import User
from sessions.current_user import Current
from settings.loading import settings
from telemetry import logs

log = logs.logger()
BYTES_OF_SECRET = 20  # 160 bits, as RFC 4226, section 4 recommends
STEP_SECONDS = 30
STEPS_TO_EACH_SIDE = 1  # clocks differ, and a code takes a while to type (RFC 6238, section 5.2)
MINUTES_TO_CONFIRM = 15
DIGITS = 6
DEFAULT_NAME = "Authenticator app"
LABEL = "totp"
CODE = re.compile(r"[0-9]{6}")


def code_of(secret: bytes, step: int) -> str:
    """Return the code of a time step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def begin(db: Session, user: User, name: str | None) -> NewTotp:
    """Create an authenticator app, to be confirmed within 15 minutes. It replaces an earlier unconfirmed one.

    Raises Conflict if the account has too many factors.
    """
    management.require_room(db, user)
    db.execute(delete(Totp).where(Totp.account_id == user.id, Totp.unconfirmed_until.is_not(None)))
    secret = secrets.token_bytes(BYTES_OF_SECRET)
    factor = Totp(
        account_id=user.id,
        name=name or DEFAULT_NAME,
        sealed_secret=signing.seal(LABEL, secret),
        unconfirmed_until=models.now() + timedelta(minutes=MINUTES_TO_CONFIRM),
    )
    db.add(factor)
    db.flush()
    encoded = base64.b32encode(secret).decode()
    uri = otpauth_uri(encoded, user.email)
    return NewTotp(id=factor.id, secret=encoded, otpauth_uri=uri, qr_code=qr_code(uri))


def otpauth_uri(secret: str, address: str) -> str:
    """Return the URI that an authenticator app reads from the QR code."""
    issuer = settings.totp_issuer
    query = {"secret": secret, "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_SECONDS}
    label = f"{quote(issuer, safe='')}:{quote(address, safe='@')}"
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"


def qr_code(uri: str) -> str:
    """Return a QR code as a `data:` URL of an SVG image."""
    import segno  # imported at the first enrolment

    return str(segno.make(uri, error="m", micro=False).svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def confirm(db: Session, caller: CallerInfo, who: Current, factor_id: str, code: str) -> Confirmed:
    """Confirm an authenticator app with a code, which is then used up. The session is raised to `aal2`.

    Raises NotFound, InvalidCode.
    """
    user = auth.lock_current(db, who)
    found = select(Totp).where(Totp.account_id == user.id, Totp.id == factor_id, Totp.unconfirmed_until > models.now())
    factor = db.scalar(found)
    if factor is None:
        raise errors.NotFound()
    step = _matching_step(factor, normalized(code))
    if step is None:
        audit.record_request(db, caller, "factor.confirmation_failed", user.user_id)
        raise errors.InvalidCode()
    factor.unconfirmed_until, factor.last_step = None, step
    factor.created_at = factor.last_used_at = models.now()
    return management.add(db, caller, who, factor, shown=("otp",))


def verify(db: Session, user: User, code: str) -> Totp | None:
    """Use up the code of an authenticator app of a locked account, and return the app, or None if it is wrong.

    A code is valid once, in its time step, the one before and the one after. All three are compared, so that the
    response time is constant.
    """
    confirmed = select(Totp).where(Totp.account_id == user.id, Totp.unconfirmed_until.is_(None))
    wanted = normalized(code)
    matches = [(factor, _matching_step(factor, wanted)) for factor in db.scalars(confirmed)]
    for factor, step in matches:
        if step is not None and _use(db, factor, step):
            return factor
    return None


def _use(db: Session, factor: Totp, step: int) -> bool:
    used = (
        update(Totp)
        .where(Totp.id == factor.id, or_(Totp.last_step.is_(None), Totp.last_step < step))
        .values(last_step=step, last_used_at=models.now())
        .returning(Totp.id)
        .execution_options(synchronize_session=False)
    )
    return db.execute(used).first() is not None


def normalized(code: str) -> str:
    """Return the six digits of a code that a user entered, or an empty text."""
    text = re.sub(r"[\s-]", "", code)
    return text if CODE.fullmatch(text) else ""


def _matching_step(factor: Totp, code: str) -> int | None:
    try:
        secret = signing.unseal(LABEL, str(factor.sealed_secret), stored=True)
    except InvalidToken:
        log.error("the secret of an authenticator app was encrypted with an unknown JWT_SECRET", factor_id=factor.id)
        return None
    now = int(models.now().timestamp()) // STEP_SECONDS
    steps = range(now - STEPS_TO_EACH_SIDE, now + STEPS_TO_EACH_SIDE + 1)
    equal = [step for step in steps if hmac.compare_digest(code_of(secret, step), code)]
    return equal[-1] if equal else None


def import_secrets(db: Session, secrets_by_account: Mapping[int, str]) -> None:
    """Add the authenticator apps of imported accounts. Secrets are in base32.

    The caller sets `has_factors` of the accounts.
    """
    for account, secret in secrets_by_account.items():
        raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
        db.add(Totp(account_id=account, name=DEFAULT_NAME, sealed_secret=signing.seal(LABEL, raw)))
    db.flush()
