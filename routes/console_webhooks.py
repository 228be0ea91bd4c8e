"""Define the pages of the administration console about webhooks."""

from typing import Annotated

from fastapi import Form, Path, Request, Response

import routes
from audit import Caller
from console import rendering, webhook_pages
from console.guards import Administrator, requires
from console.webhook_pages import ReplayForm, WebhookForm
from database import Db
from hosted_pages import destinations
from webhooks import service

router = routes.router(prefix=destinations.CONSOLE, tags=["console"], include_in_schema=False)
WebhookId = Annotated[int, Path(ge=1, lt=2**63)]
DeliveryId = Annotated[int, Path(ge=1, lt=2**63)]
READ, WRITE = requires("webhooks:read"), requires("webhooks:write")


@router.get("/webhooks", dependencies=[READ])
def webhooks(request: Request, who: Administrator) -> Response:
    return webhook_pages.listed(request, who)


@router.get("/new-webhook", dependencies=[WRITE])
def new_webhook_page(request: Request, who: Administrator) -> Response:
    return webhook_pages.new(request, who)


@router.post("/new-webhook", dependencies=[WRITE])
def create_webhook(
    body: Annotated[WebhookForm, Form()], request: Request, db: Db, caller: Caller, who: Administrator
) -> Response:
    made = service.create(db, caller, who, body.new())
    return webhook_pages.secret(request, who, made.id, made.secret)


@router.get("/webhooks/{webhook_id}", dependencies=[READ])
def webhook(webhook_id: WebhookId, request: Request, who: Administrator) -> Response:
    return webhook_pages.one(request, who)


@router.post("/webhooks/{webhook_id}", dependencies=[WRITE])
def change_webhook(
    webhook_id: WebhookId, body: Annotated[WebhookForm, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    service.change(db, caller, who, webhook_id, body.change())
    return _back(who, webhook_id, "webhook_changed")


@router.post("/webhooks/{webhook_id}/test", dependencies=[WRITE])
def test_webhook(webhook_id: WebhookId, db: Db, caller: Caller, who: Administrator) -> Response:
    service.test(db, caller, who, webhook_id)
    return _back(who, webhook_id, "webhook_tested")


@router.post("/webhooks/{webhook_id}/rotate-secret", dependencies=[WRITE])
def rotate_webhook_secret(
    webhook_id: WebhookId, request: Request, db: Db, caller: Caller, who: Administrator
) -> Response:
    made = service.rotate_secret(db, caller, who, webhook_id)
    return webhook_pages.secret(request, who, webhook_id, made.secret)


@router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/retry", dependencies=[WRITE])
def retry_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, db: Db, caller: Caller, who: Administrator
) -> Response:
    service.retry(db, caller, who, webhook_id, delivery_id)
    return _back(who, webhook_id, "webhook_retried")


@router.post("/webhooks/{webhook_id}/replay", dependencies=[WRITE])
def replay_events(
    webhook_id: WebhookId, body: Annotated[ReplayForm, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    service.replay(db, caller, who, webhook_id, body.replay())
    return _back(who, webhook_id, "webhook_replayed")


@router.get("/webhooks/{webhook_id}/delete", dependencies=[WRITE])
def delete_webhook_page(webhook_id: WebhookId, request: Request, who: Administrator) -> Response:
    return webhook_pages.delete(request, who)


@router.post("/webhooks/{webhook_id}/delete", dependencies=[WRITE])
def delete_webhook(webhook_id: WebhookId, db: Db, caller: Caller, who: Administrator) -> Response:
    service.delete(db, caller, who, webhook_id)
    return rendering.redirect_to(who, "webhooks:read", "/webhooks", "webhook_deleted")


def _back(who: Administrator, webhook_id: int, message: str) -> Response:
    return rendering.redirect_to(who, "webhooks:read", f"/webhooks/{webhook_id}", message)
