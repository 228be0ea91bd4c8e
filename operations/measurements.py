"""Measure for Prometheus what only the database knows, such as accounts, sessions, and emails waiting."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import DBAPIError, TimeoutError

import database
import errors
import models
from accounts import tallies
from models import Mail, Session

MOST_COUNTED = 10_000  # one by one, whenever the numbers are read


def measured() -> dict[str, float]:
    """What only the database knows, for the metrics.

    By a statement that stays cheap with millions of rows, apart from the requests.
    """
    now = models.now()
    try:
        (row,) = database.read_separately(_measured(now))
        sessions = row.sessions if row.sessions <= MOST_COUNTED else _about_how_many_sessions(now)
    except (errors.Unavailable, DBAPIError, TimeoutError):
        return {"credential_database_up": 0}
    return {
        "credential_database_up": 1,
        "credential_accounts": float(row.accounts),
        "credential_sessions": float(sessions),
        "credential_outbox_waiting": float(row.waiting),
        "credential_outbox_oldest_seconds": max(0.0, (now - row.oldest).total_seconds()) if row.oldest else 0.0,
        "credential_outbox_oldest_link_seconds": max(0.0, (now - row.oldest_link).total_seconds())
        if row.oldest_link
        else 0.0,
    }


def _measured(now: datetime) -> Select[Any]:
    # Merged notices are queued for later, and do not wait until then.
    waits = select(Mail.queued_at).where(Mail.sent_at.is_(None), Mail.gave_up_at.is_(None), Mail.queued_at <= now)
    mails = waits.order_by(Mail.due_at).limit(MOST_COUNTED).subquery()
    # What waits for a retry of its own recipient is due later, and says nothing of the others.
    links = select(func.min(Mail.due_at)).where(Mail.sent_at.is_(None), Mail.gave_up_at.is_(None), Mail.priority == 0)
    living = select(Session.id).where(Session.expires_at > now).limit(MOST_COUNTED + 1).subquery()
    return select(
        tallies.TOTALS.with_only_columns(tallies.TOTALS.selected_columns.users).scalar_subquery().label("accounts"),
        select(func.count()).select_from(living).scalar_subquery().label("sessions"),
        func.count().label("waiting"),
        func.min(mails.c.queued_at).label("oldest"),
        links.scalar_subquery().label("oldest_link"),
    ).select_from(mails)


def _about_how_many_sessions(now: datetime) -> int:
    if database.engine.dialect.name == "sqlite":
        return int(database.read_separately(select(func.count()).where(Session.expires_at > now))[0][0])
    size = text("SELECT reltuples FROM pg_class WHERE oid = 'sessions'::regclass")
    return int(max(database.read_separately(size)[0][0], MOST_COUNTED))
