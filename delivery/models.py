"""Define the tables that queues share: holds and notice budgets."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import BigId, UtcDateTime
from database import Base


class NoticeBudget(Base):
    """The notices that a recipient got recently. The recipient is a fingerprint of the email address.

    times: when they were sent, in seconds since the epoch.
    merged_mail_id: the id of the email that merges the notices above the budget.
    """

    __tablename__ = "notice_budgets"
    __table_args__ = (Index("uq_notice_budgets_recipient", "recipient", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recipient: Mapped[str] = mapped_column(String(64))
    times: Mapped[list[float]] = mapped_column(JSON)
    merged_mail_id: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class DeliveryHold(Base):
    """A hold of a queue whose server fails."""

    __tablename__ = "delivery_holds"

    queue: Mapped[str] = mapped_column(String(32), primary_key=True)
    failures: Mapped[int] = mapped_column()
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    probe_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(255))
