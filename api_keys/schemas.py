"""Define the request and response schemas of API keys."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, field_validator

import models
from api_keys import scopes
from core import display_names
from languages import translation
from schemas import FutureTimestamp, Id, Input, Presence, PublicId, Schema, Timestamp
from schemas_admin import NextCursor, UuidPage
from settings import addresses, value_types

MAX_NETWORKS = 50
MAX_OVERLAP_SECONDS = 86_400


def _scope(value: str) -> str:
    if value not in scopes.ALL:
        raise ValueError(translation.mark("is not a scope"))
    return value


def _network(value: str) -> str:
    try:
        return addresses.network(value.strip(), strict=True)
    except ValueError:
        raise ValueError(translation.mark("must be an IP address or a network such as 203.0.113.0/24")) from None


def _text(value: Any) -> Any:
    if value is not None and not isinstance(value, str | datetime):
        raise ValueError(translation.mark("must be a time such as 2027-01-31T12:00:00Z"))
    return value


def _in_the_future(value: datetime) -> datetime:
    try:
        at = value.astimezone(UTC)
    except OverflowError:
        raise ValueError(translation.mark("is out of range")) from None
    if at <= models.now():
        raise ValueError(translation.mark("must be in the future"))
    return at


def _rate_limit(value: str) -> str:
    try:
        return value_types.rate(value)
    except ValueError:
        raise ValueError(translation.mark("must be a limit such as 100/minute")) from None


def _unique(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Name = Annotated[str, Field(max_length=256, examples=["Nightly report"]), AfterValidator(display_names.check)]
Scope = Annotated[str, Field(max_length=64), AfterValidator(_scope)]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=100, examples=[["profile"]]), AfterValidator(_unique)]
End = Annotated[
    AwareDatetime,
    Field(strict=False, examples=["2027-03-14T00:00:00Z"]),
    AfterValidator(_in_the_future),
    BeforeValidator(_text),
]
Network = Annotated[str, Field(max_length=64), AfterValidator(_network)]
Networks = Annotated[
    list[Network], Field(max_length=MAX_NETWORKS, examples=[["203.0.113.0/24"]]), AfterValidator(_unique)
]
ScopesOut = Annotated[list[str], Field(examples=[["profile"]])]
KeyName = Annotated[str, Field(examples=["Nightly report"])]


class NewApiKey(Presence):
    """A name, what the key may do, and proof that the request comes from the owner."""

    name: Name
    scopes: Scopes
    expires_at: End | None = Field(None, description="When the key ends. Without it, never.")
    allowed_ips: Networks | None = Field(
        None, description="The networks from which the key may be used. Without any, from anywhere."
    )


class RenamedApiKey(Input):
    name: Name


class ApiKeyRotation(Presence):
    """How long the old key remains valid, and proof that the request comes from the owner."""

    overlap_seconds: int = Field(0, ge=0, le=MAX_OVERLAP_SECONDS)


class ApiKeyOut(Schema):
    """An API key, without the key itself."""

    model_config = ConfigDict(from_attributes=True, title="ApiKey")

    id: Id
    name: KeyName
    prefix: str = Field(description="The first characters of the key.", examples=["csk_3kTq8ZrV"])
    scopes: ScopesOut
    allowed_ips: list[str] = Field(examples=[["203.0.113.0/24"]])
    rate_limit: str | None = Field(description="Null: `RATE_LIMIT_API_KEY`.", examples=["100/minute"])
    created_at: Timestamp
    last_used_at: Timestamp | None = Field(description="Accurate to a minute.")
    expires_at: FutureTimestamp | None

    @field_validator("scopes", "allowed_ips", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (value or "").split() if value is None or isinstance(value, str) else value


class CreatedApiKey(ApiKeyOut):
    model_config = ConfigDict(title="CreatedApiKey")

    key: str = Field(
        description="The key. It is not shown again.", examples=["csk_3kTq8ZrVw1yB5nHd7sJf0LgXc2mPaE4uRi9o"]
    )


class ApiKeys(Schema):
    items: list[ApiKeyOut]


class ManagedApiKey(ApiKeyOut):
    model_config = ConfigDict(title="ManagedApiKey")

    user_id: Id


class ManagedApiKeys(Schema):
    items: list[ManagedApiKey]
    next_cursor: NextCursor


class ApiKeyFilters(UuidPage):
    user_id: PublicId | None = Field(None, description="Only the keys of this user.")


RateLimit = Annotated[str, Field(max_length=64), AfterValidator(_rate_limit)]


class ApiKeyChange(Input):
    rate_limit: RateLimit | None = Field(
        description="The key's own rate limit, such as `100/minute`. Null: `RATE_LIMIT_API_KEY`.",
        examples=["100/minute"],
    )


class HeldApiKey(Schema):
    """An API key in the data export."""

    id: Id
    name: KeyName
    prefix: str = Field(examples=["csk_3kTq8ZrV"])
    scopes: str = Field(examples=["profile sessions"])
    allowed_ips: str | None = Field(examples=["203.0.113.0/24"])
    rate_limit: str | None = Field(examples=["100/minute"])
    created_at: Timestamp
    rotated_at: Timestamp | None
    last_used_at: Timestamp | None
    expires_at: FutureTimestamp | None
    reminded_at: Timestamp | None
