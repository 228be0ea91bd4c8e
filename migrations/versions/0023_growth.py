"""Indexes that keep cleanup and the lists of administrators fast with millions of rows."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# The name, the table, the column, and the rows that are in the index.
PARTIAL = (
    ("ix_users_inactive", "users", "id", "is_active = false"),
    ("ix_outbox_sent", "outbox", "sent_at", "sent_at IS NOT NULL"),
    ("ix_outbox_gave_up", "outbox", "gave_up_at", "gave_up_at IS NOT NULL"),
    ("ix_guesses_settled", "guesses", "tried_at", "failures = 0 AND total = 0 AND locked = false"),
    ("ix_guesses_without_account", "guesses", "tried_at", "has_account = false"),
    ("ix_guesses_with_waits", "guesses", "tried_at", "failures > 0 AND has_account = true"),
    ("ix_webhook_deliveries_tests", "webhook_deliveries", "created_at", "event_key IS NULL"),
    ("ix_analytics_hits_sent", "analytics_hits", "sent_at", "sent_at IS NOT NULL"),
    ("ix_oauth_logout_notices_sent", "oauth_logout_notices", "sent_at", "sent_at IS NOT NULL"),
    ("ix_oauth_logout_notices_gave_up", "oauth_logout_notices", "gave_up_at", "gave_up_at IS NOT NULL"),
)


def upgrade() -> None:
    for name, table, column, rows in PARTIAL:
        op.create_index(name, table, [column], postgresql_where=sa.text(rows), sqlite_where=sa.text(rows))
    op.create_index("ix_audit_events_action_id", "audit_events", ["action", "id"])
    op.create_index("ix_text_messages_created_at", "text_messages", ["created_at"])
