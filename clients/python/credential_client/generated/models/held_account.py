from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="HeldAccount")


@_attrs_define
class HeldAccount:
    """
    Attributes:
        user_id (str):
        email (str):
        canonical_email (str): The email address in canonical form: lower case, with the domain in IDNA.
        username (str):
        locale (None | str): The language of the user, a BCP 47 tag. Null if unknown.
        time_zone (None | str): A name of the IANA time zone database. Null if unknown.
        picture_url (None | str):
        terms_accepted_at (datetime.datetime | None):
        is_active (bool):
        is_verified (bool):
        email_proven_at (datetime.datetime | None):
        first_verified_at (datetime.datetime | None): When the owner first verified the current or an earlier email
            address of the account.
        marked_verified_at (datetime.datetime | None): When the email address was marked as verified by someone other
            than its owner.
        password_breached (bool): Whether the password was found in a list of breached passwords.
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
    """

    user_id: str
    email: str
    canonical_email: str
    username: str
    locale: None | str
    time_zone: None | str
    picture_url: None | str
    terms_accepted_at: datetime.datetime | None
    is_active: bool
    is_verified: bool
    email_proven_at: datetime.datetime | None
    first_verified_at: datetime.datetime | None
    marked_verified_at: datetime.datetime | None
    password_breached: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        user_id = self.user_id

        email = self.email

        canonical_email = self.canonical_email

        username = self.username

        locale: None | str
        locale = self.locale

        time_zone: None | str
        time_zone = self.time_zone

        picture_url: None | str
        picture_url = self.picture_url

        terms_accepted_at: None | str
        if isinstance(self.terms_accepted_at, datetime.datetime):
            terms_accepted_at = self.terms_accepted_at.isoformat()
        else:
            terms_accepted_at = self.terms_accepted_at

        is_active = self.is_active

        is_verified = self.is_verified

        email_proven_at: None | str
        if isinstance(self.email_proven_at, datetime.datetime):
            email_proven_at = self.email_proven_at.isoformat()
        else:
            email_proven_at = self.email_proven_at

        first_verified_at: None | str
        if isinstance(self.first_verified_at, datetime.datetime):
            first_verified_at = self.first_verified_at.isoformat()
        else:
            first_verified_at = self.first_verified_at

        marked_verified_at: None | str
        if isinstance(self.marked_verified_at, datetime.datetime):
            marked_verified_at = self.marked_verified_at.isoformat()
        else:
            marked_verified_at = self.marked_verified_at

        password_breached = self.password_breached

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "user_id": user_id,
                "email": email,
                "canonical_email": canonical_email,
                "username": username,
                "locale": locale,
                "time_zone": time_zone,
                "picture_url": picture_url,
                "terms_accepted_at": terms_accepted_at,
                "is_active": is_active,
                "is_verified": is_verified,
                "email_proven_at": email_proven_at,
                "first_verified_at": first_verified_at,
                "marked_verified_at": marked_verified_at,
                "password_breached": password_breached,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user_id = d.pop("user_id")

        email = d.pop("email")

        canonical_email = d.pop("canonical_email")

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

        def _parse_terms_accepted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                terms_accepted_at_type_0 = datetime.datetime.fromisoformat(data)

                return terms_accepted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        terms_accepted_at = _parse_terms_accepted_at(d.pop("terms_accepted_at"))

        is_active = d.pop("is_active")

        is_verified = d.pop("is_verified")

        def _parse_email_proven_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                email_proven_at_type_0 = datetime.datetime.fromisoformat(data)

                return email_proven_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        email_proven_at = _parse_email_proven_at(d.pop("email_proven_at"))

        def _parse_first_verified_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                first_verified_at_type_0 = datetime.datetime.fromisoformat(data)

                return first_verified_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        first_verified_at = _parse_first_verified_at(d.pop("first_verified_at"))

        def _parse_marked_verified_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                marked_verified_at_type_0 = datetime.datetime.fromisoformat(data)

                return marked_verified_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        marked_verified_at = _parse_marked_verified_at(d.pop("marked_verified_at"))

        password_breached = d.pop("password_breached")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        held_account = cls(
            user_id=user_id,
            email=email,
            canonical_email=canonical_email,
            username=username,
            locale=locale,
            time_zone=time_zone,
            picture_url=picture_url,
            terms_accepted_at=terms_accepted_at,
            is_active=is_active,
            is_verified=is_verified,
            email_proven_at=email_proven_at,
            first_verified_at=first_verified_at,
            marked_verified_at=marked_verified_at,
            password_breached=password_breached,
            created_at=created_at,
            updated_at=updated_at,
        )

        held_account.additional_properties = d
        return held_account

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
