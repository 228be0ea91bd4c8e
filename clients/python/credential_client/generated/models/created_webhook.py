from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.webhook_health import WebhookHealth


T = TypeVar("T", bound="CreatedWebhook")


@_attrs_define
class CreatedWebhook:
    """
    Attributes:
        secret (str): Verifies the signatures of requests (Standard Webhooks). It is not shown again.
        id (int):
        url (str):
        events (list[str]):
        description (str):
        is_active (bool):
        created_at (datetime.datetime):
        health (WebhookHealth):
    """

    secret: str
    id: int
    url: str
    events: list[str]
    description: str
    is_active: bool
    created_at: datetime.datetime
    health: WebhookHealth
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.webhook_health import WebhookHealth  # noqa: PLC0415

        secret = self.secret

        id = self.id

        url = self.url

        events = self.events

        description = self.description

        is_active = self.is_active

        created_at = self.created_at.isoformat()

        health = self.health.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "secret": secret,
                "id": id,
                "url": url,
                "events": events,
                "description": description,
                "is_active": is_active,
                "created_at": created_at,
                "health": health,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.webhook_health import WebhookHealth  # noqa: PLC0415

        d = dict(src_dict)
        secret = d.pop("secret")

        id = d.pop("id")

        url = d.pop("url")

        events = cast(list[str], d.pop("events"))

        description = d.pop("description")

        is_active = d.pop("is_active")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        health = WebhookHealth.from_dict(d.pop("health"))

        created_webhook = cls(
            secret=secret,
            id=id,
            url=url,
            events=events,
            description=description,
            is_active=is_active,
            created_at=created_at,
            health=health,
        )

        created_webhook.additional_properties = d
        return created_webhook

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
