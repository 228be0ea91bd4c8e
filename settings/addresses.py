"""Validate settings that are URLs, origins, host names or networks. Messages never contain the value."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import SplitResult, parse_qs, urlsplit

import idna
from pydantic import AfterValidator, BeforeValidator

from settings import database_url, value_types, webauthn

# Not one of a browser, which would run the URL or show it instead of opening an app, and no misspelt `https`.
_APP_SCHEME = (
    r"(?!(?:[htps]+|file|ftp|wss?|data|blob|filesystem|javascript|vbscript|about|view-source|mailto|jar|chrome|intent)"
    r":)[a-z][a-z0-9+.-]*:"
)
APP_URI = re.compile(rf"{_APP_SCHEME}/[^#*]*", re.IGNORECASE | re.ASCII)
APP_ORIGIN = re.compile(rf"{_APP_SCHEME}//[a-z0-9.-]+(:\d{{1,5}})?", re.IGNORECASE | re.ASCII)
NOT_IN_A_URL = re.compile(r'[\s"<>\\`\x00-\x1f\x7f]')
AMBIGUOUS_CHARACTERS = frozenset('\\"<>^`{|}')  # in addition to spaces and all characters outside ASCII
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?", re.ASCII)
# Parameters of the callback to a frontend. They would be ambiguous if its URL already had one.
CALLBACK_PARAMETERS = frozenset({"code", "error", "linked"})
REDIRECT_URIS = (
    "must be origins such as https://app.example.com, or exact URLs such as https://app.example.com/in, in ASCII and "
    "without the parameters code, error and linked"
)
UNIX_SOCKET = "unix"  # a trusted proxy that connects through a Unix socket, which has no IP address


def _base_url(value: str) -> str:
    parts = _split(value)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise ValueError("must be an http:// or https:// URL such as http://localhost:3000")
    return parts.geturl().rstrip("/")


def _issuer(value: str) -> str:
    """Return an issuer unchanged: issuers are compared as text (OpenID Connect Discovery 1.0, 4.3)."""
    _base_url(value)
    return value


def _split(value: str) -> SplitResult:
    """Return the parts of a URL, with the host as browsers write it in an origin."""
    if NOT_IN_A_URL.search(value):
        raise ValueError("must be a URL without spaces, quotes, < and >")
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError for an invalid port
    except ValueError:
        raise ValueError("must be a URL whose port, if any, is from 1 to 65535") from None
    host, netloc = parts.hostname or "", parts.netloc.lower()
    try:
        netloc = netloc.replace(host, _host(host)) if host else netloc
    except ValueError:
        raise ValueError("must be a URL with a valid host name") from None
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return parts._replace(netloc=netloc.removesuffix(usual))


def _host(value: str) -> str:
    """Return a host name in its ASCII form, or an IP address. Raises ValueError."""
    if ":" in value:
        return str(ipaddress.IPv6Address(value))  # its errors are a ValueError too
    if value.isascii():
        if not HOST.fullmatch(value.lower()):
            raise ValueError
        return value
    return idna.encode(value, uts46=True).decode()  # its errors are a ValueError


def is_web_url(value: str) -> bool:
    """Return whether a text is an http:// or https:// URL with a valid host."""
    try:
        parts = _split(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _web_origin(value: str) -> str:
    """Return an origin of a page, or of an app whose pages have their own scheme, such as capacitor://localhost."""
    if APP_ORIGIN.fullmatch(value):
        return value.lower()
    try:
        return _origin(value)
    except ValueError:
        raise ValueError(
            "must be origins such as https://app.example.com or capacitor://localhost, with no path and no wildcard"
        ) from None


def _origin(value: str) -> str:
    value = _base_url(value)
    parts = urlsplit(value)
    if parts.path or parts.username or "*" in value:
        raise ValueError("must be origins such as https://app.example.com, with no path and no wildcard")
    return value


def _passkey_origin(value: str) -> str:
    return value if value.startswith(webauthn.APP) else _origin(value)


def _host_name(value: str) -> str:
    try:
        found = value and _host(value).lower()
        if found and not webauthn.is_host_name(found):
            raise ValueError
    except ValueError:
        raise ValueError("must be a host name such as example.com: no IP address, port, scheme or path") from None
    return found


def _redirect_uri(value: str) -> str:
    if _has_ambiguous_parts(value):
        raise ValueError(REDIRECT_URIS)
    if APP_URI.fullmatch(value):
        return value  # an app's own scheme, such as com.example.app:/signed-in (RFC 8252, 7.1), or myapp://signed-in
    _, colon, rest = value.partition(":")
    try:
        is_an_origin = "/" not in rest.removeprefix("//")
        return _origin(value) if colon and is_an_origin else _exact(value)
    except ValueError:
        raise ValueError(REDIRECT_URIS) from None


def _exact(value: str) -> str:
    parts = _split(value)
    _base_url(parts._replace(query="").geturl())
    if "*" in value:
        raise ValueError
    return value if value.isascii() else parts.geturl()  # unchanged, because it is compared as text


def _has_ambiguous_parts(url: str) -> bool:
    """Return whether a URL has a parameter of the callback, or characters with which no URL is accepted."""
    is_of_the_web = url.lower().startswith(("http://", "https://"))
    path = url.split("/", 3)[3:] if is_of_the_web else [url]  # the host may be in Unicode
    parameters = parse_qs(url.partition("?")[2].partition("#")[0], keep_blank_values=True)
    is_plain = re.fullmatch(r"[!-~]*", "".join(path)) is not None and AMBIGUOUS_CHARACTERS.isdisjoint(url)
    return not is_plain or not CALLBACK_PARAMETERS.isdisjoint(parameters)


def network(value: str, *, strict: bool) -> str:
    """Return a network as client addresses are compared: without a zone, and as IPv4 if it is mapped to IPv6.

    strict: whether bits beyond the prefix are invalid. Raises ValueError.
    """
    found = ipaddress.ip_network(value, strict=strict)
    if "%" in value:
        raise ValueError
    mapped = found.network_address.ipv4_mapped if isinstance(found, ipaddress.IPv6Network) else None
    return str(found if mapped is None else ipaddress.ip_network((mapped, found.prefixlen - 96)))


def _network(value: str) -> str:
    try:
        return value if value == UNIX_SOCKET else network(value, strict=False)
    except ValueError:
        raise ValueError("must be IP addresses or networks such as 10.0.0.1 or 10.0.0.0/8, or unix") from None


def _outgoing_network(value: str) -> str:
    try:
        return network(value, strict=False)
    except ValueError:
        raise ValueError("must be IP addresses or networks such as 10.0.0.1 or 10.0.0.0/8") from None


def _mail_host(value: str) -> str:
    try:
        return value and _host(value)
    except ValueError:
        raise ValueError("must be a host name or an IP address, such as smtp.example.com; set SMTP_PORT too") from None


def _redis_url(value: str) -> str:
    if not value:
        return value
    import redis  # imported here, so that deployments without Redis do not load it

    try:
        redis.ConnectionPool.from_url(value)
        parts = urlsplit(value)
        is_in_path = parts.scheme != "unix" and "db=" not in parts.query
        if is_in_path and not re.fullmatch(r"(/\d*)?/?", parts.path, re.ASCII):
            raise ValueError  # the client would use database 0, or join the numbers
    except ValueError:
        raise ValueError("must be a URL such as redis://localhost:6379/0") from None
    return value


def _database_url(value: str) -> str:
    return database_url.read(value).url


def _resource(value: str) -> str:
    """Return the URI of an API (RFC 8707, section 2): absolute, without a fragment."""
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[!-~]+", value) or "#" in value:
        raise ValueError("must be absolute URIs without a fragment")
    return value


Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_web_origin)], ...], BeforeValidator(value_types.comma_separated)
]
PasskeyOrigins = Annotated[
    tuple[Annotated[str, AfterValidator(_passkey_origin)], ...], BeforeValidator(value_types.comma_separated)
]
HostName = Annotated[str, AfterValidator(_host_name)]
RedirectUris = Annotated[
    tuple[Annotated[str, AfterValidator(_redirect_uri)], ...], BeforeValidator(value_types.comma_separated)
]
Resources = Annotated[
    tuple[Annotated[str, AfterValidator(_resource)], ...], BeforeValidator(value_types.comma_separated)
]
MailHost = Annotated[str, AfterValidator(_mail_host)]
Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], BeforeValidator(value_types.comma_separated)]
OutgoingNetworks = Annotated[
    tuple[Annotated[str, AfterValidator(_outgoing_network)], ...], BeforeValidator(value_types.comma_separated)
]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
IssuerUrl = Annotated[str, AfterValidator(_issuer)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
