"""What comes in and what goes out. Every string that comes in is bounded here; unknown fields are ignored."""

import functools
import unicodedata
from typing import Annotated, Any, Self

import email_validator
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from core import display_names

LONGEST_ADDRESS = 320
LONGEST_USERNAME = display_names.LONGEST
LONGEST_PASSWORD = 256


@functools.lru_cache(maxsize=1024)  # a request asks for the same one three times
def canonical_email(address: str) -> str:
    """The identity of an address.

    NFKC, lower case, the domain in IDNA. Tags and dots stay. Raises ValueError for a bad one.
    """
    try:
        parts = email_validator.validate_email(unicodedata.normalize("NFKC", address), check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise ValueError("is not a valid email address") from None
    return f"{parts.local_part.lower()}@{parts.ascii_domain.lower()}"


def folded(name: str) -> str:
    """By what a name is found.

    NFKC and without case. Computed here, since each database has its own idea of a small letter.
    """
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


def display_name_for(address: str, name: str | None = None) -> str:
    """Return the display name of a user who gave none: what a provider says, or else the local part of the email."""
    candidates = (display_names.repair(candidate) for candidate in (name or "", address.partition("@")[0]))
    return next(filter(None, candidates), "user")


def _password(value: str) -> str:
    value = unicodedata.normalize("NFC", value)
    if len(value) > LONGEST_PASSWORD:
        raise ValueError(f"must be at most {LONGEST_PASSWORD} characters")
    if "\0" in value:
        raise ValueError("must not contain the NUL character")
    return value


# An address that may have an account, and one that is to get one. Passwords are checked against the policy in
# passwords.py.
Address = Annotated[
    str, Field(max_length=LONGEST_ADDRESS, examples=["alice@example.com"]), AfterValidator(_known_address)
]
NewAddress = Annotated[
    str, Field(max_length=LONGEST_ADDRESS, examples=["alice@example.com"]), AfterValidator(new_address)
]
Username = Annotated[str, Field(max_length=256, examples=["Alice"]), AfterValidator(display_names.check)]
Password = Annotated[
    str,
    Field(max_length=2048, examples=["correct horse, battery staple"], json_schema_extra={"format": "password"}),
    AfterValidator(_password),
]
OldPassword = Annotated[Password, Field(examples=["Alice was here in 2019"])]
Token = Annotated[str, Field(max_length=4096, examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50.5f0c…"])]
PublicId = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,64}$", examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])]

# What goes out: as the document shows it, always of the same Alice.
Id = Annotated[str, Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])]
Number = Annotated[int, Field(examples=[42])]
ShownAddress = Annotated[str, Field(examples=["alice@example.com"])]
ShownName = Annotated[str, Field(examples=["Alice"])]
Yes = Annotated[bool, Field(examples=[True])]
Moment = Annotated[AwareDatetime, Field(examples=["2026-03-14T09:26:53.589793Z"])]
Later = Annotated[AwareDatetime, Field(examples=["2026-03-21T09:26:53.589793Z"])]
Ip = Annotated[str, Field(examples=["203.0.113.7"])]
UserAgent = Annotated[str, Field(examples=["Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"])]
Jwt = Annotated[str, Field(examples=["eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk4YzdmMi….Kx3…"])]


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
    username: Address | None = None
    password: Password | None = None
    refresh_token: Token | None = None


class EmailProof(Input):
    """Either the token of the link, or the address with the 6-digit code."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "alice@example.com", "code": "123456"}]})

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
    old_password: OldPassword
    new_password: Password


class Profile(Input):
    username: Username | None = None


class NewName(Input):
    username: Username


class ChangeEmail(Input):
    new_email: Annotated[NewAddress, Field(examples=["alice@new.example.com"])]
    password: Password | None = None


class Presence(Input):
    """The password, unless the login is at most five minutes old."""

    password: Password | None = None


class Message(Schema):
    message: str = Field(description="A sentence for the person.", examples=["Your password has been changed."])


class User(Schema):
    model_config = ConfigDict(from_attributes=True)

    id: Number
    user_id: Id
    email: ShownAddress
    username: ShownName
    is_active: Yes
    is_verified: Yes
    roles: list[str] = Field(examples=[["user"]])
    created_at: Moment
    updated_at: Moment


class ManagedUser(User):
    """A user as administrators and other services see it."""

    email_proven_at: Moment | None = Field(
        description="When the email address was verified by its owner, or by a provider that vouches for it."
    )


class Tokens(Schema):
    access_token: Jwt | None = Field(None, description="Not in the body where it goes out as a cookie.")
    token_type: str = "bearer"
    expires_in: int = Field(description="Seconds until the access token expires.", examples=[900])
    refresh_token: Token | None = Field(None, description="Not in the body where it goes out as a cookie.")
    refresh_expires_in: int = Field(
        description="Seconds until the session ends, unless it is refreshed before.", examples=[604800]
    )
    user_id: Id
    email: ShownAddress
    username: ShownName
    is_active: Yes
    is_verified: Yes


class SignedUp(User, Tokens):
    verificationToken: str | None = Field(None, description="Only in development, with EXPOSE_VERIFICATION_TOKEN=true.")


class SignUpAccepted(Message):
    verificationToken: str | None = Field(None, description="Only in development, with EXPOSE_VERIFICATION_TOKEN=true.")


class Device(Schema):
    id: Id
    user_agent: UserAgent
    device: str = Field(description="What a person would call it.", examples=["Firefox on Linux"])
    ip: Ip
    created_at: Moment
    last_used_at: Moment
    expires_at: Later
    current: bool = Field(description="Whether it is the one that asks.", examples=[True])


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


class OAuthProblem(Schema):
    """RFC 6749, section 5.2."""

    error: str
    error_description: str


def problem_schema() -> dict[str, Any]:
    return Problem.model_json_schema(ref_template="#/components/schemas/{model}")
