"""HTTP in, one verb, a schema out. No route holds a rule."""

import inspect
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from core import thread_pools


class Route(APIRoute):
    """A route that runs in one thread from beginning to end."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        is_coroutine = inspect.iscoroutinefunction(endpoint)
        super().__init__(path, endpoint if is_coroutine else thread_pools.in_request_pool(endpoint), **options)


def router(**options: Any) -> APIRouter:
    return APIRouter(route_class=Route, generate_unique_id_function=_name_of, **options)


def _name_of(route: APIRoute) -> str:
    """The operation's name in generated clients, such as auth.signup."""
    return f"{route.tags[0]}.{route.name}"
