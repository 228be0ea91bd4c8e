"""Define the request and response schemas of clients and grants."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AliasChoices, ConfigDict, Field, create_model, field_validator, model_validator

from core import display_names
from languages import translation
from oauth_provider import client_rules, scopes
from schemas import Id, Input, Jwt, Schema, Timestamp
from schemas_admin import NextCursor, UuidPage
from settings.loading import settings

CODE, REFRESH, CREDENTIALS = "authorization_code", "refresh_token", "client_credentials"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
NONE, BASIC, POST, KEY_JWT = "none", "client_secret_basic", "client_secret_post", "private_key_jwt"
MAX_LIFETIME = 86_400


def _scope(value: str) -> str:
    if value not in scopes.known():
        raise ValueError(translation.mark("is not a scope"))
    return value


def _unique(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


Name = Annotated[str, Field(max_length=256, examples=["Photo Printer"]), AfterValidator(display_names.check)]
RedirectUri = Annotated[
    str, Field(max_length=2048, examples=["https://app.example.com/cb"]), AfterValidator(client_rules.redirect_uri)
]
RedirectUris = Annotated[list[RedirectUri], Field(max_length=20), AfterValidator(_unique)]
Url = Annotated[str, Field(max_length=2048), AfterValidator(client_rules.requested_url)]
Resource = Annotated[
    str, Field(max_length=2048, examples=["https://api.example.com/"]), AfterValidator(client_rules.resource)
]
Scopes = Annotated[
    list[Annotated[str, Field(max_length=64), AfterValidator(_scope)]],
    Field(max_length=100, examples=[["openid", "email"]]),
    AfterValidator(_unique),
]
GrantType = Literal["authorization_code", "refresh_token", "client_credentials", DEVICE]  # type: ignore[valid-type]
AuthMethod = Literal["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]


class ClientFields(Input):
    """What an administrator decides about a client."""

    name: Name
    logo_uri: Annotated[str, Field(max_length=2048), AfterValidator(client_rules.logo)] | None = Field(
        None, description="Shown on the consent page, and never requested by the service.", examples=[None]
    )
    type: Literal["public", "confidential"] = Field(
        "confidential", description="`public` for an application that cannot keep a secret, such as one in a browser."
    )
    redirect_uris: RedirectUris = Field(
        [],
        description="Compared exactly, except for the port of a loopback address.",
        examples=[["https://app.example.com/cb"]],
    )
    post_logout_redirect_uris: RedirectUris = Field([], examples=[["https://app.example.com/"]])
    grant_types: Annotated[list[GrantType], Field(max_length=4), AfterValidator(_unique)] = Field(
        [CODE, REFRESH], examples=[[CODE, REFRESH]]
    )
    scopes: Scopes = Field(list(scopes.DEFAULT), description="What it may request; also what it gets without `scope`.")
    resources: Annotated[list[Resource], Field(max_length=50), AfterValidator(_unique)] = Field(
        [],
        description="The APIs for which it may request access tokens.",
        examples=[["https://api.example.com/"]],
        validation_alias=AliasChoices("resources", "audiences"),
    )
    resource_identifier: Resource | None = Field(
        None,
        description="If it is an API: the audience of the tokens that it may introspect.",
        examples=["https://api.example.com/"],
    )
    token_endpoint_auth_method: AuthMethod | None = Field(
        None, description="By default `none` for a public client, else `client_secret_basic`.", examples=[BASIC]
    )
    jwks: Annotated[dict[str, Any], AfterValidator(client_rules.key_set)] | None = Field(
        None, description="The public keys of `private_key_jwt`.", examples=[None]
    )
    jwks_uri: Url | None = Field(None, description="Or their URL.", examples=[None])
    id_token_signed_response_alg: Literal["RS256", "ES256", "EdDSA"] = "RS256"
    subject_type: Literal["public", "pairwise"] | None = Field(
        None, description="By default `SUBJECT_TYPE`.", examples=["public"]
    )
    first_party: bool = Field(False, description="Whether users are not asked for consent.")
    require_dpop: bool = Field(False, description="Whether its tokens must be bound to a key (RFC 9449).")
    require_par: bool = Field(False, description="Whether it must push its authorization requests (RFC 9126).")
    access_token_lifetime: Annotated[int, Field(ge=60, le=MAX_LIFETIME)] | None = Field(
        None, description="In seconds. By default `ACCESS_TOKEN_EXPIRE_MINUTES`.", examples=[900]
    )
    backchannel_logout_uri: Url | None = Field(
        None, description="Where logout tokens are sent (OpenID Connect Back-Channel Logout).", examples=[None]
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        public = self.type == "public"
        method: AuthMethod = self.token_endpoint_auth_method or ("none" if public else "client_secret_basic")
        if public != (method == NONE):
            raise ValueError(translation.mark("the authentication does not fit the type of the client"))
        if method == KEY_JWT and (self.jwks is None) == (self.jwks_uri is None):
            raise ValueError(translation.mark("this authentication needs either jwks or jwks_uri"))
        if public and CREDENTIALS in self.grant_types:
            raise ValueError(translation.mark("a public client cannot use client_credentials"))
        if CODE in self.grant_types and not self.redirect_uris:
            raise ValueError(translation.mark("authorization_code needs redirect_uris"))
        self.token_endpoint_auth_method = method
        self.subject_type = self.subject_type or settings.subject_type
        return self


# The same fields, all optional. The service checks how they fit together.
ClientChange = create_model(  # type: ignore[call-overload]
    "ClientChange",
    __base__=Input,
    **{
        name: (
            Annotated[field.annotation, Field(None, validation_alias=field.validation_alias), *field.metadata],
            None,
        )
        for name, field in ClientFields.model_fields.items()
    },
)


class ClientOut(Schema):
    """A client, without its secret."""

    model_config = ConfigDict(from_attributes=True, title="OAuthClient")

    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    name: str = Field(examples=["Photo Printer"])
    logo_uri: str | None = Field(examples=["https://printer.example.com/logo.png"])
    type: str = Field(examples=["confidential"])
    redirect_uris: list[str] = Field(examples=[["https://app.example.com/cb"]])
    post_logout_redirect_uris: list[str] = Field(examples=[["https://app.example.com/"]])
    grant_types: list[str] = Field(examples=[[CODE, REFRESH]])
    scopes: list[str] = Field(examples=[["openid", "email"]])
    resources: list[str] = Field(examples=[["https://api.example.com/"]])
    resource_identifier: str | None = Field(examples=[None])
    token_endpoint_auth_method: str = Field(examples=[BASIC])
    jwks: dict[str, Any] | None = Field(examples=[None])
    jwks_uri: str | None = Field(examples=[None])
    id_token_signed_response_alg: str = Field(examples=["RS256"])
    subject_type: str = Field(examples=["public"])
    first_party: bool = Field(examples=[False])
    require_dpop: bool = Field(examples=[False])
    require_par: bool = Field(examples=[False])
    access_token_lifetime: int | None = Field(examples=[900])
    backchannel_logout_uri: str | None = Field(examples=[None])
    origin: str = Field(description="How it was registered: `admin`, `dynamic` or `metadata`.", examples=["admin"])
    created_by: Id | None = Field(description="The `user_id` of the administrator who created it.")
    created_at: Timestamp
    updated_at: Timestamp
    last_used_at: Timestamp | None = Field(description="Accurate to a minute.")


class CreatedClient(ClientOut):
    model_config = ConfigDict(from_attributes=True, title="CreatedOAuthClient")

    client_secret: str | None = Field(
        None, description="The secret, if the client has one. It is not shown again.", examples=["cs_3kTq8ZrVw1yB5nHd"]
    )


class Clients(Schema):
    items: list[ClientOut]
    next_cursor: NextCursor


class ClientFilters(UuidPage):
    query: Annotated[str, Field(max_length=128, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = Field(
        None, description="The beginning of a name."
    )


class SecretRotation(Input):
    overlap_seconds: int = Field(0, ge=0, le=MAX_LIFETIME, description="How long the old secret remains valid.")


class GrantOut(Schema):
    """What the user has granted to an application."""

    model_config = ConfigDict(from_attributes=True, title="OAuthGrant")

    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    name: str = Field(examples=["Photo Printer"])
    logo_uri: str | None = Field(examples=[None])
    scopes: list[str] = Field(examples=[["openid", "email"]])
    resources: list[str] = Field(examples=[["https://api.example.com/"]])
    first_party: bool = Field(description="Whether it belongs to this service, and needs no consent.", examples=[False])
    created_at: Timestamp
    last_used_at: Timestamp | None

    @field_validator("scopes", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value


class Grants(Schema):
    items: list[GrantOut]


class TokenResponse(Schema):
    """The response of the token endpoint (RFC 6749, section 5.1)."""

    access_token: Jwt
    token_type: str = Field(examples=["Bearer"])
    expires_in: int = Field(examples=[900])
    scope: str = Field(examples=["openid email"])
    refresh_token: str | None = None
    id_token: str | None = None


class DeviceAuthorization(Schema):
    """The response to a device that asks for access (RFC 8628, section 3.2)."""

    device_code: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50.5f0c"])
    user_code: str = Field(examples=["BCDF-GHJK"])
    verification_uri: str = Field(examples=["https://accounts.example.com/device"])
    verification_uri_complete: str = Field(examples=["https://accounts.example.com/device?user_code=BCDF-GHJK"])
    expires_in: int = Field(examples=[600])
    interval: int = Field(examples=[5])


class PushedRequest(Schema):
    """The response to a pushed authorization request (RFC 9126, section 2.2)."""

    request_uri: str = Field(examples=["urn:ietf:params:oauth:request_uri:0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50.5f0c"])
    expires_in: int = Field(examples=[60])


class UserInfo(Schema):
    """The claims of the scopes that the access token has."""

    sub: Id
    name: str | None = Field(None, examples=["Alice"])
    picture: str | None = Field(None, examples=["https://example.com/alice.png"])
    locale: str | None = Field(None, examples=["de-AT"])
    zoneinfo: str | None = Field(None, examples=["Europe/Vienna"])
    updated_at: int | None = Field(None, examples=[1773480413])
    email: str | None = Field(None, examples=["alice@example.com"])
    email_verified: bool | None = Field(None, examples=[True])
    roles: list[str] | None = Field(None, examples=[["user"]])


class ProtectedResource(Schema):
    """The metadata of a protected resource (RFC 9728)."""

    resource: str = Field(examples=["https://accounts.example.com"])
    authorization_servers: list[str] = Field(examples=[["https://accounts.example.com"]])
    scopes_supported: list[str] = Field(examples=[["openid", "users:read"]])
    bearer_methods_supported: list[str] = Field(examples=[["header"]])
    dpop_signing_alg_values_supported: list[str] = Field(examples=[["ES256"]])
    jwks_uri: str = Field(examples=["https://accounts.example.com/.well-known/jwks.json"])


class TokenForm(Schema):
    """The parameters of a token request. Each grant type needs its own; resource may be repeated."""

    grant_type: GrantType = Field(examples=[CREDENTIALS])
    code: str | None = Field(None, description="With `authorization_code`.")
    code_verifier: str | None = Field(None, description="With `authorization_code` (RFC 7636).")
    redirect_uri: str | None = Field(None, description="With `authorization_code`: that of the authorization request.")
    refresh_token: str | None = Field(None, description="With `refresh_token`.")
    device_code: str | None = Field(None, description="With the device code grant.")
    scope: str | None = Field(None, description="Fewer scopes than were granted.")
    resource: list[str] | None = Field(None, description="The audience of the access token (RFC 8707).")
    client_id: str | None = Field(None, description="Without HTTP Basic.")
    client_secret: str | None = Field(None, description="With `client_secret_post`.")
    client_assertion: str | None = Field(None, description="With `private_key_jwt`.")
    client_assertion_type: str | None = Field(None, description="With `private_key_jwt`.")


class RegisteredClient(Schema):
    """What a client has registered (RFC 7591, section 3.2.1; RFC 7592, section 3)."""

    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    client_id_issued_at: int = Field(examples=[1773480413])
    client_secret: str | None = Field(
        None, description="If the client has one. It is not shown again.", examples=["cs_3kTq8ZrVw1yB5nHd"]
    )
    client_secret_expires_at: int | None = Field(None, description="0: it does not expire.", examples=[0])
    registration_access_token: str = Field(
        description="Manages the registration, as a bearer token.", examples=["rat_3kTq8ZrVw1yB5nHd"]
    )
    registration_client_uri: str = Field(examples=["https://accounts.example.com/oauth2/register/0198c7f2"])
    client_name: str = Field(examples=["Editor"])
    redirect_uris: list[str] = Field(examples=[["http://127.0.0.1/callback"]])
    post_logout_redirect_uris: list[str] | None = Field(None, examples=[["https://app.example.com/"]])
    grant_types: list[str] = Field(examples=[[CODE, REFRESH]])
    response_types: list[str] = Field(examples=[["code"]])
    token_endpoint_auth_method: str = Field(examples=[NONE])
    scope: str = Field(examples=["openid profile email offline_access"])
    logo_uri: str | None = Field(None, examples=["https://app.example.com/logo.png"])
    jwks: dict[str, Any] | None = Field(None, examples=[{"keys": []}])
    jwks_uri: str | None = Field(None, examples=["https://app.example.com/jwks.json"])
    id_token_signed_response_alg: str = Field(examples=["RS256"])
    subject_type: str = Field(examples=["public"])
    dpop_bound_access_tokens: bool | None = Field(None, examples=[True])
    require_pushed_authorization_requests: bool | None = Field(None, examples=[True])
    backchannel_logout_uri: str | None = Field(None, examples=["https://app.example.com/logout"])


class DeviceForm(Schema):
    """The parameters of a device that asks for access, and the authentication of the client."""

    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    scope: str | None = Field(None, description="Without it, the default scopes of the client.")
    resource: list[str] | None = Field(None, description="The audience of the access tokens (RFC 8707).")
    client_secret: str | None = Field(None, description="With `client_secret_post`.")
    client_assertion: str | None = Field(None, description="With `private_key_jwt`.")
    client_assertion_type: str | None = Field(None, description="With `private_key_jwt`.")


class AuthorizationForm(Schema):
    """The parameters of an authorization request, and the authentication of the client."""

    response_type: Literal["code"] = Field(examples=["code"])
    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    redirect_uri: str | None = Field(None, description="May be omitted if the client has only one.")
    scope: str | None = Field(None, description="By default, all scopes of the client.")
    state: str | None = None
    nonce: str | None = Field(None, description="Repeated in the ID token.")
    code_challenge: str = Field(
        description="S256 of the `code_verifier` (RFC 7636).", examples=["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"]
    )
    code_challenge_method: Literal["S256"] = Field(examples=["S256"])
    prompt: str | None = Field(None, description="`none`, or any of `login`, `consent` and `select_account`.")
    max_age: int | None = Field(None, description="Seconds since the last login, at most.")
    acr_values: str | None = Field(None, description="`aal2` asks for two factors.")
    login_hint: str | None = Field(None, description="The email address of the user.")
    id_token_hint: str | None = Field(None, description="An earlier ID token of the expected user.")
    ui_locales: str | None = Field(None, description="The language of the pages.")
    resource: list[str] | None = Field(None, description="The APIs that the client will call (RFC 8707).")
    dpop_jkt: str | None = Field(None, description="The thumbprint of the key that the code is bound to (RFC 9449).")
    client_secret: str | None = Field(None, description="With `client_secret_post`.")
