"""The language, time zone and picture of an account, when it accepted the terms, and the language of each email."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("users", "outbox"):
        op.add_column(table, sa.Column("locale", sa.String(length=35), nullable=True))
        op.add_column(table, sa.Column("time_zone", sa.String(length=64), nullable=True))
    op.add_column("users", sa.Column("picture_url", sa.String(length=2048), nullable=True))
    op.add_column("users", sa.Column("terms_accepted_at", sa.DateTime(timezone=True), nullable=True))
