"""Determine whether a database can be used: reachable, writable, with all tables and privileges.

The statements in this module only read.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

import database
import database_errors
import errors

OK = "ok"
OUT_OF_REACH = "out of reach"
READ_ONLY = "read-only"
TABLES_MISSING = "tables missing"
RIGHTS_MISSING = "rights missing"
NOT_OURS = "not ours"
STARTING = "starting"
OLDEST_POSTGRESQL = 12
OURS = {"user_id", "canonical_email", "hashed_password"}  # columns of `users` since the first migration
MIGRATIONS = Path(__file__).parent.parent / "migrations"


class SchemaState(NamedTuple):
    """The migrations of a database.

    now: the newest migration that was applied.
    pending: the migrations of this release that were not applied yet.
    newer: whether a newer release migrated the database.
    foreign: why the database belongs to another application; empty if it is this service's, or has no tables yet.
    """

    now: str | None
    pending: list[str]
    newer: bool
    foreign: str = ""


def schema_state(connection: Connection) -> SchemaState:
    """Return which migrations of this release have been applied to a database."""
    # Importing alembic takes a tenth of the startup time, which usually has nothing to migrate. File names begin with
    # the revision number.
    ours = sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))
    has_versions = _relations(connection, ["alembic_version"])
    versions = list(connection.scalars(text("SELECT version_num FROM alembic_version"))) if has_versions else []
    now = versions[0] if versions else None
    foreign = _foreign(connection, versions, ours)
    newer = now is not None and now not in ours and not foreign
    pending = [] if newer or foreign else ours[ours.index(now) + 1 :] if now else ours
    return SchemaState(now, pending, newer, foreign)


def _foreign(connection: Connection, versions: list[str], ours: list[str]) -> str:
    """Return why a database belongs to another application; empty if it does not."""
    there = _relations(connection, database.Base.metadata.tables)
    if not versions:
        taken = ", ".join(sorted(there)[:3])
        return f"it has a table of another application ({taken})" if there else ""
    is_ours = "users" in there and _columns_of_users(connection) >= OURS
    if len(versions) > 1 or not is_ours:
        return f"it has the migrations of another application (alembic_version {', '.join(sorted(versions)[:3])})"
    missing = database.Base.metadata.tables.keys() - there
    if versions[0] not in ours and missing:
        return f"it has unknown migrations (alembic_version {versions[0]}), and {min(missing)} is missing"
    return ""


def _relations(connection: Connection, names: Iterable[str]) -> set[str]:
    """Return the names that resolve to an existing table or view on the search path."""
    if connection.dialect.name == "postgresql":
        taken = text("SELECT relname FROM pg_class WHERE relname = ANY(:names) AND pg_table_is_visible(oid)")
        return set(connection.scalars(taken, {"names": list(names)}))
    taken = text("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name IN :names")
    return set(connection.scalars(taken.bindparams(bindparam("names", expanding=True)), {"names": list(names)}))


def _columns_of_users(connection: Connection) -> set[str]:
    if connection.dialect.name == "postgresql":
        columns = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass('users') AND NOT attisdropped"
    else:
        columns = "SELECT name FROM pragma_table_info('users')"
    return set(connection.scalars(text(columns)))


def unusable(connection: Connection, state: SchemaState) -> str:
    """Return what an administrator must change before a database in this state can be used; empty if nothing."""
    if connection.dialect.name == "postgresql":
        version = int((connection.dialect.server_version_info or (0,))[0])
        if version < OLDEST_POSTGRESQL:
            return f"PostgreSQL {version} is too old; use PostgreSQL {OLDEST_POSTGRESQL} or newer"
        encoding, schema = connection.execute(text("SELECT current_setting('server_encoding'), current_schema()")).one()
        if encoding != "UTF8":
            return f"the database has the encoding {encoding}; create one with ENCODING 'UTF8'"
        if schema is None:
            return "none of the schemas in search_path exists; create one, or change search_path"
    if state.foreign:
        return f"the database belongs to another application: {state.foreign}; use a separate database"
    return ""


def may_migrate(connection: Connection) -> bool:
    """Return whether the database user owns the existing tables and has the privilege to create more."""
    if connection.dialect.name == "sqlite":
        return True
    asked = text(
        "SELECT coalesce(bool_and(pg_has_role(relowner, 'USAGE')), true)"
        " AND has_schema_privilege(current_schema(), 'CREATE')"
        " FROM pg_class WHERE relname = ANY(:names) AND pg_table_is_visible(oid)"
    )
    return bool(connection.scalar(asked, {"names": list(database.Base.metadata.tables)}))


def problem() -> str:
    """Return `ok`, or why requests cannot be served.

    It uses the probe connection instead of one from the request pool, and its statements only read.
    """
    try:
        with database.probe() as connection:
            found = _of_postgresql(connection) if connection.dialect.name == "postgresql" else _of_sqlite(connection)
            if found == READ_ONLY:
                connection.invalidate()  # the next check can then reach another server
            if found in (OK, READ_ONLY):
                return found if database.is_prepared() or found == READ_ONLY else STARTING
            return NOT_OURS if unusable(connection, schema_state(connection)) else found
    except DBAPIError as error:
        if database_errors.state(error) == database_errors.NO_RIGHT:
            return RIGHTS_MISSING
        return NOT_OURS if database_errors.is_permanent(error) else OUT_OF_REACH
    except (errors.Unavailable, SQLAlchemyError):
        return OUT_OF_REACH


# The minimum privileges that every deployment grants.
RIGHTS = {
    "users": ("INSERT", "UPDATE", "DELETE"),
    "sessions": ("INSERT", "UPDATE", "DELETE"),
    "audit_events": ("INSERT",),
}
# CASE: a plan may evaluate conditions in any order, and has_sequence_privilege fails for all but a sequence.
_USABLE = text(
    """
    WITH ours AS (SELECT to_regclass(quote_ident(name)) AS id FROM unnest(CAST(:names AS text[])) AS name)
    SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only,
        EXISTS (SELECT FROM ours WHERE id IS NULL) AS lacks_tables,
        EXISTS (SELECT FROM ours WHERE NOT has_table_privilege(id, 'SELECT'))
        OR EXISTS (
            SELECT FROM unnest(CAST(:tables AS text[]), CAST(:rights AS text[])) AS needed (name, privilege)
            WHERE NOT has_table_privilege(to_regclass(quote_ident(name)), privilege))
        OR EXISTS (
            SELECT FROM pg_depend JOIN ours ON refobjid = ours.id JOIN pg_class ON pg_class.oid = objid
            WHERE classid = 'pg_class'::regclass AND deptype = 'a'
            AND CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege(objid, 'USAGE') END) AS lacks_rights
    """
)


def _of_postgresql(connection: Connection) -> str:
    needed = [(table, right) for table, rights in RIGHTS.items() for right in rights]
    values = {
        "names": list(database.Base.metadata.tables),
        "tables": [table for table, _ in needed],
        "rights": [right for _, right in needed],
    }
    found = connection.execute(_USABLE, values).one()
    if found.lacks_tables:
        return TABLES_MISSING
    return RIGHTS_MISSING if found.lacks_rights else READ_ONLY if found.read_only else OK


def _of_sqlite(connection: Connection) -> str:
    path = Path(str(connection.engine.url.database))
    if database.Base.metadata.tables.keys() - _relations(connection, database.Base.metadata.tables):
        return TABLES_MISSING
    return OK if os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK) else READ_ONLY


def sequences_behind(connection: Connection) -> Iterator[str]:
    """Return the tables whose next generated id already exists, as after a restore without sequence values."""
    asked = text("SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:table, :column) AS regclass))")
    for name, table in database.Base.metadata.tables.items():
        column = table.autoincrement_column
        if column is not None:
            last = connection.scalar(asked, {"table": name, "column": column.name})
            highest = connection.scalar(sqlalchemy.select(sqlalchemy.func.max(column)))
            if highest is not None and highest > (last or 0):
                yield name
