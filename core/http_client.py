"""The one outgoing HTTP client: with a deadline, a limit on the size of responses, and address checks.

Every request to another server goes through here. A URL that an administrator configures may point anywhere; a URL that
a user or a client enters must be requested with `public_only`, so that it cannot reach the network that the service
runs in (server-side request forgery).
"""

import asyncio
import functools
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, TypeVar

import httpcore2
import httpx2

from core import thread_pools

T = TypeVar("T")

DEADLINE_SECONDS = 5
LARGEST_RESPONSE = 1024 * 1024  # bytes


class InvalidResponse(Exception):
    """A response that is not as it should be. Its text is for the log, and names nobody."""


class ForbiddenAddress(Exception):
    """The URL leads to an address that is not on the public internet."""


def within_deadline(work: Callable[..., Awaitable[T]], *arguments: Any) -> T:
    """Run a coroutine on the event loop and return its result; the calling thread waits. Raises TimeoutError.

    Only the loop can stop at any point: a server may send one byte a second, and no socket timeout would end that.
    """

    async def run() -> T:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await work(*arguments)

    return thread_pools.run_on_loop(run)


def options(*, public_only: bool = False) -> dict[str, Any]:
    """Return the arguments of an `httpx2.AsyncClient` that keeps the rules of this module.

    Redirects are not followed: a server that redirects us could send us anywhere.
    """
    limits: dict[str, Any] = {
        "follow_redirects": False,
        "headers": {"Accept": "application/json", "Accept-Encoding": "identity"},
        "event_hooks": {"response": [_bound]},
    }
    if public_only:
        # No proxy of the environment either: it would resolve the name itself.
        return limits | {"trust_env": False, "transport": _PublicTransport(verify=_certificates())}
    return limits | {"verify": _certificates()}


@functools.cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()  # reading all certificates takes longer than a request


class _Bounded(httpx2.AsyncByteStream):
    """A body that is read up to `LARGEST_RESPONSE`."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > LARGEST_RESPONSE:
                raise InvalidResponse("a response is too large")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _bound(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise InvalidResponse("a response is compressed, though we asked for an uncompressed one")
    response.stream = _Bounded(response.stream)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------ address checks


class _PublicTransport(httpx2.AsyncHTTPTransport):
    """Connects to public addresses only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        pool: Any = self._pool
        pool._network_backend = _PublicBackend(pool._network_backend)


class _PublicBackend(httpcore2.AsyncNetworkBackend):
    """Resolves a name once, refuses it unless every address is public, and connects to the address that it checked.

    Connecting to the checked address, and not to the name again, leaves no time for the name to point elsewhere
    (DNS rebinding).
    """

    def __init__(self, backend: httpcore2.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        address = await _public_address(host, port)
        return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_arguments: Any, **_options: Any) -> httpcore2.AsyncNetworkStream:
        raise ForbiddenAddress("a socket file")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


async def _public_address(host: str, port: int) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise ForbiddenAddress(host)
    return addresses[0]


def is_public(address: str) -> bool:
    """Return whether an IP address is on the public internet, also where it is written inside an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inside and not inside.is_global:
            return False
    return ip.is_global and not ip.is_multicast


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address behind the well-known NAT64 prefix (RFC 6052)."""
    return ipaddress.IPv4Address(ip.packed[-4:]) if ip in ipaddress.ip_network("64:ff9b::/96") else None
