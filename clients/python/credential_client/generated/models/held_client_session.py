from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="HeldClientSession")


@_attrs_define
class HeldClientSession:
    """A login to an application in the data export.

    Attributes:
        id (str):
        client_id (str):
        scopes (str):
        resources (list[str]):
        created_at (datetime.datetime):
        last_used_at (datetime.datetime):
        expires_at (datetime.datetime):
        ends_at (datetime.datetime):
    """

    id: str
    client_id: str
    scopes: str
    resources: list[str]
    created_at: datetime.datetime
    last_used_at: datetime.datetime
    expires_at: datetime.datetime
    ends_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        client_id = self.client_id

        scopes = self.scopes

        resources = self.resources

        created_at = self.created_at.isoformat()

        last_used_at = self.last_used_at.isoformat()

        expires_at = self.expires_at.isoformat()

        ends_at = self.ends_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "client_id": client_id,
                "scopes": scopes,
                "resources": resources,
                "created_at": created_at,
                "last_used_at": last_used_at,
                "expires_at": expires_at,
                "ends_at": ends_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        client_id = d.pop("client_id")

        scopes = d.pop("scopes")

        resources = cast(list[str], d.pop("resources"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        last_used_at = datetime.datetime.fromisoformat(d.pop("last_used_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        ends_at = datetime.datetime.fromisoformat(d.pop("ends_at"))

        held_client_session = cls(
            id=id,
            client_id=client_id,
            scopes=scopes,
            resources=resources,
            created_at=created_at,
            last_used_at=last_used_at,
            expires_at=expires_at,
            ends_at=ends_at,
        )

        held_client_session.additional_properties = d
        return held_client_session

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
