from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="LoggedIn")


@_attrs_define
class LoggedIn:
    """
    Attributes:
        expires_in (int): Seconds until the access token expires.
        refresh_expires_in (int): Seconds until the session ends, unless it is refreshed.
        user_id (str):
        email (str):
        username (str):
        is_active (bool):
        is_verified (bool):
        access_token (None | str | Unset): Not in the body if it is set as a cookie.
        token_type (str | Unset):  Default: 'bearer'.
        refresh_token (None | str | Unset): Not in the body if it is set as a cookie.
        device_token (None | str | Unset): Send it with the next login from this device. Not in the body if it is set as
            a cookie.
        redirect_to (None | str | Unset): The URL to return to, with a one-time `code` for `POST /oauth/exchange`. Only
            if the request for the link contained `redirect_to`.
    """

    expires_in: int
    refresh_expires_in: int
    user_id: str
    email: str
    username: str
    is_active: bool
    is_verified: bool
    access_token: None | str | Unset = UNSET
    token_type: str | Unset = "bearer"
    refresh_token: None | str | Unset = UNSET
    device_token: None | str | Unset = UNSET
    redirect_to: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expires_in = self.expires_in

        refresh_expires_in = self.refresh_expires_in

        user_id = self.user_id

        email = self.email

        username = self.username

        is_active = self.is_active

        is_verified = self.is_verified

        access_token: None | str | Unset
        if isinstance(self.access_token, Unset):
            access_token = UNSET
        else:
            access_token = self.access_token

        token_type = self.token_type

        refresh_token: None | str | Unset
        if isinstance(self.refresh_token, Unset):
            refresh_token = UNSET
        else:
            refresh_token = self.refresh_token

        device_token: None | str | Unset
        if isinstance(self.device_token, Unset):
            device_token = UNSET
        else:
            device_token = self.device_token

        redirect_to: None | str | Unset
        if isinstance(self.redirect_to, Unset):
            redirect_to = UNSET
        else:
            redirect_to = self.redirect_to

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expires_in": expires_in,
                "refresh_expires_in": refresh_expires_in,
                "user_id": user_id,
                "email": email,
                "username": username,
                "is_active": is_active,
                "is_verified": is_verified,
            }
        )
        if access_token is not UNSET:
            field_dict["access_token"] = access_token
        if token_type is not UNSET:
            field_dict["token_type"] = token_type
        if refresh_token is not UNSET:
            field_dict["refresh_token"] = refresh_token
        if device_token is not UNSET:
            field_dict["device_token"] = device_token
        if redirect_to is not UNSET:
            field_dict["redirect_to"] = redirect_to

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        expires_in = d.pop("expires_in")

        refresh_expires_in = d.pop("refresh_expires_in")

        user_id = d.pop("user_id")

        email = d.pop("email")

        username = d.pop("username")

        is_active = d.pop("is_active")

        is_verified = d.pop("is_verified")

        def _parse_access_token(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        access_token = _parse_access_token(d.pop("access_token", UNSET))

        token_type = d.pop("token_type", UNSET)

        def _parse_refresh_token(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        refresh_token = _parse_refresh_token(d.pop("refresh_token", UNSET))

        def _parse_device_token(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        device_token = _parse_device_token(d.pop("device_token", UNSET))

        def _parse_redirect_to(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        redirect_to = _parse_redirect_to(d.pop("redirect_to", UNSET))

        logged_in = cls(
            expires_in=expires_in,
            refresh_expires_in=refresh_expires_in,
            user_id=user_id,
            email=email,
            username=username,
            is_active=is_active,
            is_verified=is_verified,
            access_token=access_token,
            token_type=token_type,
            refresh_token=refresh_token,
            device_token=device_token,
            redirect_to=redirect_to,
        )

        logged_in.additional_properties = d
        return logged_in

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
