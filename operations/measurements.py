"""Read the Prometheus metrics that come from the database, such as accounts, sessions and queued emails."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.exc import DBAPIError, TimeoutError

import database
import errors
import models
from accounts import tallies
from events.models import Event
from models import Mail, Session
from webhooks.models import WebhookEndpoint

MOST_COUNTED = 10_000  # rows counted exactly at each scrape; above it, the number of sessions is an estimate


def measured() -> dict[str, float]:
    """Return the values of the metrics by name.

    One statement reads them all on the probe connection. Its cost is bounded even with millions of rows.
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
        "credential_events_oldest_seconds": max(0.0, (now - row.unsequenced).total_seconds())
        if row.unsequenced
        else 0.0,
        "credential_webhooks_failing": float(row.failing),
    }


def _measured(now: datetime) -> Select[Any]:
    # Merged notices are queued for a later time, and do not count as waiting before it.
    waits = select(Mail.queued_at).where(Mail.sent_at.is_(None), Mail.gave_up_at.is_(None), Mail.queued_at <= now)
    mails = waits.order_by(Mail.due_at).limit(MOST_COUNTED).subquery()
    # Emails that wait for a retry have a later due time, so one failing recipient does not affect this metric.
    links = select(func.min(Mail.due_at)).where(Mail.sent_at.is_(None), Mail.gave_up_at.is_(None), Mail.priority == 0)
    unsequenced = select(Event.created_at).where(Event.position.is_(None)).order_by(Event.id).limit(1)
    failing = select(func.count()).where(
        or_(WebhookEndpoint.failing_since.is_not(None), WebhookEndpoint.disabled_reason.is_not(None))
    )
    living = select(Session.id).where(Session.expires_at > now).limit(MOST_COUNTED + 1).subquery()
    return select(
        tallies.TOTALS.with_only_columns(tallies.TOTALS.selected_columns.users).scalar_subquery().label("accounts"),
        select(func.count()).select_from(living).scalar_subquery().label("sessions"),
        func.count().label("waiting"),
        func.min(mails.c.queued_at).label("oldest"),
        links.scalar_subquery().label("oldest_link"),
        unsequenced.scalar_subquery().label("unsequenced"),
        failing.scalar_subquery().label("failing"),
    ).select_from(mails)


def _about_how_many_sessions(now: datetime) -> int:
    if database.engine.dialect.name == "sqlite":
        return int(database.read_separately(select(func.count()).where(Session.expires_at > now))[0][0])
    size = text("SELECT reltuples FROM pg_class WHERE oid = 'sessions'::regclass")
    return int(max(database.read_separately(size)[0][0], MOST_COUNTED))
