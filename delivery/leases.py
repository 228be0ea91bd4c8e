"""A queue table whose rows are claimed by moving their `due_at` ahead, and retried with back-off.

A worker that dies after a claim only lets the lease run out. The table has the columns `id`, `priority`, `queued_at`,
`due_at`, `attempts`, `last_error`, `sent_at` and `gave_up_at`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update

import database
import models
from delivery import holds
from telemetry import logs

log = logs.logger()
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=2)
LONGEST_ERROR = 255
ROWS_TO_PROBE_WITH = 1000
TRIES_TO_CLAIM = 3


class Undeliverable(Exception):
    """The row can never be delivered. Its text is kept as `last_error`."""


class Withdrawn(Exception):
    """Nobody waits for the row any more: it is removed and not delivered."""


class LeasedQueue:
    """A queue table.

    name: what a row is called in the log, and the name of the queue's hold.
    columns: what `claim` returns of a row.
    lease: how long a claimed row belongs to its worker, which renews it before each step that may take longer.
    priorities: how many there are; 0 goes first.
    """

    def __init__(self, name: str, table: Any, columns: Sequence[Any], lease: timedelta, priorities: int = 1) -> None:
        self.name, self.table, self.columns, self.lease, self.priorities = name, table, columns, lease, priorities

    def _waiting(self) -> tuple[ColumnElement[bool], ...]:
        return self.table.sent_at.is_(None), self.table.gave_up_at.is_(None), self.table.due_at <= models.now()

    def claim(self, priorities: int) -> Row[Any] | None:
        """Claim the row that has been due for longest among the first with rows of so many priorities.

        Returns None where none is due, or the queue is held.
        """
        # One look for each priority: each reads a single entry of the index, however many rows wait for a retry.
        for priority in range(priorities):
            waiting = (*self._waiting(), self.table.priority == priority, ~holds.exists(self.name))
            one = select(self.table.id).where(*waiting).order_by(self.table.due_at).limit(1)
            for _ in range(TRIES_TO_CLAIM):  # others may be faster, or hold the row for a while
                if database.read(one) is None:
                    break
                with database.transaction() as db:
                    claimed = db.execute(self._take(one.with_for_update(skip_locked=True).scalar_subquery())).first()
                if claimed:
                    return claimed
        return None

    def claim_for_probe(self) -> Row[Any] | None:
        """Claim one of the rows that are due, also while the queue is held; None where none is due.

        A random one, so that no row which the server always rejects can hold the queue by being the first.
        """
        some = select(self.table.id).where(*self._waiting()).order_by(self.table.priority, self.table.due_at)
        some_ids = some.limit(ROWS_TO_PROBE_WITH).subquery()
        one = database.read(select(some_ids.c.id).order_by(func.random()).limit(1))
        return database.write(self._take(one.id)) if one else None

    def _take(self, row_id: Any) -> Any:
        return (
            update(self.table)
            .where(self.table.id == row_id, *self._waiting())
            .values(attempts=self.table.attempts + 1, due_at=models.now() + self.lease)
            .returning(*self.columns)
        )

    def renew(self, row: Row[Any]) -> Row[Any] | None:
        """Renew the lease of a claimed row and return it as it is now; None where it is gone, or another worker's."""
        renewed = update(self.table).where(*self._still_ours(row)).values(due_at=models.now() + self.lease)
        return database.write(renewed.returning(*self.columns))

    def _still_ours(self, row: Row[Any]) -> tuple[ColumnElement[bool], ...]:
        open_row = self.table.sent_at.is_(None) & self.table.gave_up_at.is_(None)
        return self.table.id == row.id, self.table.attempts == row.attempts, open_row

    def mark_sent(self, row: Row[Any]) -> None:
        """Record the delivery of a claimed row."""
        self._mark(row, sent_at=models.now(), last_error=None)

    def release(self, row: Row[Any], error: Exception) -> None:
        """Give a claimed row back that was not tried: no attempt is counted, and it has waited since it was queued."""
        self._mark(row, due_at=row.queued_at, attempts=row.attempts - 1, last_error=describe(error))

    def withdraw(self, row: Row[Any]) -> None:
        """Remove a claimed row that nobody waits for."""
        database.write_only(delete(self.table).where(*self._still_ours(row)))
        log.info(f"{self.name} withdrawn", **self._about(row))

    def retry_later(self, row: Row[Any], error: Exception) -> bool:
        """Make a claimed row due again, later each time, or give it up two days after it was queued.

        Returns whether it was given up.
        """
        now = models.now()
        if now - row.queued_at > GIVE_UP_AFTER:
            self.give_up(row, error)
            return True
        delay = min(FIRST_DELAY * 2 ** min(row.attempts - 1, 20), LONGEST_DELAY)
        self._mark(row, due_at=now + delay, last_error=describe(error))
        log.warning(f"{self.name} put off", **self._about(row), seconds=delay.total_seconds(), error=kind(error))
        return False

    def give_up(self, row: Row[Any], error: Exception) -> None:
        """Stop trying to deliver a claimed row, until it is requeued."""
        self._mark(row, gave_up_at=models.now(), last_error=describe(error))
        log.error(f"{self.name} given up", **self._about(row), attempts=row.attempts, error=kind(error))

    def _about(self, row: Row[Any]) -> dict[str, Any]:
        return {self.name: row.id} | ({"template": row.template} if "template" in row._fields else {})

    def _mark(self, row: Row[Any], **values: datetime | int | str | None) -> None:
        database.write_only(update(self.table).where(*self._still_ours(row)).values(**values))

    def failed(self, *columns: Any) -> list[Row[Any]]:
        """Return the rows that were given up, oldest first."""
        chosen = select(*columns).where(self.table.gave_up_at.is_not(None))
        return database.read_all(chosen.order_by(self.table.id))

    def requeue(self, row_id: int | None = None) -> int:
        """Make a row that was given up due again, or all of them; returns how many."""
        chosen = [self.table.id == row_id] if row_id is not None else []
        again = (
            update(self.table)
            .where(self.table.gave_up_at.is_not(None), *chosen)
            .values(gave_up_at=None, attempts=0, due_at=models.now(), queued_at=models.now())
            .returning(self.table.id)
        )
        return len(database.read_all(again))


def describe(error: Exception) -> str:
    """Return the text of an error for the table."""
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR]


def kind(error: Exception) -> str:
    """Return the kind of an error for the log: a server's own words often name the recipient."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
