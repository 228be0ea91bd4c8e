"""Define the table of ended sessions and revoked users."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import WITH_NEW_IDS, BigId, UtcDateTime, rows_where
from database import Base

WAITING = rows_where("position IS NULL")


class Revocation(Base):
    """A session that ended before it expired, or a user all of whose tokens were revoked.

    A trigger on `sessions` writes the rows of sessions, because a session can end in many ways: a logout, a new login,
    a credential change, or a deleted account whose sessions the database deletes.

    account_id: the account of the session, which may have been deleted.
    user_id: the `sub` of the tokens: of a user, or the `client_id` of a client whose own tokens were revoked.
    not_before: tokens of the user from before this time are revoked, in seconds since the epoch.
    ended_at: by the clock of the database.
    position: null until `feed` lists the row. Transactions commit in another order than they begin, so the position is
        assigned after the commit.
    """

    __tablename__ = "revocations"
    __table_args__ = (
        Index("ix_revocations_waiting", "id", **WAITING),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[str | None] = mapped_column(String(36))
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    user_id: Mapped[str | None] = mapped_column(String(64))
    not_before: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime, server_default=func.now(), index=True)
    position: Mapped[int | None] = mapped_column(BigInteger, index=True)


class TokenLifetime(Base):
    """A lifetime of access tokens that a process was configured with, until the last of these tokens has expired.

    The present setting does not say how long entries must be listed: it may have been longer before a restart.
    """

    __tablename__ = "token_lifetimes"

    seconds: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
