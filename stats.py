"""The figures of the service, for whoever runs it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, text
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session as Transaction

import database
import errors
import models
from admin_schemas import DayCount, Stats
from models import AccountTally as Tally
from models import AuditEvent, Mail, Session

DAYS = 30
MOST_COUNTED = 10_000  # one by one, whenever the numbers are read
_ACCOUNTS = select(
    *(func.coalesce(func.sum(column), 0).label(column.key) for column in (Tally.users, Tally.active, Tally.verified))
)


def accounts() -> Row[Any]:
    """How many accounts there are, how many of them are active, and how many verified."""
    return database.read_all(_ACCOUNTS)[0]


def measured() -> dict[str, float]:
    """What only the database knows, for the metrics: by a statement that stays cheap with millions of rows, apart from the requests."""
    now = models.now()
    try:
        (row,) = database.read_apart(_measured(now))
        sessions = row.sessions if row.sessions <= MOST_COUNTED else _about_how_many_sessions(now)
    except (errors.Unavailable, DBAPIError, TimeoutError):
        return {"credential_database_up": 0}
    return {
        "credential_database_up": 1,
        "credential_accounts": float(row.accounts),
        "credential_sessions": float(sessions),
        "credential_outbox_waiting": float(row.waiting),
        "credential_outbox_oldest_seconds": max(0.0, (now - row.oldest).total_seconds()) if row.oldest else 0.0,
    }


def _measured(now: datetime) -> Select[Any]:
    waits = select(Mail.queued_at).where(Mail.sent_at.is_(None), Mail.gave_up_at.is_(None))
    mails = waits.order_by(Mail.due_at).limit(MOST_COUNTED).subquery()
    living = select(Session.id).where(Session.expires_at > now).limit(MOST_COUNTED + 1).subquery()
    return select(
        _ACCOUNTS.with_only_columns(_ACCOUNTS.selected_columns.users).scalar_subquery().label("accounts"),
        select(func.count()).select_from(living).scalar_subquery().label("sessions"),
        func.count().label("waiting"),
        func.min(mails.c.queued_at).label("oldest"),
    ).select_from(mails)


def _about_how_many_sessions(now: datetime) -> int:
    if database.engine.dialect.name == "sqlite":
        return int(database.read_apart(select(func.count()).where(Session.expires_at > now))[0][0])
    size = text("SELECT reltuples FROM pg_class WHERE oid = 'sessions'::regclass")
    return int(max(database.read_apart(size)[0][0], MOST_COUNTED))


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
