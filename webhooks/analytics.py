"""Send the steps of sign-ups and logins to Google Analytics 4 by the Measurement Protocol, without personal data.

See https://developers.google.com/analytics/devguides/collection/protocol/ga4.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

import models
from core import http_client
from delivery.holds import ServerProblem
from delivery.leases import LeasedQueue, Undeliverable
from delivery.polling import Signal
from delivery.worker import NoConnection, Options, Worker
from settings.loading import settings
from telemetry import metrics
from webhooks.models import AnalyticsHit

SECONDS_TO_SEND = 10
LEASE = timedelta(seconds=30)
HOURS_HITS_ARE_SENT = 72  # Google Analytics ignores older ones
SENDERS = 2
MAX_VALUE_LENGTH = 100
queued = Signal()


class _Figure(NamedTuple):
    """An event of Google Analytics, and the details of the audit event that it contains."""

    name: str
    details: tuple[str, ...] = ()


FIGURES = {
    "user.signed_up": _Figure("sign_up", ("provider",)),
    "email.verified": _Figure("sign_up_verified"),
    "user.logged_in": _Figure("login", ("provider",)),
    "user.login_failed": _Figure("login_failed", ("reason", "provider")),
    "magic_link.requested": _Figure("login_link_requested"),
    "password.reset_requested": _Figure("password_reset_requested"),
    "password.reset": _Figure("password_reset"),
    "factor.added": _Figure("factor_enrolled", ("type",)),
}


def write(db: Session, recorded: Sequence[Any]) -> None:
    """Queue the figures of a transaction, before its commit. Failed logins of unknown email addresses count too."""
    hits = [_hit(FIGURES[each.action], each.detail) for each in recorded if each.action in FIGURES]
    if hits:
        db.add_all(hits)
        db.flush()
        queued.send_after_commit(db)


def _hit(figure: _Figure, detail: dict[str, Any]) -> AnalyticsHit:
    chosen = {name: detail[name] for name in figure.details if isinstance(detail.get(name), str)}
    params = {name: value[:MAX_VALUE_LENGTH] for name, value in chosen.items()}
    return AnalyticsHit(name=figure.name, params=params, client_id=str(uuid.uuid4()))


QUEUE = LeasedQueue(
    "analytics",
    AnalyticsHit,
    (
        AnalyticsHit.id,
        AnalyticsHit.name,
        AnalyticsHit.params,
        AnalyticsHit.client_id,
        AnalyticsHit.queued_at,
        AnalyticsHit.attempts,
    ),
    LEASE,
)
QUEUE.label = "analytics hit"


class Transport:
    """Sends figures to the Measurement Protocol."""

    def open(self) -> NoConnection:
        """Return nothing that has to be closed."""
        return NoConnection()

    def deliver(self, _connection: Any, row: Row[Any], _renew: Callable[[], Any]) -> None:
        """Send a figure. Raises Undeliverable, ServerProblem."""
        if models.now() - row.queued_at > timedelta(hours=HOURS_HITS_ARE_SENT):
            raise Undeliverable("it is too old")
        try:
            response = http_client.request(
                "POST",
                f"{settings.ga4_base_url}/mp/collect",
                seconds=SECONDS_TO_SEND,
                params={"measurement_id": settings.ga4_measurement_id, "api_secret": settings.ga4_api_secret},
                json=_payload(row),
            )
        except (http_client.NoResponse, http_client.InvalidResponse) as error:
            raise ServerProblem(str(error)) from error
        if not response.is_success:
            raise ServerProblem(f"status {response.status_code}, Google Analytics")

    def count(self, outcome: str) -> None:
        """Count a delivery in the metrics."""
        metrics.ANALYTICS_HITS.labels(outcome).inc()


def _payload(row: Row[Any]) -> dict[str, Any]:
    return {
        "client_id": row.client_id,
        "timestamp_micros": int(row.queued_at.timestamp() * 1_000_000),
        "consent": {"ad_user_data": "DENIED", "ad_personalization": "DENIED"},
        "events": [{"name": row.name, "params": row.params}],
    }


def worker() -> Worker:
    """Return the threads that send queued figures."""
    return Worker(QUEUE, Transport(), queued, Options(senders=SENDERS))
