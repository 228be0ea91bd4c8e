"""Compute account statistics for administrators."""

from typing import NamedTuple

from sqlalchemy import func, select

import database
import models
from accounts import tallies
from administration import counted_days
from models import AuditEvent
from schemas_admin import DayCount, Stats
from sessions import counting


def current() -> Stats:
    """Return the number of accounts and sessions, and the sign-ups and logins of the last 30 days."""
    now, counted = models.now(), counted_days.stored()
    some = database.read_all(select(counting.some_active(now)))[0][0]
    return Stats(
        **tallies.totals()._mapping,
        sessions=counting.active(now, some),
        signups=counted_days.by_day("sign_ups", counted),
        logins=counted_days.by_day("logins", counted),
    )


class Days(NamedTuple):
    """The last 30 days, oldest first, in UTC. `active_users` is the number of users who logged in on any of them."""

    signups: list[DayCount]
    logins: list[DayCount]
    failures: list[DayCount]
    active: list[DayCount]
    active_users: int


def by_day() -> Days:
    """Return the sign-ups, logins, failed logins and active users of the last 30 days.

    Active users are counted in the audit log: the sum of two periods is not the number of both together.
    """
    counted, days = counted_days.stored(), counted_days.last_days()
    start, users = counted_days.start_of(days[0]), func.count(func.distinct(AuditEvent.user_id))
    active = counted_days.in_log("user.logged_in", start, users)
    logged_in = (AuditEvent.action == "user.logged_in", AuditEvent.at >= start)
    return Days(
        counted_days.by_day("sign_ups", counted),
        counted_days.by_day("logins", counted),
        counted_days.by_day("failed_logins", counted),
        [DayCount(date=day, count=active.get(day, 0)) for day in days],
        database.read_all(select(users).where(*logged_in))[0][0],
    )
