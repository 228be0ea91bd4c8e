#!/usr/bin/env python3
"""Fail a PostgreSQL primary over to its standby under load, and count the responses.

Starts a primary with a synchronous streaming standby, and the service with two workers and both hosts in `DATABASE_URL`
(`target_session_attrs=read-write`). Clients sign up, log in, refresh and read; halfway, the primary is killed and the
standby promoted:

    python bench/failover.py --seed 1 [--seconds 20]

It fails if a response is a 500, if an acknowledged write is lost, or if the service does not recover.
The seed determines what each client does and when the standby is promoted, but not how they interleave.
"""

import argparse
import contextlib
import os
import random
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]
os.environ.setdefault("ENV_FILE", os.devnull)

import httpx2
import psycopg2

from servers import Postgres, Process, free_port

CLIENTS = 8
LONGEST_RECOVERY = 15.0  # seconds from the promotion to the first write that succeeds
ENDS_A_CLIENT_CALL = 20.0


class Standby(Postgres):
    """A streaming standby of a primary."""

    def __init__(self, primary: Postgres) -> None:
        self.bin, self._as = primary.bin, primary._as
        self.home = Path(tempfile.mkdtemp(prefix="credentials-standby-"))
        if self._as:
            os.chown(self.home, self._as["user"], self._as["group"])
        self.port = free_port()
        source = f"host=127.0.0.1 port={primary.port} user=postgres application_name=standby"
        self._run("pg_basebackup", "-d", source, "-D", f"{self.home}/data", "-R", "-X", "stream", "-c", "fast")
        with (self.home / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"port={self.port}\nunix_socket_directories='{self.home}'\n")
        self.start()

    def promote(self) -> None:
        self._run("pg_ctl", "-D", f"{self.home}/data", "-w", "promote")


class Client(threading.Thread):
    """A client that records acknowledged writes: accounts, and the newest refresh token of each."""

    def __init__(self, url: str, seed: int, counts: Counter[tuple[str, str, object]], phase: list[str]) -> None:
        super().__init__(daemon=True)
        self.chance, self.counts, self.phase = random.Random(seed), counts, phase
        self.http = httpx2.Client(base_url=url, timeout=ENDS_A_CLIENT_CALL, trust_env=False)
        self.accounts: list[dict[str, str]] = []
        self.first_write: float | None = None
        self.stopping = False

    def call(self, name: str, method: str, path: str, **more: object) -> httpx2.Response | None:
        phase = self.phase[0]
        try:
            answer = self.http.request(method, path, **more)
        except httpx2.HTTPError as error:
            self.counts[phase, name, type(error).__name__] += 1
            return None
        self.counts[phase, name, answer.status_code] += 1
        if answer.status_code == 503:
            assert answer.json()["code"] == "unavailable", answer.text
            assert answer.headers["retry-after"]
            time.sleep(0.05)
        return answer

    def run(self) -> None:
        while not self.stopping:
            if not self.accounts or self.chance.random() < 0.3:
                self.sign_up()
            else:
                account = self.chance.choice(self.accounts)
                self.chance.choice((self.log_in, self.refresh, self.read))(account)

    def sign_up(self) -> None:
        email, password = f"a{secrets.token_hex(8)}@example.com", secrets.token_urlsafe(16)
        answer = self.call("sign-up", "POST", "/auth/signup", json={"email": email, "password": password})
        if answer is not None and answer.status_code == 201:
            body = answer.json()
            self.accounts.append({"email": email, "password": password, "access": body["access_token"], "refresh": body["refresh_token"]})  # fmt: skip
            if self.phase[0] == "after" and self.first_write is None:
                self.first_write = time.monotonic()

    def log_in(self, account: dict[str, str]) -> None:
        known = {"email": account["email"], "password": account["password"]}
        self.call("login", "POST", "/auth/login", json=known)

    def refresh(self, account: dict[str, str]) -> None:
        answer = self.call("refresh", "POST", "/auth/refresh", json={"refresh_token": account["refresh"]})
        if answer is not None and answer.status_code == 200:
            account.update(refresh=answer.json()["refresh_token"], access=answer.json()["access_token"])

    def read(self, account: dict[str, str]) -> None:
        self.call("me", "GET", "/users/me", headers={"Authorization": f"Bearer {account['access']}"})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with contextlib.ExitStack() as ends:
        return run(options.seed, options.seconds, ends)


def replicated() -> tuple[Postgres, Standby, str]:
    """Start a primary with a synchronous standby."""
    primary = Postgres()
    url = primary.new_database()
    standby = Standby(primary)
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        cursor.execute("SELECT pg_reload_conf()")
        synchronous = "SELECT sync_state FROM pg_stat_replication"
        for _ in range(100):
            cursor.execute(synchronous)
            if cursor.fetchall() == [("sync",)]:
                break
            time.sleep(0.1)
        else:
            raise SystemExit("the standby does not stream synchronously")
    name = url.rpartition("/")[2]
    hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    return primary, standby, f"postgresql://postgres@{hosts}/{name}?target_session_attrs=read-write"


def run(seed: int, seconds: float, ends: contextlib.ExitStack) -> int:
    chance = random.Random(seed)
    primary, standby, url = replicated()
    ends.callback(primary.close)
    ends.callback(standby.close)
    folder = Path(tempfile.mkdtemp(prefix="failover-"))
    ends.callback(shutil.rmtree, folder, ignore_errors=True)
    service = Process(folder, workers=2, DATABASE_URL=url, JWT_SECRET=secrets.token_urlsafe(48), HASH_WORKERS="1")
    ends.callback(service.kill)
    counts: Counter[tuple[str, str, object]] = Counter()
    phase = ["before"]
    clients = [Client(service.url, seed * 1000 + number, counts, phase) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(seconds / 2)
    phase[0] = "during"
    primary.stop("immediate")
    away = chance.uniform(0, 3)
    time.sleep(away)
    # The promoted server has no standby to wait for.
    standby._run("pg_ctl", "-D", f"{standby.home}/data", "-w", "promote")
    promoted = time.monotonic()
    phase[0] = "after"
    stop_waiting_for_a_standby(standby)
    time.sleep(seconds / 2)
    for client in clients:
        client.stopping = True
    for client in clients:
        client.join(60)
    return report(clients, counts, promoted, away)


def stop_waiting_for_a_standby(standby: Standby) -> None:
    connection = psycopg2.connect(host="127.0.0.1", port=standby.port, user="postgres", dbname="postgres")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM RESET synchronous_standby_names")
        cursor.execute("SELECT pg_reload_conf()")


def report(clients: list[Client], counts: Counter[tuple[str, str, object]], promoted: float, away: float) -> int:
    for phase in ("before", "during", "after"):
        by_status = Counter()
        for (of, _, status), number in counts.items():
            by_status[str(status)] += number if of == phase else 0
        print(phase, {status: number for status, number in sorted(by_status.items()) if number})
    lost, checked = 0, 0
    phase = clients[0].phase
    phase[0] = "checked"
    for client in clients:
        for account in client.accounts:
            checked += 1
            known = {"email": account["email"], "password": account["password"]}
            answer = client.call("check", "POST", "/auth/login", json=known)
            refreshed = client.call("check", "POST", "/auth/refresh", json={"refresh_token": account["refresh"]})
            lost += answer is None or answer.status_code != 200 or refreshed is None or refreshed.status_code != 200
    writes = [client.first_write for client in clients if client.first_write]
    recovery = min(writes) - promoted if writes else float("inf")
    wrong = sorted({str(key) for key in counts if isinstance(key[2], int) and key[2] not in (200, 201, 503)})
    print(f"primary killed; {away:.1f} s until the promotion; first write {recovery:.2f} s after it")
    print(
        f"{checked} acknowledged accounts with their sessions: {lost} lost; responses beside 200, 201 and 503: {wrong}"
    )
    return int(bool(wrong) or lost > 0 or recovery > LONGEST_RECOVERY)


if __name__ == "__main__":
    sys.exit(main())
