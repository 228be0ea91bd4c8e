"""Lease rows of a queue table by moving their `due_at` ahead, and retry them with growing delays.

If a worker dies, its lease expires. The table has the columns `id`, `priority`, `queued_at`, `due_at`, `attempts`,
`last_error`, `sent_at` and `gave_up_at`.
"""

import functools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

import database
import models
from delivery import holds
from telemetry import logs

log = logs.logger()
FIRST_DELAY, MAX_DELAY = timedelta(seconds=1), timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=2)
MAX_ERROR_LENGTH = 255
PROBE_CANDIDATES = 1000
CLAIM_ATTEMPTS = 3


class Undeliverable(Exception):
    """A row that can never be delivered. The message is stored as `last_error`."""


class Withdrawn(Exception):
    """A row that is no longer needed: it is deleted without a delivery."""


class Claimed(NamedTuple):
    """A claimed row, and whether others were due with it."""

    row: Row[Any]
    others_are_due: bool


class LeasedQueue:
    """A queue table.

    name: the name of the queue, also in its hold.
    columns: the columns that `claim` returns.
    lease: how long a claimed row belongs to its worker, which renews it before each step that may take longer.
    priorities: the number of priorities; 0 is first.
    label: what the log calls a row; by default, the name of the queue.
    """

    def __init__(self, name: str, table: Any, columns: Sequence[Any], lease: timedelta, priorities: int = 1) -> None:
        self.name, self.table, self.columns, self.lease, self.priorities = name, table, columns, lease, priorities
        self.label = name

    def _waiting(self, now: Any) -> tuple[ColumnElement[bool], ...]:
        return self.table.sent_at.is_(None), self.table.gave_up_at.is_(None), self.table.due_at <= now

    def is_due(self, now: Any) -> ColumnElement[bool]:
        """Return the condition that a row is due, or that the queue is held and may have to be probed."""
        # One subquery for each priority: see `claim`.
        due = (exists().where(*self._waiting(now), self.table.priority == each) for each in range(self.priorities))
        return or_(*due, holds.exists(self.name))

    def claim(self, priorities: int) -> Claimed | None:
        """Claim the due row with the highest priority, and of these the row that has been due longest.

        Considers only the first `priorities` priorities. Returns None if no row is due, or the queue is held.
        """
        # One query for each priority: each reads two index entries, even if many rows wait for a retry.
        for priority, (first_two, take_first) in enumerate(self._of_priorities[:priorities]):
            for _ in range(CLAIM_ATTEMPTS):  # another worker may claim or lock the row first
                now = models.now()
                if not (due := database.read_all(first_two, {"now": now})):
                    break
                if row := database.write(take_first, {"now": now, "until": now + self.lease}):
                    later = self._of_priorities[priority + 1 : priorities]
                    return Claimed(row, len(due) > 1 or any(database.read(each, {"now": now}) for each, _ in later))
        return None

    @functools.cached_property
    def _of_priorities(self) -> list[tuple[Any, Any]]:
        return [self._of_priority(priority) for priority in range(self.priorities)]

    def _of_priority(self, priority: int) -> tuple[Any, Any]:
        """Return the statement that finds the first two due rows of a priority, and the one that claims the first."""
        waiting = (*self._waiting(bindparam("now")), self.table.priority == priority, ~holds.exists(self.name))
        due = select(self.table.id).where(*waiting).order_by(self.table.due_at)
        first = due.limit(1).with_for_update(skip_locked=True).scalar_subquery()
        return due.limit(2), self._take(first, bindparam("now"), bindparam("until"))

    def claim_for_probe(self) -> Row[Any] | None:
        """Claim a random row that is due, even if the queue is held, or return None.

        Random, so that a row which the server always rejects cannot keep the queue held.
        """
        due = select(self.table.id).where(*self._waiting(models.now())).order_by(self.table.priority, self.table.due_at)
        due_ids = due.limit(PROBE_CANDIDATES).subquery()
        one = database.read(select(due_ids.c.id).order_by(func.random()).limit(1))
        now = models.now()
        return database.write(self._take(one.id, now, now + self.lease)) if one else None

    def _take(self, row_id: Any, now: Any, until: Any) -> Any:
        return (
            update(self.table)
            .where(self.table.id == row_id, *self._waiting(now))
            .values(attempts=self.table.attempts + 1, due_at=until)
            .returning(*self.columns)
        )

    def renew(self, row: Row[Any]) -> Row[Any] | None:
        """Renew the lease of a claimed row, and return the row, or None if it is gone or leased by another worker."""
        renewed = update(self.table).where(*self._still_leased(row)).values(due_at=models.now() + self.lease)
        return database.write(renewed.returning(*self.columns))

    def _still_leased(self, row: Row[Any]) -> tuple[ColumnElement[bool], ...]:
        open_row = self.table.sent_at.is_(None) & self.table.gave_up_at.is_(None)
        return self.table.id == row.id, self.table.attempts == row.attempts, open_row

    def mark_sent(self, row: Row[Any], **details: int) -> None:
        """Mark a claimed row as delivered. `details` are further columns of the queue."""
        self._mark(row, sent_at=models.now(), last_error=None, **details)

    def release(self, row: Row[Any], error: Exception) -> None:
        """Release a claimed row that was not tried, without counting an attempt."""
        self._mark(row, due_at=row.queued_at, attempts=row.attempts - 1, last_error=describe(error))

    def withdraw(self, row: Row[Any]) -> None:
        """Delete a claimed row that is no longer needed."""
        database.write_only(delete(self.table).where(*self._still_leased(row)))
        log.info(f"{self.label} withdrawn", **self._about(row))

    def retry_later(self, row: Row[Any], error: Exception) -> bool:
        """Make a claimed row due again after its `delay`, or abandon it if there is none.

        Returns: whether the row was abandoned.
        """
        delay = self.delay(row, error)
        if delay is None:
            self.give_up(row, error)
            return True
        self._mark(row, due_at=models.now() + delay, last_error=describe(error), **_details(error))
        log.warning(f"{self.label} delayed", **self._about(row), seconds=delay.total_seconds(), error=kind(error))
        return False

    def delay(self, row: Row[Any], _error: Exception) -> timedelta | None:
        """Return the delay after a failed attempt: a growing one, or None two days after the row was queued."""
        if models.now() - row.queued_at > GIVE_UP_AFTER:
            return None
        doubled: timedelta = FIRST_DELAY * 2 ** min(row.attempts - 1, 20)
        return min(doubled, MAX_DELAY)

    def give_up(self, row: Row[Any], error: Exception) -> None:
        """Stop trying to deliver a claimed row, until it is requeued."""
        self._mark(row, gave_up_at=models.now(), last_error=describe(error), **_details(error))
        log.error(f"{self.label} given up", **self._about(row), attempts=row.attempts, error=kind(error))

    def _about(self, row: Row[Any]) -> dict[str, Any]:
        template = {"template": row.template} if "template" in row._fields else {}
        return {f"{self.label.replace(' ', '_')}_id": row.id, **template}

    def _mark(self, row: Row[Any], **values: datetime | int | str | None) -> None:
        database.write_only(update(self.table).where(*self._still_leased(row)).values(**values))

    def failed(self, *columns: Any) -> list[Row[Any]]:
        """Return the abandoned rows, oldest first."""
        chosen = select(*columns).where(self.table.gave_up_at.is_not(None))
        return database.read_all(chosen.order_by(self.table.id))

    def requeue(self, row_id: int | None = None, db: Session | None = None) -> int:
        """Make one abandoned row, or all of them, due again, and return their number.

        db: the transaction, if there is one.
        """
        chosen = [self.table.id == row_id] if row_id is not None else []
        requeued = (
            update(self.table)
            .where(self.table.gave_up_at.is_not(None), *chosen)
            .values(gave_up_at=None, attempts=0, due_at=models.now(), queued_at=models.now())
            .returning(self.table.id)
        )
        rows = db.execute(requeued.execution_options(synchronize_session=False)) if db else None
        return len(rows.all() if rows else database.read_all(requeued))


def _details(error: Exception) -> dict[str, Any]:
    """Return the further columns of the queue that an error sets, such as the status of a response."""
    return getattr(error, "details", {})


def describe(error: Exception) -> str:
    """Return the text of an error for the table."""
    return f"{type(error).__name__}: {error}"[:MAX_ERROR_LENGTH]


def kind(error: Exception) -> str:
    """Return the kind of an error for the log, without the reply of the server, which often contains the recipient."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
