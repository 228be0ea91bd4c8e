#!/usr/bin/env python3
"""Measure whether response times reveal which accounts exist: medians of interleaved samples, and their ratios.

Starts the service itself, with a mail server that takes two seconds for each email. At a lower cost of hashing
(`--rounds 5`) the differences of everything else stand out:

    python bench/timing.py [--samples 40] [--postgres] [--rounds 12]
"""

import argparse
import itertools
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import httpx2
import sqlalchemy

from people import new_email, new_password
from servers import Mailbox, Postgres, Process

PASSWORD = new_password()
KINDS = ["known", "disabled", "without a password", "locked", "unknown"]
CALLS: dict[str, tuple[str, Callable[[str], dict[str, str]]]] = {
    "login": ("/auth/login", lambda email: {"email": email, "password": "not the password"}),
    "reset": ("/auth/reset-password/request", lambda email: {"email": email}),
    "resend": ("/auth/resend-verification", lambda email: {"email": email}),
    "link": ("/auth/magic-link", lambda email: {"email": email}),
    "sign-up": ("/auth/signup", lambda email: {"email": email, "password": PASSWORD}),
}
RANDOM = re.compile(r'"flow":"[^"]*"')
_networks = (f"10.{a}.{b}.1" for a, b in itertools.product(range(256), repeat=2))


class Bench:
    """A service with accounts of each kind."""

    def __init__(self, database_url: str, samples: int, rounds: int) -> None:
        self.mailbox = Mailbox()
        self.mailbox.seconds_to_answer = 2
        self.service = Process(
            Path(tempfile.mkdtemp(prefix="timing-")),
            mailbox=self.mailbox,
            DATABASE_URL=database_url,
            BCRYPT_ROUNDS=str(rounds),
            EMAIL_VERIFICATION="required",
            TRUSTED_PROXIES="127.0.0.1",
            LOG_LEVEL="WARNING",
        )
        self.database = sqlalchemy.create_engine(database_url.replace("postgresql://", "postgresql+psycopg2://"))
        self.http = httpx2.Client(base_url=self.service.url, timeout=60, trust_env=False)
        # An account serves four wrong passwords: after a fifth, throttling delays the next attempt.
        self.people = {kind: [self._someone(kind) for _ in range(samples // 4 + 1)] for kind in KINDS}

    def _someone(self, kind: str) -> str:
        email = new_email()
        if kind != "unknown":
            self.ask("sign-up", email)
        if kind == "disabled":
            self._change("UPDATE users SET is_active = false WHERE email = :email", email)
        if kind == "without a password":
            self._change("UPDATE users SET hashed_password = NULL WHERE email = :email", email)
        if kind == "locked":
            self.ask("login", email)
            self._change(
                "UPDATE guesses SET failures = 100, total = 100 WHERE id = (SELECT max(id) FROM guesses)", email
            )
        return email

    def _change(self, statement: str, email: str) -> None:
        with self.database.begin() as connection:
            connection.execute(sqlalchemy.text(statement), {"email": email} if ":email" in statement else {})

    def ask(self, call: str, email: str) -> tuple[float, Any]:
        path, body = CALLS[call]
        begun = time.perf_counter()
        answer = self.http.post(path, json=body(email), headers={"X-Forwarded-For": next(_networks)})
        text = RANDOM.sub("", answer.text.partition('"request_id"')[0])
        return time.perf_counter() - begun, (answer.status_code, text)

    def measure(self, call: str, samples: int) -> None:
        """Measure interleaved samples, so that other load affects every kind equally."""
        times: dict[str, list[float]] = {kind: [] for kind in KINDS}
        seen = set()
        for number in range(samples):
            for kind in KINDS:
                # A locked account is throttled for 15 minutes after each attempt, so it serves only one.
                people = self.people[kind]
                person = people[number % len(people)] if kind != "locked" else people[number // 4]
                if (kind, call) == ("unknown", "sign-up"):
                    person = new_email()  # a new one each time, because the account exists afterwards
                if kind == "locked":
                    self._change("UPDATE guesses SET waits_until = '2000-01-01 00:00:00' WHERE failures >= 100", "")
                seconds, answer = self.ask(call, person)
                times[kind].append(seconds)
                seen.add(answer)
        usual = statistics.median(times["unknown"])
        for kind in KINDS:
            median = statistics.median(times[kind])
            print(
                f"{call:8} {kind:20} {median * 1000:8.1f} ms  {(median - usual) * 1000:+7.1f} ms  {median / usual:.3f}"
            )
        print(f"{call:8} {'answers that differ':20} {len(seen) - 1:8}")

    def close(self) -> None:
        self.service.kill()
        self.mailbox.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=40, help="pairs of requests for each comparison; default: 40")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own in place of SQLite")
    parser.add_argument("--rounds", type=int, default=12, help="BCRYPT_ROUNDS of the service")
    options = parser.parse_args()
    cluster = Postgres() if options.postgres else None
    url = cluster.new_database() if cluster else f"sqlite:///{tempfile.mkdtemp(prefix='timing-')}/timing.db"
    bench = Bench(url, options.samples, options.rounds)
    try:
        for call in CALLS:
            bench.measure(call, options.samples)
    finally:
        bench.close()
        if cluster:
            cluster.close()


if __name__ == "__main__":
    main()
