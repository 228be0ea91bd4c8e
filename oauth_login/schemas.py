"""Define the schemas of the OAuth login routes."""

from typing import Annotated

from pydantic import Field

from schemas import DeviceToken, EmailOut, Input, Schema, Timestamp, Token


class ListedProvider(Schema):
    """A configured provider. To start a login, redirect the browser to `login_url`."""

    name: str = Field(examples=["google"])
    title: str = Field(examples=["Google"])
    login_url: str = Field(examples=["https://accounts.example.com/oauth/google"])


class AuthorizationUrl(Schema):
    authorization_url: str = Field(
        description="Redirect the browser to this URL.",
        examples=["https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=…&state=…"],
    )


class Linked(Schema):
    linked: str = Field(description="The provider.", examples=["google"])


class Identity(Schema):
    """The identity of an account at a provider."""

    provider: str = Field(examples=["google"])
    email: str | None = Field(
        description="The email address at the provider when it was linked.", examples=["alice@example.com"]
    )
    created_at: Timestamp
    last_used_at: Timestamp | None


class ExchangeCode(Input):
    code: Token
    code_verifier: Annotated[str, Field(max_length=128)] | None = Field(
        None, description="The verifier, if the login started with a `code_challenge`."
    )
    device_token: DeviceToken = None


class ProviderAnswer(Schema):
    """The parameters of an authorization response (RFC 6749, section 4.1.2; RFC 9207)."""

    state: str = Field("", description="The state of the authorization request.")
    code: str = Field("", description="The authorization code.")
    error: str = Field("", description="The error code, if the provider or the user denied the login.")
    iss: str | None = Field(None, description="The issuer of the response.")
    user: str = Field("", description="The user's name. Sent only by Apple, with the first login.")


class HeldIdentity(Schema):
    provider: str = Field(examples=["google"])
    subject: str = Field(description="The id of the account at the provider.", examples=["110169484474386276334"])
    email: EmailOut | None
    created_at: Timestamp
    last_used_at: Timestamp | None
