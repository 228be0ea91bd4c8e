"""Who people are at providers, and the ways to them that were walked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oauth_used_states",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_used_states")),
    )
    with op.batch_alter_table("oauth_used_states", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_oauth_used_states_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "oauth_users",
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["users.id"], name=op.f("fk_oauth_users_account_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("provider", "subject", name=op.f("pk_oauth_users")),
    )
    with op.batch_alter_table("oauth_users", schema=None) as batch_op:
        batch_op.create_index("uq_oauth_users_account_id_provider", ["account_id", "provider"], unique=True)
