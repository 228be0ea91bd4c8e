#!/usr/bin/env python3
"""Measure how many requests and users one small machine serves, and how much disk and memory they take.

    python bench/capacity.py --euro 5 [--json docs/capacity.json]

It takes about two minutes, on an idle machine. Requests are counted by the CPU time of the service and of PostgreSQL, so
the load generator takes no capacity. Afterwards, `make docs` writes the tables of docs/capacity.md.
"""

import argparse
import contextlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support"), str(PROJECT / "bench")]

import load
import measuring
import psutil
import psycopg2
from measuring import Measured, Visit

from docs import capacity_tables
from servers import Postgres

ACCOUNTS, BATCH, SECONDS, ROUNDS = 20_000, 100, 1.5, 3
ASSUMED = {"euro": 5.0, "cpu_share": 0.7, "peak": 5.0, "login_a_day": 0.5, "refresh_a_day": 10.0, "me_a_day": 50.0}
MEANINGS = {
    "euro": "price of the machine in a month",
    "cpu_share": "share of its CPU time that requests may take",
    "peak": "requests of the busiest hour, times those of an average one",
    "login_a_day": "logins of an active user in a day",
    "refresh_a_day": "refreshes of an active user in a day",
    "me_a_day": "GET /users/me of an active user in a day",
}
TABLES = {  # what one of each takes: the tables that it has rows in; the first one counts
    "account": ("users", "user_roles", "known_networks"),
    "session": ("sessions",),
    "record of the audit log": ("audit_events",),
    "event of the event feed": ("events",),
}


class Service(measuring.Service):
    """The service, where `/internal/introspect` gets one token or many."""

    def introspect(self, number: int, _last: bytes | None) -> bytes:
        return self._introspect({"token": self.tokens[number]["access_token"]})

    def introspect_batch(self, _number: int, _last: bytes | None) -> bytes:
        return self._introspect({"tokens": [each["access_token"] for each in self.tokens]})

    def _introspect(self, given: dict[str, Any]) -> bytes:
        body = json.dumps(given).encode()
        return load.request("POST", "/internal/introspect", body, Content_Type="application/json", Authorization=f"Bearer {measuring.SERVICE_TOKEN}")  # fmt: skip


@contextlib.contextmanager
def service(postgres: Postgres, accounts: int, cost: int) -> Iterator[Service]:
    running = Service(postgres, accounts, BCRYPT_ROUNDS=str(cost))
    try:
        yield running
    finally:
        running.process.kill()


def cpu_ms(postgres: Postgres, running: Service) -> dict[str, float]:
    """Return the CPU milliseconds of each kind of request; of a batch, those of each token."""
    running.tokens += [running.logs_in(number) for number in range(len(running.tokens) + 1, BATCH + 1)]
    names = ("refresh", "me", "introspect", "introspect_batch")
    seen = measuring.interleaved([Visit(name, running, getattr(running, name)) for name in names], SECONDS, ROUNDS)
    cost = {name: measuring.middle(measured, "cpu_ms") for name, measured in seen.items()}
    cost["introspect_batch"] /= BATCH
    with service(postgres, measuring.FEW, measuring.COST) as expensive:
        logins = [Measured(expensive, expensive.login, 6, 8, warm_up=1) for _ in range(ROUNDS)]
        cost["login"] = measuring.middle(logins, "cpu_ms")
    return cost


def bytes_of(running: Service) -> dict[str, float]:
    """Return the disk space of one row with its indexes, after sign-ups and logins through the service."""
    for request in (running.signup, running.login):
        Measured(running, request, 10)
    with contextlib.closing(psycopg2.connect(running.database)) as connection, connection.cursor() as cursor:

        def first(statement: str) -> int:
            cursor.execute(statement)
            return int(cursor.fetchone()[0])

        return {
            name: sum(first(f"SELECT pg_total_relation_size('{table}')") for table in tables)
            / first(f"SELECT count(*) FROM {tables[0]}")
            for name, tables in TABLES.items()
        }


def mib_of(running: Service) -> dict[str, float]:
    """Return the memory of all processes of each server. Shared memory counts once."""
    names = (f"the service with {measuring.WORKERS} workers under load", "PostgreSQL under load")
    found = dict.fromkeys(names, 0.0)
    for name, process in zip(names, running.processes(), strict=True):
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):  # PostgreSQL ends its background workers
                found[name] += each.memory_full_info().pss / 2**20
    return found


def measure() -> dict[str, Any]:
    with contextlib.ExitStack() as ends:
        postgres = Postgres()
        ends.callback(postgres.close)
        running = ends.enter_context(service(postgres, ACCOUNTS, measuring.CHEAP))
        return {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "bytes": bytes_of(running),
            "cpu_ms": cpu_ms(postgres, running),
            "mib": mib_of(running),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in ASSUMED.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=float, default=default, help=f"{MEANINGS[name]}; default: {default:g}"
        )
    parser.add_argument("--json", type=Path, help="write every figure there")
    options = parser.parse_args()
    figures = {"assumed": {name: getattr(options, name) for name in ASSUMED}, **measure()}
    for heads, rows in (
        (
            ["requests", "CPU", "a second", "a second and euro", "millions for a euro"],
            capacity_tables.requests(figures),
        ),
        (["size", ""], capacity_tables.sizes(figures)),
        (["users", ""], capacity_tables.users(figures)),
    ):
        for row in (heads, *rows):
            print(f"{row[0]:64}" + "".join(f"{each:>20}" for each in row[1:]))
        print()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
