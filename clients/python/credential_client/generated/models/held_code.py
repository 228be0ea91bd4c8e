from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="HeldCode")


@_attrs_define
class HeldCode:
    """An authorization code that was not exchanged yet in the data export, without the code itself.

    Attributes:
        client_id (str):
        scopes (str):
        resources (list[str]):
        expires_at (datetime.datetime):
    """

    client_id: str
    scopes: str
    resources: list[str]
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_id = self.client_id

        scopes = self.scopes

        resources = self.resources

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client_id": client_id,
                "scopes": scopes,
                "resources": resources,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        client_id = d.pop("client_id")

        scopes = d.pop("scopes")

        resources = cast(list[str], d.pop("resources"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        held_code = cls(
            client_id=client_id,
            scopes=scopes,
            resources=resources,
            expires_at=expires_at,
        )

        held_code.additional_properties = d
        return held_code

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
