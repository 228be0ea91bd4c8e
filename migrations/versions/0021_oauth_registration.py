"""Clients that register themselves, and devices."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

time = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("oauth_requests") as requests:
        requests.alter_column("client_pk", existing_type=sa.String(36), nullable=True)
    op.create_table(
        "oauth_removed_clients",
        sa.Column("client_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", time, nullable=False, index=True),
        sa.PrimaryKeyConstraint("client_hash", name=op.f("pk_oauth_removed_clients")),
    )
    op.create_table(
        "oauth_past_lifetimes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("expires_at", time, nullable=False, index=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_past_lifetimes")),
    )
    _devices()


def _devices() -> None:
    op.create_table(
        "oauth_devices",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("client_pk", sa.String(36), nullable=False, index=True),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("ip", sa.String(64)),
        sa.Column("user_agent", sa.String(512)),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("polled_at", time),
        sa.Column("answer", sa.String(16)),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, index=True
        ),
        sa.Column("session_id", sa.String(36), index=True),
        sa.Column("authentication", sa.JSON()),
        sa.Column("created_at", time, nullable=False),
        sa.Column("expires_at", time, nullable=False, index=True),
        sa.ForeignKeyConstraint(
            ["client_pk"], ["oauth_clients.id"], name=op.f("fk_oauth_devices_client_pk_oauth_clients"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["users.id"], name=op.f("fk_oauth_devices_account_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_devices")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_oauth_devices_code_hash")),
    )  # fmt: skip
