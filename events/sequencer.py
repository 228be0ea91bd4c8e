"""Give committed events their positions in the feed, in one process at a time.

The ids of events become visible in another order than they were assigned, so a reader that continues after the last id
would miss events. Positions are assigned after the commit, in one transaction that locks `event_sequence`: a process
that dies releases the lock, and its work is undone completely.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, null, select, update
from sqlalchemy.orm import Session

import database
import models
from core import capability
from core.columns import UtcDateTime
from core.shared_time import SharedTime
from delivery.polling import PolledThread
from events import recording
from events.models import Event, EventSequence
from models import User
from prepared import Prepared
from telemetry import metrics

BATCH = 1000
SECONDS_TO_COLLECT = 0.05  # so that many events at once cost few transactions
SECONDS_BETWEEN_RUNS = 1.0  # of all workers together, so that a steady stream of events costs few, too
MAX_CLOCK_DIFFERENCE = timedelta(minutes=1)  # beyond it, a clock was wrong
TRIES = 20
ROW = 1
_next_run = SharedTime()


_UNSEQUENCED = select(Event.id).where(Event.position.is_(None))
_FIRST_UNSEQUENCED = Prepared(lambda: _UNSEQUENCED.limit(1))
_LOCK = Prepared(
    lambda: (
        select(EventSequence.last, EventSequence.at).where(EventSequence.id == ROW).with_for_update(skip_locked=True)
    )
)


def _place_statement() -> Any:
    batch = _UNSEQUENCED.order_by(Event.id).limit(BATCH).subquery()
    ranked = select(batch.c.id, func.row_number().over(order_by=batch.c.id).label("rank")).subquery()
    return update(Event).where(Event.id == ranked.c.id).values(position=bindparam("after") + ranked.c.rank)


_PLACE = Prepared(_place_statement)
_DONE = Prepared(
    lambda: (
        update(EventSequence)
        .where(EventSequence.id == ROW)
        .values(last=bindparam("reached"), at=bindparam("now", type_=UtcDateTime()))
    )
)
_OF_DELETED = (
    select(Event.user_id)
    .where(Event.position > bindparam("after"), Event.position <= bindparam("reached"))
    .where(~exists().where(User.user_id == Event.user_id))
)
_IS_ANY_DELETED = Prepared(lambda: _OF_DELETED.limit(1))


class Sequenced(NamedTuple):
    """Events that got their positions: those after `after`, up to `last`. `at` is their time, which never goes back."""

    after: int
    last: int
    at: datetime


def prepare(db: Session) -> None:
    """Create the row with the state of the feed. Idempotent."""
    row = database.upsert(EventSequence.__table__).values(id=ROW, last=0, expired_to=0, at=models.now())
    db.execute(row.on_conflict_do_nothing())


def run(tries: int = TRIES) -> int:
    """Assign positions until all events that were committed before have one, and return how many got one.

    tries: how often to wait for another process, which may not have seen the newest events.
    """
    total = 0
    while tries and _FIRST_UNSEQUENCED.first({}):
        with database.transaction() as db:
            number = sequence(db)
        total += number or 0
        if number is None:
            tries -= 1
            time.sleep(SECONDS_TO_COLLECT)
        elif number < BATCH:
            break
    return total


def sequence(db: Session) -> int | None:
    """Assign positions to one batch of events, and return their number, or None if another process is doing so."""
    state = _LOCK.run(db, {})
    if state is None:
        return None
    number = _PLACE.count(db, {"after": state.last})
    if number:
        done = Sequenced(state.last, state.last + number, _not_before(state.at))
        _DONE.run(db, {"reached": done.last, "now": done.at})
        _erase_deleted(db, done)
        for record in capability.enabled():
            record.on_sequenced(db, done)
        metrics.EVENTS.inc(number)
    return number


def _not_before(last: datetime) -> datetime:
    now = models.now()
    return max(now, last) if last - now < MAX_CLOCK_DIFFERENCE else now


def _erase_deleted(db: Session, done: Sequenced) -> None:
    """Reduce all events of deleted accounts to the `user_id`.

    A transaction that ran at the same time as the deletion may have written one that the deletion did not see.
    """
    those = {"after": done.after, "reached": done.last}
    if _IS_ANY_DELETED.run(db, those):
        erase(db, database.execute(db, _OF_DELETED.distinct(), those).scalars().all())


def erase(db: Session, user_ids: Sequence[str]) -> None:
    """Reduce all events of these users to the `user_id`."""
    erased = update(Event).where(Event.user_id.in_(user_ids), Event.data.is_not(None)).values(data=null())
    db.execute(erased.execution_options(synchronize_session=False))


class Sequencer(PolledThread):
    """Assign positions shortly after a commit of this process, and with each poll for other processes."""

    def __init__(self) -> None:
        super().__init__("events", lambda _now: exists(_UNSEQUENCED), recording.written)

    def work(self) -> None:
        """Assign positions to all events, a moment after the first one, unless another worker does so meanwhile."""
        due = _next_run.get()
        self.stopping.wait(max(SECONDS_TO_COLLECT, due - time.monotonic()))
        if _next_run.get() == due:
            _next_run.set(time.monotonic() + SECONDS_BETWEEN_RUNS)
            run()
