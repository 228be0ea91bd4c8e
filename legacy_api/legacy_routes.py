"""Map the legacy routes of five earlier systems to canonical routes.

Each row of LEGACY_ROUTES contains the name of a canonical route; the service does not start if it is unknown. The
functions above the table convert requests and responses that differ. The rest of the service sees only canonical
routes.
"""

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import compile_path

import schemas
from settings.loading import settings
from web import cookies

BALANCE_HUB = "/balance_hub"

Body = dict[str, Any]


class LegacyRequest(NamedTuple):
    """The parts of a legacy request that the response may depend on."""

    body: Body
    origin: str
    prefix: str


# ------------------------------------------------------------------------------------------------------------- requests


def _token_and_email(query: Mapping[str, str]) -> Body:
    return _sent(query, "token", "email")


def _email(query: Mapping[str, str]) -> Body:
    return _sent(query, "email", "captcha_token")


def _token_and_generated_password(query: Mapping[str, str]) -> Body:
    """Return the body of a password reset with a random password that meets every policy."""
    password = f"Aa1-{secrets.token_urlsafe(max(18, settings.password_min_length))}"
    sent = _sent(query, "token_check_redis", "email")
    return {name.removesuffix("_check_redis"): value for name, value in sent.items()} | {"new_password": password}


def _sent(query: Mapping[str, str], *names: str) -> Body:
    return {name: query[name] for name in names if name in query}


# ------------------------------------------------------------------------------------------------------------ responses


def _with_password(request: LegacyRequest, response: Response) -> Response:
    message = json.loads(bytes(response.body))["message"]
    return Response(
        json.dumps({"new_password": request.body["new_password"], "message": message}), 200, _plain(response)
    )


def _with_cookies(request: LegacyRequest, response: Response) -> Response:
    """Also set the cookies for an allowed origin, whose scripts rely on them without requesting them."""
    if request.origin in settings.cors_origins:
        tokens = schemas.Tokens.model_validate_json(bytes(response.body))
        cookies.set_tokens(response, request.prefix, tokens)
    return response


def _plain(response: Response) -> dict[str, str]:
    return {"Content-Type": response.headers["content-type"]}


class LegacyRoute(NamedTuple):
    """A path of an earlier system, and its canonical route.

    build_body: builds the body from the query, if the legacy request has none.
    convert_response: converts a successful response.
    changes_state: whether it is a GET that changes something, such as a link in an email.
    query: the parameters that `build_body` reads, for the OpenAPI document.
    """

    dialect: str
    method: str
    path: str
    route: str
    build_body: Callable[[Mapping[str, str]], Body] | None = None
    convert_response: Callable[[LegacyRequest, Response], Response] | None = None
    changes_state: bool = False
    query: tuple[str, ...] = ()


LEGACY_ROUTES = [
    LegacyRoute("credentials", "POST", "/auth/reset-password-request", "auth.request_password_reset"),
    LegacyRoute("credentials", "POST", "/auth/reset-password-confirm", "auth.reset_password"),
    LegacyRoute("authentication", "POST", "/auth/register", "auth.signup"),
    LegacyRoute(
        "authentication",
        "GET",
        "/email/confirm-email",
        "auth.verify_email",
        _token_and_email,
        changes_state=True,
        query=("token", "email"),
    ),
    LegacyRoute("authentication", "PATCH", "/change/change-password", "auth.change_password"),
    LegacyRoute("authentication", "PATCH", "/change/change-email", "users.change_email"),
    LegacyRoute("authentication", "PATCH", "/change/change-username", "users.update_me"),
    LegacyRoute("authentication", "DELETE", "/change/delete-user", "users.delete_me"),
    LegacyRoute(
        "authentication",
        "POST",
        "/change/request-password-reset",
        "auth.request_password_reset",
        _email,
        query=("email", "captcha_token"),
    ),
    LegacyRoute(
        "authentication",
        "GET",
        "/change/reset-password",
        "auth.reset_password",
        _token_and_generated_password,
        _with_password,
        changes_state=True,
        query=("token_check_redis", "email"),
    ),
    LegacyRoute("authentication", "GET", "/users/get-current-user", "users.me"),
    LegacyRoute("authentication", "GET", "/users/get-user-by-id/{user_id}", "users.read"),
    LegacyRoute("authentication", "GET", "/users/get-all-users", "users.list_all"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/register", "auth.signup"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/verify-email", "auth.verify_email"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/resend-verification", "auth.resend_verification"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/login", "auth.login", convert_response=_with_cookies),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/logout", "auth.logout"),
    LegacyRoute("balance_hub", "PUT", f"{BALANCE_HUB}/auth/update-user", "users.update_me"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/password/forget", "auth.request_password_reset"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/password/reset", "auth.reset_password"),
]


class Row(NamedTuple):
    """A legacy route with the method and path of its canonical route."""

    alias: LegacyRoute
    pattern: re.Pattern[str]
    method: str
    path: str


def resolved(routers: Iterable[APIRouter], legacy_routes: Iterable[LegacyRoute] = LEGACY_ROUTES) -> list[Row]:
    """Return the enabled legacy routes with their canonical routes. Raises KeyError for an unknown route name."""
    routes = {
        f"{route.tags[0]}.{route.name}": route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    return [
        Row(alias, compile_path(alias.path)[0], min(routes[alias.route].methods or ()), routes[alias.route].path_format)
        for alias in legacy_routes
        if alias.dialect in settings.dialects
    ]


def documented(document: dict[str, Any], rows: list[Row]) -> dict[str, Any]:
    """Return the OpenAPI document with all legacy routes, as deprecated copies of their canonical routes."""
    for alias, _, method, path in rows:
        canonical = document["paths"][path][method.lower()]
        copy = canonical | {
            "tags": ["aliases"],
            "operationId": "aliases." + "_".join(re.findall(r"\w+", f"{alias.method.lower()} {alias.path}")),
            "description": f"Use `{method} {path}` instead. This legacy route does the same.",
            "deprecated": True,
        }
        if alias.build_body:
            copy.pop("requestBody")
            copy["parameters"] = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in alias.query]
        document["paths"].setdefault(alias.path, {})[alias.method.lower()] = copy
    return document
