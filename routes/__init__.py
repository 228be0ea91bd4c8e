"""Define the HTTP routes: each takes a request, calls a service function and returns a schema.

Routes contain no business rules.
"""

import inspect
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from core import thread_pools


class Route(APIRoute):
    """Run a synchronous endpoint, with its dependencies, in a single thread of the request pool."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        is_coroutine = inspect.iscoroutinefunction(endpoint)
        super().__init__(path, endpoint if is_coroutine else thread_pools.in_request_pool(endpoint), **options)


def router(**options: Any) -> APIRouter:
    """Return a router of `Route`s. `options` are passed to `APIRouter`."""
    return APIRouter(route_class=Route, generate_unique_id_function=_operation_id, **options)


def _operation_id(route: APIRoute) -> str:
    """Return the name of the operation in generated clients, such as `auth.signup`."""
    return f"{route.tags[0]}.{route.name}"
