"""Define the HTTP routes: each takes a request, calls a service function and returns a schema.

Routes contain no business rules.
"""

import functools
import inspect
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, serialize_response
from starlette.routing import compile_path, get_name, request_response
from starlette.types import ASGIApp

from core import thread_pools

_building = threading.RLock()


class Route(APIRoute):
    """Run a synchronous endpoint, with its dependencies, in a single thread of the request pool.

    Only what matching needs is prepared at startup. The rest, such as the validators of the request and the response,
    is built when it is first read: by the first request, or by the OpenAPI document. Most workers never serve most
    routes, and building them all would take a tenth of a second and several megabytes. A `response_model` may be a
    function that returns it.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        is_coroutine = inspect.iscoroutinefunction(endpoint)
        self.path = path
        self.endpoint = endpoint if is_coroutine else thread_pools.in_request_pool(endpoint)
        self.name = options.get("name") or get_name(endpoint)
        self.tags = options.get("tags") or []
        self.methods = {method.upper() for method in options.get("methods") or ["GET"]}
        self.include_in_schema = options.get("include_in_schema", True)
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._options: dict[str, Any] | None = options

    def __getattr__(self, name: str) -> Any:
        """Build the route when an attribute is read that is not set yet. Raises AttributeError if it has none."""
        with _building:
            options = self.__dict__.get("_options")
            if options is not None:
                self._options = None
                try:
                    if inspect.isfunction(model := options.get("response_model")):
                        options["response_model"] = model()
                    super().__init__(self.path, self.endpoint, **options)
                    self.app = _direct(self) or self.app
                except BaseException:
                    self._options = options  # so that each request names the cause, not a missing attribute
                    raise
        if name not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.__dict__[name]


def _direct(route: APIRoute) -> ASGIApp | None:
    """Return an application that calls the functions of a route directly, or None if they take more than the request.

    FastAPI looks for every kind of parameter in each request, which takes a tenth of the time of a cheap one.
    """
    dependencies, parameter = route.dependant.dependencies, route.dependant.request_param_name
    takes_more = not all(map(_takes_request_only, (replace(route.dependant, dependencies=[]), *dependencies)))
    shares_results = len({each.call for each in dependencies}) < len(dependencies)
    has_own_response = route.status_code is not None or not isinstance(route.response_class, DefaultPlaceholder)
    if takes_more or shares_results or has_own_response or route.response_field is None:
        return None
    calls: list[tuple[Any, str | None, str | None]] = [
        (each.call, each.request_param_name, each.name) for each in dependencies
    ]
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

    async def respond(request: Request) -> Response:
        values: dict[str, Any] = {parameter: request} if parameter else {}
        for call, takes, name in calls:
            result = await (call(**{takes: request}) if takes else call())
            if name:
                values[name] = result
        content = await route.endpoint(**values)
        if isinstance(content, Response):
            return content
        return Response(await serialize(response_content=content), media_type="application/json")

    return request_response(respond)


def _takes_request_only(dependant: Dependant) -> bool:
    call: Any = dependant.call
    without_effect: dict[str, Any] = dict.fromkeys(
        ("name", "path", "scope", "own_oauth_scopes", "parent_oauth_scopes", "request_param_name", "call")
    )
    rest = replace(dependant, use_cache=True, **without_effect)
    # Compared as a whole, so that what a later FastAPI adds is not ignored.
    return rest == Dependant() and inspect.iscoroutinefunction(call if inspect.isroutine(call) else type(call).__call__)


def router(**options: Any) -> APIRouter:
    """Return a router of `Route`s. `options` are passed to `APIRouter`."""
    return APIRouter(route_class=Route, generate_unique_id_function=_operation_id, **options)


def _operation_id(route: APIRoute) -> str:
    """Return the name of the operation in generated clients, such as `auth.signup`."""
    return f"{route.tags[0]}.{route.name}"
