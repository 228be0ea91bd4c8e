"""Files of imports in the console, so that every server can import what another one has checked."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_runs", sa.Column("content", sa.LargeBinary(), nullable=True))
