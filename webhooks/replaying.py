"""Queue the events of replays, bit by bit, so that a large replay does not delay new events for long."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

import database
import models
from delivery.polling import PolledThread, Signal
from events.models import Event
from webhooks import fan_out
from webhooks.models import WebhookDelivery, WebhookReplay

BATCH = 500
MOST_WAITING = 1000  # deliveries of an endpoint that wait while more are queued


def run() -> int:
    """Queue the next events of each replay, and return how many."""
    return sum(_queue_some(row.id) for row in database.read_all(select(WebhookReplay.id)))


def _queue_some(replay_id: int) -> int:
    with database.transaction() as db:
        locked = select(WebhookReplay).where(WebhookReplay.id == replay_id).with_for_update(skip_locked=True)
        replay = db.scalar(locked)
        if replay is None or _waiting(db, replay.endpoint_id) >= MOST_WAITING:
            return 0
        rows = db.execute(
            select(Event.id, Event.event_id, Event.type, Event.created_at, Event.position)
            .where(
                Event.created_at >= replay.since,
                Event.created_at <= replay.until,
                Event.position > replay.after,
                Event.position <= replay.last,
                Event.type.in_(replay.types),
            )
            .order_by(Event.position)
            .limit(BATCH)
        ).all()
        if rows:
            _queue(db, replay.endpoint_id, rows)
        if len(rows) < BATCH:
            db.execute(delete(WebhookReplay).where(WebhookReplay.id == replay_id))
        else:
            done_to = update(WebhookReplay).where(WebhookReplay.id == replay_id)
            db.execute(done_to.values(after=rows[-1].position))
    fan_out.queued.send()
    return len(rows)


def _waiting(db: Session, endpoint_id: int) -> int:
    waiting = select(WebhookDelivery.id).where(
        WebhookDelivery.endpoint_id == endpoint_id,
        WebhookDelivery.sent_at.is_(None),
        WebhookDelivery.gave_up_at.is_(None),
        WebhookDelivery.due_at <= models.now(),
    )
    return db.scalar(select(func.count()).select_from(waiting.limit(MOST_WAITING).subquery())) or 0


def _queue(db: Session, endpoint_id: int, rows: Any) -> None:
    """Queue deliveries of events, or those that exist again. Their `due_at` keeps the order of the feed."""
    now = models.now() - timedelta(microseconds=len(rows))
    values = [
        {
            "endpoint_id": endpoint_id,
            "event_key": row.id,
            "event_id": row.event_id,
            "type": row.type,
            "created_at": row.created_at,
            "queued_at": now,
            "due_at": now + timedelta(microseconds=number),
            "attempts": 0,
        }
        for number, row in enumerate(rows)
    ]
    new = database.upsert(WebhookDelivery.__table__).values(values)
    again = {name: new.excluded[name] for name in ("queued_at", "due_at", "attempts")}
    unsent = {"sent_at": None, "gave_up_at": None, "last_error": None}
    db.execute(new.on_conflict_do_update(index_elements=["event_key", "endpoint_id"], set_=again | unsent))


class Replayer(PolledThread):
    """Queue the events of replays, with each poll until they are complete."""

    def __init__(self) -> None:
        super().__init__("webhook replays", lambda _now: exists(select(WebhookReplay.id)), Signal())

    def work(self) -> None:
        """Queue the events of all replays."""
        while not self.stopping.is_set() and run():
            pass
