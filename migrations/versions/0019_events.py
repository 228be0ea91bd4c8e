"""The event feed and webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False, index=True),
        sa.Column("data", sa.JSON()),
        sa.Column("position", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("position", name=op.f("uq_events_position")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_unsequenced", "events", ["id"], **_where("position IS NULL"))
    op.create_index("ix_events_user_id_id", "events", ["user_id", "id"])
    op.create_table(
        "event_sequence",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("expired_to", sa.BigInteger(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_sequence")),
    )
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("description", sa.String(256), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("sealed_previous", sa.Text()),
        sa.Column("previous_until", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("disabled_reason", sa.String(32)),
        sa.Column("last_delivered_at", TIME),
        sa.Column("failing_since", TIME),
        sa.Column("paused_until", TIME),
        sa.Column("leased_until", TIME),
        sa.Column("lease_id", sa.String(36)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        sqlite_autoincrement=True,
    )
    endpoint = sa.ForeignKeyConstraint
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("endpoint_id", BIG_ID, nullable=False),
        sa.Column("event_key", BIG_ID),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("queued_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.String(255)),
        sa.Column("sent_at", TIME),
        sa.Column("gave_up_at", TIME),
        sa.Column("response_status", sa.Integer()),
        sa.Column("response_ms", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        endpoint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_id_webhook_endpoints"),
            ondelete="CASCADE",
        ),
        endpoint(["event_key"], ["events.id"], name=op.f("fk_webhook_deliveries_event_key_events"), ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    waiting, failed = _where("sent_at IS NULL AND gave_up_at IS NULL"), _where("gave_up_at IS NOT NULL")
    deliveries = "webhook_deliveries"
    op.create_index(
        "uq_webhook_deliveries_event_key_endpoint_id", deliveries, ["event_key", "endpoint_id"], unique=True
    )
    op.create_index("ix_webhook_deliveries_endpoint_id_id", deliveries, ["endpoint_id", "id"])
    op.create_index("ix_webhook_deliveries_due", deliveries, ["endpoint_id", "due_at", "id"], **waiting)
    op.create_index("ix_webhook_deliveries_waiting", deliveries, ["endpoint_id", "id"], **waiting)
    op.create_index("ix_webhook_deliveries_failed", deliveries, ["endpoint_id", "id"], **failed)
    op.create_table(
        "webhook_replays",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("endpoint_id", BIG_ID, nullable=False, index=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_replays")),
        endpoint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_replays_endpoint_id_webhook_endpoints"),
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "analytics_hits",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("client_id", sa.String(36), nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("queued_at", TIME, nullable=False, index=True),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.String(255)),
        sa.Column("sent_at", TIME),
        sa.Column("gave_up_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analytics_hits")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_analytics_hits_due", "analytics_hits", ["priority", "due_at"], **waiting)
