"""The tables of OAuth login."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import UtcDateTime
from database import Base
from models import now


class OauthUser(Base):
    """Who an account is at a provider. At most one identity of a provider belongs to an account."""

    __tablename__ = "oauth_users"
    __table_args__ = (Index("uq_oauth_users_account_id_provider", "account_id", "provider", unique=True),)

    provider: Mapped[str] = mapped_column(String(32), primary_key=True)
    # Another server under the same name inherits no account. Empty for identities of releases that did not keep it.
    issuer: Mapped[str] = mapped_column(String(512), primary_key=True, default="", server_default=text("''"))
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    email: Mapped[str | None] = mapped_column(String(320))
    # Whether the provider vouched for this address when it was linked.
    email_verified: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedState(Base):
    """A way to a provider that came to its end. It is kept until it would have expired, so that none is walked
    twice.
    """

    __tablename__ = "oauth_used_states"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
