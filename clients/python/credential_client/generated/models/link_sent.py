from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="LinkSent")


@_attrs_define
class LinkSent:
    """The response to a request for a login link. It is the same whether or not an account exists.

    Attributes:
        message (str): A sentence for the user.
        flow (str): Identifies the browser that requested the link. Also set as the cookie `login_flow`.
        expires_in (int): Seconds for which the link and the code are valid.
    """

    message: str
    flow: str
    expires_in: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        message = self.message

        flow = self.flow

        expires_in = self.expires_in

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "message": message,
                "flow": flow,
                "expires_in": expires_in,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        message = d.pop("message")

        flow = d.pop("flow")

        expires_in = d.pop("expires_in")

        link_sent = cls(
            message=message,
            flow=flow,
            expires_in=expires_in,
        )

        link_sent.additional_properties = d
        return link_sent

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
