"""Validate what a client registers: redirect URIs, URLs that the service requests, and keys."""

import json
import re
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from core import field_errors, http_client, profile_fields
from languages import translation
from oauth_provider import client_keys
from settings.loading import settings

MAX_URI_LENGTH = 2048
MAX_KEYS = 20
LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
_PRINTABLE = re.compile(r"[!-~]+", re.ASCII)
_AMBIGUOUS = frozenset('\\"<>^`{|}*#')  # `*` is no wildcard, and there is no fragment
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+", re.ASCII)
_LOOPBACK_URI = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(?=[/?]|$)", re.ASCII)
ANSWER = {"code", "state", "iss", "error", "error_description"}  # the parameters that the service adds


def redirect_uri(value: str) -> str:
    """Return a redirect URI: `https`, `http` on loopback, or a private-use scheme with a dot (RFC 8252, section 7).

    Raises ValueError.
    """
    _require_length(value)
    if not _PRINTABLE.fullmatch(value) or _AMBIGUOUS & set(value):
        raise ValueError(translation.mark("must be a URI without a fragment, wildcard or special characters"))
    try:
        parts = urlsplit(value)
        host, _ = _host_of(parts.netloc), parts.port
    except ValueError:
        raise ValueError(translation.mark("must be a valid URI")) from None
    if parts.scheme == "https":
        is_valid = bool(_HOST.fullmatch(host))
    elif parts.scheme == "http":
        is_valid = host in LOOPBACK
    else:
        is_valid = bool(_PRIVATE_SCHEME.fullmatch(parts.scheme)) and bool(parts.path or parts.netloc)
    if not is_valid:
        raise ValueError(
            translation.mark("must use https, http on a loopback address, or a private scheme such as com.example.app")
        )
    if any(part in (".", "..") for part in parts.path.split("/")):
        raise ValueError(translation.mark("must not contain . or .. in its path"))
    if ANSWER & {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}:
        raise ValueError(translation.mark("must not contain a parameter of the response, such as code or state"))
    return value


def is_of_this_service(uri: str) -> bool:
    """Return whether a redirect URI leads to a page of this service."""
    own, parts = urlsplit(settings.public_base_url), urlsplit(uri)
    is_same = _origin_of(own) == _origin_of(parts)
    return is_same and f"{parts.path}/".startswith(f"{own.path.rstrip('/')}/")


def _origin_of(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _require_length(uri: str) -> None:
    if len(uri) > MAX_URI_LENGTH:
        raise ValueError(field_errors.MESSAGES["string_too_long"])


def _host_of(netloc: str) -> str:
    """Return the host without the port. Empty if there is a user name, which could hide the host."""
    return "" if "@" in netloc else re.sub(r":\d*$", "", netloc)


def matches(registered: str, given: str) -> bool:
    """Return whether a redirect URI is the registered one: exactly, except for the port of a loopback address."""
    if registered == given:
        return True
    one, other = _LOOPBACK_URI.match(registered), _LOOPBACK_URI.match(given)
    if one is None or other is None or _AMBIGUOUS & set(given) or not _PRINTABLE.fullmatch(given):
        return False
    return one[1] == other[1] and registered[one.end() :] == given[other.end() :]


def is_loopback(uri: str) -> bool:
    """Return whether a redirect URI leads to a program on the user's own machine."""
    return _LOOPBACK_URI.match(uri) is not None


def host_of(uri: str) -> str:
    """Return the host of a redirect URI for the consent page, or the scheme of an app."""
    parts = urlsplit(uri)
    return parts.netloc if parts.scheme in ("http", "https") else parts.scheme


def sector_of(redirect_uris: list[str], client_id: str) -> str:
    """Return what pairwise subjects depend on: the common host of the redirect URIs, else the client.

    See OpenID Connect Core 1.0, section 8.1.
    """
    hosts = {host_of(uri) for uri in redirect_uris if not is_loopback(uri)}
    return hosts.pop() if len(hosts) == 1 else client_id


def set_sector(client: Any) -> None:
    """Compute the sector anew after the redirect URIs have changed.

    Otherwise a client could get the subjects of an application on another host.
    """
    client.sector = sector_of(client.redirect_uris, client.client_id)


def requested_url(value: str) -> str:
    """Return a URL that the service may request for a client. Raises ValueError."""
    try:
        http_client.require_allowed_url(value)
    except http_client.ForbiddenAddress as error:
        raise ValueError(str(error)) from None
    return value


def logo(value: str) -> str:
    """Return the URL of a logo, which browsers load on the consent page. Raises ValueError."""
    return profile_fields.picture_url(value)


def resource(value: str) -> str:
    """Return the URI of an API (RFC 8707, section 2). Raises ValueError."""
    _require_length(value)
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[!-~]+", value) or "#" in value:
        raise ValueError(translation.mark("must be an absolute URI without a fragment"))
    return value


def key_set(value: dict[str, Any]) -> dict[str, Any]:
    """Return the public keys of a client (RFC 7517). Raises ValueError."""
    keys = value.get("keys")
    is_set = isinstance(keys, list) and 1 <= len(keys) <= MAX_KEYS and all(map(client_keys.is_public, keys))
    if not is_set or not _is_json(keys):
        raise ValueError(translation.mark("must be a JSON Web Key Set with public keys"))
    return {"keys": keys}


def _is_json(value: Any) -> bool:
    """Return whether a value can be stored and sent as JSON: Python also reads NaN and lone surrogates."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True
