"""Lifetimes of access tokens that may still be valid, so that the list of revocations keeps entries for so long."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "token_lifetimes",
        sa.Column("seconds", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seconds", name=op.f("pk_token_lifetimes")),
    )
    op.create_index(op.f("ix_token_lifetimes_expires_at"), "token_lifetimes", ["expires_at"])
