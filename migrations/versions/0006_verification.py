"""What a first verification needs to know: sign-ups that await it, and which identities vouch for an address."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ACCOUNT_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OAUTH_USERS = sa.Table(
    "oauth_users",
    sa.MetaData(),
    sa.Column("provider", sa.String(length=32), nullable=False),
    sa.Column("subject", sa.String(length=255), nullable=False),
    sa.Column("account_id", ACCOUNT_ID, nullable=False),
    sa.Column("email", sa.String(length=320), nullable=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["users.id"], name="fk_oauth_users_account_id_users", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("provider", "subject", name="pk_oauth_users"),
    sa.Index("uq_oauth_users_account_id_provider", "account_id", "provider", unique=True),
)


def upgrade() -> None:
    op.create_table(
        "pending_sign_ups",
        sa.Column("account_id", ACCOUNT_ID, nullable=False),
        sa.Column("hashed_password", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["users.id"], name=op.f("fk_pending_sign_ups_account_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_pending_sign_ups")),
    )
    op.create_index(op.f("ix_pending_sign_ups_expires_at"), "pending_sign_ups", ["expires_at"], unique=False)
    op.create_table(
        "setup_steps",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setup_steps")),
    )
    op.drop_index("uq_one_time_tokens_account_id_purpose", "one_time_tokens")
    op.create_index(
        "uq_one_time_tokens_account_id_purpose",
        "one_time_tokens",
        ["account_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("purpose <> 'undo_email_change'"),
        sqlite_where=sa.text("purpose <> 'undo_email_change'"),
    )
    op.create_index(op.f("ix_one_time_tokens_account_id"), "one_time_tokens", ["account_id"], unique=False)
    op.add_column("one_time_tokens", sa.Column("detail", sa.JSON(), nullable=True))
    op.add_column("sessions", sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sessions SET authenticated_at = created_at")
    op.add_column("users", sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True))
    # Described here, or SQLite would look it up, and warn of an index of another table.
    with op.batch_alter_table("oauth_users", copy_from=OAUTH_USERS) as table:
        table.add_column(sa.Column("issuer", sa.String(length=512), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("email_verified", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.drop_constraint("pk_oauth_users", type_="primary")
        table.create_primary_key("pk_oauth_users", ["provider", "issuer", "subject"])
