"""Find the client's IP address behind trusted proxies, and the network that it belongs to."""

import functools
import ipaddress
import re
import time
from dataclasses import dataclass, field

from starlette.types import Scope

from settings import value_types
from settings.loading import settings
from telemetry import logs

log = logs.logger()
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST_CHAIN = 100
SECONDS_BETWEEN_COMPLAINTS = 60.0
WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d{1,5})?|([^:]*):\d{1,5}", re.ASCII)


@dataclass(frozen=True)
class CallerInfo:
    """From where a request comes. `scope` is the request's own, for whoever must look at its cookies."""

    ip: str
    user_agent: str
    scope: Scope | None = field(default=None, repr=False, compare=False)


def of_request(scope: Scope) -> str:
    """The client's address, looked for once a request."""
    state = scope["state"]
    if "client_address" not in state:
        forwarded_for = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        state["client_address"] = resolve((scope["client"] or ("",))[0], forwarded_for)
    return str(state["client_address"])


def resolve(peer: str, forwarded_for: list[str]) -> str:
    """The socket's address; behind trusted proxies the right-most forwarded one that is not theirs.

    What stands further left was written by the client, and is not looked at. A header that does not parse up to there
    counts as absent. A Unix socket has no address, and is trusted where TRUSTED_PROXIES names `unix`.
    """
    own = _address_or_none(peer)
    # Nobody but a proxy of ours makes us read what may be a megabyte, and of that only the end, which proxies wrote.
    if not forwarded_for or not _is_trusted(own):
        return str(own or "")
    here = own
    try:
        for part in reversed(",".join(forwarded_for).split(",")[-LONGEST_CHAIN:]):
            here = _forwarded(part)
            if not _is_trusted(here):
                break
    except ValueError:
        _tell_of_unreadable()
        return str(own or "")
    return str(here or "")


def _is_trusted(address: Address | None) -> bool:
    if address is None:
        return value_types.UNIX_SOCKET in settings.trusted_proxies
    return any(address in network for network in _networks(settings.trusted_proxies))


@functools.lru_cache(maxsize=16)
def _networks(written: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(network) for network in written if network != value_types.UNIX_SOCKET]


def _forwarded(part: str) -> Address:
    """The address in one part of the header, which a proxy may have written with a port, brackets or quotes."""
    text = part.strip().strip('"')
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


_told_at = -SECONDS_BETWEEN_COMPLAINTS


def _tell_of_unreadable() -> None:
    global _told_at
    if time.monotonic() - _told_at >= SECONDS_BETWEEN_COMPLAINTS:
        _told_at = time.monotonic()
        log.warning("a trusted proxy sent an X-Forwarded-For that does not parse; the proxy's own address counts")


def network_of(ip: str) -> str:
    """The network that an address counts for: its /24 (IPv4) or /48 (IPv6)."""
    if not ip:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ipaddress.ip_address(ip).version == 4 else 48}", strict=False))
