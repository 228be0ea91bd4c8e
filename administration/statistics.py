"""Compute account statistics for administrators."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

import database
import models
from accounts import tallies
from models import AuditEvent
from schemas_admin import DayCount, Stats
from sessions import counting

DAYS = 30


def current() -> Stats:
    """Return the number of accounts and sessions, and the sign-ups and logins of the last 30 days."""
    now = models.now()
    first = now.date() - timedelta(days=DAYS - 1)
    counted = database.read_all(select(counting.some_active(now)))[0][0]
    return Stats(
        **tallies.totals()._mapping,
        sessions=counting.active(now, counted),
        signups=_by_day("user.signed_up", first),
        logins=_by_day("user.logged_in", first),
    )


class Days(NamedTuple):
    """The last 30 days, oldest first, in UTC. `active_users` is the number of users who logged in on any of them."""

    signups: list[DayCount]
    logins: list[DayCount]
    failures: list[DayCount]
    active: list[DayCount]
    active_users: int


def by_day() -> Days:
    """Return the sign-ups, logins, failed logins and active users of the last 30 days."""
    first = models.now().date() - timedelta(days=DAYS - 1)
    logged_in = (AuditEvent.action == "user.logged_in", AuditEvent.at >= datetime.combine(first, time(), UTC))
    users = func.count(func.distinct(AuditEvent.user_id))
    return Days(
        _by_day("user.signed_up", first),
        _by_day("user.logged_in", first),
        _by_day("user.login_failed", first),
        _by_day("user.logged_in", first, users),
        database.read_all(select(users).where(*logged_in))[0][0],
    )


def _by_day(action: str, first: date, number: Any = None) -> list[DayCount]:
    """Count events for each day from the first to today, in UTC, including days without any."""
    at, start = AuditEvent.at, datetime.combine(first, time(), UTC)
    day = func.date(at if database.engine.dialect.name == "sqlite" else func.timezone("UTC", at)).label("day")
    chosen = (AuditEvent.action == action, at >= start)
    number = func.count() if number is None else number
    rows = database.read_all(select(day, number.label("number")).where(*chosen).group_by(day))
    counted = {str(row.day): row.number for row in rows}
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [DayCount(date=day, count=counted.get(day.isoformat(), 0)) for day in days]
