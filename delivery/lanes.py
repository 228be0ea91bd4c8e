"""Deliver a queue in lanes, such as one for each receiver, so that a slow one does not delay the others.

A lane is leased by one process at a time, which delivers its rows in order. Its rows are not leased one by one: if the
process dies, the lease of the lane expires, and the next process finds the rows in the same order. All lanes of a
process share one thread with an event loop, so a slow receiver costs neither a thread nor a database connection.
"""

import asyncio
from collections.abc import Hashable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Row, Select, Update, and_, bindparam, exists, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

import database
import errors
import models
from core import thread_priority
from core.thread_pools import ThreadPool
from delivery.leases import LeasedQueue, Undeliverable
from delivery.polling import PolledThread, Signal
from prepared import Prepared
from telemetry import logs

log = logs.logger()
LEASE = timedelta(seconds=60)
SECONDS_BETWEEN_RENEWALS = 20
BATCH = 100  # rows that are read at once
AT_ONCE = 5  # concurrent deliveries of a lane
DATABASE_THREADS = 2
SECONDS_TO_STOP = 12.0
NICENESS = 5  # of its thread


class LaneQueue(LeasedQueue):
    """A queue table whose rows belong to lanes. `attempts` is counted with the result of an attempt.

    lane: the column of the rows with the id of their lane.
    lanes: the table of lanes, with the columns `id`, `leased_until` and `lease_id`.
    url: the column of the lanes with the URL of the receiver.
    paused_until: the column of the lanes with the time until which the receiver asked to wait, which counts while the
        lane is not leased. It may be `leased_until`.
    kept: further columns of the lanes, which a lease must not change although each update does.
    """

    lane: Any
    lanes: Any
    url: Any
    paused_until: Any
    kept: Sequence[Any] = ()

    def set_lanes(self, lane: Any, lanes: Any, url: Any, paused_until: Any) -> "LaneQueue":
        """Set the columns of the lanes."""
        self.lane, self.lanes, self.url, self.paused_until = lane, lanes, url, paused_until
        self._current = Prepared(self._current_lane)
        return self

    def is_open(self, now: Any) -> ColumnElement[bool]:
        """Return the condition that a lane may be delivered now: its receiver has not asked to wait."""
        return or_(self.lanes.lease_id.is_not(None), self.paused_until.is_(None), self.paused_until <= now)

    def due_lanes(self) -> list[int]:
        """Return the ids of the lanes with due rows that no process has leased."""
        return [row.id for row in database.read_all(self._due_lanes(models.now()).where(self._is_free()))]

    def _due_lanes(self, now: Any) -> Select[Any]:
        due = exists().where(self.lane == self.lanes.id, *self._waiting(now))
        return select(self.lanes.id).where(self.is_open(now), due)

    def is_due(self, now: Any) -> ColumnElement[bool]:
        """Return the condition that a lane has due rows."""
        return self._due_lanes(now).exists()

    def _is_free(self) -> ColumnElement[bool]:
        now = models.now()
        # An expiry that is further away than a lease lasts means that the clock was set back.
        return or_(
            self.lanes.leased_until.is_(None), self.lanes.leased_until <= now, self.lanes.leased_until > now + 2 * LEASE
        )

    def lease_lane(self, lane_id: int) -> Row[Any] | None:
        """Lease a lane, and return it, or None if another process has it."""
        return self._lease(models.new_id(), self.lanes.id == lane_id, self._is_free())

    def renew_lane(self, leased: Row[Any]) -> Row[Any] | None:
        """Renew the lease of a lane, and return it, or None if it was lost or the lane may no longer be delivered."""
        return self._lease(leased.lease_id, self.lanes.id == leased.id, self.lanes.lease_id == leased.lease_id)

    def _lease(self, lease_id: str, *which: ColumnElement[bool]) -> Row[Any] | None:
        values = {"leased_until": models.now() + LEASE, "lease_id": lease_id}
        leased = self._update(values).where(self.is_open(models.now()), *which)
        return database.write(leased.returning(*self.lanes.__table__.columns))

    def _update(self, values: dict[str, Any]) -> Update:
        return update(self.lanes).values(values | {column.key: column for column in self.kept})

    def release_lane(self, leased: Row[Any]) -> None:
        """End the lease of a lane."""
        which = self.lanes.id == leased.id, self.lanes.lease_id == leased.lease_id
        database.write_only(self._update({"leased_until": None, "lease_id": None}).where(*which))

    def current_lane(self, leased: Row[Any]) -> Any:
        """Return a leased lane as it is now, or None if its lease was lost or it may no longer be delivered."""
        return self._current.first({"lane": leased.id, "lease": leased.lease_id, "now": models.now()})

    def _current_lane(self) -> Select[Any]:
        now: Any = bindparam("now")
        which = self.lanes.id == bindparam("lane"), self.lanes.lease_id == bindparam("lease")
        return select(*self.lanes.__table__.columns).where(*which, self.lanes.leased_until > now, self.is_open(now))

    def has_url(self, lane: Row[Any]) -> ColumnElement[bool]:
        """Return the condition that a lane still has the URL that a row of it contains."""
        return and_(self.lanes.id == lane.id, self.url == getattr(lane, self.url.key))

    def pause_lane(self, leased: Row[Any], delay: timedelta) -> None:
        """Pause a lane for as long as its receiver asks, and end its lease. A lane with another URL is not changed."""
        values = {"leased_until": None, "lease_id": None, self.paused_until.key: models.now() + delay}
        database.write_only(self._update(values).where(self.has_url(leased), self.lanes.lease_id == leased.lease_id))

    def batch(self, leased: Row[Any]) -> Sequence[Row[Any]]:
        """Return the next due rows of a lane, in order."""
        due = select(*self.columns).where(self.lane == leased.id, *self._waiting(models.now()))
        return database.read_all(due.order_by(self.table.due_at, self.table.id).limit(BATCH))

    def _still_leased(self, row: Row[Any]) -> tuple[ColumnElement[bool], ...]:
        # A row that was queued again during its delivery is delivered again.
        return (*super()._still_leased(row), self.table.queued_at == row.queued_at)

    def _mark(self, row: Row[Any], **values: Any) -> None:
        super()._mark(row, attempts=row.attempts + 1, **values)

    def give_up_if_current(self, lane: Row[Any], row: Row[Any], error: Exception) -> bool:
        """Abandon a row that a receiver does not take, or retry it if the lane has another URL by now.

        Returns: whether the row was abandoned.
        """
        if database.read(select(self.lanes.id).where(self.has_url(lane))) is None:
            return self.retry_later(row, error)
        self.give_up(row, error)
        return True


class Outcome(NamedTuple):
    """The result of an attempt.

    lane: as it was just before the attempt, with the URL that was requested.
    error: None if the row was delivered.
    """

    lane: Row[Any]
    error: Exception | None

    @property
    def retry_after(self) -> timedelta | None:
        """Return how long the receiver asked to wait."""
        return getattr(self.error, "retry_after", None)


class LaneTransport(Protocol):
    """Deliver the rows of a lane to its receiver."""

    def connect(self, lane: Row[Any]) -> AbstractAsyncContextManager[Any]:
        """Return a connection for several deliveries."""

    def chain(self, row: Row[Any]) -> Hashable:
        """Return a key: rows of a lane with the same key are delivered one after the other."""

    def prepare(self, row: Row[Any]) -> Any:
        """Read what is delivered, just before it. Raises Undeliverable."""

    async def deliver(self, connection: Any, lane: Row[Any], prepared: Any) -> dict[str, Any]:
        """Deliver what was prepared from a row, and return further columns of the queue to set.

        lane: as it is just before the delivery.

        Raises Undeliverable. After any other error the row is retried. The `details` of an error are further columns to
        set. `retry_after` is how long the receiver asked to wait: the lane is paused for that time. If an error
        `stops_lane`, the other rows of the batch are left.
        """

    def note(self, outcomes: Sequence[Outcome]) -> None:
        """Record the results of a batch with its lane, whose URL may have changed during the batch."""

    def count(self, outcome: str) -> None:
        """Count a delivery: `sent`, `put_off` or `given_up`."""


class _Lane:
    """A leased lane with its deliveries in progress."""

    def __init__(self, row: Row[Any]) -> None:
        self.row: Row[Any] = row
        self.lost = self.paused = False
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.outcomes: list[Outcome] = []


class LaneWorker(PolledThread):
    """A thread that delivers all lanes, and lets the deliveries in progress finish when it is stopped."""

    seconds_to_stop = SECONDS_TO_STOP

    def __init__(self, queue: LaneQueue, transport: LaneTransport, wake: Signal) -> None:
        super().__init__(queue.name, queue.is_due, wake)
        self._queue, self._transport = queue, transport
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._database = ThreadPool(f"{queue.name} database", DATABASE_THREADS)
        self._waiting = ThreadPool(f"{queue.name} wake", 1)

    def run(self) -> None:
        thread_priority.lower(NICENESS)
        asyncio.run(self._main())

    async def _main(self) -> None:
        seen = 0
        while not self.stopping.is_set():
            seen = await self._waiting.run(self.wake.wait, seen)
            try:
                await self._start_lanes()
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("queue unavailable", queue=self._queue.name)
            except Exception:
                log.exception("delivery failed", queue=self._queue.name)
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=SECONDS_TO_STOP)

    async def _start_lanes(self) -> None:
        for lane_id in await self._database.run(self._queue.due_lanes):
            if lane_id not in self._busy and not self.stopping.is_set():
                self._busy[lane_id] = asyncio.create_task(self._work(lane_id))

    async def _work(self, lane_id: int) -> None:
        """Deliver a lane until none of its rows is due."""
        try:
            leased = await self._database.run(self._queue.lease_lane, lane_id)
            if leased:
                await self._work_leased(_Lane(leased))
        except (SQLAlchemyError, errors.Unavailable):
            log.warning("queue unavailable", queue=self._queue.name)
        except Exception:
            log.exception("delivery failed", queue=self._queue.name)
        finally:
            del self._busy[lane_id]

    async def _work_leased(self, lane: _Lane) -> None:
        renewing = asyncio.create_task(self._keep(lane))
        try:
            async with self._transport.connect(lane.row) as connection:
                while not (self.stopping.is_set() or lane.lost or lane.paused):
                    rows = await self._database.run(self._queue.batch, lane.row)
                    if not rows:
                        return
                    await self._deliver_all(connection, lane, rows)
        finally:
            renewing.cancel()
            # A lane that was paused or disabled is lost, and still leased.
            with suppress(SQLAlchemyError, errors.Unavailable):
                await self._database.run(self._queue.release_lane, lane.row)

    async def _keep(self, lane: _Lane) -> None:
        """Renew the lease of a lane until this is canceled."""
        while not lane.lost:
            await asyncio.sleep(SECONDS_BETWEEN_RENEWALS)
            await self._renew(lane)

    async def _renew(self, lane: _Lane) -> None:
        try:
            renewed = await self._database.run(self._queue.renew_lane, lane.row)
        except (SQLAlchemyError, errors.Unavailable):
            renewed = None
        lane.lost = renewed is None
        lane.row = renewed or lane.row

    async def _deliver_all(self, connection: Any, lane: _Lane, rows: Sequence[Row[Any]]) -> None:
        """Deliver rows: those of a chain one after the other, several chains at once."""
        chains: dict[Hashable, list[Row[Any]]] = {}
        for row in rows:
            chains.setdefault(self._transport.chain(row), []).append(row)
        lane.outcomes = []
        found = await asyncio.gather(
            *(self._deliver_chain(connection, lane, chain) for chain in chains.values()), return_exceptions=True
        )
        if lane.outcomes:
            await self._database.run(self._note, lane.outcomes)
        for error in found:
            if isinstance(error, BaseException):
                raise error
        await self._renew(lane)  # it may have been disabled, or paused by its receiver

    async def _deliver_chain(self, connection: Any, lane: _Lane, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            async with lane.slots:
                if self.stopping.is_set() or lane.lost or lane.paused:
                    return
                await self._attempt(connection, lane, row)

    async def _attempt(self, connection: Any, lane: _Lane, row: Row[Any]) -> None:
        """Deliver a row, unless its lane may no longer be delivered, and record the result."""
        run, queue = self._database.run, self._queue
        current: Row[Any] = lane.row
        error: Exception | None = None
        try:
            prepared, found = await run(self._prepare, lane, row)
            if found is None:
                lane.lost = True
                return
            current = found
            details = await self._transport.deliver(connection, current, prepared)
        except (SQLAlchemyError, errors.Unavailable):
            raise
        except Undeliverable as failure:
            error = failure
            self._transport.count(
                "given_up" if await run(queue.give_up_if_current, current, row, failure) else "put_off"
            )
        except Exception as failure:
            error = failure
            self._transport.count("given_up" if await run(queue.retry_later, row, failure) else "put_off")
        else:
            await run(_mark_sent, queue, row, details)
            self._transport.count("sent")
        outcome = Outcome(current, error)
        lane.paused = lane.paused or outcome.retry_after is not None or getattr(error, "stops_lane", False)
        lane.outcomes.append(outcome)

    def _prepare(self, lane: _Lane, row: Row[Any]) -> tuple[Any, Row[Any] | None]:
        """Return what is delivered, and the lane as it is now, or None if it may no longer be delivered."""
        prepared = self._transport.prepare(row)
        # Last, so that nothing is sent to a URL that was replaced while the row was prepared.
        return prepared, self._queue.current_lane(lane.row)

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        asked = [(outcome.retry_after, outcome.lane) for outcome in outcomes if outcome.retry_after]
        # The first that applies ends the lease, and so is the only one.
        for delay, lane in sorted(asked, key=lambda each: each[0], reverse=True):
            self._queue.pause_lane(lane, delay)
        self._transport.note(outcomes)


def _mark_sent(queue: LaneQueue, row: Row[Any], details: dict[str, Any]) -> None:
    queue.mark_sent(row, **details)
