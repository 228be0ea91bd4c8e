"""What an error of the database means for a request: unavailable, a conflict, invalid input, or a bug.

Decided by SQLSTATE (PostgreSQL, appendix A) and by SQLite's error name, not by exception class: the drivers put a
read-only server, a missing right and a syntax error into classes that say little. `errors.py` and `database.py` both
need this module, so it is below them.
"""

from collections.abc import Iterator
from typing import Any, Literal

from telemetry import logs

log = logs.logger()
Meaning = Literal["unavailable", "conflict", "invalid", "bug"]

UNIQUE_VIOLATION = "23505"
READ_ONLY = "25006"
NO_RIGHT = "42501"
# Classes, then single states, in which the database cannot do its work: another attempt may succeed.
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
# The server is not the one to ask any more, or its sessions are broken: connect again, perhaps to another host.
ELSEWHERE_CLASSES = ("08", "58", "XX")
ELSEWHERE_STATES = {READ_ONLY, "25P03", "25P04", "57P01", "57P02", "57P03", "57P04", "57P05", "53100", "53200"}
# Trying again does not help; an administrator must act.
PERMANENT_CLASSES = ("0A", "3F", "42")
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
    """Return the driver's own error behind one of SQLAlchemy."""
    return getattr(error, "orig", None) or error


def state(error: BaseException) -> str:
    """Return the SQLSTATE or SQLite's error name; empty where the driver gave none, as while it connects."""
    found = driver_error(error)
    return getattr(found, "pgcode", None) or getattr(found, "sqlite_errorname", None) or ""


def meaning(error: BaseException) -> Meaning:
    """Return what an error of SQLAlchemy or a driver means for the request that met it."""
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
    # libpq lost its connection, and says so in the base class and with no state.
    return "unavailable" if not code and type(driver_error(error)).__name__ == "DatabaseError" else "bug"


def is_elsewhere(error: BaseException) -> bool:
    """Whether to close the connection, and all of its pool: a new one may reach a server that can do the work."""
    code = state(error)
    return not code.startswith("SQLITE") and (code.startswith(ELSEWHERE_CLASSES) or code in ELSEWHERE_STATES)


def is_permanent(error: BaseException) -> bool:
    """Whether a start that met this error must end, since trying again does not help."""
    return state(error).startswith((*PERMANENT_CLASSES, *SQLITE_PERMANENT))


def may_be_retried(error: BaseException) -> bool:
    """Whether a statement that is a transaction of its own failed by concurrency alone."""
    return state(error) in RETRIED_STATES


def violates(error: BaseException, constraint: str) -> bool:
    """Whether a unique constraint or index was violated, by its name in the naming convention (`uq_TABLE_COLUMNS`)."""
    return constraint in _violated(error)


def sequence_is_behind(error: BaseException) -> bool:
    """Whether PostgreSQL generated an id that is there already, as after a restore without the sequences' values."""
    return state(error) == UNIQUE_VIOLATION and table_of_sequence(error) != ""


def table_of_sequence(error: BaseException) -> str:
    """Return the table whose generated primary key `id` was there already; else an empty text."""
    told = getattr(driver_error(error), "diag", None)
    name, table = getattr(told, "constraint_name", "") or "", getattr(told, "table_name", "") or ""
    is_its_id = f"{getattr(told, 'message_detail', '') or ''}".startswith("Key (id)=(")
    number = f"{getattr(told, 'message_detail', '') or ''}".removeprefix("Key (id)=(").partition(")")[0]
    return table if name == f"pk_{table}" and is_its_id and number.isdigit() else ""


def advice(error: BaseException) -> str:
    """Return what an administrator must do about an error; empty where it passes by itself."""
    code = state(error)
    if table := table_of_sequence(error):
        return sequence_advice(table)
    if code == NO_RIGHT:
        return "the database user lacks rights on the tables: grant them, or connect as another user"
    if code in ("42P01", "42703", "42704", "42883", "3F000"):
        return "tables are missing in the database: run `python manage.py check`"
    return "the database is full" if code in ("53100", "SQLITE_FULL") else ""


def note(error: BaseException) -> None:
    """Log an error that is not a bug, with what an administrator does about it."""
    said = {"error": line(error), "sqlstate": state(error)}
    if meaning(error) == "invalid":
        log.error("the database cannot store a value", **said)
    elif meaning(error) == "unavailable":
        todo = advice(error)
        (log.error if todo else log.warning)(todo or "the database cannot do its work", **said)


def sequence_advice(table: str) -> str:
    """Return how to set the sequence of a table, whose generated id was there already."""
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
