"""Fetch client ID metadata documents: the `client_id` is the URL of a document that describes the client.

See draft-ietf-oauth-client-id-metadata-document. A document is fetched only while a user authorizes the client.
"""

import re
import threading
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import errors
from core import http_client
from oauth_provider import client_keys, clients, oauth_errors, registered_fields
from oauth_provider.models import OAuthClient
from oauth_provider.registered_fields import Rules
from oauth_provider.schemas import KEY_JWT, NONE, ClientFields
from settings.loading import settings

SECONDS_TO_FETCH = 3
MAX_BYTES = 5 * 1024
MAX_SECONDS_CACHED = 86_400
SECONDS_CACHED_BY_DEFAULT = 300
MAX_CACHED = 1000
SECONDS_FAILED = 10  # before a document that could not be fetched, or was invalid, is requested again
FETCHES = "20/minute"  # by IP address
# The logo is not shown: the document names only the host of the application, and a logo can be that of another one.
# Requests are pushed by a client with a row, which the first authorization creates: it could never require them.
RULES = Rules((NONE, KEY_JWT), ignored=frozenset({"logo_uri", "require_pushed_authorization_requests"}))
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})", re.I | re.ASCII)
_AGE = re.compile(r"\d{1,9}", re.ASCII)
_FORBIDDEN = re.compile(r"\b(no-store|no-cache)\b", re.I | re.ASCII)
_fetched: dict[str, tuple[float, ClientFields]] = {}  # by URL: until when, and the fields
_failed: dict[str, float] = {}  # by URL: until when
_locks: dict[str, threading.Lock] = {}  # by URL


def is_url(client_id: str) -> bool:
    """Return whether a client id is the URL of a metadata document, which clients may have."""
    return settings.client_id_metadata and client_id.startswith("https://")


def is_cached(client_id: str) -> bool:
    """Return whether a document is not requested now."""
    return _cached(client_id) is not None or _has_failed(client_id)


def _cached(url: str) -> ClientFields | None:
    known = _fetched.get(url)
    return known[1] if known and known[0] > time.time() else None


def find(client_id: str) -> OAuthClient:
    """Return the client that a document describes. Its `id` is that of its row, or None without one.

    Raises InvalidClientDocument, and Unavailable if too many requests wait for documents.
    """
    fields = _fields(client_id)
    row = clients.find(client_id)
    found = registered_fields.transient(client_id, "metadata", fields)
    if row is not None:
        found.id, found.updated_at, found.last_used_at = row.id, row.updated_at, row.last_used_at
        found.created_at = row.created_at
    return found


def _fields(url: str) -> ClientFields:
    if known := _cached(url):
        return known
    _require_valid(url)
    if _has_failed(url):
        raise oauth_errors.InvalidClientDocument()
    if not client_keys.SLOTS.acquire(blocking=False):
        raise errors.Unavailable()
    try:
        return _fetched_once(url)
    finally:
        client_keys.SLOTS.release()


def _fetched_once(url: str) -> ClientFields:
    """Return the fields that the first of several concurrent requests has fetched."""
    if len(_locks) >= MAX_CACHED:
        _locks.clear()
    lock = _locks.setdefault(url, threading.Lock())
    if not lock.acquire(timeout=SECONDS_TO_FETCH):
        raise errors.Unavailable()
    try:
        return _cached(url) or _fetch(url)
    finally:
        lock.release()


def _fetch(url: str) -> ClientFields:
    """Request a document, unless that failed a moment ago. Raises InvalidClientDocument."""
    if _has_failed(url):
        raise oauth_errors.InvalidClientDocument()
    try:
        return _requested(url)
    except oauth_errors.InvalidClientDocument:
        if len(_failed) >= MAX_CACHED:
            _failed.clear()
        _failed[url] = time.time() + SECONDS_FAILED
        raise


def _has_failed(url: str) -> bool:
    return _failed.get(url, 0) > time.time()


def _requested(url: str) -> ClientFields:
    try:
        response = http_client.request("GET", url, seconds=SECONDS_TO_FETCH, public_only=True, max_bytes=MAX_BYTES)
        document = response.json() if response.status_code == 200 else None
    except (*http_client.FAILURES, ValueError, RecursionError):
        document = None
    fields = _read(document, url)
    if (seconds := _seconds_fresh(response.headers)) > 0:
        if len(_fetched) >= MAX_CACHED:
            _fetched.clear()
        _fetched[url] = (time.time() + seconds, fields)
    return fields


def _require_valid(url: str) -> None:
    """Require the form that the draft gives such a URL. Raises InvalidClientDocument."""
    try:
        parts = urlsplit(url)
        http_client.require_allowed_url(url)
    except (http_client.ForbiddenAddress, ValueError):
        raise oauth_errors.InvalidClientDocument() from None
    segments = parts.path.split("/")
    is_plain = re.fullmatch(r"[!-~]+", url, re.ASCII) and not set(url) & set('#\\"<>') and "." not in segments
    if not is_plain or parts.path in ("", "/") or ".." in segments or len(url) > clients.MAX_CLIENT_ID_LENGTH:
        raise oauth_errors.InvalidClientDocument()


def _read(document: Any, url: str) -> ClientFields:
    if not isinstance(document, dict) or document.get("client_id") != url or "client_secret" in document:
        raise oauth_errors.InvalidClientDocument()
    try:
        return registered_fields.read(document, RULES)
    except oauth_errors.OAuthProviderError:
        raise oauth_errors.InvalidClientDocument() from None


def _seconds_fresh(headers: Mapping[str, str]) -> float:
    """Return for how long a response may be cached (RFC 9111), a day at most."""
    control = headers.get("cache-control", "")
    if _FORBIDDEN.search(control):
        return 0
    seconds: float = SECONDS_CACHED_BY_DEFAULT
    if found := _MAX_AGE.search(control):
        age = _AGE.match(headers.get("age", ""))
        seconds = int(found[1]) - (int(age[0]) if age else 0)
    elif expires := headers.get("expires"):
        try:
            seconds = parsedate_to_datetime(expires).timestamp() - time.time()
        except (ValueError, OverflowError):
            seconds = 0  # an invalid date, such as 0, is in the past (RFC 9111, section 5.3)
    return min(seconds, MAX_SECONDS_CACHED)
