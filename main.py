"""Wires the service, once: settings, steps around each request, routes, background mail.

Run it with: python -m uvicorn main:app --no-proxy-headers
"""

import gc

# What a start loads stays: looking for garbage in it meanwhile, again and again, would take an eighth of the start.
gc.disable()

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy.exc
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException

import access_tokens
import accounts
import database
import email_utils
import errors
import housekeeping
import logs
import observability
import openapi
import pages
import passwords
import rate_limits
import sentry
import tracing
from routes import admin, alias_step, aliases, auth, internal, oauth, oauth2, system, users
from settings import settings

log = logs.logger()
SECONDS_BETWEEN_TRIES = 0.5
ROUTERS = [
    auth.router,
    users.router,
    users.others,
    oauth.router,
    admin.router,
    oauth2.router,
    internal.router,
    system.router,
]
if settings.hosted_pages:
    from routes import pages as hosted_pages  # here: where there are none, a worker is faster and smaller

    ROUTERS.append(hosted_pages.router)
ALIASES = aliases.resolved(ROUTERS)
ROUTES: list[Any] = [route for router in ROUTERS for route in router.routes]
ASKED_MOST = ["/users/me", "/oauth2/introspect", "/auth/refresh", "/auth/login"]
VERSION = system.VERSION


def prepare() -> None:
    """Bring the tables up to date and make the superuser. Raises OperationalError while the database is out of reach."""
    database.migrate()
    with database.transaction() as db:
        accounts.ensure_superuser(db)
        access_tokens.ensure(db)


class Startup(threading.Thread):
    """Prepares as soon as the database is in reach. Until then the service lives and answers 503 `unavailable`."""

    def __init__(self) -> None:
        super().__init__(name="startup", daemon=True)
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                prepare()
            except sqlalchemy.exc.SQLAlchemyError as error:
                log.warning(
                    "the database cannot be used; trying again", error=str(getattr(error, "orig", error)).strip()
                )
                self.stopping.wait(SECONDS_BETWEEN_TRIES)
                continue
            log.info("the database is there")
            return


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    sentry.begin(VERSION)
    for warning in settings.warnings:
        log.warning(warning)
    if settings.production and not settings.smtp_host:
        log.warning("SMTP_HOST: is not set; mails wait in the outbox until it is")
    passwords.warm_up()
    startup, delivery = Startup(), email_utils.Delivery()
    try:
        prepare()
    except sqlalchemy.exc.OperationalError as error:
        log.error("DATABASE_URL: the database is out of reach; trying again", error=str(error.orig).strip())
        startup.start()
    if settings.deliver_mail and (settings.smtp_host or settings.development_mailbox):
        delivery.start()
    sweeping = housekeeping.Housekeeping()
    sweeping.start()
    yield
    startup.stopping.set()
    sweeping.stopping.set()
    if delivery.is_alive():
        delivery.stop()
    database.disconnect()
    tracing.end()
    sentry.end()


class Service(FastAPI):
    """FastAPI with our words in its document."""

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            document = openapi.described(super().openapi())
            # In the order in which people meet them, whatever is looked for first.
            order = [route.path for route in ROUTES]
            document["paths"] = dict(sorted(document["paths"].items(), key=lambda item: order.index(item[0])))
            self.openapi_schema = aliases.shown(document, ALIASES) if settings.show_aliases else document
        return self.openapi_schema


def _is_looked_for(route: Any) -> int:
    """After so many others: a route is found from the top."""
    return ASKED_MOST.index(route.path) if route.path in ASKED_MOST else len(ASKED_MOST)


def create_app() -> FastAPI:
    logs.set_up()
    answer: errors.Answer = pages.answer if settings.hosted_pages else errors.answer
    service = Service(
        title="Credential Management Service",
        version=VERSION,
        docs_url=None,
        redirect_slashes=False,
        redoc_url=None,
        lifespan=lifespan,
        telemetry=tracing.begin(),
        exception_handlers=dict.fromkeys(
            (
                errors.Refusal,
                HTTPException,
                RequestValidationError,
                sqlalchemy.exc.DBAPIError,
                sqlalchemy.exc.TimeoutError,
            ),
            answer,
        ),
    )
    # Not by include_router, which builds each route twice, and looks for it twice in each request.
    service.router.routes.extend(sorted(ROUTES, key=_is_looked_for))
    # The last one added is the outermost.
    service.add_middleware(observability.BodyCheck, answer=answer)
    service.add_middleware(rate_limits.Door, answer=answer)
    service.add_middleware(alias_step.Aliases, rows=ALIASES)
    service.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
        expose_headers=["X-Request-ID", "Retry-After", *rate_limits.FIELDS],
        max_age=600,
    )
    service.add_middleware(observability.Surroundings)
    return service


app = create_app()
gc.freeze()
gc.enable()
