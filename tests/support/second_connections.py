"""Find threads that check out a second connection of the request pool while they hold one.

There are as many threads as connections. Threads that wait for a second one could all wait for each other.
"""

import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

import database

_held: Counter[int] = Counter()  # by thread
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
    with _lock:
        if _held[thread]:
            _found.append("".join(traceback.format_stack(limit=25)))
        _held[thread] += 1
    record.info["held_by"] = thread


@event.listens_for(Pool, "checkin")
def _checked_in(_connection: Any, record: Any) -> None:
    if (thread := record.info.pop("held_by", None)) is not None:
        with _lock:
            _held[thread] -= 1
