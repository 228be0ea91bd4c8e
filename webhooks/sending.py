"""Send due deliveries to their endpoints, and disable endpoints that are gone or fail for days."""

import random
import time
from collections.abc import Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, update

import database
import models
from core import webhook_signatures
from delivery import retry_after
from delivery.lanes import LEASE, LaneQueue, LaneWorker, Outcome
from delivery.leases import Undeliverable
from events import feed
from events.models import Event
from events.schemas import AccountEvent
from settings.version import VERSION
from telemetry import metrics
from webhooks import disabling, fan_out, secrets
from webhooks.models import WebhookDelivery, WebhookEndpoint

SECONDS_TO_SEND = 10
MAX_RESPONSE_BYTES = 64 * 1024
# After each failed attempt, in seconds.
SCHEDULE = (5, 30, 2 * 60, 15 * 60, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
JITTER = 0.1  # of each delay, so that not all retries come at once
FAILING_LIMIT = timedelta(days=5)
SECONDS_BETWEEN_NOTES = 10  # of the last delivery
GONE = 410


class Failed(Exception):
    """An endpoint that did not accept a delivery.

    details: the columns of the delivery to set.
    retry_after: how long the receiver asked to wait.
    """

    def __init__(self, message: str, details: dict[str, Any], asked: timedelta | None = None) -> None:
        super().__init__(message)
        self.details, self.retry_after = details, asked


class Gone(Undeliverable):
    """An endpoint that responded with 410: it wants no more events."""

    stops_lane = True

    def __init__(self, details: dict[str, Any]) -> None:
        super().__init__(f"status {GONE}")
        self.details = details


class _Queue(LaneQueue):
    """The deliveries. Each endpoint is a lane."""

    def is_open(self, now: Any) -> ColumnElement[bool]:
        return WebhookEndpoint.is_active & super().is_open(now)

    def delay(self, row: Row[Any], _error: Exception) -> timedelta | None:
        if row.attempts >= len(SCHEDULE):
            return None
        return timedelta(seconds=SCHEDULE[row.attempts] * random.uniform(1, 1 + JITTER))  # noqa: S311 - no secret


_ROW = (
    WebhookDelivery.id,
    WebhookDelivery.event_key,
    WebhookDelivery.event_id,
    WebhookDelivery.type,
    WebhookDelivery.created_at,
    WebhookDelivery.queued_at,
    WebhookDelivery.attempts,
    select(Event.user_id).where(Event.id == WebhookDelivery.event_key).scalar_subquery().label("user_id"),
)
QUEUE = _Queue("webhooks", WebhookDelivery, _ROW, LEASE).set_lanes(
    WebhookDelivery.endpoint_id, WebhookEndpoint, WebhookEndpoint.url, WebhookEndpoint.paused_until
)
QUEUE.label = "webhook delivery"


class Transport:
    """Sends deliveries as signed requests (Standard Webhooks)."""

    def connect(self, _lane: Row[Any]) -> AbstractAsyncContextManager[Any]:
        """Return a client for several requests to the endpoint."""
        from core import http_client  # its library takes a while to load, and is not needed without endpoints

        return http_client.public_client()

    def chain(self, row: Row[Any]) -> Hashable:
        """Return the user, whose events are sent in order."""
        user_id: str | None = row.user_id
        return user_id or int(row.id)

    def prepare(self, row: Row[Any]) -> tuple[str, bytes]:
        """Return the id and the body of a request: the event as it is now, reduced if its account was deleted."""
        if row.event_key is None:
            return row.event_id, _json(AccountEvent(id=row.event_id, type=row.type, created_at=row.created_at, data={}))
        found = database.read(select(*feed.COLUMNS).where(Event.id == row.event_key))
        if found is None:
            raise Undeliverable("the event has expired")
        return row.event_id, _json(feed.shown(found))

    async def deliver(self, client: Any, lane: Row[Any], prepared: tuple[str, bytes]) -> dict[str, Any]:
        """Send a request, and return its status and duration. Raises Failed, Gone."""
        from core import http_client

        event_id, body = prepared
        signing = secrets.of(lane)
        if not signing:
            raise Failed("its secret was encrypted with an unknown JWT_SECRET", {})
        signed = webhook_signatures.headers(signing, event_id, int(time.time()), body)
        began = time.monotonic()
        try:
            response = await http_client.send_unread(
                client,
                lane.url,
                seconds=SECONDS_TO_SEND,
                max_bytes=MAX_RESPONSE_BYTES,
                content=body,
                headers={**signed, "Content-Type": "application/json", "User-Agent": f"credential-service/{VERSION}"},
            )
        except (http_client.NoResponse, http_client.ForbiddenAddress) as error:
            raise Failed(str(error), {"response_status": None, "response_ms": _since(began)}) from error
        details = {"response_status": response.status_code, "response_ms": _since(began)}
        metrics.WEBHOOK_DURATION.observe(time.monotonic() - began)
        if response.status_code == GONE:
            raise Gone(details)
        if not response.is_success:
            asked = retry_after.parse(response.headers.get("retry-after"))
            raise Failed(f"status {response.status_code}", details, asked)
        return details

    def note(self, outcomes: Sequence[Outcome]) -> None:
        """Record with the endpoint whether it accepts deliveries, and disable it if it is gone or fails for days.

        The results of a URL that was replaced during the batch change nothing.
        """
        by_url: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            by_url.setdefault(outcome.lane.url, []).append(outcome)
        for each in by_url.values():
            self._note(each[-1].lane, [outcome.error for outcome in each])

    def _note(self, lane: Row[Any], found: Sequence[Exception | None]) -> None:
        now, endpoint = models.now(), QUEUE.has_url(lane)
        if any(isinstance(error, Gone) for error in found):
            disabling.disable(lane.id, "gone", endpoint)
        elif None in found:
            stale = or_(
                WebhookEndpoint.failing_since.is_not(None),
                WebhookEndpoint.last_delivered_at.is_(None),
                WebhookEndpoint.last_delivered_at < now - timedelta(seconds=SECONDS_BETWEEN_NOTES),
            )
            noted = update(WebhookEndpoint).where(endpoint, stale)
            database.write_only(noted.values(last_delivered_at=now, failing_since=None))
        elif lane.failing_since and lane.failing_since < now - FAILING_LIMIT:
            disabling.disable(lane.id, "failing", endpoint & (WebhookEndpoint.failing_since < now - FAILING_LIMIT))
        elif not lane.failing_since:
            failing = update(WebhookEndpoint).where(endpoint, WebhookEndpoint.failing_since.is_(None))
            database.write_only(failing.values(failing_since=now))

    def count(self, outcome: str) -> None:
        """Count a delivery in the metrics."""
        metrics.WEBHOOK_DELIVERIES.labels(outcome).inc()


def _json(event: AccountEvent) -> bytes:
    return event.model_dump_json().encode()


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def worker() -> LaneWorker:
    """Return the thread that sends due deliveries."""
    return LaneWorker(QUEUE, Transport(), fan_out.queued)
