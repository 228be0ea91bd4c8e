"""What can be seen of a running service: request ids, the headers of every answer, one log line a request.

What is logged, and how, is in `logs.py`.
"""

import asyncio
import re
import secrets
import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import errors
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
LARGEST_HEADERS, MOST_HEADERS = 64 * 1024, 100
LARGEST_BODY = 64 * 1024
SECONDS_FOR_BODY = 10.0
LARGEST_DRAIN = 16 * 1024 * 1024
SANE_REQUEST_ID = re.compile(r"[\w.:+/=@-]{8,128}", re.ASCII)
ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (
        b"permissions-policy",
        b"accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    ),
]
API_POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Nearly every answer holds a token or a person's data.
NO_STORE = (b"cache-control", b"no-store")
UNLESS_SAID = [(b"content-security-policy", API_POLICY), NO_STORE]
STRICT_TRANSPORT = [(b"strict-transport-security", b"max-age=31536000; includeSubDomains")]


class RequestContext:
    """The outermost step: a request id, the headers that every answer carries, one log line, and no exception past
    it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0
        scope["state"]["request_id"] = request_id = _request_id(scope)
        logs.begin(request_id)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = with_ours(message["headers"], request_id)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientGone:
            pass
        except Exception:
            log.exception("unhandled exception")
            if status == 0:
                await errors.response_for(errors.InternalError(), Request(scope))(scope, receive, send_with_headers)
        finally:
            seconds, route = time.perf_counter() - begun, getattr(scope.get("route"), "path", "none")
            metrics.count_request(scope["method"], route, status, seconds)
            logs.requests.info(
                "request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1)
            )
            logs.end()


def _request_id(scope: Scope) -> str:
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
    return given if SANE_REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


Headers = list[tuple[bytes, bytes]]


def with_ours(headers: Headers, request_id: str) -> Headers:
    """Return the headers of a response with those that every response has."""
    theirs = {name for name, _ in headers}
    if b"set-cookie" in theirs:  # whatever else was said: nobody may keep a cookie for another
        headers = [each for each in headers if each[0] != NO_STORE[0]]
        theirs.discard(NO_STORE[0])
    return [
        *headers,
        (b"x-request-id", request_id.encode()),
        *ALWAYS,
        *(each for each in UNLESS_SAID if each[0] not in theirs),
        *(STRICT_TRANSPORT if settings.production else ()),
    ]


class HeaderLimit:
    """Reject a request with more than 100 headers, or more than 64 KiB of them, before anything reads them."""

    def __init__(self, app: ASGIApp, handle: errors.Handler) -> None:
        self.app, self.handle = app, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_large_headers(scope["headers"]):
            await self.app(scope, receive, send)
            return
        response = await self.handle(Request({**scope, "headers": []}), errors.HeadersTooLarge())
        response.headers["Connection"] = "close"
        await response(scope, receive, send)


def _has_large_headers(headers: Headers) -> bool:
    return len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS


class BodyLimit:
    """Refuses a body above 64 KiB, one that takes too long, and one not in UTF-8, before anything parses it."""

    def __init__(self, app: ASGIApp, handle: errors.Handler) -> None:
        self.app, self.handle = app, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        try:
            body = await _accepted_body(scope, receive)
        except errors.ServiceError as refusal:
            response = await self.handle(Request(scope), refusal)
            if isinstance(refusal, errors.RequestTimeout):
                response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        once: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return once.pop() if once else await receive()

        await self.app(scope, replay, send)


class ClientGone(Exception):
    """The client hung up before it had sent its body."""


async def _accepted_body(scope: Scope, receive: Receive) -> bytes:
    """The body. Raises BodyTooLarge, RequestTimeout, MalformedRequest."""
    if any(int(value) > LARGEST_BODY for name, value in scope["headers"] if name == b"content-length"):
        raise errors.BodyTooLarge()  # from what it says of itself; uvicorn reads it on, and throws it away
    try:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            body = await _whole_body(receive)
    except TimeoutError:
        raise errors.RequestTimeout() from None
    if body is None:
        raise errors.BodyTooLarge()
    if not _is_utf8(body):
        raise errors.MalformedRequest()
    return body


async def _whole_body(receive: Receive) -> bytes | None:
    """The body, or None where it is too large. It is read on even then, so that the client hears the answer."""
    body, length, more = bytearray(), 0, True
    while more and length <= LARGEST_DRAIN:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone  # half a request must not be carried out
        chunk = message.get("body", b"")
        length += len(chunk)
        if length <= LARGEST_BODY:
            body += chunk
        more = message.get("more_body", False)
    return bytes(body) if length <= LARGEST_BODY else None


def _is_utf8(body: bytes) -> bool:
    # The JSON parser would guess UTF-16 and UTF-32 from their NULs (RFC 8259 allows neither).
    try:
        return "\0" not in body.decode()
    except UnicodeDecodeError:
        return False


VERSION_PREFIX = "/api/v1"


class CanonicalPath:
    """Serves every route under `/api/v1` too, and with a slash at its end.

    `scope["state"]["prefix"]` keeps the prefix that was used. The path changes in place: a redirect would follow the
    Host header, and lead a password to wherever that says.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            prefix = VERSION_PREFIX if path.startswith(f"{VERSION_PREFIX}/") else ""
            scope["path"] = path.removeprefix(prefix).rstrip("/") or "/"
            scope["state"]["prefix"] = prefix
        await self.app(scope, receive, send)
