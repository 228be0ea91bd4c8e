"""Create the superuser that the settings name."""

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import database
import models
import schemas
from accounts import registration
from credentials import passwords
from models import AuditEvent, User
from settings.loading import settings
from telemetry import logs

log = logs.logger()


def ensure(db: Session) -> None:
    """Make the superuser of the settings, unless it is there.

    Any number of starts may do so at once: the constraint decides.
    """
    its_id = select(User.id).where(User.user_id == settings.superuser_user_id)
    if database.read(its_id):
        return
    if database.read(
        select(AuditEvent.id).where(
            AuditEvent.user_id == settings.superuser_user_id, AuditEvent.action == "user.deleted"
        )
    ):
        log.warning("the superuser of SUPERUSER_USER_ID was deleted, and is not made again")
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
    elif db.scalar(its_id) is None:
        log.warning("no superuser was made: another account has the address of SUPERUSER_EMAIL")
