"""Verify ID tokens and signed userinfo with the published keys of the provider."""

import hmac
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

import jwt

import models
from settings.oauth_providers import Provider

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SECONDS_KEYS_ARE_CACHED = 3600
SECONDS_BETWEEN_KEY_REFRESHES = 60
SECONDS_OF_LEEWAY = 60  # for clock skew; does not extend `exp`
DAYS_APPLE_SECRET_IS_VALID = 180

Fetch = Callable[[str], Awaitable[Any]]


class InvalidIdToken(Exception):
    """An invalid ID token. The message is for the log, and contains no personal data."""


class Issuer(NamedTuple):
    """An issuer: its name, the URL of its keys, and its algorithms."""

    name: str
    jwks_uri: str
    algorithms: list[str]


async def read(raw: str, provider: Provider, issuer: Issuer, nonce: str, fetch: Fetch) -> dict[str, Any]:
    """Return the verified claims of an ID token for this client and this login (OpenID Connect Core 1.0, 3.1.3.7).

    fetch: requests a document from the provider. Raises InvalidIdToken and PyJWTError.
    """
    key, algorithm = await _signature_key(raw, issuer, fetch)
    claims: dict[str, Any] = jwt.decode(
        raw,
        key,
        [algorithm],
        audience=provider.client_id,
        leeway=SECONDS_OF_LEEWAY,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    tenant = str(claims.get("tid")) if provider.issuer_is_a_template else "{tenantid}"
    if claims["iss"] != issuer.name.replace("{tenantid}", tenant) or claims["exp"] <= time.time():
        raise InvalidIdToken("the id_token is from another issuer, or has expired")
    is_multiple = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if is_multiple else provider.client_id) != provider.client_id:
        raise InvalidIdToken("the id_token is for another client")
    token_nonce = claims.get("nonce", "" if provider.echoes_the_nonce else nonce)
    if not hmac.compare_digest(str(token_nonce).encode(), nonce.encode()):
        raise InvalidIdToken("the id_token is for another login")
    return claims


async def read_userinfo(raw: str, provider: Provider, issuer: Issuer, fetch: Fetch) -> dict[str, Any]:
    """Return the claims of a signed userinfo response (OpenID Connect Core 1.0, 5.3.2).

    If present, `iss` and `aud` must be the issuer and this client. Raises InvalidIdToken and PyJWTError.
    """
    key, algorithm = await _signature_key(raw, issuer, fetch)
    options: Any = {"require": ["sub"], "verify_aud": False}
    claims: dict[str, Any] = jwt.decode(raw, key, [algorithm], leeway=SECONDS_OF_LEEWAY, options=options)
    audience = claims.get("aud", provider.client_id)
    if provider.client_id not in (audience if isinstance(audience, list) else [audience]):
        raise InvalidIdToken("the userinfo is for another client")
    if not provider.issuer_is_a_template and claims.get("iss", issuer.name) != issuer.name:
        raise InvalidIdToken("the userinfo is from another issuer")
    return claims


async def _signature_key(raw: str, issuer: Issuer, fetch: Fetch) -> tuple[jwt.PyJWK, str]:
    """Return the key and algorithm of a signature. The provider's metadata must list the algorithm."""
    header = jwt.get_unverified_header(raw)
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS or algorithm not in issuer.algorithms:
        raise InvalidIdToken("the token is signed with an algorithm that the provider does not list")
    return await _key(issuer.jwks_uri, header.get("kid"), algorithm, fetch), algorithm


class Keys(NamedTuple):
    jwks: list[dict[str, Any]]
    fetched_at: float
    refreshed_at: float


_keys: dict[str, Keys] = {}


async def _key(jwks_uri: str, kid: object, algorithm: str, fetch: Fetch) -> jwt.PyJWK:
    """Return the key with this id.

    An unknown id refreshes the keys, at most once a minute: keys are rotated, and an attacker can send any id.
    """
    now, cached = time.monotonic(), _keys.get(jwks_uri)
    if cached is None or now - cached.fetched_at > SECONDS_KEYS_ARE_CACHED:
        cached = await _fetch_keys(jwks_uri, fetch, now, refreshed_at=-SECONDS_BETWEEN_KEY_REFRESHES)
    key = _suitable(cached, kid, algorithm)
    if key is None and now - cached.refreshed_at > SECONDS_BETWEEN_KEY_REFRESHES:
        key = _suitable(await _fetch_keys(jwks_uri, fetch, now, refreshed_at=now), kid, algorithm)
    if key is None:
        raise InvalidIdToken("the id_token is signed with an unknown key")
    return key


async def _fetch_keys(jwks_uri: str, fetch: Fetch, now: float, refreshed_at: float) -> Keys:
    jwks = [key for key in (await fetch(jwks_uri))["keys"] if isinstance(key, dict)]
    _keys[jwks_uri] = cached = Keys(jwks, now, refreshed_at)
    return cached


# The kind of key that an algorithm needs (RFC 7518, 3.1 and RFC 8037).
KINDS = {"RS": ("RSA", None), "PS": ("RSA", None), "Ed": ("OKP", None)}
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


def _suitable(keys: Keys, kid: object, algorithm: str) -> jwt.PyJWK | None:
    """Return the key with this id that can verify this algorithm.

    Without an id, there must be a single key for signatures.

    A key without `alg` is valid for all algorithms of its type (RFC 7517, 4.4), one for encryption for none.
    """
    for_signatures = [
        key
        for key in keys.jwks
        if key.get("use") in (None, "", "sig") and "verify" in (key.get("key_ops") or ["verify"])
    ]
    if kid is None and len(for_signatures) != 1:
        return None
    kind, curve = KINDS.get(algorithm[:2], ("EC", CURVES.get(algorithm)))
    for key in for_signatures:
        is_suitable = key.get("kty") == kind and (curve is None or key.get("crv") == curve)
        if kid in (None, key.get("kid")) and is_suitable and (key.get("alg") or algorithm) == algorithm:
            return jwt.PyJWK(key, algorithm)
    return None


def apple_client_secret(team_id: str, key_id: str, client_id: str, private_key: str) -> str:
    """Return the value of APPLE_CLIENT_SECRET: a token signed with the key from Apple's console.

    It is valid for 180 days. Raises ValueError.
    """
    now = models.now()
    claims = {"iss": team_id, "iat": now, "exp": now + timedelta(days=DAYS_APPLE_SECRET_IS_VALID)}
    payload = claims | {"aud": "https://appleid.apple.com", "sub": client_id}
    try:
        return jwt.encode(payload, private_key, "ES256", {"kid": key_id})
    except jwt.PyJWTError as error:  # a key of another kind
        raise ValueError(str(error)) from None
