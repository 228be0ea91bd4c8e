from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ProtectedResource")


@_attrs_define
class ProtectedResource:
    """The metadata of a protected resource (RFC 9728).

    Attributes:
        resource (str):
        authorization_servers (list[str]):
        scopes_supported (list[str]):
        bearer_methods_supported (list[str]):
        dpop_signing_alg_values_supported (list[str]):
        jwks_uri (str):
    """

    resource: str
    authorization_servers: list[str]
    scopes_supported: list[str]
    bearer_methods_supported: list[str]
    dpop_signing_alg_values_supported: list[str]
    jwks_uri: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        resource = self.resource

        authorization_servers = self.authorization_servers

        scopes_supported = self.scopes_supported

        bearer_methods_supported = self.bearer_methods_supported

        dpop_signing_alg_values_supported = self.dpop_signing_alg_values_supported

        jwks_uri = self.jwks_uri

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "resource": resource,
                "authorization_servers": authorization_servers,
                "scopes_supported": scopes_supported,
                "bearer_methods_supported": bearer_methods_supported,
                "dpop_signing_alg_values_supported": dpop_signing_alg_values_supported,
                "jwks_uri": jwks_uri,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        resource = d.pop("resource")

        authorization_servers = cast(list[str], d.pop("authorization_servers"))

        scopes_supported = cast(list[str], d.pop("scopes_supported"))

        bearer_methods_supported = cast(list[str], d.pop("bearer_methods_supported"))

        dpop_signing_alg_values_supported = cast(list[str], d.pop("dpop_signing_alg_values_supported"))

        jwks_uri = d.pop("jwks_uri")

        protected_resource = cls(
            resource=resource,
            authorization_servers=authorization_servers,
            scopes_supported=scopes_supported,
            bearer_methods_supported=bearer_methods_supported,
            dpop_signing_alg_values_supported=dpop_signing_alg_values_supported,
            jwks_uri=jwks_uri,
        )

        protected_resource.additional_properties = d
        return protected_resource

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
