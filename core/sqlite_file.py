"""Set up the connections to a SQLite file: private, durable, and with a lock from the begin of a transaction on."""

import os
from contextlib import suppress
from typing import Any

import sqlalchemy
from sqlalchemy import Connection

SECONDS_TO_WAIT = 15
OPTIONS: dict[str, Any] = {"check_same_thread": False, "timeout": SECONDS_TO_WAIT}


def create_private(url: str) -> None:
    """Create the file so that only this user can read it. SQLite gives its log files the same permissions."""
    path = sqlalchemy.make_url(url).database
    if url.startswith("sqlite") and path and not path.startswith("file:"):
        with suppress(OSError):  # if it cannot be created, the first connection reports the error
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def set_up(connection: Any, _record: Any) -> None:
    """Set up a new connection."""
    connection.isolation_level = None  # the driver issues BEGIN too late, see begin_immediate
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def begin_immediate(connection: Connection) -> None:
    """Begin a transaction with the lock of a writer."""
    # With a plain BEGIN, two transactions that read and then write fail with SQLITE_BUSY instead of waiting.
    if not connection.get_execution_options().get("single"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
