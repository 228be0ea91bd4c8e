"""Count the active sessions, without reading all of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

import database
from models import Session

MOST_COUNTED = (
    10_000  # above it, PostgreSQL's statistics give an estimate, which includes sessions that expired recently
)


def some_active(now: datetime) -> Any:
    """Return a subquery that counts the active sessions, up to one more than MOST_COUNTED."""
    living = select(Session.id).where(Session.expires_at > now).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(living).scalar_subquery()


def active(now: datetime, counted: int, read: Callable[[Any], Sequence[Any]] = database.read_all) -> int:
    """Return the number of active sessions. `counted` is the result of `some_active`.

    read: runs a statement.
    """
    if counted <= MOST_COUNTED:
        return counted
    if database.engine.dialect.name == "sqlite":
        return int(read(select(func.count()).where(Session.expires_at > now))[0][0])
    size = text("SELECT reltuples FROM pg_class WHERE oid = 'sessions'::regclass")
    return int(max(read(size)[0][0], MOST_COUNTED))
