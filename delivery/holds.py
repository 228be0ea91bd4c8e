"""Hold a queue while its server fails, and probe the server with growing delays.

A hold is a row that all processes share, so that only one of them probes. If a process dies during a probe, the next
probe is delayed.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

import database
import models
from delivery.models import DeliveryHold
from telemetry import logs

log = logs.logger()
FIRST_DELAY, MAX_DELAY = timedelta(seconds=1), timedelta(minutes=1)
PROBE_LEASE = timedelta(seconds=45)  # longer than a connection and one delivery take
MAX_REASON_LENGTH = 255


class ServerProblem(Exception):
    """The server failed or rejected the login, so that no row of the queue can be delivered.

    reason: the text for the log and the table. Contains no recipient.
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(text or reason)
        self.reason = reason[:MAX_REASON_LENGTH]


def exists(queue: str) -> Any:
    """Return the SQL condition that a queue is held."""
    return select(DeliveryHold.queue).where(DeliveryHold.queue == queue).exists()


def reason(queue: str) -> str | None:
    """Return why a queue is held, or None."""
    held = database.read_separately(select(DeliveryHold.reason).where(DeliveryHold.queue == queue))
    return held[0].reason if held else None


def begin(queue: str, problem: ServerProblem) -> None:
    """Hold a queue. If several senders fail at once, only the first one changes something."""
    now = models.now()
    held = database.upsert(DeliveryHold.__table__).values(
        queue=queue, failures=1, since=now, probe_at=now + FIRST_DELAY, reason=problem.reason
    )
    if database.write(held.on_conflict_do_nothing().returning(DeliveryHold.queue)):
        log.error("queue held: server failed", queue=queue, error=problem.reason)


def begin_probe(queue: str) -> int | None:
    """Start a probe that is due, in this worker only, and return the number of failures so far.

    Returns None if the queue is not held, or no probe is due.
    """
    due = _is_due(queue)
    if database.read(select(DeliveryHold.queue).where(*due)) is None:
        return None
    taken = update(DeliveryHold).where(*due).values(probe_at=models.now() + PROBE_LEASE)
    row = database.write(taken.returning(DeliveryHold.failures))
    return row.failures if row else None


def _is_due(queue: str) -> tuple[ColumnElement[bool], ...]:
    # A due time later than the maximum delay means that the clock was set back.
    now = models.now()
    latest = now + max(MAX_DELAY, PROBE_LEASE)
    return DeliveryHold.queue == queue, or_(DeliveryHold.probe_at <= now, DeliveryHold.probe_at > latest)


def prolong(queue: str, failures: int, problem: ServerProblem) -> None:
    """Continue a hold after a failed probe, with twice the delay."""
    delay = min(FIRST_DELAY * 2 ** min(failures, 20), MAX_DELAY)
    values = {"failures": failures + 1, "probe_at": models.now() + delay, "reason": problem.reason}
    database.write_only(update(DeliveryHold).where(DeliveryHold.queue == queue).values(**values))
    log.warning("queue still held", queue=queue, seconds=delay.total_seconds(), error=problem.reason)


def lift(queue: str) -> None:
    """End a hold after a successful probe."""
    database.write_only(delete(DeliveryHold).where(DeliveryHold.queue == queue))
    log.info("queue hold ended", queue=queue)
