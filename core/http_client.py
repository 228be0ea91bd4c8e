"""Send outgoing HTTP requests, with a deadline, a limit on the size of responses, and address checks.

All requests to other servers use this module. A URL that an administrator configures may point anywhere. A URL that a
user or client enters must be requested with `public_only`, so that it cannot reach the internal network (server-side
request forgery).
"""

import asyncio
import functools
import ipaddress
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpcore2
import httpx2

from core import name_resolution, thread_pools
from settings.loading import settings

T = TypeVar("T")

DEADLINE_SECONDS = 5
MAX_RESPONSE_BYTES = 1024 * 1024
# TimeoutError is an OSError; UnicodeError is raised for a host name with an empty label.
UNREACHABLE = (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError)
URL = re.compile(r"[!-~]+", re.ASCII)  # `urlsplit` removes line breaks, and NUL cannot be stored
HOST = re.compile(r"(?=.{1,253}$)[^.]{1,63}(\.[^.]{1,63})*\.?|[0-9a-f]*:[0-9a-f:.]*(%.+)?", re.ASCII)
# Networks that are not public, but that `ipaddress` calls global, in some or all versions of Python: metadata services,
# and addresses with an IPv4 address behind a local prefix.
NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "2001::/23"))
)
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class InvalidResponse(Exception):
    """An invalid response. The message is for the log, and contains no personal data."""


class NoResponse(Exception):
    """A server that cannot be reached, or does not respond in time. The message is for the log."""


class ForbiddenAddress(Exception):
    """A URL that must not be requested. The message says why, for the person who entered it."""


FAILURES = (NoResponse, InvalidResponse, ForbiddenAddress)  # what `request` raises


def within_deadline(work: Callable[..., Awaitable[T]], *arguments: Any) -> T:
    """Run a coroutine on the event loop for at most DEADLINE_SECONDS, while the calling thread waits for its result.

    Raises TimeoutError, and what the coroutine raises.

    Only the event loop can cancel at any point: a socket timeout would not stop a server that sends one byte a second.
    """

    async def run() -> T:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await work(*arguments)

    return thread_pools.run_on_loop(run)


async def send(
    method: str,
    url: str,
    *,
    seconds: float,
    public_only: bool = False,
    max_bytes: int = MAX_RESPONSE_BYTES,
    **contents: Any,
) -> httpx2.Response:
    """Send a single request, and return the response, whatever its status.

    seconds: the deadline.
    public_only: whether a user or client entered the URL, which is then checked as `require_allowed_url` does.
    max_bytes: the largest body of a response.
    contents: `headers`, `data` and so on, as in `httpx2.AsyncClient.request`.

    Raises NoResponse (also after the deadline), InvalidResponse, ForbiddenAddress.
    """
    if public_only:
        require_allowed_url(url)
    how = options(public_only=public_only, max_bytes=max_bytes)
    try:
        async with asyncio.timeout(seconds), httpx2.AsyncClient(**how) as client:
            return await client.request(method, url, **contents)
    except UNREACHABLE as error:
        raise NoResponse(type(error).__name__) from None


def request(method: str, url: str, *, seconds: float, **contents: Any) -> httpx2.Response:
    """Send a request as `send` does, while the calling thread waits.

    Raises NoResponse, InvalidResponse, ForbiddenAddress.
    """
    return thread_pools.run_on_loop(functools.partial(send, method, url, seconds=seconds, **contents))


def public_client() -> httpx2.AsyncClient:
    """Return a client for several requests to URLs that users or clients entered: see `send_unread`."""
    how = options(public_only=True, max_lookups=name_resolution.MAX_LOOKUPS_OF_DELIVERIES)
    return httpx2.AsyncClient(**how | {"event_hooks": {}})


async def send_unread(
    client: httpx2.AsyncClient, url: str, *, seconds: float, max_bytes: int, **contents: Any
) -> httpx2.Response:
    """Post to a URL that a user or client entered, and return the response, of which only the status is of interest.

    max_bytes: how much of the body is read at most, so that the connection can be used again. The rest is left unread.

    Raises NoResponse (also after the deadline), ForbiddenAddress.
    """
    require_allowed_url(url)
    try:
        async with asyncio.timeout(seconds), client.stream("POST", url, **contents) as response:
            size = 0
            async for chunk in response.aiter_raw():
                size += len(chunk)
                if size > max_bytes:
                    break
            return response
    except UNREACHABLE as error:
        raise NoResponse(type(error).__name__) from None


def options(
    *,
    public_only: bool = False,
    max_bytes: int = MAX_RESPONSE_BYTES,
    max_lookups: int = name_resolution.MAX_LOOKUPS,
) -> dict[str, Any]:
    """Return the arguments of an `httpx2.AsyncClient` that follows the rules of this module.

    Redirects are not followed, since a server could redirect to any address. The caller must set a deadline.
    """
    limits: dict[str, Any] = {
        "follow_redirects": False,
        "headers": {"Accept": "application/json", "Accept-Encoding": "identity"},
        "event_hooks": {"response": [functools.partial(_bound, max_bytes)]},
        "timeout": None,  # each caller sets a deadline; the default of httpx2 would end requests after 5 seconds
    }
    if public_only:
        # Without the proxy of the environment, which would resolve the name itself.
        return limits | {"trust_env": False, "transport": _PublicTransport(max_lookups, verify=_certificates())}
    return limits | {"verify": _certificates()}


@functools.cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()  # reading all certificates takes longer than a request


class _Bounded(httpx2.AsyncByteStream):
    """A body that is read up to a number of bytes."""

    def __init__(self, stream: httpx2.AsyncByteStream, max_bytes: int) -> None:
        self._stream, self._max_bytes = stream, max_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > self._max_bytes:
                raise InvalidResponse("a response is too large")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _bound(max_bytes: int, response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise InvalidResponse("a response is compressed, although an uncompressed one was requested")
    response.stream = _Bounded(response.stream, max_bytes)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------ address checks


def require_allowed_url(url: str) -> None:
    """Check a URL that a user or client entered, before it is stored or requested. Raises ForbiddenAddress.

    Outside development it must be https. The name of its host is resolved later, when the service connects.
    """
    try:
        parts = urlsplit(url if URL.fullmatch(url) else "//[")  # which raises ValueError, as an invalid port does
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ForbiddenAddress("must be a valid URL, without spaces and special characters") from None
    schemes = ("https",) if settings.production else ("https", "http")
    if parts.scheme not in schemes or not host:
        raise ForbiddenAddress(f"must start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    if not HOST.fullmatch(host):
        raise ForbiddenAddress("must be a valid URL, without spaces and special characters")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ForbiddenAddress("must not contain a user name, password or fragment")
    if _is_ip_address(host) and not _is_allowed(host):
        raise ForbiddenAddress("must not point to a private IP address")


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


class _PublicTransport(httpx2.AsyncHTTPTransport):
    """Connect to public addresses only."""

    def __init__(self, max_lookups: int, **options: Any) -> None:
        super().__init__(**options)
        pool: Any = self._pool
        pool._network_backend = _PublicBackend(pool._network_backend, max_lookups)


class _PublicBackend(httpcore2.AsyncNetworkBackend):
    """Resolve a name once, reject it unless all addresses are public, and connect to the checked address.

    Resolving the name again for the connection would allow DNS rebinding.
    """

    def __init__(self, backend: httpcore2.AsyncNetworkBackend, max_lookups: int) -> None:
        self._backend, self._max_lookups = backend, max_lookups

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        address = _public_address(await name_resolution.resolve(host, max_lookups=self._max_lookups))
        return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_arguments: Any, **_options: Any) -> httpcore2.AsyncNetworkStream:
        raise ForbiddenAddress("must not be a socket file")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


def _public_address(addresses: Sequence[str]) -> str:
    """Return the first of the addresses of a host. Raises ForbiddenAddress unless all are allowed."""
    if not addresses or not all(_is_allowed(address) for address in addresses):
        raise ForbiddenAddress("must not point to a private IP address")
    return addresses[0]


def _is_allowed(address: str) -> bool:
    return is_public(address) or _is_exempt(address)


def _is_exempt(address: str) -> bool:
    """Return whether WEBHOOK_ALLOWED_NETWORKS contains an address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in ipaddress.ip_network(network) for network in settings.webhook_allowed_networks)


def is_public(address: str) -> bool:
    """Return whether an IP address is public, including one that is embedded in an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if (embedded := ip.ipv4_mapped or _nat64(ip)) is not None:
            return is_public(str(embedded))
        if ip not in GLOBAL_UNICAST or (ip.sixtofour and not is_public(str(ip.sixtofour))):
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in NOT_PUBLIC)


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address behind the well-known NAT64 prefix (RFC 6052)."""
    return ipaddress.IPv4Address(ip.packed[-4:]) if ip in ipaddress.ip_network("64:ff9b::/96") else None
