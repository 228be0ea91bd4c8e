"""Create and use recovery codes, which replace a lost factor. Each works once."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

import audit
import database
import email_utils
import errors
from core import signing
from core.client_address import CallerInfo
from factors import trusted_devices
from factors.models import FactorProfile, RecoveryCode
from models import User
from telemetry import logs

log = logs.logger()
NUMBER = 10
GROUPS, GROUP_LENGTH = 3, 4
# Without letters and digits that look alike: 32 characters, so a code has 60 bits.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz" + "0"
LABEL = "recovery_codes"


def create(db: Session, user: User) -> list[str]:
    """Create ten recovery codes for a locked account, and return them. They replace the old ones."""
    key = secrets.token_bytes(32)
    profile(db, user).sealed_key = signing.seal(LABEL, key)
    codes = ["-".join(_group() for _ in range(GROUPS)) for _ in range(NUMBER)]
    forget(db, user)
    db.add_all(RecoveryCode(account_id=user.id, code_hash=_hash(key, code)) for code in codes)
    db.flush()
    return codes


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH))


def replace(db: Session, caller: CallerInfo, user: User) -> list[str]:
    """Replace the recovery codes of a locked account, and notify the owner. Raises NotFound if it has no factor."""
    if not user.has_factors or user.has_only_recovery_codes:
        raise errors.NotFound()
    codes = create(db, user)
    audit.record(db, caller, "recovery_codes.replaced", user.user_id, actor_id=user.user_id)
    email_utils.queue(db, "recovery_codes_replaced", user)
    return codes


def use(db: Session, caller: CallerInfo, user: User, code: str) -> bool:
    """Use up a recovery code of a locked account, and return whether it was correct. Forgets trusted devices."""
    try:
        key = _key(db, user)
    except InvalidToken:
        log.error("recovery codes were created with an unknown JWT_SECRET", user_id=user.user_id)
        return False
    used = delete(RecoveryCode).where(RecoveryCode.account_id == user.id, RecoveryCode.code_hash == _hash(key, code))
    if db.execute(used.returning(RecoveryCode.code_hash)).first() is None:
        return False
    number = left(user.id, db)
    if not number and user.has_only_recovery_codes:  # nothing is left that the next login could require
        user.has_factors = user.has_only_recovery_codes = False
    trusted_devices.forget_all(db, user)
    audit.record(db, caller, "recovery_code.used", user.user_id, actor_id=user.user_id, left=number)
    email_utils.queue(db, "recovery_code_used", user, left=number)
    return True


def left(account: int, db: Session | None = None) -> int:
    """Return how many recovery codes an account has.

    db: the transaction, if there is one.
    """
    statement = select(func.count().label("number")).where(RecoveryCode.account_id == account)
    row = db.execute(statement).first() if db else database.read(statement)
    return int(row.number) if row else 0


def forget(db: Session, user: User, *, since: datetime | None = None) -> None:
    """Delete the recovery codes of an account: all of them, or those that were created since a time."""
    later = [RecoveryCode.created_at >= since] if since else []
    db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == user.id, *later))


def profile(db: Session, user: User) -> FactorProfile:
    """Return the shared data of the factors of a locked account, which is created with the first one."""
    found = db.get(FactorProfile, user.id)
    if found is None:
        found = FactorProfile(
            account_id=user.id,
            user_handle=secrets.token_urlsafe(32),
            sealed_key=signing.seal(LABEL, secrets.token_bytes(32)),
        )
        db.add(found)
        db.flush()
    return found


def _key(db: Session, user: User) -> bytes:
    """Return the key of the hashes of an account's recovery codes. Raises InvalidToken of cryptography."""
    return signing.unseal(LABEL, profile(db, user).sealed_key, stored=True)


def _hash(key: bytes, code: str) -> str:
    """Return the keyed hash of a code, in upper or lower case, with or without dashes and spaces."""
    plain = re.sub(r"[\s-]", "", code).lower()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()
