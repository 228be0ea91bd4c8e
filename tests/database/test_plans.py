"""Query plans: every statement of a user's request uses an index, so its cost does not grow with accounts."""

import contextlib
import re

import psycopg2
import pytest
import sqlalchemy

import database
import models
import statements
from core import capability
from databases import POSTGRESQL_ONLY
from operations import cleanup
from people import Person

# Each of these has a handful of rows for any number of accounts, so a sequential scan is the fastest plan.
SMALL = {"roles", "signing_keys", "account_tallies", "alembic_version", "webhook_endpoints"}
# These do not grow with accounts either: imports, registered applications, deletions in progress, and thirty days.
SMALL |= {"import_runs", "oauth_clients", "erasures", "counted_days"}


@pytest.fixture
def asked(service):
    """Record every statement that is sent to PostgreSQL, with its values."""
    with statements.recorded() as seen:
        yield seen


def plan_of(cursor, prepare, statement, values) -> str:
    if prepare:
        cursor.execute(prepare)
    cursor.execute(f"EXPLAIN {statement}", values)
    return "\n".join(line for (line,) in cursor.fetchall())


def plans_of(asked, *disabled) -> dict[str, str]:
    """Return the plan of each statement. In tables this small, PostgreSQL would prefer the disabled methods."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        for method in disabled:
            cursor.execute(f"SET {method} = off")
        return {
            statement: plan_of(cursor, prepare, statement, values)
            for prepare, statement, values in list(asked.values())  # background threads add to it
            if re.match(r"SELECT|INSERT|UPDATE|DELETE|EXECUTE|WITH", statement)
        }


def scans_of(asked) -> dict[str, set[str]]:
    """Return the tables that each statement would scan sequentially."""
    plans = plans_of(asked, "enable_seqscan").items()
    scanned = {statement: set(re.findall(r"Seq Scan on (\w+)", plan)) - SMALL for statement, plan in plans}
    return {statement: tables for statement, tables in scanned.items() if tables}


@POSTGRESQL_ONLY
def test_no_request_of_a_user_scans_a_whole_table(service, configure, asked):
    configure(email_verification="optional")
    statements.life_of(Person(service, "alice"))
    assert len(asked) > 40
    assert scans_of(asked) == {}


@POSTGRESQL_ONLY
def test_no_cleanup_scans_a_whole_table(service, alice, asked):
    cleanup.run()
    assert len(asked) > 30
    assert scans_of(asked) == {}


@POSTGRESQL_ONLY
def test_no_list_of_administrators_scans_a_whole_table(service, root, alice, asked):
    for path in (
        "/admin/users",
        "/admin/users?is_active=false",
        "/admin/users?role=admin",
        "/admin/users?query=alice",
        "/admin/users?cursor=100",
        "/admin/audit",
        "/admin/audit?action=user.imported",
        "/admin/audit?since=2026-01-01T00:00:00Z",
        f"/admin/audit?user_id={alice.user_id}",
        "/admin/stats",
        "/admin/stats/funnel",
    ):
        assert root.client.get(path).status_code == 200
    assert scans_of(asked) == {}


@POSTGRESQL_ONLY
def test_each_cleanup_has_an_index_on_its_rows(service):
    """The index begins with a column that the condition compares, so that rows which are not due are not read."""
    inspector = sqlalchemy.inspect(database.engine)
    without = []
    for expired in (each for record in capability.installed() for each in record.cleanup(models.now())):
        parts = sqlalchemy.sql.visitors.iterate(expired.condition)
        compared = {part.name for part in parts if isinstance(part, sqlalchemy.Column)}
        name = expired.table.__tablename__
        leading = {index["column_names"][0] for index in inspector.get_indexes(name)}
        leading |= set(inspector.get_pk_constraint(name)["constrained_columns"][:1])
        if name not in SMALL and not compared & leading:
            without.append(expired.name)
    assert without == []


@POSTGRESQL_ONLY
@pytest.mark.parametrize(
    ("path", "index"),
    [
        ("/admin/users?is_active=false", "ix_users_inactive"),
        ("/admin/audit?action=role.created", "ix_audit_events_action_id"),
    ],
)
def test_a_rare_kind_is_read_from_its_own_index(root, asked, path, index):
    """Otherwise PostgreSQL reads the whole table backwards to fill a page."""
    assert root.client.get(path).status_code == 200
    assert any(index in plan for plan in plans_of(asked, "enable_seqscan", "enable_sort", "enable_bitmapscan").values())
