"""Define the JSON form of a WebAuthn credential (WebAuthn Level 3, section 5.1: `PublicKeyCredential.toJSON()`).

Only the sizes are checked here. `factors/passkeys.py` verifies the content: anything wrong gets the same response.
"""

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MAX_LENGTH = 16_384  # characters of one value in base64url; an attestation with certificates has about 4,000
Base64Url = Annotated[str, Field(max_length=MAX_LENGTH)]


class _Json(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True, strict=True)


class CredentialProperties(_Json):
    rk: bool | None = None


class ExtensionResults(_Json):
    credProps: CredentialProperties | None = None


class AuthenticatorResponse(_Json):
    """The response of the authenticator: that of `create()` has `attestationObject`, that of `get()` the others."""

    clientDataJSON: Base64Url = ""
    attestationObject: Base64Url | None = None
    authenticatorData: Base64Url | None = None
    signature: Base64Url | None = None
    userHandle: Base64Url | None = None
    transports: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=16)] | None = None


class PasskeyCredential(_Json):
    """The JSON of `navigator.credentials.create()` or `.get()`, as `credential.toJSON()` returns it."""

    id: Base64Url = ""
    rawId: Base64Url = ""
    type: Annotated[str, Field(max_length=32)] = ""
    response: AuthenticatorResponse = AuthenticatorResponse()
    clientExtensionResults: ExtensionResults | None = None


def _parsed(value: Any) -> Any:
    """Return the object of a form field, which contains the JSON as text."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value) if len(value) <= 4 * MAX_LENGTH else value
    except (ValueError, RecursionError):
        return value


Credential = Annotated[PasskeyCredential | None, BeforeValidator(_parsed)]
