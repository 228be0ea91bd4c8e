"""Define the schemas of errors, OAuth 2 requests, other services, health endpoints and the development mailbox."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core import captcha_fields
from schemas import (
    DeviceToken,
    Email,
    EmailOut,
    Flag,
    Id,
    Input,
    Number,
    Password,
    Schema,
    Timestamp,
    Token,
    UsernameOut,
)

MAX_TOKENS = 100  # of one introspection request


class ReceivedToken(BaseModel):
    """A token that a service has received, to be introspected or revoked."""

    token: str = Field(examples=["eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk4YzdmMi….Kx3…"])
    token_type_hint: str | None = Field(
        None, description="Ignored: the type of a token is detected.", examples=["access_token"]
    )


class TokenRequest(Schema):
    """A token request (RFC 6749). `scope`, `client_id` and `client_secret` are ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "grant_type": "password",
                    "username": "alice@example.com",
                    "password": "correct horse, battery staple",
                }
            ]
        }
    )

    grant_type: Annotated[str, Field(max_length=64)] | None = None
    username: Email | None = None
    password: Password | None = None
    refresh_token: Token | None = None
    device_token: DeviceToken = None
    captcha_token: captcha_fields.Token = None


class IntrospectionRequest(Input):
    """The tokens to introspect: one as `token`, or up to 100 as `tokens`."""

    token: Token | None = None
    tokens: Annotated[list[Token], Field(min_length=1, max_length=MAX_TOKENS)] | None = None

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if (self.token is None) == (self.tokens is None):
            raise ValueError("must contain either `token` or `tokens`")
        return self


class Introspection(Schema):
    """The state of a token (RFC 7662, section 2.2). An inactive token has no other fields."""

    active: Flag
    sub: Id | None = None
    username: UsernameOut | None = None
    email: EmailOut | None = None
    email_verified: Flag | None = None
    roles: list[str] | None = Field(None, examples=[["user"]])
    sid: Id | None = None
    jti: Id | None = None
    iss: str | None = Field(None, examples=["https://accounts.example.com"])
    aud: str | list[str] | None = Field(None, examples=["credential-service"])
    iat: int | None = Field(None, examples=[1773480413])
    exp: int | None = Field(None, examples=[1773481313])
    auth_time: int | None = Field(None, examples=[1773480413])
    acr: str | None = Field(None, examples=["aal2"])
    amr: list[str] | None = Field(None, examples=[["pwd", "otp", "mfa"]])
    acr_time: int | None = Field(
        None,
        description="When `aal2` was last reached, if the user has authenticated with one factor alone since.",
        examples=[1773480413],
    )
    act: dict[str, str] | None = Field(
        None,
        description="The administrator who impersonates the user, by `sub` (RFC 8693, section 4.1).",
        examples=[{"sub": "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"}],
    )
    scope: str | None = Field(None, description="What an API key may do at this moment.", examples=["profile"])
    allowed_ips: list[str] | None = Field(
        None, description="The networks from which an API key may be used, if they are limited.", examples=[None]
    )
    token_type: str | None = Field(
        None, description="`Bearer`, `DPoP`, `refresh_token` or `api_key`.", examples=["Bearer"]
    )
    client_id: str | None = Field(None, description="The OAuth client of the token, if it has one.", examples=[None])
    cnf: dict[str, str] | None = Field(
        None, description="The thumbprint of the key that the token is bound to (RFC 9449).", examples=[None]
    )


class Introspections(Schema):
    """The state of each token, in the order of the request."""

    items: list[Introspection]


class ProxyRequirements(Schema):
    """What a proxy requires of a request. Each parameter may be repeated; all of its values are then required."""

    permission: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(
        [],
        max_length=20,
        description="A permission that the user, or the API key, must have.",
        examples=[["users:read"]],
    )
    role: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(
        [], max_length=20, description="A role that the user must have. An API key has none.", examples=[["admin"]]
    )
    acr: list[Literal["aal1", "aal2"]] = Field(
        [], max_length=20, description="`aal2`: the session must have used two factors.", examples=[["aal2"]]
    )
    login: list[Annotated[str, Field(max_length=64)]] = Field(
        [],
        max_length=20,
        description="`redirect`: a browser without a session gets 302 to the hosted login instead of 401.",
        examples=[["redirect"]],
    )


class KeySet(Schema):
    keys: list[dict[str, Any]] = Field(
        examples=[[{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "0198c7f2", "x": "…", "y": "…"}]]
    )


class Configuration(Schema):
    issuer: str = Field(examples=["https://accounts.example.com"])
    jwks_uri: str = Field(examples=["https://accounts.example.com/.well-known/jwks.json"])
    token_endpoint: str = Field(examples=["https://accounts.example.com/auth/token"])
    introspection_endpoint: str = Field(examples=["https://accounts.example.com/oauth2/introspect"])
    revocation_endpoint: str = Field(examples=["https://accounts.example.com/oauth2/revoke"])
    grant_types_supported: list[str] = ["password", "refresh_token"]
    response_types_supported: list[str] = ["none"]
    subject_types_supported: list[str] = ["public"]
    token_endpoint_auth_methods_supported: list[str] = ["none"]
    introspection_endpoint_auth_methods_supported: list[str] = ["client_secret_basic", "client_secret_post"]
    revocation_endpoint_auth_methods_supported: list[str] = ["client_secret_basic", "client_secret_post"]
    id_token_signing_alg_values_supported: list[str] = Field(examples=[["HS256"]])
    # With OIDC_PROVIDER, what else the provider supports (OpenID Connect Discovery 1.0; RFC 8414).
    authorization_endpoint: str | None = None
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    pushed_authorization_request_endpoint: str | None = None
    device_authorization_endpoint: str | None = None
    registration_endpoint: str | None = None
    scopes_supported: list[str] | None = None
    response_modes_supported: list[str] | None = None
    userinfo_signing_alg_values_supported: list[str] | None = None
    token_endpoint_auth_signing_alg_values_supported: list[str] | None = None
    introspection_endpoint_auth_signing_alg_values_supported: list[str] | None = None
    revocation_endpoint_auth_signing_alg_values_supported: list[str] | None = None
    dpop_signing_alg_values_supported: list[str] | None = None
    code_challenge_methods_supported: list[str] | None = None
    claims_supported: list[str] | None = None
    prompt_values_supported: list[str] | None = None
    acr_values_supported: list[str] | None = None
    ui_locales_supported: list[str] | None = None
    authorization_response_iss_parameter_supported: bool | None = None
    claims_parameter_supported: bool | None = None
    request_parameter_supported: bool | None = None
    request_uri_parameter_supported: bool | None = None
    client_id_metadata_document_supported: bool | None = None
    backchannel_logout_supported: bool | None = None
    backchannel_logout_session_supported: bool | None = None


class Welcome(Schema):
    message: str = Field(examples=["Welcome to the Credential Management Service"])
    version: str = Field(examples=["0.1.0"])
    docs: str = Field(examples=["https://accounts.example.com/docs"])


class Health(Schema):
    status: str = Field(examples=["alive"])


class Readiness(Schema):
    status: str = Field(
        description="`ready`, `degraded` (a service other than the database cannot be reached) or `unavailable`.",
        examples=["ready"],
    )
    checks: dict[str, str] = Field(examples=[{"database": "ok", "smtp": "ok"}])


class SentMail(Schema):
    id: Number
    to: EmailOut
    subject: str = Field(examples=["Reset your password"])
    text: str = Field(examples=["Hello Alice, …"])
    html: str = Field(examples=["<p>Hello Alice, …</p>"])
    created_at: Timestamp


class FieldError(Schema):
    field: str
    message: str
    code: str = Field(
        description="Stable, for programs: `missing`, `too_long`, `invalid`, or the rule that a password violates."
    )


class Problem(Schema):
    """An error (RFC 9457). `code` is stable and meant for programs, `detail` is a sentence for users."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldError] | None = None
    mfa_token: Token | None = Field(None, description="With `mfa_required`: for `POST /auth/mfa`.")
    factors: list[str] | None = Field(
        None,
        description="With `mfa_required` and `reauthentication_required`: the types of factors that the account has.",
    )
    expires_in: int | None = Field(None, description="With `mfa_required`: seconds until the `mfa_token` expires.")
    acr_values: str | None = Field(
        None, description="With `reauthentication_required`: `aal2` if two factors are needed."
    )


class OAuthProblem(Schema):
    """An OAuth error (RFC 6749, section 5.2)."""

    error: str
    error_description: str
    mfa_token: Token | None = Field(None, description="With `mfa_required`: for `POST /auth/mfa`.")
    factors: list[str] | None = Field(None, description="With `mfa_required`: the types of factors of the account.")
    expires_in: int | None = Field(None, description="With `mfa_required`: seconds until the `mfa_token` expires.")


def problem_schema() -> dict[str, Any]:
    return Problem.model_json_schema(ref_template="#/components/schemas/{model}")
