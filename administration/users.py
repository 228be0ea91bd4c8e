"""Manage other users' accounts: invite, change, disable, delete, assign roles and end sessions.

Privilege rules: administrators cannot change an account with permissions that they lack, or grant permissions that they
lack. The actor's permissions are read again inside the transaction, so a change that removes them takes effect
immediately.
"""

from collections.abc import Iterable
from typing import Any

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import auth
import email_utils
import errors
import models
import schemas
from accounts import (
    deletion,
    email_change,
    password_changes,
    registration,
    role_assignment,
    superuser,
    verification,
)
from authorization import roles
from authorization.roles import Catalogue
from core import capability
from core.client_address import CallerInfo
from credentials import lookup
from models import User
from schemas_admin import NewUser, Role, RoleChange, RolesOfUser, UserChange
from sessions import current_user, reauthentication, revocation, sessions
from sessions.current_user import Current
from settings.loading import settings

CHANGED_FIELDS = UserChange.model_fields.keys() - schemas.Presence.model_fields.keys() | {"roles"}
MAX_ANNOUNCED = 100  # superusers that one role change creates; every superuser is notified of each


def invite(db: Session, caller: CallerInfo, who: Current, body: NewUser) -> schemas.ManagedUser:
    """Create an account without a password, and send its owner a link to choose one. Raises EmailTaken, Forbidden."""
    user = User(
        email=body.email,
        canonical_email=schemas.canonical_email(body.email),
        username=body.username or schemas.display_name_for(body.email),
        is_verified=settings.email_verification == "off",
    )
    current_user.rights_of_actor(db, who, "users:write", roles.catalogue(db))
    if not registration.insert(db, user, "user"):
        raise errors.EmailTaken()
    audit.record(db, caller, "user.created", user.user_id, actor_id=who.user.user_id)
    verification.send_invitation(db, user)
    return auth.managed_user_response(db, user)


def lock_manageable(
    db: Session, who: Current, user_id: str, known: Catalogue | None = None, *, permission: str = "users:write"
) -> User:
    """Lock an account that the actor may manage with their current permissions.

    An API key manages no account of its owner. Raises NotFound, Forbidden, InsufficientScope.
    """
    if user_id == who.user.user_id:
        current_user.reject_key(who)
    user = _lock(db, user_id)
    known = known or roles.catalogue(db)
    if not current_user.rights_of_actor(db, who, permission, known).cover(roles.rights(user.roles, known)):
        raise errors.Forbidden()
    return user


def _lock(db: Session, user_id: str) -> User:
    account = db.scalar(select(User.id).where(User.user_id == user_id))
    user = lookup.lock(db, account) if account else None
    if user is None:
        raise errors.NotFound()
    return user


# --------------------------------------------------------------------------------------------------------------- change


def change(db: Session, caller: CallerInfo, who: Current, user_id: str, body: UserChange) -> schemas.ManagedUser:
    """Change the display name, email address, and active and verified state of an account.

    To change the email address or mark it as not verified requires re-authentication, and the owner is notified.
    Raises ReauthenticationRequired, NotFound, Forbidden (also for the administrator's own email address), EmailTaken,
    LastSuperuser.
    """
    actor_id = who.user.user_id
    if body.email is not None or body.is_verified is not None:
        current_user.reject_key(who)
    if body.email is not None or body.is_verified is False:
        reauthentication.require(db, caller, who, body)
    with roles.serialized(db) as known:
        user = lock_manageable(db, who, user_id, known)
        if body.username is not None and body.username != user.username:
            user.username = body.username
            audit.record(db, caller, "user.renamed", user_id, actor_id=actor_id)
        if body.is_active is not None and body.is_active != user.is_active:
            _set_active(db, caller, actor_id, user, body.is_active)
        if body.email is not None and body.email != user.email:
            _set_email(db, caller, actor_id, user, body)
        unmarked = user.email_proven_at is None and user.marked_verified_at is None
        if body.is_verified is not None and (body.is_verified != user.is_verified or (body.is_verified and unmarked)):
            _set_verified(db, caller, actor_id, user, body.is_verified)
    return auth.managed_user_response(db, user)


def _set_active(db: Session, caller: CallerInfo, actor_id: str | None, user: User, active: bool) -> None:
    user.is_active = active
    if not active:
        revocation.revoke(db, caller, user)
    audit.record(db, caller, "user.enabled" if active else "user.disabled", user.user_id, actor_id=actor_id)


def _set_email(db: Session, caller: CallerInfo, actor_id: str, user: User, body: UserChange) -> None:
    """Set an unverified email address. Raises EmailTaken, and Forbidden for the administrator's own.

    The owner of a verified previous address can undo the change: otherwise an administrator could gain access to an
    account by choosing its mailbox (ASVS 5.0, 6.4.6).
    """
    if user.user_id == actor_id:  # requires verification: `POST /users/me/email`
        raise errors.Forbidden()
    old, old_was_verified, email = user.email, user.email_was_verified, str(body.email)
    same = schemas.canonical_email(email) == user.canonical_email
    email_change.set_email(db, user, email)
    audit.record(db, caller, "email.set", user.user_id, actor_id=actor_id)
    if same:  # only another spelling
        return
    user.email_proven_at = user.marked_verified_at = None
    user.email_set_at = models.now()
    user.is_verified = user.is_verified and settings.email_verification == "off"
    revocation.revoke(db, caller, user)
    email_change.end_links_of_user(db, user)
    revocation.end_all_sessions(db, user, api_keys=True)
    _notify_of_email(db, user, old, old_was_verified, body)


def _notify_of_email(db: Session, user: User, old: str, old_was_verified: bool, body: UserChange) -> None:
    if not capability.login_methods(db, user) and not user.ever_verified:  # invited, and never logged in
        if user.is_active:
            verification.send_invitation(db, user)
        return
    email_change.notify_of_change(db, user, old, can_undo=old_was_verified, by_administrator=True)
    if user.is_active and not user.is_verified and not body.is_verified:
        verification.send_verification(db, user)


def _set_verified(db: Session, caller: CallerInfo, actor_id: str, user: User, verified: bool) -> None:
    known = bool(user.email_was_verified or user.marked_verified_at)
    user.is_verified, user.marked_verified_at = verified, models.now() if verified else None
    if not verified:
        user.email_proven_at = None
        email_utils.queue(db, "email_marked_unverified", user, verified=known)
    action = "email.marked_verified" if verified else "email.marked_unverified"
    audit.record(db, caller, action, user.user_id, actor_id=actor_id)


def set_roles(db: Session, caller: CallerInfo, who: Current, user_id: str, body: RolesOfUser) -> schemas.ManagedUser:
    """Replace the roles of an account. Every superuser is notified of a new one.

    Raises ReauthenticationRequired, NotFound, Forbidden, LastSuperuser, and ValidationFailed for an unknown role.
    """
    reauthentication.require(db, caller, who, body)
    names = body.roles
    with roles.serialized(db) as known:
        user = lock_manageable(db, who, user_id, known)
        if not roles.of_actor(db, who.user.user_id, "users:write", known).cover(roles.rights(names, known)):
            raise errors.Forbidden()
        role_assignment.assign(db, caller, user, names, actor_id=who.user.user_id)
    return auth.managed_user_response(db, user)


def change_role(db: Session, caller: CallerInfo, who: Current, name: str, body: RoleChange) -> Role:
    """Change a role for all users who have it. Users who become superusers by the change are announced.

    Impersonation ends, because the impersonated user may now have a permission that the administrator lacks.

    Raises ReauthenticationRequired, and what `roles.change` raises.
    """
    reauthentication.require(db, caller, who, body)
    before = roles.superuser_roles(roles.catalogue(db))
    changed = roles.change(db, caller, who.user.user_id, name, body)
    sessions.end_all_impersonation(db)
    if gained := roles.superuser_roles(roles.catalogue(db)) - before:
        new = select(User).where(roles.with_any_role(gained), ~roles.with_any_role(before), User.is_active)
        for user in db.scalars(new.limit(MAX_ANNOUNCED)):
            superuser.notify_of_new(db, user)
    return changed


# ------------------------------------------------------------------------------------------------------ log out, delete


def log_out(db: Session, caller: CallerInfo, who: Current, user_id: str, *, api_keys: bool = False) -> None:
    """End all sessions of an account and, if asked to, its API keys. Raises NotFound, Forbidden, InsufficientScope."""
    if api_keys:
        current_user.reject_key(who)
    user = lock_manageable(db, who, user_id)
    revocation.end_all_sessions(db, user, api_keys=api_keys)
    detail = {"api_keys": True} if api_keys else {}
    audit.record(db, caller, "user.logged_out_everywhere", user_id, actor_id=who.user.user_id, **detail)


def end_session(db: Session, caller: CallerInfo, who: Current, user_id: str, session_id: str) -> None:
    """End one session of an account. Raises NotFound, Forbidden."""
    user = lock_manageable(db, who, user_id)
    if not sessions.end(db, user, session_id):
        raise errors.NotFound()
    audit.record(db, caller, "session.ended", user_id, actor_id=who.user.user_id)


def send_reset(db: Session, caller: CallerInfo, who: Current, user_id: str, proof: schemas.Presence | None) -> bool:
    """Send the owner a link, as `password_changes.send_reset` does, and return whether: a disabled account gets none.

    Raises ReauthenticationRequired, NotFound, Forbidden.
    """
    reauthentication.require(db, caller, who, proof)
    user = lock_manageable(db, who, user_id)
    audit.record(db, caller, "password.reset_requested", user_id, actor_id=who.user.user_id, sent=user.is_active)
    if user.is_active:
        password_changes.send_reset(db, user)
    return user.is_active


def delete(db: Session, caller: CallerInfo, who: Current, user_id: str, proof: schemas.Presence | None) -> None:
    """Delete an account with all personal data. Raises ReauthenticationRequired, NotFound, Forbidden, LastSuperuser."""
    reauthentication.require(db, caller, who, proof)
    with roles.serialized(db) as known:
        deletion.delete(db, lock_manageable(db, who, user_id, known))
        # Recorded after the deletion, which would otherwise erase the administrator's IP address from this event.
        audit.record(db, caller, "user.deleted", user_id, actor_id=who.user.user_id)


def visible(who: Current, user: schemas.ManagedUser, changed: Iterable[str]) -> Any:
    """Return the fields of a changed account that the administrator may see: without `users:read`, only the changes."""
    if "users:read" in who.permissions:
        return user
    visible_fields = {"user_id": user.user_id} | {
        name: getattr(user, name) for name in changed if name in CHANGED_FIELDS
    }
    return JSONResponse(jsonable_encoder(visible_fields))
