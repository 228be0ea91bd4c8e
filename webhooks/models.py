"""Define the tables of webhooks. Signing secrets are encrypted."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, true
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import WITH_NEW_IDS, BigId, UtcDateTime, rows_where
from database import Base
from models import FAILED, SENT, WAITING, now

TESTS = rows_where("event_key IS NULL")


class WebhookEndpoint(Base):
    """A URL that gets events, and the lane of its deliveries.

    events: the patterns of the events that it gets, such as `user.*`.
    sealed_previous: the secret before the last rotation, which also signs until `previous_until`.
    disabled_reason: why the service disabled it: `gone` or `failing`.
    failing_since: the first failure after the last delivery that succeeded.
    paused_until: the time until which the receiver asked to wait (`Retry-After`).
    leased_until, lease_id: the process that delivers to it.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (WITH_NEW_IDS,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(String(2048))
    events: Mapped[list[str]] = mapped_column(JSON)
    description: Mapped[str] = mapped_column(String(256))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    sealed_secret: Mapped[str] = mapped_column(Text)
    sealed_previous: Mapped[str | None] = mapped_column(Text)
    previous_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    disabled_reason: Mapped[str | None] = mapped_column(String(32))
    last_delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_id: Mapped[str | None] = mapped_column(String(36))


class WebhookDelivery(Base):
    """A delivery of an event to an endpoint. It contains no content: the request is made from the event.

    event_key: the event, or None for a test.
    response_status, response_ms: of the last attempt.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("uq_webhook_deliveries_event_key_endpoint_id", "event_key", "endpoint_id", unique=True),
        Index("ix_webhook_deliveries_endpoint_id_id", "endpoint_id", "id"),
        Index("ix_webhook_deliveries_due", "endpoint_id", "due_at", "id", **WAITING),
        Index("ix_webhook_deliveries_waiting", "endpoint_id", "id", **WAITING),
        Index("ix_webhook_deliveries_failed", "endpoint_id", "id", **FAILED),
        Index("ix_webhook_deliveries_tests", "created_at", **TESTS),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event_key: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    event_id: Mapped[str] = mapped_column(String(36))
    type: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    last_error: Mapped[str | None] = mapped_column(String(255))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gave_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    response_status: Mapped[int | None] = mapped_column()
    response_ms: Mapped[int | None] = mapped_column()


class WebhookReplay(Base):
    """Events that an endpoint gets again: those after `after`, up to `last`, by position.

    `after` advances until the row is deleted.
    """

    __tablename__ = "webhook_replays"
    __table_args__ = (WITH_NEW_IDS,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    types: Mapped[list[str]] = mapped_column(JSON)
    after: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class AnalyticsHit(Base):
    """A figure for Google Analytics, which belongs to no account. `client_id` is random, and different in each row."""

    __tablename__ = "analytics_hits"
    __table_args__ = (
        Index("ix_analytics_hits_due", "priority", "due_at", **WAITING),
        Index("ix_analytics_hits_sent", "sent_at", **SENT),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, str]] = mapped_column(JSON)
    client_id: Mapped[str] = mapped_column(String(36))
    priority: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    last_error: Mapped[str | None] = mapped_column(String(255))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gave_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
