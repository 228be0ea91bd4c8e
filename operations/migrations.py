"""Bring the database schema up to date at startup, under a lock, and tell which migrations are pending."""

from pathlib import Path
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import Connection, text

import database
from core import postgresql
from sessions import key_salt
from telemetry import logs

log = logs.logger()
SECONDS_TO_MIGRATE = 3600


MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate() -> None:
    """Bring the tables up to date. Any number of processes may do so at once: one does, the others wait for it."""
    with postgresql.patience(SECONDS_TO_MIGRATE):
        _upgrade()
    database.tables_are_present()


class SchemaState(NamedTuple):
    """Where the tables are.

    The newest migration that ran, and those that are still to run; or a newer release has been here.
    """

    now: str | None
    pending: list[str]
    newer: bool


def schema_state(connection: Connection) -> SchemaState:
    """Where the tables of a database are, seen from this release."""
    # Without alembic, which takes a tenth of a start that mostly finds nothing to do. The files' names begin with their
    # numbers.
    ours = sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))
    there = sqlalchemy.inspect(connection).has_table("alembic_version")
    now = connection.scalar(text("SELECT version_num FROM alembic_version")) if there else None
    newer = now is not None and now not in ours
    return SchemaState(now, [] if newer else ours[ours.index(now) + 1 :] if now else ours, newer)


def _upgrade() -> None:
    with database.engine.begin() as connection:  # on SQLite, BEGIN IMMEDIATE is the lock
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('credential-service migrations'))"))
        found = schema_state(connection)
        if found.newer:  # an upgrade is under way, or was taken back: both must serve
            log.warning("the tables are newer than this release, which leaves them as they are")
        elif found.pending:
            _run_migrations(connection)
        key_salt.load(connection)


def _run_migrations(connection: Connection) -> None:
    import alembic.command
    import alembic.config

    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")
