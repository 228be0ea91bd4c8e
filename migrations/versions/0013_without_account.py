"""Emails and links for addresses that have no account: a login by email that creates the account, or says there is none."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WITHOUT_ACCOUNT = sa.text("account_id IS NULL")


def upgrade() -> None:
    for table in ("outbox", "one_time_tokens"):
        # Without `resolve_fks`, SQLite would look up `users` too, and warn of an index.
        kwargs = {"sqlite_autoincrement": table == "outbox"}
        with op.batch_alter_table(table, table_kwargs=kwargs, reflect_kwargs={"resolve_fks": False}) as changed:
            changed.alter_column("account_id", existing_type=sa.BigInteger(), nullable=True)
    op.create_index(
        "uq_one_time_tokens_sent_to_purpose",
        "one_time_tokens",
        ["sent_to", "purpose"],
        unique=True,
        postgresql_where=WITHOUT_ACCOUNT,
        sqlite_where=WITHOUT_ACCOUNT,
    )
