"""Implement the account commands of `manage.py`: create, change, disable and delete accounts.

Anyone who can run `manage.py` can write to the database, so the privilege rules between administrators do not apply. At
least one active superuser must still remain.
"""

import contextlib
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import auth
import database
import email_utils
import errors
import models
import schemas
from accounts import deletion, registration, role_assignment, verification
from authorization import roles
from credentials import lookup, throttling
from models import User
from sessions import revocation
from settings.loading import settings

DISABLED = "The account with this email address is disabled. Enable it first."
NEVER_VERIFIED = (
    "The email address of this account is not verified, so the account may be an attacker's. Let its owner verify it "
    "first; or use create-superuser, which sets a new password; or use --force."
)
NO_ACCOUNT = "No account has this email address or user_id."


def find(name: str) -> lookup.Snapshot:
    """Return the account with this email address, in any spelling, or this `user_id`. Raises NotFound."""
    found = None
    with contextlib.suppress(ValueError):  # a `user_id` may also contain an @
        found = lookup.by_email(name, audit.SYSTEM) if "@" in name else None
    found = found or lookup.by_user_id(name, audit.SYSTEM)
    if found is None:
        raise errors.NotFound(NO_ACCOUNT)
    return found


def _may_be_an_attackers(user: User) -> bool:
    return not (user.ever_verified or user.marked_verified_at)


def _lock(db: Session, account: int) -> User:
    user = lookup.lock(db, account)
    if user is None:
        raise errors.NotFound(NO_ACCOUNT)
    return user


# ----------------------------------------------------------------------------------------------------- create, delete


class NewAccount(NamedTuple):
    """An account to create. If it has no password, its owner receives an invitation to choose one."""

    email: str
    username: str | None
    hashed_password: str | None
    roles: list[str]
    verified: bool = False


def create(db: Session, new: NewAccount) -> schemas.User:
    """Create an account, and send the email that lets its owner verify the address or choose a password.

    Raises EmailTaken, and ValidationFailed for a role that does not exist.
    """
    user = User(
        email=new.email,
        canonical_email=schemas.canonical_email(new.email),
        username=new.username or schemas.display_name_for(new.email),
        hashed_password=new.hashed_password,
        is_verified=new.verified or settings.email_verification == "off",
        marked_verified_at=models.now() if new.verified else None,
    )
    with roles.serialized(db):
        if not registration.insert(db, user, "user"):
            raise errors.EmailTaken()
        audit.record(db, audit.SYSTEM, "user.created", user.user_id)
        if set(new.roles) != {"user"}:
            role_assignment.assign(db, audit.SYSTEM, user, new.roles)
    if new.hashed_password is None:
        verification.send_invitation(db, user)
    elif not user.is_verified:
        verification.send_verification(db, user)
    return auth.user_response(db, user)


def delete(db: Session, account: int) -> None:
    """Delete an account with all personal data. Raises NotFound, LastSuperuser."""
    with roles.serialized(db):
        user = _lock(db, account)
        audit.record(db, audit.SYSTEM, "user.deleted", user.user_id)
        deletion.delete(db, user)


# -------------------------------------------------------------------------------------------------------------- roles


def set_roles(db: Session, account: int, names: list[str], *, force: bool = False) -> schemas.User:
    """Replace the roles of an account.

    force: whether to grant permissions even if the email address is not verified. An attacker may have signed up with
        the address before its owner (a pre-hijacking attempt).

    Raises NotFound, LastSuperuser, Conflict without `force`, and ValidationFailed for a role that does not exist.
    """
    with roles.serialized(db) as known:
        user = _lock(db, account)
        gains = not roles.rights(user.roles, known).cover(roles.rights(names, known))
        if gains and _may_be_an_attackers(user) and not force:
            raise errors.Conflict(NEVER_VERIFIED)
        role_assignment.assign(db, audit.SYSTEM, user, names)
    return auth.user_response(db, user)


class Candidate(NamedTuple):
    """An account that already has the email address, and whether its owner has verified it."""

    id: int
    is_verified_by_owner: bool


def candidate(email: str) -> Candidate | None:
    """Return the account that would become a superuser, or None if the address is free. Raises AccountDisabled."""
    account = select(User.id, User.is_active, User.email_proven_at)
    user = database.read(account.where(User.canonical_email == schemas.canonical_email(email)))
    if user is None:
        return None
    if not user.is_active:
        raise errors.AccountDisabled(DISABLED)
    return Candidate(user.id, user.email_proven_at is not None)


def promote(db: Session, account: int, hashed_password: str | None) -> bool:
    """Make an existing account a superuser, and return whether it was taken over with the new password.

    An account whose email address was never verified may be a pre-hijacking attempt: its earlier credentials are
    removed. Raises NotFound, AccountDisabled, and Conflict if such an account needs a new password and none is given.
    """
    with roles.serialized(db):
        user = _lock(db, account)
        if not user.is_active:
            raise errors.AccountDisabled(DISABLED)
        verified_by_owner = user.email_proven_at is not None
        if not verified_by_owner:
            _take_over(db, user, hashed_password)
        role_assignment.assign(db, audit.SYSTEM, user, sorted({*user.roles, "superuser"}))
    return not verified_by_owner


def _take_over(db: Session, user: User, hashed_password: str | None) -> None:
    if hashed_password is None:
        raise errors.Conflict()
    user.is_verified, user.marked_verified_at = True, models.now()
    how = {"removes_unproven_credentials": True, "ends_recovery_links": True, "removal_notices": False}
    _replace_password(db, user, hashed_password, **how)


# ---------------------------------------------------------------------------------------------------- any account


def set_password(db: Session, account: int, hashed_password: str) -> None:
    """Set a password, revoke every session and open link, and notify the owner. Raises NotFound.

    Also invalidates links that undo an email change. If the email address was never verified, also removes linked
    providers and other credentials, because an attacker may have added them.
    """
    user = _lock(db, account)
    how = {"removes_unproven_credentials": _may_be_an_attackers(user), "ends_recovery_links": True}
    _replace_password(db, user, hashed_password, **how)


def _replace_password(db: Session, user: User, hashed_password: str, **how: Any) -> None:
    user.hashed_password, user.password_changed_at = hashed_password, models.now()
    revocation.revoke(db, audit.SYSTEM, user, **how)
    revocation.end_all_sessions(db, user, api_keys=True)
    throttling.reset(db, user.canonical_email)
    audit.record(db, audit.SYSTEM, "password.set", user.user_id)
    email_utils.queue(db, "password_changed", user)


def disable(db: Session, account: int) -> bool:
    """Disable an account, revoke its sessions and links, and return whether it was active.

    Raises NotFound, LastSuperuser.
    """
    with roles.serialized(db):
        user = _lock(db, account)
        was_active = user.is_active
        if was_active:
            user.is_active = False
            revocation.revoke(db, audit.SYSTEM, user)
            audit.record(db, audit.SYSTEM, "user.disabled", user.user_id)
    return was_active


def enable(db: Session, account: int) -> bool:
    """Enable an account, and return whether it was disabled. Raises NotFound."""
    with roles.serialized(db):
        user = _lock(db, account)
        was_disabled = not user.is_active
        if was_disabled:
            user.is_active = True
            audit.record(db, audit.SYSTEM, "user.enabled", user.user_id)
    return was_disabled


def log_out(db: Session, account: int) -> None:
    """Revoke all sessions of an account. Raises NotFound."""
    user = _lock(db, account)
    revocation.end_all_sessions(db, user)
    audit.record(db, audit.SYSTEM, "user.logged_out_everywhere", user.user_id)
