"""The capability record of webhooks, and of the figures of the login flow for Google Analytics."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.capability import Capability, ConsoleSection, Expired
from languages import translation
from settings.events import AnalyticsSettings
from settings.loading import settings
from webhooks import models as _models  # noqa: F401 - the tables exist even if the capability is disabled

DAYS_TESTS_ARE_KEPT = 30
DAYS_SENT_FIGURES_ARE_KEPT = 1
DAYS_FIGURES_ARE_KEPT = 7


def _on_events(db: Any, recorded: Sequence[Any]) -> None:
    if settings.analytics == "ga4":
        from webhooks import analytics

        analytics.write(db, recorded)


def _on_sequenced(db: Any, sequenced: Any) -> None:
    from webhooks import fan_out

    fan_out.on_sequenced(db, sequenced)


def _cleanup(now: datetime) -> Iterable[Expired]:
    from webhooks.models import AnalyticsHit, WebhookDelivery

    old = WebhookDelivery.created_at < now - timedelta(days=DAYS_TESTS_ARE_KEPT)
    # All other deliveries are deleted with their events.
    yield Expired("tests_of_webhooks", WebhookDelivery, old & WebhookDelivery.event_key.is_(None))
    hit = AnalyticsHit
    yield Expired("figures_that_were_sent", hit, hit.sent_at < now - timedelta(days=DAYS_SENT_FIGURES_ARE_KEPT))
    yield Expired("figures", hit, hit.queued_at < now - timedelta(days=DAYS_FIGURES_ARE_KEPT))


def _maintain(_batch: int) -> dict[str, int]:
    from webhooks import secrets

    return {"webhook_secrets": secrets.renew()}


def _workers() -> Sequence[Any]:
    from webhooks import replaying, sending

    if settings.analytics != "ga4":
        return [sending.worker(), replaying.Replayer()]
    from webhooks import analytics

    return [sending.worker(), replaying.Replayer(), analytics.worker()]


CAPABILITY = Capability(
    name="webhooks",
    settings=(AnalyticsSettings,),
    tables=("webhook_endpoints", "webhook_deliveries", "webhook_replays", "analytics_hits"),
    permissions=("webhooks:read", "webhooks:write"),
    audit_events={
        "webhook.created": "A webhook was created, with `detail.events`.",
        "webhook.changed": "A webhook was changed (`detail.fields`).",
        "webhook.deleted": "A webhook was deleted.",
        "webhook.secret_rotated": "The signing secret of a webhook was replaced; the old one also signs for 24 hours.",
        "webhook.tested": "A test event was sent to a webhook.",
        "webhook.retried": "A delivery was sent to a webhook again.",
        "webhook.replayed": "Events since `detail.since` were sent to a webhook again.",
        "webhook.disabled": "The service disabled a webhook (`detail.reason`): its receiver is `gone` (410), or it was "
        "`failing` for five days.",
    },
    events_without_account=(
        "webhook.created",
        "webhook.changed",
        "webhook.deleted",
        "webhook.secret_rotated",
        "webhook.tested",
        "webhook.retried",
        "webhook.replayed",
        "webhook.disabled",
    ),
    emails={"webhook_disabled": ()},
    notices={"webhook_disabled": translation.mark("a webhook that was disabled")},
    routers=(
        "routes.webhooks.router",
        *(("routes.console_webhooks.router",) if settings.hosted_pages else ()),
    ),
    console=(ConsoleSection("webhooks", "/webhooks", "webhooks:read", translation.mark("Webhooks")),),
    access={
        "admin.list_webhooks": "webhooks:read",
        "admin.read_webhook": "webhooks:read",
        "admin.list_deliveries": "webhooks:read",
        "admin.create_webhook": "webhooks:write",
        "admin.change_webhook": "webhooks:write",
        "admin.delete_webhook": "webhooks:write",
        "admin.rotate_webhook_secret": "webhooks:write",
        "admin.test_webhook": "webhooks:write",
        "admin.retry_delivery": "webhooks:write",
        "admin.replay_events": "webhooks:write",
        "console.webhooks": "webhooks:read",
        "console.webhook": "webhooks:read",
        "console.new_webhook_page": "webhooks:write",
        "console.create_webhook": "webhooks:write",
        "console.change_webhook": "webhooks:write",
        "console.test_webhook": "webhooks:write",
        "console.rotate_webhook_secret": "webhooks:write",
        "console.retry_delivery": "webhooks:write",
        "console.replay_events": "webhooks:write",
        "console.delete_webhook_page": "webhooks:write",
        "console.delete_webhook": "webhooks:write",
    },
    open_to_keys={
        "admin.list_webhooks": "webhooks:read",
        "admin.read_webhook": "webhooks:read",
        "admin.list_deliveries": "webhooks:read",
        "admin.create_webhook": "webhooks:write",
        "admin.change_webhook": "webhooks:write",
        "admin.rotate_webhook_secret": "webhooks:write",
        "admin.test_webhook": "webhooks:write",
        "admin.retry_delivery": "webhooks:write",
        "admin.replay_events": "webhooks:write",
    },
    on_events=_on_events,
    on_sequenced=_on_sequenced,
    cleanup=_cleanup,
    maintain=_maintain,
    workers=_workers,
)
