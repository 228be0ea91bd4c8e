"""Determine the client's IP address behind trusted proxies, and its network."""

import functools
import ipaddress
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from starlette.types import Scope

from settings import addresses
from settings.loading import settings
from telemetry import logs

log = logs.logger()
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MAX_FORWARDED = 100
MAX_HEADER_LENGTH = 4096  # characters at the end, which the proxies wrote
SECONDS_BETWEEN_WARNINGS = 60.0
WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d{1,5})?|([^:]*):\d{1,5}", re.ASCII)
_PAIR = r"[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~:\[\]-]+|\"[^\"\\]*\")"
_SPACE = r"[ \t]{0,8}"  # bounded: a client's thousands of spaces must not be looked at from each of them
LAST_ELEMENT = re.compile(rf"(?:^|,){_SPACE}({_PAIR}(?:{_SPACE};{_SPACE}{_PAIR})*){_SPACE};?{_SPACE}$", re.ASCII)
FOR = re.compile(r"(?:^|;)[ \t]*for=(\"[^\"]*\"|[^;]*)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class CallerInfo:
    """The client of a request. `scope` is the ASGI scope of the request, for code that reads its cookies."""

    ip: str
    user_agent: str
    scope: Scope | None = field(default=None, repr=False, compare=False)


def of_request(scope: Scope) -> str:
    """Return the client's IP address, which is resolved once for each request."""
    state = scope["state"]
    if "client_address" not in state:
        name = settings.forwarded_header.lower().encode()
        headers = [value.decode("latin-1") for header, value in scope["headers"] if header == name]
        state["client_address"] = resolve((scope["client"] or ("",))[0], headers)
    return str(state["client_address"])


def is_from_trusted_proxy(scope: Scope) -> bool:
    """Return whether a request comes from one of TRUSTED_PROXIES, whose headers can be believed."""
    return _is_trusted(_address_or_none((scope["client"] or ("",))[0]))


def resolve(peer: str, headers: list[str]) -> str:
    """Return the address of the socket or, behind trusted proxies, the last forwarded address that is not a proxy's.

    headers: the values of FORWARDED_HEADER, in the order in which they arrived.

    Addresses to the left of it can be forged by the client and are ignored. If the header cannot be parsed up to this
    address, it is ignored. A Unix socket has no IP address, and is trusted if TRUSTED_PROXIES contains `unix`.
    """
    peer_address = _address_or_none(peer)
    # Parse only the header of a trusted proxy, and only its end, which was written by proxies.
    if not headers or not _is_trusted(peer_address):
        return str(peer_address or "")
    current = peer_address
    try:
        for text in _from_right(",".join(headers)[-MAX_HEADER_LENGTH:]):
            current = _forwarded(text)
            if not _is_trusted(current):
                break
    except ValueError:
        _warn_of_invalid_header()
        return str(peer_address or "")
    return str(current or "")


def _from_right(header: str) -> Iterator[str]:
    """Yield the forwarded addresses as text, the nearest first."""
    if settings.forwarded_header.lower() == "forwarded":
        return _of_rfc_7239(header)
    return (part for part in reversed(header.split(",")[-MAX_FORWARDED:]) if part.strip(' \t"'))


def _of_rfc_7239(header: str) -> Iterator[str]:
    """Yield the `for` of each element of a Forwarded header (RFC 7239), from its end.

    Parsing from the end is necessary because a client can send a quotation mark that is never closed, which would
    include the elements of the proxies after it. Raises ValueError if an element does not parse or has no `for`.
    """
    while header.strip(" \t,"):
        element = LAST_ELEMENT.search(header)
        found = FOR.search(element[1]) if element else None
        if element is None or found is None:
            raise ValueError("an element has no valid `for`")
        yield found[1]
        header = header[: element.start()]


def _is_trusted(address: Address | None) -> bool:
    if address is None:
        return addresses.UNIX_SOCKET in settings.trusted_proxies
    return any(address in network for network in _networks(settings.trusted_proxies))


@functools.lru_cache(maxsize=16)
def _networks(text: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(network) for network in text if network != addresses.UNIX_SOCKET]


def _forwarded(part: str) -> Address:
    """Return the address in one part of the header, which a proxy may write with a port, brackets or quotes."""
    text = part.strip().strip('"').strip()
    found = WITH_PORT.fullmatch(text)
    return _parsed((found[1] or found[2] if found else text).partition("%")[0])


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> Address:
    address = ipaddress.ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


@functools.lru_cache(maxsize=1024)
def _address_or_none(peer: str) -> Address | None:
    try:
        return _parsed(peer.strip().partition("%")[0])
    except ValueError:
        return None


_warned_at = -SECONDS_BETWEEN_WARNINGS


def _warn_of_invalid_header() -> None:
    global _warned_at
    if time.monotonic() - _warned_at >= SECONDS_BETWEEN_WARNINGS:
        _warned_at = time.monotonic()
        log.warning(
            "invalid forwarded header from a trusted proxy; using the address of the proxy",
            header=settings.forwarded_header,
        )


def network_of(ip: str) -> str:
    """Return the network of an IP address: its /24 (IPv4) or /48 (IPv6)."""
    if not ip:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ipaddress.ip_address(ip).version == 4 else 48}", strict=False))
