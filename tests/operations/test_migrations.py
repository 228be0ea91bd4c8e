"""The migrations: they create the current schema from an empty database, and match the models."""

from datetime import UTC, datetime

import alembic.autogenerate
import alembic.command
import alembic.config
import alembic.script
import pytest
import sqlalchemy
from alembic.migration import MigrationContext

import database
import models
import schemas
from accounts import deletion, tallies
from operations import migrations, startup
from people import at_once
from servers import PROJECT


def script() -> alembic.script.ScriptDirectory:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    return alembic.script.ScriptDirectory.from_config(config)


def test_there_is_one_newest_migration():
    assert len(script().get_heads()) == 1
    assert script().get_current_head() is not None


def test_empty_database_is_migrated_to_the_newest_schema(empty):
    assert sqlalchemy.inspect(empty).get_table_names() == []
    assert not database.is_reachable()
    migrations.migrate()
    assert database.is_reachable()
    assert {*database.Base.metadata.tables, "alembic_version"} == set(sqlalchemy.inspect(empty).get_table_names())
    with empty.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == script().get_current_head()


def test_migrations_and_models_agree(empty):
    migrations.migrate()
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert alembic.autogenerate.compare_metadata(context, database.Base.metadata) == []


def test_second_run_changes_nothing(empty):
    migrations.migrate()
    with empty.begin() as connection:
        connection.execute(sqlalchemy.text("INSERT INTO audit_events (at, action, detail) VALUES (CURRENT_TIMESTAMP, 'x', '{}')"))  # fmt: skip
    migrations.migrate()
    assert database.read(sqlalchemy.text("SELECT count(*) FROM audit_events"))[0] == 1


THEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
WRITTEN_LONG_AGO = {
    "users": [
        {"id": number, "user_id": name, "email": f"{name}@example.com", "canonical_email": f"{name}@example.com", "username": name,
         "hashed_password": "hash", "is_active": name != "mallory", "is_verified": name == "alice", "email_proven_at": None,
         "created_at": THEN, "updated_at": THEN}
        for number, name in enumerate(("alice", "bob", "mallory"), 1)
    ],
    "user_roles": [{"account_id": 1, "role": "superuser"}, {"account_id": 1, "role": "user"}],
    "sessions": [
        {"id": "a-phone", "account_id": 1, "refresh_counter": 7, "rotated_at": None, "ip": "192.0.2.1", "user_agent": "Phone",
         "created_at": THEN, "last_used_at": THEN, "expires_at": THEN, "ends_at": THEN}
    ],
    "audit_events": [
        {"id": 1, "at": THEN, "action": "user.signed_up", "actor_id": "alice", "user_id": "alice", "ip": "192.0.2.1", "user_agent": "Phone", "detail": {"via": "google"}}
    ],
}  # fmt: skip


def upgrade(engine, revision):
    config = alembic.config.Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, revision)


def test_rows_from_before_the_newer_migrations_are_kept(empty):
    upgrade(empty, "0002")
    with empty.begin() as connection:
        for name, rows in WRITTEN_LONG_AGO.items():
            connection.execute(
                sqlalchemy.insert(sqlalchemy.Table(name, sqlalchemy.MetaData(), autoload_with=connection)), rows
            )
    migrations.migrate()
    for name, rows in WRITTEN_LONG_AGO.items():
        table = database.Base.metadata.tables[name]
        there = database.read_all(
            sqlalchemy.select(*(table.c[column] for column in rows[0])).order_by(*table.primary_key)
        )
        assert [row._asdict() for row in there] == rows
    assert tallies.totals() == (3, 2, 1)
    with database.transaction() as db:
        deletion.delete(db, db.get(models.User, 2))
    assert tallies.totals() == (2, 1, 1)


def test_eight_concurrent_runs_equal_one(empty):
    assert at_once(*[migrations.migrate] * 8) == [None] * 8
    assert database.is_reachable()


def test_service_that_does_not_own_the_tables_serves_and_cannot_change_the_audit_log(empty):
    if empty.dialect.name == "sqlite":
        pytest.skip("SQLite has no roles")
    migrations.migrate()
    with empty.begin() as owner:
        for statement in (
            "CREATE ROLE service LOGIN",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO service",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO service",
        ):
            owner.execute(sqlalchemy.text(statement))
    database.connect(empty.url.set(username="service").render_as_string(hide_password=False))
    startup.prepare()  # including migrations, as at each start
    with database.transaction() as db:
        user = db.scalar(sqlalchemy.select(models.User))
        deletion.delete(db, user)
    assert database.read(sqlalchemy.text("SELECT sum(users) FROM account_tallies"))[0] == 0
    for attack in (
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_events_stay ON audit_events",
        "SET session_replication_role = replica",
        "TRUNCATE audit_events",
        "DELETE FROM audit_events",
    ):
        with pytest.raises(sqlalchemy.exc.ProgrammingError):
            database.write_only(sqlalchemy.text(attack))
    database.disconnect()


@pytest.mark.parametrize(
    "table", ["sessions", "one_time_tokens", "outbox", "known_networks", "user_roles", "oauth_users"]
)
def test_deleting_an_account_deletes_its_rows(empty, table):
    migrations.migrate()
    (key,) = sqlalchemy.inspect(empty).get_foreign_keys(table)
    assert (key["referred_table"], key["options"]["ondelete"]) == ("users", "CASCADE")


def test_existing_names_are_searchable_after_migration(empty):
    upgrade(empty, "0003")
    with empty.begin() as connection:
        for name in ("ÉRIC", "E\u0301ric", "ﷺ" * 64):
            values = {"name": name, "at": "2026-01-01 00:00:00"}
            connection.execute(sqlalchemy.text("INSERT INTO users (user_id, email, canonical_email, username, is_active, is_verified, created_at, updated_at) VALUES (:name, :name, :name, :name, true, true, :at, :at)"), values)  # fmt: skip
    migrations.migrate()
    for username, folded_username in database.read_all(sqlalchemy.text("SELECT username, folded_username FROM users")):
        assert folded_username == schemas.fold(username) != ""


def test_account_whose_last_factor_was_removed_as_a_copy_is_marked(empty):
    upgrade(empty, "0026")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    kept = sqlalchemy.MetaData()
    users, profiles, factors = (
        sqlalchemy.Table(name, kept, autoload_with=empty) for name in ("users", "factor_profiles", "factors")
    )
    user = {"username": "x", "is_active": True, "is_verified": True, "created_at": at, "updated_at": at}
    names = {"with_a_key": True, "with_a_copied_key": True, "without_factors": False}
    with empty.begin() as connection:
        for number, (name, has_factors) in enumerate(names.items(), 1):
            values = {"id": number, "user_id": name, "email": name, "canonical_email": name, "has_factors": has_factors}
            connection.execute(users.insert(), user | values)
        for number in (1, 2):
            connection.execute(profiles.insert(), {"account_id": number, "user_handle": f"{number}", "sealed_key": "x"})
        key = {"id": "key", "account_id": 1, "type": "passkey", "name": "key", "created_at": at}
        connection.execute(factors.insert(), key)
    migrations.migrate()
    marked = sqlalchemy.select(models.User.user_id).where(models.User.has_only_recovery_codes)
    assert [row.user_id for row in database.read_all(marked)] == ["with_a_copied_key"]
