"""The engine, one transaction a request, and migrations at the start. SQLite and PostgreSQL behave alike from here up.

`Db` is the transaction of a request: verbs flush, only the end of the request commits, before the answer leaves.
`read` and `write` run one statement by themselves: nothing stays checked out, so slow work may follow.
"""

import select
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import alembic.command
import alembic.config
import psycopg2
import psycopg2.extensions
import sqlalchemy
from fastapi import Depends
from sqlalchemy import Connection, Engine, Executable, Row, event, exc, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

import errors
from settings import settings

SECONDS_TO_CONNECT = 2
SECONDS_TO_ANSWER = 5  # silence of a server that took a statement; a migration may take longer
SECONDS_FOR_A_FREE_CONNECTION = 2
SECONDS_IDLE_BEFORE_A_PING = 1.0
SECONDS_TO_WAIT_FOR_SQLITE = 15
SECONDS_TO_MIGRATE = 3600
MIGRATIONS = Path(__file__).parent / "migrations"

engine: Engine
_single: Engine  # the same pool, each statement a transaction of its own
_new_session: sessionmaker[Session]
_prepared = threading.Event()
_patience = threading.local()


class Base(DeclarativeBase):
    """The base of the tables in models.py; the names make constraints findable in a migration."""

    metadata = sqlalchemy.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def connect(url: str) -> None:
    """Point this process at a database. Opens no connection yet."""
    global engine, _single, _new_session
    sqlite = url.startswith("sqlite")
    arguments: dict[str, Any] = (
        {"check_same_thread": False, "timeout": SECONDS_TO_WAIT_FOR_SQLITE}
        if sqlite
        else {
            "tcp_user_timeout": SECONDS_TO_CONNECT * 1000,
            "application_name": "credential-service",
        }
    )
    # As many connections as threads and no overflow: the default pool throws its overflow away and connects anew under load.
    engine = sqlalchemy.create_engine(
        url,
        connect_args=arguments,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=SECONDS_FOR_A_FREE_CONNECTION,
        pool_use_lifo=True,
        hide_parameters=True,  # an error message must not carry what was sent into the log
    )
    _single = (
        engine.execution_options(single=True) if sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
    )
    _new_session = sessionmaker(engine, expire_on_commit=False)
    _prepared.clear()
    if sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    else:
        event.listen(engine, "checkin", _note_time)
        event.listen(engine, "checkout", _ping_the_idle)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late, see _begin_immediate
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # With a plain BEGIN, two that read and then write lose updates or fail at once instead of waiting.
    if not connection.get_execution_options().get("single"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _note_time(_connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _ping_the_idle(connection: Any, record: Any, _proxy: Any) -> None:
    # A connection that lay idle may have died with its server; a ping at each use would cost a round trip a request.
    if time.monotonic() - record.info.get("idle_since", time.monotonic()) > SECONDS_IDLE_BEFORE_A_PING:
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise exc.InvalidatePoolError() from None


def _wait_for_postgresql(connection: Any) -> None:
    """Give a server that has gone silent up, as one that has gone away: the driver by itself would wait for ever."""
    while (state := connection.poll()) != psycopg2.extensions.POLL_OK:
        connecting = connection.status == psycopg2.extensions.STATUS_SETUP
        seconds = getattr(_patience, "seconds", SECONDS_TO_CONNECT if connecting else SECONDS_TO_ANSWER)
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN if state == psycopg2.extensions.POLL_READ else select.POLLOUT)
        if not poll.poll(seconds * 1000):
            raise psycopg2.OperationalError("could not receive data from server: it gave no answer in time")


psycopg2.extensions.set_wait_callback(_wait_for_postgresql)


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: committed at the end, rolled back by any exception but a refusal that keeps its work."""
    _demand_prepared()
    with _new_session() as db:
        try:
            yield db
        except errors.Refusal as refusal:
            if refusal.keeps_work:
                db.commit()
            raise
        db.commit()


def get_db() -> Iterator[Session]:
    with transaction() as db:
        yield db


# scope="function": otherwise FastAPI commits after the answer has gone out, and a commit that fails meets a client that has its 200.
Db = Annotated[Session, Depends(get_db, scope="function")]


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
    """The first row of one statement, outside any transaction: one round trip, and no connection is held afterwards."""
    _demand_prepared()
    with _single.connect() as connection:
        return connection.execute(statement, values).first()


write = read  # one INSERT, UPDATE or DELETE … RETURNING, which commits by itself


def write_only(statement: Executable, values: Mapping[str, Any] | None = None) -> None:
    """The same for a statement that returns nothing."""
    _demand_prepared()
    with _single.connect() as connection:
        connection.execute(statement, values)


def read_all(statement: Executable, values: Mapping[str, Any] | None = None) -> list[Row[Any]]:
    _demand_prepared()
    with _single.connect() as connection:
        return list(connection.execute(statement, values).all())


def serialise(db: Session, what: str) -> None:
    """Until this transaction ends, nobody else who calls this with the same word goes on. (On SQLite, writers wait anyway.)"""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def is_in_reach() -> bool:
    """Whether the database answers and its tables are there."""
    try:
        return read(text("SELECT 1")) is not None
    except (errors.Unavailable, exc.DBAPIError, exc.TimeoutError):
        return False


def migrate() -> None:
    """Bring the tables up to date. Any number of processes may do so at once: one does, the others wait for it."""
    _patience.seconds = SECONDS_TO_MIGRATE
    try:
        _upgrade()
    finally:
        del _patience.seconds
    _prepared.set()


def _upgrade() -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:  # on SQLite, BEGIN IMMEDIATE is the lock
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('credential-service migrations'))"))
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")


def _demand_prepared() -> None:
    if not _prepared.is_set():
        raise errors.Unavailable()


connect(settings.database_url)
