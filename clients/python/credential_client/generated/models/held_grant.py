from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.held_grant_consents_type_0 import HeldGrantConsentsType0


T = TypeVar("T", bound="HeldGrant")


@_attrs_define
class HeldGrant:
    """A grant in the data export.

    Attributes:
        id (str):
        client_id (str):
        name (str):
        scopes (str):
        resources (list[str]):
        consents (HeldGrantConsentsType0 | None): The scopes that you allowed, by the API that they are for.
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        last_used_at (datetime.datetime | None):
    """

    id: str
    client_id: str
    name: str
    scopes: str
    resources: list[str]
    consents: HeldGrantConsentsType0 | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    last_used_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.held_grant_consents_type_0 import HeldGrantConsentsType0  # noqa: PLC0415

        id = self.id

        client_id = self.client_id

        name = self.name

        scopes = self.scopes

        resources = self.resources

        consents: dict[str, Any] | None
        if isinstance(self.consents, HeldGrantConsentsType0):
            consents = self.consents.to_dict()
        else:
            consents = self.consents

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "client_id": client_id,
                "name": name,
                "scopes": scopes,
                "resources": resources,
                "consents": consents,
                "created_at": created_at,
                "updated_at": updated_at,
                "last_used_at": last_used_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.held_grant_consents_type_0 import HeldGrantConsentsType0  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        client_id = d.pop("client_id")

        name = d.pop("name")

        scopes = d.pop("scopes")

        resources = cast(list[str], d.pop("resources"))

        def _parse_consents(data: object) -> HeldGrantConsentsType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                consents_type_0 = HeldGrantConsentsType0.from_dict(data)

                return consents_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HeldGrantConsentsType0 | None, data)

        consents = _parse_consents(d.pop("consents"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

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

        held_grant = cls(
            id=id,
            client_id=client_id,
            name=name,
            scopes=scopes,
            resources=resources,
            consents=consents,
            created_at=created_at,
            updated_at=updated_at,
            last_used_at=last_used_at,
        )

        held_grant.additional_properties = d
        return held_grant

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
