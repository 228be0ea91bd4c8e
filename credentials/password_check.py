"""Compare a password with an account's, within the limits of login throttling."""

from typing import NamedTuple

from sqlalchemy.orm import Session

import errors
from core.client_address import CallerInfo
from credentials import lookup, passwords, throttling
from credentials.lookup import Snapshot
from models import User

NOBODY = 0  # the id of no account


class Verdict(NamedTuple):
    """Whether a password is the account's, and whether it is that of a sign-up that awaits its verification."""

    right: bool
    pending: bool
    renewed: str | None = None


def compare(
    db: Session, caller: CallerInfo, email: str, password: str
) -> tuple[Snapshot | None, User | None, Verdict, throttling.Attempt]:
    """The account, held, and whether this is its password: the one that it has now, not one replaced while we hashed.

    Networks are forgotten only together with a password, so what was known of them then is right, too.
    """
    known = lookup.by_email(email, caller)
    attempt = begin(email, known)
    while True:
        # Where a sign-up awaits its verification, both are compared in each case, or the time would tell them apart.
        stored = known.pending_password if known else None
        pending = stored is not None and verify(attempt, password, stored).right
        compared = verify(attempt, password, known.hashed_password if known else None)
        verdict = Verdict(compared.right, pending, compared.renewed)
        user = lookup.lock(db, known.id if known else NOBODY)  # the same statement, or its time would tell
        if known is None or user is None or user.hashed_password == known.hashed_password:
            return known, user, verdict, attempt
        db.rollback()
        known = lookup.by_email(email, caller)


def begin(email: str, known: Snapshot | None) -> throttling.Attempt:
    return throttling.begin(email, known.known_network if known else None)


def verify(guess: throttling.Attempt, password: str, stored: str | None) -> passwords.Verdict:
    """Whether it is right; a guess that nobody found the time to look at is given back. Raises Overloaded."""
    try:
        return passwords.verify(password, None if guess.over else stored)
    except errors.Overloaded:
        throttling.release(guess)
        raise
