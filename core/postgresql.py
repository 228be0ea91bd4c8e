"""Connect to PostgreSQL: choose a host, set up the session, and enforce a timeout for each statement."""

import json
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import psycopg2.extensions

SECONDS_TO_CONNECT = 2
SECONDS_TO_RESPOND = 5  # for each statement; migrations have a longer timeout
SECONDS_TO_PING = 1
UNRESPONSIVE_SECONDS = 1
OPTIONS: dict[str, Any] = {
    "tcp_user_timeout": SECONDS_TO_CONNECT * 1000,
    "application_name": "credential-service",
    "client_encoding": "utf8",  # PgBouncer accepts this startup parameter
}
# The service depends on these settings, and the configuration of the server, database or role may change their
# defaults. Not listed, because administrators change them on purpose: search_path, default_transaction_read_only,
# session_replication_role.
SESSION = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
    "statement_timeout": "0",  # the client enforces the timeout, see SECONDS_TO_RESPOND
    "lock_timeout": "0",
    "transaction_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
}
# Change only values that differ: behind PgBouncer, a changed setting stays on the server connection and affects other
# clients. `current_setting` returns NULL for a setting that this server version does not have.
_SET = (
    "SELECT pg_catalog.pg_backend_pid(), count(pg_catalog.set_config(name, value, false))"
    " FROM json_each_text(%s) AS wanted (name, value) WHERE pg_catalog.current_setting(name, true) <> value"
)
KEEPS_STATEMENTS = "keeps_statements"  # whether prepared statements stay on a connection for certain
ISOLATION = psycopg2.extensions.ISOLATION_LEVEL_READ_COMMITTED
# SQLAlchemy treats an error that begins with "could not receive data from server" as a disconnect.
NO_RESPONSE = "could not receive data from server: the server did not respond in time"
# A statement that returns `off` if the server accepts writes, by `target_session_attrs`. libpq trusts what
# the server reports when a connection begins. PgBouncer reports what its own first connection saw, so it still calls a
# server a standby after its promotion.
_ACCEPTS_WRITES = {
    "read-write": "SHOW transaction_read_only",
    "primary": "SELECT CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END",
}
READ_ONLY = "session is read-only"  # libpq's own message
_thread = threading.local()
_gone_until = 0.0
_several_hosts = False
_last_host = 0


def connect_to_any(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> Any:
    """Connect to the first host that responds, beginning with the host of the last connection.

    libpq can also try several hosts, but a host that does not respond uses up the timeout for all of them. Skip hosts
    that do not match `target_session_attrs`. Return None if the URL names a single host: SQLAlchemy then connects.
    """
    global _gone_until, _several_hosts, _last_host
    hosts = str(options.get("host") or "").split(",")
    ports = str(options.get("port") or "5432").split(",")
    _several_hosts = len(hosts) > 1
    if not _several_hosts:
        return None
    if time.monotonic() < _gone_until:
        raise psycopg2.OperationalError(NO_RESPONSE)
    found: Exception = psycopg2.OperationalError(NO_RESPONSE)
    for index in (number % len(hosts) for number in range(_last_host, _last_host + len(hosts))):
        try:
            one = {"host": hosts[index], "port": ports[index % len(ports)]}
            connection = _connect({**options, **one})
        except psycopg2.OperationalError as error:
            found = error
        else:
            _last_host = index
            return connection
    if NO_RESPONSE in str(found):
        _gone_until = time.monotonic() + UNRESPONSIVE_SECONDS
    raise found


def _connect(options: dict[str, Any]) -> Any:
    """Connect to one host. Raises OperationalError, also if it does not match `target_session_attrs`."""
    check = _ACCEPTS_WRITES.get(options.get("target_session_attrs", "any"))
    if check is None:
        return psycopg2.connect(**options)
    connection = psycopg2.connect(**{**options, "target_session_attrs": "any"})
    try:
        connection.autocommit = True
        with connection.cursor() as cursor, patience(SECONDS_TO_CONNECT):
            cursor.execute(check)
            if cursor.fetchone()[0] != "off":
                raise psycopg2.OperationalError(READ_ONLY)
        connection.autocommit = False
    except psycopg2.Error:
        connection.close()
        raise
    return connection


def set_up_session(connection: Any, record: Any = None) -> None:
    """Apply SESSION to a new connection, in one round trip.

    Behind PgBouncer in transaction mode, later transactions may use another server connection, on which most of these
    settings were not applied. The service works without them there: `core.columns` converts times, each BEGIN names
    its isolation level, and `database.retried` repeats single statements after a serialization failure.
    """
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(_SET, [json.dumps(SESSION)])
        if record:  # a pooler reports another process than that of the server
            record.info[KEEPS_STATEMENTS] = cursor.fetchone()[0] == connection.info.backend_pid
    connection.autocommit = False
    connection.isolation_level = ISOLATION


def switch_autocommit(connection: Any, on: bool) -> None:
    """Turn autocommit on or off without a round trip.

    psycopg2 sends a SET statement if an isolation level is set, so remove the level first.

    Raises: OperationalError if the connection is broken.
    """
    if on == connection.autocommit:
        return
    if on:
        connection.isolation_level = None
        connection.autocommit = True
    else:
        connection.autocommit = False
        connection.isolation_level = ISOLATION


def roll_back(connection: Any, _record: Any = None, _state: Any = None) -> None:
    """Roll back the transaction of a connection that returns to the pool.

    The pool's own rollback calls the driver, which lets other threads run, even if nothing was begun.
    """
    if connection.status != psycopg2.extensions.STATUS_READY:
        connection.rollback()


def ping(connection: Any) -> None:
    """Check that the server responds, without a SET, which SQLAlchemy's own ping sends when it turns autocommit off.

    Raises: OperationalError if the connection is broken.
    """
    switch_autocommit(connection, True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Set the statement timeout of this thread, in seconds."""
    before = getattr(_thread, "patience", None)
    _thread.patience = seconds
    try:
        yield
    finally:
        _thread.patience = before


def _wait(connection: Any) -> None:
    """Wait for the server with a timeout, which psycopg2 itself does not have.

    After a connection attempt or a ping has timed out, fail all others immediately for UNRESPONSIVE_SECONDS, so that
    requests do not wait for the same timeout.

    Raises: OperationalError if the server does not respond in time.
    """
    global _gone_until
    connecting = connection.status == psycopg2.extensions.STATUS_SETUP
    asked = getattr(_thread, "patience", None) or SECONDS_TO_RESPOND
    # The longer timeout of a migration applies to its statements only.
    seconds = min(asked, SECONDS_TO_CONNECT) if connecting else asked
    is_connecting_or_ping = (connecting or seconds == SECONDS_TO_PING) and not _several_hosts
    if is_connecting_or_ping and time.monotonic() < _gone_until:
        raise psycopg2.OperationalError(NO_RESPONSE)
    while (state := connection.poll()) != psycopg2.extensions.POLL_OK:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN if state == psycopg2.extensions.POLL_READ else select.POLLOUT)
        if not poll.poll(seconds * 1000):
            if is_connecting_or_ping:
                _gone_until = time.monotonic() + UNRESPONSIVE_SECONDS
            raise psycopg2.OperationalError(NO_RESPONSE)


psycopg2.extensions.set_wait_callback(_wait)
