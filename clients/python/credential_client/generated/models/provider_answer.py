from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ProviderAnswer")


@_attrs_define
class ProviderAnswer:
    """The parameters of an authorization response (RFC 6749, section 4.1.2; RFC 9207).

    Attributes:
        state (str | Unset): The state of the authorization request. Default: ''.
        code (str | Unset): The authorization code. Default: ''.
        error (str | Unset): The error code, if the provider or the user denied the login. Default: ''.
        iss (None | str | Unset): The issuer of the response.
        user (str | Unset): The user's name. Sent only by Apple, with the first login. Default: ''.
    """

    state: str | Unset = ""
    code: str | Unset = ""
    error: str | Unset = ""
    iss: None | str | Unset = UNSET
    user: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        state = self.state

        code = self.code

        error = self.error

        iss: None | str | Unset
        if isinstance(self.iss, Unset):
            iss = UNSET
        else:
            iss = self.iss

        user = self.user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if state is not UNSET:
            field_dict["state"] = state
        if code is not UNSET:
            field_dict["code"] = code
        if error is not UNSET:
            field_dict["error"] = error
        if iss is not UNSET:
            field_dict["iss"] = iss
        if user is not UNSET:
            field_dict["user"] = user

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        state = d.pop("state", UNSET)

        code = d.pop("code", UNSET)

        error = d.pop("error", UNSET)

        def _parse_iss(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        iss = _parse_iss(d.pop("iss", UNSET))

        user = d.pop("user", UNSET)

        provider_answer = cls(
            state=state,
            code=code,
            error=error,
            iss=iss,
            user=user,
        )

        provider_answer.additional_properties = d
        return provider_answer

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
