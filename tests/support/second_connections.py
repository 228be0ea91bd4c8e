"""Find threads that check out a second connection of the request pool while they hold one.

There are as many threads as connections. Threads that wait for a second one could all wait for each other.
"""

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

import database
from telemetry import logs

_holders: dict[Any, tuple[int, str]] = {}  # the thread and request of each connection that is in use
_lock = threading.Lock()
_found: list[str] = []


@contextmanager
def forbidden() -> Iterator[None]:
    """Raise AssertionError at the end if a thread of the service did so. Tests may: they have the main thread."""
    _found.clear()
    yield
    assert not _found, "a thread used two connections at once:\n" + "\n".join(_found)


@event.listens_for(Pool, "checkout")
def _checked_out(_connection: Any, record: Any, proxy: Any) -> None:
    thread = threading.get_ident()
    if proxy._pool is not database.engine.pool or thread == threading.main_thread().ident:
        return
    # Another thread may end the transaction of a request while this one has begun the next request.
    holder = thread, logs._request.get({}).get("request_id", "")
    with _lock:
        _holders.pop(record, None)  # checked out again, because its server was gone
        if holder in _holders.values():
            _found.append("".join(traceback.format_stack(limit=25)))
        _holders[record] = holder


@event.listens_for(Pool, "checkin")
def _checked_in(_connection: Any, record: Any) -> None:
    with _lock:
        _holders.pop(record, None)
