"""The figures of the service, for whoever runs it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import Session as Transaction

import database
import models
from admin_schemas import DayCount, Stats
from models import AccountTally as Tally
from models import AuditEvent, Session

DAYS = 30
_ACCOUNTS = select(
    *(func.coalesce(func.sum(column), 0).label(column.key) for column in (Tally.users, Tally.active, Tally.verified))
)


def accounts() -> Row[Any]:
    """How many accounts there are, how many of them are active, and how many verified."""
    return database.read_all(_ACCOUNTS)[0]


def add_up(db: Transaction) -> None:
    """Make one row of the tallies. Whatever others add meanwhile stays for the next time."""
    rows = db.execute(delete(Tally).returning(Tally.users, Tally.active, Tally.verified)).all()
    if rows:
        users, active, verified = map(sum, zip(*rows, strict=True))
        db.add(Tally(users=users, active=active, verified=verified))


def now() -> Stats:
    """Accounts and sessions at this moment, and sign-ups and logins of the last 30 days."""
    moment = models.now()
    first = moment.date() - timedelta(days=DAYS - 1)
    living = database.read_all(select(func.count()).select_from(Session).where(Session.expires_at > moment))[0][0]
    return Stats(
        **accounts()._mapping,
        sessions=living,
        signups=_by_day("user.signed_up", first),
        logins=_by_day("user.logged_in", first),
    )


def _by_day(action: str, first: date) -> list[DayCount]:
    """How often on each day from the first one to today, in UTC; a day with none is there too."""
    at, start = AuditEvent.at, datetime.combine(first, time(), UTC)
    day = func.date(at if database.engine.dialect.name == "sqlite" else func.timezone("UTC", at)).label("day")
    chosen = (AuditEvent.action == action, at >= start)
    rows = database.read_all(select(day, func.count().label("times")).where(*chosen).group_by(day))
    counted = {str(row.day): row.times for row in rows}
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [DayCount(date=day, count=counted.get(day.isoformat(), 0)) for day in days]
