"""Sessions in which an administrator impersonates a user, and imports that the console runs."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

IMPERSONATED, FAILED = sa.text("impersonator_id IS NOT NULL"), sa.text("gave_up_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("impersonator_id", sa.String(64)))
    op.create_index(
        "ix_sessions_impersonator_id",
        "sessions",
        ["impersonator_id"],
        postgresql_where=IMPERSONATED,
        sqlite_where=IMPERSONATED,
    )
    op.create_index("ix_outbox_failed", "outbox", ["id"], postgresql_where=FAILED, sqlite_where=FAILED)
    op.create_table(
        "import_runs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("started_by", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(128), nullable=False),
        sa.Column("system", sa.String(32), nullable=True),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("bytes_total", sa.BigInteger(), nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(1000), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_import_runs"),
    )
    op.create_index("ix_import_runs_started_by", "import_runs", ["started_by"])
