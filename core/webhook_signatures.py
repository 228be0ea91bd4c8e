"""Sign requests to other servers according to the Standard Webhooks specification, version 1."""

import base64
import hmac
from collections.abc import Iterable

SECRET_PREFIX = "whsec_"  # noqa: S105 - of secrets


def headers(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a signed request.

    secrets: the newest first. The request is signed with each, so that the receiver can switch to the new one.
    timestamp: the time of the request, in seconds since the epoch.

    Raises binascii.Error if a secret begins with `whsec_` and is not Base64 after it.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(_key(secret), signed, "sha256")).decode() for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(secret: str) -> bytes:
    """Return the key of a secret: the base64-decoded part after `whsec_`, or the secret itself without that prefix.

    Raises binascii.Error for a part that is not Base64: a receiver could not verify a signature with another key.
    """
    if secret.startswith(SECRET_PREFIX):
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    return secret.encode()
