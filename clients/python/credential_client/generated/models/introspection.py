from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.introspection_act_type_0 import IntrospectionActType0
    from ..models.introspection_cnf_type_0 import IntrospectionCnfType0


T = TypeVar("T", bound="Introspection")


@_attrs_define
class Introspection:
    """The state of a token (RFC 7662, section 2.2). An inactive token has no other fields.

    Attributes:
        active (bool):
        sub (None | str | Unset):
        username (None | str | Unset):
        email (None | str | Unset):
        email_verified (bool | None | Unset):
        roles (list[str] | None | Unset):
        sid (None | str | Unset):
        jti (None | str | Unset):
        iss (None | str | Unset):
        aud (list[str] | None | str | Unset):
        iat (int | None | Unset):
        exp (int | None | Unset):
        auth_time (int | None | Unset):
        acr (None | str | Unset):
        amr (list[str] | None | Unset):
        acr_time (int | None | Unset): When `aal2` was last reached, if the user has authenticated with one factor alone
            since.
        act (IntrospectionActType0 | None | Unset): The administrator who impersonates the user, by `sub` (RFC 8693,
            section 4.1).
        scope (None | str | Unset): What an API key may do at this moment.
        allowed_ips (list[str] | None | Unset): The networks from which an API key may be used, if they are limited.
        token_type (None | str | Unset): `Bearer`, `DPoP`, `refresh_token` or `api_key`.
        client_id (None | str | Unset): The OAuth client of the token, if it has one.
        cnf (IntrospectionCnfType0 | None | Unset): The thumbprint of the key that the token is bound to (RFC 9449).
    """

    active: bool
    sub: None | str | Unset = UNSET
    username: None | str | Unset = UNSET
    email: None | str | Unset = UNSET
    email_verified: bool | None | Unset = UNSET
    roles: list[str] | None | Unset = UNSET
    sid: None | str | Unset = UNSET
    jti: None | str | Unset = UNSET
    iss: None | str | Unset = UNSET
    aud: list[str] | None | str | Unset = UNSET
    iat: int | None | Unset = UNSET
    exp: int | None | Unset = UNSET
    auth_time: int | None | Unset = UNSET
    acr: None | str | Unset = UNSET
    amr: list[str] | None | Unset = UNSET
    acr_time: int | None | Unset = UNSET
    act: IntrospectionActType0 | None | Unset = UNSET
    scope: None | str | Unset = UNSET
    allowed_ips: list[str] | None | Unset = UNSET
    token_type: None | str | Unset = UNSET
    client_id: None | str | Unset = UNSET
    cnf: IntrospectionCnfType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.introspection_act_type_0 import IntrospectionActType0  # noqa: PLC0415
        from ..models.introspection_cnf_type_0 import IntrospectionCnfType0  # noqa: PLC0415

        active = self.active

        sub: None | str | Unset
        if isinstance(self.sub, Unset):
            sub = UNSET
        else:
            sub = self.sub

        username: None | str | Unset
        if isinstance(self.username, Unset):
            username = UNSET
        else:
            username = self.username

        email: None | str | Unset
        if isinstance(self.email, Unset):
            email = UNSET
        else:
            email = self.email

        email_verified: bool | None | Unset
        if isinstance(self.email_verified, Unset):
            email_verified = UNSET
        else:
            email_verified = self.email_verified

        roles: list[str] | None | Unset
        if isinstance(self.roles, Unset):
            roles = UNSET
        elif isinstance(self.roles, list):
            roles = self.roles

        else:
            roles = self.roles

        sid: None | str | Unset
        if isinstance(self.sid, Unset):
            sid = UNSET
        else:
            sid = self.sid

        jti: None | str | Unset
        if isinstance(self.jti, Unset):
            jti = UNSET
        else:
            jti = self.jti

        iss: None | str | Unset
        if isinstance(self.iss, Unset):
            iss = UNSET
        else:
            iss = self.iss

        aud: list[str] | None | str | Unset
        if isinstance(self.aud, Unset):
            aud = UNSET
        elif isinstance(self.aud, list):
            aud = self.aud

        else:
            aud = self.aud

        iat: int | None | Unset
        if isinstance(self.iat, Unset):
            iat = UNSET
        else:
            iat = self.iat

        exp: int | None | Unset
        if isinstance(self.exp, Unset):
            exp = UNSET
        else:
            exp = self.exp

        auth_time: int | None | Unset
        if isinstance(self.auth_time, Unset):
            auth_time = UNSET
        else:
            auth_time = self.auth_time

        acr: None | str | Unset
        if isinstance(self.acr, Unset):
            acr = UNSET
        else:
            acr = self.acr

        amr: list[str] | None | Unset
        if isinstance(self.amr, Unset):
            amr = UNSET
        elif isinstance(self.amr, list):
            amr = self.amr

        else:
            amr = self.amr

        acr_time: int | None | Unset
        if isinstance(self.acr_time, Unset):
            acr_time = UNSET
        else:
            acr_time = self.acr_time

        act: dict[str, Any] | None | Unset
        if isinstance(self.act, Unset):
            act = UNSET
        elif isinstance(self.act, IntrospectionActType0):
            act = self.act.to_dict()
        else:
            act = self.act

        scope: None | str | Unset
        if isinstance(self.scope, Unset):
            scope = UNSET
        else:
            scope = self.scope

        allowed_ips: list[str] | None | Unset
        if isinstance(self.allowed_ips, Unset):
            allowed_ips = UNSET
        elif isinstance(self.allowed_ips, list):
            allowed_ips = self.allowed_ips

        else:
            allowed_ips = self.allowed_ips

        token_type: None | str | Unset
        if isinstance(self.token_type, Unset):
            token_type = UNSET
        else:
            token_type = self.token_type

        client_id: None | str | Unset
        if isinstance(self.client_id, Unset):
            client_id = UNSET
        else:
            client_id = self.client_id

        cnf: dict[str, Any] | None | Unset
        if isinstance(self.cnf, Unset):
            cnf = UNSET
        elif isinstance(self.cnf, IntrospectionCnfType0):
            cnf = self.cnf.to_dict()
        else:
            cnf = self.cnf

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "active": active,
            }
        )
        if sub is not UNSET:
            field_dict["sub"] = sub
        if username is not UNSET:
            field_dict["username"] = username
        if email is not UNSET:
            field_dict["email"] = email
        if email_verified is not UNSET:
            field_dict["email_verified"] = email_verified
        if roles is not UNSET:
            field_dict["roles"] = roles
        if sid is not UNSET:
            field_dict["sid"] = sid
        if jti is not UNSET:
            field_dict["jti"] = jti
        if iss is not UNSET:
            field_dict["iss"] = iss
        if aud is not UNSET:
            field_dict["aud"] = aud
        if iat is not UNSET:
            field_dict["iat"] = iat
        if exp is not UNSET:
            field_dict["exp"] = exp
        if auth_time is not UNSET:
            field_dict["auth_time"] = auth_time
        if acr is not UNSET:
            field_dict["acr"] = acr
        if amr is not UNSET:
            field_dict["amr"] = amr
        if acr_time is not UNSET:
            field_dict["acr_time"] = acr_time
        if act is not UNSET:
            field_dict["act"] = act
        if scope is not UNSET:
            field_dict["scope"] = scope
        if allowed_ips is not UNSET:
            field_dict["allowed_ips"] = allowed_ips
        if token_type is not UNSET:
            field_dict["token_type"] = token_type
        if client_id is not UNSET:
            field_dict["client_id"] = client_id
        if cnf is not UNSET:
            field_dict["cnf"] = cnf

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.introspection_act_type_0 import IntrospectionActType0  # noqa: PLC0415
        from ..models.introspection_cnf_type_0 import IntrospectionCnfType0  # noqa: PLC0415

        d = dict(src_dict)
        active = d.pop("active")

        def _parse_sub(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sub = _parse_sub(d.pop("sub", UNSET))

        def _parse_username(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        username = _parse_username(d.pop("username", UNSET))

        def _parse_email(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        email = _parse_email(d.pop("email", UNSET))

        def _parse_email_verified(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        email_verified = _parse_email_verified(d.pop("email_verified", UNSET))

        def _parse_roles(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                roles_type_0 = cast(list[str], data)

                return roles_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        roles = _parse_roles(d.pop("roles", UNSET))

        def _parse_sid(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sid = _parse_sid(d.pop("sid", UNSET))

        def _parse_jti(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        jti = _parse_jti(d.pop("jti", UNSET))

        def _parse_iss(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        iss = _parse_iss(d.pop("iss", UNSET))

        def _parse_aud(data: object) -> list[str] | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                aud_type_1 = cast(list[str], data)

                return aud_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | str | Unset, data)

        aud = _parse_aud(d.pop("aud", UNSET))

        def _parse_iat(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        iat = _parse_iat(d.pop("iat", UNSET))

        def _parse_exp(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        exp = _parse_exp(d.pop("exp", UNSET))

        def _parse_auth_time(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        auth_time = _parse_auth_time(d.pop("auth_time", UNSET))

        def _parse_acr(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        acr = _parse_acr(d.pop("acr", UNSET))

        def _parse_amr(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                amr_type_0 = cast(list[str], data)

                return amr_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        amr = _parse_amr(d.pop("amr", UNSET))

        def _parse_acr_time(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        acr_time = _parse_acr_time(d.pop("acr_time", UNSET))

        def _parse_act(data: object) -> IntrospectionActType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                act_type_0 = IntrospectionActType0.from_dict(data)

                return act_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IntrospectionActType0 | None | Unset, data)

        act = _parse_act(d.pop("act", UNSET))

        def _parse_scope(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        scope = _parse_scope(d.pop("scope", UNSET))

        def _parse_allowed_ips(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                allowed_ips_type_0 = cast(list[str], data)

                return allowed_ips_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        allowed_ips = _parse_allowed_ips(d.pop("allowed_ips", UNSET))

        def _parse_token_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        token_type = _parse_token_type(d.pop("token_type", UNSET))

        def _parse_client_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        client_id = _parse_client_id(d.pop("client_id", UNSET))

        def _parse_cnf(data: object) -> IntrospectionCnfType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                cnf_type_0 = IntrospectionCnfType0.from_dict(data)

                return cnf_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IntrospectionCnfType0 | None | Unset, data)

        cnf = _parse_cnf(d.pop("cnf", UNSET))

        introspection = cls(
            active=active,
            sub=sub,
            username=username,
            email=email,
            email_verified=email_verified,
            roles=roles,
            sid=sid,
            jti=jti,
            iss=iss,
            aud=aud,
            iat=iat,
            exp=exp,
            auth_time=auth_time,
            acr=acr,
            amr=amr,
            acr_time=acr_time,
            act=act,
            scope=scope,
            allowed_ips=allowed_ips,
            token_type=token_type,
            client_id=client_id,
            cnf=cnf,
        )

        introspection.additional_properties = d
        return introspection

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
