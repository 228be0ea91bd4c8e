"""Limit how many notices, emails about accounts that do not exist yet, and text messages a recipient gets.

Messages are counted in the transaction that queues them. It locks the row of the recipient until it ends, so the limit
also holds for concurrent transactions.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

import database
import models
import schemas
from core import signing
from delivery.models import NoticeBudget

NOTICES = 10
SIGN_UPS = 10
PERIOD = timedelta(hours=1)
PERIOD_WITHOUT_ACCOUNT = timedelta(days=1)


class Slot(NamedTuple):
    """A slot in the budget of a recipient.

    free_at: when the next slot is free, or None if the notice may be sent now.
    merged_mail_id: the id of the email that merges the notices above the budget, if any.
    """

    budget_id: int
    times: list[float]
    free_at: datetime | None
    merged_mail_id: int | None


def take(db: Session, email: str) -> Slot:
    """Take a slot in the budget of a recipient, or return when the next one is free."""
    return _take(db, _recipient(email), (NOTICES, PERIOD))


def allows_sign_up(db: Session, email: str, limit: int = SIGN_UPS) -> bool:
    """Take a slot for an email about a new account, and return whether fewer than `limit` were used.

    The slot stays used when the account is deleted: otherwise an attacker could repeatedly sign up and delete accounts.
    """
    recipient = signing.fingerprint("sign_up_budgets", schemas.canonical_email(email))
    return _take(db, recipient, (limit, PERIOD)).free_at is None


def allows_no_account(db: Session, email: str) -> bool:
    """Return whether an email that says that the address has no account may be sent: at most one a day."""
    recipient = signing.fingerprint("no_account_budgets", schemas.canonical_email(email))
    return _take(db, recipient, (1, PERIOD_WITHOUT_ACCOUNT)).free_at is None


def take_or_wait(db: Session, name: str, subject: str, *limits: tuple[int, timedelta]) -> float:
    """Take a slot in a budget and return 0, or return the seconds until the next slot is free.

    name: the name of the budget. subject: the recipient.
    limits: the maximum numbers of messages, each for a period.
    """
    slot = _take(db, signing.fingerprint(name, subject), *limits)
    return max(1.0, (slot.free_at - models.now()).total_seconds()) if slot.free_at else 0.0


def _take(db: Session, recipient: str, *limits: tuple[int, timedelta]) -> Slot:
    now, period = models.now(), max(period for _, period in limits)
    row = database.upsert(NoticeBudget.__table__).values(recipient=recipient, times=[], expires_at=now + period)
    found = db.execute(
        row.on_conflict_do_update(index_elements=["recipient"], set_={"expires_at": now + 2 * period}).returning(
            NoticeBudget.id, NoticeBudget.times, NoticeBudget.merged_mail_id
        )
    ).one()
    # A time later than the next free slot can be means that the clock was set back.
    times = sorted(time for time in found.times if (now - period).timestamp() < time <= (now + period).timestamp())
    waits = [
        datetime.fromtimestamp(times[-limit], UTC) + length
        for limit, length in limits
        if len(times) >= limit and times[-limit] > (now - length).timestamp()
    ]
    if not waits:
        _store(db, found.id, times=[*times, now.timestamp()])
        return Slot(found.id, times, None, None)
    return Slot(found.id, times, max(waits), found.merged_mail_id)


def reserve(db: Session, slot: Slot, mail_id: int) -> None:
    """Reserve the next free slot for the email that merges the notices above the budget."""
    assert slot.free_at
    _store(db, slot.budget_id, times=[*slot.times[1:], slot.free_at.timestamp()], merged_mail_id=mail_id)


def erase(db: Session, email: str) -> None:
    """Delete the budget of a recipient."""
    db.execute(delete(NoticeBudget).where(NoticeBudget.recipient == _recipient(email)))


def _store(db: Session, budget_id: int, **values: list[float] | int) -> None:
    db.execute(
        update(NoticeBudget)
        .where(NoticeBudget.id == budget_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _recipient(email: str) -> str:
    return signing.fingerprint("notice_budgets", schemas.canonical_email(email))
