"""Find the client's IP address behind trusted proxies, and the network that it belongs to."""

import functools
import ipaddress
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from starlette.types import Scope

from settings import value_types
from settings.loading import settings
from telemetry import logs

log = logs.logger()
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST_CHAIN = 100
LONGEST_HEADER = 4096  # characters from the right end, which the proxies wrote
SECONDS_BETWEEN_WARNINGS = 60.0
WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d{1,5})?|([^:]*):\d{1,5}", re.ASCII)
_PAIR = r"[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~:\[\]-]+|\"[^\"\\]*\")"
LAST_ELEMENT = re.compile(rf"(?:^|,)[ \t]*({_PAIR}(?:[ \t]*;[ \t]*{_PAIR})*)[ \t]*;?[ \t]*$", re.ASCII)
FOR = re.compile(r"(?:^|;)[ \t]*for=(\"[^\"]*\"|[^;]*)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class CallerInfo:
    """Where a request comes from. `scope` is the request's own, for code that reads its cookies."""

    ip: str
    user_agent: str
    scope: Scope | None = field(default=None, repr=False, compare=False)


def of_request(scope: Scope) -> str:
    """Return the client's IP address, resolved once for each request."""
    state = scope["state"]
    if "client_address" not in state:
        name = settings.forwarded_header.lower().encode()
        headers = [value.decode("latin-1") for header, value in scope["headers"] if header == name]
        state["client_address"] = resolve((scope["client"] or ("",))[0], headers)
    return str(state["client_address"])


def resolve(peer: str, headers: list[str]) -> str:
    """Return the socket's address or, behind trusted proxies, the right-most forwarded one that is not theirs.

    headers: the values of FORWARDED_HEADER, in the order in which they arrived.

    What stands further left was written by the client, and is not read. A header that does not parse up to there
    counts as absent. A Unix socket has no address, and is trusted if TRUSTED_PROXIES contains `unix`.
    """
    own = _address_or_none(peer)
    # Only a trusted proxy makes us read what may be a megabyte, and of that only the end, which proxies wrote.
    if not headers or not _is_trusted(own):
        return str(own or "")
    here = own
    try:
        for written in _from_the_right(",".join(headers)[-LONGEST_HEADER:]):
            here = _forwarded(written)
            if not _is_trusted(here):
                break
    except ValueError:
        _warn_of_unreadable()
        return str(own or "")
    return str(here or "")


def _from_the_right(header: str) -> Iterator[str]:
    """Yield the forwarded addresses as they are written, the nearest one first."""
    if settings.forwarded_header.lower() == "forwarded":
        return _of_rfc_7239(header)
    return (part for part in reversed(header.split(",")[-LONGEST_CHAIN:]) if part.strip(' \t"'))


def _of_rfc_7239(header: str) -> Iterator[str]:
    """Yield the `for` of each element of a Forwarded header, from its end.

    From its end, because a client can send a quotation mark that is never closed, and the elements of the proxies
    after it would belong to its text. Raises ValueError for an element that does not parse, or has no `for`.
    """
    while header.strip(" \t,"):
        element = LAST_ELEMENT.search(header)
        found = FOR.search(element[1]) if element else None
        if element is None or found is None:
            raise ValueError("an element without a readable `for`")
        yield found[1]
        header = header[: element.start()]


def _is_trusted(address: Address | None) -> bool:
    if address is None:
        return value_types.UNIX_SOCKET in settings.trusted_proxies
    return any(address in network for network in _networks(settings.trusted_proxies))


@functools.lru_cache(maxsize=16)
def _networks(written: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(network) for network in written if network != value_types.UNIX_SOCKET]


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


def _warn_of_unreadable() -> None:
    global _warned_at
    if time.monotonic() - _warned_at >= SECONDS_BETWEEN_WARNINGS:
        _warned_at = time.monotonic()
        log.warning(
            "a trusted proxy sent a header that does not parse; its own IP address counts as the client's",
            header=settings.forwarded_header,
        )


def network_of(ip: str) -> str:
    """Return the network that an IP address counts for: its /24 (IPv4) or /48 (IPv6)."""
    if not ip:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ipaddress.ip_address(ip).version == 4 else 48}", strict=False))
