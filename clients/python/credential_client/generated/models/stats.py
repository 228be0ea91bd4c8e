from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.day_count import DayCount


T = TypeVar("T", bound="Stats")


@_attrs_define
class Stats:
    """
    Attributes:
        users (int):
        active (int):
        verified (int):
        sessions (int): Sessions that have not ended.
        signups (list[DayCount]): The last 30 days, oldest first, in UTC.
        logins (list[DayCount]):
    """

    users: int
    active: int
    verified: int
    sessions: int
    signups: list[DayCount]
    logins: list[DayCount]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.day_count import DayCount  # noqa: PLC0415

        users = self.users

        active = self.active

        verified = self.verified

        sessions = self.sessions

        signups = []
        for signups_item_data in self.signups:
            signups_item = signups_item_data.to_dict()
            signups.append(signups_item)

        logins = []
        for logins_item_data in self.logins:
            logins_item = logins_item_data.to_dict()
            logins.append(logins_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "users": users,
                "active": active,
                "verified": verified,
                "sessions": sessions,
                "signups": signups,
                "logins": logins,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.day_count import DayCount  # noqa: PLC0415

        d = dict(src_dict)
        users = d.pop("users")

        active = d.pop("active")

        verified = d.pop("verified")

        sessions = d.pop("sessions")

        signups = []
        _signups = d.pop("signups")
        for signups_item_data in _signups:
            signups_item = DayCount.from_dict(signups_item_data)

            signups.append(signups_item)

        logins = []
        _logins = d.pop("logins")
        for logins_item_data in _logins:
            logins_item = DayCount.from_dict(logins_item_data)

            logins.append(logins_item)

        stats = cls(
            users=users,
            active=active,
            verified=verified,
            sessions=sessions,
            signups=signups,
            logins=logins,
        )

        stats.additional_properties = d
        return stats

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
