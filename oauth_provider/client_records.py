"""Register clients without storing them: their `client_id` is a sealed record of what they registered.

Anyone can register with `DYNAMIC_REGISTRATION=open`, and most registrations are never used. A row is created when a
user consents (RFC 7591, appendix A.5.2).
"""

import base64
import json
import secrets
import zlib
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken

import models
from core import signing
from oauth_provider import clients, oauth_errors, registered_fields, removed_clients
from oauth_provider.models import OAuthClient
from oauth_provider.retention import RECORD_PREFIX as PREFIX
from oauth_provider.schemas import ClientFields
from settings.loading import settings

MAX_LENGTH = 2048
MAX_BYTES = 16 * 1024  # of a record that is unpacked
_LABEL = "client_record"
# The value of a field that is omitted from a record.
_DEFAULTS = {name: field.get_default(call_default_factory=True) for name, field in ClientFields.model_fields.items()}


def is_record(client_id: str) -> bool:
    """Return whether a client id has the form of a record."""
    return client_id.startswith(PREFIX)


def create(fields: ClientFields) -> tuple[OAuthClient, str]:
    """Return a new client, and the token with which it manages its registration. Raises InvalidClientMetadata."""
    token = new_token()
    stated = {name: value for name, value in fields.model_dump().items() if value != _DEFAULTS[name]}
    record = {"at": int(models.now().timestamp()), "key": clients.hash_of(token), "fields": stated}
    plain = json.dumps(record, separators=(",", ":")).encode()
    client_id = PREFIX + signing.seal(_LABEL, zlib.compress(plain, 9)).rstrip("=")
    if len(plain) > MAX_BYTES or len(client_id) > MAX_LENGTH:
        raise oauth_errors.InvalidClientMetadata("The metadata is too long.")
    return _client(client_id, record), token


def new_token() -> str:
    """Return a token with which a client manages its registration (RFC 7592)."""
    return f"rat_{secrets.token_urlsafe(32)}"


def find(client_id: str) -> OAuthClient | None:
    """Return the client of a record that is valid and not too old, or None."""
    if settings.dynamic_registration != "open" or not is_record(client_id) or len(client_id) > MAX_LENGTH:
        return None
    record = _unpacked(client_id)
    oldest = models.now() - timedelta(days=settings.dynamic_client_days)
    if record is None or record["at"] < oldest.timestamp() or removed_clients.contain(clients.hash_of(client_id)):
        return None
    return _client(client_id, record)


def _unpacked(client_id: str) -> dict[str, Any] | None:
    sealed = client_id.removeprefix(PREFIX)
    padded = sealed + "=" * (-len(sealed) % 4)
    try:
        if base64.urlsafe_b64encode(base64.urlsafe_b64decode(padded)).decode() != padded:
            return None  # another spelling of a record would be another client
        packed = signing.unseal(_LABEL, padded)
    except (InvalidToken, ValueError):
        return None
    record: dict[str, Any] = json.loads(zlib.decompressobj().decompress(packed, MAX_BYTES))
    return record


def _client(client_id: str, record: dict[str, Any]) -> OAuthClient:
    # Not validated again: it was valid, and the rules may have changed since.
    fields = ClientFields.model_construct(**{**_DEFAULTS, **record["fields"]})
    return registered_fields.transient(client_id, "dynamic", fields, registration_hash=record["key"])
