from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.passkey_credential import PasskeyCredential


T = TypeVar("T", bound="PasskeySignUp")


@_attrs_define
class PasskeySignUp:
    """
    Attributes:
        ceremony (str):
        credential (PasskeyCredential): The JSON of `navigator.credentials.create()` or `.get()`, as
            `credential.toJSON()` returns it.
        captcha_token (None | str | Unset): The token of a solved CAPTCHA. Needed if the response without it is 403
            `captcha_required`.
    """

    ceremony: str
    credential: PasskeyCredential
    captcha_token: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.passkey_credential import PasskeyCredential  # noqa: PLC0415

        ceremony = self.ceremony

        credential = self.credential.to_dict()

        captcha_token: None | str | Unset
        if isinstance(self.captcha_token, Unset):
            captcha_token = UNSET
        else:
            captcha_token = self.captcha_token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ceremony": ceremony,
                "credential": credential,
            }
        )
        if captcha_token is not UNSET:
            field_dict["captcha_token"] = captcha_token

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.passkey_credential import PasskeyCredential  # noqa: PLC0415

        d = dict(src_dict)
        ceremony = d.pop("ceremony")

        credential = PasskeyCredential.from_dict(d.pop("credential"))

        def _parse_captcha_token(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        captcha_token = _parse_captcha_token(d.pop("captcha_token", UNSET))

        passkey_sign_up = cls(
            ceremony=ceremony,
            credential=credential,
            captcha_token=captcha_token,
        )

        passkey_sign_up.additional_properties = d
        return passkey_sign_up

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
