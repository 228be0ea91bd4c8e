"""Define request and response schemas.

Every string in a request has a maximum length. Unknown fields are ignored.
"""

import functools
import unicodedata
import warnings
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, model_validator
from pydantic.warnings import UnsupportedFieldAttributeWarning

from core import captcha_fields, display_names, profile_fields, webauthn_json
from languages import translation

EMAIL_MAX_LENGTH = 320
USERNAME_MAX_LENGTH = display_names.MAX_LENGTH
PASSWORD_MAX_LENGTH = 256

# FastAPI hides it while it builds a route. The validators of `Schema` are built later.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)


@functools.lru_cache(maxsize=1024)  # each request converts the same address three times
def canonical_email(address: str) -> str:
    """Return the canonical form of an email address, which identifies an account.

    Applies NFKC and lower case, and encodes the domain in IDNA. Tags and dots are kept. Raises ValueError if the
    address is invalid.
    """
    import email_validator  # imported here, because compiling its expressions takes a fortieth of the start

    try:
        parts = email_validator.validate_email(unicodedata.normalize("NFKC", address), check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise ValueError("is not a valid email address") from None
    return f"{parts.local_part.lower()}@{parts.ascii_domain.lower()}"


def fold(name: str) -> str:
    """Return the form of a name that searches compare: NFKC, without case.

    Folded here because databases disagree about lower case.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())[:USERNAME_MAX_LENGTH]


def _email(value: str) -> str:
    value = value.strip()
    canonical_email(value)
    return value


def new_email(value: str) -> str:
    """Return an email address that an account may get. Raises ValueError."""
    local, at, domain = _email(value).rpartition("@")
    # Few mail servers accept other characters. Also, ｊohn and john would be one account here and two mailboxes
    # elsewhere.
    if not at or not local.isascii():
        raise ValueError("must contain only ASCII characters before the @")
    return f"{local}@{unicodedata.normalize('NFKC', domain)}"  # emails are sent to this form


def display_name_for(address: str, name: str | None = None) -> str:
    """Return the default display name of a user: the name from the provider, or the local part of the email address."""
    candidates = (display_names.repair(candidate) for candidate in (name or "", address.partition("@")[0]))
    return next(filter(None, candidates), "user")


def _password(value: str) -> str:
    value = unicodedata.normalize("NFC", value)
    if len(value) > PASSWORD_MAX_LENGTH:
        raise ValueError(translation.mark("must be at most %(number)d characters", number=PASSWORD_MAX_LENGTH))
    if "\0" in value:
        raise ValueError("must not contain the NUL character")
    return value


# `NewEmail` is stricter: an account may get it. The policy for passwords is in credentials/password_policy.py.
Email = Annotated[str, Field(max_length=EMAIL_MAX_LENGTH, examples=["alice@example.com"]), AfterValidator(_email)]
NewEmail = Annotated[str, Field(max_length=EMAIL_MAX_LENGTH, examples=["alice@example.com"]), AfterValidator(new_email)]
Username = Annotated[str, Field(max_length=256, examples=["Alice"]), AfterValidator(display_names.check)]
Password = Annotated[
    str,
    Field(max_length=2048, examples=["correct horse, battery staple"], json_schema_extra={"format": "password"}),
    AfterValidator(_password),
]
OldPassword = Annotated[Password, Field(examples=["Alice was here in 2019"])]
Locale = Annotated[
    str,
    Field(max_length=35, description="The language of the user, a BCP 47 tag.", examples=["de-AT"]),
    AfterValidator(profile_fields.locale),
]
TimeZone = Annotated[
    str,
    Field(max_length=64, description="A name of the IANA time zone database.", examples=["Europe/Vienna"]),
    AfterValidator(profile_fields.time_zone),
]
PictureUrl = Annotated[
    str,
    Field(
        max_length=2048,
        description="The `https` URL of the user's picture.",
        examples=["https://example.com/alice.png"],
    ),
    AfterValidator(profile_fields.picture_url),
]
Token = Annotated[str, Field(max_length=4096, examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50.5f0c…"])]
DeviceToken = Annotated[
    Token | None, Field(description="The token of a trusted device, which skips the second factor.")
]
Code = Annotated[str | None, Field(max_length=64)]
PublicId = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,64}$", examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])]

# Response fields, with examples that belong to the same account.
Id = Annotated[str, Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])]
Number = Annotated[int, Field(examples=[42])]
EmailOut = Annotated[str, Field(examples=["alice@example.com"])]
UsernameOut = Annotated[str, Field(examples=["Alice"])]
LocaleOut = Annotated[
    str | None, Field(description="The language of the user, a BCP 47 tag. Null if unknown.", examples=["de-AT"])
]
TimeZoneOut = Annotated[
    str | None, Field(description="A name of the IANA time zone database. Null if unknown.", examples=["Europe/Vienna"])
]
PictureUrlOut = Annotated[str | None, Field(examples=["https://example.com/alice.png"])]
Flag = Annotated[bool, Field(examples=[True])]
Timestamp = Annotated[AwareDatetime, Field(examples=["2026-03-14T09:26:53.589793Z"])]
FutureTimestamp = Annotated[AwareDatetime, Field(examples=["2026-03-21T09:26:53.589793Z"])]
Ip = Annotated[str, Field(examples=["203.0.113.7"])]
UserAgent = Annotated[str, Field(examples=["Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"])]
Jwt = Annotated[str, Field(examples=["eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk4YzdmMi….Kx3…"])]


Acr = Annotated[
    str, Field(description="`aal2` after two factors or a verified passkey, else `aal1`.", examples=["aal2"])
]
Amr = Annotated[
    list[str], Field(description="How the user authenticated (RFC 8176).", examples=[["pwd", "otp", "mfa"]])
]


class Schema(BaseModel):
    model_config = ConfigDict(
        hide_input_in_errors=True,  # a logged error must not contain a password
        defer_build=True,  # pydantic builds its validator at the first use, with a lock
    )


class Input(Schema):
    model_config = ConfigDict(strict=True)  # a number or a list is never accepted as text


class SignUp(Input):
    email: NewEmail
    username: Username | None = None
    password: Password | None = Field(None, description="Optional if `PASSWORD_OPTIONAL` is set.")
    accepted_terms: bool = Field(False, description="Whether the user accepted the terms of `TERMS_URL`. Recorded.")
    captcha_token: captcha_fields.Token = None


class LogIn(Input):
    email: Email
    password: Password
    device_token: DeviceToken = None
    captcha_token: captcha_fields.Token = None


class Refresh(Input):
    """The refresh token, unless it is sent as a cookie."""

    refresh_token: Token | None = None


class EmailProof(Input):
    """Either the token of the link, or the email address and the 6-digit code. An address must be the token's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "alice@example.com", "code": "123456"}]})

    token: Token | None = None
    email: Email | None = None
    code: Annotated[str, Field(max_length=64, examples=["123456"])] | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.token is None and (self.email is None or self.code is None):
            raise ValueError("must contain `token`, or `email` and `code`")
        return self


class EmailOnly(Input):
    email: Email


class ResetRequest(EmailOnly):
    captcha_token: captcha_fields.Token = None


class TokenOnly(Input):
    token: Token


class ResetPassword(TokenOnly):
    email: Email | None = Field(None, description="If sent, must be the address that the link was sent to.")
    new_password: Password


class FactorProof(Input):
    """Proof of one factor: a `code`, a `recovery_code`, or a passkey's `credential` with its `ceremony`."""

    code: Code = None
    recovery_code: Code = None
    ceremony: Token | None = None
    credential: webauthn_json.Credential = None


class SecureAccount(FactorProof):
    """The token of the link, and a factor to remove the account's other factors immediately."""

    token: Token


class Presence(FactorProof):
    """The current password, and a factor if the account has one.

    Both can be omitted if the last login is at most five minutes old. For an account with a factor, that login must
    have used two factors.
    """

    password: Password | None = None


class ChangePassword(FactorProof):
    old_password: OldPassword
    new_password: Password


class Profile(Input):
    """What to change. Null clears a field; `username` cannot be cleared."""

    username: Username | None = None
    locale: Locale | None = None
    time_zone: TimeZone | None = None
    picture_url: PictureUrl | None = None


class ChangeEmail(Presence):
    new_email: Annotated[NewEmail, Field(examples=["alice@new.example.com"])]


class Message(Schema):
    message: Annotated[str, PlainSerializer(translation.translate)] = Field(
        description="A sentence for the user.", examples=["Your password has been changed."]
    )


class User(Schema):
    model_config = ConfigDict(from_attributes=True)

    id: Number
    user_id: Id
    email: EmailOut
    username: UsernameOut
    locale: LocaleOut
    time_zone: TimeZoneOut
    picture_url: PictureUrlOut
    is_active: Flag
    is_verified: Flag
    roles: list[str] = Field(examples=[["user"]])
    created_at: Timestamp
    updated_at: Timestamp


class ManagedUser(User):
    """A user as administrators and other services see it."""

    email_proven_at: Timestamp | None = Field(
        description="When the owner verified the email address, or a provider asserted that it is verified."
    )


def _is_absent(value: object) -> bool:
    return value is None


class Me(User):
    """The account of the current user."""

    password_breached: bool = Field(
        False,
        description="Present and true if the password is known from a data breach: see BREACHED_PASSWORDS.",
        exclude_if=lambda breached: not breached,
    )


class BearerToken(Schema):
    access_token: Jwt | None = Field(
        None, description="Not in the body if it is set as a cookie.", exclude_if=_is_absent
    )
    token_type: str = "bearer"
    expires_in: int = Field(description="Seconds until the access token expires.", examples=[900])


class Tokens(BearerToken):
    refresh_token: Token | None = Field(
        None, description="Not in the body if it is set as a cookie.", exclude_if=_is_absent
    )
    refresh_expires_in: int = Field(
        description="Seconds until the session ends, unless it is refreshed.", examples=[604800]
    )
    user_id: Id
    email: EmailOut
    username: UsernameOut
    is_active: Flag
    is_verified: Flag
    device_token: Token | None = Field(
        None,
        description="Send it with the next login from this device. Not in the body if it is set as a cookie.",
        exclude_if=_is_absent,
    )


class SignedUp(User, Tokens):
    verificationToken: str | None = Field(
        None, description="Only in development, with EXPOSE_VERIFICATION_TOKEN=true.", exclude_if=_is_absent
    )


class SignUpAccepted(Message):
    flow: str | None = Field(None, description="Without a password: as in the response of `POST /auth/magic-link`.")
    expires_in: int | None = Field(None, description="Seconds for which the link and the code are valid.")
    verificationToken: str | None = Field(None, description="Only in development, with EXPOSE_VERIFICATION_TOKEN=true.")


class Device(Schema):
    id: Id
    user_agent: UserAgent
    device: str = Field(description="Name of the browser and system.", examples=["Firefox on Linux"])
    ip: Ip
    created_at: Timestamp
    last_used_at: Timestamp
    expires_at: FutureTimestamp
    auth_time: int = Field(description="When the user last authenticated, in Unix time.", examples=[1773480413])
    acr: Acr
    amr: Amr
    current: bool = Field(description="Whether this is the session of the request.", examples=[True])
