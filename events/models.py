"""Define the tables of the event feed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import WITH_NEW_IDS, BigId, UtcDateTime, rows_where
from database import Base
from models import new_id, now

UNSEQUENCED = rows_where("position IS NULL")


class Event(Base):
    """An event about an account, written in the transaction that causes it.

    event_id: its public id.
    data: what the event shows, or None after the account was deleted: then only the `user_id` is shown.
    position: its place in the feed, which the sequencer assigns after the commit. `id` is assigned before it, so events
        become visible in another order.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_unsequenced", "id", **UNSEQUENCED),
        Index("ix_events_user_id_id", "user_id", "id"),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36), default=new_id)
    type: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)


class EventSequence(Base):
    """The state of the feed, in a single row. It is locked while positions are assigned, and while events are deleted.

    last: the position of the newest event.
    expired_to: the position of the newest event that was deleted because of its age.
    at: when positions were last assigned. Never goes back, even if the clocks of two servers differ.
    """

    __tablename__ = "event_sequence"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
    expired_to: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
