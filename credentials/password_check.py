"""Verify the password of an account, within the limits of login throttling."""

from typing import NamedTuple

from sqlalchemy.orm import Session

import errors
from core.client_address import CallerInfo
from credentials import lookup, passwords, throttling
from credentials.lookup import Snapshot
from models import User

NO_ACCOUNT = 0  # no account has this id


class Verdict(NamedTuple):
    """Whether a password is correct, and whether it belongs to a sign-up that awaits verification."""

    right: bool
    pending: bool
    renewed: str | None = None


def compare(
    db: Session, caller: CallerInfo, email: str, password: str
) -> tuple[Snapshot | None, User | None, Verdict, throttling.Attempt]:
    """Compare a password, and return the snapshot, the locked account, the verdict and the counted attempt.

    Repeats the comparison if the password was changed concurrently. Known networks are removed only together with a
    password, so the known network of the snapshot is then still correct.
    """
    known = lookup.by_email(email, caller)
    attempt = begin(email, known)
    while True:
        # If a sign-up awaits verification, both hashes are always compared, so that the time does not differ.
        stored = known.pending_password if known else None
        pending = stored is not None and verify(attempt, password, stored).right
        compared = verify(attempt, password, known.hashed_password if known else None)
        verdict = Verdict(compared.right, pending, compared.renewed)
        # Without an account the same statement runs, so that the time does not differ.
        user = lookup.lock(db, known.id if known else NO_ACCOUNT)
        if known is None or user is None or user.hashed_password == known.hashed_password:
            return known, user, verdict, attempt
        db.rollback()
        known = lookup.by_email(email, caller)


def begin(email: str, known: Snapshot | None) -> throttling.Attempt:
    """Count an attempt before it is compared. Raises RateLimited."""
    return throttling.begin(throttling.of_passwords(email), known.known_network if known else None)


def verify(attempt: throttling.Attempt, password: str, stored: str | None) -> passwords.Verdict:
    """Return whether a password is correct. An attempt that could not be compared is not counted. Raises Overloaded."""
    try:
        return passwords.verify(password, None if attempt.over else stored)
    except errors.Overloaded:
        throttling.release(attempt)
        raise
