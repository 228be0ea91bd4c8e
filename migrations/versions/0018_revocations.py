"""Ended sessions and revoked users, for services that verify access tokens themselves, and daily login statistics."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("position IS NULL")

# A row for each session that ends before it expires. A trigger also covers sessions that end with a deleted account.
ON_POSTGRESQL = """
CREATE FUNCTION list_ended_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revocations (session_id, account_id, ended_at) VALUES (OLD.id, OLD.account_id, clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER session_ended AFTER DELETE ON sessions
    FOR EACH ROW WHEN (OLD.expires_at > now()) EXECUTE FUNCTION list_ended_session();
"""
ON_SQLITE = """
CREATE TRIGGER session_ended AFTER DELETE ON sessions WHEN OLD.expires_at > datetime('now') BEGIN
    INSERT INTO revocations (session_id, account_id) VALUES (OLD.id, OLD.account_id);
END
"""


def upgrade() -> None:
    op.create_table(
        "revocations",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("session_id", sa.String(36)),
        sa.Column("account_id", sa.BigInteger()),
        sa.Column("user_id", sa.String(64)),
        sa.Column("not_before", sa.BigInteger()),
        sa.Column("ended_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocations")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_revocations_waiting", "revocations", ["id"], postgresql_where=WAITING, sqlite_where=WAITING)
    op.create_index(op.f("ix_revocations_ended_at"), "revocations", ["ended_at"])
    op.create_index(op.f("ix_revocations_position"), "revocations", ["position"])
    op.create_table(
        "daily_counts",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_counts")),
    )
    op.create_index("uq_daily_counts_day_step_reason", "daily_counts", ["day", "step", "reason"], unique=True)
    op.execute(ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else ON_SQLITE)
