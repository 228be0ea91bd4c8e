"""Rewrite requests of legacy routes to canonical routes. The table is in `legacy_api/legacy_routes.py`."""

import functools
import json
from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from legacy_api.legacy_routes import BALANCE_HUB, Body, LegacyRequest, Row
from settings.loading import settings
from web import cookies


class LegacyRouteMiddleware:
    """Rewrite legacy requests to canonical routes. `scope["state"]["prefix"]` is the prefix of the request."""

    def __init__(self, app: ASGIApp, rows: list[Row]) -> None:
        self.app, self.rows = app, rows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith(f"{BALANCE_HUB}/"):
            scope["state"]["prefix"] += BALANCE_HUB
        for row in self.rows:
            match = row.pattern.match(scope["path"]) if row.alias.method == scope["method"] else None
            if match and _is_enabled(row):
                await self._rewrite(row, match.groupdict(), scope, receive, send)
                return
        scope["state"]["legacy_methods"] = functools.partial(self._methods, scope["path"])
        await self.app(scope, receive, send)

    def _methods(self, path: str) -> set[str]:
        return {row.alias.method for row in self.rows if _is_enabled(row) and row.pattern.match(path)}

    async def _rewrite(self, row: Row, params: dict[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        alias = row.alias
        scope["path"], scope["method"] = row.path.format_map(params), row.method
        request = LegacyRequest({}, Headers(scope=scope).get("origin", ""), scope["state"]["prefix"])
        if alias.build_body:
            query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
            request = request._replace(body=alias.build_body(query))
            receive = _with_body(scope, request.body, receive, keeps_session=alias.changes_state)
        if alias.convert_response:
            send = _mapped(alias.convert_response, request, send)
        await self.app(scope, receive, send)


def _is_enabled(row: Row) -> bool:
    return settings.legacy_get_actions or not row.alias.changes_state


def _with_body(scope: Scope, body: Body, receive: Receive, *, keeps_session: bool) -> Receive:
    """Return a receive function for a request with this body.

    keeps_session: whether the access token in a cookie is moved to the Authorization header. The click on a link has no
        `Origin`, which a request with cookies needs, but the session in which an email address is verified goes on.
    """
    content = json.dumps(body).encode()
    own_headers = {b"content-type": b"application/json", b"content-length": str(len(content)).encode()}
    token = cookies.access_token(Request(scope)) if keeps_session else None
    if token and b"authorization" not in dict(scope["headers"]):
        own_headers[b"authorization"] = b"Bearer " + token.encode()
    other_headers = [header for header in scope["headers"] if header[0] not in {*own_headers, b"cookie"}]
    scope["headers"], scope["query_string"] = [*other_headers, *own_headers.items()], b""
    messages: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


def _mapped(
    convert_response: Callable[[LegacyRequest, Response], Response], request: LegacyRequest, send: Send
) -> Send:
    """Return a send function that buffers a successful response and sends what `convert_response` returns for it."""
    started: list[Message] = []
    body = bytearray()

    async def buffer(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            started.append(message)
        elif not started:
            await send(message)
        else:
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await _send_all(convert_response(request, _response(started[0], bytes(body))), send)

    return buffer


def _response(started: Message, body: bytes) -> Response:
    response = Response(body, started["status"])
    response.raw_headers = [header for header in started["headers"] if header[0] != b"content-length"]
    response.headers["content-length"] = str(len(body))
    return response


async def _send_all(response: Response, send: Send) -> None:
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body})
