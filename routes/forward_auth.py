"""Define /auth/verify, which reverse proxies ask about each request (forward authentication)."""

from typing import Annotated

from fastapi import Query, Request, Response

import errors
import routes
from operations import forward_auth
from schemas_service import ProxyRequirements
from web.openapi import documented

# All that uvicorn's parser knows: some proxies keep the method of the request that they ask about.
OTHER_METHODS = [
    "ACL", "BIND", "CHECKOUT", "CONNECT", "COPY", "DELETE", "HEAD", "LINK", "LOCK", "M-SEARCH", "MERGE", "MKACTIVITY",
    "MKCALENDAR", "MKCOL", "MOVE", "NOTIFY", "OPTIONS", "PATCH", "POST", "PROPFIND", "PROPPATCH", "PURGE", "PUT",
    "QUERY", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "TRACE", "UNBIND", "UNLINK", "UNLOCK", "UNSUBSCRIBE",
]  # fmt: skip
router = routes.router(tags=["auth"])
Needs = Annotated[ProxyRequirements, Query()]
HEADERS = {
    "X-User-Id": "The `user_id`.",
    "X-User-Email": "The email address.",
    "X-User-Name": "The display name.",
    "X-User-Roles": "The roles, separated by commas. Empty for an API key.",
    "X-User-Permissions": "The permissions, separated by commas; for an API key, those in its scopes.",
    "X-Auth-Acr": "`aal1` or `aal2`. Empty for an API key.",
}


@router.get(
    "/auth/verify",
    response_class=Response,
    openapi_extra={"security": [{"Bearer": []}]},
    responses={
        200: {
            "description": "The request is authenticated. Header values are percent-encoded UTF-8.",
            "headers": {name: {"description": text, "schema": {"type": "string"}} for name, text in HEADERS.items()},
            "content": {},
        },
        302: {"description": "With `login=redirect`: a browser has to log in."},
        **documented(
            errors.NotAuthenticated,
            errors.Forbidden,
            errors.InsufficientScope,
            errors.ReauthenticationRequired,
            errors.ValidationFailed,
        ),
    },
)
async def verify(request: Request, needs: Needs) -> Response:
    """Verify a request for a reverse proxy.

    For nginx `auth_request`, Caddy `forward_auth`, Traefik `forwardAuth` and Envoy `ext_authz`.
    Takes an access token, the access cookie or an API key, with any method. The headers of the response say who sends
    the request; each is always sent, so that a proxy overwrites what the client sent.
    """
    return await forward_auth.answer(request, needs)


@router.api_route("/auth/verify", methods=OTHER_METHODS, include_in_schema=False)
async def verify_any(request: Request, needs: Needs) -> Response:
    """Verify a request with another method."""
    return await forward_auth.answer(request, needs)


@router.api_route("/auth/verify/{path:path}", methods=["GET", *OTHER_METHODS], include_in_schema=False)
async def verify_path(request: Request) -> Response:
    """Verify a request as Envoy sends it: with the original path and query, which therefore decide nothing."""
    return await forward_auth.answer(request, ProxyRequirements(login=[forward_auth.REDIRECT]))
