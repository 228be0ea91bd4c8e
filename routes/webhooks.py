"""Define the routes of webhooks, for administrators and their programs."""

import re
from typing import Annotated

from fastapi import Path, Query
from pydantic import BeforeValidator

import errors
import routes
from audit import Caller
from database import Db
from sessions.current_user import CurrentUser, requires
from web.openapi import documented
from webhooks import service
from webhooks.schemas import (
    CreatedWebhook,
    DeliveryFilters,
    NewWebhook,
    Replay,
    Webhook,
    WebhookChange,
    WebhookDeliveries,
    Webhooks,
    WebhookSecret,
)

router = routes.router(
    prefix="/admin/webhooks", tags=["admin"], responses=documented(errors.NotAuthenticated, errors.Forbidden)
)


def _number(text: str) -> int:
    """Return 0, which is the id of nothing, for what is no id: it is then not found, like an unknown id."""
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else 0


WebhookId = Annotated[int, BeforeValidator(_number), Path(description="The webhook's id.", examples=[3])]
DeliveryId = Annotated[int, BeforeValidator(_number), Path(description="The delivery's id.", examples=[4711])]
READ, WRITE = requires("webhooks:read"), requires("webhooks:write")
FOUND = documented(errors.NotFound, errors.ValidationFailed)


@router.get("", dependencies=[READ])
def list_webhooks() -> Webhooks:
    """List all webhooks, oldest first, without their secrets. Requires `webhooks:read`."""
    return service.list_all()


@router.post("", status_code=201, dependencies=[WRITE], responses=documented(errors.Conflict, errors.ValidationFailed))
def create_webhook(body: NewWebhook, db: Db, caller: Caller, who: CurrentUser) -> CreatedWebhook:
    """Create a webhook. The response contains its secret, which is not shown again. Requires `webhooks:write`.

    Requests are signed according to Standard Webhooks. The URL must be https and public.
    """
    return service.create(db, caller, who, body)


@router.get("/{webhook_id}", dependencies=[READ], responses=FOUND)
def read_webhook(webhook_id: WebhookId) -> Webhook:
    """Get a webhook. Requires `webhooks:read`."""
    return service.one(webhook_id)


@router.patch("/{webhook_id}", dependencies=[WRITE], responses=FOUND)
def change_webhook(webhook_id: WebhookId, body: WebhookChange, db: Db, caller: Caller, who: CurrentUser) -> Webhook:
    """Change a webhook, or enable or disable it. Requires `webhooks:write`."""
    return service.change(db, caller, who, webhook_id, body)


@router.delete("/{webhook_id}", status_code=204, dependencies=[WRITE], responses=FOUND)
def delete_webhook(webhook_id: WebhookId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Delete a webhook and its deliveries. Requires `webhooks:write`."""
    service.delete(db, caller, who, webhook_id)


@router.post("/{webhook_id}/rotate-secret", dependencies=[WRITE], responses=FOUND)
def rotate_webhook_secret(webhook_id: WebhookId, db: Db, caller: Caller, who: CurrentUser) -> WebhookSecret:
    """Replace the secret of a webhook. Both secrets sign for 24 hours. Requires `webhooks:write`."""
    return service.rotate_secret(db, caller, who, webhook_id)


@router.post(
    "/{webhook_id}/test",
    status_code=202,
    dependencies=[WRITE],
    responses=documented(errors.NotFound, errors.Conflict, errors.ValidationFailed),
)
def test_webhook(webhook_id: WebhookId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Send a test event (`webhook.test`) to a webhook. Requires `webhooks:write`."""
    service.test(db, caller, who, webhook_id)


@router.get("/{webhook_id}/deliveries", dependencies=[READ], responses=FOUND)
def list_deliveries(webhook_id: WebhookId, filters: Annotated[DeliveryFilters, Query()]) -> WebhookDeliveries:
    """List the deliveries of a webhook, newest first. Requires `webhooks:read`."""
    return service.deliveries(webhook_id, filters)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/retry",
    status_code=202,
    dependencies=[WRITE],
    responses=documented(errors.NotFound, errors.Conflict, errors.ValidationFailed),
)
def retry_delivery(webhook_id: WebhookId, delivery_id: DeliveryId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Send a delivery again, with the same event and id. Requires `webhooks:write`."""
    service.retry(db, caller, who, webhook_id, delivery_id)


@router.post(
    "/{webhook_id}/replay",
    status_code=202,
    dependencies=[WRITE],
    responses=documented(errors.NotFound, errors.Conflict, errors.ValidationFailed),
)
def replay_events(webhook_id: WebhookId, body: Replay, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Send the events of a period again, with the same ids. Requires `webhooks:write`."""
    service.replay(db, caller, who, webhook_id, body)
