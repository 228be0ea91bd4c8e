from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="SentMail")


@_attrs_define
class SentMail:
    """
    Attributes:
        id (int):
        to (str):
        subject (str):
        text (str):
        html (str):
        created_at (datetime.datetime):
    """

    id: int
    to: str
    subject: str
    text: str
    html: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        to = self.to

        subject = self.subject

        text = self.text

        html = self.html

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "to": to,
                "subject": subject,
                "text": text,
                "html": html,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        to = d.pop("to")

        subject = d.pop("subject")

        text = d.pop("text")

        html = d.pop("html")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        sent_mail = cls(
            id=id,
            to=to,
            subject=subject,
            text=text,
            html=html,
            created_at=created_at,
        )

        sent_mail.additional_properties = d
        return sent_mail

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
