from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.held_event_data_type_0 import HeldEventDataType0


T = TypeVar("T", bound="HeldEvent")


@_attrs_define
class HeldEvent:
    """An event in the data export.

    Attributes:
        event_id (str):
        type_ (str):
        created_at (datetime.datetime):
        data (HeldEventDataType0 | None):
    """

    event_id: str
    type_: str
    created_at: datetime.datetime
    data: HeldEventDataType0 | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.held_event_data_type_0 import HeldEventDataType0  # noqa: PLC0415

        event_id = self.event_id

        type_ = self.type_

        created_at = self.created_at.isoformat()

        data: dict[str, Any] | None
        if isinstance(self.data, HeldEventDataType0):
            data = self.data.to_dict()
        else:
            data = self.data

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "event_id": event_id,
                "type": type_,
                "created_at": created_at,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.held_event_data_type_0 import HeldEventDataType0  # noqa: PLC0415

        d = dict(src_dict)
        event_id = d.pop("event_id")

        type_ = d.pop("type")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_data(data: object) -> HeldEventDataType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_type_0 = HeldEventDataType0.from_dict(data)

                return data_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HeldEventDataType0 | None, data)

        data = _parse_data(d.pop("data"))

        held_event = cls(
            event_id=event_id,
            type_=type_,
            created_at=created_at,
            data=data,
        )

        held_event.additional_properties = d
        return held_event

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
