"""Issue and redeem WebAuthn ceremonies: signed tokens from which challenges are derived.

The challenge is the hash of the token, so options can be requested without storing anything. Only used tokens are
stored, until they would have expired, because each token can be used once, with a valid credential or an invalid one.
"""

import hashlib
import time
from datetime import UTC, datetime

from sqlalchemy.orm import Session

import database
import models
from core import signing
from factors.models import UsedCeremony

MINUTES_TO_ANSWER = 5


class Invalid(Exception):
    """The ceremony is unknown, expired, already used, or was issued for another purpose."""


def issue(purpose: str, subject: str = "") -> str:
    """Return a ceremony for one purpose and subject, such as an account or a pending login."""
    expires = int(time.time()) + MINUTES_TO_ANSWER * 60
    return signing.sign(f"ceremony:{purpose}", f"{models.new_id()}~{expires}~{subject}")


def challenge_of(ceremony: str) -> bytes:
    """Return the challenge of a ceremony, which the authenticator signs."""
    return hashlib.sha256(ceremony.encode()).digest()


def subject_of(purpose: str, ceremony: str) -> str:
    """Return the subject of a ceremony, which may have expired or been used already. Raises Invalid."""
    signed = signing.unsign(f"ceremony:{purpose}", ceremony)
    if signed is None or signed.unsalted:
        raise Invalid
    return signed.value.split("~", 2)[2]


def redeem(db: Session, purpose: str, ceremony: str, subject: str = "") -> bytes:
    """Use up a ceremony, and return its challenge. Raises Invalid.

    The primary key lets exactly one of several concurrent requests succeed. Commit even if the credential is invalid.
    """
    signed = signing.unsign(f"ceremony:{purpose}", ceremony)
    if signed is None or signed.unsalted:
        raise Invalid
    ceremony_id, expires, issued_for = signed.value.split("~", 2)
    if issued_for != subject or int(expires) < time.time():
        raise Invalid
    used = database.upsert(UsedCeremony.__table__).values(
        id=ceremony_id, expires_at=datetime.fromtimestamp(int(expires), UTC)
    )
    if db.execute(used.on_conflict_do_nothing().returning(UsedCeremony.id)).first() is None:
        raise Invalid
    return challenge_of(ceremony)
