"""What an id_token says.

Read with the provider's published keys, and believed only where it is for us and for this login.
"""

import hmac
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

import jwt

import models
from settings.oauth_providers import Provider

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SECONDS_KEYS_ARE_KEPT = 3600
SECONDS_BETWEEN_LOOKS_FOR_A_KEY = 60
SECONDS_OF_LEEWAY = 60  # for clocks that go apart; what has expired has expired
DAYS_OF_AN_APPLE_SECRET = 180

Fetch = Callable[[str], Awaitable[Any]]


class InvalidIdToken(Exception):
    """An id_token that says nothing to us. Its text is for the log, and names nobody."""


class Issuer(NamedTuple):
    """Whose id_tokens they are, and where its keys are."""

    name: str
    jwks_uri: str
    algorithms: list[str]


async def read(raw: str, provider: Provider, issuer: Issuer, nonce: str, fetch: Fetch) -> dict[str, Any]:
    """The claims of an id_token that is for us, for this login, and signed by the provider (OpenID Connect Core 1.0,
    3.1.3.7).

    `fetch` gets a document from the provider. Raises InvalidIdToken and PyJWTError.
    """
    key, algorithm = await _signed_with(raw, issuer, fetch)
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
        raise InvalidIdToken("the id_token is another issuer's, or has expired")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise InvalidIdToken("the id_token is for another client")
    echo = claims.get("nonce", "" if provider.echoes_the_nonce else nonce)
    if not hmac.compare_digest(str(echo).encode(), nonce.encode()):
        raise InvalidIdToken("the id_token is for another login")
    return claims


async def read_userinfo(raw: str, provider: Provider, issuer: Issuer, fetch: Fetch) -> dict[str, Any]:
    """Return the claims of a signed userinfo response (OpenID Connect Core 1.0, 5.3.2).

    Its `iss` and `aud`, where it has them, must be the issuer and this client. Raises InvalidIdToken and PyJWTError.
    """
    key, algorithm = await _signed_with(raw, issuer, fetch)
    options: Any = {"require": ["sub"], "verify_aud": False}
    claims: dict[str, Any] = jwt.decode(raw, key, [algorithm], leeway=SECONDS_OF_LEEWAY, options=options)
    audience = claims.get("aud", provider.client_id)
    if provider.client_id not in (audience if isinstance(audience, list) else [audience]):
        raise InvalidIdToken("the userinfo is for another client")
    if not provider.issuer_is_a_template and claims.get("iss", issuer.name) != issuer.name:
        raise InvalidIdToken("the userinfo is another issuer's")
    return claims


async def _signed_with(raw: str, issuer: Issuer, fetch: Fetch) -> tuple[jwt.PyJWK, str]:
    """Return the key and the algorithm of a signature, which must be one that the provider announces."""
    header = jwt.get_unverified_header(raw)
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS or algorithm not in issuer.algorithms:
        raise InvalidIdToken("the token is signed in a way that was not announced")
    return await _key(issuer.jwks_uri, header.get("kid"), algorithm, fetch), algorithm


class Keys(NamedTuple):
    found: list[dict[str, Any]]
    asked_at: float
    looked_again_at: float


_keys: dict[str, Keys] = {}


async def _key(jwks_uri: str, kid: object, algorithm: str, fetch: Fetch) -> jwt.PyJWK:
    """The key of this name.

    An unknown name is looked for anew, at most once a minute: keys change, and names are cheap.
    """
    now, kept = time.monotonic(), _keys.get(jwks_uri)
    if kept is None or now - kept.asked_at > SECONDS_KEYS_ARE_KEPT:
        kept = await _look_for_keys(jwks_uri, fetch, now, looked_again_at=-SECONDS_BETWEEN_LOOKS_FOR_A_KEY)
    key = _suitable(kept, kid, algorithm)
    if key is None and now - kept.looked_again_at > SECONDS_BETWEEN_LOOKS_FOR_A_KEY:
        key = _suitable(await _look_for_keys(jwks_uri, fetch, now, looked_again_at=now), kid, algorithm)
    if key is None:
        raise InvalidIdToken("the id_token is signed with an unknown key")
    return key


async def _look_for_keys(jwks_uri: str, fetch: Fetch, now: float, looked_again_at: float) -> Keys:
    found = [key for key in (await fetch(jwks_uri))["keys"] if isinstance(key, dict)]
    _keys[jwks_uri] = kept = Keys(found, now, looked_again_at)
    return kept


# The kind of key that an algorithm needs (RFC 7518, 3.1 and RFC 8037).
KINDS = {"RS": ("RSA", None), "PS": ("RSA", None), "Ed": ("OKP", None)}
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


def _suitable(keys: Keys, kid: object, algorithm: str) -> jwt.PyJWK | None:
    """Return the key of this name that can verify this algorithm. Without a name there must be one key for signatures.

    A key without `alg` is good for every algorithm of its kind (RFC 7517, 4.4); one for encryption is for none.
    """
    for_signatures = [
        key
        for key in keys.found
        if key.get("use") in (None, "", "sig") and "verify" in (key.get("key_ops") or ["verify"])
    ]
    if kid is None and len(for_signatures) != 1:
        return None
    kind, curve = KINDS.get(algorithm[:2], ("EC", CURVES.get(algorithm)))
    for key in for_signatures:
        is_able = key.get("kty") == kind and (curve is None or key.get("crv") == curve)
        if kid in (None, key.get("kid")) and is_able and (key.get("alg") or algorithm) == algorithm:
            return jwt.PyJWK(key, algorithm)
    return None


def apple_client_secret(team_id: str, key_id: str, client_id: str, private_key: str) -> str:
    """What APPLE_CLIENT_SECRET must be.

    A token signed with the key from Apple's console. It lives for 180 days. Raises ValueError.
    """
    now = models.now()
    claims = {"iss": team_id, "iat": now, "exp": now + timedelta(days=DAYS_OF_AN_APPLE_SECRET)}
    whole = claims | {"aud": "https://appleid.apple.com", "sub": client_id}
    return jwt.encode(whole, private_key, "ES256", {"kid": key_id})
