"""Read the public keys of clients, and fetch those at a `jwks_uri`."""

import time
from typing import Any, NamedTuple

import jwt

from core import http_client

KEY_TYPES = ("RSA", "EC", "OKP")
SECONDS_TO_FETCH = 3
SECONDS_CACHED = 300
SECONDS_BETWEEN_FETCHES = 10
MAX_BYTES = 64 * 1024
MAX_CACHED = 1000


class _Fetched(NamedTuple):
    """The keys at a URL, when they were fetched, and for how many seconds they are used."""

    keys: list[dict[str, Any]]
    at: float
    seconds: float


_fetched: dict[str, _Fetched] = {}  # by URL


def is_public(key: Any) -> bool:
    """Return whether a value is a public key (RFC 7517)."""
    is_key = isinstance(key, dict) and key.get("kty") in KEY_TYPES and "d" not in key
    return is_key and opened(key, key.get("alg")) is not None


def opened(key: dict[str, Any], algorithm: str | None) -> Any:
    """Return the key for PyJWT, or None if it is invalid or does not fit the algorithm."""
    try:
        return jwt.PyJWK(key, algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None


def of(client: Any, kid: Any, algorithm: str) -> list[Any]:
    """Return the keys of a client that may have signed an assertion with this header."""
    if client.jwks_uri:
        found = _at(client.jwks_uri, SECONDS_CACHED)
        if kid is not None and all(key.get("kid") != kid for key in found):
            found = _at(client.jwks_uri, SECONDS_BETWEEN_FETCHES)  # the client may have rotated its keys
    else:
        found = (client.jwks or {}).get("keys", [])
    chosen = (opened(key, algorithm) for key in found if kid is None or key.get("kid") in (None, kid))
    return [key for key in chosen if key is not None]


def _at(url: str, seconds: float) -> list[dict[str, Any]]:
    """Return the keys at a URL, which were fetched at most that many seconds ago.

    After a failure, return those from before, and do not try again at once: anyone can send an assertion of a client
    whose server does not respond, and each attempt holds a thread.
    """
    known = _fetched.get(url)
    if known and time.monotonic() - known.at < min(seconds, known.seconds):
        return known.keys
    try:
        response = http_client.request("GET", url, seconds=SECONDS_TO_FETCH, public_only=True, max_bytes=MAX_BYTES)
        keys = response.json()["keys"] if response.status_code == 200 else None
    except (*http_client.FAILURES, ValueError, KeyError, TypeError, RecursionError):
        keys = None
    if isinstance(keys, list):
        found = _Fetched([key for key in keys if isinstance(key, dict)], time.monotonic(), SECONDS_CACHED)
    else:
        found = _Fetched(known.keys if known else [], time.monotonic(), SECONDS_BETWEEN_FETCHES)
    if len(_fetched) >= MAX_CACHED:
        _fetched.clear()
    _fetched[url] = found
    return found.keys
