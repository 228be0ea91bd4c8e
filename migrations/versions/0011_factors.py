"""Second factors and passkeys, and how the user of a session authenticated."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("has_factors", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("sessions", sa.Column("amr", sa.String(length=64), nullable=True))
    op.add_column("sessions", sa.Column("aal2_at", sa.DateTime(timezone=True), nullable=True))
    _factors()
    _of_accounts()
    _logins()


def _account() -> sa.Column[int]:
    return sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _belongs_to_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_users")
    return sa.ForeignKeyConstraint(["account_id"], ["users.id"], name=name, ondelete="CASCADE")


def _factors() -> None:
    op.create_table(
        "factors",
        sa.Column("id", sa.String(length=36), nullable=False),
        _account(),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        _time("created_at"),
        _time("last_used_at", nullable=True),
        _time("unconfirmed_until", nullable=True),
        sa.Column("sealed_secret", sa.String(length=512), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("credential_id", sa.String(length=1366), nullable=True),
        sa.Column("public_key", sa.String(length=2048), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=True),
        sa.Column("aaguid", sa.String(length=36), nullable=True),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("verifies_user", sa.Boolean(), nullable=True),
        sa.Column("backed_up", sa.Boolean(), nullable=True),
        _belongs_to_account("factors"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factors")),
    )
    op.create_index(op.f("ix_factors_account_id"), "factors", ["account_id"])
    op.create_index(op.f("ix_factors_unconfirmed_until"), "factors", ["unconfirmed_until"])
    op.create_index("uq_factors_credential_id", "factors", ["credential_id"], unique=True)


def _of_accounts() -> None:
    op.create_table(
        "factor_profiles",
        _account(),
        sa.Column("user_handle", sa.String(length=64), nullable=False),
        sa.Column("sealed_key", sa.String(length=512), nullable=False),
        _time("removal_due_at", nullable=True),
        _belongs_to_account("factor_profiles"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_factor_profiles")),
        sa.UniqueConstraint("user_handle", name=op.f("uq_factor_profiles_user_handle")),
    )
    op.create_index(op.f("ix_factor_profiles_removal_due_at"), "factor_profiles", ["removal_due_at"])
    op.create_table(
        "recovery_codes",
        _account(),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        _time("created_at"),
        _belongs_to_account("recovery_codes"),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "trusted_devices",
        sa.Column("id", sa.String(length=36), nullable=False),
        _account(),
        sa.Column("counter", sa.Integer(), nullable=False),
        _time("rotated_at", nullable=True),
        sa.Column("user_agent", sa.String(length=512), nullable=False),
        _time("created_at"),
        _time("last_used_at"),
        _time("expires_at"),
        _belongs_to_account("trusted_devices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_devices")),
    )
    for column in ("account_id", "expires_at"):
        op.create_index(op.f(f"ix_trusted_devices_{column}"), "trusted_devices", [column])


def _logins() -> None:
    op.create_table(
        "pending_logins",
        sa.Column("id", sa.String(length=36), nullable=False),
        _account(),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("amr", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("recent", sa.Boolean(), nullable=False),
        sa.Column("passkey", sa.String(length=36), nullable=True),
        sa.Column("wrong_answers", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _time("expires_at"),
        _belongs_to_account("pending_logins"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_logins")),
    )
    for column in ("account_id", "expires_at"):
        op.create_index(op.f(f"ix_pending_logins_{column}"), "pending_logins", [column])
    op.create_table(
        "used_ceremonies",
        sa.Column("id", sa.String(length=36), nullable=False),
        _time("expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_ceremonies")),
    )
    op.create_index(op.f("ix_used_ceremonies_expires_at"), "used_ceremonies", ["expires_at"])
