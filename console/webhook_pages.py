"""Render the pages of webhooks, and define their forms."""

from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import AfterValidator, BeforeValidator, Field

import schemas
from console import filters
from console.rendering import form, show
from events.schemas import known_pattern
from languages import translation
from schemas_admin import Description
from sessions.current_user import Current
from webhooks import service
from webhooks.schemas import At, DeliveryFilters, NewWebhook, Replay, Url, WebhookChange

SECTION = "webhooks"
STATUSES = {
    "pending": translation.mark("waiting"),
    "delivered": translation.mark("delivered"),
    "failed": translation.mark("failed"),
}


def _known(value: str) -> str:
    """Return patterns that are separated by spaces or commas. Raises ValueError for an unknown one."""
    found = value.replace(",", " ").split()
    for each in found:
        known_pattern(each)
    return " ".join(found)


def _or_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Events = Annotated[str, Field(min_length=1, max_length=4096), AfterValidator(_known)]


class WebhookForm(schemas.Schema):
    """A webhook. A box that is not checked disables it."""

    url: Url
    events: Events
    description: Description = ""
    is_active: bool = False

    def new(self) -> NewWebhook:
        """Return the webhook to create."""
        return NewWebhook(url=self.url, events=self.events.split(), description=self.description)

    def change(self) -> WebhookChange:
        """Return the change of an existing webhook."""
        return WebhookChange.model_validate({**self.model_dump(), "events": self.events.split()})


class ReplayForm(schemas.Schema):
    """The period whose events are sent again."""

    since: At
    until: Annotated[At | None, BeforeValidator(_or_none)] = Field(None)

    def replay(self) -> Replay:
        """Return the replay of all events that the webhook gets."""
        return Replay(since=self.since, until=self.until)


def listed(request: Request, who: Current) -> Response:
    return show(request, who, "webhooks", SECTION, webhooks=service.list_all().items)


def new(request: Request, who: Current) -> Response:
    return show(request, who, "new_webhook", SECTION)


def one(request: Request, who: Current) -> Response:
    """Show a webhook with its deliveries."""
    webhook = service.one(int(request.path_params["webhook_id"]))
    chosen = filters.read(DeliveryFilters, request)
    found = service.deliveries(webhook.id, chosen)
    older = filters.as_query(chosen, cursor=found.next_cursor) if found.next_cursor else None
    return show(
        request, who, "webhook", SECTION, webhook=webhook, deliveries=found.items, chosen=chosen, older=older,
        statuses=STATUSES,
    )  # fmt: skip


def secret(request: Request, who: Current, webhook_id: int, value: str) -> Response:
    """Show a new signing secret once."""
    return show(request, who, "webhook_secret", SECTION, webhook_id=webhook_id, secret=value)


def delete(request: Request, who: Current) -> Response:
    return show(request, who, "delete_webhook", SECTION, webhook=service.one(int(request.path_params["webhook_id"])))


form("/new-webhook", new)
for _path in ("", "/test", "/rotate-secret", "/replay", "/deliveries/{delivery_id}/retry"):
    form(f"/webhooks/{{webhook_id}}{_path}", one, "webhooks:read")
form("/webhooks/{webhook_id}/delete", delete)
