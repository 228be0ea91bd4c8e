"""Outages: the database stops, the mail server is closed, or the power fails."""

import itertools
import re
import socket
import sys
import time

import psycopg2
import pytest

import email_utils
from errors import RETRY_AFTER_SECONDS
from people import Client, Person, at_once, refusal, token_in
from servers import Mailbox, Postgres, Process, free_port, production


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL cluster for this file, which its tests stop and start."""
    own = Postgres()
    yield own
    own.close()


@pytest.fixture(scope="module")
def running(cluster, mailbox, tmp_path_factory):
    process = Process(
        tmp_path_factory.mktemp("outages"),
        mailbox=mailbox,
        DATABASE_URL=cluster.new_database(),
        EMAIL_VERIFICATION="optional",
    )
    yield process
    process.kill()


@pytest.fixture
def someone(running) -> Person:
    """A client of a logged-in user that also accepts 503."""
    person = Person(running, "alice")
    assert person.sign_up().status_code == 201
    person.client.allowed = (503,)
    return person


CALLS = {
    "login": ("POST", "/auth/login", lambda p: {"email": p.email, "password": p.password}),
    "me": ("GET", "/users/me", lambda p: None),
    "refresh": ("POST", "/auth/refresh", lambda p: {"refresh_token": p.tokens["refresh_token"]}),
    "signup": ("POST", "/auth/signup", lambda p: {"email": f"new.{p.email}", "password": p.password}),
    "reset": ("POST", "/auth/reset-password/request", lambda p: {"email": p.email}),
}


@pytest.fixture(scope="class")
def stopped(cluster, running):
    """A user who is logged in when the database stops; it runs again after the class."""
    person = Person(running, "alice")
    assert person.sign_up().status_code == 201
    person.client.allowed = (503,)
    cluster.stop()
    yield person
    cluster.start()


class TestStoppedDatabase:
    @pytest.mark.parametrize("call", CALLS)
    def test_requests_get_503_at_once(self, stopped, call):
        method, path, body = CALLS[call]
        begun = time.monotonic()
        answer = stopped.client._request(method, path, body(stopped))
        assert refusal(answer) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) == RETRY_AFTER_SECONDS
        assert time.monotonic() - begun < 10, "it waits for the database"

    def test_thirty_concurrent_requests_get_503(self, stopped):
        clients = [Client(stopped.service.url, stopped.client.token, allowed=(503,)) for _ in range(30)]
        begun = time.monotonic()
        answers = at_once(*(lambda c=c: c.get("/users/me") for c in clients))
        assert {refusal(a) for a in answers} == {(503, "unavailable")}
        assert time.monotonic() - begun < 20, "they wait for the database one after the other"

    def test_health_is_ok_and_readiness_is_not(self, stopped):
        assert stopped.client.get("/health").status_code == 200
        stopped.service.wait_until(503, seconds=60)
        answer = stopped.client.get("/health/ready").json()
        assert (answer["status"], answer["checks"]["database"]) == ("unavailable", "out of reach")

    def test_responses_disclose_nothing_about_the_database(self, stopped, cluster):
        text = stopped.client.get("/users/me").text
        assert str(cluster.port) not in text
        assert "psycopg" not in text.lower()


def test_service_recovers_and_the_session_stays_valid(cluster, someone):
    cluster.stop()
    assert refusal(someone.client.get("/users/me")) == (503, "unavailable")
    cluster.start()
    begun = time.monotonic()
    while someone.client.get("/users/me").status_code != 200:
        assert time.monotonic() - begun < 10
        time.sleep(0.05)
    someone.service.wait_until(200, seconds=60)
    assert someone.is_logged_in()


def test_restart_between_requests_fails_no_request(cluster, start):
    # Without a mail server, no worker uses the database in between.
    running = start(**production(DATABASE_URL=cluster.new_database()))
    alice = Person(running, "alice")
    alice.sign_up()
    clients = [Client(running.url, alice.client.token) for _ in range(8)]
    at_once(*(lambda c=c: c.get("/users/me") for c in clients))
    cluster.stop()
    cluster.start()
    time.sleep(1.1)
    assert [a.status_code for a in at_once(*(lambda c=c: c.get("/users/me") for c in clients))] == [200] * 8
    assert alice.log_in().status_code == 200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the processes of the cluster in /proc")
def test_unresponsive_database_times_out(cluster, someone):
    clients = [Client(someone.service.url, someone.client.token, allowed=(503,)) for _ in range(5)]
    begun = time.monotonic()
    with cluster.frozen():
        answers = at_once(*(lambda c=c: c.get("/users/me") for c in clients))
        assert {refusal(a) for a in answers} == {(503, "unavailable")}
        assert time.monotonic() - begun < 30, "a request waits forever"
        assert someone.client.get("/health").status_code == 200
    someone.service.wait_until(200, "/health/ready", seconds=60)
    assert someone.is_logged_in()


def told_to_postgresql(cluster, statement):
    connection = psycopg2.connect(cluster.new_database())
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.cursor().execute("SELECT pg_reload_conf()")
    connection.close()


AS_LONG_AS_A_SESSION = r"SET\b|PREPARE\b|LISTEN\b|DECLARE\b|CREATE TEMP|.*pg_(try_)?advisory_lock\("


def test_no_database_state_outlives_a_transaction(cluster, start):
    """PgBouncer requires this in transaction mode: the next statement can reach another server process.

    Prepared statements can be lost at any time: tests/database/test_prepared.py.
    """
    told_to_postgresql(cluster, "ALTER SYSTEM SET log_statement = 'all'")
    mark, box = (cluster.home / "log").stat().st_size, Mailbox()

    def statements() -> list[str]:
        return re.findall(r"LOG:  statement: (.*)", (cluster.home / "log").read_bytes()[mark:].decode())

    running = start(mailbox=box, DATABASE_URL=cluster.new_database(), ALGORITHM="ES256", EMAIL_VERIFICATION="optional")
    alice = Person(running, "alice")
    alice.sign_up()
    alice.verify_email(token_in(alice.verification_mail()))
    assert alice.log_in().status_code == alice.refresh().status_code == 200
    alice.me()
    before = len(statements())
    alice.me()
    of_others = re.compile(r"outbox|signing_keys|^SELECT 1$")  # the last one is the ping of an idle connection
    assert len([s for s in statements()[before:] if not of_others.search(s)]) == 1, "and no more"
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    running.stop()
    box.close()
    told_to_postgresql(cluster, "ALTER SYSTEM RESET log_statement")
    assert len(statements()) > 50
    lasting = [s for s in statements() if re.match(AS_LONG_AS_A_SESSION, s)]
    assert [s for s in lasting if not s.startswith("PREPARE prepared_")] == []


def test_service_can_start_before_its_database(cluster, start):
    url = cluster.new_database()
    cluster.stop()
    try:
        early = start(DATABASE_URL=url, ALGORITHM="ES256", HOSTED_PAGES="true", wait=False)
        early.wait_until(200, "/health")
        zoe = Person(early, "zoe")
        zoe.client.allowed = (503,)
        assert refusal(zoe.sign_up()) == (503, "unavailable")
        assert refusal(zoe.client.post("/auth/login", {})) == (503, "unavailable")
        for cookie in ("", "access_token=x", f"access_token={'.'.join(['e30'] * 3)}"):
            assert zoe.client.get("/nothing", headers={"Cookie": cookie}).status_code == 404
        not_ready = zoe.client.get("/health/ready")
        assert (not_ready.status_code, not_ready.headers["Retry-After"]) == (503, str(RETRY_AFTER_SECONDS))
    finally:
        cluster.start()
    early.wait_until(200, seconds=60)
    assert zoe.sign_up().status_code == 201


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_completed_sign_up_and_its_email_survive_a_power_failure(start, request, tmp_path, database):
    """On SQLite the mail server is down until then as well, so that every email waits."""
    box = Mailbox()
    if database == "sqlite":
        box.close()
    url = request.getfixturevalue("postgres").new_database() if database == "postgres" else f"sqlite:///{tmp_path}/p.db"
    running = start(mailbox=box, DATABASE_URL=url, EMAIL_VERIFICATION="optional")
    told_yes: list[Person] = []

    def signs_many_up() -> None:
        for number in itertools.count():
            person = Person(running, f"p{number}")
            try:
                assert person.sign_up().status_code == 201
            except Exception:  # the power fails
                return
            told_yes.append(person)

    def fails() -> None:
        while len(told_yes) < 20:
            time.sleep(0.01)
        running.kill()

    at_once(fails, *[signs_many_up] * 4)
    if database == "sqlite":
        assert box.heard == []
        box.open()
    running.start(ahead=email_utils.LEASE.total_seconds() + 1)  # after the lease of an email that was being sent
    assert len(told_yes) >= 20
    for person in told_yes:
        assert person.log_in().status_code == 200
        assert person.verify_email(token_in(person.verification_mail())).json()["is_verified"] is True
    box.close()


@pytest.fixture
def silent_port():
    """A port that accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("first", ["closed", "silent", "read-only"])
def test_the_writable_host_of_several_is_used(cluster, start, silent_port, request, first):
    url = cluster.new_database()
    name = url.rpartition("/")[2]
    other = {"closed": free_port(), "silent": silent_port}.get(first)
    if first == "read-only":
        standby = Postgres()
        request.addfinalizer(standby.close)
        connection = psycopg2.connect(standby.new_database(), options="-c default_transaction_read_only=off")
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
        connection.cursor().execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        connection.close()
        other = standby.port
    hosts = f"127.0.0.1:{other},127.0.0.1:{cluster.port}"
    running = start(DATABASE_URL=f"postgresql://postgres@{hosts}/{name}?target_session_attrs=read-write")
    alice = Person(running, "alice")
    assert alice.sign_up().status_code == 201
    clients = [Client(running.url, alice.client.token, allowed=(503,)) for _ in range(8)]
    begun = time.monotonic()
    assert [a.status_code for a in at_once(*(lambda c=c: c.get("/users/me") for c in clients))] == [200] * 8
    assert time.monotonic() - begun < 1, "each new connection waits for the host that does not answer"


def test_with_all_hosts_unresponsive_requests_fail_quickly(start, silent_port):
    hosts = f"127.0.0.1:{silent_port},localhost:{silent_port}"
    running = start(DATABASE_URL=f"postgresql://postgres@{hosts}/x?target_session_attrs=read-write", wait=False)
    running.wait_until(200, "/health")
    running.wait_until(503)
    begun = time.monotonic()
    Client(running.url, allowed=(503,)).get("/health/ready")
    assert time.monotonic() - begun < 10
