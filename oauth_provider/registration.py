"""Let applications register themselves, and manage their registration (RFC 7591, RFC 7592)."""

import hmac
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import errors
import models
from core.client_address import CallerInfo
from oauth_provider import client_records, client_rules, clients, oauth_errors, registered_fields, scopes
from oauth_provider.models import OAuthClient
from oauth_provider.registered_fields import Metadata, Rules
from oauth_provider.schemas import (
    BASIC,
    CODE,
    CREDENTIALS,
    DEVICE,
    KEY_JWT,
    NONE,
    POST,
    REFRESH,
    ClientFields,
    RegisteredClient,
)
from settings.loading import settings

PATH = "/oauth2/register"
OPEN = Rules((NONE,), ignored=frozenset({"backchannel_logout_uri"}))
WITH_TOKEN = Rules((BASIC, POST, KEY_JWT, NONE), (CODE, REFRESH, CREDENTIALS, DEVICE))


def register(db: Session, caller: CallerInfo, authorization: str, metadata: Metadata) -> RegisteredClient:
    """Register a client, and return its metadata with the token that manages it.

    authorization: the Authorization header of the request.

    Raises NotFound if clients cannot register, InvalidRegistrationToken, InvalidRedirectUri, InvalidClientMetadata.
    """
    if settings.dynamic_registration == "off":
        raise errors.NotFound()
    if settings.dynamic_registration == "open":
        client, token = client_records.create(registered_fields.read(metadata, OPEN))
        return _shown(client, token)
    if not _is_same(_bearer(authorization), settings.dynamic_registration_token):
        raise oauth_errors.InvalidRegistrationToken()
    fields, token = registered_fields.read(metadata, WITH_TOKEN), client_records.new_token()
    client = registered_fields.transient(models.new_id(), "dynamic", fields, registration_hash=clients.hash_of(token))
    secret = clients.new_secret(client) if clients.has_secret(client) else None
    db.add(client)
    db.flush()
    audit.record(db, caller, "client.registered", None, client_id=client.client_id, origin=client.origin)
    return _shown(client, token, secret)


def read(db: Session, authorization: str, client_id: str) -> RegisteredClient:
    """Return the metadata of a client. Raises NotFound, InvalidRegistrationToken."""
    token = _bearer(authorization)
    return _shown(_managed(db, token, client_id), token)


def change(db: Session, caller: CallerInfo, authorization: str, client_id: str, metadata: Metadata) -> RegisteredClient:
    """Replace the metadata of a client (RFC 7592, section 2.2).

    What an administrator has decided about it remains. Raises NotFound, InvalidRegistrationToken, InvalidRedirectUri,
    InvalidClientMetadata.
    """
    token = _bearer(authorization)
    client = _managed(db, token, client_id)
    if metadata.get("client_id", client_id) != client_id:
        raise oauth_errors.InvalidClientMetadata()
    rules = OPEN if client_records.is_record(client_id) else WITH_TOKEN
    after = registered_fields.read(metadata, rules._replace(scopes=(*scopes.IDENTITY, *client.scopes)))
    changed = [
        name
        for name in ClientFields.model_fields
        if name not in registered_fields.OF_ADMINISTRATOR and getattr(client, name) != getattr(after, name)
    ]
    if CREDENTIALS not in after.grant_types:
        clients.revoke_own_tokens(db, client)
    for name in changed:
        setattr(client, name, getattr(after, name))
    if "redirect_uris" in changed:
        client.first_party = False  # the administrator trusted the previous ones
        client_rules.set_sector(client)
    secret = None
    if not clients.has_secret(client):
        client.secret_hash = client.previous_secret_hash = None
    elif client.secret_hash is None:
        secret = clients.new_secret(client)
    db.flush()
    audit.record(db, caller, "client.changed", None, client_id=client_id, fields=sorted(changed))
    return _shown(client, token, secret)


def remove(db: Session, caller: CallerInfo, authorization: str, client_id: str) -> None:
    """Delete a client with its grants and tokens (RFC 7592, section 2.3). Raises NotFound, InvalidRegistrationToken."""
    client = _managed(db, _bearer(authorization), client_id)
    clients.delete_locked(db, client)
    audit.record(db, caller, "client.deleted", None, client_id=client_id)


def _managed(db: Session, token: str, client_id: str) -> OAuthClient:
    """Return the locked row of the client that a token manages.

    Whether the client is unknown or the token wrong is not told (RFC 7592, section 2.1). Raises NotFound if clients
    cannot register, InvalidRegistrationToken.
    """
    if settings.dynamic_registration == "off":
        raise errors.NotFound()
    chosen = select(OAuthClient).where(OAuthClient.client_hash == clients.hash_of(client_id))
    client = db.scalar(chosen.with_for_update(key_share=True))
    if client is None or client.registration_hash is None:
        raise oauth_errors.InvalidRegistrationToken()
    if not _is_same(clients.hash_of(token), client.registration_hash):
        raise oauth_errors.InvalidRegistrationToken()
    return client


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _is_same(given: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _shown(client: Any, token: str, secret: str | None = None) -> RegisteredClient:
    found = registered_fields.shown(client) | {
        "client_id_issued_at": int(client.created_at.timestamp()),
        "registration_access_token": token,
        "registration_client_uri": f"{settings.public_base_url}{PATH}/{quote(client.client_id, safe='')}",
    }
    if secret is not None:
        found |= {"client_secret": secret, "client_secret_expires_at": 0}
    return RegisteredClient(**found)
