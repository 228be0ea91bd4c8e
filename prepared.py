"""Statements that most requests ask: planned once by each connection, and run by the driver itself.

Planning takes PostgreSQL longer than answering, and SQLAlchemy's way to the driver longer than the driver. Whatever is
asked less often goes through `database.read`; on SQLite, this does too.
"""

import functools
import hashlib
import re
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg2
import psycopg2.errors
from sqlalchemy import PoolProxiedConnection, exc

import database
import database_errors
from telemetry import logs

log = logs.logger()
# What is heard behind a pooler that gives each transaction another connection, and after a change of the tables.
FORGOTTEN = (
    psycopg2.errors.InvalidSqlStatementName,
    psycopg2.errors.DuplicatePreparedStatement,
    psycopg2.errors.FeatureNotSupported,
)
_are_kept = True  # whether the database still knows what was prepared when it is asked next


class Prepared:
    """One statement, written at its first use in the words of the database that is there; each time with other
    values.
    """

    def __init__(self, write: Callable[[], Any]) -> None:
        self._written = functools.cache(lambda _dialect: write())
        self._made: _Made | None = None

    def first(self, values: Mapping[str, Any]) -> Any:
        """As `database.read`: its first row, or None, in a transaction of its own."""
        dialect = database.engine.dialect.name
        statement = self._written(dialect)
        if dialect != "postgresql" or not _are_kept:
            return database.read(statement, values)
        database.require_tables()
        return database.retried(lambda: self._kept(statement, values))

    def _kept(self, statement: Any, values: Mapping[str, Any]) -> Any:
        made = self._made = self._made or _Made(statement, values)
        try:
            with _borrowed() as connection:
                return made.first(connection, values)
        except FORGOTTEN as error:
            _give_up(error)
            return database.read(statement, values)


class _Made:
    """A statement as PostgreSQL takes it."""

    def __init__(self, statement: Any, values: Mapping[str, Any]) -> None:
        dialect = database.engine.dialect
        whole = statement.compile(dialect=dialect).construct_expanded_state(dict(values))
        self._fixed = {key: each for key, each in whole.parameters.items() if key not in values}
        order = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", whole.statement)))
        numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${order.index(found[1]) + 1}", whole.statement)
        # By its content: behind a pooler, another release may have left a statement of its own on the same connection.
        self._name = f"prepared_{hashlib.sha256(numbered.encode()).hexdigest()[:32]}"
        self._prepare = f"PREPARE {self._name} AS {numbered}"
        self._execute = f"EXECUTE {self._name} ({', '.join(f'%({each})s' for each in order)})"
        columns = statement.exported_columns
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        self._reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]

    def first(self, connection: PoolProxiedConnection, values: Mapping[str, Any]) -> Any:
        with connection.dbapi_connection.cursor() as cursor:  # type: ignore[union-attr]
            if self._name not in connection.info:
                cursor.execute(self._prepare)
                connection.info[self._name] = True
            cursor.execute(self._execute, {**self._fixed, **values})
            found = cursor.fetchone()
        if found is None:
            return None
        return self._row(*(read(each) if read else each for read, each in zip(self._reads, found, strict=True)))


@contextmanager
def _borrowed() -> Iterator[PoolProxiedConnection]:
    """A connection of the pool, outside transactions. What the driver raises is raised as SQLAlchemy would."""
    pool = database.engine.pool
    try:
        connection = database.engine.raw_connection()
    except psycopg2.Error as error:
        raise _as_usual(error, gone=False) from error
    try:
        with database.autocommit(connection, connection.dbapi_connection):
            yield connection
    except FORGOTTEN:
        raise
    except psycopg2.Error as error:
        dead = database.engine.dialect.is_disconnect(error, connection.dbapi_connection, None)  # type: ignore[arg-type]
        gone = dead or database_errors.is_elsewhere(error)
        connection.invalidate(error)
        if gone and database.engine.pool is pool:
            database.engine.dispose()  # the others are connected to the same server
        raise _as_usual(error, gone=gone) from error
    finally:
        connection.close()


def _as_usual(error: psycopg2.Error, *, gone: bool) -> Exception:
    dialect = database.engine.dialect
    return exc.DBAPIError.instance(
        "", None, error, psycopg2.Error, hide_parameters=True, connection_invalidated=gone, dialect=dialect
    )


def _give_up(error: psycopg2.Error) -> None:
    global _are_kept
    if _are_kept:
        log.info("the database forgets what was prepared; statements are planned each time", error=type(error).__name__)
    _are_kept = False
