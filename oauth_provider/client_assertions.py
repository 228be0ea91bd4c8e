"""Authenticate clients by assertions that they sign (RFC 7523; `private_key_jwt`)."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt

from oauth_provider import client_keys, clients, oauth_errors, used_proofs
from oauth_provider.schemas import KEY_JWT
from settings.loading import settings

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
ENDPOINTS = ("token", "par", "introspect", "revoke", "device_authorization")
REQUIRED = ("iss", "sub", "aud", "exp", "jti")
MAX_LENGTH = 8192
SECONDS_OF_ASSERTION = 600  # the longest time for which an assertion may be valid
SECONDS_OF_CLOCK_SKEW = 30


def client_of(assertion: str, kind: str | None, client_id: str | None) -> Any:
    """Return the client that signed an assertion, which is accepted once (RFC 7523, section 3).

    Raises InvalidClient, Unavailable.
    """
    if kind != TYPE or len(assertion) > MAX_LENGTH:
        raise oauth_errors.InvalidClient()
    try:
        header = jwt.get_unverified_header(assertion)
        subject = jwt.decode(assertion, options={"verify_signature": False}).get("sub")
    except jwt.PyJWTError:
        raise oauth_errors.InvalidClient() from None
    client = clients.find(subject) if _is_text(subject) else None
    if client is None or client.token_endpoint_auth_method != KEY_JWT or client_id not in (None, subject):
        raise oauth_errors.InvalidClient()
    claims = _verified(assertion, header, client)
    expires_at = datetime.fromtimestamp(claims["exp"] + SECONDS_OF_CLOCK_SKEW, UTC)
    if not used_proofs.use(client.id, claims["jti"], expires_at):
        raise oauth_errors.InvalidClient()
    return client


def _verified(assertion: str, header: Mapping[str, Any], client: Any) -> dict[str, Any]:
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise oauth_errors.InvalidClient()
    audiences = [settings.jwt_issuer, *(f"{settings.public_base_url}/oauth2/{name}" for name in ENDPOINTS)]
    for key in client_keys.of(client, header.get("kid"), algorithm):
        try:
            claims: dict[str, Any] = jwt.decode(
                assertion,
                key,
                [algorithm],
                audience=audiences,
                issuer=client.client_id,
                leeway=SECONDS_OF_CLOCK_SKEW,
                options={"require": list(REQUIRED)},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        expires_at = claims["exp"]  # PyJWT also accepts a number in a string
        is_short = isinstance(expires_at, int | float) and expires_at <= time.time() + SECONDS_OF_ASSERTION
        if _is_text(claims["jti"]) and is_short:
            return claims
    raise oauth_errors.InvalidClient()


def _is_text(claim: Any) -> bool:
    """Return whether a claim is text that can be encoded: JSON strings can contain lone surrogates."""
    return isinstance(claim, str) and claim.isprintable()
