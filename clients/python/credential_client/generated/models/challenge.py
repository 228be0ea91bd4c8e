from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    BinaryIO,
    Generator,
    Literal,
    TextIO,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Challenge")


@_attrs_define
class Challenge:
    """A proof of work: find the number for which SHA-256 of the salt followed by the number is the challenge.

    Attributes:
        challenge (str): The hash to find, in hexadecimal.
        salt (str): The beginning of the hashed text. It contains when the challenge expires.
        signature (str): Identifies the challenge as one of this service.
        algorithm (Literal['SHA-256'] | Unset):  Default: 'SHA-256'.
        maxnumber (int | Unset): The number is at most this. Default: 50000.
    """

    challenge: str
    salt: str
    signature: str
    algorithm: Literal["SHA-256"] | Unset = "SHA-256"
    maxnumber: int | Unset = 50000
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        challenge = self.challenge

        salt = self.salt

        signature = self.signature

        algorithm = self.algorithm

        maxnumber = self.maxnumber

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "challenge": challenge,
                "salt": salt,
                "signature": signature,
            }
        )
        if algorithm is not UNSET:
            field_dict["algorithm"] = algorithm
        if maxnumber is not UNSET:
            field_dict["maxnumber"] = maxnumber

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        challenge = d.pop("challenge")

        salt = d.pop("salt")

        signature = d.pop("signature")

        algorithm = cast(Literal["SHA-256"] | Unset, d.pop("algorithm", UNSET))
        if algorithm != "SHA-256" and not isinstance(algorithm, Unset):
            raise ValueError(f"algorithm must match const 'SHA-256', got '{algorithm}'")

        maxnumber = d.pop("maxnumber", UNSET)

        challenge = cls(
            challenge=challenge,
            salt=salt,
            signature=signature,
            algorithm=algorithm,
            maxnumber=maxnumber,
        )

        challenge.additional_properties = d
        return challenge

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
