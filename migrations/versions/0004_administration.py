"""Roles, searching accounts, counting them as they change, and a trail that stays as it was written."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 1000

# An event stays as it was written. Two ways lead past this, each for one transaction: `audit.forgotten_user` names a person
# whose address and user agent may be blanked, `audit.removed_before` a time before which events may go, 30 days ago at the latest.
TRAIL_ON_POSTGRESQL = """
CREATE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF current_setting('audit.forgotten_user', true) IN (OLD.user_id, OLD.actor_id)
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
END $$;
CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_stay();
CREATE TRIGGER audit_events_stay_all BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay();
"""
TRAIL_ON_SQLITE = (
    """
CREATE TRIGGER audit_events_stay_unchanged BEFORE UPDATE ON audit_events
WHEN NEW.ip IS NOT NULL OR NEW.user_agent IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at
  OR NEW.action IS NOT OLD.action OR NEW.actor_id IS NOT OLD.actor_id OR NEW.user_id IS NOT OLD.user_id
  OR NEW.detail IS NOT OLD.detail
BEGIN SELECT RAISE(ABORT, 'audit_events: an event is not changed'); END
""",
    """
CREATE TRIGGER audit_events_stay_there BEFORE DELETE ON audit_events WHEN OLD.at >= datetime('now', '-30 days')
BEGIN SELECT RAISE(ABORT, 'audit_events: an event is not removed'); END
""",
)

# Counting a hundred thousand rows for each page takes longer than the page. Each change of accounts adds a row with
# the difference, so nobody waits for a counter that others change; housekeeping adds the rows up.
TALLY_ON_POSTGRESQL = """
CREATE FUNCTION tally_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO account_tallies (users, active, verified)
        SELECT count(*), count(*) FILTER (WHERE is_active), count(*) FILTER (WHERE is_verified) FROM added
        HAVING count(*) > 0;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO account_tallies (users, active, verified)
        SELECT -count(*), -count(*) FILTER (WHERE is_active), -count(*) FILTER (WHERE is_verified) FROM gone
        HAVING count(*) > 0;
    ELSE
        INSERT INTO account_tallies (users, active, verified)
        SELECT 0, sum(added.is_active::int - gone.is_active::int), sum(added.is_verified::int - gone.is_verified::int)
        FROM added JOIN gone USING (id)
        HAVING count(*) FILTER (WHERE added.is_active <> gone.is_active OR added.is_verified <> gone.is_verified) > 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_added AFTER INSERT ON users REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_accounts();
CREATE TRIGGER tally_changed AFTER UPDATE ON users REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_accounts();
CREATE TRIGGER tally_gone AFTER DELETE ON users REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION tally_accounts();
"""
TALLY_ON_SQLITE = (
    """
CREATE TRIGGER tally_added AFTER INSERT ON users BEGIN
    INSERT INTO account_tallies (users, active, verified) VALUES (1, NEW.is_active, NEW.is_verified);
END
""",
    """
CREATE TRIGGER tally_changed AFTER UPDATE OF is_active, is_verified ON users
WHEN NEW.is_active <> OLD.is_active OR NEW.is_verified <> OLD.is_verified BEGIN
    INSERT INTO account_tallies (users, active, verified)
    VALUES (0, NEW.is_active - OLD.is_active, NEW.is_verified - OLD.is_verified);
END
""",
    """
CREATE TRIGGER tally_gone AFTER DELETE ON users BEGIN
    INSERT INTO account_tallies (users, active, verified) VALUES (-1, -OLD.is_active, -OLD.is_verified);
END
""",
)


def upgrade() -> None:
    op.create_table(
        "roles",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.String(length=256), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("inherits", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_roles")),
    )
    op.create_table(
        "account_tallies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("users", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.BigInteger(), nullable=False),
        sa.Column("verified", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_tallies")),
    )
    op.drop_index("ix_audit_events_user_id", "audit_events")
    op.create_index("ix_audit_events_user_id_id", "audit_events", ["user_id", "id"])
    op.create_index("ix_audit_events_action_at", "audit_events", ["action", "at"])
    op.create_index("ix_audit_events_actor_id", "audit_events", ["actor_id"])
    op.create_index("ix_user_roles_role_account_id", "user_roles", ["role", "account_id"])
    op.create_index(
        "ix_users_canonical_email_prefix",
        "users",
        ["canonical_email"],
        postgresql_ops={"canonical_email": "text_pattern_ops"},
    )
    op.create_index(
        "ix_users_user_id_prefix",
        "users",
        [sa.func.lower(sa.column("user_id")).label("lowered")],
        postgresql_ops={"lowered": "text_pattern_ops"},
    )
    op.add_column(
        "users", sa.Column("folded_username", sa.String(length=64), server_default=sa.text("''"), nullable=False)
    )
    _fold_names()
    op.create_index(
        "ix_users_folded_username_prefix",
        "users",
        ["folded_username"],
        postgresql_ops={"folded_username": "text_pattern_ops"},
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in (TRAIL_ON_POSTGRESQL, TALLY_ON_POSTGRESQL) if postgresql else (*TRAIL_ON_SQLITE, *TALLY_ON_SQLITE):
        op.execute(statement)
    op.execute(
        "INSERT INTO account_tallies (users, active, verified) SELECT count(*), count(CASE WHEN is_active THEN 1 END), "
        "count(CASE WHEN is_verified THEN 1 END) FROM users"
    )


def _fold_names() -> None:
    """Names are found by what `schemas.folded` makes of them."""
    users = sa.table("users", sa.column("id"), sa.column("username"), sa.column("folded_username"))
    fold = users.update().where(users.c.id == sa.bindparam("at")).values(folded_username=sa.bindparam("name"))
    last = 0
    while (
        rows := op.get_bind()
        .execute(sa.select(users.c.id, users.c.username).where(users.c.id > last).order_by(users.c.id).limit(BATCH))
        .all()
    ):
        op.get_bind().execute(fold, [{"at": row.id, "name": _folded(row.username)} for row in rows])
        last = rows[-1].id


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())[:64]
