from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.held_mail_context import HeldMailContext


T = TypeVar("T", bound="HeldMail")


@_attrs_define
class HeldMail:
    """
    Attributes:
        template (str):
        recipient (str):
        context (HeldMailContext): The values in the email, without links and codes.
        locale (None | str): The language of the user, a BCP 47 tag. Null if unknown.
        time_zone (None | str): A name of the IANA time zone database. Null if unknown.
        created_at (datetime.datetime):
        sent_at (datetime.datetime | None):
        gave_up_at (datetime.datetime | None):
        attempts (int):
    """

    template: str
    recipient: str
    context: HeldMailContext
    locale: None | str
    time_zone: None | str
    created_at: datetime.datetime
    sent_at: datetime.datetime | None
    gave_up_at: datetime.datetime | None
    attempts: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.held_mail_context import HeldMailContext  # noqa: PLC0415

        template = self.template

        recipient = self.recipient

        context = self.context.to_dict()

        locale: None | str
        locale = self.locale

        time_zone: None | str
        time_zone = self.time_zone

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

        attempts = self.attempts

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "template": template,
                "recipient": recipient,
                "context": context,
                "locale": locale,
                "time_zone": time_zone,
                "created_at": created_at,
                "sent_at": sent_at,
                "gave_up_at": gave_up_at,
                "attempts": attempts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.held_mail_context import HeldMailContext  # noqa: PLC0415

        d = dict(src_dict)
        template = d.pop("template")

        recipient = d.pop("recipient")

        context = HeldMailContext.from_dict(d.pop("context"))

        def _parse_locale(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        locale = _parse_locale(d.pop("locale"))

        def _parse_time_zone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        time_zone = _parse_time_zone(d.pop("time_zone"))

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

        attempts = d.pop("attempts")

        held_mail = cls(
            template=template,
            recipient=recipient,
            context=context,
            locale=locale,
            time_zone=time_zone,
            created_at=created_at,
            sent_at=sent_at,
            gave_up_at=gave_up_at,
            attempts=attempts,
        )

        held_mail.additional_properties = d
        return held_mail

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
