"""Prepare the database at startup: migrate, then let each capability create what it needs."""

import os
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy.exc

import database
import database_errors
from core import capability
from operations import migrations
from settings.loading import STARTUP_FAILURE
from telemetry import logs

log = logs.logger()
SECONDS_BETWEEN_TRIES = 0.5


def prepare() -> None:
    """Bring the schema up to date and create what each capability needs, such as the superuser and signing keys.

    Any number of processes may do so at once. Raises UnusableDatabase where only an administrator can help, and
    DBAPIError while the database cannot do its work.
    """
    try:
        migrations.migrate()
        with database.transaction() as db:
            for record in capability.installed():
                record.prepare(db)
    except sqlalchemy.exc.DBAPIError as error:
        if database_errors.is_permanent(error):
            advice = database_errors.advice(error) or "the database cannot be used"
            raise database_errors.UnusableDatabase(f"{advice} ({database_errors.line(error)})") from error
        raise


def is_outage(error: Exception) -> bool:
    """Whether the service starts in spite of an error, and prepares the database as soon as that is possible."""
    pool_timeout = isinstance(error, sqlalchemy.exc.TimeoutError)
    database_error = isinstance(error, sqlalchemy.exc.DBAPIError)
    return pool_timeout or (database_error and database_errors.meaning(error) == "unavailable")


class StartupThread(threading.Thread):
    """Prepares as soon as the database is in reach. Until then the service runs and answers 503 `unavailable`.

    A database that only an administrator can make usable ends the process, as it would have ended the start.
    """

    def __init__(self) -> None:
        super().__init__(name="startup", daemon=True)
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                prepare()
            except database_errors.UnusableDatabase as unusable:
                log.error(str(unusable))
                end_process()
                return
            except sqlalchemy.exc.SQLAlchemyError as error:
                log.warning("the database cannot be used; trying again", error=database_errors.line(error))
                self.stopping.wait(SECONDS_BETWEEN_TRIES)
                continue
            log.info("the database is there")
            return


def end_process() -> None:
    """End with the exit status of a start that failed. There are no tables, so no request has work to lose."""
    os._exit(STARTUP_FAILURE)


def without_traceback(send: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    """Keep the traceback of an unusable database out of the server's log: one line there says it all."""

    async def sent(message: Any) -> None:
        if message["type"] == "lifespan.startup.failed" and "UnusableDatabase: " in message.get("message", ""):
            message = {**message, "message": ""}
        await send(message)

    return sent
