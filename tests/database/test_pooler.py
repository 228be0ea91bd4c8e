"""The service behind a real PgBouncer in transaction mode, with unusual settings of the database."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest

import missing
from core import postgresql
from people import Client, Person, at_once
from servers import Process, free_port
from tests.database.test_server_settings import HOSTILE, assert_all_times_are_utc, tell

CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
server_reset_query =
logfile = {folder}/pgbouncer.log
"""


class PgBouncer:
    def __init__(self, server: int) -> None:
        program = shutil.which("pgbouncer")
        if program is None:
            raise missing.Missing("pgbouncer")
        self.port, self.folder = free_port(), Path(tempfile.mkdtemp(prefix="pgbouncer-"))
        folder = self.folder
        file = folder / "pgbouncer.ini"
        # It serves only the user of the cluster, and refuses to run as root.
        text = CONFIGURATION.format(server=f"{server} user=postgres", port=self.port, folder=folder)
        file.write_text(text)
        nobody = pwd.getpwnam("nobody")
        if os.geteuid() == 0:
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        with (folder / "out").open("wb") as out:
            self.process = subprocess.Popen([program, "-q", str(file)], stdout=out, stderr=out, **who)

    def wait(self, url: str) -> None:
        for _ in range(100):
            try:
                psycopg2.connect(url).close()
            except psycopg2.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("PgBouncer does not answer")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def pooled(postgres, mailbox, tmp_path_factory):
    pooler = missing.started(PgBouncer, postgres.port)
    url = postgres.new_database()
    name = url.rpartition("/")[2]
    for setting in ("TimeZone", "default_transaction_isolation", "IntervalStyle", "bytea_output"):
        tell(url, f"ALTER DATABASE {name} SET {setting} = '{HOSTILE[setting]}'")
    through = f"postgresql://postgres@127.0.0.1:{pooler.port}/{name}?pgbouncer=true"
    pooler.wait(through.partition("?")[0])
    process = Process(
        tmp_path_factory.mktemp("pooled"), mailbox=mailbox, workers=2, DATABASE_URL=through, ALGORITHM="ES256"
    )
    yield process
    process.kill()
    pooler.close()


def test_first_requests_of_all_succeed(pooled):
    people = [Person(pooled, f"first{number}") for number in range(12)]
    for person in people:
        person.client.allowed = (500, 503)
    assert {answer.status_code for answer in at_once(*(person.sign_up for person in people))} == {201}


def test_times_are_utc(pooled):
    alice = Person(pooled, "alice")
    alice.sign_up()
    assert_all_times_are_utc(alice)


def test_concurrent_logins_succeed(pooled):
    alice = Person(pooled, "alice")
    alice.sign_up()
    clients = [Client(pooled.url, allowed=(503,)) for _ in range(8)]
    known = {"email": alice.email, "password": alice.password}
    answers = [a for _ in range(4) for a in at_once(*(lambda c=c: c.post("/auth/login", known) for c in clients))]
    assert [a.status_code for a in answers] == [200] * 32


def test_concurrent_refreshes_and_profile_changes_succeed(pooled):
    people = [Person(pooled, f"p{number}") for number in range(6)]
    for person in people:
        person.client.allowed = (503,)
        assert person.sign_up().status_code == 201
    for _ in range(5):
        assert {a.status_code for a in at_once(*(p.refresh for p in people))} == {200}
        changes = [lambda p=p: p.client.patch("/users/me", {"locale": "de"}) for p in people]
        assert {a.status_code for a in at_once(*changes)} == {200}


def test_server_that_was_promoted_accepts_connections(postgres):
    """PgBouncer still reports to clients what the server said when it was a standby."""
    pooler, url = missing.started(PgBouncer, postgres.port), postgres.new_database()
    name = url.rpartition("/")[2]
    one = {"host": "127.0.0.1", "dbname": name, "user": "postgres", "target_session_attrs": "read-write"}
    hosts = {**one, "host": "127.0.0.1,127.0.0.1", "port": f"{pooler.port},{pooler.port}"}
    try:
        tell(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        pooler.wait(f"postgresql://postgres@127.0.0.1:{pooler.port}/{name}")
        with pytest.raises(psycopg2.OperationalError, match=postgresql.READ_ONLY):
            postgresql.connect_to_any(None, None, (), hosts)
        elsewhere = postgres.new_database()
        tell(elsewhere, f"ALTER DATABASE {name} RESET default_transaction_read_only")
        tell(elsewhere, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(**one, port=pooler.port)
        connection = postgresql.connect_to_any(None, None, (), hosts)
        connection.cursor().execute("CREATE TABLE written (id int)")
        connection.rollback()
        connection.close()
    finally:
        pooler.close()
