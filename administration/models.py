"""Define the tables of administration."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import BigId, UtcDateTime
from database import Base
from models import now


class Erasure(Base):
    """A deleted user whose audit events have not all been erased yet. `done_to` is the id of the last erased event."""

    __tablename__ = "erasures"

    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    done_to: Mapped[int] = mapped_column(BigInteger, default=0)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class DailyCount(Base):
    """How often a step of a sign-up or login was reached on a day, in UTC. `reason` is empty unless it failed."""

    __tablename__ = "daily_counts"
    __table_args__ = (Index("uq_daily_counts_day_step_reason", "day", "step", "reason", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    step: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(BigInteger)


class CountedDay(Base):
    """Audit events of a day, in UTC, from its start to `counted_to`: statistics count only later ones in the log."""

    __tablename__ = "counted_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    counted_to: Mapped[datetime] = mapped_column(UtcDateTime)
    sign_ups: Mapped[int] = mapped_column(BigInteger)
    logins: Mapped[int] = mapped_column(BigInteger)
    failed_logins: Mapped[int] = mapped_column(BigInteger)
