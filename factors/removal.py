"""Remove the factors of an account that an attacker may have taken over, immediately or after a delay.

Access to the mailbox alone must not be sufficient. Without a factor, they are removed only if none of them is used for
72 hours after a notice.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import audit
import database
import email_utils
import models
from core import batches
from core.client_address import CallerInfo
from credentials import lookup
from factors import management, recovery_codes
from factors.models import Factor, FactorProfile
from models import User

HOURS_UNTIL_REMOVAL = 72
BY_RECOVERY_CODE = "recovery_code"


def secure(db: Session, caller: CallerInfo, user: User, proven: str | None) -> None:
    """Remove the factors of a locked account except the one that its owner has just used.

    proven: the id of that factor, `BY_RECOVERY_CODE`, or None to remove all factors after 72 hours.
    """
    if proven is None:
        due = models.now() + timedelta(hours=HOURS_UNTIL_REMOVAL)
        recovery_codes.profile(db, user).removal_due_at = due
        audit.record(db, caller, "factors.removal_scheduled", user.user_id, actor_id=user.user_id)
        email_utils.queue(db, "factors_removal_scheduled", user, hours=HOURS_UNTIL_REMOVAL)
        return
    others = select(Factor).where(Factor.account_id == user.id, Factor.id != proven)
    for factor in db.scalars(others).all():
        management.remove_factor(db, caller, user, factor, actor_id=user.user_id)
    if user.has_factors:  # an attacker may have copied the codes
        recovery_codes.forget(db, user)


def cancel(db: Session, user: User) -> None:
    """Cancel the scheduled removal, because the owner still has a factor."""
    due = (FactorProfile.account_id == user.id, FactorProfile.removal_due_at.is_not(None))
    db.execute(update(FactorProfile).where(*due).values(removal_due_at=None))


def remove_due(batch: int) -> int:
    """Remove the factors whose removal is due, in batches, and return the number of accounts."""
    removed, last = 0, 0
    due = select(FactorProfile.account_id).where(FactorProfile.removal_due_at < models.now())
    for _ in batches.turns():
        later = due.where(FactorProfile.account_id > last).order_by(FactorProfile.account_id)
        if not (rows := database.read_all(later.limit(batch))):
            break
        removed += sum(_remove_if_due(row.account_id) for row in rows)
        last = rows[-1].account_id
    return removed


def _remove_if_due(account: int) -> bool:
    with database.transaction() as db:
        user = lookup.lock(db, account)
        profile = db.get(FactorProfile, account) if user else None
        # A login may have canceled it while this waited for the lock.
        is_due = profile is not None and profile.removal_due_at is not None and profile.removal_due_at < models.now()
        if user is not None and is_due:
            management.reset(db, audit.SYSTEM, user, actor_id=None)
        return is_due
