"""Settings of the server, the database or the role change neither responses nor behavior."""

import contextlib
import re
from datetime import datetime

import psycopg2
import pytest
import sqlalchemy

import database
from core import postgresql
from databases import POSTGRESQL_ONLY
from people import Client, Person, at_once
from servers import Process

HOSTILE = {
    "TimeZone": "Asia/Kolkata",
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "sql_standard",
    "bytea_output": "escape",
    "standard_conforming_strings": "off",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "statement_timeout": "2s",
    "lock_timeout": "1ms",
    "transaction_timeout": "3s",
    "idle_in_transaction_session_timeout": "2s",
    "idle_session_timeout": "2s",
    "client_encoding": "latin1",
}
EXPECTED = {**postgresql.SESSION, "client_encoding": "UTF8"}


def tell(url: str, *statements: str) -> None:
    """Run statements as the superuser, each in its own transaction."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def supported(url: str, name: str) -> bool:
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true) IS NOT NULL", [name])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("empty", ["postgres"], indirect=True)
class TestConnection:
    @pytest.mark.parametrize("of", ["DATABASE", "ROLE"])
    @pytest.mark.parametrize("name", HOSTILE)
    def test_overrides_other_settings(self, empty, postgres, name, of):
        url = empty.url.set(drivername="postgresql").render_as_string(hide_password=False)
        if not supported(url, name):
            pytest.skip("this server does not have it")
        role = f"role_{empty.url.database}"
        tell(url, f"CREATE ROLE {role} LOGIN SUPERUSER")
        subject = f"DATABASE {empty.url.database}" if of == "DATABASE" else f"ROLE {role}"
        tell(url, f"ALTER {subject} SET {name} = '{HOSTILE[name]}'" if name != "DateStyle" else f"ALTER {subject} SET {name} = {HOSTILE[name]}")  # fmt: skip
        database.connect(empty.url.set(username=role).render_as_string(hide_password=False))
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql(f"SHOW {name}").scalar() == EXPECTED[name]
        database.disconnect()

    def test_keeps_what_an_administrator_sets_on_purpose(self, empty):
        url = empty.url.set(drivername="postgresql").render_as_string(hide_password=False)
        name = empty.url.database
        tell(url, f"ALTER DATABASE {name} SET search_path = accounts, public", f"ALTER DATABASE {name} SET default_transaction_read_only = on")  # fmt: skip
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW search_path").scalar() == "accounts, public"
            assert connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"

    def test_sends_one_query_at_the_start_and_none_to_switch_autocommit(self, empty, postgres):
        url = empty.url.set(drivername="postgresql").render_as_string(hide_password=False)
        tell(url, f"ALTER DATABASE {empty.url.database} SET log_statement = 'all'")
        with database.engine.connect():
            pass
        mark = (postgres.home / "log").stat().st_size
        database.tables_are_present()
        with database.engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            for _ in range(5):
                postgresql.switch_autocommit(driver, True)
                postgresql.switch_autocommit(driver, False)
            postgresql.ping(driver)
            connection.exec_driver_sql("SELECT 'in a transaction'")
        database.read(sqlalchemy.text("SELECT 'by itself'"))
        said = re.findall(r"LOG:  statement: (.*)", (postgres.home / "log").read_bytes()[mark:].decode())
        assert [each for each in said if " prepared_" not in each] == [  # without those of the background work
            "SELECT 1",
            "BEGIN ISOLATION LEVEL READ COMMITTED",
            "SELECT 'in a transaction'",
            "ROLLBACK",
            "SELECT 'by itself'",
        ]


@pytest.fixture(scope="module")
def hostile(postgres, mailbox, tmp_path_factory):
    """The service on a database with unusual settings; timeouts are long enough for a slow machine's startup."""
    url = postgres.new_database()
    name = url.rpartition("/")[2]
    settings = {n: v for n, v in HOSTILE.items() if supported(url, n) and n not in ("DateStyle", "transaction_timeout")}
    tell(url, *(f"ALTER DATABASE {name} SET {n} = '{v}'" for n, v in settings.items()))
    process = Process(tmp_path_factory.mktemp("hostile"), mailbox=mailbox, DATABASE_URL=url)
    yield process
    process.kill()


def times_in(body) -> list[str]:
    if isinstance(body, dict):
        body = list(body.values())
    if isinstance(body, list):
        return [time for each in body for time in times_in(each)]
    return [body] if isinstance(body, str) and re.match(r"\d{4}-\d\d-\d\dT", body) else []


def is_utc(time: str) -> bool:
    return datetime.fromisoformat(time).utcoffset().total_seconds() == 0


def assert_all_times_are_utc(person: Person) -> None:
    answers = [
        person.client.get(path).json()
        for path in ("/users/me", "/users/me/sessions", "/users/me/activity", "/users/me/export")
    ]
    answers.append(person.client.patch("/users/me", {"locale": "de"}).json())
    for answer in answers:
        assert times_in(answer), answer
        assert [time for time in times_in(answer) if not is_utc(time)] == []


def test_times_are_utc_in_any_time_zone(hostile):
    alice = Person(hostile, "alice")
    alice.sign_up()
    assert_all_times_are_utc(alice)


def test_concurrent_logins_succeed_under_serializable(hostile):
    alice = Person(hostile, "alice")
    alice.sign_up()
    clients = [Client(hostile.url, allowed=(503,)) for _ in range(8)]
    known = {"email": alice.email, "password": alice.password}
    answers = [a for _ in range(3) for a in at_once(*(lambda c=c: c.post("/auth/login", known) for c in clients))]
    assert [a.status_code for a in answers] == [200] * 24


@POSTGRESQL_ONLY
def test_behind_a_pooler_that_mixes_connections_with_other_settings(alice):
    """As PgBouncer does in transaction mode, where it keeps only DateStyle and encoding of each client."""
    with contextlib.ExitStack() as held:
        connections = [held.enter_context(database.engine.connect()) for _ in range(database.engine.pool.size())]
        for connection in connections:
            for name in ("TimeZone", "default_transaction_isolation"):
                connection.exec_driver_sql(f"SET {name} = '{HOSTILE[name]}'")
            connection.commit()
    try:
        assert_all_times_are_utc(alice)
        clients = [Client(alice.service.url, allowed=(503,)) for _ in range(8)]
        known = {"email": alice.email, "password": alice.password}
        answers = [a for _ in range(3) for a in at_once(*(lambda c=c: c.post("/auth/login", known) for c in clients))]
        assert [a.status_code for a in answers] == [200] * 24
    finally:
        database.engine.dispose()
