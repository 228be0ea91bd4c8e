"""Delete the events that are older than EVENT_RETENTION_DAYS, the oldest first."""

from datetime import timedelta

from sqlalchemy import delete, select, update

import database
import models
from core import batches
from events.models import Event, EventSequence
from events.sequencer import ROW
from settings.loading import settings


def run(batch: int) -> int:
    """Delete expired events in batches, and return how many. Their cursors are then rejected."""
    return batches.repeat(lambda: _delete_some(batch), batch)


def _delete_some(batch: int) -> int:
    before = models.now() - timedelta(days=settings.event_retention_days)
    # After the deleted ones, whose index entries PostgreSQL would read again until a vacuum.
    expired_to = select(EventSequence.expired_to).where(EventSequence.id == ROW).scalar_subquery()
    oldest = select(Event.position, Event.created_at).where(Event.position > expired_to).order_by(Event.position)
    positions = []
    for row in database.read_all(oldest.limit(batch)):
        if row.created_at >= before:
            break
        positions.append(row.position)
    if not positions:
        return 0
    with database.transaction() as db:
        db.execute(select(EventSequence.id).where(EventSequence.id == ROW).with_for_update())
        expired = update(EventSequence).where(EventSequence.id == ROW, EventSequence.expired_to < positions[-1])
        db.execute(expired.values(expired_to=positions[-1]))
        db.execute(delete(Event).where(Event.position <= positions[-1]))
    return len(positions)
