"""Assign roles to an account, record the change, and announce a new superuser."""

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import models
from accounts import superuser
from authorization import roles
from core.client_address import CallerInfo
from models import User, UserRole
from sessions import sessions


def assign(db: Session, caller: CallerInfo, user: User, names: list[str], *, actor_id: str | None = None) -> None:
    """Replace the roles of a locked account. Call it inside `roles.serialized`.

    Every superuser is notified of a new one. Raises ValidationFailed for an unknown role, or if the roles do not fit in
    an access token.
    """
    known = roles.catalogue(db)
    roles.require_known(names, known, "roles")
    roles.require_fit(names, "roles")
    before, after = set(user.roles), set(names)
    if before == after:
        return
    becomes_superuser = roles.rights(after, known).superuser and not roles.rights(before, known).superuser
    for role in db.scalars(select(UserRole).where(UserRole.account_id == user.id, UserRole.role.not_in(after))):
        db.delete(role)
    db.add_all(UserRole(account_id=user.id, role=name) for name in after - before)
    user.updated_at = models.now()
    db.flush()
    db.refresh(user)
    sessions.end_impersonation(db, user)
    audit.record(
        db, caller, "user.roles_changed", user.user_id, actor_id=actor_id, roles=user.roles, before=sorted(before)
    )
    if becomes_superuser:
        superuser.notify_of_new(db, user)
