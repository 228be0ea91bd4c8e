"""How a connection to PostgreSQL is made: what its session sets, and how long a thread waits for an answer."""

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
SECONDS_TO_ANSWER = 5  # silence of a server that took a statement; a migration may take longer
SECONDS_TO_PING = 1
SECONDS_A_SILENCE_COUNTS = 1
OPTIONS: dict[str, Any] = {
    "tcp_user_timeout": SECONDS_TO_CONNECT * 1000,
    "application_name": "credential-service",
    "client_encoding": "utf8",  # a startup parameter that PgBouncer knows
}
# What the server, the database or the role may set otherwise, and what statements here depend on. What an administrator
# sets on purpose is left alone: search_path, default_transaction_read_only, session_replication_role.
SESSION = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
    "statement_timeout": "0",  # the service itself gives a statement up, see SECONDS_TO_ANSWER
    "lock_timeout": "0",
    "transaction_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
}
# One statement, which sets only what differs: where nothing does, nothing outlives a transaction. A setting that this
# server does not have yet is NULL.
_SET = (
    "SELECT pg_catalog.set_config(name, value, false) FROM json_each_text(%s) AS wanted (name, value)"
    " WHERE pg_catalog.current_setting(name, true) <> value"
)
ISOLATION = psycopg2.extensions.ISOLATION_LEVEL_READ_COMMITTED
SILENCE = (
    "could not receive data from server: it gave no answer in time"  # words by which SQLAlchemy knows a disconnect
)

_thread = threading.local()
_gone_until = 0.0
_several_hosts = False
_last_host = 0


def connect_to_any(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> Any:
    """Connect to the first of several hosts that answers, beginning with the one of last time.

    libpq tries them itself, but waits for a silent one for as long as the caller does. A host that is not what
    `target_session_attrs` asks for is passed over. None: there is one host, and the driver connects as usual.
    """
    global _gone_until, _several_hosts, _last_host
    hosts = str(options.get("host") or "").split(",")
    ports = str(options.get("port") or "5432").split(",")
    _several_hosts = len(hosts) > 1
    if not _several_hosts:
        return None
    if time.monotonic() < _gone_until:
        raise psycopg2.OperationalError(SILENCE)
    found: Exception = psycopg2.OperationalError(SILENCE)
    for index in (number % len(hosts) for number in range(_last_host, _last_host + len(hosts))):
        try:
            one = {"host": hosts[index], "port": ports[index % len(ports)]}
            connection = psycopg2.connect(**{**options, **one})
        except psycopg2.OperationalError as error:
            found = error
        else:
            _last_host = index
            return connection
    if SILENCE in str(found):
        _gone_until = time.monotonic() + SECONDS_A_SILENCE_COUNTS
    raise found


def set_up_session(connection: Any, _record: Any = None) -> None:
    """Override settings of the server, the database and the role at a new connection, with one round trip.

    PgBouncer in transaction mode keeps most of this for one server connection only. There the times are converted by
    `core.columns`, a transaction names its isolation level in its BEGIN (no further round trip), and a statement
    outside transactions that fails by concurrency is repeated (`database.retried`).
    """
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(_SET, [json.dumps(SESSION)])
    connection.autocommit = False
    connection.isolation_level = ISOLATION


def switch_autocommit(connection: Any, on: bool) -> None:
    """Switch autocommit without a round trip.

    psycopg2 sends a SET if a level is set, so the level is removed first. Raises OperationalError if the connection is
    dead.
    """
    if on:
        connection.isolation_level = None
        connection.autocommit = True
    else:
        connection.autocommit = False
        connection.isolation_level = ISOLATION


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """How long this thread waits for an answer of PostgreSQL."""
    before = getattr(_thread, "patience", None)
    _thread.patience = seconds
    try:
        yield
    finally:
        _thread.patience = before


def _wait(connection: Any) -> None:
    """Give a server that has gone silent up, as one that has gone away: the driver by itself would wait for ever.

    Silence to a greeting or a ping counts for everybody for a second, so that not each request finds out by itself.
    """
    global _gone_until
    connecting = connection.status == psycopg2.extensions.STATUS_SETUP
    asked = getattr(_thread, "patience", None) or SECONDS_TO_ANSWER
    seconds = min(asked, SECONDS_TO_CONNECT) if connecting else asked  # a migration too waits for a statement alone
    greeting = (connecting or seconds == SECONDS_TO_PING) and not _several_hosts
    if greeting and time.monotonic() < _gone_until:
        raise psycopg2.OperationalError(SILENCE)
    while (state := connection.poll()) != psycopg2.extensions.POLL_OK:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN if state == psycopg2.extensions.POLL_READ else select.POLLOUT)
        if not poll.poll(seconds * 1000):
            if greeting:
                _gone_until = time.monotonic() + SECONDS_A_SILENCE_COUNTS
            raise psycopg2.OperationalError(SILENCE)


psycopg2.extensions.set_wait_callback(_wait)
