"""Erase what is held on deleted users in batches, and let nothing of living users be blanked in the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNVERIFIED = sa.text("email_proven_at IS NULL AND marked_verified_at IS NULL AND is_verified = false")

# As before, except that a user whose events are blanked must be gone.
POSTGRESQL = """
CREATE OR REPLACE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF current_setting('audit.forgotten_user', true) IN (OLD.user_id, OLD.actor_id)
           AND NOT EXISTS (SELECT 1 FROM users WHERE users.user_id = current_setting('audit.forgotten_user', true))
           AND NEW.ip IS NULL AND NEW.user_agent IS NULL
           AND to_jsonb(NEW) - 'ip' - 'user_agent' = to_jsonb(OLD) - 'ip' - 'user_agent' THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '30 days'
           AND OLD.at < nullif(current_setting('audit.removed_before', true), '')::timestamptz THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit_events: an event is neither changed nor removed' USING ERRCODE = 'insufficient_privilege';
END $$
"""


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("done_to", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_erasures")),
    )
    op.add_column("users", sa.Column("email_set_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_users_unverified", "users", ["id"], postgresql_where=UNVERIFIED, sqlite_where=UNVERIFIED)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
