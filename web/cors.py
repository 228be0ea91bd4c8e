"""Let scripts of other origins send requests (CORS): those of CORS_ORIGINS, and to some paths those of any origin."""

from collections.abc import Mapping
from typing import Any

from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from web import well_known

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
OPEN: dict[str, Any] = {
    "allow_origins": ["*"],
    "allow_methods": ["GET", "POST"],
    "allow_headers": ["Authorization", "Content-Type", "DPoP"],
    "expose_headers": ["DPoP-Nonce", "WWW-Authenticate", "X-Request-ID", "Retry-After"],
    "max_age": 600,
}


class Cors:
    """Answer preflight requests, and add the headers of CORS.

    is_open: whether OPEN_PATHS accept any origin.
    options: those of CORSMiddleware for all other paths.
    """

    def __init__(self, app: ASGIApp, is_open: bool, options: Mapping[str, Any]) -> None:
        self._restricted = CORSMiddleware(app, **options)
        self._open = CORSMiddleware(app, **OPEN) if is_open else self._restricted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen = (
            self._open
            if scope["type"] == "http" and well_known.canonical(scope["path"]) in OPEN_PATHS
            else self._restricted
        )
        await chosen(scope, receive, send)
