"""Define the request and response schemas of webhooks."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field

from events.schemas import Pattern
from languages import translation
from schemas import Input, Number, Schema, Timestamp
from schemas_admin import Description, NextCursor, Page

Status = Literal["pending", "delivered", "failed"]


def _url(value: str) -> str:
    from core import http_client  # its library takes a while to load, and is rarely needed

    try:
        http_client.require_allowed_url(value)
    except http_client.ForbiddenAddress as error:
        raise ValueError(str(error)) from None
    return value


def _unique(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _text(value: Any) -> Any:
    if value is not None and not isinstance(value, str | datetime):
        raise ValueError(translation.mark("must be a time such as 2027-01-31T12:00:00Z"))
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(translation.mark("is out of range")) from None


Url = Annotated[str, Field(max_length=2048, examples=["https://crm.example.com/hooks/users"]), AfterValidator(_url)]
Patterns = Annotated[list[Pattern], Field(min_length=1, max_length=100, examples=[["user.*"]]), AfterValidator(_unique)]
At = Annotated[
    AwareDatetime,
    Field(strict=False, examples=["2026-03-14T00:00:00Z"]),
    AfterValidator(_in_utc),
    BeforeValidator(_text),
]


class NewWebhook(Input):
    """The URL that gets events, and which events it gets."""

    url: Url
    events: Patterns = Field(description="Types of events, groups such as `user.*`, or `*`: see docs/events.md.")
    description: Description = Field("", examples=["CRM"])
    is_active: bool = Field(True, description="Whether it gets events.")


class WebhookChange(Input):
    """The fields to change. Omitted fields keep their values."""

    url: Url | None = None
    events: Patterns | None = None
    description: Description | None = None
    is_active: bool | None = Field(
        None, examples=[True], description="Whether it gets events. True also enables a disabled one again."
    )


class WebhookHealth(Schema):
    status: Literal["new", "ok", "failing", "disabled"] = Field(
        description="`new`: nothing was delivered yet. `failing`: the last deliveries failed. `disabled`: the service "
        "disabled it.",
        examples=["ok"],
    )
    last_delivered_at: Timestamp | None = Field(description="Accurate to ten seconds.")
    failing_since: Timestamp | None
    disabled_reason: str | None = Field(
        description="`gone` (the receiver responded with 410) or `failing` (for five days).", examples=[None]
    )


class Webhook(Schema):
    model_config = ConfigDict(from_attributes=True)

    id: Number
    url: str = Field(examples=["https://crm.example.com/hooks/users"])
    events: list[str] = Field(examples=[["user.*"]])
    description: str = Field(examples=["CRM"])
    is_active: bool = Field(examples=[True])
    created_at: Timestamp
    health: WebhookHealth


class WebhookSecret(Schema):
    secret: str = Field(
        description="Verifies the signatures of requests (Standard Webhooks). It is not shown again.",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )


class CreatedWebhook(Webhook, WebhookSecret):
    model_config = ConfigDict(title="CreatedWebhook")


class Webhooks(Schema):
    items: list[Webhook]


class DeliveryFilters(Page):
    status: Status | None = Field(None, description="Only deliveries with this status.")


class WebhookDeliveryOut(Schema):
    """A delivery of an event to a webhook."""

    model_config = ConfigDict(from_attributes=True, title="WebhookDelivery")

    id: Number
    event_id: str = Field(examples=["0198c7f2-b2c4-7a6e-8f10-8b2d3e4f5a61"])
    type: str = Field(examples=["user.renamed"])
    status: Status = Field(examples=["delivered"])
    attempts: int = Field(examples=[1])
    created_at: Timestamp = Field(description="The time of the event.")
    next_attempt_at: Timestamp | None = Field(description="Null unless it is pending.")
    response_status: int | None = Field(description="HTTP status of the last response.", examples=[200])
    response_ms: int | None = Field(description="Duration of the last attempt in milliseconds.", examples=[87])
    error: str | None = Field(description="Why the last attempt failed.", examples=[None])


class WebhookDeliveries(Schema):
    items: list[WebhookDeliveryOut]
    next_cursor: NextCursor


class Replay(Input):
    """The events to send again: from `since` to `until`, by default until now."""

    since: At
    until: At | None = None
    events: Patterns | None = Field(None, description="By default the events that the webhook gets.")
