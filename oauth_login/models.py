"""Define the tables of OAuth login."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import UtcDateTime
from database import Base
from models import now


class OauthUser(Base):
    """An identity of an account at a provider. An account has at most one at each provider."""

    __tablename__ = "oauth_users"
    __table_args__ = (Index("uq_oauth_users_account_id_provider", "account_id", "provider", unique=True),)

    provider: Mapped[str] = mapped_column(String(32), primary_key=True)
    # Part of the key, so that another server with the same name gets no access. Empty for identities of old releases.
    issuer: Mapped[str] = mapped_column(String(512), primary_key=True, default="", server_default=text("''"))
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    email: Mapped[str | None] = mapped_column(String(320))
    # Whether the provider asserted that this email address is verified when it was linked.
    email_verified: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedState(Base):
    """The state of a finished flow, kept until it would have expired so that it cannot be used again."""

    __tablename__ = "oauth_used_states"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
