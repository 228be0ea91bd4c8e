"""Passwords that are known from data breaches."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("password_breached", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("users", sa.Column("password_checked_at", sa.DateTime(timezone=True)))
