"""The engine, one transaction a request, and migrations at the start. SQLite and PostgreSQL behave alike from here up.

`Db` is the transaction of a request: verbs flush, only the end of the request commits, before the answer leaves.
`read` and `write` run one statement by themselves: nothing stays checked out, so slow work may follow.
"""

import importlib
import os
import select
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Annotated, Any

import psycopg2
import psycopg2.extensions
import sqlalchemy
from fastapi import Depends
from sqlalchemy import Connection, Engine, Executable, PoolProxiedConnection, Row, event, exc, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

import errors
from core.thread_pools import ThreadPool
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
SECONDS_TO_CONNECT = 2
SECONDS_TO_ANSWER = 5  # silence of a server that took a statement; a migration may take longer
SECONDS_TO_PING = 1
SECONDS_A_SILENCE_COUNTS = 1
SECONDS_FOR_A_FREE_CONNECTION = 3
SECONDS_IDLE_BEFORE_A_PING = 1.0
SECONDS_TO_WAIT_FOR_SQLITE = 15
SQLITE_OPTIONS: dict[str, Any] = {"check_same_thread": False, "timeout": SECONDS_TO_WAIT_FOR_SQLITE}
POSTGRESQL_OPTIONS: dict[str, Any] = {
    "tcp_user_timeout": SECONDS_TO_CONNECT * 1000,
    "application_name": "credential-service",
}
SILENCE = (
    "could not receive data from server: it gave no answer in time"  # words by which SQLAlchemy knows a disconnect
)

engine: Engine
_probe: Engine
_single: Engine  # the same pool, each statement a transaction of its own
_new_session: sessionmaker[Session]
_has_tables = threading.Event()


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


def _create_private(url: str) -> None:
    """Create a SQLite file that only this user can read; SQLite gives its log files the same rights."""
    path = sqlalchemy.make_url(url).database
    if url.startswith("sqlite") and path and not path.startswith("file:"):
        with suppress(OSError):  # where it cannot be created, the first connection says so
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def connect(url: str) -> None:
    """Point this process at a database. Opens no connection yet."""
    global engine, _single, _probe, _new_session
    # As many connections as threads and no overflow: the default pool throws its overflow away and connects anew under
    # load.
    engine = _engine(url, settings.database_pool_size)
    _count_use(engine)
    _probe = _engine(url, 1)
    _single = engine.execution_options(single=True)
    _new_session = sessionmaker(engine, expire_on_commit=False)
    _has_tables.clear()


def disconnect() -> None:
    """Close every connection that is not in use."""
    engine.dispose()
    _probe.dispose()


def _engine(url: str, connections: int) -> Engine:
    made = sqlalchemy.create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=SECONDS_FOR_A_FREE_CONNECTION,
        pool_use_lifo=True,
        hide_parameters=True,  # an error message must not carry what was sent into the log
        connect_args=SQLITE_OPTIONS if url.startswith("sqlite") else POSTGRESQL_OPTIONS,
    )
    if made.dialect.name == "sqlite":
        event.listen(made, "do_connect", lambda *_: _create_private(url))
        event.listen(made, "connect", _set_up_sqlite)
        event.listen(made, "begin", _begin_immediate)
    else:
        event.listen(made, "checkin", _note_time)
        event.listen(made, "checkout", _ping_the_idle)
    return made


def _count_use(made: Engine) -> None:
    # A set, for a connection that dies may be handed back twice, or before it was handed out.
    in_use: set[int] = set()

    def out(_connection: Any, record: Any, _proxy: Any) -> None:
        in_use.add(id(record))
        metrics.CONNECTIONS_IN_USE.set(len(in_use))

    def back(_connection: Any, record: Any) -> None:
        in_use.discard(id(record))
        metrics.CONNECTIONS_IN_USE.set(len(in_use))

    event.listen(made, "checkout", out)
    event.listen(made, "checkin", back)
    metrics.CONNECTIONS.set(settings.database_pool_size)


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
        with patience(SECONDS_TO_PING):
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error:
                raise exc.InvalidatePoolError() from None


_thread = threading.local()
_gone_until = 0.0


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """How long this thread waits for an answer of PostgreSQL."""
    before = getattr(_thread, "patience", None)
    _thread.patience = seconds
    try:
        yield
    finally:
        _thread.patience = before


def _wait_for_postgresql(connection: Any) -> None:
    """Give a server that has gone silent up, as one that has gone away: the driver by itself would wait for ever.

    Silence to a greeting or a ping counts for everybody for a second, so that not each request finds out by itself.
    """
    global _gone_until
    connecting = connection.status == psycopg2.extensions.STATUS_SETUP
    usual = SECONDS_TO_CONNECT if connecting else SECONDS_TO_ANSWER
    seconds = getattr(_thread, "patience", None) or usual
    greeting = connecting or seconds == SECONDS_TO_PING
    if greeting and time.monotonic() < _gone_until:
        raise psycopg2.OperationalError(SILENCE)
    while (state := connection.poll()) != psycopg2.extensions.POLL_OK:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN if state == psycopg2.extensions.POLL_READ else select.POLLOUT)
        if not poll.poll(seconds * 1000):
            if greeting:
                _gone_until = time.monotonic() + SECONDS_A_SILENCE_COUNTS
            raise psycopg2.OperationalError(SILENCE)


psycopg2.extensions.set_wait_callback(_wait_for_postgresql)


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: committed at the end, rolled back by any exception but a refusal that keeps its work."""
    db = _begun()
    try:
        yield db
    except BaseException as error:
        _end(db, keep=_keeps_work(error))
        raise
    _end(db, keep=True)


async def get_db() -> AsyncIterator[Session]:
    """The same around a request. It ends in threads of its own: the common ones may all be waiting for what it
    holds.
    """
    db = _begun()
    try:
        yield db
    except BaseException as error:
        await _endings.run(_end, db, _keeps_work(error))
        raise
    await _endings.run(_end, db, True)


_endings = ThreadPool("endings", settings.database_pool_size)


def _begun() -> Session:
    require_tables()
    return _new_session()


def _end(db: Session, keep: bool) -> None:
    try:
        if keep:
            db.commit()
    finally:
        db.close()


def _keeps_work(error: BaseException) -> bool:
    return isinstance(error, errors.ServiceError) and error.keeps_work


# scope="function": otherwise FastAPI commits after the answer has gone out, and a commit that fails meets a client that
# has its 200.
Db = Annotated[Session, Depends(get_db, scope="function")]


@contextmanager
def _outside_transactions() -> Iterator[Connection]:
    require_tables()
    with _single.connect() as connection, autocommit(connection, connection.connection.dbapi_connection):
        yield connection


@contextmanager
def autocommit(owner: Connection | PoolProxiedConnection, driver: Any) -> Iterator[None]:
    """Let each statement on a connection be a transaction of its own, on PostgreSQL; SQLite does so by itself.

    owner: what invalidates the connection where it turns out to be dead. driver: the driver's connection.
    Raises Unavailable.
    """
    # Not by isolation_level="AUTOCOMMIT": that costs a round trip, and PgBouncer would give the SET to another client.
    if not isinstance(driver, psycopg2.extensions.connection):
        yield
        return
    _set_autocommit(owner, driver, True)
    try:
        yield
    finally:
        if not driver.closed:
            with suppress(errors.Unavailable):  # the result is there; its connection is not any more
                _set_autocommit(owner, driver, False)


def _set_autocommit(owner: Connection | PoolProxiedConnection, driver: Any, on: bool) -> None:
    try:
        driver.autocommit = on
    except psycopg2.Error as error:  # it died just now, and SQLAlchemy, which knows nothing of this, would not notice
        owner.invalidate(error)
        raise errors.Unavailable() from error


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
    """The first row of one statement, outside any transaction: one round trip, and no connection is held afterwards."""
    with _outside_transactions() as connection:
        return connection.execute(statement, values).first()


write = read  # one INSERT, UPDATE or DELETE … RETURNING, which commits by itself


def write_only(statement: Executable, values: Mapping[str, Any] | None = None) -> None:
    """The same for a statement that returns nothing."""
    with _outside_transactions() as connection:
        connection.execute(statement, values)


def read_all(statement: Executable, values: Mapping[str, Any] | None = None) -> list[Row[Any]]:
    with _outside_transactions() as connection:
        return list(connection.execute(statement, values).all())


def upsert(table: Any) -> Any:
    """An INSERT that knows `on_conflict_do_…`, which both databases spell alike."""
    return importlib.import_module(f"sqlalchemy.dialects.{engine.dialect.name}").insert(table)


def read_separately(statement: Executable) -> list[Row[Any]]:
    """The same on a connection apart.

    For what must be read by whoever may be holding a row that all the others wait for.
    """
    require_tables()
    with patience(SECONDS_TO_PING), _probe.connect().execution_options(single=True) as connection:
        return list(connection.execute(statement).all())


def serialize(db: Session, what: str) -> None:
    """Until this transaction ends, nobody else who calls this with the same word goes on.

    (On SQLite, writers wait anyway.)
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def is_reachable() -> bool:
    """Whether the tables are there and the database answers, asked on a connection apart from those that requests
    use.
    """
    try:
        require_tables()
        with patience(SECONDS_TO_PING), _probe.connect().execution_options(single=True) as connection:
            return bool(connection.scalar(text("SELECT 1")))
    except (errors.Unavailable, exc.DBAPIError, exc.TimeoutError):
        return False


def tables_are_present() -> None:
    """Let requests use the database from now on: the schema is up to date."""
    _has_tables.set()


def require_tables() -> None:
    """Raises Unavailable until the tables are there."""
    if not _has_tables.is_set():
        raise errors.Unavailable()


connect(settings.database_url)
