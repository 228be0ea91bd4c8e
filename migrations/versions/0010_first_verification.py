"""Remember that an account has verified an email address, after an administrator moves it or withdraws the mark."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty at first, so that a large table is not rewritten: it is filled when `email_proven_at` is set or cleared.
    op.add_column("users", sa.Column("first_verified_at", sa.DateTime(timezone=True), nullable=True))
