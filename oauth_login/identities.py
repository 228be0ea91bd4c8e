"""Identities: who an account is at a provider. What may be linked to what is decided in `linking`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.orm import Session

import database
import models
from models import User
from oauth_login.models import OauthUser
from settings.oauth_providers import Profile


def find(db: Session, provider: str, profile: Profile) -> OauthUser | None:
    """Return the identity of a user at a provider, known by its issuer too.

    One that was kept without its issuer, by an earlier release, belongs to the issuer that is met first.
    """
    known = select(OauthUser).where(
        OauthUser.provider == provider,
        OauthUser.subject == profile.subject,
        OauthUser.issuer.in_([profile.issuer, ""]),
    )
    newest_first = known.order_by(OauthUser.issuer.desc()).limit(1)
    return db.scalar(newest_first.execution_options(populate_existing=True))


def of(db: Session, user: User, provider: str) -> OauthUser | None:
    """Return the identity that an account has at a provider."""
    return db.scalar(select(OauthUser).where(*_one(user, provider)).execution_options(populate_existing=True))


def all_of(db: Session, user: User) -> Sequence[Row[Any]]:
    """Return the identities of an account, the first one first."""
    columns = (OauthUser.provider, OauthUser.email, OauthUser.email_verified, OauthUser.created_at)
    return list(db.execute(select(*columns).where(OauthUser.account_id == user.id).order_by(OauthUser.created_at)))


def add(db: Session, user: User, provider: str, profile: Profile) -> None:
    """Link an identity to a locked account. Raises IntegrityError where one of both has another already."""
    db.add(
        OauthUser(
            provider=provider,
            issuer=profile.issuer,
            subject=profile.subject,
            account_id=user.id,
            email=profile.email,
            email_verified=profile.email_verified,
            last_used_at=models.now(),
        )
    )
    db.flush()


def count(db: Session, user: User) -> int:
    return db.scalar(select(func.count()).select_from(OauthUser).where(OauthUser.account_id == user.id)) or 0


def note_use(db: Session, user: User, provider: str, profile: Profile) -> None:
    """Record when an identity was last used, and its issuer where an earlier release did not keep it."""
    values = {"last_used_at": models.now(), "issuer": profile.issuer}
    db.execute(update(OauthUser).where(*_one(user, provider)).values(**values))


def remove(db: Session, user: User, provider: str) -> None:
    """Take one provider off an account."""
    db.execute(delete(OauthUser).where(*_one(user, provider)))


def _one(user: User, provider: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return OauthUser.account_id == user.id, OauthUser.provider == provider


def list_of(account: int) -> Sequence[Row[Any]]:
    """What an account is linked to, the first one first."""
    return database.read_all(
        select(OauthUser.provider, OauthUser.email, OauthUser.created_at, OauthUser.last_used_at)
        .where(OauthUser.account_id == account)
        .order_by(OauthUser.created_at)
    )
