#!/usr/bin/env python3
"""Measure the service with ten million accounts against a thousand, on PostgreSQL.

    python bench/growth.py [--accounts 10000000] [--json FILE]
    python bench/growth.py --beside 3000000 [--json FILE]

For each call: the CPU time of the server and the database with many accounts, relative to few, as the minimum of several
interleaved rounds, and the tables that were scanned sequentially. Then each cleanup, with one per cent of the rows due. It
needs 25 GB of disk and a quarter of an hour for ten million accounts.

With `--beside`, only what the deletion of expired audit events costs the requests at the same time, with autovacuum on and
that number of audit events, half of which are due.
"""

import argparse
import contextlib
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support"), str(PROJECT / "bench")]

import bcrypt
import growth_beside
import growth_rows
import httpx2
import measuring
import psycopg2
from measuring import FEW, PASSWORD, SERVICE_TOKEN, Service, cpu_of

from servers import Postgres, environment_of

CHUNK = 1_000_000  # rows of one INSERT
ROUNDS, SECONDS, BOUND = 5, 0.3, 1.25
ROOT, ROOT_PASSWORD = "root@example.com", "a benchmark, nothing else"
measuring.ENVIRONMENT |= {
    "BCRYPT_ROUNDS": "4", "ALGORITHM": "ES256", "HOSTED_PAGES": "true", "HOUSEKEEPING_INTERVAL_MINUTES": "1440",
    "SUPERUSER_EMAIL": ROOT, "SUPERUSER_PASSWORD": ROOT_PASSWORD, "WEBHOOKS": "true", "RATE_LIMIT_USER": "10000000/minute", "RATE_LIMIT_EXPORT": "10000000/minute",
}  # fmt: skip
# While loading, nothing is durable; parallel workers would end before their CPU time is read.
SETTINGS = """
full_page_writes=off
wal_level=minimal
max_wal_senders=0
max_wal_size=3GB
checkpoint_timeout=1h
shared_buffers=1GB
work_mem=16MB
maintenance_work_mem=1GB
autovacuum=off
max_parallel_workers_per_gather=0
jit=off
"""
CLEANUP = """
import json, sys, time
import psutil
import database, models
from core import capability
from operations import cleanup
database.tables_are_present()
postmaster = psutil.Process(int(sys.argv[1]))
def used():
    return time.process_time() + sum(sum(each.cpu_times()[:2]) for each in postmaster.children())
for record in capability.installed():
    works = [(each.name, lambda each=each: cleanup._delete(each.table, each.condition)) for each in record.cleanup(models.now())]
    works.append((f"{record.name}: other", lambda record=record: sum(record.maintain(cleanup.BATCH).values())))
    for name, work in works:
        before = used()
        rows = work()
        once = used()
        work()
        print(json.dumps([name, rows, once - before, used() - once]), flush=True)
"""


class Grown(Service):
    """The service with the rows of a number of accounts."""

    def seed(self, accounts: int, cost: int) -> None:
        self.accounts = accounts
        stored, begun = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode(), time.monotonic()
        with contextlib.closing(psycopg2.connect(self.database)) as connection:
            connection.autocommit = True
            self.cursor = connection.cursor()
            self.cursor.execute("SET session_replication_role = replica")  # without triggers and foreign keys
            self.cursor.execute(growth_rows.FIRST)
            for table, share, columns, values in growth_rows.ROWS:
                self.fill(table, accounts // share, f"INSERT INTO {table} ({columns}) SELECT {values}", stored)
                print(f"  {time.monotonic() - begun:5.0f} s  {accounts // share:>10,} {table}", flush=True)
            self.cursor.execute(growth_rows.LAST)
            self.cursor.execute(growth_rows.SEQUENCES)
            for (statement,) in self.cursor.fetchall():
                self.cursor.execute(statement)
            self.cursor.execute("VACUUM ANALYZE")
            self.cursor.execute("CHECKPOINT")
            self.cursor.execute("SELECT pg_database_size(current_database()) / 1e9")
            self.size_gb = float(self.cursor.fetchone()[0])
        self.seconds_to_load = time.monotonic() - begun
        print(f"  {self.seconds_to_load:5.0f} s, {self.size_gb:.1f} GB", flush=True)
        self.cleanups = clean(self) if accounts > FEW else []  # before the service starts, which would do it itself

    def fill(self, table: str, last: int, insert: str, stored: str) -> None:
        for first in range(1, last + 1, CHUNK):
            values = {"first": first, "to": min(first + CHUNK - 1, last), "last": last, "hash": stored}
            self.cursor.execute(f"{insert} FROM generate_series(%(first)s, %(to)s) AS n", values)

    def logs_in(self, number: int) -> dict[str, Any]:
        return dict(self.send("POST", "/auth/login", json={"email": address(number), "password": PASSWORD}).json())

    def send(self, method: str, path: str, **more: Any) -> Any:
        return self.http.request(method, path, **more).raise_for_status()


def address(number: int) -> str:
    return f"person{number:08d}@example.com"


def id_of(number: int) -> str:
    return f"{number:08x}-0000-7000-8000-" + hashlib.md5(str(number).encode()).hexdigest()[:12]


# ---------------------------------------------------------------------------------------------------------- the calls

Call = Callable[[Grown, int], Any]  # gets a number that differs in each call


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def as_user(method: str, path: str, **more: Any) -> Call:
    return lambda service, n: service.send(method, path, headers=bearer(service.tokens[n % 32]["access_token"]), **more)


def as_root(path: str, **params: Any) -> Call:
    return lambda service, _n: service.send("GET", path, params=params, headers=bearer(service.root))


def as_service(path: str, method: str = "GET", **more: Any) -> Call:
    return lambda service, _n: service.send(method, path, headers=bearer(SERVICE_TOKEN), **more)


def refresh(service: Grown, n: int) -> None:
    token = service.tokens[n % 32]["refresh_token"]
    service.tokens[n % 32] = service.send("POST", "/auth/refresh", json={"refresh_token": token}).json()


def delete(service: Grown, n: int) -> None:
    token = service.logs_in(100 + n)["access_token"]
    service.send("DELETE", "/users/me", json={"password": PASSWORD}, headers=bearer(token))


def root_deletes(service: Grown, n: int) -> None:
    path, proof = f"/admin/users/{id_of(service.accounts - 20 - n)}", {"password": ROOT_PASSWORD}
    service.send("DELETE", path, json=proof, headers=bearer(service.root))


def sign_up(service: Grown, n: int) -> None:
    body = {"email": f"new{n}.{time.monotonic_ns()}@example.com", "username": "Alice", "password": PASSWORD}
    service.send("POST", "/auth/signup", json=body)


def late(path: str, part: float, name: str = "cursor", **params: Any) -> Call:
    """Return a call of the page that begins at a part of the rows."""
    return lambda service, n: as_root(path, **{name: int(service.accounts * part)}, **params)(service, n)


def fed(part: float) -> Call:
    return lambda service, n: as_service("/internal/events", params={"after": int(service.accounts / 2 * part)})(
        service, n
    )


CALLS: dict[str, Call] = {
    "login": lambda service, n: service.logs_in(1 + n % 90),
    "refresh": refresh,
    "current user": as_user("GET", "/users/me"),
    "introspection": lambda service, n: service.send("POST", "/internal/introspect", json={"token": service.tokens[n % 32]["access_token"]}, headers=bearer(SERVICE_TOKEN)),
    "sign-up": sign_up,
    "change of a name": as_user("PATCH", "/users/me", json={"username": "Bob"}),
    "own sessions": as_user("GET", "/users/me/sessions"),
    "own activity": as_user("GET", "/users/me/activity"),
    "export": as_user("GET", "/users/me/export"),
    "login and deletion of the account": delete,
    "deletion by an administrator": root_deletes,
    "users, first page": as_root("/admin/users"),
    "users, late page": late("/admin/users", 0.1),
    "users, disabled": as_root("/admin/users", is_active=False),
    "users, administrators": as_root("/admin/users", role="admin"),
    "users, disabled administrators": as_root("/admin/users", role="admin", is_active=False),
    "users by email": as_root("/admin/users", query="person00000777@"),
    "users by name": as_root("/admin/users", query="person 0000077"),
    "users by id": as_root("/admin/users", query="000003e7-"),
    "users, none found": as_root("/admin/users", query="nobody at all"),
    "lookup of users": as_service("/internal/users/lookup", "POST", json={"emails": [address(77), "x@example.com"]}),
    "audit log, first page": as_root("/admin/audit"),
    "audit log, late page": late("/admin/audit", 0.1),
    "audit log of a user": as_root("/admin/audit", user_id=id_of(77)),
    "audit log, frequent action": as_root("/admin/audit", action="user.logged_in"),
    "audit log, rare action": as_root("/admin/audit", action="role.created"),
    "audit log, action of long ago": as_root("/admin/audit", action="user.imported"),
    "audit log, last minute": as_root("/admin/audit", since=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))),
    "audit log, since and action": as_root("/admin/audit", since=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 86400)), action="role.deleted"),
    "event feed, old cursor": fed(0.02),
    "event feed, newest cursor": fed(1),
    "snapshot, late page": lambda service, n: as_service("/internal/users", params={"after": int(service.accounts * 0.9)})(service, n),
    "revocation list": lambda service, _n: service.send("GET", "/.well-known/revocations"),
    "funnel": as_root("/admin/stats/funnel"),
    "statistics": as_root("/admin/stats"),
    "console: overview": as_root("/admin/console"),
    "console: users": as_root("/admin/console/users"),
    "console: one user": as_root(f"/admin/console/users/{id_of(77)}"),
    "console: audit log": as_root("/admin/console/audit"),
    "console: failed emails": as_root("/admin/console/emails", state="failed"),
    "console: sent emails": as_root("/admin/console/emails", state="sent"),
    "console: API keys": as_root("/admin/console/api-keys"),
    "webhook deliveries": as_root("/admin/webhooks/1/deliveries"),
    "webhook deliveries, failed": as_root("/admin/webhooks/1/deliveries", status="failed"),
    "metrics": lambda service, _n: service.send("GET", "/metrics"),
}  # fmt: skip


# ---------------------------------------------------------------------------------------------------------- measuring


def scans(service: Grown) -> dict[str, int]:
    """Return the number of rows that sequential scans have read, for each table."""
    with contextlib.closing(psycopg2.connect(service.database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT relname, seq_tup_read FROM pg_stat_user_tables")
        return dict(cursor.fetchall())


def cost(service: Grown, call: Call, first: int) -> tuple[float, int]:
    """Return the CPU milliseconds of a call, and how many were made."""
    before, until, number = sum(map(cpu_of, service.processes())), time.monotonic() + SECONDS, 0
    while number < 3 or (time.monotonic() < until and number < 200):
        call(service, first + number)
        number += 1
    return (sum(map(cpu_of, service.processes())) - before) / number * 1000, number


def measure(few: Grown, many: Grown) -> list[dict[str, Any]]:
    results, number = [], dict.fromkeys((few, many), 0)
    for name, call in CALLS.items():
        least: dict[Grown, float] = {}
        try:
            before = scans(many)
            for _ in range(ROUNDS):
                for service in (few, many):
                    made, count = cost(service, call, number[service])
                    number[service] += count if call in (delete, root_deletes) else 0
                    least[service] = min(made, least.get(service, made))
            time.sleep(1.1)  # PostgreSQL publishes its statistics once a second
            call(many, number[many])
            time.sleep(0.1)
        except httpx2.HTTPStatusError as error:
            print(f"{name:36} {error}", flush=True)
            continue
        read = {table: rows - before.get(table, 0) for table, rows in scans(many).items()}
        scanned = sorted(table for table, rows in read.items() if rows > 100_000)
        ratio = least[many] / max(least[few], 0.01)
        results.append({"call": name, "few_ms": round(least[few], 2), "many_ms": round(least[many], 2), "ratio": round(ratio, 2), "scanned": scanned})  # fmt: skip
        print(f"{name:36} {least[few]:9.2f} {least[many]:9.2f} ms {ratio:8.2f}  {' '.join(scanned)}", flush=True)
    return results


def clean(service: Grown) -> list[dict[str, Any]]:
    """Run each cleanup twice: with the rows that are due, and when none is."""
    postmaster = (service.postgres.home / "data" / "postmaster.pid").read_text().split()[0]
    environment = environment_of(service.postgres.home, DATABASE_URL=service.database, **measuring.ENVIRONMENT)
    command = [sys.executable, "-c", CLEANUP, postmaster]
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE)
    results = []
    for name, rows, seconds, again in map(json.loads, done.stdout.splitlines()):
        results.append({"cleanup": name, "rows": rows, "seconds": round(seconds, 2), "again_seconds": round(again, 3)})
        print(f"{name:36} {rows:>9,} rows {seconds:8.2f} s, {seconds / max(rows, 1) * 1000:6.3f} ms each; none due: {again:.3f} s")  # fmt: skip
    return results


def write(file: Path | None, report: dict[str, Any]) -> None:
    if file:
        file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=10_000_000, help="default: 10,000,000")
    parser.add_argument("--beside", type=int, metavar="EVENTS", help="measure requests beside a deletion instead")
    parser.add_argument("--json", type=Path, help="write every figure there")
    options = parser.parse_args()
    postgres, services = Postgres(), []
    try:
        with (postgres.home / "data" / "postgresql.conf").open("a") as settings:
            settings.write(growth_beside.SETTINGS if options.beside else SETTINGS)
        postgres.stop("fast")
        postgres.start()
        if options.beside:
            write(options.json, growth_beside.run(postgres, lambda: Grown(postgres, FEW), options.beside))
            return
        for accounts in (FEW, options.accounts):
            print(f"Making {accounts:,} accounts …", flush=True)
            services.append(Grown(postgres, accounts))
            services[-1].root = services[-1].send("POST", "/auth/login", json={"email": ROOT, "password": ROOT_PASSWORD}).json()["access_token"]  # fmt: skip
        calls = measure(*services)
        report = {"accounts": options.accounts, "gigabytes": round(services[1].size_gb, 1), "seconds_to_load": round(services[1].seconds_to_load), "calls": calls, "cleanups": services[1].cleanups}  # fmt: skip
        write(options.json, report)
    finally:
        for service in services:
            service.process.kill()
        postgres.close()


if __name__ == "__main__":
    main()
