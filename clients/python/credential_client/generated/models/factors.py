from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.factor import Factor


T = TypeVar("T", bound="Factors")


@_attrs_define
class Factors:
    """The factors of an account.

    Attributes:
        items (list[Factor]):
        recovery_codes_left (int):
        mfa_required (bool): Whether `MFA_REQUIRED` covers the account.
    """

    items: list[Factor]
    recovery_codes_left: int
    mfa_required: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.factor import Factor  # noqa: PLC0415

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        recovery_codes_left = self.recovery_codes_left

        mfa_required = self.mfa_required

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "recovery_codes_left": recovery_codes_left,
                "mfa_required": mfa_required,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.factor import Factor  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = Factor.from_dict(items_item_data)

            items.append(items_item)

        recovery_codes_left = d.pop("recovery_codes_left")

        mfa_required = d.pop("mfa_required")

        factors = cls(
            items=items,
            recovery_codes_left=recovery_codes_left,
            mfa_required=mfa_required,
        )

        factors.additional_properties = d
        return factors

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
