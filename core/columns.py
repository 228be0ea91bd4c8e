"""Define column types and indexes that behave the same on PostgreSQL and SQLite."""

import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from settings.loading import settings

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite generates only INTEGER keys
# Arguments for the other database are left out, because SQLAlchemy would load its dialect to check them. Alembic's
# command line writes migrations for both.
_BOTH = "alembic.config" in sys.modules
POSTGRESQL, SQLITE = _BOTH or not settings.sqlite, _BOTH or settings.sqlite
WITH_NEW_IDS = {"sqlite_autoincrement": True} if SQLITE else {}  # without it, ids of deleted rows return


class UtcDateTime(TypeDecorator[datetime]):
    """A timestamp in UTC. SQLite returns naive values, PostgreSQL returns values in the time zone of its session."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class RoleNames(TypeDecorator[list[str]]):
    """The role names of an account, which the database returns as comma-separated text."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str]:
        return sorted(value.split(",")) if value else []


def rows_where(condition: str) -> Any:
    """Return the arguments of an index that contains only the rows that meet a condition."""
    names = ["postgresql_where"] * POSTGRESQL + ["sqlite_where"] * SQLITE
    return dict.fromkeys(names, text(condition))


def for_prefixes(column: str) -> Any:
    """Return the arguments of an index for prefix searches, for which PostgreSQL cannot use others in every locale."""
    return {"postgresql_ops": {column: "text_pattern_ops"}} if POSTGRESQL else {}
