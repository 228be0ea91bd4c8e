"""Define the tables of the keys that sign access tokens, and of the salt of derived keys."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import UtcDateTime
from database import Base
from models import now


class SigningKey(Base):
    """An encrypted key of an asymmetric algorithm. It signs from `signs_from` to `signs_until`.

    The next key has neither yet.
    """

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(36), primary_key=True)
    algorithm: Mapped[str] = mapped_column(String(16))
    private_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    signs_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signs_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeySalt(Base):
    """The salt of the keys that are derived from the root secret: one row, created by the migration."""

    __tablename__ = "key_salts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    unsalted_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
