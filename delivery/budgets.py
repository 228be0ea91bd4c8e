"""How many notices, and emails about new accounts, a recipient gets in an hour: counted in the transaction that queues
each of them.

The row of a recipient stays locked until that transaction ends, so the budget holds however many are queued at once.
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


class Slot(NamedTuple):
    """A place in a recipient's budget.

    free_at: when there is one again; None where the notice may be sent now.
    merged_mail_id: the email that collects the notices beyond the budget, where there is one.
    """

    budget_id: int
    times: list[float]
    free_at: datetime | None
    merged_mail_id: int | None


def take(db: Session, email: str) -> Slot:
    """Take a place in the budget of a recipient, or tell when there is one."""
    return _take(db, _recipient(email), NOTICES)


def allows_sign_up(db: Session, email: str) -> bool:
    """Take a place for an email about a new account, and return whether there was one.

    It is kept when the account is deleted: otherwise an attacker could sign up and delete the account again and again.
    """
    return _take(db, signing.fingerprint("sign_up_budgets", schemas.canonical_email(email)), SIGN_UPS).free_at is None


def _take(db: Session, recipient: str, limit: int) -> Slot:
    now = models.now()
    row = database.upsert(NoticeBudget.__table__).values(recipient=recipient, times=[], expires_at=now + PERIOD)
    found = db.execute(
        row.on_conflict_do_update(index_elements=["recipient"], set_={"expires_at": now + 2 * PERIOD}).returning(
            NoticeBudget.id, NoticeBudget.times, NoticeBudget.merged_mail_id
        )
    ).one()
    times = sorted(time for time in found.times if time > (now - PERIOD).timestamp())
    if len(times) < limit:
        _store(db, found.id, times=[*times, now.timestamp()])
        return Slot(found.id, times, None, None)
    return Slot(found.id, times, datetime.fromtimestamp(times[0], UTC) + PERIOD, found.merged_mail_id)


def reserve(db: Session, slot: Slot, mail_id: int) -> None:
    """Give the place that is free next to the email that collects what is beyond the budget."""
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
