"""Delete accounts whose email address was never verified, where verification is required: they squat the address."""

from datetime import timedelta

from sqlalchemy import select

import audit
import database
import models
from accounts import deletion
from authorization import roles
from credentials import lookup
from models import User
from settings.loading import settings


def run(batch: int) -> int:
    """Delete what is older than UNVERIFIED_ACCOUNT_DAYS, each account in a transaction of its own; returns how many."""
    if settings.email_verification != "required" or not settings.unverified_account_days:
        return 0
    deleted, last = 0, 0
    while ids := _next_ids(last, batch):
        deleted += sum(map(_delete, ids))
        last = ids[-1]
    return deleted


def _next_ids(last: int, batch: int) -> list[int]:
    before = models.now() - timedelta(days=settings.unverified_account_days)
    chosen = (
        select(User.id)
        .where(User.id > last, User.created_at < before)
        .where(User.email_proven_at.is_(None), User.marked_verified_at.is_(None), User.is_verified.is_(False))
        .order_by(User.id)
        .limit(batch)
    )
    return [row.id for row in database.read_all(chosen)]


def _delete(account: int) -> bool:
    with database.transaction() as db, roles.serialized(db):
        user = lookup.lock(db, account)
        if user is None or not user.awaits_verification:
            return False  # verified at this moment
        audit.record(db, audit.SYSTEM, "user.expired", user.user_id)
        deletion.delete(db, user)
    return True
