"""Find the client's IP address behind trusted proxies, and the network that it belongs to."""

import functools
import ipaddress
from dataclasses import dataclass, field

from starlette.types import Scope

from settings.loading import settings

LONGEST_CHAIN = 100


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
    counts as absent.
    """
    if not forwarded_for:
        return _written(peer)
    try:
        here = own = _address(peer)
    except ValueError:
        return ""
    # Nobody but a proxy of ours makes us read what may be a megabyte, and of that only the end, which proxies wrote.
    if not _is_trusted(own):
        return str(own)
    try:
        for part in reversed(",".join(forwarded_for).split(",")[-LONGEST_CHAIN:]):
            here = _address(part)
            if not _is_trusted(here):
                break
    except ValueError:
        return str(own)
    return str(here)


def _is_trusted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in _networks(settings.trusted_proxies))


@functools.lru_cache(maxsize=16)
def _networks(written: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(network) for network in written]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return _parsed(text.strip().partition("%")[0])


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


@functools.lru_cache(maxsize=1024)
def _written(peer: str) -> str:
    try:
        return str(_address(peer))
    except ValueError:
        return ""


def network_of(ip: str) -> str:
    """The network that an address counts for: its /24 (IPv4) or /48 (IPv6)."""
    if not ip:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ipaddress.ip_address(ip).version == 4 else 48}", strict=False))
