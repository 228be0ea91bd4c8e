from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Device")


@_attrs_define
class Device:
    """
    Attributes:
        id (str):
        user_agent (str):
        device (str): Name of the browser and system.
        ip (str):
        created_at (datetime.datetime):
        last_used_at (datetime.datetime):
        expires_at (datetime.datetime):
        auth_time (int): When the user last authenticated, in Unix time.
        acr (str): `aal2` after two factors or a verified passkey, else `aal1`.
        amr (list[str]): How the user authenticated (RFC 8176).
        current (bool): Whether this is the session of the request.
    """

    id: str
    user_agent: str
    device: str
    ip: str
    created_at: datetime.datetime
    last_used_at: datetime.datetime
    expires_at: datetime.datetime
    auth_time: int
    acr: str
    amr: list[str]
    current: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        user_agent = self.user_agent

        device = self.device

        ip = self.ip

        created_at = self.created_at.isoformat()

        last_used_at = self.last_used_at.isoformat()

        expires_at = self.expires_at.isoformat()

        auth_time = self.auth_time

        acr = self.acr

        amr = self.amr

        current = self.current

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_agent": user_agent,
                "device": device,
                "ip": ip,
                "created_at": created_at,
                "last_used_at": last_used_at,
                "expires_at": expires_at,
                "auth_time": auth_time,
                "acr": acr,
                "amr": amr,
                "current": current,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        user_agent = d.pop("user_agent")

        device = d.pop("device")

        ip = d.pop("ip")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        last_used_at = datetime.datetime.fromisoformat(d.pop("last_used_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        auth_time = d.pop("auth_time")

        acr = d.pop("acr")

        amr = cast(list[str], d.pop("amr"))

        current = d.pop("current")

        device = cls(
            id=id,
            user_agent=user_agent,
            device=device,
            ip=ip,
            created_at=created_at,
            last_used_at=last_used_at,
            expires_at=expires_at,
            auth_time=auth_time,
            acr=acr,
            amr=amr,
            current=current,
        )

        device.additional_properties = d
        return device

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
