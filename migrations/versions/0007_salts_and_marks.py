"""A random salt for the keys that are derived from the root secret, and who was marked as verified without a proof.

Where there are accounts already, keys without the salt sign for another hour: servers of the release before this one do
not know the salt, and may still be running.

`marked_verified_at` tells accounts that an administrator, an import or the settings declared verified from those that
EMAIL_VERIFICATION=off did. For accounts of before, the audit log and the superuser role tell.
"""

import secrets
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MARKED = """
is_verified AND email_proven_at IS NULL AND (
    id IN (SELECT account_id FROM user_roles WHERE role = 'superuser')
    OR user_id IN (SELECT user_id FROM audit_events WHERE action IN ('email.marked_verified', 'user.imported'))
)
"""


def upgrade() -> None:
    salts = op.create_table(
        "key_salts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unsalted_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_salts")),
    )
    op.add_column("sessions", sa.Column("salted_from", sa.Integer(), nullable=True))
    op.add_column("users", sa.Column("marked_verified_at", sa.DateTime(timezone=True), nullable=True))
    now = datetime.now(UTC)
    users = sa.table("users", sa.column("marked_verified_at", sa.DateTime(timezone=True)))
    op.execute(sa.update(users).where(sa.text(MARKED)).values(marked_verified_at=now))
    in_use = op.get_bind().execute(sa.text("SELECT 1 FROM users LIMIT 1")).first() is not None
    op.bulk_insert(
        salts,
        [
            {
                "id": 1,
                "salt": secrets.token_hex(32),
                "created_at": now,
                "unsalted_until": now + timedelta(hours=1) if in_use else None,
            }
        ],
    )
