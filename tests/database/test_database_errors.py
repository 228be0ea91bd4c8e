"""Database errors become 503 with Retry-After, 409 or 422, never a 500."""

import contextlib
import json
import sqlite3

import pytest
import sqlalchemy

import database
import database_errors
import models
from databases import POSTGRESQL_ONLY
from people import Client, Person, new_email, new_password, refusal

MEANINGS = {
    "08006": (503, "unavailable"),
    "22001": (422, "validation_error"),
    "22003": (422, "validation_error"),
    "22P05": (422, "validation_error"),
    "22021": (422, "validation_error"),
    "23514": (409, "conflict"),
    "23503": (409, "conflict"),
    "25006": (503, "unavailable"),
    "25P03": (503, "unavailable"),
    "3F000": (503, "unavailable"),
    "40001": (503, "unavailable"),
    "40P01": (503, "unavailable"),
    "42501": (503, "unavailable"),
    "42703": (503, "unavailable"),
    "42883": (503, "unavailable"),
    "42P01": (503, "unavailable"),
    "53100": (503, "unavailable"),
    "53200": (503, "unavailable"),
    "53300": (503, "unavailable"),
    "53400": (503, "unavailable"),
    "55P03": (503, "unavailable"),
    "57014": (503, "unavailable"),
    "57P01": (503, "unavailable"),
    "57P02": (503, "unavailable"),
    "57P03": (503, "unavailable"),
    "57P05": (503, "unavailable"),
    "58030": (503, "unavailable"),
    "F0000": (503, "unavailable"),
    "XX001": (503, "unavailable"),
}
FAILS = """
CREATE OR REPLACE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'as a test asks' USING ERRCODE = '{code}'; END $$;
CREATE OR REPLACE TRIGGER fails BEFORE INSERT ON {table} EXECUTE FUNCTION fails()
"""


@contextlib.contextmanager
def failing(code: str, table: str):
    with database.engine.begin() as connection:
        connection.exec_driver_sql(FAILS.format(code=code, table=table))
    try:
        yield
    finally:
        with database.engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER fails ON {table}")


@POSTGRESQL_ONLY
@pytest.mark.parametrize("code", MEANINGS)
def test_error_in_a_transaction(alice, code):
    client = Client(alice.service.url, allowed=(503,))
    known = {"email": alice.email, "password": alice.password}
    with failing(code, "sessions"):
        answer = client.post("/auth/login", known)
    assert refusal(answer) == MEANINGS[code]
    assert ("retry-after" in answer.headers) == (answer.status_code == 503)
    assert client.post("/auth/login", known).status_code == 200, "the next request meets the database as it is"


@POSTGRESQL_ONLY
@pytest.mark.parametrize("code", ["25006", "42501", "53100", "57P01", "XX000"])
def test_error_of_a_prepared_statement(alice, code):
    client = Client(alice.service.url, allowed=(503,))
    wrong = {"email": new_email("nobody"), "password": new_password()}
    with failing(code, "guesses"):
        assert refusal(client.post("/auth/login", wrong)) == (503, "unavailable")
    assert client.post("/auth/login", wrong).status_code == 401


@POSTGRESQL_ONLY
@pytest.mark.parametrize("code", sorted(database_errors.ELSEWHERE_STATES))
def test_connection_is_closed_if_another_server_may_be_the_primary(alice, code):
    def backend() -> int:
        return database.read(sqlalchemy.text("SELECT pg_backend_pid()"))[0]

    alice.client.allowed = (503,)
    before = {backend() for _ in range(3)}
    with failing(code, "sessions"):
        alice.client.post("/auth/login", {"email": alice.email, "password": alice.password})
    assert backend() not in before


@POSTGRESQL_ONLY
@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_single_statement_is_repeated_after_a_serialization_failure(service, code):
    calls = []

    def fails_twice():
        calls.append(1)
        if len(calls) < 3:
            with database._outside_transactions() as connection:
                connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
        return "done"

    assert database.retried(fails_twice) == "done"
    assert len(calls) == 3


@POSTGRESQL_ONLY
class TestAfterARestoreWithoutSequenceValues:
    """The database generates an id that exists. The email address is not the cause."""

    @pytest.fixture(autouse=True)
    def behind(self, alice):
        """Restart the sequence of `users`, and restore it afterwards."""
        with database.engine.begin() as connection:
            connection.exec_driver_sql("SELECT setval('users_id_seq', (SELECT min(id) FROM users), false)")
        yield
        with database.engine.begin() as connection:
            connection.exec_driver_sql("SELECT setval('users_id_seq', (SELECT max(id) FROM users))")

    def test_sign_up_does_not_report_a_taken_email_address(self, alice, caplog):
        bob = Person(alice.service, "bob")
        bob.client.allowed = (503,)
        assert refusal(bob.sign_up()) == (503, "unavailable")
        assert "SELECT setval(pg_get_serial_sequence('users', 'id')" in caplog.text

    @pytest.mark.parametrize("mode", ["off", "optional", "required"])
    def test_with_required_verification_neither(self, alice, mode, configure):
        configure(email_verification=mode)
        bob = Person(alice.service, "bob")
        bob.client.allowed = (503,)
        assert refusal(bob.sign_up()) == (503, "unavailable")

    def test_administrator_does_not_get_a_taken_email_address(self, root):
        root.client.allowed = (503,)
        body = {"email": new_email("carol"), "username": "carol"}
        assert refusal(root.client.post("/admin/users", body)) == (503, "unavailable")

    def test_check_command_says_what_to_do(self, alice):
        from operations import checks

        found = {finding.what: finding for finding in checks.run()}
        assert found["sequences"].grade == "wrong"
        assert "setval" in found["sequences"].said


def test_violated_constraint_is_named_on_both_databases(service, alice):
    values = {name: getattr(models.User, name) for name in ("canonical_email", "user_id")}
    there = database.read(sqlalchemy.select(models.User.canonical_email, models.User.user_id))
    row = {"email": "x@example.com", "username": "x", "is_active": True, "is_verified": True}
    for column in values:
        fresh = {"canonical_email": new_email("x"), "user_id": models.new_id()} | {column: getattr(there, column)}
        with pytest.raises(sqlalchemy.exc.IntegrityError) as told:
            database.write_only(sqlalchemy.insert(models.User).values(**row, **fresh))
        others = values.keys() - {column}
        assert database_errors.violates(told.value, f"uq_users_{column}")
        assert not any(database_errors.violates(told.value, f"uq_users_{other}") for other in others)


def test_known_email_address_is_still_reported_as_taken(alice, configure):
    configure(email_verification="off")
    bob = Person(alice.service, "bob")
    bob.email = alice.email
    assert refusal(bob.sign_up()) == (409, "email_taken")


class TestSqlite:
    """SQLite errors have names instead of SQLSTATEs."""

    @pytest.mark.parametrize(
        ("name", "meaning"),
        [
            ("SQLITE_READONLY", "unavailable"),
            ("SQLITE_READONLY_DBMOVED", "unavailable"),
            ("SQLITE_FULL", "unavailable"),
            ("SQLITE_IOERR_WRITE", "unavailable"),
            ("SQLITE_CORRUPT", "unavailable"),
            ("SQLITE_NOTADB", "unavailable"),
            ("SQLITE_CANTOPEN", "unavailable"),
            ("SQLITE_BUSY", "unavailable"),
            ("SQLITE_LOCKED", "unavailable"),
            ("SQLITE_NOMEM", "unavailable"),
            ("SQLITE_CONSTRAINT_UNIQUE", "conflict"),
            ("SQLITE_CONSTRAINT_FOREIGNKEY", "conflict"),
            ("SQLITE_MISUSE", "bug"),
        ],
    )
    def test_errors_are_classified(self, name, meaning):
        driver = sqlite3.DatabaseError("as a test asks")
        driver.sqlite_errorname = name
        error = sqlalchemy.exc.DBAPIError.instance("", None, driver, sqlite3.Error)
        assert database_errors.meaning(error) == meaning

    def test_corrupt_file_is_unavailable_and_no_500(self, start, tmp_path):
        running = start()
        alice = Person(running, "alice")
        assert alice.sign_up().status_code == 201
        running.stop()
        file = tmp_path / "test.db"
        whole = file.read_bytes()
        running.start()
        file.write_bytes(whole[:100] + b"x" * (len(whole) - 100))
        alice.client.allowed = (503,)
        answers = {alice.log_in().status_code for _ in range(3)}
        assert answers == {503}


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "a\udfff", "😀" * 64, "\u202e", "漢字", "ß" * 64, "\x7f", "﷽", "\ufffe"]
)
@pytest.mark.parametrize("path", ["/auth/signup", "/auth/login", "/auth/reset-password/request"])
def test_text_that_a_database_cannot_store_gets_no_500(alice, path, text):
    body = json.dumps({"email": f"{text}@example.com", "username": text, "password": f"{text} a good long password"})
    answer = alice.client._http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500
