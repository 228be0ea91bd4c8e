"""Define the tables of administration."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import UtcDateTime
from database import Base
from models import now


class Erasure(Base):
    """A deleted user whose audit events have not all been erased yet. `done_to` is the id of the last erased event."""

    __tablename__ = "erasures"

    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    done_to: Mapped[int] = mapped_column(BigInteger, default=0)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
