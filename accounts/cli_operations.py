"""What the command line does to accounts: make superusers, set passwords, disable and enable.

Whoever may run it on this machine has the database anyway: here is no ladder, but the last superuser stays all the
same.
"""

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
from accounts import registration, superuser
from authorization import roles
from credentials import lookup, throttling
from models import User, UserRole
from sessions import revocation

DISABLED = "The account with this address is disabled. Enable it first."


def find(name: str) -> lookup.Snapshot:
    """An account by its address, in any spelling, or by its `user_id`. Raises NotFound."""
    by_address = lookup.by_email(name, audit.SYSTEM) if "@" in name else None
    found = by_address or lookup.by_user_id(name, audit.SYSTEM)
    if found is None:
        raise errors.NotFound()
    return found


def _held(db: Session, account: int) -> User:
    user = lookup.lock(db, account)
    if user is None:
        raise errors.NotFound()
    return user


# ----------------------------------------------------------------------------------------------------------- superusers


class Candidate(NamedTuple):
    """The account that has an address already, and whether its owner has proven that."""

    id: int
    is_proven: bool


def candidate(address: str) -> Candidate | None:
    """Who would become a superuser with this address; None where there is no account yet. Raises AccountDisabled."""
    account = select(User.id, User.is_active, User.email_proven_at)
    user = database.read(account.where(User.canonical_email == schemas.canonical_email(address)))
    if user is None:
        return None
    if not user.is_active:
        raise errors.AccountDisabled(DISABLED)
    return Candidate(user.id, user.email_proven_at is not None)


def create_superuser(db: Session, address: str, username: str | None, hashed_password: str) -> schemas.User:
    """Make an account that may do everything. Raises EmailTaken."""
    user = User(
        email=address,
        canonical_email=schemas.canonical_email(address),
        username=username or schemas.display_name_for(address),
        hashed_password=hashed_password,
        is_verified=True,
        marked_verified_at=models.now(),
    )
    with roles.serialized(db):
        if not registration.insert(db, user, "user", "superuser"):
            raise errors.EmailTaken()
        audit.record(db, audit.SYSTEM, "user.created", user.user_id)
    return auth.user_response(db, user)


def promote(db: Session, account: int, hashed_password: str | None) -> bool:
    """Make an account that is there a superuser.

    Whether it was taken from whoever made it, and has the new password now.

    That is so where nobody has proven the address: a stranger may have signed up with it beforehand. Raises NotFound,
    AccountDisabled, and Conflict where it needs a new password and none is given.
    """
    with roles.serialized(db):
        user = _held(db, account)
        if not user.is_active:
            raise errors.AccountDisabled(DISABLED)
        is_proven = user.email_proven_at is not None
        if not is_proven:
            _take_over(db, user, hashed_password)
        if "superuser" not in user.roles:
            _add_superuser(db, user)
    return not is_proven


def _take_over(db: Session, user: User, hashed_password: str | None) -> None:
    if hashed_password is None:
        raise errors.Conflict()
    user.is_verified, user.marked_verified_at = True, models.now()  # as for a superuser that is made anew
    _replace_password(db, user, hashed_password, removes_unproven_credentials=True, removal_notices=False)


def _add_superuser(db: Session, user: User) -> None:
    superuser.tell_of_new(db, user)
    before = user.roles
    db.add(UserRole(account_id=user.id, role="superuser"))
    user.updated_at = models.now()
    db.flush()
    db.refresh(user)
    audit.record(db, audit.SYSTEM, "user.roles_changed", user.user_id, roles=user.roles, before=before)


# -------------------------------------------------------------------------------------------------------- any account


def set_password(db: Session, account: int, hashed_password: str) -> None:
    """Set a password. Every session and every open link ends, and the owner hears of it. Raises NotFound."""
    _replace_password(db, _held(db, account), hashed_password)


def _replace_password(db: Session, user: User, hashed_password: str, **how: Any) -> None:
    user.hashed_password = hashed_password
    revocation.revoke(db, audit.SYSTEM, user, **how)
    throttling.reset(db, user.canonical_email)
    audit.record(db, audit.SYSTEM, "password.set", user.user_id)
    email_utils.queue(db, "password_changed", user)


def disable(db: Session, account: int) -> bool:
    """End an account's sessions and links, and let nobody in; whether it was active. Raises NotFound, LastSuperuser."""
    with roles.serialized(db):
        user = _held(db, account)
        was_active = user.is_active
        if was_active:
            user.is_active = False
            revocation.revoke(db, audit.SYSTEM, user)
            audit.record(db, audit.SYSTEM, "user.disabled", user.user_id)
    return was_active


def enable(db: Session, account: int) -> bool:
    """Let its owner in again; whether it was disabled. Raises NotFound."""
    with roles.serialized(db):
        user = _held(db, account)
        was_active = user.is_active
        if not was_active:
            user.is_active = True
            audit.record(db, audit.SYSTEM, "user.enabled", user.user_id)
    return not was_active
