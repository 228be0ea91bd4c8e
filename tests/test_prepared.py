"""Statements that each connection plans once: on PostgreSQL, also behind a pooler that forgets them."""

import contextlib

import pytest
from people import Person

import database
import prepared

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def everywhere(statement: str) -> list:
    """Run it on every connection of the pool; what the first one answers."""
    with contextlib.ExitStack() as held:
        connections = [held.enter_context(database.engine.connect()) for _ in range(database.engine.pool.checkedin())]
        answers = [connection.exec_driver_sql(statement) for connection in connections]
        return answers[0].fetchall() if answers[0].returns_rows else []


@pytest.fixture(autouse=True)
def kept(service, monkeypatch):
    monkeypatch.setattr(prepared, "_are_kept", True)


def test_who_am_i_is_planned_once(alice):
    everywhere("DEALLOCATE ALL")
    database.engine.dispose()
    for _ in range(3):
        alice.me()
    names = everywhere("SELECT name FROM pg_prepared_statements WHERE statement LIKE '%%user_roles%%'")
    assert len(names) == 1


def test_where_they_are_forgotten_nobody_notices(alice, caplog):
    caplog.set_level("INFO")
    alice.me()
    everywhere("DEALLOCATE ALL")
    assert alice.me()["email"] == alice.email
    assert alice.refreshes().status_code == 200
    assert "planned each time" in caplog.text
    assert alice.me()["email"] == alice.email


def test_a_name_that_somebody_else_took_on_the_same_connection_is_no_harm(service, alice):
    database.engine.dispose()
    with database.engine.connect() as connection:
        for number in range(20):
            connection.exec_driver_sql(f"PREPARE prepared_{number} AS SELECT 1")
        connection.commit()
    assert alice.me()["email"] == alice.email
    assert Person(service, "bob").signs_up().status_code == 201
