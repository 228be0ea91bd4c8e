from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="HeldDeviceRequest")


@_attrs_define
class HeldDeviceRequest:
    """A device that the user has allowed or declined and that has not yet continued, in the data export.

    Attributes:
        client_id (str):
        scopes (str):
        resources (list[str]):
        ip (None | str):
        user_agent (None | str):
        answer (None | str):
        created_at (datetime.datetime):
        expires_at (datetime.datetime):
    """

    client_id: str
    scopes: str
    resources: list[str]
    ip: None | str
    user_agent: None | str
    answer: None | str
    created_at: datetime.datetime
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_id = self.client_id

        scopes = self.scopes

        resources = self.resources

        ip: None | str
        ip = self.ip

        user_agent: None | str
        user_agent = self.user_agent

        answer: None | str
        answer = self.answer

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client_id": client_id,
                "scopes": scopes,
                "resources": resources,
                "ip": ip,
                "user_agent": user_agent,
                "answer": answer,
                "created_at": created_at,
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

        def _parse_ip(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ip = _parse_ip(d.pop("ip"))

        def _parse_user_agent(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_agent = _parse_user_agent(d.pop("user_agent"))

        def _parse_answer(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        answer = _parse_answer(d.pop("answer"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        held_device_request = cls(
            client_id=client_id,
            scopes=scopes,
            resources=resources,
            ip=ip,
            user_agent=user_agent,
            answer=answer,
            created_at=created_at,
            expires_at=expires_at,
        )

        held_device_request.additional_properties = d
        return held_device_request

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
