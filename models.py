"""Define the tables. None contains a secret, except password hashes."""

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

from core.columns import WITH_NEW_IDS, BigId, RoleNames, UtcDateTime, for_prefixes, rows_where
from database import Base
from schemas import fold


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """Return a UUIDv7 (RFC 9562). It is random and ordered by time, which keeps indexes small."""
    return str(uuid_utils.compat.uuid7())


class UserRole(Base):
    __tablename__ = "user_roles"
    __table_args__ = (Index("ix_user_roles_role_account_id", "role", "account_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(64), primary_key=True)


class Role(Base):
    """A role that was created through the API. The built-in ones are in authorization/roles.py and have no row."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    description: Mapped[str] = mapped_column(String(256))
    permissions: Mapped[list[str]] = mapped_column(JSON)
    inherits: Mapped[list[str]] = mapped_column(JSON)


def _folded_username(context: DefaultExecutionContext) -> str:
    return fold(context.get_current_parameters()["username"])  # type: ignore[no-untyped-call]


UNVERIFIED_USER = "email_proven_at IS NULL AND marked_verified_at IS NULL AND is_verified = false"


class User(Base):
    """An account. `id` is internal, `user_id` is public."""

    __tablename__ = "users"
    __table_args__ = (
        Index("ix_users_canonical_email_prefix", "canonical_email", **for_prefixes("canonical_email")),
        Index("ix_users_folded_username_prefix", "folded_username", **for_prefixes("folded_username")),
        Index(
            "ix_users_user_id_prefix",
            func.lower(literal_column("user_id")).label("lowered"),
            **for_prefixes("lowered"),
        ),
        Index("ix_users_inactive", "id", **rows_where("is_active = false")),
        Index("ix_users_unverified", "id", **rows_where(UNVERIFIED_USER)),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), unique=True, default=new_id)
    email: Mapped[str] = mapped_column(String(320))
    canonical_email: Mapped[str] = mapped_column(String(320), unique=True)
    username: Mapped[str] = mapped_column(String(64))
    folded_username: Mapped[str] = mapped_column(String(64), default=_folded_username, server_default=text("''"))
    locale: Mapped[str | None] = mapped_column(String(35))  # a BCP 47 tag
    time_zone: Mapped[str | None] = mapped_column(String(64))  # a name of the IANA database
    picture_url: Mapped[str | None] = mapped_column(String(2048))
    terms_accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hashed_password: Mapped[str | None] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_verified: Mapped[bool] = mapped_column(default=False)
    # When the owner verified the email address. `is_verified` can be true without, with EMAIL_VERIFICATION=off.
    email_proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the owner first verified an email address, kept when an administrator moves the account or unmarks it. Filled
    # when `email_proven_at` is set or cleared, so it can be empty while that one is set: read `ever_verified`.
    first_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When an administrator set the email address. Until its owner verifies it, no password reset is sent to it.
    email_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_breached: Mapped[bool] = mapped_column(default=False, server_default=false())  # until it is changed
    password_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When an administrator, an import or the settings marked the email address as verified.
    marked_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether the account has a confirmed factor. A column, so that a login without factors costs no query.
    has_factors: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_only_sms: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether its last factor was removed as a copy: logins then need a recovery code, and MFA_REQUIRED another factor.
    has_only_recovery_codes: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    @property
    def awaits_verification(self) -> bool:
        """Return whether the owner is unknown: never verified, not marked, and not changed by an administrator."""
        return not (self.ever_verified or self.is_verified or self.email_set_at)

    @property
    def ever_verified(self) -> bool:
        """Return whether the owner has verified the current or an earlier email address of the account."""
        return bool(self.email_proven_at or self.first_verified_at)

    @property
    def email_was_verified(self) -> bool:
        """Whether the owner has verified this email address, even if an administrator has unmarked it since."""
        return bool(self.email_proven_at or (self.first_verified_at and not self.email_set_at))

    @validates("email_proven_at")
    def _set_first_verified(self, _key: str, verified_at: datetime | None) -> datetime | None:
        self.first_verified_at = self.first_verified_at or self.email_proven_at or verified_at
        return verified_at

    @validates("password_changed_at")
    def _clear_password_breached(self, _key: str, changed_at: datetime | None) -> datetime | None:
        self.password_breached, self.password_checked_at = False, None
        return changed_at

    @validates("username")
    def _set_folded_username(self, _key: str, username: str) -> str:
        self.folded_username = fold(username)
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
    """A step that startup does only once, such as creating the superuser."""

    __tablename__ = "setup_steps"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class AccountTally(Base):
    """A change of the number of accounts, written by triggers on `users`. The sum of the rows is the count."""

    __tablename__ = "account_tallies"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    users: Mapped[int] = mapped_column(BigInteger)
    active: Mapped[int] = mapped_column(BigInteger)
    verified: Mapped[int] = mapped_column(BigInteger)


class PendingSignUp(Base):
    """The password of the latest sign-up with an email address, in `required` mode, until its email expires.

    It gives no access. A login with it gets the response of an account that awaits verification, whether or not the
    address already had an account.
    """

    __tablename__ = "pending_sign_ups"

    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    hashed_password: Mapped[str] = mapped_column(String(255))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


IMPERSONATED = rows_where("impersonator_id IS NOT NULL")


class Session(Base):
    """A login on one device. `refresh_counter` is the number in the newest refresh token; tokens are not stored."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_impersonator_id", "impersonator_id", **IMPERSONATED),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    refresh_counter: Mapped[int] = mapped_column(default=0)
    rotated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ip: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(512))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # When the user last authenticated. Null if a provider logged them in without asking.
    authenticated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The authentication methods (RFC 8176), separated by spaces. Null for sessions from before they were recorded.
    amr: Mapped[str | None] = mapped_column(String(64))
    # When the user last authenticated with two factors or a verified passkey. Null if never: then `acr` is `aal1`.
    aal2_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the absolute limit
    # The first counter whose refresh token is signed with the salt. Null if none is.
    salted_from: Mapped[int | None] = mapped_column()
    # The `user_id` of the administrator who impersonates the user in this session. Null in all others.
    impersonator_id: Mapped[str | None] = mapped_column(String(64))


UNIQUE_PURPOSE = rows_where("purpose <> 'undo_email_change'")
WITHOUT_ACCOUNT = rows_where("account_id IS NULL")


class OneTimeToken(Base):
    """The token of a link or code in an email. An account has at most one of each purpose.

    Except for changes of the email address: each can be undone separately. So has an address without an account.
    """

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        Index("uq_one_time_tokens_account_id_purpose", "account_id", "purpose", unique=True, **UNIQUE_PURPOSE),
        Index("uq_one_time_tokens_sent_to_purpose", "sent_to", "purpose", unique=True, **WITHOUT_ACCOUNT),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    sent_to: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    wrong_codes: Mapped[int] = mapped_column(default=0)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class KnownNetwork(Base):
    """A network from which an account signed up or logged in."""

    __tablename__ = "known_networks"

    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(String(49), primary_key=True)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=now, index=True)


class Guesses(Base):
    """Wrong passwords or codes for one email address, from one place.

    Both are stored as fingerprints. `failures` determines how long the next attempt waits, and is reset after a while;
    `total` counts toward the cap, and is not.
    """

    __tablename__ = "guesses"
    __table_args__ = (
        Index("uq_guesses_subject_place", "subject", "place", unique=True),
        Index("ix_guesses_settled", "tried_at", **rows_where("failures = 0 AND total = 0 AND locked = false")),
        Index("ix_guesses_without_account", "tried_at", **rows_where("has_account = false")),
        Index("ix_guesses_with_waits", "tried_at", **rows_where("failures > 0 AND has_account = true")),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    has_account: Mapped[bool] = mapped_column(default=False, server_default=false())
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())  # until the password is changed
    pending: Mapped[int] = mapped_column(default=0)  # attempts in progress
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    waits_until: Mapped[datetime] = mapped_column(UtcDateTime)


WAITING = rows_where("sent_at IS NULL AND gave_up_at IS NULL")
SENT = rows_where("sent_at IS NOT NULL")
FAILED = rows_where("gave_up_at IS NOT NULL")


class Mail(Base):
    """The outbox: the content of an email, without its link or code, which are created when it is rendered."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "due_at", **WAITING),
        Index("ix_outbox_failed", "id", **FAILED),
        Index("ix_outbox_sent", "sent_at", **SENT),
        Index("ix_outbox_gave_up", "gave_up_at", **FAILED),
        Index("ix_outbox_due", "priority", "due_at", **WAITING),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    template: Mapped[str] = mapped_column(String(64))
    priority: Mapped[int] = mapped_column(default=1, server_default=text("1"))  # 0 is first: emails with a link
    recipient: Mapped[str] = mapped_column(String(320))
    token_id: Mapped[str | None] = mapped_column(String(36))
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    locale: Mapped[str | None] = mapped_column(String(35))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(255))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gave_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEvent(Base):
    """The audit log. Has no foreign key: an event outlives the account and then keeps its bare id.

    A trigger rejects changes and deletions, except by `audit.anonymize` and `audit.delete_expired`.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_user_id_id", "user_id", "id"),
        Index("ix_audit_events_action_at", "action", "at"),
        Index("ix_audit_events_action_id", "action", "id"),
        Index("ix_audit_events_actor_id", "actor_id"),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    action: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[str | None] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(String(64))
    ip: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(512))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
