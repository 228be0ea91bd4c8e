"""Check the settings, the database, Redis and the mail server before the service starts, and change nothing.

`manage.py check` prints each finding as one line.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

import database
import database_errors
import models
from core import rate_limit_counters, signing
from credentials import breached_passwords
from delivery import smtp
from models import Mail, User, UserRole
from operations import appearance_checks, database_state
from operations.migrations import NO_RIGHT_TO_MIGRATE
from sessions import key_salt
from sessions.models import SigningKey
from settings.loading import settings

CLOCK_SKEW_SECONDS = 5


SET_ON_THE_DATABASE = text(
    "SELECT max(reset_val) FILTER (WHERE name = 'default_transaction_isolation'),"
    " max(reset_val) FILTER (WHERE name = 'session_replication_role') FROM pg_settings"
)
# Without those that PostgreSQL keeps for superusers, and for one of its roles since version 16.
USABLE_CONNECTIONS = text(
    "SELECT sum(CASE name WHEN 'max_connections' THEN 1 ELSE -1 END * setting::int) FROM pg_settings"
    " WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')"
)


class Finding(NamedTuple):
    """One line of the report.

    grade: `wrong` if it prevents logins or email delivery, `note` for information, or `ok`.
    """

    grade: Literal["ok", "note", "wrong"]
    what: str
    said: str


def run() -> Iterator[Finding]:
    """Run every check, in the order in which startup uses each part."""
    kind = "production" if settings.production else "development"
    yield Finding("ok", "settings", f"good for {kind}")
    for warning in settings.warnings:
        yield Finding("note", "settings", warning)
    for problem in appearance_checks.problems():
        yield Finding("wrong", "appearance", problem)
    for problem in breached_passwords.problems():
        yield Finding("wrong", "breached passwords", problem)
    try:
        yield from _database()
    except SQLAlchemyError as error:
        what = "cannot be used" if database_errors.is_permanent(error) else "out of reach"
        yield Finding("wrong", "database", f"{what}: {database_errors.driver_error(error)}".strip())
    yield _redis()
    yield _mail_server()


def _database() -> Iterator[Finding]:
    if database.engine.dialect.name == "sqlite" and not (file := Path(str(database.engine.url.database))).exists():
        yield _of_a_new_file(file)
        return
    with database.engine.connect().execution_options(single=True) as connection:
        yield from _of_the_database(connection)


def _of_a_new_file(file: Path) -> Finding:
    folder = file.absolute().parent
    if not folder.is_dir():
        return Finding("wrong", "database", f"DATABASE_URL: {folder} is not a directory; create it")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding("wrong", "database", f"DATABASE_URL: this user may not create files in {folder}")
    return Finding("note", "database", "the SQLite file does not exist yet; the service creates it at startup")


def _of_the_database(connection: Connection) -> Iterator[Finding]:
    yield Finding("ok", "database", f"{connection.dialect.name} {_version(connection)}")
    schema = database_state.schema_state(connection)
    if reason := database_state.unusable(connection, schema):
        yield Finding("wrong", "database", reason)
        return
    yield _tables(schema)
    state = database_state.problem()
    if not schema.pending and state not in (database_state.OK, database_state.STARTING):
        yield Finding("wrong", "database", state)
        return
    if connection.dialect.name == "postgresql":
        yield from _of_postgresql(connection, schema)
    if inspect(connection).has_table("signing_keys") and not schema.pending:
        yield from _contents(connection)


def _version(connection: Connection) -> str:
    return ".".join(str(part) for part in connection.dialect.server_version_info or ())


def _tables(schema: database_state.SchemaState) -> Finding:
    if schema.newer:
        return Finding(
            "note", "tables", f"newer than this release ({schema.now}): the service runs, but does not migrate"
        )
    if schema.pending:
        return Finding("note", "tables", f"the service will migrate at startup: {', '.join(schema.pending)}")
    return Finding("ok", "tables", f"up to date ({schema.now})")


def _of_postgresql(connection: Connection, schema: database_state.SchemaState) -> Iterator[Finding]:
    if schema.pending and not database_state.may_migrate(connection):
        yield Finding("wrong", "rights", NO_RIGHT_TO_MIGRATE)
    if not schema.pending:
        for table in database_state.sequences_behind(connection):
            yield Finding("wrong", "sequences", database_errors.sequence_advice(table))
    isolation, replication = connection.execute(SET_ON_THE_DATABASE).one()
    if isolation != "read committed":
        said = f"is {isolation}: connections override it; behind PgBouncer, change it with ALTER DATABASE"
        yield Finding("note", "isolation", said)
    if replication != "origin":
        yield Finding("wrong", "triggers", f"session_replication_role is {replication}: triggers do not run")
    allowed = int(connection.scalar(USABLE_CONNECTIONS) or 0)
    each = settings.database_pool_size + 1
    workers = f"PostgreSQL allows {allowed}: enough for {allowed // each} workers at {each} each"
    yield Finding("ok" if allowed > each else "wrong", "connections", workers)
    theirs: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    apart = abs((models.now() - theirs).total_seconds())
    if apart > CLOCK_SKEW_SECONDS:
        advice = "synchronize both with NTP, or correct tokens and authenticator codes are rejected"
        yield Finding("wrong", "clock", f"{apart:.0f} seconds apart from the clock of the database: {advice}")


def _contents(connection: Connection) -> Iterator[Finding]:
    key_salt.read(connection)
    sealed = connection.scalars(select(SigningKey.private_key).where(SigningKey.signs_until.is_(None))).all()
    if any(signing.reseal("signing_keys", key) is None for key in sealed):
        yield Finding(
            "wrong",
            "JWT_SECRET",
            "did not encrypt the signing keys in the database: at startup, the service would replace them",
        )
    superusers = select(func.count()).select_from(User).join(UserRole, UserRole.account_id == User.id)
    number = connection.scalar(superusers.where(UserRole.role == "superuser", User.is_active))
    advice = (
        f"the service creates {settings.superuser_email} at startup"
        if settings.makes_superuser
        else "create one with `manage.py create-superuser`"
    )
    said = f"{number} active" if number else f"none is active: {advice}"
    yield Finding("ok" if number else "note", "superusers", said)
    given_up = connection.scalar(select(func.count()).select_from(Mail).where(Mail.gave_up_at.is_not(None)))
    if given_up:
        failed = "1 email" if given_up == 1 else f"{given_up} emails"
        yield Finding(
            "note", "outbox", f"{failed} could not be delivered: see `manage.py failed-emails` or the console"
        )


def _redis() -> Finding:
    if not settings.redis_url:
        return Finding("note", "redis", "not set: each worker counts requests separately")
    if rate_limit_counters.is_reachable():
        return Finding("ok", "redis", "reachable")
    return Finding("wrong", "redis", "unreachable or not writable: each worker would count requests separately")


def _mail_server() -> Finding:
    where: Any = f"{settings.smtp_host}:{settings.smtp_port}"
    if not settings.smtp_host:
        said = "not set: emails wait in the outbox" if settings.production else "not set: emails go to /dev/mailbox"
        return Finding("note", "mail server", said)
    problem = smtp.connection_problem()
    return Finding("wrong", "mail server", f"{where}: {problem}") if problem else Finding("ok", "mail server", where)
