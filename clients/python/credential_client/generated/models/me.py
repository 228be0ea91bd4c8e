from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Me")


@_attrs_define
class Me:
    """The account of the current user.

    Attributes:
        id (int):
        user_id (str):
        email (str):
        username (str):
        locale (None | str): The language of the user, a BCP 47 tag. Null if unknown.
        time_zone (None | str): A name of the IANA time zone database. Null if unknown.
        picture_url (None | str):
        is_active (bool):
        is_verified (bool):
        roles (list[str]):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        password_breached (bool | Unset): Present and true if the password is known from a data breach: see
            BREACHED_PASSWORDS. Default: False.
    """

    id: int
    user_id: str
    email: str
    username: str
    locale: None | str
    time_zone: None | str
    picture_url: None | str
    is_active: bool
    is_verified: bool
    roles: list[str]
    created_at: datetime.datetime
    updated_at: datetime.datetime
    password_breached: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        user_id = self.user_id

        email = self.email

        username = self.username

        locale: None | str
        locale = self.locale

        time_zone: None | str
        time_zone = self.time_zone

        picture_url: None | str
        picture_url = self.picture_url

        is_active = self.is_active

        is_verified = self.is_verified

        roles = self.roles

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        password_breached = self.password_breached

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "email": email,
                "username": username,
                "locale": locale,
                "time_zone": time_zone,
                "picture_url": picture_url,
                "is_active": is_active,
                "is_verified": is_verified,
                "roles": roles,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )
        if password_breached is not UNSET:
            field_dict["password_breached"] = password_breached

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        user_id = d.pop("user_id")

        email = d.pop("email")

        username = d.pop("username")

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

        def _parse_picture_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        picture_url = _parse_picture_url(d.pop("picture_url"))

        is_active = d.pop("is_active")

        is_verified = d.pop("is_verified")

        roles = cast(list[str], d.pop("roles"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        password_breached = d.pop("password_breached", UNSET)

        me = cls(
            id=id,
            user_id=user_id,
            email=email,
            username=username,
            locale=locale,
            time_zone=time_zone,
            picture_url=picture_url,
            is_active=is_active,
            is_verified=is_verified,
            roles=roles,
            created_at=created_at,
            updated_at=updated_at,
            password_breached=password_breached,
        )

        me.additional_properties = d
        return me

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
