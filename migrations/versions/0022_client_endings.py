"""When the own access tokens of a client end, which process sends logout tokens to it, and consents by resource."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("oauth_clients", sa.Column("tokens_after", sa.String(36)))
    op.add_column("oauth_clients", sa.Column("leased_until", sa.DateTime(timezone=True)))
    op.add_column("oauth_clients", sa.Column("lease_id", sa.String(36)))
    op.add_column("oauth_grants", sa.Column("consents", sa.JSON()))
