"""Assemble the service: routes and middleware of all enabled capabilities, and the background threads.

Run it with: python -m uvicorn main:app --no-proxy-headers
"""

import gc

# Objects that are loaded at startup are never freed, and garbage collection would take an eighth of the startup time.
gc.disable()

from core import library_imports

library_imports.prepare()

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy.exc
import sqlalchemy.orm
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

import database
import database_errors
import errors
from core import capability
from credentials import passwords
from delivery import worker
from operations import banner, cleanup, startup
from settings.loading import settings
from settings.version import VERSION
from telemetry import logs, sentry, tracing
from web import connections, cors, error_pages, error_responses, middleware, openapi, rate_limits

log = logs.logger()
CAPABILITIES = capability.enabled()
ROUTERS: list[Any] = [router for each in CAPABILITIES for router in capability.routers(each)]
ROUTES: list[Any] = [route for router in ROUTERS for route in router.routes]
MATCHED_FIRST = [
    "/users/me",
    "/oauth2/introspect",
    "/auth/refresh",
    "/oauth2/token",
    "/auth/login",
    "/auth/verify",
    "/internal/introspect",
    "/oauth2/userinfo",
]
CORS_REQUEST_HEADERS = ["Authorization", "Content-Type", "DPoP", "X-API-Key", "X-Request-ID"]
HANDLED = (
    errors.ServiceError,
    HTTPException,
    RequestValidationError,
    sqlalchemy.exc.DBAPIError,
    sqlalchemy.exc.TimeoutError,
)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Prepare the database, run the background threads, and stop them at shutdown."""
    sentry.begin(VERSION)
    tracing.start()
    for warning in settings.warnings:
        log.warning(warning)
    preparing, cleaning = startup.StartupThread(), cleanup.CleanupThread()
    deliveries = [worker for each in CAPABILITIES for worker in each.workers()] if settings.deliver_mail else []
    try:
        startup.prepare()
    except database_errors.UnusableDatabase as unusable:
        log.error(str(unusable))
        raise
    except sqlalchemy.exc.SQLAlchemyError as error:
        if not startup.is_outage(error):
            raise
        reason = database_errors.advice(error) or "the database cannot be used yet"
        log.error(f"DATABASE_URL: {reason}; trying again", error=database_errors.line(error))
        preparing.start()

    def bound() -> None:
        try:
            for thread in (*deliveries, cleaning):
                thread.start()
        except RuntimeError:  # without them, no email would be sent
            log.exception("the background threads cannot start")
            startup.end_process()
        passwords.warm_up()
        banner.show()

    loop = asyncio.get_running_loop()
    is_bound_at = loop.time() + banner.SECONDS_TO_BIND
    starting = loop.call_at(is_bound_at, bound)  # the background work would compete with the first requests
    yield
    if loop.time() < is_bound_at:
        log.warning("the server ended at once; if its port is in use, choose another one: PORT=8001")
    starting.cancel()
    preparing.stopping.set()
    cleaning.stop()
    worker.stop_all(deliveries)
    database.disconnect()
    tracing.end()
    sentry.end()


class Service(FastAPI):
    """FastAPI with an OpenAPI document that documents every error and example."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await super().__call__(scope, receive, startup.without_traceback(send) if scope["type"] == "lifespan" else send)

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            document = openapi.complete(super().openapi())
            # In the order of the routers, not in the order of matching.
            order = [route.path_format for route in ROUTES]
            document["paths"] = dict(sorted(document["paths"].items(), key=lambda item: order.index(item[0])))
            for each in CAPABILITIES:
                document = each.describe(document, ROUTERS) if each.describe else document
            self.openapi_schema = document
        return self.openapi_schema


def _position(route: Any) -> int:
    """Return the position of a route: the most requested routes are matched first."""
    return MATCHED_FIRST.index(route.path) if route.path in MATCHED_FIRST else len(MATCHED_FIRST)


def create_app() -> FastAPI:
    """Return the application with everything that the enabled capabilities declare."""
    logs.set_up()
    startup.require_files()
    connections.install()
    handlers = [each.error_handler() for each in CAPABILITIES if each.error_handler]
    handle: error_responses.Handler = handlers[-1] if handlers else error_pages.handle
    service = Service(
        title="Credential Management Service",
        version=VERSION,
        docs_url=None,
        redirect_slashes=False,
        redoc_url=None,
        lifespan=lifespan,
        telemetry=tracing.begin(),
        exception_handlers=dict.fromkeys(HANDLED, handle),
    )
    # Not with include_router, which builds each route twice and matches it twice in each request.
    service.router.routes[:] = sorted([*service.router.routes, *ROUTES], key=_position)
    # The middleware that is added last is the outermost.
    uploads = {path: size for each in CAPABILITIES for path, size in each.uploads.items()}
    service.add_middleware(middleware.BodyLimit, handle=handle, uploads=uploads)
    service.add_middleware(rate_limits.RateLimitMiddleware, handle=handle)
    for added in (added for each in CAPABILITIES for added in each.middleware(ROUTERS)):
        service.add_middleware(added.cls, *added.args, **added.kwargs)
    service.add_middleware(middleware.CanonicalPath)
    allowed = {
        "allow_origins": list(settings.cors_origins),
        "allow_credentials": True,
        "allow_methods": ["GET", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": [*CORS_REQUEST_HEADERS, *settings.cors_headers],
        "expose_headers": ["DPoP-Nonce", "WWW-Authenticate", "X-Request-ID", "Retry-After", *rate_limits.FIELDS],
        "max_age": 600,
    }
    service.add_middleware(cors.Cors, is_open=settings.oidc_provider, options=allowed)
    service.add_middleware(connections.SpareConnections, handle=handle)
    service.add_middleware(middleware.HeaderLimit, handle=handle)
    service.add_middleware(middleware.RequestContext)
    return service


app = create_app()
sqlalchemy.orm.configure_mappers()  # otherwise the first query does, in each worker
gc.freeze()
gc.enable()
