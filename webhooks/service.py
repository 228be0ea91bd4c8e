"""Create, list, change, test and delete webhooks, and list, retry and replay their deliveries."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from core import batches
from core.client_address import CallerInfo
from events import sequencer, types
from events.models import Event
from languages import translation
from sessions.current_user import Current
from webhooks import fan_out, secrets
from webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookReplay
from webhooks.schemas import (
    CreatedWebhook,
    DeliveryFilters,
    NewWebhook,
    Replay,
    Webhook,
    WebhookChange,
    WebhookDeliveries,
    WebhookDeliveryOut,
    WebhookHealth,
    Webhooks,
    WebhookSecret,
)

MAX_WEBHOOKS = 50
BATCH = 1000  # deliveries that are deleted in one transaction
MAX_REPLAYS = 5  # of one webhook at a time
MOST_OUT_OF_ORDER = 10_000  # events between the commits of two that were written at the same time
TEST = "webhook.test"


def shown(endpoint: Any) -> Webhook:
    """Return a webhook without its secret."""
    status = "failing" if endpoint.failing_since else "ok" if endpoint.last_delivered_at else "new"
    health = WebhookHealth(
        status="disabled" if endpoint.disabled_reason else status,
        last_delivered_at=endpoint.last_delivered_at,
        failing_since=endpoint.failing_since,
        disabled_reason=endpoint.disabled_reason,
    )
    columns = ("id", "url", "events", "description", "is_active", "created_at")
    return Webhook(**{name: getattr(endpoint, name) for name in columns}, health=health)


def list_all() -> Webhooks:
    """Return all webhooks, oldest first."""
    rows = database.read_all(select(*WebhookEndpoint.__table__.columns).order_by(WebhookEndpoint.id))
    return Webhooks(items=[shown(row) for row in rows])


def one(webhook_id: int) -> Webhook:
    """Return a webhook. Raises NotFound."""
    return shown(_one(webhook_id))


def _one(webhook_id: int) -> Any:
    """Return the row of a webhook. Raises NotFound."""
    found = database.read(select(*WebhookEndpoint.__table__.columns).where(WebhookEndpoint.id == webhook_id))
    if found is None:
        raise errors.NotFound()
    return found


def create(db: Session, caller: CallerInfo, who: Current, body: NewWebhook) -> CreatedWebhook:
    """Create a webhook, and return it with its secret. Raises Conflict beyond fifty."""
    sequencer.run()  # so that it does not get events from before it
    database.serialize(db, "webhooks")
    if (db.scalar(select(func.count()).select_from(WebhookEndpoint)) or 0) >= MAX_WEBHOOKS:
        raise errors.Conflict(
            translation.mark("There are %(number)d webhooks already. Delete one first.", number=MAX_WEBHOOKS)
        )
    secret = secrets.create()
    endpoint = WebhookEndpoint(**body.model_dump(), sealed_secret=secrets.seal(secret))
    db.add(endpoint)
    db.flush()
    _record(db, caller, who, "webhook.created", endpoint, events=endpoint.events)
    return CreatedWebhook(**shown(endpoint).model_dump(), secret=secret)


def change(db: Session, caller: CallerInfo, who: Current, webhook_id: int, body: WebhookChange) -> Webhook:
    """Change a webhook. Another URL, or enabling it again, ends the pause and the failures. Raises NotFound."""
    sequencer.run()
    endpoint = _lock(db, webhook_id)
    values = {name: value for name, value in body.model_dump().items() if value is not None}
    is_enabled_again = values.get("is_active") and not endpoint.is_active
    if is_enabled_again:
        endpoint.disabled_reason = None
    if is_enabled_again or values.get("url", endpoint.url) != endpoint.url:
        endpoint.failing_since = endpoint.paused_until = None
    for name, value in values.items():
        setattr(endpoint, name, value)
    db.flush()
    _record(db, caller, who, "webhook.changed", endpoint, fields=sorted(values))
    fan_out.queued.send_after_commit(db)
    return shown(endpoint)


def delete(db: Session, caller: CallerInfo, who: Current, webhook_id: int) -> None:
    """Delete a webhook with its deliveries. Raises NotFound.

    Deliveries are deleted in batches before, because there may be millions. If that is interrupted, a repetition
    continues it.
    """
    with database.transaction() as first:
        endpoint = _lock(first, webhook_id)
        if endpoint.is_active:
            endpoint.is_active = False
            first.flush()
            _record(first, caller, who, "webhook.changed", endpoint, fields=["is_active"])
    batches.repeat(lambda: _delete_deliveries(webhook_id), BATCH)
    endpoint = _lock(db, webhook_id)
    db.delete(endpoint)
    db.flush()
    _record(db, caller, who, "webhook.deleted", endpoint)


def _delete_deliveries(webhook_id: int) -> int:
    some = select(WebhookDelivery.id).where(WebhookDelivery.endpoint_id == webhook_id).limit(BATCH)
    with database.transaction() as db:
        gone = delete_rows(WebhookDelivery).where(WebhookDelivery.id.in_(some)).returning(WebhookDelivery.id)
        return len(db.execute(gone.execution_options(synchronize_session=False)).all())


def rotate_secret(db: Session, caller: CallerInfo, who: Current, webhook_id: int) -> WebhookSecret:
    """Replace the secret of a webhook. The old one also signs for 24 hours. Raises NotFound."""
    endpoint, secret = _lock(db, webhook_id), secrets.create()
    endpoint.sealed_previous, endpoint.previous_until = endpoint.sealed_secret, models.now() + secrets.BOTH_SIGN_FOR
    endpoint.sealed_secret = secrets.seal(secret)
    db.flush()
    _record(db, caller, who, "webhook.secret_rotated", endpoint)
    return WebhookSecret(secret=secret)


def test(db: Session, caller: CallerInfo, who: Current, webhook_id: int) -> None:
    """Queue a test event for a webhook. Raises NotFound, Conflict if it is not active."""
    endpoint = _lock_active(db, webhook_id)
    db.add(WebhookDelivery(endpoint_id=endpoint.id, event_id=models.new_id(), type=TEST))
    db.flush()
    _record(db, caller, who, "webhook.tested", endpoint)
    _deliver_now(db, endpoint)


def _deliver_now(db: Session, endpoint: WebhookEndpoint) -> None:
    endpoint.paused_until = None
    db.flush()
    fan_out.queued.send_after_commit(db)


def _lock(db: Session, webhook_id: int) -> WebhookEndpoint:
    """Return a locked webhook. Raises NotFound."""
    found = db.scalar(select(WebhookEndpoint).where(WebhookEndpoint.id == webhook_id).with_for_update())
    if found is None:
        raise errors.NotFound()
    return found


def _lock_active(db: Session, webhook_id: int) -> WebhookEndpoint:
    endpoint = _lock(db, webhook_id)
    if not endpoint.is_active:
        raise errors.Conflict(translation.mark("The webhook is not active. Enable it first."))
    return endpoint


def _record(db: Session, caller: CallerInfo, who: Current, action: str, of: WebhookEndpoint, **detail: object) -> None:
    audit.record(db, caller, action, None, actor_id=who.user.user_id, webhook_id=of.id, **detail)


# ----------------------------------------------------------------------------------------------------------- deliveries


def deliveries(webhook_id: int, filters: DeliveryFilters) -> WebhookDeliveries:
    """Return a page of the deliveries of a webhook, newest first. Raises NotFound."""
    endpoint, delivery = _one(webhook_id), WebhookDelivery
    conditions: dict[str | None, tuple[Any, ...]] = {
        None: (),
        "pending": (delivery.sent_at.is_(None), delivery.gave_up_at.is_(None)),
        "delivered": (delivery.sent_at.is_not(None),),
        "failed": (delivery.gave_up_at.is_not(None),),
    }
    chosen = select(*delivery.__table__.columns).where(delivery.endpoint_id == webhook_id, *conditions[filters.status])
    if filters.cursor:
        chosen = chosen.where(delivery.id < int(filters.cursor))
    rows, cursor = filters.split(database.read_all(chosen.order_by(delivery.id.desc()).limit(filters.limit + 1)))
    return WebhookDeliveries(items=[_shown_delivery(endpoint, row) for row in rows], next_cursor=cursor)


def _shown_delivery(endpoint: Any, row: Any) -> WebhookDeliveryOut:
    is_pending = row.sent_at is None and row.gave_up_at is None
    return WebhookDeliveryOut(
        id=row.id,
        event_id=row.event_id,
        type=row.type,
        status="pending" if is_pending else "failed" if row.gave_up_at else "delivered",
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=max(row.due_at, endpoint.paused_until or row.due_at) if is_pending else None,
        response_status=row.response_status,
        response_ms=row.response_ms,
        error=row.last_error,
    )


def retry(db: Session, caller: CallerInfo, who: Current, webhook_id: int, delivery_id: int) -> None:
    """Send a delivery now, whatever its status, and begin its schedule again.

    Raises NotFound, Conflict if the webhook is not active.
    """
    endpoint = _lock_active(db, webhook_id)
    which = WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.id == delivery_id
    due = {"due_at": models.now(), "queued_at": models.now(), "attempts": 0, "sent_at": None, "gave_up_at": None}
    found = db.execute(update(WebhookDelivery).where(*which).values(due).returning(WebhookDelivery.event_id)).first()
    if found is None:
        raise errors.NotFound()
    _record(db, caller, who, "webhook.retried", endpoint, delivery_id=delivery_id)
    _deliver_now(db, endpoint)


def replay(db: Session, caller: CallerInfo, who: Current, webhook_id: int, body: Replay) -> None:
    """Send events again that are still kept, with their ids. A worker queues them bit by bit.

    Raises NotFound, and Conflict if the webhook is not active or gets several replays already.
    """
    endpoint = _lock_active(db, webhook_id)
    running = select(func.count()).select_from(WebhookReplay).where(WebhookReplay.endpoint_id == endpoint.id)
    if (db.scalar(running) or 0) >= MAX_REPLAYS:
        raise errors.Conflict(
            translation.mark("Several replays to this webhook are already running. Wait until they are done.")
        )
    patterns, until = body.events or endpoint.events, body.until or models.now() + timedelta(seconds=1)
    first, last = _positions(db, body.since, until)
    db.add(
        WebhookReplay(
            endpoint_id=endpoint.id,
            since=body.since,
            until=until,
            types=types.matching(patterns),
            after=first - 1,
            last=last,
        )
    )
    db.flush()
    _record(db, caller, who, "webhook.replayed", endpoint, since=body.since.isoformat(), events=patterns)
    _deliver_now(db, endpoint)


def _positions(db: Session, since: datetime, until: datetime) -> tuple[int, int]:
    """Return the positions between which the events of a period are, so that a replay reads no others.

    An event of a long transaction has a later position than its time suggests, so look at several events.
    """
    period = select(Event.position, Event.created_at).where(Event.created_at >= since, Event.created_at <= until)
    oldest = period.order_by(Event.created_at).limit(MOST_OUT_OF_ORDER).subquery()
    newest = period.order_by(Event.created_at.desc()).limit(MOST_OUT_OF_ORDER).subquery()
    return db.scalar(select(func.min(oldest.c.position))) or 1, db.scalar(select(func.max(newest.c.position))) or 0
