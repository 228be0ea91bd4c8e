"""Count sign-ups and logins by day. Cleanup stores the counts, so that only the latest events are counted in the log.

The stored counts and the log agree: audit events are not changed or deleted within the days of the statistics, also
when their account is deleted.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select, type_coerce

import database
import models
from administration.models import CountedDay
from core import batches
from core.columns import UtcDateTime
from models import AuditEvent
from schemas_admin import DayCount

DAYS = 30
MINUTES_UNTIL_COUNTED = 10  # after an event: by then its transaction has ended, also if the clocks of servers differ
STEP = timedelta(hours=1)  # of events that one statement counts; the empty time before the first one is added
ACTIONS = {"sign_ups": "user.signed_up", "logins": "user.logged_in", "failed_logins": "user.login_failed"}
TABLE = CountedDay.__table__


class Counted(NamedTuple):
    """The stored days, and the time until which all events are counted in them."""

    days: Mapping[date, Any]
    to: datetime


def last_days() -> list[date]:
    """Return the last 30 days, oldest first, in UTC."""
    today = models.now().date()
    return [today - timedelta(days=number) for number in reversed(range(DAYS))]


def start_of(day: date) -> datetime:
    """Return the midnight at which a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


def stored() -> Counted:
    """Return the stored counts of the last 30 days, up to the first time that is not counted."""
    days = last_days()
    # With a clock that was wrong, a later time may have been stored: cleanup deletes it.
    chosen = select(*TABLE.columns).where(CountedDay.day >= days[0], CountedDay.counted_to <= models.now())
    rows = {row.day: row for row in database.read_all(chosen)}
    known, to = {}, start_of(days[0])
    for day in days:
        if day not in rows or to < start_of(day):
            break
        known[day], to = rows[day], rows[day].counted_to
    return Counted(known, to)


def by_day(name: str, counted: Counted) -> list[DayCount]:
    """Return the count of each of the last 30 days, also of those without any."""
    later = in_log(ACTIONS[name], counted.to, func.count())
    days = last_days()
    return [
        DayCount(date=day, count=(getattr(counted.days[day], name) if day in counted.days else 0) + later.get(day, 0))
        for day in days
    ]


def in_log(action: str, start: datetime, number: Any) -> dict[date, int]:
    """Count the events of each day in the audit log, from a time on."""
    at = AuditEvent.at
    day = func.date(at if database.engine.dialect.name == "sqlite" else func.timezone("UTC", at)).label("day")
    chosen = select(day, number.label("number")).where(AuditEvent.action == action, at >= start).group_by(day)
    return {date.fromisoformat(str(row.day)): row.number for row in database.read_all(chosen)}


def update() -> int:
    """Store the counts of the events since the last call, and return the number of steps.

    Several processes can do this at once, and it can be interrupted: a step is added only to what it continues.
    """
    now = database.read_all(select(type_coerce(func.now(), UtcDateTime)))[0][0]
    until = min(now, models.now()) - timedelta(minutes=MINUTES_UNTIL_COUNTED)
    start, steps = stored().to, 0
    for _ in batches.turns():
        end = min(start_of(start.date() + timedelta(days=1)), until)
        if end <= start:
            break
        firsts = [at for at in database.read_all(_FIRST, {"start": start, "end": end})[0] if at]
        end = min(min(firsts) + STEP, end) if firsts else end
        if not _add(start, end):
            break
        start, steps = end, steps + 1
    return steps


def _for_each_action(aggregate: Any) -> Select[Any]:
    """Return the statement that aggregates the events of each action between `start` and `end`."""
    within = AuditEvent.at >= bindparam("start"), AuditEvent.at < bindparam("end")
    chosen = {name: select(aggregate).where(AuditEvent.action == action, *within) for name, action in ACTIONS.items()}
    return select(*(each.scalar_subquery().label(name) for name, each in chosen.items()))


_FIRST, _COUNTS = _for_each_action(func.min(AuditEvent.at)), _for_each_action(func.count())


def _add(start: datetime, end: datetime) -> bool:
    """Add the events between two times of a day, unless another process has done so."""
    numbers = database.read_all(_COUNTS, {"start": start, "end": end})[0]._mapping
    new = database.upsert(TABLE).values(day=start.date(), counted_to=end, **numbers)
    sums = {name: TABLE.c[name] + new.excluded[name] for name in ACTIONS}
    added = new.on_conflict_do_update(
        index_elements=["day"], set_={"counted_to": end, **sums}, where=TABLE.c.counted_to == start
    )
    return database.write(added.returning(TABLE.c.day)) is not None
