"""Hold a whole queue while the server that it delivers to fails, and probe that server with growing delays.

A hold is one row that all processes share, so one of them probes, however many deliver. A process that dies during a
probe only delays the next one.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

import database
import models
from delivery.models import DeliveryHold
from telemetry import logs

log = logs.logger()
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(minutes=1)
PROBE_LEASE = timedelta(seconds=45)  # longer than connecting and one delivery take
LONGEST_REASON = 255


class ServerProblem(Exception):
    """The server, or our login there, failed: no row of the queue can be delivered.

    reason: what is said of it in the log and the table; it names no recipient.
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(text or reason)
        self.reason = reason[:LONGEST_REASON]


def exists(queue: str) -> Any:
    """Return the condition that a queue is held."""
    return select(DeliveryHold.queue).where(DeliveryHold.queue == queue).exists()


def reason(queue: str) -> str | None:
    """Return why a queue is held; None where it is not."""
    held = database.read_separately(select(DeliveryHold.reason).where(DeliveryHold.queue == queue))
    return held[0].reason if held else None


def begin(queue: str, problem: ServerProblem) -> None:
    """Hold a queue. Where it is held already, nothing changes: of several senders that fail at once, one begins it."""
    now = models.now()
    held = database.upsert(DeliveryHold.__table__).values(
        queue=queue, failures=1, since=now, probe_at=now + FIRST_DELAY, reason=problem.reason
    )
    if database.write(held.on_conflict_do_nothing().returning(DeliveryHold.queue)):
        log.error("the queue is held: its server fails", queue=queue, error=problem.reason)


def begin_probe(queue: str) -> int | None:
    """Take the probe that is due, for this worker alone; return how often the server has failed so far.

    None where the queue is not held, or no probe is due.
    """
    due = _is_due(queue)
    if database.read(select(DeliveryHold.queue).where(*due)) is None:
        return None
    taken = update(DeliveryHold).where(*due).values(probe_at=models.now() + PROBE_LEASE)
    row = database.write(taken.returning(DeliveryHold.failures))
    return row.failures if row else None


def _is_due(queue: str) -> tuple[ColumnElement[bool], ...]:
    # Later than any delay means that the clock was set back: it must not hold the queue for so long.
    now = models.now()
    beyond = now + max(LONGEST_DELAY, PROBE_LEASE)
    return DeliveryHold.queue == queue, or_(DeliveryHold.probe_at <= now, DeliveryHold.probe_at > beyond)


def prolong(queue: str, failures: int, problem: ServerProblem) -> None:
    """Hold a queue on after a probe that failed; the next one waits twice as long."""
    delay = min(FIRST_DELAY * 2 ** min(failures, 20), LONGEST_DELAY)
    values = {"failures": failures + 1, "probe_at": models.now() + delay, "reason": problem.reason}
    database.write_only(update(DeliveryHold).where(DeliveryHold.queue == queue).values(**values))
    log.warning("the queue stays held", queue=queue, seconds=delay.total_seconds(), error=problem.reason)


def lift(queue: str) -> None:
    """End the hold: the server works."""
    database.write_only(delete(DeliveryHold).where(DeliveryHold.queue == queue))
    log.info("the queue is delivered again", queue=queue)
