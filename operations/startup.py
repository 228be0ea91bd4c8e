"""Prepare the database at startup: migrate it, then let each capability create the rows that it needs."""

import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy.exc

import database
import database_errors
from core import capability
from credentials import breached_passwords
from operations import appearance_checks, migrations
from settings.loading import STARTUP_FAILURE
from telemetry import logs

log = logs.logger()
SECONDS_BETWEEN_TRIES = 0.5


def require_files() -> None:
    """End the process with a line for each file of the operator that cannot be used."""
    if problems := [*appearance_checks.problems(), *breached_passwords.problems()]:
        for line in problems:
            log.error(line)
        sys.exit(STARTUP_FAILURE)


def prepare() -> None:
    """Bring the schema up to date and create what each capability needs, such as the superuser and signing keys.

    Several processes can do so concurrently. Raises UnusableDatabase if an administrator must act, and DBAPIError
    while the database is unavailable.
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
    """Return whether the service starts despite an error and prepares the database once it is available."""
    pool_timeout = isinstance(error, sqlalchemy.exc.TimeoutError)
    database_error = isinstance(error, sqlalchemy.exc.DBAPIError)
    return pool_timeout or (database_error and database_errors.meaning(error) == "unavailable")


class StartupThread(threading.Thread):
    """Prepare the database as soon as it is reachable. Until then the service responds 503 `unavailable`.

    If an administrator must act, the thread ends the process, as startup would have failed.
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
    """End the process with the exit status of a failed startup. Without tables, no request is in progress."""
    os._exit(STARTUP_FAILURE)


def without_traceback(send: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    """Omit the traceback of an unusable database from the server's log, which already contains its message."""

    async def sent(message: Any) -> None:
        if message["type"] == "lifespan.startup.failed" and "UnusableDatabase: " in message.get("message", ""):
            message = {**message, "message": ""}
        await send(message)

    return sent
