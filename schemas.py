"""What comes in and what goes out. Every string that comes in is bounded here; unknown fields are ignored."""

import contextlib
import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any, Self

import email_validator
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

LONGEST_ADDRESS = 320
LONGEST_USERNAME = 64
LONGEST_PASSWORD = 256
_URL_PARTS = re.compile(r"://|www\.", re.I)


def canonical_email(address: str) -> str:
    """The identity of an address: NFKC, lower case, the domain in IDNA. Tags and dots stay. Raises ValueError for a bad one."""
    try:
        parts = email_validator.validate_email(unicodedata.normalize("NFKC", address), check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise ValueError("is not a valid e-mail address") from None
    return f"{parts.local_part.lower()}@{parts.ascii_domain.lower()}"


def folded(name: str) -> str:
    """By what a name is found: NFKC and without case. Computed here, since each database has its own idea of a small letter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())[:LONGEST_USERNAME]


def _known_address(value: str) -> str:
    value = value.strip()
    canonical_email(value)
    return value


def new_address(value: str) -> str:
    """An address that an account may get. Raises ValueError."""
    local, at, domain = _known_address(value).rpartition("@")
    # Few mail servers take more, and ｊohn and john would be one identity here and two mailboxes elsewhere.
    if not at or not local.isascii():
        raise ValueError("must have only plain letters, digits and signs before the @")
    return f"{local}@{unicodedata.normalize('NFKC', domain)}"  # what is kept is what mail can be sent to


def _display_name(value: str) -> str:
    value = value.strip()
    if not 1 <= len(value) <= LONGEST_USERNAME or not value.isprintable():
        raise ValueError(f"must be 1 to {LONGEST_USERNAME} printable characters")
    if _URL_PARTS.search(value):
        raise ValueError("must not contain a web address")
    return value


def display_name_for(address: str, name: str | None = None) -> str:
    """The name of somebody who gave none: what a provider calls them, or the local part, where that can be a name."""
    for candidate in (name or "", address.partition("@")[0]):
        with contextlib.suppress(ValueError):
            return _display_name(candidate.strip()[:LONGEST_USERNAME])
    return "user"


def _password(value: str) -> str:
    value = unicodedata.normalize("NFC", value)
    if len(value) > LONGEST_PASSWORD:
        raise ValueError(f"must be at most {LONGEST_PASSWORD} characters")
    if "\0" in value:
        raise ValueError("must not contain the NUL character")
    return value


# An address that may have an account, and one that is to get one. Passwords are checked against the policy in passwords.py.
Address = Annotated[
    str, Field(max_length=LONGEST_ADDRESS, examples=["alice@example.com"]), AfterValidator(_known_address)
]
NewAddress = Annotated[
    str, Field(max_length=LONGEST_ADDRESS, examples=["alice@example.com"]), AfterValidator(new_address)
]
Username = Annotated[str, Field(max_length=256, examples=["Alice"]), AfterValidator(_display_name)]
Password = Annotated[
    str,
    Field(max_length=2048, examples=["correct horse, battery staple"], json_schema_extra={"format": "password"}),
    AfterValidator(_password),
]
Token = Annotated[str, Field(max_length=4096, examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50.5f0c…"])]
PublicId = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,64}$")]


class Schema(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)  # an error in the log must not carry a password


class Input(Schema):
    model_config = ConfigDict(strict=True)  # a number or a list is never taken for text


class SignUp(Input):
    email: NewAddress
    username: Username | None = None
    password: Password


class LogIn(Input):
    email: Address
    password: Password


class Refresh(Input):
    """The refresh token, unless it comes in a cookie."""

    refresh_token: Token | None = None


class TokenRequest(Schema):
    """The form of RFC 6749. `scope`, `client_id` and `client_secret` are not used."""

    grant_type: Annotated[str, Field(max_length=64)] | None = None
    username: Address | None = None
    password: Password | None = None
    refresh_token: Token | None = None


class EmailProof(Input):
    """Either the token of the link, or the address with the 6-digit code."""

    token: Token | None = None
    email: Address | None = None
    code: Annotated[str, Field(max_length=64, examples=["123456"])] | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.token is None and (self.email is None or self.code is None):
            raise ValueError("must hold `token`, or `email` and `code`")
        return self


class EmailOnly(Input):
    email: Address


class TokenOnly(Input):
    token: Token


class ResetPassword(Input):
    token: Token
    new_password: Password


class ChangePassword(Input):
    old_password: Password
    new_password: Password


class Profile(Input):
    username: Username | None = None


class ChangeEmail(Input):
    new_email: NewAddress
    password: Password | None = None


class Presence(Input):
    """The password, unless the login is at most five minutes old."""

    password: Password | None = None


class Message(Schema):
    message: str


class User(Schema):
    model_config = ConfigDict(from_attributes=True)

    id: int
    user_id: str
    email: str
    username: str
    is_active: bool
    is_verified: bool
    roles: list[str]
    created_at: AwareDatetime
    updated_at: AwareDatetime


class Tokens(Schema):
    access_token: str | None = Field(None, description="Not in the body where it goes out as a cookie.")
    token_type: str = "bearer"
    expires_in: int = Field(description="Seconds until the access token expires.")
    refresh_token: str | None = Field(None, description="Not in the body where it goes out as a cookie.")
    refresh_expires_in: int = Field(description="Seconds until the session ends, unless it is refreshed before.")
    user_id: str
    email: str
    username: str
    is_active: bool
    is_verified: bool


class SignedUp(User, Tokens):
    verificationToken: str | None = Field(None, description="Only in development, with EXPOSE_VERIFICATION_TOKEN=true.")


class SignUpAccepted(Message):
    verificationToken: str | None = Field(None, description="Only in development, with EXPOSE_VERIFICATION_TOKEN=true.")


class Device(Schema):
    id: str
    user_agent: str
    device: str
    ip: str
    created_at: AwareDatetime
    last_used_at: AwareDatetime
    expires_at: AwareDatetime
    current: bool


class Provider(Schema):
    """Whom one may sign in with. A login begins by leading the browser to `login_url`."""

    name: str = Field(examples=["google"])
    title: str = Field(examples=["Google"])
    login_url: str = Field(examples=["https://accounts.example.com/oauth/google"])


class AuthorizationUrl(Schema):
    authorization_url: str = Field(description="Lead the browser here; it comes back to our callback.")


class Linked(Schema):
    linked: str = Field(description="The provider.", examples=["google"])


class Identity(Schema):
    """Who an account is at a provider."""

    provider: str = Field(examples=["google"])
    email: str | None = Field(description="The address there, when it was linked.", examples=["alice@example.com"])
    created_at: AwareDatetime
    last_used_at: AwareDatetime | None


class ExchangeCode(Input):
    code: Token


class ProviderAnswer(Schema):
    """With what a provider sends the browser back (RFC 6749, 4.1.2; RFC 9207)."""

    state: str = Field("", description="What we sent along, unchanged.")
    code: str = Field("", description="What the provider gives for it.")
    error: str = Field("", description="What the provider or the person says instead.")
    iss: str | None = Field(None, description="Which provider says it.")
    user: str = Field("", description="Apple's, with the first login alone.")


class Introspection(Schema):
    """RFC 7662, section 2.2. Of a token that is not active nothing else is said."""

    active: bool
    sub: str | None = None
    username: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    roles: list[str] | None = None
    sid: str | None = None
    jti: str | None = None
    iss: str | None = None
    aud: str | list[str] | None = None
    iat: int | None = None
    exp: int | None = None
    token_type: str | None = None


class KeySet(Schema):
    keys: list[dict[str, Any]]


class Configuration(Schema):
    issuer: str
    jwks_uri: str
    token_endpoint: str
    introspection_endpoint: str
    revocation_endpoint: str
    grant_types_supported: list[str] = ["password", "refresh_token"]
    response_types_supported: list[str] = ["none"]
    subject_types_supported: list[str] = ["public"]
    token_endpoint_auth_methods_supported: list[str] = ["none"]
    id_token_signing_alg_values_supported: list[str]


class Welcome(Schema):
    message: str
    version: str
    docs: str


class Health(Schema):
    status: str


class Readiness(Schema):
    status: str = Field(
        description="`ready`, `degraded` (something beside the database is out of reach) or `unavailable`."
    )
    checks: dict[str, str]


class SentMail(Schema):
    id: int
    to: str
    subject: str
    text: str
    html: str
    created_at: datetime


class FieldError(Schema):
    field: str
    message: str


class Problem(Schema):
    """RFC 9457. `code` is for programs and stable, `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldError] | None = None


def problem_schema() -> dict[str, Any]:
    return Problem.model_json_schema(ref_template="#/components/schemas/{model}")
