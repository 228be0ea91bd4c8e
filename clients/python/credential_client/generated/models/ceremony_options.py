from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.ceremony_options_options import CeremonyOptionsOptions


T = TypeVar("T", bound="CeremonyOptions")


@_attrs_define
class CeremonyOptions:
    """The options for `navigator.credentials`, in the format of `PublicKeyCredential.parse…OptionsFromJSON()`.

    Attributes:
        ceremony (str): A single-use token, to send with the credential within five minutes.
        options (CeremonyOptionsOptions):
    """

    ceremony: str
    options: CeremonyOptionsOptions
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.ceremony_options_options import CeremonyOptionsOptions  # noqa: PLC0415

        ceremony = self.ceremony

        options = self.options.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ceremony": ceremony,
                "options": options,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ceremony_options_options import CeremonyOptionsOptions  # noqa: PLC0415

        d = dict(src_dict)
        ceremony = d.pop("ceremony")

        options = CeremonyOptionsOptions.from_dict(d.pop("options"))

        ceremony_options = cls(
            ceremony=ceremony,
            options=options,
        )

        ceremony_options.additional_properties = d
        return ceremony_options

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
