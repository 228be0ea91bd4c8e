"""Query plans: every statement of a user's request uses an index, so its cost does not grow with accounts."""

import contextlib
import re

import psycopg2
import pytest
import sqlalchemy

import database
import prepared
from databases import POSTGRESQL_ONLY
from people import Person, code_in, new_email, new_password

# Each of these has a handful of rows for any number of accounts, so a sequential scan is the fastest plan.
SMALL = {"roles", "signing_keys", "account_tallies", "alembic_version", "webhook_endpoints"}


@pytest.fixture
def asked(service, monkeypatch):
    """Record every statement that is sent to PostgreSQL, with its values."""
    seen, ask = {}, prepared._Compiled.first

    def note(_connection, _cursor, statement, values, *_more):
        seen[statement] = (None, statement, values)

    def note_prepared(made, connection, values):
        seen[made._prepare] = (made._prepare, made._execute, {**made._fixed, **values})
        return ask(made, connection, values)

    monkeypatch.setattr(prepared._Compiled, "first", note_prepared)
    sqlalchemy.event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    sqlalchemy.event.remove(database.engine, "before_cursor_execute", note)


def lives_a_life(person: Person) -> None:
    """Run a whole account lifecycle."""
    assert person.sign_up().status_code == 201
    person.client.post("/auth/resend-verification", {"email": person.email})
    person.enter_code(code_in(person.verification_mail()))
    person.client.post("/auth/login", {"email": person.email, "password": "wrong"})
    assert person.log_in().status_code == 200
    other = person.other_device()
    for path in ("", "/sessions", "/identities", "/activity", "/export"):
        assert person.client.get(f"/users/me{path}").status_code == 200
    assert person.refresh().status_code == 200
    person.client.patch("/users/me", {"username": "Another name"})
    moved = new_email()
    assert person.verify_email(person.request_email_change(moved)).status_code == 200
    person.email = moved
    assert person.log_in().status_code == 200
    changed, reset = new_password(), new_password()
    assert person.change_password(changed).status_code == 200
    assert person.set_new_password(person.request_reset(), reset).status_code == 200
    assert person.log_in(reset).status_code == 200
    other.client.post("/auth/logout")
    person.client.post("/auth/logout-all")
    assert person.log_in(reset).status_code == 200
    assert person.client.delete("/users/me", {"password": reset}).status_code == 204


def plan_of(cursor, prepare, statement, values) -> str:
    if prepare:
        cursor.execute(prepare)
    cursor.execute(f"EXPLAIN {statement}", values)
    return "\n".join(line for (line,) in cursor.fetchall())


@POSTGRESQL_ONLY
def test_no_request_of_a_user_scans_a_whole_table(service, configure, asked):
    configure(email_verification="optional")
    lives_a_life(Person(service, "alice"))
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # in tables this small, PostgreSQL would prefer sequential scans
        scans = {
            statement: found
            for prepare, statement, values in asked.values()
            if re.match(r"SELECT|INSERT|UPDATE|DELETE|EXECUTE|WITH", statement)
            and (found := set(re.findall(r"Seq Scan on (\w+)", plan_of(cursor, prepare, statement, values))) - SMALL)
        }
    assert len(asked) > 40
    assert scans == {}
