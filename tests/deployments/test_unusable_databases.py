"""Unusable databases: read-only, of another application, without privileges or tables, or with another encoding."""

import contextlib
import time

import psycopg2
import pytest
import sqlalchemy

import database
import database_errors
import manage
from operations import checks, database_state, migrations, startup
from people import Client, Person, refusal
from servers import Process
from settings.loading import STARTUP_FAILURE
from telemetry import logs
from waiting import until


def tell(url: str, *statements: str) -> None:
    """Run statements as the superuser, each in its own transaction."""
    connection = psycopg2.connect(url, options="-c default_transaction_read_only=off")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


CLOSE_CONNECTIONS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

# ------------------------------------------------------------------------------------------------------ while it serves


@pytest.fixture(scope="module")
def url(postgres) -> str:
    return postgres.new_database()


@pytest.fixture(scope="module")
def running(url, mailbox, tmp_path_factory):
    """The service as a role that owns its tables."""
    process = Process(
        tmp_path_factory.mktemp("unusable"), mailbox=mailbox, DATABASE_URL=url, EMAIL_VERIFICATION="optional"
    )
    yield process
    process.kill()


@pytest.fixture
def someone(running) -> Person:
    person = Person(running, "alice")
    assert person.sign_up().status_code == 201
    person.client.allowed = (503,)
    return person


WRITES = {
    "login": ("/auth/login", lambda p: {"email": p.email, "password": p.password}),
    "wrong password": ("/auth/login", lambda p: {"email": p.email, "password": "a wrong password"}),
    "refresh": ("/auth/refresh", lambda p: {"refresh_token": p.tokens["refresh_token"]}),
    "sign-up": ("/auth/signup", lambda p: {"email": f"new.{p.email}", "password": p.password}),
    "reset": ("/auth/reset-password/request", lambda p: {"email": p.email}),
    "resend": ("/auth/resend-verification", lambda p: {"email": p.email}),
    "logout": ("/auth/logout", lambda p: None),
    "logout everywhere": ("/auth/logout-all", lambda p: None),
}


def readiness(client: Client) -> tuple[str, str]:
    body = client.get("/health/ready").json()
    return body["status"], body["checks"]["database"]


@pytest.mark.parametrize("open_connections", ["stay", "end"])
def test_read_only_database_is_unavailable_until_it_is_writable_again(url, someone, open_connections):
    """As after a failover, when the pool's connections are to the standby (SQLSTATE 25006)."""
    name = url.rpartition("/")[2]
    tell(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on", CLOSE_CONNECTIONS)
    try:
        someone.service.wait_until(503)
        for path, body in WRITES.values():
            answer = someone.client.post(path, body(someone))
            assert refusal(answer) == (503, "unavailable"), path
            assert int(answer.headers["retry-after"]) > 0
        until(lambda: readiness(someone.client) == ("unavailable", "read-only"))
    finally:
        tell(url, f"ALTER DATABASE {name} RESET default_transaction_read_only")
    if open_connections == "end":
        tell(url, CLOSE_CONNECTIONS)
    # The first write may use an old connection, and then closes all of them; the next one succeeds.
    someone.client.post("/auth/login", {"email": someone.email, "password": someone.password})
    assert someone.log_in().status_code == 200
    someone.service.wait_until(200)


@pytest.fixture(scope="module")
def app_role(url, running) -> str:
    """A role with every privilege that the service needs, which owns nothing."""
    tell(
        url,
        # The server may have it already: pytest sets up a module again for a test that another worker passed on.
        "DO $$ BEGIN CREATE ROLE app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO app",
    )
    return url.replace("postgres@", "app@")


@pytest.fixture(scope="module")
def as_app(app_role, mailbox, tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("app"), mailbox=mailbox, DATABASE_URL=app_role)
    yield process
    process.kill()


LOST = {
    "SELECT ON users": ("REVOKE SELECT ON users FROM app", "GRANT SELECT ON users TO app"),
    "ALL ON users": ("REVOKE ALL ON users FROM app", "GRANT ALL ON users TO app"),
    "INSERT ON sessions": ("REVOKE INSERT ON sessions FROM app", "GRANT INSERT ON sessions TO app"),
    "UPDATE ON users": ("REVOKE UPDATE ON users FROM app", "GRANT UPDATE ON users TO app"),
    "INSERT ON audit_events": ("REVOKE INSERT ON audit_events FROM app", "GRANT INSERT ON audit_events TO app"),
    "SELECT ON oauth_users": ("REVOKE SELECT ON oauth_users FROM app", "GRANT SELECT ON oauth_users TO app"),
    "USAGE ON users_id_seq": (
        "REVOKE ALL ON SEQUENCE users_id_seq FROM app",
        "GRANT ALL ON SEQUENCE users_id_seq TO app",
    ),
}


@pytest.mark.parametrize("lost", LOST)
def test_lost_privilege_shows_in_readiness_and_no_request_gets_a_500(url, as_app, lost):
    client = Client(as_app.url, allowed=(503,))
    revoke, grant = LOST[lost]
    tell(url, revoke)
    try:
        as_app.wait_until(503)
        until(lambda: readiness(client) == ("unavailable", "rights missing"))
        alice = Person(as_app, "alice")
        alice.client.allowed = (503,)
        alice.sign_up()
        client.post("/auth/login", {"email": alice.email, "password": alice.password})
    finally:
        tell(url, grant)
    as_app.wait_until(200)


@pytest.mark.parametrize("table", ["users", "sessions", "guesses", "outbox", "account_tallies"])
def test_missing_table_shows_in_readiness_and_no_request_gets_a_500(url, someone, table):
    tell(url, f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        someone.service.wait_until(503)
        until(lambda: readiness(someone.client)[1] in ("tables missing", "not ours"))
        for path, body in WRITES.values():
            assert someone.client.post(path, body(someone)).status_code < 504
    finally:
        tell(url, f"ALTER TABLE elsewhere RENAME TO {table}")
    someone.service.wait_until(200)


def test_readiness_writes_nothing(url, someone):
    """In a second with a check no more transactions write than in one without: the cleanup and the outbox do."""
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:

        def written_while(act):
            ids = []
            for step in (lambda: None, act):
                step()
                cursor.execute("SELECT pg_current_xact_id()")
                ids.append(int(cursor.fetchone()[0]))
                connection.rollback()
            return ids[1] - ids[0]

        def seconds_with_a_check():
            for _ in range(4):
                assert readiness(someone.client)[1] == "ok"
                time.sleep(1.1)

        without = written_while(lambda: time.sleep(4.4))
        # What else the server does may write more in one of the periods.
        assert any(written_while(seconds_with_a_check) < without + 4 for _ in range(3))


# --------------------------------------------------------------------------------------------------------------- startup

USERS = "CREATE TABLE users (id integer PRIMARY KEY, email varchar(255), password varchar(255))"
VERSIONS = "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)"
FOREIGN = {
    "a table users": [USERS],
    "a table users with rows": [USERS, "INSERT INTO users VALUES (1, 'a@example.com', 'x')"],
    "a view users": ["CREATE VIEW users AS SELECT 1 AS id"],
    "a table sessions": ["CREATE TABLE sessions (id integer)"],
    "a table roles": ["CREATE TABLE roles (id integer)"],
    "a table outbox of another service": ["CREATE TABLE outbox (id integer)"],
    "migrations of another application": [VERSIONS, "INSERT INTO alembic_version VALUES ('ae1027a6acf')"],
    "migrations with a number like ours": [VERSIONS, "INSERT INTO alembic_version VALUES ('0001')"],
    "our newest number and nothing else": [VERSIONS, "INSERT INTO alembic_version VALUES ('0010')"],
    "migrations with a number above ours": [VERSIONS, "INSERT INTO alembic_version VALUES ('9999')"],
    "migrations and users": [VERSIONS, USERS, "INSERT INTO alembic_version VALUES ('3f2a9c')"],
    "two heads": [VERSIONS, USERS, "INSERT INTO alembic_version VALUES ('0001'), ('abcd')"],
    "no version, and users": [VERSIONS, USERS],
    "a number like ours, and their users": [VERSIONS, USERS, "INSERT INTO alembic_version VALUES ('0003')"],
}


def said_by_check() -> dict[str, checks.Finding]:
    return {finding.what: finding for finding in checks.run()}


@pytest.mark.parametrize("kind", FOREIGN)
def test_database_of_another_application_is_rejected_in_one_line(empty, kind):
    with empty.begin() as connection:
        for statement in FOREIGN[kind]:
            connection.exec_driver_sql(statement)
        before = sorted(sqlalchemy.inspect(connection).get_table_names())
    with pytest.raises(database_errors.UnusableDatabase) as told:
        startup.prepare()
    assert str(told.value).startswith("DATABASE_URL: the database belongs to another application")
    assert "\n" not in str(told.value)
    assert said_by_check()["database"].grade == "wrong"
    assert "belongs to another application" in said_by_check()["database"].said
    assert database_state.problem() == "not ours"
    assert sorted(sqlalchemy.inspect(empty).get_table_names()) == before, "it is as it was"


UNRELATED = {
    "tables with other names": ["CREATE TABLE spatial_ref_sys (srid integer)", "CREATE TABLE orders (id integer)"],
    "an empty table of versions, as roles.sql makes it": [VERSIONS],
    "nothing": [],
}


@pytest.mark.parametrize("kind", UNRELATED)
def test_unrelated_tables_are_ignored(empty, kind):
    with empty.begin() as connection:
        for statement in UNRELATED[kind]:
            connection.exec_driver_sql(statement)
    startup.prepare()
    assert database_state.problem() == "ok"


def test_tables_of_a_newer_release_are_served(empty):
    migrations.migrate()
    with empty.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.connect(empty.url.render_as_string(hide_password=False))
    startup.prepare()
    assert database_state.problem() == "ok"
    assert "newer than this release" in said_by_check()["tables"].said


def made_with(postgres, **options: str) -> str:
    name = f"made_{time.monotonic_ns()}"
    written = " ".join(f"{key} '{value}'" for key, value in options.items())
    tell(
        f"postgresql://postgres@127.0.0.1:{postgres.port}/postgres",
        f"CREATE DATABASE {name} TEMPLATE template0 {written}",
    )
    return f"postgresql://postgres@127.0.0.1:{postgres.port}/{name}"


@pytest.fixture
def on_its_own(empty):
    """on_its_own(url): use that database in this process until the end of the test."""
    yield lambda url: database.connect(url.replace("postgresql://", "postgresql+psycopg2://"))
    database.disconnect()


only_on_postgresql = pytest.mark.parametrize("empty", ["postgres"], indirect=True)


@only_on_postgresql
@pytest.mark.parametrize("encoding", ["LATIN1", "LATIN9", "SQL_ASCII", "WIN1252", "EUC_JP", "KOI8R"])
def test_insufficient_encoding_is_rejected_in_one_line(postgres, on_its_own, encoding):
    on_its_own(made_with(postgres, ENCODING=encoding, LC_COLLATE="C", LC_CTYPE="C"))
    with pytest.raises(database_errors.UnusableDatabase, match=f"DATABASE_URL: .* encoding {encoding}; .*UTF8"):
        startup.prepare()
    assert said_by_check()["database"].grade == "wrong"
    assert database_state.problem() == "not ours" or database_state.problem() == "tables missing"


@only_on_postgresql
def test_old_postgresql_is_rejected_in_one_line(empty, monkeypatch):
    with empty.connect():
        pass
    monkeypatch.setattr(empty.dialect, "server_version_info", (11, 22))
    with pytest.raises(database_errors.UnusableDatabase, match="PostgreSQL 11 is too old"):
        startup.prepare()


NO_RIGHTS = {
    "none to create tables": ["REVOKE CREATE ON SCHEMA public FROM PUBLIC"],
    "none on the schema": ["REVOKE ALL ON SCHEMA public FROM PUBLIC"],
    "a search_path that leads nowhere": ["ALTER ROLE {role} SET search_path = nowhere"],
}


@only_on_postgresql
@pytest.mark.parametrize("kind", NO_RIGHTS)
def test_start_without_privileges_ends_in_one_line(empty, on_its_own, kind):
    url = empty.url.set(drivername="postgresql").render_as_string(hide_password=False)
    role = f"role_{empty.url.database}"
    tell(url, f"CREATE ROLE {role} LOGIN", *(statement.format(role=role) for statement in NO_RIGHTS[kind]))
    on_its_own(url.replace("postgres@", f"{role}@"))
    with pytest.raises(database_errors.UnusableDatabase) as told:
        startup.prepare()
    assert str(told.value).startswith("DATABASE_URL: ")
    assert "\n" not in str(told.value)
    assert "wrong" in {finding.grade for finding in said_by_check().values()}


@only_on_postgresql
def test_restore_under_another_owner_ends_the_start_in_one_line(empty, on_its_own):
    migrations.migrate()
    url = empty.url.set(drivername="postgresql").render_as_string(hide_password=False)
    role = f"role_{empty.url.database}"
    tell(url, f"CREATE ROLE {role} LOGIN")
    on_its_own(url.replace("postgres@", f"{role}@"))
    with pytest.raises(database_errors.UnusableDatabase, match="DATABASE_URL: the database user lacks rights"):
        startup.prepare()
    assert said_by_check()["database"].grade == "wrong"
    assert database_state.problem() == "rights missing"


def test_failed_start_of_two_workers_ends_without_a_traceback(postgres, start):
    url = postgres.new_database()
    tell(url, *FOREIGN["migrations and users"])
    process = start(DATABASE_URL=url, workers=2, wait=False)
    process.ends()
    log = process.log.read_text()
    assert "DATABASE_URL: the database belongs to another application" in log
    assert "Traceback" not in log


def test_file_that_is_not_a_database_ends_the_start_in_one_line(start, tmp_path):
    (tmp_path / "test.db").write_text("this is a text, and not a database" * 100)
    process = start(wait=False)
    assert process.ends() == STARTUP_FAILURE
    log = process.log.read_text()
    assert "DATABASE_URL: " in log
    assert "Traceback" not in log


@only_on_postgresql
@pytest.mark.parametrize("command", ["migrate", "check", "cleanup"])
def test_command_reports_it_in_one_line(empty, monkeypatch, capsys, command):
    monkeypatch.setattr(logs, "set_up", lambda: None)
    tell(empty.url.set(drivername="postgresql").render_as_string(hide_password=False), *FOREIGN["migrations and users"])
    with pytest.raises(SystemExit) as ended:
        manage.run(command)
    assert ended.value.code
    assert "belongs to another application" in f"{ended.value.code} {capsys.readouterr().out}"


def test_database_that_later_turns_out_to_be_foreign_ends_the_process(start, postgres, tmp_path):
    """It was away at startup, so the service waited for it."""
    url = postgres.new_database()
    name = url.rpartition("/")[2]
    admin = f"postgresql://postgres@127.0.0.1:{postgres.port}/postgres"
    tell(admin, f"ALTER DATABASE {name} RENAME TO away_{name}")
    process = start(DATABASE_URL=url, wait=False)
    process.wait_until(503)
    tell(f"{url.rpartition('/')[0]}/away_{name}", USERS)
    tell(admin, f"ALTER DATABASE away_{name} RENAME TO {name}")
    assert process.ends() == STARTUP_FAILURE
    assert "DATABASE_URL: the database belongs to another application" in process.log.read_text()
