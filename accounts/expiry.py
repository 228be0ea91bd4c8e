"""Delete accounts whose email address was not verified in time, if verification is required."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, literal, select
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from accounts import deletion
from authorization import roles
from core import batches
from credentials import lookup
from models import AuditEvent, SetupStep, User
from settings.loading import settings

STEP = "verification required"
SIGN_UP = "user.signed_up"
CHANGES = ("email.verified", "email.changed", "email.marked_verified", "email.marked_unverified")
_looked_to = 0  # the last account that a run of this process has looked at, unless it looked at all


def run(batch: int) -> int:
    """Delete unverified accounts older than UNVERIFIED_ACCOUNT_DAYS, each in its own transaction.

    Accounts that signed up before verification was required are excluded, because they may be in use.

    Returns: the number of deleted accounts.
    """
    required_since = _required_since(settings.email_verification == "required")
    if required_since is None or not settings.unverified_account_days:
        return 0
    found = zip(batches.turns(), _expired(required_since, batch), strict=False)
    return sum(account is not None and _delete(account) for _, account in found)


def _required_since(required: bool) -> datetime | None:
    """Return the time since which cleanup has continuously observed that verification is required."""
    with database.transaction() as db:
        if not required:
            db.execute(delete(SetupStep).where(SetupStep.name == STEP))
            return None
        step = database.upsert(SetupStep.__table__).values(name=STEP, done_at=models.now())
        db.execute(step.on_conflict_do_nothing())
        return db.execute(select(SetupStep.done_at).where(SetupStep.name == STEP)).scalar_one()


def _expired(required_since: datetime, batch: int) -> Iterator[int | None]:
    """Read unverified accounts in batches, and yield those that did nothing but sign up, or None for a batch without.

    The others are skipped without a transaction: there may be millions, such as invited or imported accounts. A run
    therefore begins where the time of the last one was over, and then at the first account.
    """
    for last in dict.fromkeys((_looked_to, 0)):
        yield from _expired_after(last, required_since, batch)


def _expired_after(last: int, required_since: datetime, batch: int) -> Iterator[int | None]:
    global _looked_to
    before = models.now() - timedelta(days=settings.unverified_account_days)
    chosen = (
        select(User.id, User.user_id)
        .where(User.created_at >= required_since, User.created_at < before)
        .where(User.email_proven_at.is_(None), User.marked_verified_at.is_(None), User.is_verified.is_(False))
        .where(User.first_verified_at.is_(None))
        .order_by(User.id)
        .limit(batch)
    )
    while True:
        # Of a batch: with a condition on all accounts, PostgreSQL may read all sign-ups in the audit log first.
        page = chosen.where(User.id > last).subquery()
        rows = database.read_all(
            select(page.c.id, _only_signed_up(page.c.user_id).label("only_signed_up")).order_by(page.c.id)
        )
        if not rows:
            _looked_to = 0
            return
        last = rows[-1].id
        found = [row.id for row in rows if row.only_signed_up]
        for account in found:
            _looked_to = account
            yield account
        if not found:
            _looked_to = last
            yield None
        if len(rows) < batch:
            _looked_to = 0
            return


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
    """Return whether an account was created by sign-up, and was neither verified nor changed by an administrator."""
    return bool(db.scalar(select(_only_signed_up(literal(user.user_id)))))


def _only_signed_up(user_id: Any) -> ColumnElement[bool]:
    """Return the condition that an account signed up, and that nothing was recorded about its verification since.

    An account whose verification an administrator removed may be in use. Invited and imported accounts did not sign up.
    """
    signed_up = exists().where(AuditEvent.user_id == user_id, AuditEvent.action == SIGN_UP)
    changed = exists().where(AuditEvent.user_id == user_id, AuditEvent.action.in_(CHANGES))
    return and_(signed_up, ~changed)
