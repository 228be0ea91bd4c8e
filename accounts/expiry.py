"""Delete accounts whose email address was not verified in time, if verification is required."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from accounts import deletion
from authorization import roles
from credentials import lookup
from models import AuditEvent, SetupStep, User
from settings.loading import settings

STEP = "verification required"
RELEVANT_EVENTS = (
    "user.signed_up",
    "email.verified",
    "email.changed",
    "email.marked_verified",
    "email.marked_unverified",
)


def run(batch: int) -> int:
    """Delete unverified accounts older than UNVERIFIED_ACCOUNT_DAYS, each in its own transaction.

    Accounts that signed up before verification was required are excluded, because they may be in use.

    Returns: the number of deleted accounts.
    """
    required_since = _required_since(settings.email_verification == "required")
    if required_since is None or not settings.unverified_account_days:
        return 0
    deleted, last = 0, 0
    while ids := _next_ids(required_since, last, batch):
        deleted += sum(map(_delete, ids))
        last = ids[-1]
    return deleted


def _required_since(required: bool) -> datetime | None:
    """Return the time since which cleanup has continuously observed that verification is required."""
    with database.transaction() as db:
        if not required:
            db.execute(delete(SetupStep).where(SetupStep.name == STEP))
            return None
        step = database.upsert(SetupStep.__table__).values(name=STEP, done_at=models.now())
        db.execute(step.on_conflict_do_nothing())
        return db.execute(select(SetupStep.done_at).where(SetupStep.name == STEP)).scalar_one()


def _next_ids(required_since: datetime, last: int, batch: int) -> list[int]:
    before = models.now() - timedelta(days=settings.unverified_account_days)
    chosen = (
        select(User.id)
        .where(User.id > last, User.created_at >= required_since, User.created_at < before)
        .where(User.email_proven_at.is_(None), User.marked_verified_at.is_(None), User.is_verified.is_(False))
        .where(User.first_verified_at.is_(None))
        .order_by(User.id)
        .limit(batch)
    )
    return [row.id for row in database.read_all(chosen)]


def _delete(account: int) -> bool:
    try:
        with database.transaction() as db, roles.serialized(db):
            user = lookup.lock(db, account)
            if user is None or not user.awaits_verification or not _never_verified(db, user):
                return False
            audit.record(db, audit.SYSTEM, "user.expired", user.user_id)
            deletion.delete(db, user)
    except errors.LastSuperuser:
        return False  # kept; the next account is tried
    return True


def _never_verified(db: Session, user: User) -> bool:
    """Return whether an account was created by sign-up, and was neither verified nor changed by an administrator.

    An account whose verification an administrator removed may be in use. Invited and imported accounts did not sign up.
    """
    actions = select(AuditEvent.action).where(
        AuditEvent.user_id == user.user_id, AuditEvent.action.in_(RELEVANT_EVENTS)
    )
    return set(db.scalars(actions)) == {"user.signed_up"}
