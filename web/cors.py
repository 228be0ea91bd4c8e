"""Let scripts of other origins send requests (CORS): those of CORS_ORIGINS, and to some paths those of any origin."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.middleware.cors import CORSMiddleware
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import errors
from web import error_responses, well_known

# An application in a browser gets its tokens here. It authenticates in the request, and cookies have no effect.
OPEN_PATHS = frozenset(
    {
        "/oauth2/token",
        "/oauth2/par",
        "/oauth2/userinfo",
        "/oauth2/revoke",
        "/oauth2/register",
        "/oauth2/device_authorization",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource",
        "/.well-known/jwks.json",
    }
)
# A proxy that keeps the method asks about a preflight request to an application. It must not be answered here as one to
# this service: the proxy would let it through, with the X-User-… headers of the client.
FORWARD_AUTH = re.compile(r"(?:/api/v1)?/auth/verify(?:/.*)?", re.DOTALL)
OPEN: dict[str, Any] = {
    "allow_origins": ["*"],
    "allow_methods": ["GET", "POST"],
    "expose_headers": ["DPoP-Nonce", "WWW-Authenticate", "X-Request-ID", "Retry-After"],
    "max_age": 600,
}


class Cors:
    """Answer preflight requests, and add the headers of CORS.

    is_open: whether OPEN_PATHS accept any origin.
    options: those of CORSMiddleware for all other paths. OPEN_PATHS accept the same headers.
    """

    def __init__(self, app: ASGIApp, is_open: bool, options: Mapping[str, Any]) -> None:
        self._app = app
        self._restricted = CORSMiddleware(app, **options)
        self._open = (
            CORSMiddleware(app, **OPEN, allow_headers=options["allow_headers"]) if is_open else self._restricted
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and FORWARD_AUTH.fullmatch(scope["path"]):
            await self._app(scope, receive, _varying(send))
        elif any(name == b"origin" for name, _ in scope["headers"]):
            is_open = well_known.canonical(scope["path"]) in OPEN_PATHS
            await _with_preflight_errors(self._open if is_open else self._restricted, scope)(scope, receive, send)
        else:
            # Without CORSMiddleware, which takes as long as all other middleware to add one header.
            await self._app(scope, receive, _varying(send))


def _with_preflight_errors(cors: CORSMiddleware, scope: Scope) -> ASGIApp:
    """Return the response to a preflight request that is refused, as a problem, or the middleware for all others."""
    if scope["method"] != "OPTIONS" or "access-control-request-method" not in (headers := Headers(scope=scope)):
        return cors
    refused = cors.preflight_response(headers)
    if refused.status_code < HTTPStatus.BAD_REQUEST:
        return cors
    error = errors.MalformedRequest()
    error.detail = _reason(bytes(refused.body).decode())
    error.headers = {"Vary": refused.headers.get("vary", "Origin")}
    return error_responses.response_for(error, Request(scope))


def _reason(refused: str) -> str:
    """Return what a developer must change, from the middleware's list of what it does not allow."""
    if "origin" in refused:
        return "A script of this origin may not send requests. CORS_ORIGINS lists the allowed origins."
    if "headers" in refused:
        return "A script may not send one of these headers. CORS_HEADERS lists headers that are allowed in addition."
    return "A script may not send requests with this method."


def _varying(send: Send) -> Send:
    """Return a send function that tells caches that the response depends on the Origin header."""

    async def send_varying(message: Message) -> None:
        if message["type"] == "http.response.start":
            others = [value for name, value in message["headers"] if name == b"vary"]
            kept = [each for each in message["headers"] if each[0] != b"vary"] if others else message["headers"]
            message["headers"] = [*kept, (b"vary", b", ".join([*others, b"Origin"]))]
        await send(message)

    return send_varying
