from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.client_change_grant_types_item import ClientChangeGrantTypesItem
from ..models.client_change_id_token_signed_response_alg import (
    ClientChangeIdTokenSignedResponseAlg,
)
from ..models.client_change_subject_type_type_0 import ClientChangeSubjectTypeType0
from ..models.client_change_token_endpoint_auth_method_type_0 import (
    ClientChangeTokenEndpointAuthMethodType0,
)
from ..models.client_change_type import ClientChangeType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.client_change_jwks_type_0 import ClientChangeJwksType0


T = TypeVar("T", bound="ClientChange")


@_attrs_define
class ClientChange:
    """
    Attributes:
        name (str | Unset):
        logo_uri (None | str | Unset):
        type_ (ClientChangeType | Unset):
        redirect_uris (list[str] | Unset):
        post_logout_redirect_uris (list[str] | Unset):
        grant_types (list[ClientChangeGrantTypesItem] | Unset):
        scopes (list[str] | Unset):
        resources (list[str] | Unset):
        resource_identifier (None | str | Unset):
        token_endpoint_auth_method (ClientChangeTokenEndpointAuthMethodType0 | None | Unset):
        jwks (ClientChangeJwksType0 | None | Unset):
        jwks_uri (None | str | Unset):
        id_token_signed_response_alg (ClientChangeIdTokenSignedResponseAlg | Unset):
        subject_type (ClientChangeSubjectTypeType0 | None | Unset):
        first_party (bool | Unset):
        require_dpop (bool | Unset):
        require_par (bool | Unset):
        access_token_lifetime (int | None | Unset):
        backchannel_logout_uri (None | str | Unset):
    """

    name: str | Unset = UNSET
    logo_uri: None | str | Unset = UNSET
    type_: ClientChangeType | Unset = UNSET
    redirect_uris: list[str] | Unset = UNSET
    post_logout_redirect_uris: list[str] | Unset = UNSET
    grant_types: list[ClientChangeGrantTypesItem] | Unset = UNSET
    scopes: list[str] | Unset = UNSET
    resources: list[str] | Unset = UNSET
    resource_identifier: None | str | Unset = UNSET
    token_endpoint_auth_method: ClientChangeTokenEndpointAuthMethodType0 | None | Unset = UNSET
    jwks: ClientChangeJwksType0 | None | Unset = UNSET
    jwks_uri: None | str | Unset = UNSET
    id_token_signed_response_alg: ClientChangeIdTokenSignedResponseAlg | Unset = UNSET
    subject_type: ClientChangeSubjectTypeType0 | None | Unset = UNSET
    first_party: bool | Unset = UNSET
    require_dpop: bool | Unset = UNSET
    require_par: bool | Unset = UNSET
    access_token_lifetime: int | None | Unset = UNSET
    backchannel_logout_uri: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.client_change_jwks_type_0 import ClientChangeJwksType0  # noqa: PLC0415

        name = self.name

        logo_uri: None | str | Unset
        if isinstance(self.logo_uri, Unset):
            logo_uri = UNSET
        else:
            logo_uri = self.logo_uri

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value

        redirect_uris: list[str] | Unset = UNSET
        if not isinstance(self.redirect_uris, Unset):
            redirect_uris = self.redirect_uris

        post_logout_redirect_uris: list[str] | Unset = UNSET
        if not isinstance(self.post_logout_redirect_uris, Unset):
            post_logout_redirect_uris = self.post_logout_redirect_uris

        grant_types: list[str] | Unset = UNSET
        if not isinstance(self.grant_types, Unset):
            grant_types = []
            for grant_types_item_data in self.grant_types:
                grant_types_item = grant_types_item_data.value
                grant_types.append(grant_types_item)

        scopes: list[str] | Unset = UNSET
        if not isinstance(self.scopes, Unset):
            scopes = self.scopes

        resources: list[str] | Unset = UNSET
        if not isinstance(self.resources, Unset):
            resources = self.resources

        resource_identifier: None | str | Unset
        if isinstance(self.resource_identifier, Unset):
            resource_identifier = UNSET
        else:
            resource_identifier = self.resource_identifier

        token_endpoint_auth_method: None | str | Unset
        if isinstance(self.token_endpoint_auth_method, Unset):
            token_endpoint_auth_method = UNSET
        elif isinstance(self.token_endpoint_auth_method, ClientChangeTokenEndpointAuthMethodType0):
            token_endpoint_auth_method = self.token_endpoint_auth_method.value
        else:
            token_endpoint_auth_method = self.token_endpoint_auth_method

        jwks: dict[str, Any] | None | Unset
        if isinstance(self.jwks, Unset):
            jwks = UNSET
        elif isinstance(self.jwks, ClientChangeJwksType0):
            jwks = self.jwks.to_dict()
        else:
            jwks = self.jwks

        jwks_uri: None | str | Unset
        if isinstance(self.jwks_uri, Unset):
            jwks_uri = UNSET
        else:
            jwks_uri = self.jwks_uri

        id_token_signed_response_alg: str | Unset = UNSET
        if not isinstance(self.id_token_signed_response_alg, Unset):
            id_token_signed_response_alg = self.id_token_signed_response_alg.value

        subject_type: None | str | Unset
        if isinstance(self.subject_type, Unset):
            subject_type = UNSET
        elif isinstance(self.subject_type, ClientChangeSubjectTypeType0):
            subject_type = self.subject_type.value
        else:
            subject_type = self.subject_type

        first_party = self.first_party

        require_dpop = self.require_dpop

        require_par = self.require_par

        access_token_lifetime: int | None | Unset
        if isinstance(self.access_token_lifetime, Unset):
            access_token_lifetime = UNSET
        else:
            access_token_lifetime = self.access_token_lifetime

        backchannel_logout_uri: None | str | Unset
        if isinstance(self.backchannel_logout_uri, Unset):
            backchannel_logout_uri = UNSET
        else:
            backchannel_logout_uri = self.backchannel_logout_uri

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if logo_uri is not UNSET:
            field_dict["logo_uri"] = logo_uri
        if type_ is not UNSET:
            field_dict["type"] = type_
        if redirect_uris is not UNSET:
            field_dict["redirect_uris"] = redirect_uris
        if post_logout_redirect_uris is not UNSET:
            field_dict["post_logout_redirect_uris"] = post_logout_redirect_uris
        if grant_types is not UNSET:
            field_dict["grant_types"] = grant_types
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if resources is not UNSET:
            field_dict["resources"] = resources
        if resource_identifier is not UNSET:
            field_dict["resource_identifier"] = resource_identifier
        if token_endpoint_auth_method is not UNSET:
            field_dict["token_endpoint_auth_method"] = token_endpoint_auth_method
        if jwks is not UNSET:
            field_dict["jwks"] = jwks
        if jwks_uri is not UNSET:
            field_dict["jwks_uri"] = jwks_uri
        if id_token_signed_response_alg is not UNSET:
            field_dict["id_token_signed_response_alg"] = id_token_signed_response_alg
        if subject_type is not UNSET:
            field_dict["subject_type"] = subject_type
        if first_party is not UNSET:
            field_dict["first_party"] = first_party
        if require_dpop is not UNSET:
            field_dict["require_dpop"] = require_dpop
        if require_par is not UNSET:
            field_dict["require_par"] = require_par
        if access_token_lifetime is not UNSET:
            field_dict["access_token_lifetime"] = access_token_lifetime
        if backchannel_logout_uri is not UNSET:
            field_dict["backchannel_logout_uri"] = backchannel_logout_uri

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.client_change_jwks_type_0 import ClientChangeJwksType0  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name", UNSET)

        def _parse_logo_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        logo_uri = _parse_logo_uri(d.pop("logo_uri", UNSET))

        _type_ = d.pop("type", UNSET)
        type_: ClientChangeType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = ClientChangeType(_type_)

        redirect_uris = cast(list[str], d.pop("redirect_uris", UNSET))

        post_logout_redirect_uris = cast(list[str], d.pop("post_logout_redirect_uris", UNSET))

        _grant_types = d.pop("grant_types", UNSET)
        grant_types: list[ClientChangeGrantTypesItem] | Unset = UNSET
        if _grant_types is not UNSET:
            grant_types = []
            for grant_types_item_data in _grant_types:
                grant_types_item = ClientChangeGrantTypesItem(grant_types_item_data)

                grant_types.append(grant_types_item)

        scopes = cast(list[str], d.pop("scopes", UNSET))

        resources = cast(list[str], d.pop("resources", UNSET))

        def _parse_resource_identifier(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        resource_identifier = _parse_resource_identifier(d.pop("resource_identifier", UNSET))

        def _parse_token_endpoint_auth_method(data: object) -> ClientChangeTokenEndpointAuthMethodType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                token_endpoint_auth_method_type_0 = ClientChangeTokenEndpointAuthMethodType0(data)

                return token_endpoint_auth_method_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ClientChangeTokenEndpointAuthMethodType0 | None | Unset, data)

        token_endpoint_auth_method = _parse_token_endpoint_auth_method(d.pop("token_endpoint_auth_method", UNSET))

        def _parse_jwks(data: object) -> ClientChangeJwksType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                jwks_type_0 = ClientChangeJwksType0.from_dict(data)

                return jwks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ClientChangeJwksType0 | None | Unset, data)

        jwks = _parse_jwks(d.pop("jwks", UNSET))

        def _parse_jwks_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        jwks_uri = _parse_jwks_uri(d.pop("jwks_uri", UNSET))

        _id_token_signed_response_alg = d.pop("id_token_signed_response_alg", UNSET)
        id_token_signed_response_alg: ClientChangeIdTokenSignedResponseAlg | Unset
        if isinstance(_id_token_signed_response_alg, Unset):
            id_token_signed_response_alg = UNSET
        else:
            id_token_signed_response_alg = ClientChangeIdTokenSignedResponseAlg(_id_token_signed_response_alg)

        def _parse_subject_type(data: object) -> ClientChangeSubjectTypeType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                subject_type_type_0 = ClientChangeSubjectTypeType0(data)

                return subject_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ClientChangeSubjectTypeType0 | None | Unset, data)

        subject_type = _parse_subject_type(d.pop("subject_type", UNSET))

        first_party = d.pop("first_party", UNSET)

        require_dpop = d.pop("require_dpop", UNSET)

        require_par = d.pop("require_par", UNSET)

        def _parse_access_token_lifetime(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        access_token_lifetime = _parse_access_token_lifetime(d.pop("access_token_lifetime", UNSET))

        def _parse_backchannel_logout_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        backchannel_logout_uri = _parse_backchannel_logout_uri(d.pop("backchannel_logout_uri", UNSET))

        client_change = cls(
            name=name,
            logo_uri=logo_uri,
            type_=type_,
            redirect_uris=redirect_uris,
            post_logout_redirect_uris=post_logout_redirect_uris,
            grant_types=grant_types,
            scopes=scopes,
            resources=resources,
            resource_identifier=resource_identifier,
            token_endpoint_auth_method=token_endpoint_auth_method,
            jwks=jwks,
            jwks_uri=jwks_uri,
            id_token_signed_response_alg=id_token_signed_response_alg,
            subject_type=subject_type,
            first_party=first_party,
            require_dpop=require_dpop,
            require_par=require_par,
            access_token_lifetime=access_token_lifetime,
            backchannel_logout_uri=backchannel_logout_uri,
        )

        client_change.additional_properties = d
        return client_change

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
