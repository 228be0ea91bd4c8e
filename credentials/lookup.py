"""Find the account behind a credential, and lock its row before it changes.

A snapshot is read outside a transaction, so that no connection is held while a password is hashed.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, bindparam, not_, select
from sqlalchemy.orm import Session, aliased, make_transient_to_detached
from sqlalchemy.orm.util import identity_key

import models
import schemas
from core import client_address
from core.client_address import CallerInfo
from core.columns import UtcDateTime
from models import KnownNetwork, PendingSignUp, User
from prepared import Prepared
from settings.loading import settings


class Snapshot(NamedTuple):
    """The data of an account that is needed before a password is hashed, read without a lock."""

    id: int
    user_id: str
    email: str
    username: str
    hashed_password: str | None
    known_network: str | None  # the caller's network, if the account was used from it before: see `_vouched_for`
    network_used_at: datetime | None  # when its last use was recorded
    pending_password: str | None  # the hash of the latest sign-up that awaits verification


def _vouched_for() -> ColumnElement[bool]:
    """Return the condition that an account may have known networks.

    With EMAIL_VERIFICATION=required, only a verified account may. Otherwise the separate counter of a new account would
    reveal that a sign-up created it, although the response is the same for new and registered email addresses.
    """
    return (
        not_(bindparam("verified_only", type_=Boolean))
        | User.email_proven_at.is_not(None)
        | User.marked_verified_at.is_not(None)
    )


def _snapshot_by(key: Any) -> Prepared:
    is_known = KnownNetwork.account_id == User.id, KnownNetwork.network == bindparam("network"), _vouched_for()
    known_network, used_at = (
        select(column).where(*is_known).correlate(User).scalar_subquery()
        for column in (KnownNetwork.network, KnownNetwork.last_used_at)
    )
    pending = select(PendingSignUp.hashed_password).where(
        PendingSignUp.account_id == User.id, PendingSignUp.expires_at > bindparam("now", type_=UtcDateTime())
    )
    pending_password = pending.correlate(User).scalar_subquery().label("pending_password")
    columns = (
        User.id, User.user_id, User.email, User.username, User.hashed_password,
        known_network.label("known_network"), used_at.label("network_used_at"), pending_password,
    )  # fmt: skip
    return Prepared(lambda: select(*columns).where(key == bindparam("key")))


_BY_EMAIL, _BY_ID, _BY_USER_ID = map(_snapshot_by, (User.canonical_email, User.id, User.user_id))


def by_email(email: str, caller: CallerInfo) -> Snapshot | None:
    """Return the account with this email address, in any spelling."""
    return _snapshot(_BY_EMAIL, schemas.canonical_email(email), caller)


def by_id(account: int, caller: CallerInfo, db: Session | None = None) -> Snapshot | None:
    """Return the account with this `id`, in a transaction if there is one: it holds the connection of its thread."""
    return _snapshot(_BY_ID, account, caller, db)


def by_user_id(user_id: str, caller: CallerInfo) -> Snapshot | None:
    """Return the account with this `user_id`."""
    return _snapshot(_BY_USER_ID, user_id, caller)


def _snapshot(statement: Prepared, key: str | int, caller: CallerInfo, db: Session | None = None) -> Snapshot | None:
    values = {
        "key": key,
        "network": client_address.network_of(caller.ip),
        "now": models.now(),
        "verified_only": settings.email_verification == "required",
    }
    row = statement.run(db, values) if db else statement.first(values)
    return Snapshot._make(row) if row else None


_LOCKED = "locked accounts"  # in `Session.info`, by `user_id`
_before = aliased(User)
# A statement that waits for a lock returns the account as it is then, but its roles as they were before. So it also
# returns what was before of a column that each change of roles sets.
_LOCK = Prepared(
    lambda: (
        select(
            *User.__table__.columns,
            User.roles.label("roles"),
            select(_before.updated_at).where(_before.id == bindparam("id")).scalar_subquery().label("updated_before"),
        )
        .where(User.id == bindparam("id"))
        .with_for_update(key_share=True)
    )
)
_LOCK_AGAIN = (
    select(User)
    .where(User.id == bindparam("id"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def lock(db: Session, account: int) -> User | None:
    """Lock an account until the transaction ends. Every function that changes an account locks it first."""
    if identity_key(User, account) in db.identity_map:
        return _with_present_roles(db, db.scalar(_LOCK_AGAIN, {"id": account}))
    # The object is made from a prepared statement, because a query of the ORM takes almost twice as long.
    db.flush()
    row = _LOCK.run(db, {"id": account})
    if row is None:
        return None
    values = row._asdict()
    if values.pop("updated_before") != row.updated_at:
        del values["roles"]
    user = User()
    vars(user).update(values)
    make_transient_to_detached(user)  # what is missing is read when it is needed
    db.add(user)
    db.info.setdefault(_LOCKED, {})[user.user_id] = user
    return user


def locked(db: Session, user_id: str) -> User | None:
    """Return an account that `lock` has read in this session, which has one transaction, or None.

    After a flush, its object is as the transaction leaves it: except when an account is created, no statement changes
    accounts or roles behind their objects.
    """
    user: User | None = db.info.get(_LOCKED, {}).get(user_id)
    return user if user is not None and user in db else None


def _with_present_roles(db: Session, user: User | None) -> User | None:
    """Let the roles of an account be read again, since the statement may have waited for its lock."""
    if user is not None:
        db.expire(user, ["roles"])
    return user


def lock_by_email(db: Session, email: str) -> User | None:
    """Lock the account with this email address, in any spelling."""
    chosen = select(User).where(User.canonical_email == schemas.canonical_email(email))
    return _with_present_roles(db, db.scalar(chosen.with_for_update(key_share=True)))
