"""Connect to SQLite or PostgreSQL, with one transaction per request. Callers see the same behavior on both.

`Db` is the transaction of a request: services flush, and the end of the request commits before the response is sent.
`read` and `write` run one statement in its own transaction and return the connection, so slow work can follow.
"""

import functools
import importlib
import random
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, TypeVar

import psycopg2
import psycopg2.extensions
import sqlalchemy
from fastapi import Depends
from sqlalchemy import Connection, Engine, Executable, PoolProxiedConnection, Row, event, exc, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import QueuePool

import database_errors
import errors
from core import postgresql, sqlite_file, thread_pools
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
SECONDS_FOR_A_FREE_CONNECTION = 3
SECONDS_IDLE_BEFORE_A_PING = 1.0
TRIES = 5  # for a statement that fails with a serialization failure or a deadlock

T = TypeVar("T")

engine: Engine
_probe: Engine
_single: Engine  # the same pool, in autocommit mode
_new_session: sessionmaker[Session]
_has_tables = threading.Event()
# What must use a connection of its own, and therefore comes before the transaction: whether it is due, and the work.
before_transactions: list[tuple[Callable[[], bool], Callable[[], None]]] = []


class Base(DeclarativeBase):
    """The declarative base of all models. Its naming convention lets migrations refer to constraints by name."""

    metadata = sqlalchemy.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def connect(url: str) -> None:
    """Configure the engines of this process for a database, without opening a connection."""
    global engine, _single, _probe, _new_session
    # As many connections as threads: the default pool closes those of its overflow, and reconnects under load.
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
        pool_reset_on_return="rollback" if sqlite else None,  # see postgresql.roll_back
        hide_parameters=True,  # error messages go to the log and must not contain personal data
        connect_args=sqlite_file.OPTIONS if sqlite else postgresql.OPTIONS,
        **({} if sqlite else {"use_native_hstore": False}),  # saves a round trip per connection
    )
    if sqlite:
        event.listen(made, "do_connect", lambda *_: sqlite_file.create_private(url))
        event.listen(made, "connect", sqlite_file.set_up)
        event.listen(made, "begin", sqlite_file.begin_immediate)
    else:
        event.listen(made, "do_connect", postgresql.connect_to_any)
        event.listen(made, "connect", postgresql.set_up_session, insert=True)  # before SQLAlchemy's own queries
        event.listen(made, "begin", _begin)
        event.listen(made, "reset", postgresql.roll_back)
        event.listen(made, "handle_error", _leave)
        event.listen(made, "checkin", _note_time)
        event.listen(made, "checkout", _ping_the_idle)
    return made


def _count_use(made: Engine) -> None:
    # Sampled, because counting at each use would take as long as the rate limits. From the first connection on: that is
    # in a worker, not in the supervisor that loads the code.
    event.listen(made, "connect", lambda *_: metrics.sample(metrics.CONNECTIONS_IN_USE, _in_use))
    event.listen(made, "connect", lambda *_: metrics.CONNECTIONS.set(settings.database_pool_size))


def _in_use() -> int:
    pool = engine.pool
    return pool.checkedout() if isinstance(pool, QueuePool) else 0


def _leave(context: Any) -> None:
    """Close every connection of the pool if another server may be the primary now, as after a failover."""
    if context.original_exception and database_errors.is_elsewhere(context.original_exception):
        context.is_disconnect = True


def _note_time(_connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _ping_the_idle(connection: Any, record: Any, _proxy: Any) -> None:
    # The server of an idle connection may be gone. A ping at each use would cost a round trip per request.
    if time.monotonic() - record.info.get("idle_since", time.monotonic()) > SECONDS_IDLE_BEFORE_A_PING:
        with postgresql.patience(postgresql.SECONDS_TO_PING):
            try:
                if isinstance(connection, psycopg2.extensions.connection):
                    postgresql.ping(connection)
                else:
                    engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error:
                raise exc.InvalidatePoolError() from None


@contextmanager
def transaction() -> Iterator[Session]:
    """Run a transaction: commit at the end, or roll back on an exception other than an error with `keeps_work`."""
    db = _begun()
    _prepare_transaction()
    try:
        yield db
    except BaseException as error:
        _finish(db, error)
        raise
    _finish(db, None)


def _prepare_transaction() -> None:
    for is_due, work in before_transactions:
        if is_due():
            work()


async def get_db() -> AsyncIterator[Session]:
    """Run the transaction of a request, which the thread of the route ends.

    That of a coroutine function ends in a separate thread pool, because all request threads may be waiting for locks
    that it releases.
    """
    db = _begun()
    if any(is_due() for is_due, _work in before_transactions):
        await _endings.run(_prepare_transaction)
    end = functools.partial(_finish, db)
    thread_pools.ending.set(end)
    try:
        yield db
    except BaseException as error:
        if db.in_transaction():
            await _endings.run(end, error)
        raise
    if db.in_transaction():
        await _endings.run(end, None)


_endings = thread_pools.ThreadPool("endings", settings.database_pool_size)


def _begun() -> Session:
    require_tables()
    return _new_session()


def _finish(db: Session, error: BaseException | None) -> None:
    try:
        if error is None or (isinstance(error, errors.ServiceError) and error.keeps_work):
            db.commit()
    finally:
        db.close()


# scope="function": otherwise FastAPI commits after it has sent the response, so a client could receive 200 although the
# commit fails.
Db = Annotated[Session, Depends(get_db, scope="function")]


@contextmanager
def _outside_transactions() -> Iterator[Connection]:
    require_tables()
    with _single.connect() as connection:
        autocommit(connection, connection.connection.dbapi_connection)
        yield connection


def autocommit(owner: Connection | PoolProxiedConnection, driver: Any, on: bool = True) -> None:
    """Run each statement on a connection in its own transaction on PostgreSQL; SQLite does so by default.

    It remains so until a transaction begins on the connection: most requests need none, and the driver lets other
    threads run at each switch.

    owner: invalidates the connection if it is broken.
    driver: the driver's connection.
    Raises Unavailable.
    """
    # Not isolation_level="AUTOCOMMIT": it costs a round trip, and behind PgBouncer the SET may affect another client.
    try:
        if isinstance(driver, psycopg2.extensions.connection):
            postgresql.switch_autocommit(driver, on)
    except psycopg2.Error as error:  # SQLAlchemy does not see this error, so invalidate here
        owner.invalidate(error)
        raise errors.Unavailable() from error


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("single"):
        autocommit(connection, connection.connection.dbapi_connection, False)


def retried(call: Callable[[], T]) -> T:
    """Repeat a call whose single statement fails with a serialization failure (40001) or a deadlock (40P01).

    This is rare under READ COMMITTED, which each connection sets. Behind a connection pooler, the database's default
    isolation level may apply instead.
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
    """Return the first row of one statement, run outside a transaction in one round trip."""
    found: Row[Any] | None = retried(lambda: _executed(statement, values, lambda result: result.first()))
    return found


write = read  # for one INSERT, UPDATE or DELETE … RETURNING, in its own transaction


def write_only(statement: Executable, values: Mapping[str, Any] | None = None) -> None:
    """Run one statement that returns nothing, in its own transaction."""
    retried(lambda: _executed(statement, values, lambda _result: None))


def read_all(statement: Executable, values: Mapping[str, Any] | None = None) -> list[Row[Any]]:
    """Return all rows of one statement, run outside a transaction."""
    return retried(lambda: _executed(statement, values, lambda result: list(result.all())))


def _executed(statement: Executable, values: Mapping[str, Any] | None, take: Callable[[Any], T]) -> T:
    with _outside_transactions() as connection:
        return take(connection.execute(statement, values))


def execute(db: Session, statement: Executable, values: Any = None) -> Any:
    """Run a statement in a transaction without the ORM, which takes as long again. Flushes and refreshes no objects."""
    return db.connection().execute(statement, values)


def upsert(table: Any) -> Any:
    """Return an INSERT with `on_conflict_do_…` for the current database."""
    return importlib.import_module(f"sqlalchemy.dialects.{engine.dialect.name}").insert(table)


def read_separately(statement: Executable) -> list[Row[Any]]:
    """Return all rows of one statement, run on the probe connection.

    Use it where the request pool may be exhausted by requests that wait for a lock, as the metrics do.
    """
    require_tables()
    with probe() as connection:
        return list(connection.execute(statement).all())


@contextmanager
def probe() -> Iterator[Connection]:
    """Check out the probe connection, which is not in the request pool. Statements time out after SECONDS_TO_PING."""
    with postgresql.patience(postgresql.SECONDS_TO_PING), _probe.connect().execution_options(single=True) as connection:
        yield connection


def serialize(db: Session, what: str) -> None:
    """Serialize transactions that call this with the same key, until each ends.

    SQLite serializes all writers anyway.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def is_reachable() -> bool:
    """Return whether the tables exist and the database responds, on the probe connection."""
    try:
        require_tables()
        with probe() as connection:
            return bool(connection.scalar(text("SELECT 1")))
    except (errors.Unavailable, exc.DBAPIError, exc.TimeoutError):
        return False


def tables_are_present() -> None:
    """Allow requests to use the database after its schema is up to date."""
    _has_tables.set()


def is_prepared() -> bool:
    """Return whether startup found or created the tables."""
    return _has_tables.is_set()


def require_tables() -> None:
    """Raise Unavailable until the tables exist."""
    if not _has_tables.is_set():
        raise errors.Unavailable()


connect(settings.database_url)
