"""Notify owners a week before an API key ends."""

from datetime import timedelta

from sqlalchemy import select, update

import database
import email_utils
import models
from api_keys.models import ApiKey
from core import batches
from credentials import lookup

DAYS_BEFORE_END = 7


def send(batch: int) -> int:
    """Queue the emails that are due, once for each key, and return how many keys they are about.

    A key that was created less than a week before its end has none: the owner was told of its end just then.
    """
    return batches.repeat(lambda: _send_some(batch), batch)


def _send_some(batch: int) -> int:
    now, week = models.now(), timedelta(days=DAYS_BEFORE_END)
    due = select(ApiKey.id, ApiKey.account_id).where(
        ApiKey.expires_at > now, ApiKey.expires_at <= now + week, ApiKey.reminded_at.is_(None)
    )
    rows = database.read_all(due.order_by(ApiKey.expires_at).limit(batch))
    for row in rows:
        with database.transaction() as db:
            user = lookup.lock(db, row.account_id)
            claim = update(ApiKey).where(ApiKey.id == row.id, ApiKey.reminded_at.is_(None)).values(reminded_at=now)
            found = db.execute(claim.returning(ApiKey.name, ApiKey.expires_at, ApiKey.created_at)).first()
            if user and found and user.is_active and found.expires_at - found.created_at > week:
                at = found.expires_at.isoformat()
                email_utils.queue(db, "api_key_expires", user, name=found.name, at=at)
    return len(rows)
