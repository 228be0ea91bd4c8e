"""Call the functions of a route without FastAPI's search for their parameters.

In each request, FastAPI looks for every kind of parameter of every dependency, which takes a tenth of the time of a
refresh. Here a route is examined once. Requests that are not in the usual form, such as those with an invalid body,
are left to FastAPI.
"""

import functools
import inspect
from collections.abc import Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from fastapi import Request, Response, params
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, serialize_response
from starlette.routing import request_response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPES = ("application/json", "application/json; charset=utf-8", "application/json;charset=utf-8")
STATUSES = (None, 200, 201, 202)  # of responses that have a body
WITHOUT_EFFECT = ("name", "path", "scope", "own_oauth_scopes", "parent_oauth_scopes")  # for the functions of a route


class _Function(NamedTuple):
    """A coroutine function, the name of its result, those of its parameters, and the values of those in the URL.

    ends: whether the function is a generator, whose rest runs at the end of the route.
    """

    call: Callable[..., Any]
    ends: bool
    name: str | None
    request: str | None
    response: str | None
    defaults: dict[str, Any]

    def arguments(self, request: Request, response: Response) -> dict[str, Any]:
        found = {**self.defaults}
        if self.request:
            found[self.request] = request
        if self.response:
            found[self.response] = response
        return found


class _Direct(NamedTuple):
    """A route that was examined.

    by_fastapi: FastAPI's application of the route.
    body: the field that validates the body, or None.
    status: of a response, if no function sets another one.
    """

    by_fastapi: ASGIApp
    body: Any
    dependencies: list[_Function]
    endpoint: _Function
    serialize: Callable[..., Any]
    status: int


def application(route: APIRoute) -> ASGIApp:
    """Return an application that calls the functions of a route, or FastAPI's if they take what is not known here."""
    whole, body, by_fastapi = route.dependant, route.body_field, route.app
    functions = [_function(each) for each in (*whole.dependencies, replace(whole, dependencies=[], body_params=[]))]
    known = [each for each in functions if each]
    share_results = len({each.call for each in whole.dependencies}) < len(whole.dependencies)
    has_other_body = whole.body_params != ([body] if body and type(body.field_info) is params.Body else [])
    has_own_response = route.status_code not in STATUSES or not isinstance(route.response_class, DefaultPlaceholder)
    if known != functions or share_results or has_other_body or has_own_response or route.response_field is None:
        return by_fastapi
    serialize = functools.partial(
        serialize_response,
        field=route.response_field,
        include=route.response_model_include,
        exclude=route.response_model_exclude,
        by_alias=route.response_model_by_alias,
        exclude_unset=route.response_model_exclude_unset,
        exclude_defaults=route.response_model_exclude_defaults,
        exclude_none=route.response_model_exclude_none,
        dump_json=True,
    )
    *dependencies, endpoint = known
    direct = _Direct(by_fastapi, body, dependencies, endpoint, serialize, route.status_code or 200)
    return request_response(functools.partial(_respond, direct))


async def _respond(route: _Direct, request: Request) -> Any:
    """Return the response to a request, or the application that responds to it."""
    if request.scope["query_string"] and any(each.defaults for each in (*route.dependencies, route.endpoint)):
        return route.by_fastapi
    values: dict[str, Any] = {}
    if route.body:
        value, errors = await _json(request, route.body)
        if errors:
            return _with_body(route.by_fastapi, await request.body())
        values[route.body.name] = value
    added = _without_headers()
    async with AsyncExitStack() as stack:
        for each in route.dependencies:
            called = each.call(**each.arguments(request, added))
            result = await (stack.enter_async_context(called) if each.ends else called)
            if each.name:
                values[each.name] = result
        content = await route.endpoint.call(**route.endpoint.arguments(request, added), **values)
        if isinstance(content, Response):
            return content
        body = await route.serialize(response_content=content)
    response = Response(body, added.status_code or route.status, media_type="application/json")
    response.raw_headers.extend(added.raw_headers)
    return response


def _function(dependant: Dependant) -> _Function | None:
    """Return a function that can be called directly, or None.

    The dependant is compared as a whole, so that nothing is ignored that a later version of FastAPI adds.
    """
    call: Any = dependant.call
    ignored: dict[str, Any] = dict.fromkeys((*WITHOUT_EFFECT, "call", "request_param_name", "response_param_name"))
    if replace(dependant, query_params=[], use_cache=True, **ignored) != Dependant():
        return None
    ends = inspect.isasyncgenfunction(call) and dependant.scope == "function"
    if not ends and not inspect.iscoroutinefunction(call if inspect.isroutine(call) else type(call).__call__):
        return None
    infos = {field.name: field.field_info for field in dependant.query_params}
    defaults = {name: info.default for name, info in infos.items() if not info.validate_default}
    if len(defaults) < len(infos) or not all(each is None or isinstance(each, str | int) for each in defaults.values()):
        return None
    taken = dependant.name, dependant.request_param_name, dependant.response_param_name
    return _Function(asynccontextmanager(call) if ends else call, ends, *taken, defaults)


def _without_headers() -> Any:
    """Return the response on which functions set headers and a status."""
    response: Any = Response()
    response.raw_headers.clear()
    response.status_code = None
    return response


async def _json(request: Request, field: Any) -> tuple[Any, Any]:
    """Return the value of a body, or errors."""
    if request.headers.get("content-type") not in MEDIA_TYPES or not await request.body():
        return None, True
    try:
        value = await request.json()
    except Exception:
        return None, True
    validated: tuple[Any, Any] = field.validate(value, {}, loc=("body",))
    return validated


def _with_body(app: ASGIApp, body: bytes) -> ASGIApp:
    """Return the application for a request whose body has been read."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def with_body(scope: Scope, receive: Receive, send: Send) -> None:
        async def replay() -> Message:
            return messages.pop() if messages else await receive()

        await app(scope, replay, send)

    return with_body
