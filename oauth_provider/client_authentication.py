"""Authenticate clients (RFC 6749, section 2.3; RFC 7523; OpenID Connect Core 1.0, section 9)."""

import base64
import binascii
import hmac
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

import jwt
from sqlalchemy import or_, update

import database
import models
from core import http_client
from oauth_provider import clients, oauth_errors, used_proofs
from oauth_provider.models import OAuthClient
from oauth_provider.schemas import BASIC, KEY_JWT, NONE, POST
from settings.loading import settings

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
MAX_ASSERTION_LENGTH = 8192
SECONDS_OF_ASSERTION = 600  # the longest time for which an assertion may be valid
SECONDS_OF_CLOCK_SKEW = 30
SECONDS_TO_FETCH_KEYS = 3
SECONDS_KEYS_ARE_CACHED = 300
SECONDS_BETWEEN_FETCHES = 10
SECONDS_BETWEEN_USE_UPDATES = 60
MAX_KEY_BYTES = 64 * 1024
Form = Mapping[str, Sequence[str]]


def authenticate(form: Form, authorization: str) -> Any:
    """Return the client of a request to the token endpoint or a similar one.

    form: the parameters of the request.
    authorization: its Authorization header.

    Raises InvalidClient, and InvalidOAuthRequest if the client authenticates in several ways.
    """
    basic = _basic(authorization)
    client_id, secret = basic or (_one(form, "client_id"), _one(form, "client_secret"))
    assertion = _one(form, "client_assertion")
    if len([sent for sent in (basic, _one(form, "client_secret"), assertion) if sent]) > 1:
        raise oauth_errors.InvalidOAuthRequest("Authenticate in only one way.")
    if basic and _one(form, "client_id") not in (None, client_id):
        raise oauth_errors.InvalidOAuthRequest("The client_id differs from that of the Authorization header.")
    if assertion is not None:
        client = _by_assertion(assertion, _one(form, "client_assertion_type"), client_id)
    else:
        client = clients.find(client_id)
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


def _is_secret_of(client: Any, secret: str) -> bool:
    sent = clients.hash_of(secret)
    until = client.previous_secret_until
    known = [client.secret_hash, client.previous_secret_hash if until and until > models.now() else None]
    return True in [hmac.compare_digest(sent, each) for each in known if each]


def _note_use(client: Any) -> None:
    """Record the use of a client, at most once a minute."""
    now = models.now()
    before = now - timedelta(seconds=SECONDS_BETWEEN_USE_UPDATES)
    if client.last_used_at is None or client.last_used_at < before:
        unused = or_(OAuthClient.last_used_at.is_(None), OAuthClient.last_used_at < before)
        same = {"last_used_at": now, "updated_at": OAuthClient.updated_at}
        database.write_only(update(OAuthClient).where(OAuthClient.id == client.id, unused).values(**same))


# ------------------------------------------------------------------------------------------------------ private_key_jwt


def _by_assertion(assertion: str, kind: str | None, client_id: str | None) -> Any:
    """Return the client that signed an assertion, which is accepted once (RFC 7523, section 3).

    Raises InvalidClient.
    """
    if kind != ASSERTION_TYPE or len(assertion) > MAX_ASSERTION_LENGTH:
        raise oauth_errors.InvalidClient()
    try:
        header = jwt.get_unverified_header(assertion)
        unverified = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise oauth_errors.InvalidClient() from None
    subject = unverified.get("sub")
    client = clients.find(subject) if isinstance(subject, str) else None
    if client is None or client.token_endpoint_auth_method != KEY_JWT or client_id not in (None, subject):
        raise oauth_errors.InvalidClient()
    claims = _verified(assertion, header, client)
    if not used_proofs.use(client.id, claims["jti"], datetime.fromtimestamp(claims["exp"] + SECONDS_OF_ASSERTION, UTC)):
        raise oauth_errors.InvalidClient()
    return client


def _verified(assertion: str, header: Mapping[str, Any], client: Any) -> dict[str, Any]:
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise oauth_errors.InvalidClient()
    audiences = [settings.jwt_issuer, *(f"{settings.public_base_url}/oauth2/{name}" for name in ENDPOINTS)]
    for key in _keys(client, header.get("kid"), algorithm):
        try:
            claims: dict[str, Any] = jwt.decode(
                assertion,
                key,
                [algorithm],
                audience=audiences,
                issuer=client.client_id,
                leeway=SECONDS_OF_CLOCK_SKEW,
                options={"require": ["iss", "sub", "aud", "exp", "jti"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        if isinstance(claims["jti"], str) and claims["exp"] <= time.time() + SECONDS_OF_ASSERTION:
            return claims
    raise oauth_errors.InvalidClient()


ENDPOINTS = ("token", "par", "introspect", "revoke", "device_authorization")
_fetched: dict[str, tuple[float, list[dict[str, Any]]]] = {}  # by URL: when, and the keys


def _keys(client: Any, kid: Any, algorithm: str) -> list[Any]:
    """Return the keys of a client that may have signed an assertion."""
    if client.jwks_uri:
        found = _keys_at(client.jwks_uri, SECONDS_KEYS_ARE_CACHED)
        if kid is not None and all(key.get("kid") != kid for key in found):
            found = _keys_at(client.jwks_uri, SECONDS_BETWEEN_FETCHES)
    else:
        found = (client.jwks or {}).get("keys", [])
    chosen = [key for key in found if kid is None or key.get("kid") in (None, kid)]
    opened = []
    for key in chosen:
        try:
            opened.append(jwt.PyJWK(key, algorithm).key)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
    return opened


def _keys_at(url: str, seconds: float) -> list[dict[str, Any]]:
    """Return the keys at a URL, which were fetched at most that many seconds ago. Raises InvalidClient."""
    known = _fetched.get(url)
    if known and time.monotonic() - known[0] < seconds:
        return known[1]
    try:
        response = http_client.request(
            "GET", url, seconds=SECONDS_TO_FETCH_KEYS, public_only=True, max_bytes=MAX_KEY_BYTES
        )
        keys = response.json()["keys"] if response.status_code == 200 else None
    except (*http_client.FAILURES, ValueError, KeyError, TypeError):
        keys = None
    if not isinstance(keys, list):
        if known:
            return known[1]
        raise oauth_errors.InvalidClient()
    if len(_fetched) >= MAX_CACHED:
        _fetched.clear()
    _fetched[url] = (time.monotonic(), [key for key in keys if isinstance(key, dict)])
    return _fetched[url][1]


MAX_CACHED = 1000
