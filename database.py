"""The engine, one transaction a request, and migrations at the start. SQLite and PostgreSQL behave alike from here up.

`Db` is the transaction of a request: verbs flush, only the end of the request commits, before the answer leaves.
`read` and `write` run one statement by themselves: nothing stays checked out, so slow work may follow.
"""

import importlib
import os
import random
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Annotated, Any, TypeVar

import psycopg2
import psycopg2.extensions
import sqlalchemy
from fastapi import Depends
from sqlalchemy import Connection, Engine, Executable, PoolProxiedConnection, Row, event, exc, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

import database_errors
import errors
from core import postgresql
from core.thread_pools import ThreadPool
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
SECONDS_FOR_A_FREE_CONNECTION = 3
SECONDS_IDLE_BEFORE_A_PING = 1.0
SECONDS_TO_WAIT_FOR_SQLITE = 15
SQLITE_OPTIONS: dict[str, Any] = {"check_same_thread": False, "timeout": SECONDS_TO_WAIT_FOR_SQLITE}
TRIES = 5  # of a statement that fails by concurrency alone

T = TypeVar("T")

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
    sqlite = url.startswith("sqlite")
    made = sqlalchemy.create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=SECONDS_FOR_A_FREE_CONNECTION,
        pool_use_lifo=True,
        hide_parameters=True,  # an error message must not carry what was sent into the log
        connect_args=SQLITE_OPTIONS if sqlite else postgresql.OPTIONS,
        **({} if sqlite else {"use_native_hstore": False}),  # which would cost a round trip at each connection
    )
    if sqlite:
        event.listen(made, "do_connect", lambda *_: _create_private(url))
        event.listen(made, "connect", _set_up_sqlite)
        event.listen(made, "begin", _begin_immediate)
    else:
        event.listen(made, "do_connect", postgresql.connect_to_any)
        event.listen(made, "connect", postgresql.set_up_session, insert=True)  # before SQLAlchemy asks anything
        event.listen(made, "handle_error", _leave)
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


def _leave(context: Any) -> None:
    """Close every connection of the pool where another server may be the one to ask, as after a failover."""
    if context.original_exception and database_errors.is_elsewhere(context.original_exception):
        context.is_disconnect = True


def _note_time(_connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _ping_the_idle(connection: Any, record: Any, _proxy: Any) -> None:
    # A connection that lay idle may have died with its server; a ping at each use would cost a round trip a request.
    if time.monotonic() - record.info.get("idle_since", time.monotonic()) > SECONDS_IDLE_BEFORE_A_PING:
        with postgresql.patience(postgresql.SECONDS_TO_PING):
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error:
                raise exc.InvalidatePoolError() from None


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
        postgresql.switch_autocommit(driver, on)
    except psycopg2.Error as error:  # it died just now, and SQLAlchemy, which knows nothing of this, would not notice
        owner.invalidate(error)
        raise errors.Unavailable() from error


def retried(call: Callable[[], T]) -> T:
    """Call again where one statement, a transaction of its own, failed by concurrency alone (40001, 40P01).

    A connection asks for READ COMMITTED, under which that hardly happens; behind a pooler the database's own default
    may apply.
    """
    for attempt in range(1, TRIES):
        try:
            return call()
        except exc.DBAPIError as error:
            if not database_errors.may_be_retried(error):
                raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - no secret
    return call()


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
    """The first row of one statement, outside any transaction: one round trip, and no connection is held afterwards."""
    found: Row[Any] | None = retried(lambda: _executed(statement, values, lambda result: result.first()))
    return found


write = read  # one INSERT, UPDATE or DELETE … RETURNING, which commits by itself


def write_only(statement: Executable, values: Mapping[str, Any] | None = None) -> None:
    """The same for a statement that returns nothing."""
    retried(lambda: _executed(statement, values, lambda _result: None))


def read_all(statement: Executable, values: Mapping[str, Any] | None = None) -> list[Row[Any]]:
    return retried(lambda: _executed(statement, values, lambda result: list(result.all())))


def _executed(statement: Executable, values: Mapping[str, Any] | None, take: Callable[[Any], T]) -> T:
    with _outside_transactions() as connection:
        return take(connection.execute(statement, values))


def upsert(table: Any) -> Any:
    """An INSERT that knows `on_conflict_do_…`, which both databases spell alike."""
    return importlib.import_module(f"sqlalchemy.dialects.{engine.dialect.name}").insert(table)


def read_separately(statement: Executable) -> list[Row[Any]]:
    """The same on a connection apart.

    For what must be read by whoever may be holding a row that all the others wait for.
    """
    require_tables()
    with probe() as connection:
        return list(connection.execute(statement).all())


@contextmanager
def probe() -> Iterator[Connection]:
    """Borrow the connection that is apart from those of requests, for a short look with little patience."""
    with postgresql.patience(postgresql.SECONDS_TO_PING), _probe.connect().execution_options(single=True) as connection:
        yield connection


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
        with probe() as connection:
            return bool(connection.scalar(text("SELECT 1")))
    except (errors.Unavailable, exc.DBAPIError, exc.TimeoutError):
        return False


def tables_are_present() -> None:
    """Let requests use the database from now on: the schema is up to date."""
    _has_tables.set()


def is_prepared() -> bool:
    """Whether a start has found or made the tables."""
    return _has_tables.is_set()


def require_tables() -> None:
    """Raises Unavailable until the tables are there."""
    if not _has_tables.is_set():
        raise errors.Unavailable()


connect(settings.database_url)
