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


def owner_of(db: Session, provider: str, subject: str) -> int | None:
    """The account of a person at a provider."""
    return db.scalar(select(OauthUser.account_id).where(OauthUser.provider == provider, OauthUser.subject == subject))


def of(db: Session, user: User, provider: str) -> OauthUser | None:
    """The identity that an account has at a provider."""
    return db.scalar(select(OauthUser).where(*_one(user, provider)).execution_options(populate_existing=True))


def add(db: Session, user: User, provider: str, profile: Profile) -> None:
    """Link it to an account that the caller holds. Raises IntegrityError where one of both has another already."""
    db.add(
        OauthUser(
            provider=provider,
            subject=profile.subject,
            account_id=user.id,
            email=profile.email,
            last_used_at=models.now(),
        )
    )
    db.flush()


def count(db: Session, user: User) -> int:
    return db.scalar(select(func.count()).select_from(OauthUser).where(OauthUser.account_id == user.id)) or 0


def note_use(db: Session, user: User, provider: str) -> None:
    """Keep when somebody last came this way."""
    db.execute(update(OauthUser).where(*_one(user, provider)).values(last_used_at=models.now()))


def remove(db: Session, user: User, provider: str) -> None:
    """Take one provider off an account."""
    db.execute(delete(OauthUser).where(*_one(user, provider)))


def _one(user: User, provider: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return OauthUser.account_id == user.id, OauthUser.provider == provider


def forget(db: Session, user: User) -> Sequence[str]:
    """Take every provider off an account; which ones."""
    return db.scalars(delete(OauthUser).where(OauthUser.account_id == user.id).returning(OauthUser.provider)).all()


def list_of(account: int) -> Sequence[Row[Any]]:
    """What an account is linked to, the first one first."""
    return database.read_all(
        select(OauthUser.provider, OauthUser.email, OauthUser.created_at, OauthUser.last_used_at)
        .where(OauthUser.account_id == account)
        .order_by(OauthUser.created_at)
    )
