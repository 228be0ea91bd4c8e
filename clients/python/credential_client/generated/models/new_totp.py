from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewTotp")


@_attrs_define
class NewTotp:
    """An authenticator app that has to be confirmed with a code within 15 minutes.

    Attributes:
        id (str):
        secret (str): The secret in base32, for manual entry.
        otpauth_uri (str):
        qr_code (str): The URI as a QR code: a `data:` URL of an SVG image.
    """

    id: str
    secret: str
    otpauth_uri: str
    qr_code: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        secret = self.secret

        otpauth_uri = self.otpauth_uri

        qr_code = self.qr_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "secret": secret,
                "otpauth_uri": otpauth_uri,
                "qr_code": qr_code,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        secret = d.pop("secret")

        otpauth_uri = d.pop("otpauth_uri")

        qr_code = d.pop("qr_code")

        new_totp = cls(
            id=id,
            secret=secret,
            otpauth_uri=otpauth_uri,
            qr_code=qr_code,
        )

        new_totp.additional_properties = d
        return new_totp

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
