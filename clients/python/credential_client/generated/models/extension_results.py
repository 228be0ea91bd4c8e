from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.credential_properties import CredentialProperties


T = TypeVar("T", bound="ExtensionResults")


@_attrs_define
class ExtensionResults:
    """
    Attributes:
        cred_props (CredentialProperties | None | Unset):
    """

    cred_props: CredentialProperties | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.credential_properties import CredentialProperties  # noqa: PLC0415

        cred_props: dict[str, Any] | None | Unset
        if isinstance(self.cred_props, Unset):
            cred_props = UNSET
        elif isinstance(self.cred_props, CredentialProperties):
            cred_props = self.cred_props.to_dict()
        else:
            cred_props = self.cred_props

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if cred_props is not UNSET:
            field_dict["credProps"] = cred_props

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.credential_properties import CredentialProperties  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_cred_props(data: object) -> CredentialProperties | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                cred_props_type_0 = CredentialProperties.from_dict(data)

                return cred_props_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CredentialProperties | None | Unset, data)

        cred_props = _parse_cred_props(d.pop("credProps", UNSET))

        extension_results = cls(
            cred_props=cred_props,
        )

        extension_results.additional_properties = d
        return extension_results

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
