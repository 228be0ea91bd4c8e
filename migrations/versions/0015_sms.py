"""Text messages as a second factor."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WAITING = sa.text("sent_at IS NULL AND gave_up_at IS NULL")


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.add_column("users", sa.Column("has_only_sms", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("factors", sa.Column("phone", sa.String(16)))
    op.add_column("factors", sa.Column("code_id", sa.String(36)))
    op.add_column("factors", sa.Column("code_for", sa.String(36)))
    op.add_column("factors", sa.Column("code_sent_at", time))
    op.add_column("factors", sa.Column("wrong_codes", sa.Integer()))
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "text_messages",
        sa.Column("id", big_id, nullable=False),
        sa.Column("account_id", big_id, nullable=False, index=True),
        sa.Column("recipient", sa.String(16), nullable=False),
        sa.Column("code_id", sa.String(36), nullable=False),
        sa.Column("locale", sa.String(35)),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("queued_at", time, nullable=False),
        sa.Column("due_at", time, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(255)),
        sa.Column("sent_at", time, index=True),
        sa.Column("gave_up_at", time),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_messages")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["users.id"], name=op.f("fk_text_messages_account_id_users"), ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_text_messages_due",
        "text_messages",
        ["priority", "due_at"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    op.create_table(
        "text_message_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_text_message_days")),
    )
