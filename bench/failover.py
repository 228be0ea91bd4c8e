#!/usr/bin/env python3
"""Kill the machine of the PostgreSQL primary under load, and check what users see.

Starts two PostgreSQL nodes with Debian's Patroni and etcd (synchronous replication), a PgBouncer on each, and the
service with two workers and both nodes in `DATABASE_URL` (`target_session_attrs=read-write`). Clients sign up, log in,
refresh and read. Meanwhile, all processes of the leader's node are killed; Patroni promotes the other node, and the
first one later returns as its standby:

    python bench/failover.py --seed 1 [--seconds 30] [--without-pgbouncer]

It fails if a request gets no response or another one than 200, 201 and 503 `unavailable`, if an acknowledged write is
lost, or if no good response arrives within five seconds of the promotion. The seed determines what each client does and
when the node is killed, but not how they interleave.
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
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support"), str(PROJECT / "bench")]
os.environ.setdefault("ENV_FILE", os.devnull)

import httpx2
import patroni_cluster
from patroni_cluster import PatroniCluster

from servers import Process

CLIENTS = 8
LONGEST_RECOVERY = 5.0  # seconds from the promotion to the first good response, and to the first write
ENDS_A_CLIENT_CALL = 30.0
SECONDS_TO_PROMOTE, SECONDS_TO_RETURN = 60, 90


class Client(threading.Thread):
    """A client that records acknowledged writes: accounts, and the newest refresh token of each."""

    def __init__(self, url: str, seed: int, counts: Counter[tuple[str, str, object]], phase: list[str]) -> None:
        super().__init__(daemon=True)
        self.chance, self.counts, self.phase = random.Random(seed), counts, phase
        self.http = httpx2.Client(base_url=url, timeout=ENDS_A_CLIENT_CALL, trust_env=False)
        self.accounts: list[dict[str, str]] = []
        self.first_write: float | None = None
        self.logged_out = 0
        self.first_good: float | None = None  # the first response after the promotion that is not 503
        self.stopping = False
        self.failure: Exception | None = None

    def call(self, name: str, method: str, path: str, *, excused: int = 0, **more: object) -> httpx2.Response | None:
        phase = self.phase[0]
        try:
            answer = self.http.request(method, path, **more)
        except httpx2.HTTPError as error:
            self.counts[phase, name, type(error).__name__] += 1
            return None
        if answer.status_code != excused:
            self.counts[phase, name, answer.status_code] += 1
        if phase == "after" and answer.status_code < 500 and self.first_good is None:
            self.first_good = time.monotonic()
        if answer.status_code == 503:
            if answer.json()["code"] != "unavailable" or not answer.headers.get("retry-after"):
                raise ValueError(f"503 without the code unavailable or Retry-After: {answer.text}")
            time.sleep(0.05)
        return answer

    def run(self) -> None:
        try:
            while not self.stopping:
                self.act()
        except Exception as error:  # a response that is not as documented: `report` counts it
            self.failure = error

    def act(self) -> None:
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

    def log_in(self, account: dict[str, str]) -> bool:
        known = {"email": account["email"], "password": account["password"]}
        return self._remember(account, self.call("login", "POST", "/auth/login", json=known))

    def _remember(self, account: dict[str, str], answer: httpx2.Response | None) -> bool:
        if answer is None or answer.status_code != 200:
            return False
        account.pop("unanswered", None)
        account.update(refresh=answer.json()["refresh_token"], access=answer.json()["access_token"])
        return True

    def refresh(self, account: dict[str, str]) -> bool:
        """Refresh the session, and return whether it exists.

        A refresh without a good response may have succeeded. If it is repeated after REFRESH_REUSE_GRACE_SECONDS, which
        are shorter than the failover, the session ends as it does for a stolen token. The user logs in again.
        """
        excused = 401 if "unanswered" in account else 0
        body = {"refresh_token": account["refresh"]}
        answer = self.call("refresh", "POST", "/auth/refresh", excused=excused, json=body)
        if answer is None or answer.status_code == 503:
            account["unanswered"] = "yes"
        elif answer.status_code == excused:
            self.logged_out += 1
            self.log_in(account)
        return self._remember(account, answer)

    def read(self, account: dict[str, str]) -> None:
        if "unanswered" not in account or self.refresh(account):
            self.call("me", "GET", "/users/me", headers={"Authorization": f"Bearer {account['access']}"})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True, help="what each client does and when the node is killed")
    parser.add_argument("--seconds", type=float, default=30, help="of load before and after the failover together")
    parser.add_argument("--without-pgbouncer", action="store_true", help="connect to PostgreSQL itself")
    options = parser.parse_args()
    if missing := patroni_cluster.missing():
        raise SystemExit(f"not installed: {', '.join(missing)} (Debian: patroni, etcd-server, pgbouncer)")
    with contextlib.ExitStack() as ends:
        return run(options.seed, options.seconds, ends, pooled=not options.without_pgbouncer)


def run(seed: int, seconds: float, ends: contextlib.ExitStack, *, pooled: bool) -> int:
    chance = random.Random(seed)
    cluster = PatroniCluster()
    ends.callback(cluster.close)
    folder = Path(tempfile.mkdtemp(prefix="failover-"))
    ends.callback(shutil.rmtree, folder, ignore_errors=True)
    url = cluster.url(pooled=pooled)
    service = Process(folder, workers=2, DATABASE_URL=url, JWT_SECRET=secrets.token_urlsafe(48))
    ends.callback(service.kill)
    counts: Counter[tuple[str, str, object]] = Counter()
    phase = ["before"]
    clients = [Client(service.url, seed * 1000 + number, counts, phase) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(seconds / 2 + chance.uniform(0, 3))
    old = cluster.leader()
    (new,) = [node for node in cluster.nodes if node is not old]
    phase[0] = "during"
    old.kill()
    killed = time.monotonic()
    patroni_cluster.until(new.is_writable, SECONDS_TO_PROMOTE, "the promotion")
    promoted = time.monotonic()
    phase[0] = "after"
    time.sleep(seconds / 4)
    phase[0] = "return"
    old.start()
    patroni_cluster.until(lambda: old.role() == "sync", SECONDS_TO_RETURN, "the return of the first node")
    time.sleep(seconds / 4)
    for client in clients:
        client.stopping = True
    ended = time.monotonic()
    for client in clients:
        client.join(max(0.0, ended + 60 - time.monotonic()))
    if waiting := sum(client.is_alive() for client in clients):
        raise SystemExit(f"{waiting} clients still wait for a response, a minute after the end of the load")
    return report(clients, counts, promoted, promoted - killed)


def report(clients: list[Client], counts: Counter[tuple[str, str, object]], promoted: float, away: float) -> int:
    for phase in ("before", "during", "after", "return"):
        by_status: Counter[str] = Counter()
        for (of, _, status), number in counts.items():
            by_status[str(status)] += number if of == phase else 0
        print(phase, {status: number for status, number in sorted(by_status.items()) if number})
    lost, checked = 0, 0
    phase = clients[0].phase
    phase[0] = "checked"
    for client in clients:
        for account in list(client.accounts):
            checked += 1
            logged_out = client.logged_out
            has_session = client.refresh(account) or client.logged_out > logged_out
            lost += not (has_session and client.log_in(account))
    good = min((client.first_good for client in clients if client.first_good), default=float("inf")) - promoted
    write = min((client.first_write for client in clients if client.first_write), default=float("inf")) - promoted
    wrong = sorted({str(key) for key in counts if key[2] not in (200, 201, 503)})
    wrong += [repr(client.failure) for client in clients if client.failure]
    logged_out = sum(client.logged_out for client in clients)
    print(f"{logged_out} users had to log in again, because the response to a refresh was lost with the node")
    print(
        f"promoted {away:.1f} s after the node was killed; first good response {good:.2f} s, first write {write:.2f} s"
    )
    print(
        f"{checked} acknowledged accounts with their sessions: {lost} lost; responses beside 200, 201 and 503: {wrong}"
    )
    return int(bool(wrong) or lost > 0 or max(good, write) > LONGEST_RECOVERY)


if __name__ == "__main__":
    sys.exit(main())
