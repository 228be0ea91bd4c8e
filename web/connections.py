"""Bound how long a request may take to arrive, and how many connections are open.

uvicorn waits without end for the headers of a request, so a few hundred idle sockets stop a worker ("Slowloris"). It
has no option against that, and its protocol class cannot be chosen in an application that is started by
`python -m uvicorn main:app`. So `install` extends its two protocol classes, h11's and httptools', in this one place:

- headers and body must arrive within ten seconds each, counted from the first moment and not from the last byte;
- a request line and headers that are longer than `middleware.LARGEST_HEADERS` are not read to their end;
- where too many connections are open, a new one closes the one that has kept us waiting for longest;
- where none waits, since all are being answered, some more are let in, of which only `/health` is served.

`BodyLimit` in `middleware.py` answers 408 to a slow body. Here the connection of one that was never read is closed.
"""

import importlib
import json
import resource
import secrets
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

import errors
from web import middleware

SECONDS_FOR_HEADERS = 10.0
SECONDS_FOR_UNREAD_BODY = middleware.SECONDS_FOR_BODY + 2
MOST_CONNECTIONS = 1000
SPARE_CONNECTIONS = 16  # beyond these, for health checks
FILES_FOR_OTHERS = 100  # that a process has open beside its connections: the database, Redis, the mail server, logs
PROTOCOLS = {"h11_impl": "H11Protocol", "httptools_impl": "HttpToolsProtocol"}
HEADERS, BODY = "headers", "body"


def install() -> None:
    """Extend the protocol classes of uvicorn that are there. Any number of times."""
    for module, name in PROTOCOLS.items():
        try:
            protocol = getattr(importlib.import_module(f"uvicorn.protocols.http.{module}"), name)
        except ImportError:  # httptools is optional
            continue
        if not hasattr(protocol, "waits_for"):
            _extend(protocol)


def most_connections(protocol: Any) -> int:
    """Return how many connections this process may have, by its limit for open files and uvicorn's own option."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(MOST_CONNECTIONS, files - FILES_FOR_OTHERS if files > 0 else MOST_CONNECTIONS)
    if protocol.limit_concurrency is not None:  # beyond it uvicorn refuses everything, health checks too
        most = min(most, protocol.limit_concurrency - SPARE_CONNECTIONS - 1)
    return max(1, most)


def _extend(protocol: Any) -> None:
    made, received, lost = protocol.connection_made, protocol.data_received, protocol.connection_lost
    answered = protocol.on_response_complete

    def connection_made(self: Any, transport: Any) -> None:
        made(self, transport)
        self.received_any = False
        self.deadline = None
        self.waits_for = None
        self.header_bytes = 0
        _make_room(self)
        _wait(self, (HEADERS, None))

    def data_received(self: Any, data: bytes) -> None:
        self.received_any = True
        received(self, data)
        missing = _what_is_missing(self)
        if _has_too_many_headers(self, missing, data):
            _reject(self, errors.HeadersTooLarge())
        else:
            _wait(self, missing)

    def on_response_complete(self: Any) -> None:
        answered(self)
        _waiting(self)[self] = None

    def connection_lost(self: Any, error: Exception | None) -> None:
        _wait(self, None)
        _waiting(self).pop(self, None)
        lost(self, error)

    protocol.connection_made, protocol.data_received = connection_made, data_received
    protocol.on_response_complete, protocol.connection_lost = on_response_complete, connection_lost
    protocol.waits_for, protocol.part = None, HEADERS
    if hasattr(protocol, "on_headers_complete"):  # httptools tells what it has read; h11 is asked
        for callback, part in (
            ("on_message_begin", HEADERS),
            ("on_headers_complete", BODY),
            ("on_message_complete", None),
        ):
            setattr(protocol, callback, _noting(getattr(protocol, callback), part))


def _noting(callback: Any, part: str | None) -> Any:
    def noted(self: Any) -> None:
        self.part = part
        callback(self)

    return noted


def _what_is_missing(self: Any) -> tuple[str, Any] | None:
    """The part of a request that has not arrived yet, and the request before it; None where nothing is missing."""
    part = {"IDLE": HEADERS, "SEND_BODY": BODY}.get(str(self.conn.their_state)) if hasattr(self, "conn") else self.part
    if part is None and self.cycle is not None and self.cycle.response_complete:
        part = HEADERS  # blank lines between two requests
    return (part, self.cycle) if part else None


def _has_too_many_headers(self: Any, missing: tuple[str, Any] | None, data: bytes) -> bool:
    """Count the bytes of headers that are not complete yet. `HeaderLimit` counts those of a complete request."""
    if missing is None or missing[0] != HEADERS:
        self.header_bytes = 0
        return False
    # What came before the first byte of these headers belongs to the request before.
    self.header_bytes += len(data) if missing == self.waits_for else 0
    return bool(self.header_bytes > middleware.LARGEST_HEADERS)


def _waiting(self: Any) -> dict[Any, None]:
    """The connections of this server that nobody is at work for: the one that has waited for longest comes first."""
    waiting: dict[Any, None] = self.server_state.__dict__.setdefault("waiting_connections", {})
    return waiting


def _wait(self: Any, missing: tuple[str, Any] | None) -> None:
    """Wait for what is missing until its deadline, which what comes meanwhile does not move."""
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
        self.deadline = self.loop.call_later(seconds, _give_up, self)


def _give_up(self: Any) -> None:
    if self.transport.is_closing() or self.waits_for is None:
        return
    is_at_work = self.cycle is not None and not self.cycle.response_complete
    if self.waits_for[0] == HEADERS and is_at_work:  # the next request began before this one was answered
        self.deadline = self.loop.call_later(SECONDS_FOR_HEADERS, _give_up, self)
        return
    if self.waits_for[0] == HEADERS and self.received_any:
        self.transport.write(_response(errors.RequestTimeout()))
    self.transport.close()


def _reject(self: Any, refusal: errors.ServiceError) -> None:
    """Close a connection, with a response unless one to an earlier request is being written."""
    if self.transport.is_closing():
        return
    if self.cycle is None or self.cycle.response_complete:
        self.transport.write(_response(refusal))
    self.transport.close()


def _response(refusal: errors.ServiceError) -> bytes:
    """Return an error as `errors.response_for` writes it, for a request that does not exist yet."""
    request_id = secrets.token_hex(16)
    title = HTTPStatus(refusal.status).phrase
    problem = {
        "type": f"urn:problem:{refusal.code}",
        "title": title,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "request_id": request_id,
    }
    body = json.dumps(problem).encode()
    own = [
        (b"content-type", errors.MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    first = f"HTTP/1.1 {refusal.status} {title}".encode()
    lines = [first, *(b": ".join(each) for each in middleware.with_ours(own, request_id))]
    return b"\r\n".join([*lines, b"", body])


def _make_room(self: Any) -> None:
    most = most_connections(self)
    if len(self.connections) <= most:
        return
    longest = next(iter(_waiting(self)), None)
    if longest is not None:
        _waiting(self).pop(longest)
        self.connections.discard(longest)
        longest.transport.abort()
    elif len(self.connections) > most + SPARE_CONNECTIONS:
        self.connections.discard(self)
        self.transport.abort()
    else:
        self.app = _spare(self.app)


def _spare(app: Any) -> Any:
    async def marked(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["is_spare"] = True
        await app(scope, receive, send)

    return marked


class SpareConnections:
    """Serve nothing but `/health` on a connection beyond those that are allowed."""

    def __init__(self, app: ASGIApp, handle: errors.Handler) -> None:
        self.app, self.handle = app, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["state"].get("is_spare") or scope["path"] == "/health":
            await self.app(scope, receive, send)
            return
        response = await self.handle(Request(scope), errors.Overloaded())
        response.headers["Connection"] = "close"
        await response(scope, receive, send)
