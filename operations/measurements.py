"""Read the Prometheus metrics that come from the database, such as accounts, sessions and queued emails."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import DBAPIError, TimeoutError

import database
import errors
import models
from accounts import tallies
from events.models import Event
from models import Mail
from sessions import counting
from webhooks.models import WebhookEndpoint

MOST_COUNTED = 10_000  # emails counted exactly at each scrape


def measured() -> dict[str, float]:
    """Return the values of the metrics by name.

    One statement reads them all on the probe connection. Its cost is bounded even with millions of rows.
    """
    now = models.now()
    try:
        (row,) = database.read_separately(_measured(now))
        sessions = counting.active(now, row.sessions, database.read_separately)
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
    return select(
        tallies.TOTALS.with_only_columns(tallies.TOTALS.selected_columns.users).scalar_subquery().label("accounts"),
        counting.some_active(now).label("sessions"),
        func.count().label("waiting"),
        func.min(mails.c.queued_at).label("oldest"),
        links.scalar_subquery().label("oldest_link"),
        unsequenced.scalar_subquery().label("unsequenced"),
        failing.scalar_subquery().label("failing"),
    ).select_from(mails)
