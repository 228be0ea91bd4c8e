"""Bring the database schema up to date at startup, under a lock."""

from sqlalchemy import Connection, text

import database
import database_errors
from core import postgresql
from operations import database_state
from sessions import key_salt
from telemetry import logs

log = logs.logger()
SECONDS_TO_MIGRATE = 3600
NO_RIGHT_TO_MIGRATE = "this database user cannot migrate: run `manage.py migrate` as the owner of the tables first"


def migrate() -> None:
    """Bring the schema up to date. If several processes start at once, one migrates and the others wait.

    Raises UnusableDatabase.
    """
    with postgresql.patience(SECONDS_TO_MIGRATE):
        _upgrade()
    database.tables_are_present()


def _upgrade() -> None:
    with database.engine.begin() as connection:  # on SQLite, BEGIN IMMEDIATE is the lock
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('credential-service migrations'))"))
        found = database_state.schema_state(connection)
        if reason := database_state.unusable(connection, found):
            raise database_errors.UnusableDatabase(reason)
        if found.newer:  # during a rolling upgrade or a rollback, both releases must serve
            log.warning("the tables are newer than this release, and are not changed")
        elif found.pending and not database_state.may_migrate(connection):
            raise database_errors.UnusableDatabase(NO_RIGHT_TO_MIGRATE)
        elif found.pending:
            _run_migrations(connection)
        key_salt.load(connection)


def _run_migrations(connection: Connection) -> None:
    import alembic.command
    import alembic.config

    config = alembic.config.Config()
    config.set_main_option("script_location", str(database_state.MIGRATIONS))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")
