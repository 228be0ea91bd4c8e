"""The tables. No secret is kept in any of them but the hash of a password."""

from datetime import UTC, datetime
from typing import Any

import uuid_utils.compat
from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    String,
    false,
    func,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, column_property, mapped_column, validates

from core.columns import BigId, RoleNames, UtcDateTime
from database import Base
from schemas import folded


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """A UUIDv7 (RFC 9562): random, and in the order of its making, which keeps indexes small."""
    return str(uuid_utils.compat.uuid7())


class UserRole(Base):
    __tablename__ = "user_roles"
    __table_args__ = (Index("ix_user_roles_role_account_id", "role", "account_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(64), primary_key=True)


class Role(Base):
    """A role made through the API. The built-in ones stand in roles.py and have no row."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    description: Mapped[str] = mapped_column(String(256))
    permissions: Mapped[list[str]] = mapped_column(JSON)
    inherits: Mapped[list[str]] = mapped_column(JSON)


def _folded_username(context: DefaultExecutionContext) -> str:
    return folded(context.get_current_parameters()["username"])  # type: ignore[no-untyped-call]


UNVERIFIED_USER = "email_proven_at IS NULL AND marked_verified_at IS NULL AND is_verified = false"


class User(Base):
    """An account. `id` is ours, `user_id` the public one."""

    __tablename__ = "users"
    __table_args__ = (
        # For searches: what begins so. The unique indexes cannot be used for that in every locale.
        Index(
            "ix_users_canonical_email_prefix",
            "canonical_email",
            postgresql_ops={"canonical_email": "text_pattern_ops"},
        ),
        Index(
            "ix_users_folded_username_prefix",
            "folded_username",
            postgresql_ops={"folded_username": "text_pattern_ops"},
        ),
        Index(
            "ix_users_user_id_prefix",
            func.lower(literal_column("user_id")).label("lowered"),
            postgresql_ops={"lowered": "text_pattern_ops"},
        ),
        Index("ix_users_unverified", "id", postgresql_where=text(UNVERIFIED_USER), sqlite_where=text(UNVERIFIED_USER)),
        {"sqlite_autoincrement": True},  # an id is never given twice
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), unique=True, default=new_id)
    email: Mapped[str] = mapped_column(String(320))
    canonical_email: Mapped[str] = mapped_column(String(320), unique=True)
    username: Mapped[str] = mapped_column(String(64))
    folded_username: Mapped[str] = mapped_column(String(64), default=_folded_username, server_default=text("''"))
    hashed_password: Mapped[str | None] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_verified: Mapped[bool] = mapped_column(default=False)
    # When the owner proved the address by a mail. An account can be verified without: by EMAIL_VERIFICATION=off.
    email_proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the owner first verified an email address, kept when an administrator moves the account or unmarks it. Filled
    # when `email_proven_at` is set or cleared, so it can be empty while that one is set: read `ever_verified`.
    first_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When an administrator set the address, until its owner has verified it. No password reset goes there till then.
    email_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When an administrator, an import or the settings declared the address verified, with no proof by its owner.
    marked_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    @property
    def awaits_verification(self) -> bool:
        """Whether nothing tells the account's owner: never verified, not marked, and not moved by an administrator."""
        return not (self.ever_verified or self.is_verified or self.email_set_at)

    @property
    def ever_verified(self) -> bool:
        """Whether the owner has verified this email address of the account, or an earlier one."""
        return bool(self.email_proven_at or self.first_verified_at)

    @property
    def email_was_verified(self) -> bool:
        """Whether the owner has verified this email address, also where an administrator unmarked it since."""
        return bool(self.email_proven_at or (self.first_verified_at and not self.email_set_at))

    @validates("email_proven_at")
    def _note_first(self, _key: str, verified_at: datetime | None) -> datetime | None:
        self.first_verified_at = self.first_verified_at or self.email_proven_at or verified_at
        return verified_at

    @validates("username")
    def _fold(self, _key: str, username: str) -> str:
        self.folded_username = folded(username)
        return username

    roles: Mapped[list[str]] = column_property(
        type_coerce(
            select(func.aggregate_strings(UserRole.role, ","))
            .where(UserRole.account_id == id)
            .correlate_except(UserRole)
            .scalar_subquery(),
            RoleNames(),
        )
    )


class SetupStep(Base):
    """What startup has done once, and must not do again, such as creating the superuser."""

    __tablename__ = "setup_steps"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class AccountTally(Base):
    """How many accounts came, went, or changed: rows to be added up, written by triggers on `users`."""

    __tablename__ = "account_tallies"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    users: Mapped[int] = mapped_column(BigInteger)
    active: Mapped[int] = mapped_column(BigInteger)
    verified: Mapped[int] = mapped_column(BigInteger)


class PendingSignUp(Base):
    """The password of the newest sign-up with an email address, in `required` mode, until its email has expired.

    It opens nothing. A login with it is answered like one of an account that waits for its verification, whether the
    address had an account already or not.
    """

    __tablename__ = "pending_sign_ups"

    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    hashed_password: Mapped[str] = mapped_column(String(255))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Session(Base):
    """A login on one device. `refresh_counter` is the number in the newest refresh token; there is no table of
    tokens.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    refresh_counter: Mapped[int] = mapped_column(default=0)
    rotated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ip: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(512))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # When the user last proved who they are; none where a provider logged them in without asking.
    authenticated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the absolute limit
    # The first counter whose refresh token is signed with the salt; None while none is.
    salted_from: Mapped[int | None] = mapped_column()


ONE_OF_ITS_PURPOSE = text("purpose <> 'undo_email_change'")


class OneTimeToken(Base):
    """What a link or a code in a mail points to. At most one of a purpose is open for an account.

    Except for changes of the email address: each can be undone by itself.
    """

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        Index(
            "uq_one_time_tokens_account_id_purpose",
            "account_id",
            "purpose",
            unique=True,
            postgresql_where=ONE_OF_ITS_PURPOSE,
            sqlite_where=ONE_OF_ITS_PURPOSE,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    sent_to: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    wrong_codes: Mapped[int] = mapped_column(default=0)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class KnownNetwork(Base):
    """A network from which an account has signed up or logged in."""

    __tablename__ = "known_networks"

    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(String(49), primary_key=True)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=now, index=True)


class Guesses(Base):
    """Wrong passwords or codes for one email address, from one place.

    Both are fingerprints: neither an email address that was typed nor a network is kept. `failures` decides how long
    the next attempt waits, and is forgotten after a while; `total` counts towards the cap, and is not.
    """

    __tablename__ = "guesses"
    __table_args__ = (
        Index("uq_guesses_subject_place", "subject", "place", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    has_account: Mapped[bool] = mapped_column(default=False, server_default=false())
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())  # until a new password
    pending: Mapped[int] = mapped_column(default=0)  # being looked at just now
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    waits_until: Mapped[datetime] = mapped_column(UtcDateTime)


WAITING = text("sent_at IS NULL AND gave_up_at IS NULL")


class Mail(Base):
    """The outbox. It holds what a mail is about, never its link or code: those are made when it is rendered."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "due_at", postgresql_where=WAITING, sqlite_where=WAITING),
        Index("ix_outbox_due", "priority", "due_at", postgresql_where=WAITING, sqlite_where=WAITING),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    template: Mapped[str] = mapped_column(String(64))
    priority: Mapped[int] = mapped_column(default=1, server_default=text("1"))  # 0 goes first: emails with a link
    recipient: Mapped[str] = mapped_column(String(320))
    token_id: Mapped[str | None] = mapped_column(String(36))
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(255))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gave_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeySalt(Base):
    """The salt with which keys are derived from the root secret: one row, made by the migration."""

    __tablename__ = "key_salts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    unsalted_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEvent(Base):
    """The trail. No foreign key: it outlives the account, of which it then keeps the bare id.

    A trigger refuses to change or remove an event; `audit.anonymize` and `audit.delete_expired` are the ways past it.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_user_id_id", "user_id", "id"),
        Index("ix_audit_events_action_at", "action", "at"),
        Index("ix_audit_events_actor_id", "actor_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    action: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[str | None] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(String(64))
    ip: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(512))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
