from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="HeldTextMessage")


@_attrs_define
class HeldTextMessage:
    """
    Attributes:
        recipient (str):
        locale (None | str):
        created_at (datetime.datetime):
        sent_at (datetime.datetime | None):
        gave_up_at (datetime.datetime | None):
    """

    recipient: str
    locale: None | str
    created_at: datetime.datetime
    sent_at: datetime.datetime | None
    gave_up_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recipient = self.recipient

        locale: None | str
        locale = self.locale

        created_at = self.created_at.isoformat()

        sent_at: None | str
        if isinstance(self.sent_at, datetime.datetime):
            sent_at = self.sent_at.isoformat()
        else:
            sent_at = self.sent_at

        gave_up_at: None | str
        if isinstance(self.gave_up_at, datetime.datetime):
            gave_up_at = self.gave_up_at.isoformat()
        else:
            gave_up_at = self.gave_up_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recipient": recipient,
                "locale": locale,
                "created_at": created_at,
                "sent_at": sent_at,
                "gave_up_at": gave_up_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        recipient = d.pop("recipient")

        def _parse_locale(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        locale = _parse_locale(d.pop("locale"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_sent_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                sent_at_type_0 = datetime.datetime.fromisoformat(data)

                return sent_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        sent_at = _parse_sent_at(d.pop("sent_at"))

        def _parse_gave_up_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                gave_up_at_type_0 = datetime.datetime.fromisoformat(data)

                return gave_up_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        gave_up_at = _parse_gave_up_at(d.pop("gave_up_at"))

        held_text_message = cls(
            recipient=recipient,
            locale=locale,
            created_at=created_at,
            sent_at=sent_at,
            gave_up_at=gave_up_at,
        )

        held_text_message.additional_properties = d
        return held_text_message

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
