"""Other names for our routes.

Five earlier systems, a version prefix, a slash at the end. The rest of the service sees the canonical route alone.

A row of ALIASES names a route of ours; a name that no route has stops the start. What a row sends or answers in another
form is mapped by one of the small functions above the table.
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


class Sent(NamedTuple):
    """What a client of an alias sent, as far as an answer may depend on it."""

    body: Body
    origin: str
    prefix: str


# --------------------------------------------------------------------------------------------------------- what is sent


def _token(query: Mapping[str, str]) -> Body:
    return {"token": query.get("token")}


def _email(query: Mapping[str, str]) -> Body:
    return {"email": query.get("email")}


def _token_and_a_generated_password(query: Mapping[str, str]) -> Body:
    """A password that meets every rule that can be set, and that nobody can guess."""
    password = f"Aa1-{secrets.token_urlsafe(max(18, settings.password_min_length))}"
    return {"token": query.get("token_check_redis"), "new_password": password}


# ----------------------------------------------------------------------------------------------------- what is answered


def _show_the_password(sent: Sent, response: Response) -> Response:
    message = json.loads(bytes(response.body))["message"]
    return Response(json.dumps({"new_password": sent.body["new_password"], "message": message}), 200, _plain(response))


def _give_cookies_too(sent: Sent, response: Response) -> Response:
    """To a page of ours, whose scripts never ask for them and rely on them all the same."""
    if sent.origin in settings.cors_origins:
        answer = schemas.Tokens.model_validate_json(bytes(response.body))
        cookies.set_tokens(response, sent.prefix, answer)
    return response


def _plain(response: Response) -> dict[str, str]:
    return {"Content-Type": response.headers["content-type"]}


class LegacyRoute(NamedTuple):
    """A path of an earlier system, and the route of ours that it means.

    `body` makes the body out of the query, where they sent none; `answer` changes a good answer. `acts`: a GET that
    changes something, as only that system's links do.
    """

    dialect: str
    method: str
    path: str
    route: str
    body: Callable[[Mapping[str, str]], Body] | None = None
    answer: Callable[[Sent, Response], Response] | None = None
    acts: bool = False
    query: tuple[str, ...] = ()  # what `body` looks at, for the OpenAPI document


LEGACY_ROUTES = [
    LegacyRoute("credentials", "POST", "/auth/reset-password-request", "auth.request_password_reset"),
    LegacyRoute("credentials", "POST", "/auth/reset-password-confirm", "auth.reset_password"),
    LegacyRoute("authentication", "POST", "/auth/register", "auth.signup"),
    LegacyRoute(
        "authentication",
        "GET",
        "/email/confirm-email",
        "auth.verify_email",
        _token,
        acts=True,
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
        query=("email",),
    ),
    LegacyRoute(
        "authentication",
        "GET",
        "/change/reset-password",
        "auth.reset_password",
        _token_and_a_generated_password,
        _show_the_password,
        acts=True,
        query=("token_check_redis", "email"),
    ),
    LegacyRoute("authentication", "GET", "/users/get-current-user", "users.me"),
    LegacyRoute("authentication", "GET", "/users/get-user-by-id/{user_id}", "users.read"),
    LegacyRoute("authentication", "GET", "/users/get-all-users", "users.list_all"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/register", "auth.signup"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/verify-email", "auth.verify_email"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/resend-verification", "auth.resend_verification"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/login", "auth.login", answer=_give_cookies_too),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/logout", "auth.logout"),
    LegacyRoute("balance_hub", "PUT", f"{BALANCE_HUB}/auth/update-user", "users.update_me"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/password/forget", "auth.request_password_reset"),
    LegacyRoute("balance_hub", "POST", f"{BALANCE_HUB}/auth/password/reset", "auth.reset_password"),
]


class Row(NamedTuple):
    """An alias with the method and the path of its route."""

    alias: LegacyRoute
    pattern: re.Pattern[str]
    method: str
    path: str


def resolved(routers: Iterable[APIRouter], aliases: Iterable[LegacyRoute] = LEGACY_ROUTES) -> list[Row]:
    """Each alias with the route that it names, such as `auth.signup`. Raises KeyError for a name that no route has."""
    routes = {
        f"{route.tags[0]}.{route.name}": route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    return [
        Row(alias, compile_path(alias.path)[0], min(routes[alias.route].methods or ()), routes[alias.route].path)
        for alias in aliases
        if alias.dialect in settings.dialects
    ]


def documented(document: dict[str, Any], rows: list[Row]) -> dict[str, Any]:
    """The OpenAPI document with every alias in it, as a deprecated copy of what it means."""
    for alias, _, method, path in rows:
        meant = document["paths"][path][method.lower()]
        copy = meant | {
            "tags": ["aliases"],
            "operationId": "aliases." + "_".join(re.findall(r"\w+", f"{alias.method.lower()} {alias.path}")),
            "description": f"Another name for `{method} {path}`.",
            "deprecated": True,
        }
        if alias.body:
            copy.pop("requestBody")
            copy["parameters"] = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in alias.query]
        document["paths"].setdefault(alias.path, {})[alias.method.lower()] = copy
    return document
