"""OAuth provider."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# The sessions of clients are listed among the revocations, as other sessions are.
ON_POSTGRESQL = """
CREATE TRIGGER oauth_session_ended AFTER DELETE ON oauth_sessions
    FOR EACH ROW WHEN (OLD.expires_at > now()) EXECUTE FUNCTION list_ended_session();
"""
ON_SQLITE = """
CREATE TRIGGER oauth_session_ended AFTER DELETE ON oauth_sessions WHEN OLD.expires_at > datetime('now') BEGIN
    INSERT INTO revocations (session_id, account_id) VALUES (OLD.id, OLD.account_id);
END
"""
time = sa.DateTime(timezone=True)


def upgrade() -> None:
    _clients()
    _grants()
    _requests()
    _codes()
    _sessions()
    op.create_table(
        "oauth_used_proofs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("expires_at", time, nullable=False, index=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_used_proofs")),
    )
    _logout_notices()
    op.execute(ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else ON_SQLITE)


def _big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _account(table: str, *, index: bool = True) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return sa.Column("account_id", _big_id(), nullable=False, index=index), sa.ForeignKeyConstraint(
        ["account_id"], ["users.id"], name=op.f(f"fk_{table}_account_id_users"), ondelete="CASCADE"
    )


def _client(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return sa.Column("client_pk", sa.String(36), nullable=False, index=True), sa.ForeignKeyConstraint(
        ["client_pk"], ["oauth_clients.id"], name=op.f(f"fk_{table}_client_pk_oauth_clients"), ondelete="CASCADE"
    )


def _clients() -> None:
    op.create_table(
        "oauth_clients",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_hash", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("created_by", sa.String(64)),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("logo_uri", sa.String(2048)),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("token_endpoint_auth_method", sa.String(32), nullable=False),
        sa.Column("secret_hash", sa.String(64)),
        sa.Column("previous_secret_hash", sa.String(64)),
        sa.Column("previous_secret_until", time),
        sa.Column("redirect_uris", sa.JSON(), nullable=False),
        sa.Column("post_logout_redirect_uris", sa.JSON(), nullable=False),
        sa.Column("grant_types", sa.JSON(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("resource_identifier", sa.String(2048)),
        sa.Column("jwks", sa.JSON()),
        sa.Column("jwks_uri", sa.String(2048)),
        sa.Column("id_token_signed_response_alg", sa.String(16), nullable=False),
        sa.Column("subject_type", sa.String(16), nullable=False),
        sa.Column("sector", sa.String(512), nullable=False),
        sa.Column("first_party", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("require_dpop", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("require_par", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("access_token_lifetime", sa.Integer()),
        sa.Column("backchannel_logout_uri", sa.String(2048)),
        sa.Column("registration_hash", sa.String(64)),
        sa.Column("created_at", time, nullable=False),
        sa.Column("updated_at", time, nullable=False),
        sa.Column("last_used_at", time, index=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_clients")),
        sa.UniqueConstraint("client_hash", name=op.f("uq_oauth_clients_client_hash")),
    )


def _grants() -> None:
    op.create_table(
        "oauth_grants",
        sa.Column("id", sa.String(36), nullable=False),
        *_account("oauth_grants", index=False),
        *_client("oauth_grants"),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("updated_at", time, nullable=False),
        sa.Column("last_used_at", time),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_grants")),
    )
    op.create_index("uq_oauth_grants_account_id_client_pk", "oauth_grants", ["account_id", "client_pk"], unique=True)


def _requests() -> None:
    op.create_table(
        "oauth_requests",
        sa.Column("id", sa.String(36), nullable=False),
        *_client("oauth_requests"),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("pushed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("created_at", time, nullable=False),
        sa.Column("expires_at", time, nullable=False, index=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_requests")),
    )


def _codes() -> None:
    op.create_table(
        "oauth_codes",
        sa.Column("id", sa.String(36), nullable=False),
        *_client("oauth_codes"),
        *_account("oauth_codes"),
        sa.Column("session_id", sa.String(36), nullable=False, index=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("expires_at", time, nullable=False, index=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_codes")),
    )


def _sessions() -> None:
    op.create_table(
        "oauth_sessions",
        sa.Column("id", sa.String(36), nullable=False),
        *_client("oauth_sessions"),
        *_account("oauth_sessions"),
        sa.Column("session_id", sa.String(36), index=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("jkt", sa.String(64)),
        sa.Column("refresh_counter", sa.Integer(), nullable=False),
        sa.Column("rotated_at", time),
        sa.Column("created_at", time, nullable=False),
        sa.Column("authenticated_at", time),
        sa.Column("amr", sa.String(64)),
        sa.Column("aal2_at", time),
        sa.Column("last_used_at", time, nullable=False),
        sa.Column("expires_at", time, nullable=False, index=True),
        sa.Column("ends_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_sessions")),
    )


def _logout_notices() -> None:
    op.create_table(
        "oauth_logout_notices",
        sa.Column("id", _big_id(), nullable=False),
        *_client("oauth_logout_notices"),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("sid", sa.String(36), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("queued_at", time, nullable=False),
        sa.Column("due_at", time, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(255)),
        sa.Column("sent_at", time),
        sa.Column("gave_up_at", time),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_logout_notices")),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("sent_at IS NULL AND gave_up_at IS NULL")
    op.create_index(
        "ix_oauth_logout_notices_due",
        "oauth_logout_notices",
        ["priority", "due_at"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
