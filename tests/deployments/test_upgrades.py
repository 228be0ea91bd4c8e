"""Upgrades need no maintenance window: the previous release serves while and after the schema is migrated.

Migrations only add what an older release can do without. A later release removes what no release uses any more, and
lists it: `no_longer_used = ["users.old_column"]`.
"""

import io
import re
import subprocess
import tarfile

import pytest
import sqlalchemy

from operations import startup
from people import Person
from routes import system
from servers import PROJECT, Process
from tests.operations.test_migrations import script, upgrade

REVISIONS = [revision.revision for revision in script().walk_revisions()][::-1]


def shape(engine) -> dict[str, dict[str, dict]]:
    inspector = sqlalchemy.inspect(engine)
    return {
        table: {column["name"]: column for column in inspector.get_columns(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def length(column: dict) -> float:
    return getattr(column["type"], "length", None) or float("inf")


def broken_for_the_release_before(before: dict, after: dict) -> list[str]:
    """Return the changes that could break a release that expects the previous schema."""
    wrong = []
    for table, columns in before.items():
        there = after.get(table, {})
        wrong += [f"{table}.{name} is gone" for name in columns.keys() - there.keys()]
        for name, column in there.items():
            was = columns.get(name)
            must_be_given = not column["nullable"] and column["default"] is None
            if must_be_given and (was is None or was["nullable"]):
                wrong.append(f"{table}.{name} must be given")
            if was is not None and str(was["type"]).split("(")[0] != str(column["type"]).split("(")[0]:
                wrong.append(f"{table}.{name} is of another type")
            if was is not None and length(column) < length(was):
                wrong.append(f"{table}.{name} is shorter")
    return wrong


def test_each_migration_keeps_what_the_previous_release_uses(empty):
    upgrade(empty, REVISIONS[0])
    before = shape(empty)
    for revision in REVISIONS[1:]:
        upgrade(empty, revision)
        after = shape(empty)
        unused = getattr(script().get_revision(revision).module, "no_longer_used", [])
        wrong = [line for line in broken_for_the_release_before(before, after) if line.split()[0] not in unused]
        assert wrong == [], f"migration {revision} would break a release that still runs"
        before = after


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("ALTER TABLE sessions DROP COLUMN user_agent", "sessions.user_agent is gone"),
        ("ALTER TABLE sessions ADD COLUMN device varchar(9) NOT NULL", "sessions.device must be given"),
        ("ALTER TABLE sessions ALTER COLUMN rotated_at SET NOT NULL", "sessions.rotated_at must be given"),
        ("ALTER TABLE sessions ALTER COLUMN user_agent TYPE varchar(100)", "sessions.user_agent is shorter"),
        ("ALTER TABLE sessions ALTER COLUMN refresh_counter TYPE text", "sessions.refresh_counter is of another type"),
        ("DROP TABLE one_time_tokens", "one_time_tokens.purpose is gone"),
    ],
)
def test_breaking_changes_are_detected(empty, statement, broken):
    if empty.dialect.name == "sqlite":
        pytest.skip("SQLite cannot alter a column")
    upgrade(empty, REVISIONS[0])
    before = shape(empty)
    with empty.begin() as connection:
        connection.execute(sqlalchemy.text(statement))
    assert broken in broken_for_the_release_before(before, shape(empty))


NEXT_RELEASE = [
    "ALTER TABLE users ADD COLUMN favourite_colour varchar(20) DEFAULT 'green' NOT NULL",
    "ALTER TABLE sessions ADD COLUMN factor varchar(20)",
    "CREATE TABLE of_the_future (id integer PRIMARY KEY)",
    "UPDATE alembic_version SET version_num = '9999'",
]


def test_this_release_serves_on_the_schema_of_the_next_one(start, postgres):
    url = postgres.new_database()
    running = start(DATABASE_URL=url)
    alice = Person(running, "alice")
    alice.sign_up()
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))
    with engine.begin() as connection:
        for statement in NEXT_RELEASE:
            connection.execute(sqlalchemy.text(statement))
    engine.dispose()
    assert alice.is_logged_in()
    running.stop()
    running.start()
    uses(running, alice)
    assert "newer than this release" in running.log.read_text()


def uses(running: Process, alice: Person) -> None:
    """Act as a user from before the upgrade, and as a new one."""
    assert alice.is_logged_in()
    assert alice.log_in().status_code == 200
    assert alice.change_password("another horse, another staple").status_code == 200
    assert alice.client.get("/users/me/sessions").status_code == 200
    zoe = Person(running, "zoe")
    assert zoe.sign_up().status_code == 201
    assert zoe.refresh().status_code == 200
    assert zoe.client.delete("/users/me", {"password": zoe.password}).status_code == 204


def release_before() -> str | None:
    """Return the newest tag of an older version than this one, such as v0.1.0."""
    listed = subprocess.run(
        ["git", "tag", "--merged", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    versions = [tuple(map(int, found)) for found in re.findall(r"^v(\d+)\.(\d+)\.(\d+)$", listed.stdout, re.M)]
    older = [version for version in versions if version < tuple(map(int, system.VERSION.split(".")))]
    return "v" + ".".join(map(str, max(older))) if older else None


@pytest.mark.skipif(release_before() is None, reason="there is no release before this one yet")
@pytest.mark.parametrize("empty", ["postgres"], indirect=True)
def test_previous_release_runs_on_the_current_schema(start, tmp_path, empty):
    packed = subprocess.run(["git", "archive", str(release_before())], cwd=PROJECT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(tmp_path / "before", filter="data")
    url = empty.url.render_as_string(hide_password=False)
    before = start(DATABASE_URL=url, PYTHONPATH=str(tmp_path / "before"))
    alice = Person(before, "alice")
    alice.sign_up()
    startup.prepare()  # this release starts, and the previous one continues
    uses(before, alice)
    before.stop()
    before.start()
    bob = Person(before, "bob")
    bob.sign_up()
    uses(before, bob)
