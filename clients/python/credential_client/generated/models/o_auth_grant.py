from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="OAuthGrant")


@_attrs_define
class OAuthGrant:
    """What the user has granted to an application.

    Attributes:
        client_id (str):
        name (str):
        logo_uri (None | str):
        scopes (list[str]):
        resources (list[str]):
        first_party (bool): Whether it belongs to this service, and needs no consent.
        created_at (datetime.datetime):
        last_used_at (datetime.datetime | None):
    """

    client_id: str
    name: str
    logo_uri: None | str
    scopes: list[str]
    resources: list[str]
    first_party: bool
    created_at: datetime.datetime
    last_used_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_id = self.client_id

        name = self.name

        logo_uri: None | str
        logo_uri = self.logo_uri

        scopes = self.scopes

        resources = self.resources

        first_party = self.first_party

        created_at = self.created_at.isoformat()

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client_id": client_id,
                "name": name,
                "logo_uri": logo_uri,
                "scopes": scopes,
                "resources": resources,
                "first_party": first_party,
                "created_at": created_at,
                "last_used_at": last_used_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        client_id = d.pop("client_id")

        name = d.pop("name")

        def _parse_logo_uri(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        logo_uri = _parse_logo_uri(d.pop("logo_uri"))

        scopes = cast(list[str], d.pop("scopes"))

        resources = cast(list[str], d.pop("resources"))

        first_party = d.pop("first_party")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_last_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at"))

        o_auth_grant = cls(
            client_id=client_id,
            name=name,
            logo_uri=logo_uri,
            scopes=scopes,
            resources=resources,
            first_party=first_party,
            created_at=created_at,
            last_used_at=last_used_at,
        )

        o_auth_grant.additional_properties = d
        return o_auth_grant

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
