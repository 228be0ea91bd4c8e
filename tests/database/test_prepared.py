"""Prepared statements on PostgreSQL, also behind a pooler that drops them."""

import contextlib
import threading

import psycopg2
import pytest
from sqlalchemy import JSON, bindparam, insert, literal, select

import database
import models
import prepared
from credentials import throttling
from databases import POSTGRESQL_ONLY
from people import at_once
from waiting import until

pytestmark = POSTGRESQL_ONLY


def everywhere(statement: str) -> list:
    """Run a statement on every connection of the pool that is not in use, and return the rows of all of them."""
    with contextlib.ExitStack() as held:
        connections = [held.enter_context(database.engine.connect()) for _ in range(database.engine.pool.checkedin())]
        answers = [connection.exec_driver_sql(statement) for connection in connections]
        return [row for answer in answers if answer.returns_rows for row in answer.fetchall()]


def sessions_of(person) -> int:
    return len(person.client.get("/users/me/sessions").json())


@pytest.fixture(autouse=True)
def kept(service, monkeypatch):
    database.engine.dispose()  # the statements of its connections may have been dropped by the test before
    monkeypatch.setattr(prepared, "_is_supported", True)


def test_current_user_query_is_prepared_once(alice):
    found = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%%JOIN users%%'"
    for _ in range(3):
        alice.me()
    until(lambda: everywhere(found))  # a background thread may have the connection
    assert len(set(everywhere(found))) <= 1


def test_dropped_statements_are_prepared_again(alice, caplog):
    caplog.set_level("INFO")
    for _ in range(50):  # a background thread may hold the connection that has the statement
        alice.me()
        everywhere("DEALLOCATE ALL")
        assert alice.me()["email"] == alice.email
        if "prepared statements are not supported" in caplog.text:
            break
    assert alice.refresh().status_code == 200
    assert "prepared statements are not supported" in caplog.text
    assert alice.me()["email"] == alice.email


def test_statements_are_prepared_again_after_a_change_of_a_type(alice):
    alice.me()
    for changed in ("text", "varchar(2048)"):
        with database.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE users ALTER COLUMN picture_url TYPE {changed}")
        for _ in range(5):
            assert alice.me()["email"] == alice.email
    assert prepared._is_supported


def test_statement_without_a_value_for_a_default_is_rejected(alice):
    statement = prepared.Prepared(lambda: insert(models.UserRole).inline())
    incomplete = prepared.Prepared(lambda: insert(models.User).inline())
    with database.transaction() as db:
        statement.run(db, {"account_id": alice.me()["id"], "role": "admin"})
        with pytest.raises(TypeError, match="default"):
            incomplete.run(db, {"email": "x@example.com", "canonical_email": "x@example.com", "username": "X"})
        db.rollback()


def test_percent_signs_are_prepared_as_in_other_statements(alice):
    rest = (models.User.id % 1).label("rest")
    statement = prepared.Prepared(lambda: select(rest).where(models.User.user_id == bindparam("user")))
    assert tuple(statement.first({"user": alice.user_id})) == (0,)


def test_literals_are_converted_like_values(alice):
    found = literal({"first": 1}, JSON).label("found")
    statement = prepared.Prepared(lambda: select(found).where(models.User.user_id == bindparam("user")))
    assert tuple(statement.first({"user": alice.user_id})) == ({"first": 1},)


def test_failed_login_with_a_dropped_statement_counts_once(alice):
    alice.log_in()
    everywhere("DEALLOCATE ALL")
    guess = throttling.begin("nobody@example.com", None)
    asked = select(models.Guesses.pending, models.Guesses.failures).where(models.Guesses.subject == guess.subject)
    assert tuple(database.read(asked)) == (1, 0)


def test_statements_of_a_transaction_are_prepared_too(alice):
    assert alice.log_in().status_code == 200
    texts = [text for (text,) in everywhere("SELECT statement FROM pg_prepared_statements")]
    for table in ("audit_events", "sessions", "events", "user_roles", "known_networks"):
        assert any(f"INSERT INTO {table} " in text for text in texts), table


def test_transaction_with_a_dropped_statement_changes_nothing_and_the_next_one_succeeds(alice):
    assert alice.log_in().status_code == 200
    alice.client.allowed = [503]
    answers, before = [], sessions_of(alice)
    # Several times, because a background thread may hold the connection that has the statement.
    while 503 not in answers and len(answers) < 20:
        everywhere("DEALLOCATE ALL")
        answers.append(alice.log_in().status_code)
    assert answers[-1] == 503
    assert sessions_of(alice) == before + answers.count(200)
    assert alice.log_in().status_code == 200


def test_after_a_dropped_statement_every_connection_is_replaced(alice):
    found = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%%INSERT INTO sessions%%'"
    until(lambda: at_once(*[alice.log_in] * 8) and len(everywhere(found)) > 1)
    everywhere("DEALLOCATE ALL")
    alice.client.allowed = [503]
    # A background thread may use a dropped statement first: then no login fails.
    assert [alice.log_in().status_code for _ in range(12)].count(503) <= 1


def test_statement_of_another_release_on_the_same_connection_is_not_used(alice):
    alice.me()
    names = {name for (name,) in everywhere("SELECT name FROM pg_prepared_statements")}
    database.engine.dispose()
    with database.engine.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"PREPARE {name} AS SELECT 1")
        connection.commit()
    assert alice.me()["email"] == alice.email


@pytest.mark.parametrize("path", ["/users/me", "/users/me/sessions", "/auth/login"])
def test_connections_that_break_at_any_moment_cause_no_5xx(alice, path):
    alice.client.allowed = [429, 503]
    stop = threading.Event()

    def kill():
        with database.engine.connect() as connection:
            own = "pid <> pg_backend_pid() AND datname = current_database() AND random() < 0.3"
            while not stop.wait(0.02):
                connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {own}")

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        known = {"email": alice.email, "password": alice.password}
        if path == "/auth/login":
            answers = {alice.client.post(path, known).status_code for _ in range(40)}
        else:
            answers = {alice.client.get(path).status_code for _ in range(300)}
    finally:
        stop.set()
        killer.join()
        database.engine.dispose()  # otherwise the next test would get the connections that broke last
    assert answers <= {200, 429, 503}
    assert 200 in answers


def test_existing_connections_stay_while_no_new_one_is_possible(alice, monkeypatch):
    alice.me()
    there = database.engine.pool

    def full(*_):
        raise psycopg2.OperationalError("sorry, too many clients already")

    alice.client.allowed = [503]
    with monkeypatch.context() as busy:
        busy.setattr(database.engine, "raw_connection", full)
        assert alice.client.get("/users/me").status_code == 503
    assert database.engine.pool is there
    assert alice.me()["email"] == alice.email
