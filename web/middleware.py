"""Provide request ids, standard response headers, request logs, body limits and path prefixes.

How events are logged is in `telemetry/logs.py`.
"""

import asyncio
import os
import random
import re
import time
from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import errors
from core import response_times, thread_pools
from credentials import one_time_tokens
from languages import reader
from settings.loading import settings
from telemetry import logs, metrics
from web import error_responses, service_tokens, well_known

log = logs.logger()
MAX_HEADER_BYTES, MAX_HEADERS = 64 * 1024, 100
MAX_BODY_BYTES = 64 * 1024
MAX_BATCH_BYTES = 448 * 1024  # a hundred tokens of the largest size, which another service introspects
SECONDS_FOR_BODY = 10.0
MAX_DRAIN_BYTES = 16 * 1024 * 1024
# Unique, but not secret: an id from the kernel would let other threads run first.
_ids = random.Random()  # noqa: S311
os.register_at_fork(after_in_child=_ids.seed)  # otherwise the workers of a preloaded application share their ids
VALID_REQUEST_ID = re.compile(r"[\w.:+/=@-]{1,128}", re.ASCII)
STANDARD_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (
        b"permissions-policy",
        b"accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    ),
]
API_POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Nearly every response contains a token or personal data.
NO_STORE = (b"cache-control", b"no-store")
DEFAULT_HEADERS = [(b"content-security-policy", API_POLICY), NO_STORE]
STRICT_TRANSPORT = [(b"strict-transport-security", b"max-age=31536000; includeSubDomains")]


class RequestContext:
    """Assign a request id, add the standard headers, log each request, and convert unhandled exceptions.

    The outermost middleware.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        scope["state"]["request_id"] = request_id = _request_id(scope)
        logs.begin(request_id)
        reader.begin(scope)
        # A pipelined request begins in the context of the previous one.
        one_time_tokens.keep_open_links.set(False)
        thread_pools.ending.set(None)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                if (seconds := response_times.seconds_left(scope["state"])) > 0:
                    await asyncio.sleep(seconds)
                status = message["status"]
                message["headers"] = with_standard_headers(message["headers"], request_id)
            try:
                await send(message)
            except RuntimeError as error:
                if "closed" in str(error):  # uvicorn does not tell a pipelined request that its client is gone
                    raise ClientGone from error
                raise

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientGone:
            pass
        except Exception as error:
            # The framework raises a RuntimeError from an error that occurs after the begin of the response.
            cause = error.__cause__ if status and isinstance(error, RuntimeError) else None
            found = error_responses.from_exception(cause if isinstance(cause, Exception) else error, Request(scope))
            if not isinstance(found, errors.InternalError):  # which is logged already
                log.warning("the response was cut off", error=type(found).__name__)
            if status == 0:
                await error_responses.response_for(errors.InternalError(), Request(scope))(
                    scope, receive, send_with_headers
                )
        finally:
            seconds, route = time.perf_counter() - started, getattr(scope.get("route"), "path_format", "none")
            metrics.count_request(scope["method"], route, status, seconds)
            logs.end(method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


def _request_id(scope: Scope) -> str:
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
    return given if VALID_REQUEST_ID.fullmatch(given) else f"{_ids.getrandbits(128):032x}"


Headers = list[tuple[bytes, bytes]]


def with_standard_headers(headers: Headers, request_id: str) -> Headers:
    """Return the headers of a response with those that all responses have."""
    names = {name for name, _ in headers}
    if b"set-cookie" in names:  # always: a cache must not store a cookie
        headers = [each for each in headers if each[0] != NO_STORE[0]]
        names.discard(NO_STORE[0])
    return [
        *headers,
        (b"x-request-id", request_id.encode()),
        *STANDARD_HEADERS,
        *(each for each in DEFAULT_HEADERS if each[0] not in names),
        *(STRICT_TRANSPORT if settings.production else ()),
    ]


class HeaderLimit:
    """Reject a request with more than 100 headers, or more than 64 KiB of them, before anything reads them."""

    def __init__(self, app: ASGIApp, handle: error_responses.Handler) -> None:
        self.app, self.handle = app, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_large_headers(scope["headers"]):
            await self.app(scope, receive, send)
            return
        response = await self.handle(Request({**scope, "headers": []}), errors.HeadersTooLarge())
        response.headers["Connection"] = "close"
        await response(scope, receive, send)


def _has_large_headers(headers: Headers) -> bool:
    return len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES


class BodyLimit:
    """Reject a body that is too large, arrives too slowly, or is not UTF-8, before it is parsed.

    uploads: the paths that accept a file, and the largest body of each. It is not kept in memory: the route reads it
        after it has identified the user.
    """

    def __init__(self, app: ASGIApp, handle: error_responses.Handler, uploads: Mapping[str, int]) -> None:
        self.app, self.handle, self.uploads = app, handle, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        if (largest := self.uploads.get(scope["path"])) is not None:
            await self.app(scope, _limited(receive, largest), send)
            return
        try:
            body = await _accepted_body(scope, receive, _largest_body(scope))
        except errors.ServiceError as error:
            response = await self.handle(Request(scope), error)
            if isinstance(error, errors.RequestTimeout):
                response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return messages.pop() if messages else await receive()

        await self.app(scope, replay, send)


def _limited(receive: Receive, largest: int) -> Receive:
    """Return `receive` for a body of a limited size, which must arrive in time. Raises BodyTooLarge, RequestTimeout."""
    length, deadline = 0, time.monotonic() + SECONDS_FOR_BODY

    async def receive_in_time() -> Message:
        nonlocal length
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                message = await receive()
        except TimeoutError:
            raise errors.RequestTimeout() from None
        length += len(message.get("body", b""))
        if length > largest:
            raise errors.BodyTooLarge(largest)
        return message

    return receive_in_time


class ClientGone(Exception):
    """The client disconnected before it had sent the whole body."""


def _largest_body(scope: Scope) -> int:
    is_batch = scope["path"] == "/internal/introspect" and service_tokens.is_sent(scope)
    return MAX_BATCH_BYTES if is_batch else MAX_BODY_BYTES


async def _accepted_body(scope: Scope, receive: Receive, largest: int) -> bytes:
    """Return the body. Raises BodyTooLarge, RequestTimeout, MalformedRequest."""
    if any(int(value) > largest for name, value in scope["headers"] if name == b"content-length"):
        raise errors.BodyTooLarge(largest)  # uvicorn reads and discards the body
    try:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            body = await _whole_body(receive, largest)
    except TimeoutError:
        raise errors.RequestTimeout() from None
    if body is None:
        raise errors.BodyTooLarge(largest)
    if not _is_utf8(body):
        raise errors.MalformedRequest()
    return body


async def _whole_body(receive: Receive, largest: int) -> bytes | None:
    """Return the body, or None if it is too large. It is read anyway, so that the client receives the response."""
    body, length, more = bytearray(), 0, True
    while more and length <= MAX_DRAIN_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone  # an incomplete request must not be processed
        chunk = message.get("body", b"")
        length += len(chunk)
        if length <= largest:
            body += chunk
        more = message.get("more_body", False)
    return bytes(body) if length <= largest else None


def _is_utf8(body: bytes) -> bool:
    # The JSON parser would guess UTF-16 and UTF-32 from their NULs (RFC 8259 allows neither).
    try:
        return "\0" not in body.decode()
    except UnicodeDecodeError:
        return False


VERSION_PREFIX = "/api/v1"


class CanonicalPath:
    """Serve every route below `/api/v1` too, and with a trailing slash.

    `scope["state"]["prefix"]` is the prefix of the request. The path is rewritten instead of redirected: a redirect
    would follow the Host header, which could send a password to another host.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            prefix = VERSION_PREFIX if path.startswith(f"{VERSION_PREFIX}/") else ""
            scope["path"] = well_known.canonical(path.removeprefix(prefix).rstrip("/") or "/")
            scope["state"]["prefix"] = prefix
        await self.app(scope, receive, send)
