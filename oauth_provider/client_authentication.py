"""Authenticate clients (RFC 6749, section 2.3; RFC 7523; OpenID Connect Core 1.0, section 9)."""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from sqlalchemy import or_, update

import database
import models
from oauth_provider import client_assertions, clients, oauth_errors
from oauth_provider.models import OAuthClient
from oauth_provider.schemas import BASIC, NONE, POST

SECONDS_BETWEEN_USE_UPDATES = 60
Form = Mapping[str, Sequence[str]]


def authenticate(form: Form, authorization: str, find: Callable[[str | None], Any] = clients.find) -> Any:
    """Return the client of a request to the token endpoint or a similar one.

    form: the parameters of the request.
    authorization: its Authorization header.
    find: returns the client by its id.

    Raises InvalidClient, Unavailable, and InvalidOAuthRequest if the client authenticates in several ways.
    """
    basic = _basic(authorization)
    client_id, secret = basic or (_one(form, "client_id"), _one(form, "client_secret"))
    assertion = _one(form, "client_assertion")
    if len([sent for sent in (basic, _one(form, "client_secret"), assertion) if sent]) > 1:
        raise oauth_errors.InvalidOAuthRequest("Authenticate in only one way.")
    if basic and _one(form, "client_id") not in (None, client_id):
        raise oauth_errors.InvalidOAuthRequest("The client_id differs from that of the Authorization header.")
    if assertion is not None:
        client = client_assertions.client_of(assertion, _one(form, "client_assertion_type"), client_id)
    else:
        client = find(client_id)
        method = BASIC if basic else POST if secret is not None else NONE
        if client is None or client.token_endpoint_auth_method != method:
            raise oauth_errors.InvalidClient()
        if method != NONE and not _is_secret_of(client, str(secret)):
            raise oauth_errors.InvalidClient()
    _note_use(client)
    return client


def _one(form: Form, name: str) -> str | None:
    values = form.get(name) or ("",)
    return values[0] or None


def _basic(header: str) -> tuple[str, str] | None:
    """Return the id and secret of HTTP Basic. Both halves are form-encoded (RFC 6749, section 2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise oauth_errors.InvalidClient() from None
    if not colon:
        raise oauth_errors.InvalidClient()
    return unquote_plus(client_id), unquote_plus(secret)


def require_grant_type(client: Any, grant_type: str, jkt: str | None) -> None:
    """Require that a client may use a grant type, and sends a DPoP proof if it must.

    Raises UnauthorizedClient, InvalidDpopProof.
    """
    if grant_type not in client.grant_types:
        raise oauth_errors.UnauthorizedClient()
    if not may_use(client, grant_type, jkt):
        raise oauth_errors.InvalidDpopProof()


def may_use(client: Any, grant_type: str, jkt: str | None) -> bool:
    """Return whether a client may use a grant type, with a DPoP proof by this key or without one."""
    return grant_type in client.grant_types and not (client.require_dpop and jkt is None)


def _is_secret_of(client: Any, secret: str) -> bool:
    sent = clients.hash_of(secret)
    return True in [hmac.compare_digest(sent, each) for each in secret_hashes(client)]


def secret_hashes(client: Any) -> set[str]:
    """Return the hashes of the secrets that are valid now."""
    until = client.previous_secret_until
    found = {client.secret_hash, client.previous_secret_hash if until and until > models.now() else None}
    return {each for each in found if each}


_noted: dict[str, datetime] = {}  # by client: when this process last recorded its use


def _note_use(client: Any) -> None:
    """Record the use of a client, at most once a minute.

    The client may be as it was a while ago: see `clients.find_kept`.
    """
    if client.id is None:  # it has no row yet
        return
    now = models.now()
    before = now - timedelta(seconds=SECONDS_BETWEEN_USE_UPDATES)
    if all(at is None or at < before for at in (client.last_used_at, _noted.get(client.id))):
        if len(_noted) >= clients.MAX_KEPT:
            _noted.clear()
        _noted[client.id] = now
        unused = or_(OAuthClient.last_used_at.is_(None), OAuthClient.last_used_at < before)
        same = {"last_used_at": now, "updated_at": OAuthClient.updated_at}
        database.write_only(update(OAuthClient).where(OAuthClient.id == client.id, unused).values(**same))
