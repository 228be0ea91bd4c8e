"""The capability record of the legacy routes, which DIALECTS enables."""

from collections.abc import Sequence
from typing import Any

from core.capability import Capability
from settings import groups
from settings.loading import settings


def _middleware(routers: Sequence[Any]) -> list[Any]:
    from starlette.middleware import Middleware

    from legacy_api import legacy_routes
    from legacy_api.middleware import LegacyRouteMiddleware

    return [Middleware(LegacyRouteMiddleware, rows=legacy_routes.resolved(routers))]


def _describe(document: dict[str, Any], routers: Sequence[Any]) -> dict[str, Any]:
    from legacy_api import legacy_routes

    return legacy_routes.documented(document, legacy_routes.resolved(routers)) if settings.show_aliases else document


CAPABILITY = Capability(
    name="legacy_api",
    enabled=lambda settings: bool(settings.dialects),
    settings=(groups.LegacyApiSettings,),
    middleware=_middleware,
    describe=_describe,
)
