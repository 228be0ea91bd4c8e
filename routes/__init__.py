"""Define the HTTP routes: each takes a request, calls a service function and returns a schema.

Routes contain no business rules.
"""

import inspect
import threading
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.routing import Match, compile_path, get_name
from starlette.types import Scope

from core import thread_pools
from web import direct_routes

OF_PATH = ("path_regex", "path_format", "param_convertors")
_building = threading.RLock()


class Route(APIRoute):
    """Run a synchronous endpoint, with its dependencies, in a single thread of the request pool.

    Nothing is prepared at startup. The path is compiled when the first request is compared with it. The rest, such as
    the validators of the request and the response, is built by the first request that matches, or by the OpenAPI
    document. Most workers never serve most routes, and building them all would take a tenth of a second and several
    megabytes. A `response_model` may be a function that returns it.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        is_coroutine = inspect.iscoroutinefunction(endpoint)
        self.path = path
        self.endpoint = endpoint if is_coroutine else thread_pools.in_request_pool(endpoint)
        self.name = options.get("name") or get_name(endpoint)
        self.tags = options.get("tags") or []
        self.methods = {method.upper() for method in options.get("methods") or ["GET"]}
        self.include_in_schema = options.get("include_in_schema", True)
        self._options: dict[str, Any] | None = options
        self._begins = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request is for this route. Its expression is only tried if the path begins as it does."""
        if scope["path"].startswith(self._begins) or scope.get("root_path"):
            return super().matches(scope)
        return Match.NONE, {}

    def __getattr__(self, name: str) -> Any:
        """Build the route when an attribute is read that is not set yet. Raises AttributeError if it has none."""
        if name in OF_PATH:  # read to match a request, mostly that of another route
            self.path_regex, self.path_format, self.param_convertors = compile_path(self.path)
            return self.__dict__[name]
        with _building:
            options = self.__dict__.get("_options")
            if options is not None:
                self._options = None
                try:
                    if inspect.isfunction(model := options.get("response_model")):
                        options["response_model"] = model()
                    super().__init__(self.path, self.endpoint, **options)
                    self.app = direct_routes.application(self)
                except BaseException:
                    self._options = options  # so that each request names the cause, not a missing attribute
                    raise
        if name not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.__dict__[name]


def register_ids(name: str, *others: str) -> None:
    """Register a convertor for the ids in a path, such as `{factor_id:factor}`, which does not match these words.

    others: paths of capabilities. While one is disabled, its path is not found.
    """

    class Convertor(StringConvertor):
        regex = f"(?!(?:{'|'.join(others)})$)[^/]+"

    register_url_convertor(name, Convertor())


def router(**options: Any) -> APIRouter:
    """Return a router of `Route`s. `options` are passed to `APIRouter`."""
    return APIRouter(route_class=Route, generate_unique_id_function=_operation_id, **options)


def _operation_id(route: APIRoute) -> str:
    """Return the name of the operation in generated clients, such as `auth.signup`."""
    return f"{route.tags[0]}.{route.name}"
