"""Record that all tokens of a user were revoked, and give each revocation its position in the list."""

import time
from datetime import timedelta

from sqlalchemy import bindparam, delete, exists, func, insert, literal, select, type_coerce, update
from sqlalchemy.orm import Session as Transaction

import database
import models
from core import capability
from core.columns import UtcDateTime
from models import User
from revocations.models import Revocation, TokenLifetime
from sessions import impersonation
from settings.loading import settings

SECONDS_OF_CLOCK_SKEW = 60  # between this service, its database and the services that verify tokens
SECONDS_FOR_CLEANUP = 3600  # at most, so that a process remembers its lifetime again in time
SECONDS_ALLOWED_BY_VERIFIERS = 5  # before `not_before`, for different clocks
MS = 1000


def window() -> timedelta:
    """Return for how long an entry is listed: until every token that it revokes has expired."""
    kept = database.read_all(select(func.max(TokenLifetime.seconds)).where(TokenLifetime.expires_at > models.now()))
    longest = max(settings.access_token_expire_minutes, impersonation.MINUTES) * 60
    seconds = max(longest, kept[0][0] or 0, *(record.token_seconds() for record in capability.enabled()))
    return timedelta(seconds=seconds + SECONDS_OF_CLOCK_SKEW)


def remember_lifetime(db: Transaction) -> None:
    """Remember the lifetime of the tokens of this process, which may be shorter after the next start.

    Call it at the start and with each cleanup: the lifetime is kept until the tokens have expired that are issued
    before the next cleanup. Entries that are removed earlier would make revoked tokens valid again.
    """
    seconds = settings.access_token_expire_minutes * 60
    until_next = timedelta(minutes=settings.housekeeping_interval_minutes, seconds=SECONDS_FOR_CLEANUP)
    expires_at = models.now() + until_next + timedelta(seconds=seconds + SECONDS_OF_CLOCK_SKEW)
    added = database.upsert(TokenLifetime.__table__).values(seconds=seconds, expires_at=expires_at)
    later = TokenLifetime.expires_at < expires_at
    db.execute(added.on_conflict_do_update(index_elements=["seconds"], set_={"expires_at": expires_at}, where=later))


def revoke_user(db: Transaction, user: User) -> None:
    """List a user, if sessions of theirs have ended in this transaction: without any, there is no token to revoke.

    The account may have been deleted. Imports and cleanup change and delete many accounts that have no session.
    """
    ended = exists().where(Revocation.position.is_(None), Revocation.account_id == user.id)
    entry = select(literal(user.user_id), literal(int(models.now().timestamp()))).where(ended)
    db.execute(insert(Revocation).from_select(["user_id", "not_before"], entry))


def revoke_client(db: Transaction, client_id: str) -> None:
    """List a client, all of whose own tokens are revoked: they have no session.

    Services that verify tokens accept those from a few seconds before, for users whose sessions are listed too. Those
    of a client are not, so its entry is that much later: tokens that were issued until this second are revoked.
    """
    not_before = int(models.now().timestamp()) + SECONDS_ALLOWED_BY_VERIFIERS + 1
    db.execute(insert(Revocation).values(user_id=client_id, not_before=not_before))


_WAITING = select(Revocation.id).where(Revocation.position.is_(None)).limit(1)
_CLOCK = select(type_coerce(func.now(), UtcDateTime), func.max(Revocation.position))
_NUMBER = update(Revocation).where(Revocation.position.is_(None)).values(position=bindparam("next"))


def number_waiting() -> None:
    """Give the revocations that were committed since the last call the next position.

    One caller at a time does this, so a position becomes visible before any higher one is assigned: a reader that has
    seen a position has seen all lower ones. Ids do not have this property. A position is a time in milliseconds, so it
    is also higher than every position from before the database was restored from a backup.
    """
    if not database.read_all(_WAITING):
        return
    kept = window()
    with database.transaction() as db:
        database.serialize(db, "revocations")
        now, last = db.execute(_CLOCK).one()
        late = delete(Revocation).where(Revocation.position.is_(None), Revocation.ended_at < now - kept)
        db.execute(late.execution_options(synchronize_session=False))
        number = max((last or 0) + 1, int(time.time() * MS))
        db.execute(_NUMBER.execution_options(synchronize_session=False), {"next": number})
