"""Prepare the database at startup: migrate, then let each capability create what it needs."""

import threading

import sqlalchemy.exc

import database
from core import capability
from operations import migrations
from telemetry import logs

log = logs.logger()
SECONDS_BETWEEN_TRIES = 0.5


def prepare() -> None:
    """Bring the schema up to date and create what each capability needs, such as the superuser and signing keys.

    Any number of processes may do so at once. Raises OperationalError while the database is out of reach.
    """
    migrations.migrate()
    with database.transaction() as db:
        for record in capability.installed():
            record.prepare(db)


class StartupThread(threading.Thread):
    """Prepares as soon as the database is in reach. Until then the service runs and answers 503 `unavailable`."""

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
