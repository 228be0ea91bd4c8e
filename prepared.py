"""Run frequent statements as prepared statements of the database driver.

PostgreSQL takes longer to plan these statements than to execute them, and SQLAlchemy adds more overhead than the
driver. All other statements, and on SQLite all statements, use `database.read`.
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
from sqlalchemy import CursorResult, PoolProxiedConnection, exc
from sqlalchemy.orm import Session

import database
import database_errors
from core import postgresql
from telemetry import logs

log = logs.logger()
# Raised behind a pooler that gives each transaction another connection, and after a change of a column's type.
CHANGED = psycopg2.errors.FeatureNotSupported
NOT_PREPARED = (
    psycopg2.errors.InvalidSqlStatementName,
    psycopg2.errors.DuplicatePreparedStatement,
    CHANGED,
)
_is_supported = True  # whether prepared statements survive from one transaction to the next


class Prepared:
    """A statement, compiled at its first use for the database in use, and run with different values."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._statement = functools.cache(lambda _dialect: build())
        self._compiled: _Compiled | None = None

    def first(self, values: Mapping[str, Any]) -> Any:
        """Run the statement in its own transaction, like `database.read`, and return its first row, or None."""
        dialect = database.engine.dialect.name
        statement = self._statement(dialect)
        if dialect != "postgresql" or not _is_supported:
            return database.read(statement, values)
        database.require_tables()
        return database.retried(lambda: self._kept(statement, values))

    def run(self, db: Session, values: Mapping[str, Any]) -> Any:
        """Run the statement in a transaction, like `database.execute`, and return its first row, or None.

        values: for an INSERT, of each column.
        """
        return self._run(db, values, _first, _Compiled.first)

    def count(self, db: Session, values: Mapping[str, Any]) -> int:
        """Run an UPDATE or DELETE in a transaction, and return how many rows it changed."""
        return int(self._run(db, values, _rowcount, _Compiled.count))

    def _run(
        self,
        db: Session,
        values: Mapping[str, Any],
        unprepared: Callable[[CursorResult[Any]], Any],
        prepared: Callable[["_Compiled", PoolProxiedConnection, Mapping[str, Any]], Any],
    ) -> Any:
        connection = db.connection()
        dialect, info = connection.dialect.name, connection.info
        statement = self._statement(dialect)
        if dialect != "postgresql" or not info.get(postgresql.KEEPS_STATEMENTS):
            return unprepared(connection.execute(statement, values))
        compiled = self._compiled = self._compiled or _Compiled(statement, values)
        pool = database.engine.pool
        try:
            return prepared(compiled, connection.connection, values)
        except psycopg2.Error as error:
            lost = isinstance(error, NOT_PREPARED) or _is_lost(error, connection.connection)
            if lost:
                connection.invalidate(error)
                if database.engine.pool is pool:
                    database.engine.dispose()  # the others have the same server, or have lost their statements too
            raise _wrapped(error, lost=lost) from error

    def _kept(self, statement: Any, values: Mapping[str, Any]) -> Any:
        compiled = self._compiled = self._compiled or _Compiled(statement, values)
        try:
            with _connection() as connection:
                return compiled.first(connection, values)
        except NOT_PREPARED as error:
            if not isinstance(error, CHANGED):
                _disable(error)
            return database.read(statement, values)


class _Compiled:
    """A statement in the form that PostgreSQL prepares."""

    def __init__(self, statement: Any, values: Mapping[str, Any]) -> None:
        dialect = database.engine.dialect
        compiled = statement.compile(dialect=dialect, column_keys=list(values))
        if compiled.insert_prefetch or compiled.update_prefetch:  # SQLAlchemy would compute their values
            raise TypeError("each column that has a default needs a value")
        expanded = compiled.construct_expanded_state(dict(values))
        binds = compiled.binds.items()
        processors = {key: bind.type.dialect_impl(dialect).bind_processor(dialect) for key, bind in binds}
        writes = {key: write for key, write in {**processors, **expanded.processors}.items() if write}
        self._writes = [(key, write) for key, write in writes.items() if key in values]
        fixed = {key: each for key, each in expanded.parameters.items() if key not in values}
        self._fixed = {key: writes[key](each) if key in writes else each for key, each in fixed.items()}
        order = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", expanded.statement)))
        numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${order.index(found[1]) + 1}", expanded.statement)
        numbered = numbered.replace("%%", "%")  # the driver does so only in statements with parameters
        # Named by content: behind a pooler, another release may have prepared a statement on the same connection.
        self._name = f"prepared_{hashlib.sha256(numbered.encode()).hexdigest()[:32]}"
        self._prepare = f"PREPARE {self._name} AS {numbered}"
        values_in_order = f" ({', '.join(f'%({each})s' for each in order)})" if order else ""
        self._execute = f"EXECUTE {self._name}{values_in_order}"
        columns = statement.exported_columns
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._reads = [(place, read) for place, read in enumerate(reads) if read]

    def first(self, connection: PoolProxiedConnection, values: Mapping[str, Any]) -> Any:
        with self._executed(connection, values) as cursor:
            found = cursor.fetchone() if cursor.description else None
        if found is None:
            return None
        row = list(found)
        for place, read in self._reads:
            row[place] = read(row[place])
        return self._row._make(row)

    def count(self, connection: PoolProxiedConnection, values: Mapping[str, Any]) -> int:
        with self._executed(connection, values) as cursor:
            return int(cursor.rowcount)

    def _executed(self, connection: PoolProxiedConnection, values: Mapping[str, Any]) -> Any:
        cursor = connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        if self._name not in connection.info:
            cursor.execute(self._prepare)
            connection.info[self._name] = True
        cursor.execute(self._execute, self._written(values))
        return cursor

    def _written(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {**self._fixed, **values, **{key: write(values[key]) for key, write in self._writes}}


def _first(result: CursorResult[Any]) -> Any:
    return result.first() if result.returns_rows else None


def _rowcount(result: CursorResult[Any]) -> int:
    return result.rowcount


@contextmanager
def _connection() -> Iterator[PoolProxiedConnection]:
    """Yield a connection of the pool, outside transactions. Driver errors are raised as SQLAlchemy errors."""
    pool = database.engine.pool
    try:
        connection = database.engine.raw_connection()
    except psycopg2.Error as error:
        raise _wrapped(error, lost=False) from error
    try:
        database.autocommit(connection, connection.dbapi_connection)
        yield connection
    except CHANGED as error:
        connection.invalidate(error)  # a new one prepares the statement as the tables are now
        raise
    except NOT_PREPARED:
        raise
    except psycopg2.Error as error:
        lost = _is_lost(error, connection)
        connection.invalidate(error)
        if lost and database.engine.pool is pool:
            database.engine.dispose()  # the other connections are to the same server
        raise _wrapped(error, lost=lost) from error
    finally:
        connection.close()


def _is_lost(error: psycopg2.Error, connection: PoolProxiedConnection) -> bool:
    dead = database.engine.dialect.is_disconnect(error, connection.dbapi_connection, None)  # type: ignore[arg-type]
    return dead or database_errors.is_elsewhere(error)


def _wrapped(error: psycopg2.Error, *, lost: bool) -> Exception:
    dialect = database.engine.dialect
    return exc.DBAPIError.instance(
        "", None, error, psycopg2.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )


def _disable(error: psycopg2.Error) -> None:
    global _is_supported
    if _is_supported:
        log.info(
            "prepared statements are not supported by the database connection; disabled", error=type(error).__name__
        )
    _is_supported = False
