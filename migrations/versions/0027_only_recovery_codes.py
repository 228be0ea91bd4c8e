"""Accounts whose last factor was removed as a copy, which log in with recovery codes until they set up another one."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# From the accounts with factors: the table of users is locked, and may have millions of rows.
MARK = """
UPDATE users SET has_only_recovery_codes = true
WHERE id IN (SELECT account_id FROM factor_profiles) AND has_factors AND NOT EXISTS (
    SELECT 1 FROM factors WHERE factors.account_id = users.id AND factors.unconfirmed_until IS NULL
)
"""


def upgrade() -> None:
    column = sa.Column("has_only_recovery_codes", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("users", column)
    op.execute(MARK)
