"""Limit how long a request may take to arrive, and how many connections are open.

uvicorn waits without limit for the headers of a request, so a few hundred idle connections stop a worker ("Slowloris").
It has no option to prevent this, and an application that is started by `python -m uvicorn main:app` cannot configure
its protocol class. `install` therefore extends its two protocol classes, for h11 and httptools:

- headers and body must each arrive within ten seconds, counted from the first byte and not from the last;
- a request line and headers that are longer than `middleware.MAX_HEADER_BYTES` are not read completely;
- if too many connections are open, the connection that has waited longest for its client is closed;
- a request that is not HTTP gets the error format of the service;
- a request to change to another protocol is served without changing it (RFC 9110, 7.8). uvicorn would give the
  connection of a WebSocket to a class without these limits, and lose the body of a request for HTTP/2, which clients
  in Java send by default;
- the headers of a response are sent together with its body (`joined_writes.py`);
- if no connection waits for its client, some more connections are accepted, on which only `/health` is served.

`BodyLimit` in `middleware.py` responds with 408 to a slow body. Here the connection of an unread body is closed.
"""

import asyncio
import importlib
import json
import re
import resource
import secrets
import sys
import weakref
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

import errors
from web import error_responses, joined_writes, middleware

SECONDS_FOR_HEADERS = 10.0
SECONDS_FOR_UNREAD_BODY = middleware.SECONDS_FOR_BODY + 2
MAX_CONNECTIONS = 1000
SPARE_CONNECTIONS = 16  # additional connections for health checks
FILES_FOR_OTHERS = 100  # open files other than client connections: the database, Redis, the mail server, logs
PROTOCOLS = {"h11_impl": "H11Protocol", "httptools_impl": "HttpToolsProtocol"}
HEADERS, BODY = "headers", "body"
UPGRADE, END_OF_HEADERS = re.compile(rb"\nupgrade(?=:)", re.IGNORECASE), re.compile(rb"\n\r?\n")
_stopping: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()


def install() -> None:
    """Extend the protocol class that uvicorn has loaded before this application, or all available ones. Idempotent."""
    loaded = {module for module in PROTOCOLS if f"uvicorn.protocols.http.{module}" in sys.modules}
    for module in loaded or PROTOCOLS:
        name = PROTOCOLS[module]
        try:
            protocol = getattr(importlib.import_module(f"uvicorn.protocols.http.{module}"), name)
        except ImportError:  # httptools is optional
            continue
        if not hasattr(protocol, "waits_for"):
            _extend(protocol)


def is_stopping() -> bool:
    """Return whether the server of the running event loop is shutting down and waits for its requests."""
    return asyncio.get_running_loop() in _stopping


def max_connections(protocol: Any) -> int:
    """Return the maximum number of connections of this process, by its limit of open files and uvicorn's option."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = min(MAX_CONNECTIONS, files - FILES_FOR_OTHERS if files > 0 else MAX_CONNECTIONS)
    if protocol.limit_concurrency is not None:  # above it, uvicorn rejects all requests, including health checks
        limit = min(limit, protocol.limit_concurrency - SPARE_CONNECTIONS - 1)
    return max(1, limit)


def _extend(protocol: Any) -> None:
    original_made, original_received, original_lost = (
        protocol.connection_made,
        protocol.data_received,
        protocol.connection_lost,
    )
    original_complete, original_shutdown = protocol.on_response_complete, protocol.shutdown

    def connection_made(self: Any, transport: Any) -> None:
        original_made(self, transport)
        self.transport = joined_writes.JoinedTransport(transport)
        self.ws_protocol_class = None
        self.received_any = False
        self.deadline = None
        self.waits_for = None
        self.header_bytes = 0
        _enforce_limit(self)
        _wait(self, (HEADERS, None))

    def data_received(self: Any, data: bytes) -> None:
        self.received_any = True
        original_received(self, _without_upgrade(self, data))
        missing = _missing_part(self)
        if _has_too_many_headers(self, missing, data):
            _reject(self, errors.HeadersTooLarge())
        else:
            _wait(self, missing)

    def on_response_complete(self: Any) -> None:
        self.transport.flush()
        original_complete(self)
        _waiting(self)[self] = None

    def connection_lost(self: Any, error: Exception | None) -> None:
        _wait(self, None)
        _waiting(self).pop(self, None)
        original_lost(self, error)

    def shutdown(self: Any) -> None:
        _stopping.add(self.loop)
        original_shutdown(self)

    def send_400_response(self: Any, _message: str) -> None:
        error = errors.MalformedRequest()
        error.detail = "The request is not valid HTTP."
        _reject(self, error)

    protocol.shutdown, protocol.send_400_response = shutdown, send_400_response
    protocol._unsupported_upgrade_warning = lambda _self: None  # for each request, two lines that advise a library
    protocol.connection_made, protocol.data_received = connection_made, data_received
    protocol.on_response_complete, protocol.connection_lost = on_response_complete, connection_lost
    protocol.waits_for, protocol.part, protocol.tail = None, HEADERS, b""
    if hasattr(protocol, "on_headers_complete"):  # httptools reports what it has parsed; the state of h11 is read
        for callback, part in (
            ("on_message_begin", HEADERS),
            ("on_headers_complete", BODY),
            ("on_message_complete", None),
        ):
            setattr(protocol, callback, _recording(getattr(protocol, callback), part))


def _without_upgrade(self: Any, data: bytes) -> bytes:
    """Rename the `Upgrade` header of a request, after which httptools would not read the body.

    Only the headers of one request: `tail` is the end of what has arrived of them before.
    """
    if not hasattr(self, "parser") or self.part is BODY:
        return data
    before = self.tail if self.part is HEADERS else b""
    found = END_OF_HEADERS.search(before + data)
    end = found.end() - len(before) if found else len(data)
    self.tail = b"" if found else (before + data)[-2:]
    line = b"" if before and not before.endswith(b"\n") else b"\n"
    return UPGRADE.sub(b"\nIgnored", line + data[:end])[len(line) :] + data[end:]


def _recording(callback: Any, part: str | None) -> Any:
    def callback_with_part(self: Any) -> None:
        # A name that arrived in two parts, a request that came together with the one before, or CONNECT.
        if part is BODY and self.parser.should_upgrade():
            raise ValueError("the parser would lose the body")  # uvicorn sends a 400
        self.part = part
        callback(self)

    return callback_with_part


def _missing_part(self: Any) -> tuple[str, Any] | None:
    """Return the part of a request that has not arrived yet, with the request before it, or None."""
    part = {"IDLE": HEADERS, "SEND_BODY": BODY}.get(str(self.conn.their_state)) if hasattr(self, "conn") else self.part
    if part is None and self.cycle is not None and self.cycle.response_complete:
        part = HEADERS  # blank lines between two requests
    return (part, self.cycle) if part else None


def _has_too_many_headers(self: Any, missing: tuple[str, Any] | None, data: bytes) -> bool:
    """Count the bytes of headers that are not complete yet. `HeaderLimit` counts the headers of a complete request."""
    if missing is None or missing[0] != HEADERS:
        self.header_bytes = 0
        return False
    # What came before the first byte of these headers belongs to the request before.
    self.header_bytes += len(data) if missing == self.waits_for else 0
    return bool(self.header_bytes > middleware.MAX_HEADER_BYTES)


def _waiting(self: Any) -> dict[Any, None]:
    """Return the connections of this server that wait for their client, the longest first."""
    waiting: dict[Any, None] = self.server_state.__dict__.setdefault("waiting_connections", {})
    return waiting


def _wait(self: Any, missing: tuple[str, Any] | None) -> None:
    """Wait for the missing part until its deadline. Data that arrives in the meantime does not extend the deadline."""
    if missing == self.waits_for:
        return
    self.waits_for = missing
    if self.deadline is not None:
        self.deadline.cancel()
        self.deadline = None
    _waiting(self).pop(self, None)
    if missing:
        _waiting(self)[self] = None
        seconds = SECONDS_FOR_HEADERS if missing[0] == HEADERS else SECONDS_FOR_UNREAD_BODY
        self.deadline = self.loop.call_later(seconds, _close_late, self)


def _close_late(self: Any) -> None:
    if self.transport.is_closing() or self.waits_for is None:
        return
    is_processing = self.cycle is not None and not self.cycle.response_complete
    if self.waits_for[0] == HEADERS and is_processing:  # the next request started before the response to this one
        self.deadline = self.loop.call_later(SECONDS_FOR_HEADERS, _close_late, self)
        return
    if self.waits_for[0] == HEADERS and self.received_any:
        self.transport.write(_response(errors.RequestTimeout()))
    self.transport.close()


def _reject(self: Any, error: errors.ServiceError) -> None:
    """Close a connection, with a response unless one to an earlier request is being written."""
    if self.transport.is_closing():
        return
    cycle = self.cycle
    is_alone = not getattr(self, "pipeline", None)  # httptools: otherwise the cycle is that of a request that waits
    is_unanswered = cycle is not None and cycle.more_body and not cycle.response_started and is_alone
    if cycle is None or cycle.response_complete or is_unanswered:
        self.transport.write(_response(error))
    self.transport.close()


def _response(error: errors.ServiceError) -> bytes:
    """Return an error in the format of `error_responses.response_for`, before there is a request."""
    request_id = secrets.token_hex(16)
    title = HTTPStatus(error.status).phrase
    problem = {
        "type": f"urn:problem:{error.code}",
        "title": title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": request_id,
    }
    body = json.dumps(problem).encode()
    headers = [
        (b"content-type", errors.MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    first = f"HTTP/1.1 {error.status} {title}".encode()
    lines = [first, *(b": ".join(each) for each in middleware.with_standard_headers(headers, request_id))]
    return b"\r\n".join([*lines, b"", body])


def _enforce_limit(self: Any) -> None:
    limit = max_connections(self)
    if len(self.connections) <= limit:
        return
    oldest = next(iter(_waiting(self)), None)
    if oldest is not None:
        _waiting(self).pop(oldest)
        self.connections.discard(oldest)
        oldest.transport.abort()
    elif len(self.connections) > limit + SPARE_CONNECTIONS:
        self.connections.discard(self)
        self.transport.abort()
    else:
        self.app = _spare(self.app)


def _spare(app: Any) -> Any:
    async def spare_app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["is_spare"] = True
        await app(scope, receive, send)

    return spare_app


class SpareConnections:
    """Serve only `/health` on connections above the limit."""

    def __init__(self, app: ASGIApp, handle: error_responses.Handler) -> None:
        self.app, self.handle = app, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["state"].get("is_spare") or scope["path"] == "/health":
            await self.app(scope, receive, send)
            return
        response = await self.handle(Request(scope), errors.Overloaded())
        response.headers["Connection"] = "close"
        await response(scope, receive, send)
