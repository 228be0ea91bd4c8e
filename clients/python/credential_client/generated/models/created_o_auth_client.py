from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.created_o_auth_client_jwks_type_0 import CreatedOAuthClientJwksType0


T = TypeVar("T", bound="CreatedOAuthClient")


@_attrs_define
class CreatedOAuthClient:
    """
    Attributes:
        client_id (str):
        name (str):
        logo_uri (None | str):
        type_ (str):
        redirect_uris (list[str]):
        post_logout_redirect_uris (list[str]):
        grant_types (list[str]):
        scopes (list[str]):
        resources (list[str]):
        resource_identifier (None | str):
        token_endpoint_auth_method (str):
        jwks (CreatedOAuthClientJwksType0 | None):
        jwks_uri (None | str):
        id_token_signed_response_alg (str):
        subject_type (str):
        first_party (bool):
        require_dpop (bool):
        require_par (bool):
        access_token_lifetime (int | None):
        backchannel_logout_uri (None | str):
        origin (str): How it was registered: `admin`, `dynamic` or `metadata`.
        created_by (None | str): The `user_id` of the administrator who created it.
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        last_used_at (datetime.datetime | None): Accurate to a minute.
        client_secret (None | str | Unset): The secret, if the client has one. It is not shown again.
    """

    client_id: str
    name: str
    logo_uri: None | str
    type_: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    grant_types: list[str]
    scopes: list[str]
    resources: list[str]
    resource_identifier: None | str
    token_endpoint_auth_method: str
    jwks: CreatedOAuthClientJwksType0 | None
    jwks_uri: None | str
    id_token_signed_response_alg: str
    subject_type: str
    first_party: bool
    require_dpop: bool
    require_par: bool
    access_token_lifetime: int | None
    backchannel_logout_uri: None | str
    origin: str
    created_by: None | str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    last_used_at: datetime.datetime | None
    client_secret: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.created_o_auth_client_jwks_type_0 import (
            CreatedOAuthClientJwksType0,  # noqa: PLC0415
        )

        client_id = self.client_id

        name = self.name

        logo_uri: None | str
        logo_uri = self.logo_uri

        type_ = self.type_

        redirect_uris = self.redirect_uris

        post_logout_redirect_uris = self.post_logout_redirect_uris

        grant_types = self.grant_types

        scopes = self.scopes

        resources = self.resources

        resource_identifier: None | str
        resource_identifier = self.resource_identifier

        token_endpoint_auth_method = self.token_endpoint_auth_method

        jwks: dict[str, Any] | None
        if isinstance(self.jwks, CreatedOAuthClientJwksType0):
            jwks = self.jwks.to_dict()
        else:
            jwks = self.jwks

        jwks_uri: None | str
        jwks_uri = self.jwks_uri

        id_token_signed_response_alg = self.id_token_signed_response_alg

        subject_type = self.subject_type

        first_party = self.first_party

        require_dpop = self.require_dpop

        require_par = self.require_par

        access_token_lifetime: int | None
        access_token_lifetime = self.access_token_lifetime

        backchannel_logout_uri: None | str
        backchannel_logout_uri = self.backchannel_logout_uri

        origin = self.origin

        created_by: None | str
        created_by = self.created_by

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        client_secret: None | str | Unset
        if isinstance(self.client_secret, Unset):
            client_secret = UNSET
        else:
            client_secret = self.client_secret

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client_id": client_id,
                "name": name,
                "logo_uri": logo_uri,
                "type": type_,
                "redirect_uris": redirect_uris,
                "post_logout_redirect_uris": post_logout_redirect_uris,
                "grant_types": grant_types,
                "scopes": scopes,
                "resources": resources,
                "resource_identifier": resource_identifier,
                "token_endpoint_auth_method": token_endpoint_auth_method,
                "jwks": jwks,
                "jwks_uri": jwks_uri,
                "id_token_signed_response_alg": id_token_signed_response_alg,
                "subject_type": subject_type,
                "first_party": first_party,
                "require_dpop": require_dpop,
                "require_par": require_par,
                "access_token_lifetime": access_token_lifetime,
                "backchannel_logout_uri": backchannel_logout_uri,
                "origin": origin,
                "created_by": created_by,
                "created_at": created_at,
                "updated_at": updated_at,
                "last_used_at": last_used_at,
            }
        )
        if client_secret is not UNSET:
            field_dict["client_secret"] = client_secret

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.created_o_auth_client_jwks_type_0 import (
            CreatedOAuthClientJwksType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        client_id = d.pop("client_id")

        name = d.pop("name")

        def _parse_logo_uri(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        logo_uri = _parse_logo_uri(d.pop("logo_uri"))

        type_ = d.pop("type")

        redirect_uris = cast(list[str], d.pop("redirect_uris"))

        post_logout_redirect_uris = cast(list[str], d.pop("post_logout_redirect_uris"))

        grant_types = cast(list[str], d.pop("grant_types"))

        scopes = cast(list[str], d.pop("scopes"))

        resources = cast(list[str], d.pop("resources"))

        def _parse_resource_identifier(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        resource_identifier = _parse_resource_identifier(d.pop("resource_identifier"))

        token_endpoint_auth_method = d.pop("token_endpoint_auth_method")

        def _parse_jwks(data: object) -> CreatedOAuthClientJwksType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                jwks_type_0 = CreatedOAuthClientJwksType0.from_dict(data)

                return jwks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CreatedOAuthClientJwksType0 | None, data)

        jwks = _parse_jwks(d.pop("jwks"))

        def _parse_jwks_uri(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        jwks_uri = _parse_jwks_uri(d.pop("jwks_uri"))

        id_token_signed_response_alg = d.pop("id_token_signed_response_alg")

        subject_type = d.pop("subject_type")

        first_party = d.pop("first_party")

        require_dpop = d.pop("require_dpop")

        require_par = d.pop("require_par")

        def _parse_access_token_lifetime(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        access_token_lifetime = _parse_access_token_lifetime(d.pop("access_token_lifetime"))

        def _parse_backchannel_logout_uri(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        backchannel_logout_uri = _parse_backchannel_logout_uri(d.pop("backchannel_logout_uri"))

        origin = d.pop("origin")

        def _parse_created_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        created_by = _parse_created_by(d.pop("created_by"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        def _parse_last_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at"))

        def _parse_client_secret(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        client_secret = _parse_client_secret(d.pop("client_secret", UNSET))

        created_o_auth_client = cls(
            client_id=client_id,
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
            origin=origin,
            created_by=created_by,
            created_at=created_at,
            updated_at=updated_at,
            last_used_at=last_used_at,
            client_secret=client_secret,
        )

        created_o_auth_client.additional_properties = d
        return created_o_auth_client

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
