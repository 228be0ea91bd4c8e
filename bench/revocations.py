#!/usr/bin/env python3
"""Measure how long a verifier takes to hear of a logout, while many sessions end.

Starts PostgreSQL, the service with two workers, and several verifiers of the Python client. Sessions end at an even rate:

    python bench/revocations.py [--rate 1000] [--seconds 60] [--verifiers 3]

It prints the delay between the response to a logout and the first rejection by each verifier, the size of a download and
what a request costs, and fails if a delay exceeds REVOCATION_FEED_SECONDS.
"""

import argparse
import base64
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support"), str(PROJECT / "clients" / "python")]
os.environ.setdefault("ENV_FILE", os.devnull)

import httpx2
import jwt
import psutil
from credential_client.revocations import Revocations

from servers import Postgres, Process, free_port

FEED_SECONDS = 5
REQUESTS = 1000
PASSWORD = "horse battery 77 staple"
SESSIONS_EACH = 50  # of an account; the limit is 100


class Follower(threading.Thread):
    """Checks every 20 ms which of the ended sessions a verifier rejects."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        keys = jwt.PyJWKClient(f"{url}/.well-known/jwks.json")
        self.list = Revocations(url, "ES256", keys, max_age=60)
        self.ended: dict[str, tuple[dict, float]] = {}
        self.delays: list[float] = []
        self.oldest = 0.0
        self.stopped = False

    def run(self) -> None:
        while not self.stopped:
            for sid, (claims, ended_at) in list(self.ended.items()):
                if self.list.revokes(claims):
                    self.delays.append(time.monotonic() - ended_at)
                    del self.ended[sid]
            self.oldest = max(self.oldest, self.list.age or 0)
            time.sleep(0.02)


def claims_of(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def log_in(http: httpx2.Client, number: int) -> list[dict]:
    """Sign up, and start the sessions of one account. Returns their tokens."""
    who = {"email": f"user-{number}@example.com", "password": PASSWORD}
    found = [http.post("/auth/signup", json={**who, "username": f"User {number}"}).raise_for_status().json()]
    for _ in range(SESSIONS_EACH - 1):
        found.append(http.post("/auth/login", json=who).raise_for_status().json())
    return found


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--rate", type=int, default=1000, help="sessions that end in a minute")
    ask.add_argument("--seconds", type=int, default=60, help="default: 60")
    ask.add_argument("--verifiers", type=int, default=3, help="that follow the list; default: 3")
    asked = ask.parse_args()
    postgres, port = Postgres(), free_port()
    service = Process(
        Path(tempfile.mkdtemp(prefix="revocations-")),
        workers=2,
        port=port,
        PUBLIC_BASE_URL=f"http://127.0.0.1:{port}",
        DATABASE_URL=postgres.new_database(),
        ALGORITHM="ES256",
        REVOCATION_FEED_SECONDS=str(FEED_SECONDS),
        EMAIL_VERIFICATION="off",
        RATE_LIMIT_ENABLED="false",
    )
    try:
        return measure(service, asked)
    finally:
        service.kill()
        postgres.close()


def measure(service: Process, asked: argparse.Namespace) -> int:
    total = asked.rate * asked.seconds // 60
    http = httpx2.Client(base_url=service.url, trust_env=False, timeout=30)
    with ThreadPoolExecutor(4) as pool:
        accounts = range(-(-total // SESSIONS_EACH))
        tokens = [token for found in pool.map(lambda number: log_in(http, number), accounts) for token in found][:total]
    followers = [Follower(service.url) for _ in range(asked.verifiers)]
    for follower in followers:
        assert not follower.list.revokes(claims_of(tokens[0]["access_token"]))
        follower.start()
    started = time.monotonic()
    for number, token in enumerate(tokens):
        time.sleep(max(0.0, started + number * 60 / asked.rate - time.monotonic()))
        authorization = {"Authorization": f"Bearer {token['access_token']}"}
        http.post("/auth/logout", headers=authorization).raise_for_status()
        claims, ended_at = claims_of(token["access_token"]), time.monotonic()
        for follower in followers:
            follower.ended[claims["sid"]] = (claims, ended_at)
    took = time.monotonic() - started
    deadline = time.monotonic() + 3 * FEED_SECONDS
    while any(follower.ended for follower in followers) and time.monotonic() < deadline:
        time.sleep(0.1)
    for follower in followers:
        follower.stopped = True
        follower.list.close()
    delays = [delay for follower in followers for delay in follower.delays]
    missed = sum(len(follower.ended) for follower in followers)
    print(f"{total} sessions ended in {took:.0f} s ({total / took * 60:.0f} a minute); {len(followers)} verifiers")
    print(f"delay: median {statistics.median(delays):.2f} s, maximum {max(delays):.2f} s; missed {missed}")
    print(f"oldest list used: {max(follower.oldest for follower in followers):.2f} s")
    cost(http, service.process.pid)
    return int(missed > 0 or max(delays) > FEED_SECONDS)


def cost(http: httpx2.Client, process: int) -> None:
    """Print the sizes of the responses, and the processor time of one, compared with the published keys."""
    whole = http.get("/.well-known/revocations")
    version = whole.json()["version"]
    changes = http.get("/.well-known/revocations", params={"since": version})
    print(f"the whole list: {len(whole.content)} bytes; nothing added: {len(changes.content)} bytes")
    family = [psutil.Process(process), *psutil.Process(process).children(recursive=True)]

    def used() -> float:
        return sum(sum(each.cpu_times()[:2]) for each in family)

    def milliseconds(path: str, **query: int) -> float:
        before = used()
        for _ in range(REQUESTS):
            http.get(path, params=query)
        return (used() - before) / REQUESTS * 1000

    keys, listed = milliseconds("/.well-known/jwks.json"), milliseconds("/.well-known/revocations", since=version)
    print(f"processor time of a request: {listed:.2f} ms, {listed / keys:.1f} times that of the published keys")


if __name__ == "__main__":
    sys.exit(main())
