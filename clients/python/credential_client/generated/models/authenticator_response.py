from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="AuthenticatorResponse")


@_attrs_define
class AuthenticatorResponse:
    """The response of the authenticator: that of `create()` has `attestationObject`, that of `get()` the others.

    Attributes:
        client_data_json (str | Unset):  Default: ''.
        attestation_object (None | str | Unset):
        authenticator_data (None | str | Unset):
        signature (None | str | Unset):
        user_handle (None | str | Unset):
        transports (list[str] | None | Unset):
    """

    client_data_json: str | Unset = ""
    attestation_object: None | str | Unset = UNSET
    authenticator_data: None | str | Unset = UNSET
    signature: None | str | Unset = UNSET
    user_handle: None | str | Unset = UNSET
    transports: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_data_json = self.client_data_json

        attestation_object: None | str | Unset
        if isinstance(self.attestation_object, Unset):
            attestation_object = UNSET
        else:
            attestation_object = self.attestation_object

        authenticator_data: None | str | Unset
        if isinstance(self.authenticator_data, Unset):
            authenticator_data = UNSET
        else:
            authenticator_data = self.authenticator_data

        signature: None | str | Unset
        if isinstance(self.signature, Unset):
            signature = UNSET
        else:
            signature = self.signature

        user_handle: None | str | Unset
        if isinstance(self.user_handle, Unset):
            user_handle = UNSET
        else:
            user_handle = self.user_handle

        transports: list[str] | None | Unset
        if isinstance(self.transports, Unset):
            transports = UNSET
        elif isinstance(self.transports, list):
            transports = self.transports

        else:
            transports = self.transports

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if client_data_json is not UNSET:
            field_dict["clientDataJSON"] = client_data_json
        if attestation_object is not UNSET:
            field_dict["attestationObject"] = attestation_object
        if authenticator_data is not UNSET:
            field_dict["authenticatorData"] = authenticator_data
        if signature is not UNSET:
            field_dict["signature"] = signature
        if user_handle is not UNSET:
            field_dict["userHandle"] = user_handle
        if transports is not UNSET:
            field_dict["transports"] = transports

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        client_data_json = d.pop("clientDataJSON", UNSET)

        def _parse_attestation_object(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        attestation_object = _parse_attestation_object(d.pop("attestationObject", UNSET))

        def _parse_authenticator_data(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        authenticator_data = _parse_authenticator_data(d.pop("authenticatorData", UNSET))

        def _parse_signature(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        signature = _parse_signature(d.pop("signature", UNSET))

        def _parse_user_handle(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        user_handle = _parse_user_handle(d.pop("userHandle", UNSET))

        def _parse_transports(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                transports_type_0 = cast(list[str], data)

                return transports_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        transports = _parse_transports(d.pop("transports", UNSET))

        authenticator_response = cls(
            client_data_json=client_data_json,
            attestation_object=attestation_object,
            authenticator_data=authenticator_data,
            signature=signature,
            user_handle=user_handle,
            transports=transports,
        )

        authenticator_response.additional_properties = d
        return authenticator_response

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
