"""Define column types and indexes that behave the same on PostgreSQL and SQLite."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from settings.loading import settings

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite generates only INTEGER keys
# Arguments for one database are left out for the other one, because SQLAlchemy would load its dialect to check them.
WITH_NEW_IDS = {"sqlite_autoincrement": True} if settings.sqlite else {}  # without it, ids of deleted rows return


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
    dialect = "sqlite" if settings.sqlite else "postgresql"
    return {f"{dialect}_where": text(condition)}
