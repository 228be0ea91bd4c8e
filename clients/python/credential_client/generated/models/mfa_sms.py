from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="MfaSms")


@_attrs_define
class MfaSms:
    """
    Attributes:
        mfa_token (str):
        factor_id (None | str | Unset): The phone to use if the account has several. By default, the one that was added
            last.
    """

    mfa_token: str
    factor_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        mfa_token = self.mfa_token

        factor_id: None | str | Unset
        if isinstance(self.factor_id, Unset):
            factor_id = UNSET
        else:
            factor_id = self.factor_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mfa_token": mfa_token,
            }
        )
        if factor_id is not UNSET:
            field_dict["factor_id"] = factor_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        mfa_token = d.pop("mfa_token")

        def _parse_factor_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        factor_id = _parse_factor_id(d.pop("factor_id", UNSET))

        mfa_sms = cls(
            mfa_token=mfa_token,
            factor_id=factor_id,
        )

        mfa_sms.additional_properties = d
        return mfa_sms

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
