"""The step that leads other names to our routes: the table is `routes/aliases.py`."""

import json
from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from legacy_api.legacy_routes import BALANCE_HUB, Body, Row, Sent
from settings.loading import settings


class LegacyRouteMiddleware:
    """Leads every other name to its route. `scope["state"]["prefix"]` keeps under which prefix it was called."""

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
            if match and (settings.legacy_get_actions or not row.alias.acts):
                await self._lead(row, match.groupdict(), scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _lead(self, row: Row, params: dict[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        alias = row.alias
        scope["path"], scope["method"] = row.path.format_map(params), row.method
        sent = Sent({}, Headers(scope=scope).get("origin", ""), scope["state"]["prefix"])
        if alias.body:
            query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
            sent = sent._replace(body=alias.body(query))
            receive = _with_body(scope, sent.body, receive)
        if alias.answer:
            send = _mapped(alias.answer, sent, send)
        await self.app(scope, receive, send)


def _with_body(scope: Scope, body: Body, receive: Receive) -> Receive:
    """The request as if it had been sent with this body, and with nothing that a browser adds to a link that is clicked
    on.
    """
    written = json.dumps(body).encode()
    ours = {b"content-type": b"application/json", b"content-length": str(len(written)).encode()}
    theirs = [header for header in scope["headers"] if header[0] not in {*ours, b"cookie"}]
    scope["headers"], scope["query_string"] = [*theirs, *ours.items()], b""
    once: list[Message] = [{"type": "http.request", "body": written, "more_body": False}]

    async def replay() -> Message:
        return once.pop() if once else await receive()

    return replay


def _mapped(answer: Callable[[Sent, Response], Response], sent: Sent, send: Send) -> Send:
    """Keep a good answer back until it is whole, and send what `answer` makes of it."""
    begun: list[Message] = []
    body = bytearray()

    async def hold(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            begun.append(message)
        elif not begun:
            await send(message)
        else:
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await _send_all(answer(sent, _response(begun[0], bytes(body))), send)

    return hold


def _response(begun: Message, body: bytes) -> Response:
    response = Response(body, begun["status"])
    response.raw_headers = [header for header in begun["headers"] if header[0] != b"content-length"]
    response.headers["content-length"] = str(len(body))
    return response


async def _send_all(response: Response, send: Send) -> None:
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body})
