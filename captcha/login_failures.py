"""Decide whether a login needs a CAPTCHA: after failed logins of the account or from the IP address.

Failures of an account are counted by `credentials/throttling.py`. Failures from an IP address are in the same table.
"""

from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

import database
import models
from core import signing
from credentials import throttling
from models import Guesses
from settings.loading import settings
from web import rate_limits

FREE_FAILURES = 3
MAX_AGE = timedelta(hours=24)  # of the last failure


def are_too_many(email: str, ip: str) -> bool:
    """Return whether the email address, with or without an account, or the IP address has had three failed logins."""
    subjects = [_of_address(ip), *([throttling.of_passwords(email)] if email else [])]
    counted = (
        select(Guesses.subject)
        .where(Guesses.subject.in_(subjects), Guesses.place != throttling.CODES, Guesses.tried_at >= _since())
        .group_by(Guesses.subject)
        .having(func.sum(Guesses.failures) >= FREE_FAILURES)
    )
    return database.read(counted) is not None


def record(db: Session, ip: str) -> None:
    """Count a failed login from an IP address.

    A successful login does not reset the count, because the attacker may have logged in to their own account.
    """
    if "login" not in settings.captcha_on:
        return
    row = database.upsert(Guesses.__table__).values(
        subject=_of_address(ip), place=throttling.ELSEWHERE, failures=1, total=0, has_account=False, locked=False,
        pending=0, tried_at=models.now(), waits_until=throttling.NO_WAIT,
    )  # fmt: skip
    failures = case((Guesses.tried_at < _since(), 1), else_=Guesses.failures + 1)
    counted = row.on_conflict_do_update(
        index_elements=["subject", "place"], set_={"failures": failures, "tried_at": models.now()}
    )
    db.execute(counted)


def _since() -> datetime:
    return models.now() - MAX_AGE


def _of_address(ip: str) -> str:
    return signing.fingerprint("guesses", f"address {rate_limits.address_block(ip)}")
