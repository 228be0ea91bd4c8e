"""Define the tables of factors. Secrets are encrypted, codes are keyed hashes, and device tokens are not stored."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import UtcDateTime
from database import Base
from models import new_id, now


class Factor(Base):
    """A factor of an account: an authenticator app, a passkey or a phone."""

    __tablename__ = "factors"
    __mapper_args__ = {"polymorphic_on": "type"}

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    type: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The deadline to confirm the factor. Null once it is confirmed; only confirmed factors count.
    unconfirmed_until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class Totp(Factor):
    """An authenticator app (RFC 6238)."""

    __mapper_args__ = {"polymorphic_identity": "totp"}

    sealed_secret: Mapped[str | None] = mapped_column(String(512))
    # The newest time step whose code was used: neither it nor an earlier one is accepted again.
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class Passkey(Factor):
    """A WebAuthn credential."""

    __mapper_args__ = {"polymorphic_identity": "passkey"}

    credential_id: Mapped[str | None] = mapped_column(String(1366))  # 1,023 bytes in base64url
    public_key: Mapped[str | None] = mapped_column(String(2048))
    sign_count: Mapped[int | None] = mapped_column(BigInteger)
    aaguid: Mapped[str | None] = mapped_column(String(36))
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    # Whether it verified the user when it was added, so that it can be the only login method.
    verifies_user: Mapped[bool | None] = mapped_column()
    backed_up: Mapped[bool | None] = mapped_column()


class Sms(Factor):
    """A phone that gets codes by text message.

    code_id: the newest code is derived from it. Null if the code was used, or after five wrong ones.
    code_for: the id of the login, session or new factor that requested the code. It is valid only there (ASVS 6.6.2).
    """

    __mapper_args__ = {"polymorphic_identity": "sms"}

    phone: Mapped[str | None] = mapped_column(String(16))  # in E.164
    code_id: Mapped[str | None] = mapped_column(String(36))
    code_for: Mapped[str | None] = mapped_column(String(36))
    code_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wrong_codes: Mapped[int | None] = mapped_column()


def masked_phone(number: str) -> str:
    """Return a phone number with all but its last two digits hidden."""
    return f"••• {number[-2:]}"


Index("uq_factors_credential_id", Factor.__table__.c.credential_id, unique=True)


class FactorProfile(Base):
    """The data that all factors of an account share.

    user_handle: identifies the account to authenticators (WebAuthn Level 3, section 5.4.3). Random, and not its id.
    sealed_key: the key of the hashes of recovery codes, encrypted.
    removal_due_at: when the factors are removed, after a request without one that no login has cancelled.
    """

    __tablename__ = "factor_profiles"

    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    user_handle: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_key: Mapped[str] = mapped_column(String(512))
    removal_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class RecoveryCode(Base):
    """A recovery code that was not used yet, as a keyed hash."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class TrustedDevice(Base):
    """A device that skips the second factor. `counter` is the number in its newest token; tokens are not stored."""

    __tablename__ = "trusted_devices"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    counter: Mapped[int] = mapped_column(default=0)
    rotated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(String(512))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PendingLogin(Base):
    """A login whose first factor was correct, and which waits for the second. `mfa_token` points to it."""

    __tablename__ = "pending_logins"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    method: Mapped[str] = mapped_column(String(16))
    amr: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    recent: Mapped[bool] = mapped_column()
    passkey: Mapped[str | None] = mapped_column(String(36))  # the id of the passkey that was the first factor
    wrong_answers: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class UsedCeremony(Base):
    """A WebAuthn ceremony that was answered, kept until it would have expired so that it cannot be used again."""

    __tablename__ = "used_ceremonies"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
