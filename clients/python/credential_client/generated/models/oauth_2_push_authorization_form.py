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

T = TypeVar("T", bound="Oauth2PushAuthorizationForm")


@_attrs_define
class Oauth2PushAuthorizationForm:
    """The parameters of an authorization request, and the authentication of the client.

    Attributes:
        response_type (Literal['code']):
        client_id (str):
        code_challenge (str): S256 of the `code_verifier` (RFC 7636).
        code_challenge_method (Literal['S256']):
        redirect_uri (None | str | Unset): May be omitted if the client has only one.
        scope (None | str | Unset): By default, all scopes of the client.
        state (None | str | Unset):
        nonce (None | str | Unset): Repeated in the ID token.
        prompt (None | str | Unset): `none`, or any of `login`, `consent` and `select_account`.
        max_age (int | None | Unset): Seconds since the last login, at most.
        acr_values (None | str | Unset): `aal2` asks for two factors.
        login_hint (None | str | Unset): The email address of the user.
        id_token_hint (None | str | Unset): An earlier ID token of the expected user.
        ui_locales (None | str | Unset): The language of the pages.
        resource (list[str] | None | Unset): The APIs that the client will call (RFC 8707).
        dpop_jkt (None | str | Unset): The thumbprint of the key that the code is bound to (RFC 9449).
        client_secret (None | str | Unset): With `client_secret_post`.
    """

    response_type: Literal["code"]
    client_id: str
    code_challenge: str
    code_challenge_method: Literal["S256"]
    redirect_uri: None | str | Unset = UNSET
    scope: None | str | Unset = UNSET
    state: None | str | Unset = UNSET
    nonce: None | str | Unset = UNSET
    prompt: None | str | Unset = UNSET
    max_age: int | None | Unset = UNSET
    acr_values: None | str | Unset = UNSET
    login_hint: None | str | Unset = UNSET
    id_token_hint: None | str | Unset = UNSET
    ui_locales: None | str | Unset = UNSET
    resource: list[str] | None | Unset = UNSET
    dpop_jkt: None | str | Unset = UNSET
    client_secret: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        response_type = self.response_type

        client_id = self.client_id

        code_challenge = self.code_challenge

        code_challenge_method = self.code_challenge_method

        redirect_uri: None | str | Unset
        if isinstance(self.redirect_uri, Unset):
            redirect_uri = UNSET
        else:
            redirect_uri = self.redirect_uri

        scope: None | str | Unset
        if isinstance(self.scope, Unset):
            scope = UNSET
        else:
            scope = self.scope

        state: None | str | Unset
        if isinstance(self.state, Unset):
            state = UNSET
        else:
            state = self.state

        nonce: None | str | Unset
        if isinstance(self.nonce, Unset):
            nonce = UNSET
        else:
            nonce = self.nonce

        prompt: None | str | Unset
        if isinstance(self.prompt, Unset):
            prompt = UNSET
        else:
            prompt = self.prompt

        max_age: int | None | Unset
        if isinstance(self.max_age, Unset):
            max_age = UNSET
        else:
            max_age = self.max_age

        acr_values: None | str | Unset
        if isinstance(self.acr_values, Unset):
            acr_values = UNSET
        else:
            acr_values = self.acr_values

        login_hint: None | str | Unset
        if isinstance(self.login_hint, Unset):
            login_hint = UNSET
        else:
            login_hint = self.login_hint

        id_token_hint: None | str | Unset
        if isinstance(self.id_token_hint, Unset):
            id_token_hint = UNSET
        else:
            id_token_hint = self.id_token_hint

        ui_locales: None | str | Unset
        if isinstance(self.ui_locales, Unset):
            ui_locales = UNSET
        else:
            ui_locales = self.ui_locales

        resource: list[str] | None | Unset
        if isinstance(self.resource, Unset):
            resource = UNSET
        elif isinstance(self.resource, list):
            resource = self.resource

        else:
            resource = self.resource

        dpop_jkt: None | str | Unset
        if isinstance(self.dpop_jkt, Unset):
            dpop_jkt = UNSET
        else:
            dpop_jkt = self.dpop_jkt

        client_secret: None | str | Unset
        if isinstance(self.client_secret, Unset):
            client_secret = UNSET
        else:
            client_secret = self.client_secret

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "response_type": response_type,
                "client_id": client_id,
                "code_challenge": code_challenge,
                "code_challenge_method": code_challenge_method,
            }
        )
        if redirect_uri is not UNSET:
            field_dict["redirect_uri"] = redirect_uri
        if scope is not UNSET:
            field_dict["scope"] = scope
        if state is not UNSET:
            field_dict["state"] = state
        if nonce is not UNSET:
            field_dict["nonce"] = nonce
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if max_age is not UNSET:
            field_dict["max_age"] = max_age
        if acr_values is not UNSET:
            field_dict["acr_values"] = acr_values
        if login_hint is not UNSET:
            field_dict["login_hint"] = login_hint
        if id_token_hint is not UNSET:
            field_dict["id_token_hint"] = id_token_hint
        if ui_locales is not UNSET:
            field_dict["ui_locales"] = ui_locales
        if resource is not UNSET:
            field_dict["resource"] = resource
        if dpop_jkt is not UNSET:
            field_dict["dpop_jkt"] = dpop_jkt
        if client_secret is not UNSET:
            field_dict["client_secret"] = client_secret

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        response_type = cast(Literal["code"], d.pop("response_type"))
        if response_type != "code":
            raise ValueError(f"response_type must match const 'code', got '{response_type}'")

        client_id = d.pop("client_id")

        code_challenge = d.pop("code_challenge")

        code_challenge_method = cast(Literal["S256"], d.pop("code_challenge_method"))
        if code_challenge_method != "S256":
            raise ValueError(f"code_challenge_method must match const 'S256', got '{code_challenge_method}'")

        def _parse_redirect_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        redirect_uri = _parse_redirect_uri(d.pop("redirect_uri", UNSET))

        def _parse_scope(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        scope = _parse_scope(d.pop("scope", UNSET))

        def _parse_state(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        state = _parse_state(d.pop("state", UNSET))

        def _parse_nonce(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        nonce = _parse_nonce(d.pop("nonce", UNSET))

        def _parse_prompt(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        prompt = _parse_prompt(d.pop("prompt", UNSET))

        def _parse_max_age(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_age = _parse_max_age(d.pop("max_age", UNSET))

        def _parse_acr_values(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        acr_values = _parse_acr_values(d.pop("acr_values", UNSET))

        def _parse_login_hint(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        login_hint = _parse_login_hint(d.pop("login_hint", UNSET))

        def _parse_id_token_hint(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        id_token_hint = _parse_id_token_hint(d.pop("id_token_hint", UNSET))

        def _parse_ui_locales(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ui_locales = _parse_ui_locales(d.pop("ui_locales", UNSET))

        def _parse_resource(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                resource_type_0 = cast(list[str], data)

                return resource_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        resource = _parse_resource(d.pop("resource", UNSET))

        def _parse_dpop_jkt(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        dpop_jkt = _parse_dpop_jkt(d.pop("dpop_jkt", UNSET))

        def _parse_client_secret(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        client_secret = _parse_client_secret(d.pop("client_secret", UNSET))

        oauth_2_push_authorization_form = cls(
            response_type=response_type,
            client_id=client_id,
            code_challenge=code_challenge,
            code_challenge_method=code_challenge_method,
            redirect_uri=redirect_uri,
            scope=scope,
            state=state,
            nonce=nonce,
            prompt=prompt,
            max_age=max_age,
            acr_values=acr_values,
            login_hint=login_hint,
            id_token_hint=id_token_hint,
            ui_locales=ui_locales,
            resource=resource,
            dpop_jkt=dpop_jkt,
            client_secret=client_secret,
        )

        oauth_2_push_authorization_form.additional_properties = d
        return oauth_2_push_authorization_form

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
