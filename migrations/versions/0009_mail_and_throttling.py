"""Priorities and holds of the outbox, budgets of notices, and counts of wrong passwords that are not forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("sent_at IS NULL AND gave_up_at IS NULL")


def upgrade() -> None:
    _outbox()
    _throttling()


def _outbox() -> None:
    op.add_column("outbox", sa.Column("priority", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.execute("UPDATE outbox SET priority = 0 WHERE token_id IS NOT NULL AND sent_at IS NULL")
    op.create_index("ix_outbox_due", "outbox", ["priority", "due_at"], postgresql_where=WAITING, sqlite_where=WAITING)
    op.create_table(
        "delivery_holds",
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_delivery_holds")),
    )
    op.create_table(
        "notice_budgets",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("merged_mail_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_budgets")),
    )
    op.create_index("uq_notice_budgets_recipient", "notice_budgets", ["recipient"], unique=True)
    op.create_index(op.f("ix_notice_budgets_expires_at"), "notice_budgets", ["expires_at"])


def _throttling() -> None:
    op.add_column("known_networks", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE known_networks SET last_used_at = CURRENT_TIMESTAMP")
    op.create_index(op.f("ix_known_networks_last_used_at"), "known_networks", ["last_used_at"])
    op.add_column("guesses", sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False))
    for name in ("has_account", "locked"):
        op.add_column("guesses", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    # What had reached the cap stays locked.
    op.execute("UPDATE guesses SET total = failures, has_account = (failures >= 100)")
    op.execute("UPDATE guesses SET locked = (failures >= 100) WHERE place = 'elsewhere'")
