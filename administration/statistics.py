"""Compute account statistics for administrators."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

import database
import models
from accounts import tallies
from models import AuditEvent, Session
from schemas_admin import DayCount, Stats

DAYS = 30


def current() -> Stats:
    """Return the number of accounts and sessions, and the sign-ups and logins of the last 30 days."""
    now = models.now()
    first = now.date() - timedelta(days=DAYS - 1)
    sessions = database.read_all(select(func.count()).select_from(Session).where(Session.expires_at > now))[0][0]
    return Stats(
        **tallies.totals()._mapping,
        sessions=sessions,
        signups=_by_day("user.signed_up", first),
        logins=_by_day("user.logged_in", first),
    )


def _by_day(action: str, first: date) -> list[DayCount]:
    """Count events for each day from the first to today, in UTC, including days without any."""
    at, start = AuditEvent.at, datetime.combine(first, time(), UTC)
    day = func.date(at if database.engine.dialect.name == "sqlite" else func.timezone("UTC", at)).label("day")
    chosen = (AuditEvent.action == action, at >= start)
    rows = database.read_all(select(day, func.count().label("number")).where(*chosen).group_by(day))
    counted = {str(row.day): row.number for row in rows}
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [DayCount(date=day, count=counted.get(day.isoformat(), 0)) for day in days]
