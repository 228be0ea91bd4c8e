"""Create the superuser that the settings define."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import database
import email_utils
import models
import schemas
from accounts import registration
from authorization import roles
from credentials import passwords
from models import AuditEvent, SetupStep, User
from settings.loading import settings
from telemetry import logs

log = logs.logger()
SECONDS_TO_START = 60


def ensure(db: Session) -> None:
    """Create the superuser that the settings define, once. A deleted superuser is not created again.

    If several processes start at once, a row in `setup_steps` lets exactly one create it. In production the superuser
    is created only if both its id and its email address are set.
    """
    if not settings.makes_superuser:
        return
    first = _is_first(db)  # before the query: it waits for another process that creates the superuser
    exists = db.scalar(select(User.id).where(User.user_id == settings.superuser_user_id)) is not None
    if exists:
        if not first and settings.superuser_password and not _was_just_created(db):
            log.warning("SUPERUSER_PASSWORD has no effect, because the superuser already exists")
        return
    if not first:
        log.warning("SUPERUSER_USER_ID: the superuser was deleted and is not created again")
        return
    user = User(
        user_id=settings.superuser_user_id,
        email=settings.superuser_email,
        canonical_email=schemas.canonical_email(settings.superuser_email),
        username=settings.superuser_user_id,
        hashed_password=passwords.hash(settings.superuser_password) if settings.superuser_password else None,
        is_verified=True,
        marked_verified_at=models.now(),
    )
    if registration.insert(db, user, "user", "superuser"):
        audit.record(db, audit.SYSTEM, "user.created", user.user_id)
    else:
        log.warning("SUPERUSER_EMAIL: no superuser was created, because another account has this email address")


def _is_first(db: Session) -> bool:
    """Record that this process creates the superuser, and return False if that was recorded before."""
    done = database.upsert(SetupStep.__table__).values(name=_step(), done_at=models.now())
    inserted = db.execute(done.on_conflict_do_nothing().returning(SetupStep.name)).scalar() is not None
    # Releases without this table recorded the creation only in the audit log.
    deleted = select(AuditEvent.id).where(
        AuditEvent.user_id == settings.superuser_user_id, AuditEvent.action == "user.deleted"
    )
    return inserted and db.scalar(deleted.limit(1)) is None


def _step() -> str:
    return f"superuser {settings.superuser_user_id}"


def _was_just_created(db: Session) -> bool:
    """Return whether another worker that starts with this one has created the superuser."""
    done = db.scalar(select(SetupStep.done_at).where(SetupStep.name == _step()))
    return done is not None and models.now() - done < timedelta(seconds=SECONDS_TO_START)


def notify_of_new(db: Session, user: User) -> None:
    """Notify all superusers, including the new one, even if their address was only marked as verified."""
    superusers = roles.with_any_role(roles.superuser_roles(roles.catalogue(db)))
    others = select(User).where(superusers, User.is_active, User.id != user.id)
    for recipient in [user, *db.scalars(others)]:
        known = bool(recipient.email_was_verified or recipient.marked_verified_at)
        email_utils.queue(db, "new_superuser", recipient, verified=known, email=user.email, user_id=user.user_id)
