"""Classify database errors for a request: unavailable, conflict, invalid input, or bug.

The classification uses the SQLSTATE (PostgreSQL, appendix A) or SQLite's error name. The drivers' exception classes
do not separate a read-only server, a missing privilege and a syntax error. `errors.py` and `database.py` both import
this module, so it is below them.
"""

from collections.abc import Iterator
from typing import Any, Literal

from telemetry import logs

log = logs.logger()
Meaning = Literal["unavailable", "conflict", "invalid", "bug"]

UNIQUE_VIOLATION = "23505"
READ_ONLY = "25006"
NO_RIGHT = "42501"
# SQLSTATE classes, then single states, in which the database is unavailable and a later attempt may succeed.
UNAVAILABLE_CLASSES = (
    "08",  # connection
    "28",  # authorization
    "3D",  # no such database
    "3F",  # no such schema
    "40",  # transaction rollback
    "53",  # resources: disk full, too many connections, out of memory
    "55",  # state: a lock is not available
    "57",  # operator intervention: shutting down, starting, canceled
    "58",  # operating system
    "F0",  # configuration file
    "XX",  # internal, corrupted data
)
UNAVAILABLE_STATES = {
    READ_ONLY,
    "25P03",  # idle_in_transaction_session_timeout
    "25P04",  # transaction_timeout
    NO_RIGHT,
    "42P01",  # undefined_table
    "42703",  # undefined_column
    "42883",  # undefined_function
    "42704",  # undefined_object
}
# The server is no longer the primary, or its sessions are broken: reconnect, perhaps to another host.
ELSEWHERE_CLASSES = ("08", "58", "XX")
ELSEWHERE_STATES = {READ_ONLY, "25P03", "25P04", "57P01", "57P02", "57P03", "57P04", "57P05", "53100", "53200"}
# A retry does not help; an administrator must act.
PERMANENT_CLASSES = ("0A", "3F", "42")
# A missing value or a failed check: no input should get that far.
BUGS_THAT_CONFLICT = {"23502", "23514", "SQLITE_CONSTRAINT_NOTNULL", "SQLITE_CONSTRAINT_CHECK"}
RETRIED_STATES = {"40001", "40P01"}  # serialization_failure, deadlock_detected
SQLITE_UNAVAILABLE = (
    "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN",
    "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL", "SQLITE_NOMEM", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_SCHEMA",
)  # fmt: skip
SQLITE_PERMANENT = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


class UnusableDatabase(Exception):
    """The database cannot be used until an administrator acts. The message is one line that names DATABASE_URL."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"DATABASE_URL: {reason}")
        self.reason = reason


def driver_error(error: BaseException) -> BaseException:
    """Return the driver's error that SQLAlchemy wraps."""
    return getattr(error, "orig", None) or error


def state(error: BaseException) -> str:
    """Return the SQLSTATE or SQLite's error name; empty if the driver gives none, as while it connects."""
    found = driver_error(error)
    return getattr(found, "pgcode", None) or getattr(found, "sqlite_errorname", None) or ""


def meaning(error: BaseException) -> Meaning:
    """Return what an error of SQLAlchemy or a driver means for the request."""
    code = state(error)
    if code.startswith("23") or code.startswith("SQLITE_CONSTRAINT"):
        return "unavailable" if sequence_is_behind(error) else "conflict"
    if code.startswith("22"):
        return "invalid"  # a value that the database cannot store, such as text outside its encoding
    if code.startswith(UNAVAILABLE_CLASSES) or code in UNAVAILABLE_STATES or code.startswith(SQLITE_UNAVAILABLE):
        return "unavailable"
    names = {kind.__name__ for kind in type(driver_error(error)).__mro__}
    if names & {"OperationalError", "InterfaceError"} or getattr(error, "connection_invalidated", False):
        return "unavailable"
    # libpq reports a lost connection by the base class, without a state.
    return "unavailable" if not code and type(driver_error(error)).__name__ == "DatabaseError" else "bug"


def is_elsewhere(error: BaseException) -> bool:
    """Return whether to close the connections of the pool, since a new connection can reach a working server."""
    code = state(error)
    return not code.startswith("SQLITE") and (code.startswith(ELSEWHERE_CLASSES) or code in ELSEWHERE_STATES)


def is_permanent(error: BaseException) -> bool:
    """Return whether startup must fail on this error, because a retry does not help."""
    return state(error).startswith((*PERMANENT_CLASSES, *SQLITE_PERMANENT))


def may_be_retried(error: BaseException) -> bool:
    """Return whether the error is a serialization failure or a deadlock."""
    return state(error) in RETRIED_STATES


def violates(error: BaseException, constraint: str) -> bool:
    """Return whether the error violates a unique constraint, named by the convention `uq_TABLE_COLUMNS`."""
    return constraint in _violated(error)


def sequence_is_behind(error: BaseException) -> bool:
    """Return whether PostgreSQL generated an id that already exists, as after a restore without sequence values."""
    return state(error) == UNIQUE_VIOLATION and table_of_sequence(error) != ""


def table_of_sequence(error: BaseException) -> str:
    """Return the table whose generated primary key `id` already exists; empty for any other error."""
    told = getattr(driver_error(error), "diag", None)
    name, table = getattr(told, "constraint_name", "") or "", getattr(told, "table_name", "") or ""
    is_its_id = f"{getattr(told, 'message_detail', '') or ''}".startswith("Key (id)=(")
    number = f"{getattr(told, 'message_detail', '') or ''}".removeprefix("Key (id)=(").partition(")")[0]
    return table if name == f"pk_{table}" and is_its_id and number.isdigit() else ""


def advice(error: BaseException) -> str:
    """Return what an administrator must do about an error; empty if it is temporary."""
    code = state(error)
    if table := table_of_sequence(error):
        return sequence_advice(table)
    if code == NO_RIGHT:
        return "the database user lacks rights on the tables: grant them, or connect as another user"
    if code in ("42P01", "42703", "42704", "42883", "3F000"):
        return "tables are missing in the database: run `python manage.py check`"
    if code == "SQLITE_CANTOPEN":
        return "the SQLite file cannot be opened: its folder must exist, and this user must be able to write to it"
    return "the database is full" if code in ("53100", "SQLITE_FULL") else ""


def note(error: BaseException) -> None:
    """Log an error that is not a bug, with what an administrator must do about it."""
    said = {"error": line(error), "sqlstate": state(error)}
    if meaning(error) == "invalid":
        log.error("the database cannot store a value", **said)
    elif state(error) in BUGS_THAT_CONFLICT:  # the request was valid, and no other log line reports the cause
        log.error("a database constraint rejected a value that the service generated", **said)
    elif meaning(error) == "unavailable":
        todo = advice(error)
        (log.error if todo else log.warning)(todo or "the database is unavailable", **said)


def sequence_advice(table: str) -> str:
    """Return the statement that corrects the id sequence of a table, with its explanation."""
    statement = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
    return f"the id sequence of table {table} is behind its rows, as after a restore; run: {statement}"


def line(error: BaseException) -> str:
    """Return the first line of the driver's message."""
    return str(driver_error(error)).strip().partition("\n")[0]


def _violated(error: BaseException) -> Iterator[str]:
    found: Any = driver_error(error)
    if state(error) == UNIQUE_VIOLATION:
        yield found.diag.constraint_name or ""
    elif state(error) in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
        # "UNIQUE constraint failed: users.canonical_email", with the columns in their order.
        columns = [each.strip().partition(".") for each in str(found).partition(": ")[2].split(",")]
        yield "_".join(["uq", columns[0][0], *(column for _, _, column in columns)])
        yield f"pk_{columns[0][0]}"
