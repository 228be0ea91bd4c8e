"""What the OAuth login routes take and return."""

from typing import Annotated

from pydantic import Field

from schemas import Input, Moment, Schema, ShownAddress, Token


class ListedProvider(Schema):
    """Whom one may sign in with. A login begins by leading the browser to `login_url`."""

    name: str = Field(examples=["google"])
    title: str = Field(examples=["Google"])
    login_url: str = Field(examples=["https://accounts.example.com/oauth/google"])


class AuthorizationUrl(Schema):
    authorization_url: str = Field(
        description="Lead the browser here; it comes back to our callback.",
        examples=["https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=…&state=…"],
    )


class Linked(Schema):
    linked: str = Field(description="The provider.", examples=["google"])


class Identity(Schema):
    """Who an account is at a provider."""

    provider: str = Field(examples=["google"])
    email: str | None = Field(description="The address there, when it was linked.", examples=["alice@example.com"])
    created_at: Moment
    last_used_at: Moment | None


class ExchangeCode(Input):
    code: Token
    code_verifier: Annotated[str, Field(max_length=128)] | None = Field(
        None, description="Where the login began with a `code_challenge`: the verifier that it was made of."
    )


class ProviderAnswer(Schema):
    """With what a provider sends the browser back (RFC 6749, 4.1.2; RFC 9207)."""

    state: str = Field("", description="What we sent along, unchanged.")
    code: str = Field("", description="What the provider gives for it.")
    error: str = Field("", description="What the provider or the person says instead.")
    iss: str | None = Field(None, description="Which provider says it.")
    user: str = Field("", description="Apple's, with the first login alone.")


class HeldIdentity(Schema):
    provider: str = Field(examples=["google"])
    subject: str = Field(description="The account's id at the provider.", examples=["110169484474386276334"])
    email: ShownAddress | None
    created_at: Moment
    last_used_at: Moment | None
