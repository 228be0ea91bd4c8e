"""Write imported accounts: insert new ones in one statement, and complete existing ones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

import audit
import database
import models
from accounts import superuser
from authorization import roles
from core import capability
from credentials import lookup
from factors import totp
from models import AuditEvent, KnownNetwork, User, UserRole
from models import Session as UserSession
from oauth_login import identities
from oauth_login.models import OauthUser
from schemas import display_name_for
from sessions import revocation
from user_import.entries import Entry, Identity

MAX_ANNOUNCED = 100  # superusers in a batch; each superuser is notified of every other


def add(db: Session, found: Mapping[str, Entry], lost: Counter[str], *, actor_id: str | None = None) -> dict[str, int]:
    """Insert accounts by their ids, each with its roles, identities and audit event.

    lost: counts values that could not be written, by kind. Returns the numbers of the accounts whose email address and
        id were available.
    """
    if not found:
        return {}
    free = database.upsert(User).on_conflict_do_nothing().returning(User.user_id, User.id)
    rows = [_row(user_id, entry) for user_id, entry in found.items()]
    added = {row.user_id: row.id for row in db.execute(free, rows)}
    granted = [
        {"account_id": account, "role": role} for user_id, account in added.items() for role in found[user_id].roles
    ]
    if granted:
        db.execute(insert(UserRole), granted)
        _announce_superusers(db, added, found)
    totp.import_secrets(
        db, {account: secret for user_id, account in added.items() if (secret := found[user_id].totp_secret)}
    )
    for user_id, account in added.items():
        linked = _link(db, account, found[user_id])
        lost.update(_lost(each) for each in found[user_id].identities if each.provider not in linked)
    if added:
        now = models.now()
        event = {"at": now, "action": "user.imported", "actor_id": actor_id, "detail": {}}
        events = [{**event, "user_id": user_id} for user_id in added]
        db.execute(insert(AuditEvent), events)
    return added


def check(db: Session, found: Iterable[Entry], lost: Counter[str], seen: set[int]) -> None:
    """Count what `add` would count as lost.

    seen: hashes of the identities in the records before, to which those of these records are added.
    """
    for each in (identity for entry in found for identity in entry.identities):
        key = hash((each.provider, each.subject))
        if key in seen or _has_account(db, each):
            lost[_lost(each)] += 1
        seen.add(key)


def _lost(identity: Identity) -> str:
    return f"the identity at {identity.provider}, which another account has"


def _announce_superusers(db: Session, added: Mapping[str, int], found: Mapping[str, Entry]) -> None:
    known = roles.catalogue(db)
    accounts = [added[user_id] for user_id in added if roles.rights(found[user_id].roles, known).superuser]
    for user in db.scalars(select(User).where(User.id.in_(accounts[:MAX_ANNOUNCED]), User.is_active)):
        superuser.notify_of_new(db, user)


def _row(user_id: str, entry: Entry) -> dict[str, Any]:
    now = models.now()
    return {
        "user_id": user_id,
        "email": entry.email,
        "canonical_email": entry.address,
        "username": entry.username or display_name_for(entry.email),
        "hashed_password": entry.hashed_password,
        "is_active": entry.is_active is not False,
        "is_verified": bool(entry.is_verified) or entry.email_proven_at is not None,
        "email_proven_at": entry.email_proven_at,
        "marked_verified_at": now if entry.is_verified else None,
        "has_factors": bool(entry.totp_secret),
        "created_at": entry.created_at or now,
        "updated_at": now,
    }


def _link(db: Session, account: int, entry: Entry) -> list[str]:
    """Link the identities of an entry, except those that an account has already. Returns the providers."""
    linked: list[str] = []
    for each in entry.identities:
        if _has_account(db, each):
            continue
        row = {"provider": each.provider, "subject": each.subject, "account_id": account, "created_at": models.now()}
        insertion = database.upsert(OauthUser.__table__).values(**row).on_conflict_do_nothing()
        linked += db.scalars(insertion.returning(OauthUser.__table__.c.provider)).all()
    return linked


def _has_account(db: Session, identity: Identity) -> bool:
    # With any issuer, because exports do not contain it.
    same = (OauthUser.provider == identity.provider, OauthUser.subject == identity.subject)
    return db.scalar(select(OauthUser.account_id).where(*same).limit(1)) is not None


def update(db: Session, entry: Entry, *, dry_run: bool) -> list[str]:
    """Add the values that an existing account lacks, and return their names.

    A password is set only if there is none. Values that the owner or an administrator set are not replaced, except that
    an account that is disabled in the record is disabled here too. Raises ValueError for a superuser that would be
    disabled.
    """
    user = lookup.lock_by_email(db, entry.address)
    if user is None:
        return []
    if entry.is_active is False and user.is_active and roles.rights(user.roles, roles.catalogue(db)).superuser:
        raise ValueError("would disable a superuser: give the account other roles first")
    is_open = _is_open(db, user)
    missing = _missing(user, entry, is_open=is_open)
    # Not to an account that an attacker may have created with this email address.
    linked = _unlinked(db, user, entry) if is_open or user.ever_verified else []
    if not dry_run:
        for name, value in missing.items():
            setattr(user, name, value)
        if "is_active" in missing:
            revocation.revoke(db, audit.SYSTEM, user)
            audit.record(db, audit.SYSTEM, "user.disabled", user.user_id)
        linked = _link(db, user.id, entry) if linked else []
        if entry.totp_secret and "has_factors" in missing:
            totp.import_secrets(db, {user.id: entry.totp_secret})
        if missing or linked:
            audit.record(db, audit.SYSTEM, "user.imported", user.user_id, updated=[*missing, *linked])
    return [*missing, *linked]


def _is_open(db: Session, user: User) -> bool:
    """Return whether nobody can log in to an account, or only with identities that were imported, and nobody has."""
    if capability.login_methods(db, user) > identities.count(db, user):
        return False
    of_account = (each.account_id == user.id for each in (UserSession, KnownNetwork))
    # Sessions and networks end; that an identity was used stays. The import records no use of one.
    uses = (*of_account, (OauthUser.account_id == user.id) & OauthUser.last_used_at.is_not(None))
    return not any(db.scalar(select(exists().where(use))) for use in uses)


def _missing(user: User, entry: Entry, *, is_open: bool) -> dict[str, Any]:
    """Return the values that the account lacks.

    is_open: see `_is_open`. Only such an account gets a password and counts as verified. Any other account may belong
        to an attacker who signed up with the email address before its owner was imported.
    """
    found: dict[str, Any] = {}
    if entry.is_active is False and user.is_active:
        found["is_active"] = False
    if is_open and entry.hashed_password:
        found["hashed_password"] = entry.hashed_password
    if is_open and entry.email_proven_at and user.email_proven_at is None:
        found |= {"email_proven_at": entry.email_proven_at, "is_verified": True}
    elif is_open and entry.is_verified and not user.is_verified:
        found |= {"is_verified": True, "marked_verified_at": models.now()}
    if entry.totp_secret and not user.has_factors and (is_open or user.ever_verified):
        found["has_factors"] = True
    if entry.username and entry.username != user.username and user.username == display_name_for(user.email):
        found["username"] = entry.username
    if entry.created_at and entry.created_at < user.created_at:
        found["created_at"] = entry.created_at
    return found


def _unlinked(db: Session, user: User, entry: Entry) -> list[str]:
    linked = set(db.scalars(select(OauthUser.provider).where(OauthUser.account_id == user.id)))
    return [each.provider for each in entry.identities if each.provider not in linked and not _has_account(db, each)]
