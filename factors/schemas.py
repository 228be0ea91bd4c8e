"""Define the request and response schemas of factors."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field

from core import display_names, webauthn_json
from schemas import (
    DeviceToken,
    FactorProof,
    FutureTimestamp,
    Id,
    Input,
    Presence,
    PublicId,
    Schema,
    Timestamp,
    Token,
    UserAgent,
)

FactorType = Literal["totp", "passkey", "sms"]
Name = Annotated[str, Field(max_length=256, examples=["Laptop"]), AfterValidator(display_names.check)]
RecoveryCodes = Annotated[
    list[str],
    Field(
        description="Ten codes, shown once, with the account's first factor; otherwise empty.",
        examples=[["k7wm-3xqt-9hfr"]],
    ),
]
Ceremony = Annotated[
    Token,
    Field(
        description="A single-use token, to send with the credential within five minutes.", examples=["0198c7f2….5f0c…"]
    ),
]


class FactorOut(Schema):
    """A second factor, or a passkey."""

    model_config = ConfigDict(from_attributes=True, title="Factor")

    id: Id
    type: FactorType = Field(examples=["totp"])
    name: str = Field(examples=["Authenticator app"])
    created_at: Timestamp
    last_used_at: Timestamp | None


class Factors(Schema):
    """The factors of an account."""

    items: list[FactorOut]
    recovery_codes_left: int = Field(examples=[9])
    mfa_required: bool = Field(description="Whether `MFA_REQUIRED` covers the account.", examples=[False])


class NewTotpRequest(Presence):
    """A name for the authenticator app, and the credentials for re-authentication."""

    name: Name | None = None


class NewTotp(Schema):
    """An authenticator app that has to be confirmed with a code within 15 minutes."""

    id: Id
    secret: str = Field(
        description="The secret in base32, for manual entry.", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"]
    )
    otpauth_uri: str = Field(
        examples=["otpauth://totp/Example:alice@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example"]
    )
    qr_code: str = Field(
        description="The URI as a QR code: a `data:` URL of an SVG image.", examples=["data:image/svg+xml;utf8,<svg …"]
    )


class NewSmsRequest(Presence):
    """A phone number, a name for it, and the credentials for re-authentication."""

    phone: Annotated[str, Field(max_length=64, description="With its country code.", examples=["+43 664 1234567"])]
    name: Name | None = None


class FactorId(Schema):
    """A factor that has to be confirmed."""

    id: Id


class SmsSent(Schema):
    phone: str = Field(description="The number, masked.", examples=["••• 67"])
    expires_in: int = Field(description="Seconds for which the code is valid.", examples=[300])


class TotpCode(Input):
    code: Annotated[str, Field(max_length=64, examples=["123456"])]


class Confirmed(Schema):
    """A new factor, and the recovery codes that came with it."""

    factor: FactorOut
    recovery_codes: RecoveryCodes


class NewRecoveryCodes(Schema):
    recovery_codes: list[str] = Field(examples=[["k7wm-3xqt-9hfr"]])


class CeremonyOptions(Schema):
    """The options for `navigator.credentials`, in the format of `PublicKeyCredential.parse…OptionsFromJSON()`."""

    ceremony: Ceremony
    options: dict[str, Any] = Field(examples=[{"challenge": "bWq1…", "rpId": "example.com", "timeout": 300000}])


class NewPasskey(Input):
    """The credential that `navigator.credentials.create()` returned, and a name for it."""

    ceremony: Token
    credential: webauthn_json.PasskeyCredential
    name: Name | None = None


class Renamed(Input):
    name: Name


class PasskeyLogin(Input):
    """The credential that `navigator.credentials.get()` returned."""

    ceremony: Token
    credential: webauthn_json.PasskeyCredential
    device_token: DeviceToken = None


class MfaToken(Input):
    mfa_token: Token


PhoneId = Annotated[
    PublicId | None,
    Field(description="The phone to use if the account has several. By default, the one that was added last."),
]


class MfaSms(MfaToken):
    factor_id: PhoneId = None


class ReauthenticationSms(Input):
    factor_id: PhoneId = None


class SecondStep(FactorProof):
    """The second step of a login: a `code`, a `recovery_code`, or a `ceremony` with its `credential`."""

    mfa_token: Token
    remember_device: bool = Field(False, description="Whether this device skips the second factor from now on.")


class TrustedDeviceOut(Schema):
    model_config = ConfigDict(title="TrustedDevice")

    id: Id
    device: str = Field(description="Name of the browser and system.", examples=["Firefox on Linux"])
    user_agent: UserAgent
    created_at: Timestamp
    last_used_at: Timestamp
    expires_at: FutureTimestamp


class TrustedDevices(Schema):
    items: list[TrustedDeviceOut]


class RelatedOrigins(Schema):
    origins: list[str] = Field(examples=[["https://app.example.com"]])


class PasskeyEndpoints(Schema):
    enroll: str = Field(examples=["https://accounts.example.com/account/factors"])
    manage: str = Field(examples=["https://accounts.example.com/account/factors"])


class HeldFactor(Schema):
    """A factor in the data export."""

    id: Id
    type: str = Field(examples=["totp"])
    name: str = Field(examples=["Authenticator app"])
    phone: str | None = Field(examples=["+436641234567"])
    created_at: Timestamp
    last_used_at: Timestamp | None


class HeldRecoveryCode(Schema):
    created_at: Timestamp


class HeldDevice(Schema):
    id: Id
    user_agent: UserAgent
    created_at: Timestamp
    last_used_at: Timestamp
    expires_at: FutureTimestamp


class HeldProfile(Schema):
    removal_due_at: Timestamp | None


class HeldLogin(Schema):
    method: str = Field(examples=["password"])
    expires_at: FutureTimestamp
