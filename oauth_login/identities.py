"""Read and change the identities of accounts at providers. `linking` decides what may be linked."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.orm import Session

import database
import models
from models import User
from oauth_login.models import OauthUser
from settings import oauth_providers
from settings.oauth_providers import Profile, Provider


def find(db: Session, provider: str, profile: Profile) -> OauthUser | None:
    """Return the identity of a user at a provider and issuer.

    An identity that an earlier release stored without issuer belongs to the first issuer that it is used with.
    """
    matching = select(OauthUser).where(
        OauthUser.provider == provider,
        OauthUser.subject == profile.subject,
        OauthUser.issuer.in_([profile.issuer, ""]),
    )
    newest_first = matching.order_by(OauthUser.issuer.desc()).limit(1)
    return db.scalar(newest_first.execution_options(populate_existing=True))


def of(db: Session, user: User, provider: str) -> OauthUser | None:
    """Return the identity of an account at a provider."""
    return db.scalar(select(OauthUser).where(*_one(user, provider)).execution_options(populate_existing=True))


def all_of(db: Session, user: User) -> Sequence[Row[Any]]:
    """Return the identities of an account, oldest first."""
    columns = (OauthUser.provider, OauthUser.email, OauthUser.email_verified, OauthUser.created_at)
    return list(db.execute(select(*columns).where(OauthUser.account_id == user.id).order_by(OauthUser.created_at)))


def providers_that_authenticate_again(account: int) -> list[Provider]:
    """Return the configured providers of an account that can be asked to authenticate their user again."""
    able = [each for each in oauth_providers.configured().values() if each.issuer]
    if not able:
        return []
    linked = database.read_all(select(OauthUser.provider).where(OauthUser.account_id == account))
    return [each for each in able if each.name in {row.provider for row in linked}]


def add(db: Session, user: User, provider: str, profile: Profile) -> None:
    """Link an identity to a locked account. Raises IntegrityError if the account or the identity is linked already."""
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
    """Return the number of identities of an account."""
    return db.scalar(select(func.count()).select_from(OauthUser).where(OauthUser.account_id == user.id)) or 0


def note_use(db: Session, user: User, provider: str, profile: Profile) -> None:
    """Record the use of an identity, and its issuer if an earlier release did not store it."""
    values = {"last_used_at": models.now(), "issuer": profile.issuer}
    db.execute(update(OauthUser).where(*_one(user, provider)).values(**values))


def remove(db: Session, user: User, provider: str) -> None:
    """Unlink a provider from an account."""
    db.execute(delete(OauthUser).where(*_one(user, provider)))


def _one(user: User, provider: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return OauthUser.account_id == user.id, OauthUser.provider == provider


def list_of(account: int) -> Sequence[Row[Any]]:
    """Return the identities of an account with their last use, oldest first."""
    return database.read_all(
        select(OauthUser.provider, OauthUser.email, OauthUser.created_at, OauthUser.last_used_at)
        .where(OauthUser.account_id == account)
        .order_by(OauthUser.created_at)
    )
