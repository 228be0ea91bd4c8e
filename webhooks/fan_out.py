"""Queue the deliveries of events to all endpoints that want them, when the events get their positions."""

from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from core.columns import UtcDateTime
from delivery.polling import Signal
from events import types
from events.models import Event
from webhooks.models import WebhookDelivery, WebhookEndpoint

queued = Signal()
COLUMNS = ("endpoint_id", "event_key", "event_id", "type", "created_at", "queued_at", "due_at", "attempts")


def on_sequenced(db: Session, sequenced: Any) -> None:
    """Queue the deliveries of events, in the transaction that gives them their positions.

    The database copies the rows, so that a thousand events a second cost the service little.
    """
    endpoints = db.execute(select(WebhookEndpoint.id, WebhookEndpoint.events).where(WebhookEndpoint.is_active)).all()
    at = literal(sequenced.at, UtcDateTime())
    for endpoint in endpoints:
        new = select(
            literal(endpoint.id), Event.id, Event.event_id, Event.type, Event.created_at, at, at, literal(0)
        ).where(
            Event.position > sequenced.after,
            Event.position <= sequenced.last,
            Event.type.in_(types.matching(endpoint.events)),
        )
        db.execute(insert(WebhookDelivery).from_select(COLUMNS, new.order_by(Event.position), include_defaults=False))
    if endpoints:
        queued.send_after_commit(db)
