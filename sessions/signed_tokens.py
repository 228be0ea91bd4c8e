"""Sign and verify tokens of other types than the access tokens of sessions, such as ID tokens."""

import functools
from typing import Any

import jwt

import errors
from sessions import access_tokens, signing_keys
from sessions.signing_keys import Key
from settings.loading import settings

REQUIRED = ("iss", "iat", "exp", "sub")


def sign(claims: dict[str, Any], token_type: str, algorithm: str) -> str:
    """Return a signed token. Raises Unavailable if the algorithm has no key."""
    key = signing_keys.key_set().by_algorithm.get(algorithm)
    if key is None:
        raise errors.Unavailable()
    return jwt.encode(claims, key.private, key.algorithm, {"typ": token_type, "kid": key.kid})


def read(raw: str, *types: str) -> dict[str, Any] | None:
    """Return the claims of a token of this issuer and one of these types, or None.

    Does not check `aud` and `exp`: the caller does.
    """
    if len(raw) > access_tokens.MAX_LENGTH or not access_tokens.is_canonical(raw):
        return None
    try:
        kid = jwt.get_unverified_header(raw).get("kid")
        key = next((key for key in signing_keys.current().verify if key.kid == kid), None)
        return _verified(raw, key, settings.jwt_issuer, types) if key else None
    except (jwt.PyJWTError, ValueError):
        return None


@functools.lru_cache(maxsize=1024)
def _verified(raw: str, key: Key, issuer: str, types: tuple[str, ...]) -> dict[str, Any]:
    token = jwt.decode_complete(
        raw,
        key.public,
        [key.algorithm],
        issuer=issuer,
        leeway=access_tokens.SECONDS_OF_LEEWAY,
        options={"verify_aud": False, "verify_exp": False, "require": list(REQUIRED)},
    )
    claims: dict[str, Any] = token["payload"]
    if str(token["header"].get("typ")).lower() not in types or not all(type(claims[n]) is int for n in ("iat", "exp")):
        raise jwt.InvalidTokenError()
    return claims
