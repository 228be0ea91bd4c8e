from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.authenticator_response import AuthenticatorResponse
    from ..models.extension_results import ExtensionResults


T = TypeVar("T", bound="PasskeyCredential")


@_attrs_define
class PasskeyCredential:
    """The JSON of `navigator.credentials.create()` or `.get()`, as `credential.toJSON()` returns it.

    Attributes:
        id (str | Unset):  Default: ''.
        raw_id (str | Unset):  Default: ''.
        type_ (str | Unset):  Default: ''.
        response (AuthenticatorResponse | Unset): The response of the authenticator: that of `create()` has
            `attestationObject`, that of `get()` the others.
        client_extension_results (ExtensionResults | None | Unset):
    """

    id: str | Unset = ""
    raw_id: str | Unset = ""
    type_: str | Unset = ""
    response: AuthenticatorResponse | Unset = UNSET
    client_extension_results: ExtensionResults | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.authenticator_response import AuthenticatorResponse  # noqa: PLC0415
        from ..models.extension_results import ExtensionResults  # noqa: PLC0415

        id = self.id

        raw_id = self.raw_id

        type_ = self.type_

        response: dict[str, Any] | Unset = UNSET
        if not isinstance(self.response, Unset):
            response = self.response.to_dict()

        client_extension_results: dict[str, Any] | None | Unset
        if isinstance(self.client_extension_results, Unset):
            client_extension_results = UNSET
        elif isinstance(self.client_extension_results, ExtensionResults):
            client_extension_results = self.client_extension_results.to_dict()
        else:
            client_extension_results = self.client_extension_results

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if raw_id is not UNSET:
            field_dict["rawId"] = raw_id
        if type_ is not UNSET:
            field_dict["type"] = type_
        if response is not UNSET:
            field_dict["response"] = response
        if client_extension_results is not UNSET:
            field_dict["clientExtensionResults"] = client_extension_results

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.authenticator_response import AuthenticatorResponse  # noqa: PLC0415
        from ..models.extension_results import ExtensionResults  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id", UNSET)

        raw_id = d.pop("rawId", UNSET)

        type_ = d.pop("type", UNSET)

        _response = d.pop("response", UNSET)
        response: AuthenticatorResponse | Unset
        if isinstance(_response, Unset):
            response = UNSET
        else:
            response = AuthenticatorResponse.from_dict(_response)

        def _parse_client_extension_results(data: object) -> ExtensionResults | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_extension_results_type_0 = ExtensionResults.from_dict(data)

                return client_extension_results_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExtensionResults | None | Unset, data)

        client_extension_results = _parse_client_extension_results(d.pop("clientExtensionResults", UNSET))

        passkey_credential = cls(
            id=id,
            raw_id=raw_id,
            type_=type_,
            response=response,
            client_extension_results=client_extension_results,
        )

        passkey_credential.additional_properties = d
        return passkey_credential

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
