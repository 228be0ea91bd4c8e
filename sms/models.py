"""Define the tables of text messages, without their codes, which are created when a message is sent."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import WITH_NEW_IDS, BigId, UtcDateTime
from database import Base
from models import WAITING, now


class TextMessage(Base):
    """The outbox of text messages.

    code_id: the code that the message contains is derived from it.
    """

    __tablename__ = "text_messages"
    __table_args__ = (
        Index("ix_text_messages_due", "priority", "due_at", **WAITING),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str] = mapped_column(String(16))  # in E.164
    code_id: Mapped[str] = mapped_column(String(36))
    locale: Mapped[str | None] = mapped_column(String(35))
    priority: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(255))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    gave_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TextMessageDay(Base):
    """The number of text messages queued on a day (UTC), for SMS_DAILY_LIMIT."""

    __tablename__ = "text_message_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    queued: Mapped[int] = mapped_column()
