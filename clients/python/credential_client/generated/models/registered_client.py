from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.registered_client_jwks_type_0 import RegisteredClientJwksType0


T = TypeVar("T", bound="RegisteredClient")


@_attrs_define
class RegisteredClient:
    """What a client has registered (RFC 7591, section 3.2.1; RFC 7592, section 3).

    Attributes:
        client_id (str):
        client_id_issued_at (int):
        registration_access_token (str): Manages the registration, as a bearer token.
        registration_client_uri (str):
        client_name (str):
        redirect_uris (list[str]):
        grant_types (list[str]):
        response_types (list[str]):
        token_endpoint_auth_method (str):
        scope (str):
        id_token_signed_response_alg (str):
        subject_type (str):
        client_secret (None | str | Unset): If the client has one. It is not shown again.
        client_secret_expires_at (int | None | Unset): 0: it does not expire.
        post_logout_redirect_uris (list[str] | None | Unset):
        logo_uri (None | str | Unset):
        jwks (None | RegisteredClientJwksType0 | Unset):
        jwks_uri (None | str | Unset):
        dpop_bound_access_tokens (bool | None | Unset):
        require_pushed_authorization_requests (bool | None | Unset):
        backchannel_logout_uri (None | str | Unset):
    """

    client_id: str
    client_id_issued_at: int
    registration_access_token: str
    registration_client_uri: str
    client_name: str
    redirect_uris: list[str]
    grant_types: list[str]
    response_types: list[str]
    token_endpoint_auth_method: str
    scope: str
    id_token_signed_response_alg: str
    subject_type: str
    client_secret: None | str | Unset = UNSET
    client_secret_expires_at: int | None | Unset = UNSET
    post_logout_redirect_uris: list[str] | None | Unset = UNSET
    logo_uri: None | str | Unset = UNSET
    jwks: None | RegisteredClientJwksType0 | Unset = UNSET
    jwks_uri: None | str | Unset = UNSET
    dpop_bound_access_tokens: bool | None | Unset = UNSET
    require_pushed_authorization_requests: bool | None | Unset = UNSET
    backchannel_logout_uri: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.registered_client_jwks_type_0 import RegisteredClientJwksType0  # noqa: PLC0415

        client_id = self.client_id

        client_id_issued_at = self.client_id_issued_at

        registration_access_token = self.registration_access_token

        registration_client_uri = self.registration_client_uri

        client_name = self.client_name

        redirect_uris = self.redirect_uris

        grant_types = self.grant_types

        response_types = self.response_types

        token_endpoint_auth_method = self.token_endpoint_auth_method

        scope = self.scope

        id_token_signed_response_alg = self.id_token_signed_response_alg

        subject_type = self.subject_type

        client_secret: None | str | Unset
        if isinstance(self.client_secret, Unset):
            client_secret = UNSET
        else:
            client_secret = self.client_secret

        client_secret_expires_at: int | None | Unset
        if isinstance(self.client_secret_expires_at, Unset):
            client_secret_expires_at = UNSET
        else:
            client_secret_expires_at = self.client_secret_expires_at

        post_logout_redirect_uris: list[str] | None | Unset
        if isinstance(self.post_logout_redirect_uris, Unset):
            post_logout_redirect_uris = UNSET
        elif isinstance(self.post_logout_redirect_uris, list):
            post_logout_redirect_uris = self.post_logout_redirect_uris

        else:
            post_logout_redirect_uris = self.post_logout_redirect_uris

        logo_uri: None | str | Unset
        if isinstance(self.logo_uri, Unset):
            logo_uri = UNSET
        else:
            logo_uri = self.logo_uri

        jwks: dict[str, Any] | None | Unset
        if isinstance(self.jwks, Unset):
            jwks = UNSET
        elif isinstance(self.jwks, RegisteredClientJwksType0):
            jwks = self.jwks.to_dict()
        else:
            jwks = self.jwks

        jwks_uri: None | str | Unset
        if isinstance(self.jwks_uri, Unset):
            jwks_uri = UNSET
        else:
            jwks_uri = self.jwks_uri

        dpop_bound_access_tokens: bool | None | Unset
        if isinstance(self.dpop_bound_access_tokens, Unset):
            dpop_bound_access_tokens = UNSET
        else:
            dpop_bound_access_tokens = self.dpop_bound_access_tokens

        require_pushed_authorization_requests: bool | None | Unset
        if isinstance(self.require_pushed_authorization_requests, Unset):
            require_pushed_authorization_requests = UNSET
        else:
            require_pushed_authorization_requests = self.require_pushed_authorization_requests

        backchannel_logout_uri: None | str | Unset
        if isinstance(self.backchannel_logout_uri, Unset):
            backchannel_logout_uri = UNSET
        else:
            backchannel_logout_uri = self.backchannel_logout_uri

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client_id": client_id,
                "client_id_issued_at": client_id_issued_at,
                "registration_access_token": registration_access_token,
                "registration_client_uri": registration_client_uri,
                "client_name": client_name,
                "redirect_uris": redirect_uris,
                "grant_types": grant_types,
                "response_types": response_types,
                "token_endpoint_auth_method": token_endpoint_auth_method,
                "scope": scope,
                "id_token_signed_response_alg": id_token_signed_response_alg,
                "subject_type": subject_type,
            }
        )
        if client_secret is not UNSET:
            field_dict["client_secret"] = client_secret
        if client_secret_expires_at is not UNSET:
            field_dict["client_secret_expires_at"] = client_secret_expires_at
        if post_logout_redirect_uris is not UNSET:
            field_dict["post_logout_redirect_uris"] = post_logout_redirect_uris
        if logo_uri is not UNSET:
            field_dict["logo_uri"] = logo_uri
        if jwks is not UNSET:
            field_dict["jwks"] = jwks
        if jwks_uri is not UNSET:
            field_dict["jwks_uri"] = jwks_uri
        if dpop_bound_access_tokens is not UNSET:
            field_dict["dpop_bound_access_tokens"] = dpop_bound_access_tokens
        if require_pushed_authorization_requests is not UNSET:
            field_dict["require_pushed_authorization_requests"] = require_pushed_authorization_requests
        if backchannel_logout_uri is not UNSET:
            field_dict["backchannel_logout_uri"] = backchannel_logout_uri

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.registered_client_jwks_type_0 import RegisteredClientJwksType0  # noqa: PLC0415

        d = dict(src_dict)
        client_id = d.pop("client_id")

        client_id_issued_at = d.pop("client_id_issued_at")

        registration_access_token = d.pop("registration_access_token")

        registration_client_uri = d.pop("registration_client_uri")

        client_name = d.pop("client_name")

        redirect_uris = cast(list[str], d.pop("redirect_uris"))

        grant_types = cast(list[str], d.pop("grant_types"))

        response_types = cast(list[str], d.pop("response_types"))

        token_endpoint_auth_method = d.pop("token_endpoint_auth_method")

        scope = d.pop("scope")

        id_token_signed_response_alg = d.pop("id_token_signed_response_alg")

        subject_type = d.pop("subject_type")

        def _parse_client_secret(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        client_secret = _parse_client_secret(d.pop("client_secret", UNSET))

        def _parse_client_secret_expires_at(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        client_secret_expires_at = _parse_client_secret_expires_at(d.pop("client_secret_expires_at", UNSET))

        def _parse_post_logout_redirect_uris(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                post_logout_redirect_uris_type_0 = cast(list[str], data)

                return post_logout_redirect_uris_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        post_logout_redirect_uris = _parse_post_logout_redirect_uris(d.pop("post_logout_redirect_uris", UNSET))

        def _parse_logo_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        logo_uri = _parse_logo_uri(d.pop("logo_uri", UNSET))

        def _parse_jwks(data: object) -> None | RegisteredClientJwksType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                jwks_type_0 = RegisteredClientJwksType0.from_dict(data)

                return jwks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RegisteredClientJwksType0 | Unset, data)

        jwks = _parse_jwks(d.pop("jwks", UNSET))

        def _parse_jwks_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        jwks_uri = _parse_jwks_uri(d.pop("jwks_uri", UNSET))

        def _parse_dpop_bound_access_tokens(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        dpop_bound_access_tokens = _parse_dpop_bound_access_tokens(d.pop("dpop_bound_access_tokens", UNSET))

        def _parse_require_pushed_authorization_requests(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        require_pushed_authorization_requests = _parse_require_pushed_authorization_requests(
            d.pop("require_pushed_authorization_requests", UNSET)
        )

        def _parse_backchannel_logout_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        backchannel_logout_uri = _parse_backchannel_logout_uri(d.pop("backchannel_logout_uri", UNSET))

        registered_client = cls(
            client_id=client_id,
            client_id_issued_at=client_id_issued_at,
            registration_access_token=registration_access_token,
            registration_client_uri=registration_client_uri,
            client_name=client_name,
            redirect_uris=redirect_uris,
            grant_types=grant_types,
            response_types=response_types,
            token_endpoint_auth_method=token_endpoint_auth_method,
            scope=scope,
            id_token_signed_response_alg=id_token_signed_response_alg,
            subject_type=subject_type,
            client_secret=client_secret,
            client_secret_expires_at=client_secret_expires_at,
            post_logout_redirect_uris=post_logout_redirect_uris,
            logo_uri=logo_uri,
            jwks=jwks,
            jwks_uri=jwks_uri,
            dpop_bound_access_tokens=dpop_bound_access_tokens,
            require_pushed_authorization_requests=require_pushed_authorization_requests,
            backchannel_logout_uri=backchannel_logout_uri,
        )

        registered_client.additional_properties = d
        return registered_client

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
