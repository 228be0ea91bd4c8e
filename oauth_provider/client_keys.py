"""Read the public keys of clients, and fetch those at a `jwks_uri`.

They are fetched before the signature of a request is checked, so anyone can cause it. Therefore failures are remembered
too, each URL is requested by one thread at a time, and only a few threads fetch or wait for keys.
"""

import threading
import time
from typing import Any, NamedTuple

import jwt

import errors
from core import http_client
from oauth_provider import oauth_errors
from settings.loading import settings

KEY_TYPES = ("RSA", "EC", "OKP")
SECONDS_TO_FETCH = 3
SECONDS_CACHED = 300
SECONDS_BETWEEN_FETCHES = 10
MAX_BYTES = 64 * 1024
MAX_CACHED = 1000


class _Known(NamedTuple):
    """The keys at a URL, or None if they could not be fetched yet.

    fetched_at, tried_at: when they were fetched, and when this was last tried.
    """

    keys: list[dict[str, Any]] | None
    fetched_at: float
    tried_at: float

    def is_due(self, seconds: float) -> bool:
        """Return whether the keys are older than that, and no attempt was made a moment ago."""
        now = time.monotonic()
        is_old = self.keys is None or now - self.fetched_at >= seconds
        return is_old and now - self.tried_at >= SECONDS_BETWEEN_FETCHES


_fetched: dict[str, _Known] = {}  # by URL
_locks: dict[str, threading.Lock] = {}  # by URL
# At most half of the request threads wait for keys and documents of clients: anyone can name a URL of a slow server.
SLOTS = threading.BoundedSemaphore(max(1, settings.database_pool_size // 2))


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
    """Return the keys of a client that may have signed an assertion with this header.

    Raises InvalidClient, Unavailable.
    """
    if client.jwks_uri:
        found = _at(client.jwks_uri, SECONDS_CACHED)
        if kid is not None and all(key.get("kid") != kid for key in found):
            found = _at(client.jwks_uri, SECONDS_BETWEEN_FETCHES)  # the client may have rotated its keys
    else:
        found = (client.jwks or {}).get("keys", [])
    chosen = (opened(key, algorithm) for key in found if kid is None or key.get("kid") in (None, kid))
    return [key for key in chosen if key is not None]


def _at(url: str, seconds: float) -> list[dict[str, Any]]:
    """Return the keys at a URL, which were fetched at most that many seconds ago if that is possible.

    Raises InvalidClient if they cannot be fetched, and Unavailable if too many threads fetch keys.
    """
    known = _fetched.get(url)
    if known is None or known.is_due(seconds):
        known = _refreshed(url, seconds, known)
    if known is None:
        raise errors.Unavailable()
    if known.keys is None:
        raise oauth_errors.InvalidClient()
    return known.keys


def _refreshed(url: str, seconds: float, known: _Known | None) -> _Known | None:
    """Return the newest keys, or those that are known while other threads fetch them."""
    if not SLOTS.acquire(blocking=False):
        return known
    lock = _locks.setdefault(url, threading.Lock())
    try:
        if not lock.acquire(blocking=known is None):
            return known
        try:
            found = _fetched.get(url)  # another thread may have fetched them meanwhile
            return _fetch(url, found) if found is None or found.is_due(seconds) else found
        finally:
            lock.release()
    finally:
        SLOTS.release()


def _fetch(url: str, known: _Known | None) -> _Known:
    """Request the keys, and remember them, or that this failed: then the old ones remain."""
    try:
        response = http_client.request("GET", url, seconds=SECONDS_TO_FETCH, public_only=True, max_bytes=MAX_BYTES)
        keys = response.json()["keys"] if response.status_code == 200 else None
    except (*http_client.FAILURES, ValueError, KeyError, TypeError, RecursionError):
        keys = None
    now = time.monotonic()
    if isinstance(keys, list):
        found = _Known([key for key in keys if isinstance(key, dict)], now, now)
    else:
        found = known._replace(tried_at=now) if known else _Known(None, now, now)
    if len(_fetched) >= MAX_CACHED:
        _fetched.clear()
        _locks.clear()
    _fetched[url] = found
    return found
