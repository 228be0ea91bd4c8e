from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Configuration")


@_attrs_define
class Configuration:
    """
    Attributes:
        issuer (str):
        jwks_uri (str):
        token_endpoint (str):
        introspection_endpoint (str):
        revocation_endpoint (str):
        id_token_signing_alg_values_supported (list[str]):
        grant_types_supported (list[str] | Unset):
        response_types_supported (list[str] | Unset):
        subject_types_supported (list[str] | Unset):
        token_endpoint_auth_methods_supported (list[str] | Unset):
        introspection_endpoint_auth_methods_supported (list[str] | Unset):
        revocation_endpoint_auth_methods_supported (list[str] | Unset):
        authorization_endpoint (None | str | Unset):
        userinfo_endpoint (None | str | Unset):
        end_session_endpoint (None | str | Unset):
        pushed_authorization_request_endpoint (None | str | Unset):
        device_authorization_endpoint (None | str | Unset):
        registration_endpoint (None | str | Unset):
        scopes_supported (list[str] | None | Unset):
        response_modes_supported (list[str] | None | Unset):
        userinfo_signing_alg_values_supported (list[str] | None | Unset):
        token_endpoint_auth_signing_alg_values_supported (list[str] | None | Unset):
        introspection_endpoint_auth_signing_alg_values_supported (list[str] | None | Unset):
        revocation_endpoint_auth_signing_alg_values_supported (list[str] | None | Unset):
        dpop_signing_alg_values_supported (list[str] | None | Unset):
        code_challenge_methods_supported (list[str] | None | Unset):
        claims_supported (list[str] | None | Unset):
        prompt_values_supported (list[str] | None | Unset):
        acr_values_supported (list[str] | None | Unset):
        ui_locales_supported (list[str] | None | Unset):
        authorization_response_iss_parameter_supported (bool | None | Unset):
        claims_parameter_supported (bool | None | Unset):
        request_parameter_supported (bool | None | Unset):
        request_uri_parameter_supported (bool | None | Unset):
        client_id_metadata_document_supported (bool | None | Unset):
        backchannel_logout_supported (bool | None | Unset):
        backchannel_logout_session_supported (bool | None | Unset):
    """

    issuer: str
    jwks_uri: str
    token_endpoint: str
    introspection_endpoint: str
    revocation_endpoint: str
    id_token_signing_alg_values_supported: list[str]
    grant_types_supported: list[str] | Unset = UNSET
    response_types_supported: list[str] | Unset = UNSET
    subject_types_supported: list[str] | Unset = UNSET
    token_endpoint_auth_methods_supported: list[str] | Unset = UNSET
    introspection_endpoint_auth_methods_supported: list[str] | Unset = UNSET
    revocation_endpoint_auth_methods_supported: list[str] | Unset = UNSET
    authorization_endpoint: None | str | Unset = UNSET
    userinfo_endpoint: None | str | Unset = UNSET
    end_session_endpoint: None | str | Unset = UNSET
    pushed_authorization_request_endpoint: None | str | Unset = UNSET
    device_authorization_endpoint: None | str | Unset = UNSET
    registration_endpoint: None | str | Unset = UNSET
    scopes_supported: list[str] | None | Unset = UNSET
    response_modes_supported: list[str] | None | Unset = UNSET
    userinfo_signing_alg_values_supported: list[str] | None | Unset = UNSET
    token_endpoint_auth_signing_alg_values_supported: list[str] | None | Unset = UNSET
    introspection_endpoint_auth_signing_alg_values_supported: list[str] | None | Unset = UNSET
    revocation_endpoint_auth_signing_alg_values_supported: list[str] | None | Unset = UNSET
    dpop_signing_alg_values_supported: list[str] | None | Unset = UNSET
    code_challenge_methods_supported: list[str] | None | Unset = UNSET
    claims_supported: list[str] | None | Unset = UNSET
    prompt_values_supported: list[str] | None | Unset = UNSET
    acr_values_supported: list[str] | None | Unset = UNSET
    ui_locales_supported: list[str] | None | Unset = UNSET
    authorization_response_iss_parameter_supported: bool | None | Unset = UNSET
    claims_parameter_supported: bool | None | Unset = UNSET
    request_parameter_supported: bool | None | Unset = UNSET
    request_uri_parameter_supported: bool | None | Unset = UNSET
    client_id_metadata_document_supported: bool | None | Unset = UNSET
    backchannel_logout_supported: bool | None | Unset = UNSET
    backchannel_logout_session_supported: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        issuer = self.issuer

        jwks_uri = self.jwks_uri

        token_endpoint = self.token_endpoint

        introspection_endpoint = self.introspection_endpoint

        revocation_endpoint = self.revocation_endpoint

        id_token_signing_alg_values_supported = self.id_token_signing_alg_values_supported

        grant_types_supported: list[str] | Unset = UNSET
        if not isinstance(self.grant_types_supported, Unset):
            grant_types_supported = self.grant_types_supported

        response_types_supported: list[str] | Unset = UNSET
        if not isinstance(self.response_types_supported, Unset):
            response_types_supported = self.response_types_supported

        subject_types_supported: list[str] | Unset = UNSET
        if not isinstance(self.subject_types_supported, Unset):
            subject_types_supported = self.subject_types_supported

        token_endpoint_auth_methods_supported: list[str] | Unset = UNSET
        if not isinstance(self.token_endpoint_auth_methods_supported, Unset):
            token_endpoint_auth_methods_supported = self.token_endpoint_auth_methods_supported

        introspection_endpoint_auth_methods_supported: list[str] | Unset = UNSET
        if not isinstance(self.introspection_endpoint_auth_methods_supported, Unset):
            introspection_endpoint_auth_methods_supported = self.introspection_endpoint_auth_methods_supported

        revocation_endpoint_auth_methods_supported: list[str] | Unset = UNSET
        if not isinstance(self.revocation_endpoint_auth_methods_supported, Unset):
            revocation_endpoint_auth_methods_supported = self.revocation_endpoint_auth_methods_supported

        authorization_endpoint: None | str | Unset
        if isinstance(self.authorization_endpoint, Unset):
            authorization_endpoint = UNSET
        else:
            authorization_endpoint = self.authorization_endpoint

        userinfo_endpoint: None | str | Unset
        if isinstance(self.userinfo_endpoint, Unset):
            userinfo_endpoint = UNSET
        else:
            userinfo_endpoint = self.userinfo_endpoint

        end_session_endpoint: None | str | Unset
        if isinstance(self.end_session_endpoint, Unset):
            end_session_endpoint = UNSET
        else:
            end_session_endpoint = self.end_session_endpoint

        pushed_authorization_request_endpoint: None | str | Unset
        if isinstance(self.pushed_authorization_request_endpoint, Unset):
            pushed_authorization_request_endpoint = UNSET
        else:
            pushed_authorization_request_endpoint = self.pushed_authorization_request_endpoint

        device_authorization_endpoint: None | str | Unset
        if isinstance(self.device_authorization_endpoint, Unset):
            device_authorization_endpoint = UNSET
        else:
            device_authorization_endpoint = self.device_authorization_endpoint

        registration_endpoint: None | str | Unset
        if isinstance(self.registration_endpoint, Unset):
            registration_endpoint = UNSET
        else:
            registration_endpoint = self.registration_endpoint

        scopes_supported: list[str] | None | Unset
        if isinstance(self.scopes_supported, Unset):
            scopes_supported = UNSET
        elif isinstance(self.scopes_supported, list):
            scopes_supported = self.scopes_supported

        else:
            scopes_supported = self.scopes_supported

        response_modes_supported: list[str] | None | Unset
        if isinstance(self.response_modes_supported, Unset):
            response_modes_supported = UNSET
        elif isinstance(self.response_modes_supported, list):
            response_modes_supported = self.response_modes_supported

        else:
            response_modes_supported = self.response_modes_supported

        userinfo_signing_alg_values_supported: list[str] | None | Unset
        if isinstance(self.userinfo_signing_alg_values_supported, Unset):
            userinfo_signing_alg_values_supported = UNSET
        elif isinstance(self.userinfo_signing_alg_values_supported, list):
            userinfo_signing_alg_values_supported = self.userinfo_signing_alg_values_supported

        else:
            userinfo_signing_alg_values_supported = self.userinfo_signing_alg_values_supported

        token_endpoint_auth_signing_alg_values_supported: list[str] | None | Unset
        if isinstance(self.token_endpoint_auth_signing_alg_values_supported, Unset):
            token_endpoint_auth_signing_alg_values_supported = UNSET
        elif isinstance(self.token_endpoint_auth_signing_alg_values_supported, list):
            token_endpoint_auth_signing_alg_values_supported = self.token_endpoint_auth_signing_alg_values_supported

        else:
            token_endpoint_auth_signing_alg_values_supported = self.token_endpoint_auth_signing_alg_values_supported

        introspection_endpoint_auth_signing_alg_values_supported: list[str] | None | Unset
        if isinstance(self.introspection_endpoint_auth_signing_alg_values_supported, Unset):
            introspection_endpoint_auth_signing_alg_values_supported = UNSET
        elif isinstance(self.introspection_endpoint_auth_signing_alg_values_supported, list):
            introspection_endpoint_auth_signing_alg_values_supported = (
                self.introspection_endpoint_auth_signing_alg_values_supported
            )

        else:
            introspection_endpoint_auth_signing_alg_values_supported = (
                self.introspection_endpoint_auth_signing_alg_values_supported
            )

        revocation_endpoint_auth_signing_alg_values_supported: list[str] | None | Unset
        if isinstance(self.revocation_endpoint_auth_signing_alg_values_supported, Unset):
            revocation_endpoint_auth_signing_alg_values_supported = UNSET
        elif isinstance(self.revocation_endpoint_auth_signing_alg_values_supported, list):
            revocation_endpoint_auth_signing_alg_values_supported = (
                self.revocation_endpoint_auth_signing_alg_values_supported
            )

        else:
            revocation_endpoint_auth_signing_alg_values_supported = (
                self.revocation_endpoint_auth_signing_alg_values_supported
            )

        dpop_signing_alg_values_supported: list[str] | None | Unset
        if isinstance(self.dpop_signing_alg_values_supported, Unset):
            dpop_signing_alg_values_supported = UNSET
        elif isinstance(self.dpop_signing_alg_values_supported, list):
            dpop_signing_alg_values_supported = self.dpop_signing_alg_values_supported

        else:
            dpop_signing_alg_values_supported = self.dpop_signing_alg_values_supported

        code_challenge_methods_supported: list[str] | None | Unset
        if isinstance(self.code_challenge_methods_supported, Unset):
            code_challenge_methods_supported = UNSET
        elif isinstance(self.code_challenge_methods_supported, list):
            code_challenge_methods_supported = self.code_challenge_methods_supported

        else:
            code_challenge_methods_supported = self.code_challenge_methods_supported

        claims_supported: list[str] | None | Unset
        if isinstance(self.claims_supported, Unset):
            claims_supported = UNSET
        elif isinstance(self.claims_supported, list):
            claims_supported = self.claims_supported

        else:
            claims_supported = self.claims_supported

        prompt_values_supported: list[str] | None | Unset
        if isinstance(self.prompt_values_supported, Unset):
            prompt_values_supported = UNSET
        elif isinstance(self.prompt_values_supported, list):
            prompt_values_supported = self.prompt_values_supported

        else:
            prompt_values_supported = self.prompt_values_supported

        acr_values_supported: list[str] | None | Unset
        if isinstance(self.acr_values_supported, Unset):
            acr_values_supported = UNSET
        elif isinstance(self.acr_values_supported, list):
            acr_values_supported = self.acr_values_supported

        else:
            acr_values_supported = self.acr_values_supported

        ui_locales_supported: list[str] | None | Unset
        if isinstance(self.ui_locales_supported, Unset):
            ui_locales_supported = UNSET
        elif isinstance(self.ui_locales_supported, list):
            ui_locales_supported = self.ui_locales_supported

        else:
            ui_locales_supported = self.ui_locales_supported

        authorization_response_iss_parameter_supported: bool | None | Unset
        if isinstance(self.authorization_response_iss_parameter_supported, Unset):
            authorization_response_iss_parameter_supported = UNSET
        else:
            authorization_response_iss_parameter_supported = self.authorization_response_iss_parameter_supported

        claims_parameter_supported: bool | None | Unset
        if isinstance(self.claims_parameter_supported, Unset):
            claims_parameter_supported = UNSET
        else:
            claims_parameter_supported = self.claims_parameter_supported

        request_parameter_supported: bool | None | Unset
        if isinstance(self.request_parameter_supported, Unset):
            request_parameter_supported = UNSET
        else:
            request_parameter_supported = self.request_parameter_supported

        request_uri_parameter_supported: bool | None | Unset
        if isinstance(self.request_uri_parameter_supported, Unset):
            request_uri_parameter_supported = UNSET
        else:
            request_uri_parameter_supported = self.request_uri_parameter_supported

        client_id_metadata_document_supported: bool | None | Unset
        if isinstance(self.client_id_metadata_document_supported, Unset):
            client_id_metadata_document_supported = UNSET
        else:
            client_id_metadata_document_supported = self.client_id_metadata_document_supported

        backchannel_logout_supported: bool | None | Unset
        if isinstance(self.backchannel_logout_supported, Unset):
            backchannel_logout_supported = UNSET
        else:
            backchannel_logout_supported = self.backchannel_logout_supported

        backchannel_logout_session_supported: bool | None | Unset
        if isinstance(self.backchannel_logout_session_supported, Unset):
            backchannel_logout_session_supported = UNSET
        else:
            backchannel_logout_session_supported = self.backchannel_logout_session_supported

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "issuer": issuer,
                "jwks_uri": jwks_uri,
                "token_endpoint": token_endpoint,
                "introspection_endpoint": introspection_endpoint,
                "revocation_endpoint": revocation_endpoint,
                "id_token_signing_alg_values_supported": id_token_signing_alg_values_supported,
            }
        )
        if grant_types_supported is not UNSET:
            field_dict["grant_types_supported"] = grant_types_supported
        if response_types_supported is not UNSET:
            field_dict["response_types_supported"] = response_types_supported
        if subject_types_supported is not UNSET:
            field_dict["subject_types_supported"] = subject_types_supported
        if token_endpoint_auth_methods_supported is not UNSET:
            field_dict["token_endpoint_auth_methods_supported"] = token_endpoint_auth_methods_supported
        if introspection_endpoint_auth_methods_supported is not UNSET:
            field_dict["introspection_endpoint_auth_methods_supported"] = introspection_endpoint_auth_methods_supported
        if revocation_endpoint_auth_methods_supported is not UNSET:
            field_dict["revocation_endpoint_auth_methods_supported"] = revocation_endpoint_auth_methods_supported
        if authorization_endpoint is not UNSET:
            field_dict["authorization_endpoint"] = authorization_endpoint
        if userinfo_endpoint is not UNSET:
            field_dict["userinfo_endpoint"] = userinfo_endpoint
        if end_session_endpoint is not UNSET:
            field_dict["end_session_endpoint"] = end_session_endpoint
        if pushed_authorization_request_endpoint is not UNSET:
            field_dict["pushed_authorization_request_endpoint"] = pushed_authorization_request_endpoint
        if device_authorization_endpoint is not UNSET:
            field_dict["device_authorization_endpoint"] = device_authorization_endpoint
        if registration_endpoint is not UNSET:
            field_dict["registration_endpoint"] = registration_endpoint
        if scopes_supported is not UNSET:
            field_dict["scopes_supported"] = scopes_supported
        if response_modes_supported is not UNSET:
            field_dict["response_modes_supported"] = response_modes_supported
        if userinfo_signing_alg_values_supported is not UNSET:
            field_dict["userinfo_signing_alg_values_supported"] = userinfo_signing_alg_values_supported
        if token_endpoint_auth_signing_alg_values_supported is not UNSET:
            field_dict["token_endpoint_auth_signing_alg_values_supported"] = (
                token_endpoint_auth_signing_alg_values_supported
            )
        if introspection_endpoint_auth_signing_alg_values_supported is not UNSET:
            field_dict["introspection_endpoint_auth_signing_alg_values_supported"] = (
                introspection_endpoint_auth_signing_alg_values_supported
            )
        if revocation_endpoint_auth_signing_alg_values_supported is not UNSET:
            field_dict["revocation_endpoint_auth_signing_alg_values_supported"] = (
                revocation_endpoint_auth_signing_alg_values_supported
            )
        if dpop_signing_alg_values_supported is not UNSET:
            field_dict["dpop_signing_alg_values_supported"] = dpop_signing_alg_values_supported
        if code_challenge_methods_supported is not UNSET:
            field_dict["code_challenge_methods_supported"] = code_challenge_methods_supported
        if claims_supported is not UNSET:
            field_dict["claims_supported"] = claims_supported
        if prompt_values_supported is not UNSET:
            field_dict["prompt_values_supported"] = prompt_values_supported
        if acr_values_supported is not UNSET:
            field_dict["acr_values_supported"] = acr_values_supported
        if ui_locales_supported is not UNSET:
            field_dict["ui_locales_supported"] = ui_locales_supported
        if authorization_response_iss_parameter_supported is not UNSET:
            field_dict["authorization_response_iss_parameter_supported"] = (
                authorization_response_iss_parameter_supported
            )
        if claims_parameter_supported is not UNSET:
            field_dict["claims_parameter_supported"] = claims_parameter_supported
        if request_parameter_supported is not UNSET:
            field_dict["request_parameter_supported"] = request_parameter_supported
        if request_uri_parameter_supported is not UNSET:
            field_dict["request_uri_parameter_supported"] = request_uri_parameter_supported
        if client_id_metadata_document_supported is not UNSET:
            field_dict["client_id_metadata_document_supported"] = client_id_metadata_document_supported
        if backchannel_logout_supported is not UNSET:
            field_dict["backchannel_logout_supported"] = backchannel_logout_supported
        if backchannel_logout_session_supported is not UNSET:
            field_dict["backchannel_logout_session_supported"] = backchannel_logout_session_supported

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        issuer = d.pop("issuer")

        jwks_uri = d.pop("jwks_uri")

        token_endpoint = d.pop("token_endpoint")

        introspection_endpoint = d.pop("introspection_endpoint")

        revocation_endpoint = d.pop("revocation_endpoint")

        id_token_signing_alg_values_supported = cast(list[str], d.pop("id_token_signing_alg_values_supported"))

        grant_types_supported = cast(list[str], d.pop("grant_types_supported", UNSET))

        response_types_supported = cast(list[str], d.pop("response_types_supported", UNSET))

        subject_types_supported = cast(list[str], d.pop("subject_types_supported", UNSET))

        token_endpoint_auth_methods_supported = cast(list[str], d.pop("token_endpoint_auth_methods_supported", UNSET))

        introspection_endpoint_auth_methods_supported = cast(
            list[str], d.pop("introspection_endpoint_auth_methods_supported", UNSET)
        )

        revocation_endpoint_auth_methods_supported = cast(
            list[str], d.pop("revocation_endpoint_auth_methods_supported", UNSET)
        )

        def _parse_authorization_endpoint(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        authorization_endpoint = _parse_authorization_endpoint(d.pop("authorization_endpoint", UNSET))

        def _parse_userinfo_endpoint(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        userinfo_endpoint = _parse_userinfo_endpoint(d.pop("userinfo_endpoint", UNSET))

        def _parse_end_session_endpoint(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        end_session_endpoint = _parse_end_session_endpoint(d.pop("end_session_endpoint", UNSET))

        def _parse_pushed_authorization_request_endpoint(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        pushed_authorization_request_endpoint = _parse_pushed_authorization_request_endpoint(
            d.pop("pushed_authorization_request_endpoint", UNSET)
        )

        def _parse_device_authorization_endpoint(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        device_authorization_endpoint = _parse_device_authorization_endpoint(
            d.pop("device_authorization_endpoint", UNSET)
        )

        def _parse_registration_endpoint(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        registration_endpoint = _parse_registration_endpoint(d.pop("registration_endpoint", UNSET))

        def _parse_scopes_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                scopes_supported_type_0 = cast(list[str], data)

                return scopes_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        scopes_supported = _parse_scopes_supported(d.pop("scopes_supported", UNSET))

        def _parse_response_modes_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                response_modes_supported_type_0 = cast(list[str], data)

                return response_modes_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        response_modes_supported = _parse_response_modes_supported(d.pop("response_modes_supported", UNSET))

        def _parse_userinfo_signing_alg_values_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                userinfo_signing_alg_values_supported_type_0 = cast(list[str], data)

                return userinfo_signing_alg_values_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        userinfo_signing_alg_values_supported = _parse_userinfo_signing_alg_values_supported(
            d.pop("userinfo_signing_alg_values_supported", UNSET)
        )

        def _parse_token_endpoint_auth_signing_alg_values_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                token_endpoint_auth_signing_alg_values_supported_type_0 = cast(list[str], data)

                return token_endpoint_auth_signing_alg_values_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        token_endpoint_auth_signing_alg_values_supported = _parse_token_endpoint_auth_signing_alg_values_supported(
            d.pop("token_endpoint_auth_signing_alg_values_supported", UNSET)
        )

        def _parse_introspection_endpoint_auth_signing_alg_values_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                introspection_endpoint_auth_signing_alg_values_supported_type_0 = cast(list[str], data)

                return introspection_endpoint_auth_signing_alg_values_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        introspection_endpoint_auth_signing_alg_values_supported = (
            _parse_introspection_endpoint_auth_signing_alg_values_supported(
                d.pop("introspection_endpoint_auth_signing_alg_values_supported", UNSET)
            )
        )

        def _parse_revocation_endpoint_auth_signing_alg_values_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                revocation_endpoint_auth_signing_alg_values_supported_type_0 = cast(list[str], data)

                return revocation_endpoint_auth_signing_alg_values_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        revocation_endpoint_auth_signing_alg_values_supported = (
            _parse_revocation_endpoint_auth_signing_alg_values_supported(
                d.pop("revocation_endpoint_auth_signing_alg_values_supported", UNSET)
            )
        )

        def _parse_dpop_signing_alg_values_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                dpop_signing_alg_values_supported_type_0 = cast(list[str], data)

                return dpop_signing_alg_values_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        dpop_signing_alg_values_supported = _parse_dpop_signing_alg_values_supported(
            d.pop("dpop_signing_alg_values_supported", UNSET)
        )

        def _parse_code_challenge_methods_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                code_challenge_methods_supported_type_0 = cast(list[str], data)

                return code_challenge_methods_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        code_challenge_methods_supported = _parse_code_challenge_methods_supported(
            d.pop("code_challenge_methods_supported", UNSET)
        )

        def _parse_claims_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                claims_supported_type_0 = cast(list[str], data)

                return claims_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        claims_supported = _parse_claims_supported(d.pop("claims_supported", UNSET))

        def _parse_prompt_values_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                prompt_values_supported_type_0 = cast(list[str], data)

                return prompt_values_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        prompt_values_supported = _parse_prompt_values_supported(d.pop("prompt_values_supported", UNSET))

        def _parse_acr_values_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                acr_values_supported_type_0 = cast(list[str], data)

                return acr_values_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        acr_values_supported = _parse_acr_values_supported(d.pop("acr_values_supported", UNSET))

        def _parse_ui_locales_supported(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                ui_locales_supported_type_0 = cast(list[str], data)

                return ui_locales_supported_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        ui_locales_supported = _parse_ui_locales_supported(d.pop("ui_locales_supported", UNSET))

        def _parse_authorization_response_iss_parameter_supported(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        authorization_response_iss_parameter_supported = _parse_authorization_response_iss_parameter_supported(
            d.pop("authorization_response_iss_parameter_supported", UNSET)
        )

        def _parse_claims_parameter_supported(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        claims_parameter_supported = _parse_claims_parameter_supported(d.pop("claims_parameter_supported", UNSET))

        def _parse_request_parameter_supported(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        request_parameter_supported = _parse_request_parameter_supported(d.pop("request_parameter_supported", UNSET))

        def _parse_request_uri_parameter_supported(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        request_uri_parameter_supported = _parse_request_uri_parameter_supported(
            d.pop("request_uri_parameter_supported", UNSET)
        )

        def _parse_client_id_metadata_document_supported(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        client_id_metadata_document_supported = _parse_client_id_metadata_document_supported(
            d.pop("client_id_metadata_document_supported", UNSET)
        )

        def _parse_backchannel_logout_supported(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        backchannel_logout_supported = _parse_backchannel_logout_supported(d.pop("backchannel_logout_supported", UNSET))

        def _parse_backchannel_logout_session_supported(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        backchannel_logout_session_supported = _parse_backchannel_logout_session_supported(
            d.pop("backchannel_logout_session_supported", UNSET)
        )

        configuration = cls(
            issuer=issuer,
            jwks_uri=jwks_uri,
            token_endpoint=token_endpoint,
            introspection_endpoint=introspection_endpoint,
            revocation_endpoint=revocation_endpoint,
            id_token_signing_alg_values_supported=id_token_signing_alg_values_supported,
            grant_types_supported=grant_types_supported,
            response_types_supported=response_types_supported,
            subject_types_supported=subject_types_supported,
            token_endpoint_auth_methods_supported=token_endpoint_auth_methods_supported,
            introspection_endpoint_auth_methods_supported=introspection_endpoint_auth_methods_supported,
            revocation_endpoint_auth_methods_supported=revocation_endpoint_auth_methods_supported,
            authorization_endpoint=authorization_endpoint,
            userinfo_endpoint=userinfo_endpoint,
            end_session_endpoint=end_session_endpoint,
            pushed_authorization_request_endpoint=pushed_authorization_request_endpoint,
            device_authorization_endpoint=device_authorization_endpoint,
            registration_endpoint=registration_endpoint,
            scopes_supported=scopes_supported,
            response_modes_supported=response_modes_supported,
            userinfo_signing_alg_values_supported=userinfo_signing_alg_values_supported,
            token_endpoint_auth_signing_alg_values_supported=token_endpoint_auth_signing_alg_values_supported,
            introspection_endpoint_auth_signing_alg_values_supported=introspection_endpoint_auth_signing_alg_values_supported,
            revocation_endpoint_auth_signing_alg_values_supported=revocation_endpoint_auth_signing_alg_values_supported,
            dpop_signing_alg_values_supported=dpop_signing_alg_values_supported,
            code_challenge_methods_supported=code_challenge_methods_supported,
            claims_supported=claims_supported,
            prompt_values_supported=prompt_values_supported,
            acr_values_supported=acr_values_supported,
            ui_locales_supported=ui_locales_supported,
            authorization_response_iss_parameter_supported=authorization_response_iss_parameter_supported,
            claims_parameter_supported=claims_parameter_supported,
            request_parameter_supported=request_parameter_supported,
            request_uri_parameter_supported=request_uri_parameter_supported,
            client_id_metadata_document_supported=client_id_metadata_document_supported,
            backchannel_logout_supported=backchannel_logout_supported,
            backchannel_logout_session_supported=backchannel_logout_session_supported,
        )

        configuration.additional_properties = d
        return configuration

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
