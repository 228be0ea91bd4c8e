#!/usr/bin/env python3
"""Measure the service against the limits of this machine, with two workers, PostgreSQL and the real cost of hashing.

    python bench/performance.py [--quick] [--sizes] [--accounts 1000000] [--json FILE] [--picture FILE]

Absolute figures do not compare across machines, so each target is a ratio to a limit measured in the same run: raw bcrypt
with one thread per core, the bare framework serving a constant, or the service with a thousand accounts. Each target is
reported as `reached` or `missed`. Cost is the CPU time of the server and the database; rounds are interleaved.
"""

import argparse
import compileall
import contextlib
import functools
import itertools
import json
import os
import platform
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support"), str(PROJECT / "bench")]

import bcrypt
import httpx2
import load
import picture
import psutil
import psycopg2
from load import WORKERS, Stream

from servers import Postgres, Process, environment_of, free_port

FEW, COST, CHEAP = 1_000, 12, 4
PASSWORD = "a benchmark, nothing else"
SERVICE_TOKEN = secrets.token_urlsafe(32)
CONSTANT = load.request("GET", "/constant")
WITHOUT_A_THREAD = load.request("GET", "/constant/without-a-thread")  # for information, not a limit
CHEAP_LOGIN = f"login at cost {CHEAP}"  # for bench/guard.py: a login without most of its hash
CALLS = {"me": 2.4, "introspect": 2.6, "refresh": 4.2}  # maximum CPU time, as a multiple of the bare constant's
# Rate limits are on, so that their cost is measured, but too high to be reached.
ENVIRONMENT = {
    "BCRYPT_ROUNDS": str(COST),
    "RATE_LIMIT_ENABLED": "true",
    **{f"RATE_LIMIT_{name}": "10000000/minute" for name in ("LOGIN", "SIGNUP", "EMAIL", "TOKEN", "USER", "DEFAULT")},
    "INTERNAL_SERVICE_TOKEN": SERVICE_TOKEN,
    "EMAIL_VERIFICATION": "off",
    # As in production.
    "LOG_FORMAT": "json",
    "HOSTED_PAGES": "false",
    # With compiled modules, as in an installation. Compiling them would leave memory allocated.
    "PYTHONDONTWRITEBYTECODE": None,
}
# Everything that can be enabled without another server.
EVERYTHING = {
    "HOSTED_PAGES": "true",
    "OIDC_PROVIDER": "true",
    "ALGORITHM": "ES256",
    "MAGIC_LINK": "on",
    "PASSWORD_OPTIONAL": "true",
    "CAPTCHA_PROVIDER": "altcha",
    "CAPTCHA_ON": "reset,magic-link",  # not for the sign-ups that are measured
    "SMS_PROVIDER": "http",
    "SMS_URL": "http://127.0.0.1:9/",
    "SMS_COUNTRIES": "AT,US",
    "SMS_SECRET": secrets.token_urlsafe(32),
    "GOOGLE_CLIENT_ID": "bench",
    "GOOGLE_CLIENT_SECRET": secrets.token_urlsafe(32),
    "METRICS_TOKEN": secrets.token_urlsafe(32),
    "DIALECTS": "all",
}
PAGES = ("/login", "/signup", "/reset-password", "/.well-known/openid-configuration")
SEED = """
INSERT INTO users (user_id, email, canonical_email, username, folded_username, hashed_password, is_active, is_verified, created_at, updated_at)
SELECT gen_random_uuid()::text, address, address, 'Person ' || n, 'person ' || n, %(hash)s, true, true, now(), now()
FROM (SELECT n, 'person' || n || '@example.com' AS address FROM generate_series(%(first)s, %(last)s) AS n) AS numbered;
INSERT INTO user_roles (account_id, role) SELECT id, 'user' FROM users ON CONFLICT DO NOTHING;
INSERT INTO known_networks (account_id, network, last_used_at) SELECT id, '127.0.0.0/24', now() FROM users ON CONFLICT DO NOTHING;
INSERT INTO sessions (id, account_id, refresh_counter, ip, user_agent, created_at, last_used_at, expires_at, ends_at)
SELECT gen_random_uuid()::text, id, 0, '127.0.0.1', 'bench', now(), now(), now() + interval '7 days', now() + interval '90 days' FROM users;
"""


def cpu_of(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and its descendants."""
    used = 0.0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            used += times.user + times.system + times.children_user + times.children_system
    return used


def worker_of(server: psutil.Process, port: int) -> int:
    """Return the worker process that accepted the connection from this port. Raises TimeoutError if none does."""
    until = time.perf_counter() + 10
    while time.perf_counter() < until:
        for worker in server.children(recursive=True):
            if any(each.raddr and each.raddr.port == port for each in worker.net_connections("tcp")):
                return worker.pid
    raise TimeoutError("no worker took the connection")


class Bare:
    """The bare framework, with the same server and number of workers."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = start_bare(self.port, WORKERS)
        wait_for(f"{self.url}/constant")

    def processes(self) -> list[psutil.Process]:
        return [psutil.Process(self.process.pid)]


class Service:
    """The service, with a number of accounts in its database. `changes` are settings that differ from ENVIRONMENT."""

    def __init__(self, postgres: Postgres, accounts: int, **changes: str) -> None:
        self.postgres, self.database = postgres, postgres.new_database()
        self.accounts, self.turns = accounts, itertools.count()
        folder, environment = Path(tempfile.mkdtemp(prefix="bench-")), {**ENVIRONMENT, **changes}
        environment["DATABASE_URL"] = self.database
        # In a separate process, because a migration leaves ten megabytes allocated.
        command = [sys.executable, PROJECT / "manage.py", "migrate"]
        subprocess.run(command, cwd=folder, env=environment_of(folder, **environment), check=True, capture_output=True)
        self.seed(accounts, int(environment["BCRYPT_ROUNDS"]))
        self.process = Process(folder, workers=WORKERS, **environment)
        self.url = self.process.url
        self.http = httpx2.Client(base_url=self.url, trust_env=False, timeout=60)
        self.tokens = [self.logs_in(number) for number in range(1, 33)]

    def seed(self, accounts: int, cost: int) -> None:
        stored = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode()
        with contextlib.closing(psycopg2.connect(self.database)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(SEED, {"hash": stored, "first": 1, "last": accounts})
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")

    def logs_in(self, number: int) -> dict[str, Any]:
        answer = self.http.post("/auth/login", json={"email": f"person{number}@example.com", "password": PASSWORD})
        return dict(answer.raise_for_status().json())

    def processes(self) -> list[psutil.Process]:
        postmaster = int((self.postgres.home / "data" / "postmaster.pid").read_text().split()[0])
        return [psutil.Process(self.process.process.pid), psutil.Process(postmaster)]

    # The request of each connection, from its number and its last response.

    def me(self, number: int, _last: bytes | None) -> bytes:
        return load.request("GET", "/users/me", Authorization=f"Bearer {self.tokens[number]['access_token']}")

    def introspect(self, number: int, _last: bytes | None) -> bytes:
        body = f"token={self.tokens[number]['access_token']}".encode()
        return load.request("POST", "/oauth2/introspect", body, Content_Type="application/x-www-form-urlencoded", Authorization=f"Bearer {SERVICE_TOKEN}")  # fmt: skip

    def refresh(self, number: int, last: bytes | None) -> bytes:
        if last:
            self.tokens[number] = json.loads(last)
        return posted("/auth/refresh", refresh_token=self.tokens[number]["refresh_token"])

    def login(self, number: int, _last: bytes | None) -> bytes:
        return posted("/auth/login", email=f"person{100 + number}@example.com", password=PASSWORD)

    def login_in_turn(self, _number: int, _last: bytes | None) -> bytes:
        """Log in another account each time, since the cost depends on how many sessions an account has."""
        return posted(
            "/auth/login", email=f"person{next(self.turns) % self.accounts + 1}@example.com", password=PASSWORD
        )

    def signup(self, _number: int, _last: bytes | None) -> bytes:
        return posted("/auth/signup", email=f"{secrets.token_hex(8)}@example.com", username="Alice", password=PASSWORD)


def posted(path: str, **body: str) -> bytes:
    return load.request("POST", path, json.dumps(body).encode(), Content_Type="application/json")


class Visit(NamedTuple):
    """One kind of request to measure."""

    name: str
    server: Any
    make: load.Make
    connections: int = 8


class Measured:
    """Send one stream of requests to a server; measure CPU milliseconds per request, throughput and latency."""

    def __init__(  # noqa: PLR0913
        self,
        server: Any,
        make: load.Make,
        seconds: float,
        connections: int = 8,
        *,
        warm_up: float = 0,
        workers: int = WORKERS,
    ) -> None:
        # Warm up separately, so that CPU time covers the counted requests only, except where requests take long.
        of = functools.partial(worker_of, server.processes()[0])
        if not warm_up:
            load.run(server.url, 0.3, Stream(make, connections), warm_up=0, worker_of=of)
        before, stream = [cpu_of(each) for each in server.processes()], Stream(make, connections)
        load.run(server.url, seconds, stream, warm_up=warm_up, worker_of=of, workers=workers)
        used = [cpu_of(each) - was for each, was in zip(server.processes(), before, strict=True)]
        bad = {status: count for status, count in stream.statuses.items() if status >= 300}
        assert not bad, f"{make}: {bad}"
        asked = len(stream.seconds)
        self.server_ms, self.database_ms = used[0] / asked * 1000, sum(used[1:]) / asked * 1000
        self.cpu_ms = self.server_ms + self.database_ms
        self.a_second = stream.per_second(seconds)
        self.p50_ms, self.p99_ms = stream.percentile(50) * 1000, stream.percentile(99) * 1000


def interleaved(visits: list[Visit], seconds: float, rounds: int) -> dict[str, list[Measured]]:
    """Measure each kind of request in interleaved rounds, in alternating order."""
    seen: dict[str, list[Measured]] = {visit.name: [] for visit in visits}
    for number in range(rounds):
        for name, server, make, connections in reversed(visits) if number % 2 else visits:
            seen[name].append(Measured(server, make, seconds, connections))
    return seen


def least_cpu_ms(measured: list[Measured]) -> float:
    """Return the smallest CPU time of a request, since other load on the machine only adds."""
    return min(each.cpu_ms for each in measured)


def middle(values: list[Any], name: str) -> float:
    return statistics.median(getattr(value, name) for value in values)


# --------------------------------------------------------------------------------------------------------------- limits


def hashes_a_second(seconds: float) -> float:
    """Measure raw bcrypt with one thread per core."""
    stored, done, until = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(COST)), [], time.perf_counter() + seconds

    def work() -> None:
        while time.perf_counter() < until:
            bcrypt.checkpw(PASSWORD.encode(), stored)
            done.append(time.perf_counter())

    begun = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(os.cpu_count() or 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / (max(done) - begun)


def lookups_a_second(service: Service, seconds: float) -> float:
    """Measure sequential look-ups by primary key with the bare driver."""
    with contextlib.closing(psycopg2.connect(service.database)) as connection:
        connection.autocommit = True
        cursor, done, until = connection.cursor(), 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            cursor.execute("SELECT id, email FROM users WHERE id = %s", (1 + done % FEW,))
            cursor.fetchone()
            done += 1
    return done / seconds


def start_bare(port: int, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "uvicorn", "bare:app", "--no-access-log", "--port", str(port), "--workers", str(workers)]  # fmt: skip
    return subprocess.Popen(command, cwd=PROJECT / "bench", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(url: str) -> None:
    """Wait until the server responds, with a plain socket, which costs little CPU."""
    host, port, path = load.urlsplit(url).hostname, load.urlsplit(url).port, load.urlsplit(url).path
    while True:
        with contextlib.suppress(OSError), load.socket.create_connection((host, port), timeout=5) as connection:
            connection.sendall(load.request("GET", path, Connection="close"))
            if connection.recv(64).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.005)


def seconds_to_start(begin: Callable[[int], subprocess.Popen[bytes]], path: str) -> tuple[float, float]:
    """Return the seconds until the first response, and the CPU seconds until then."""
    port = free_port()
    begun = time.perf_counter()
    process = begin(port)
    wait_for(f"http://127.0.0.1:{port}{path}")
    took, used = time.perf_counter() - begun, cpu_of(psutil.Process(process.pid))
    process.terminate()
    process.wait()
    return took, used


def start_ours(service: Service) -> Callable[[int], subprocess.Popen[bytes]]:
    def begin(port: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "uvicorn", "main:app", "--no-proxy-headers", "--port", str(port)]
        return subprocess.Popen(command, cwd=service.process.folder, env=service.process.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    return begin


def worker_mib(process: psutil.Process) -> float:
    """Return the resident memory of the largest worker."""
    return max(each.memory_info().rss for each in process.children(recursive=True)) / 2**20


# -------------------------------------------------------------------------------------------------------------- the run


class Run:
    """One run of the benchmark, with the result of each target."""

    def __init__(self, seconds: float, rounds: int, accounts: int) -> None:
        self.seconds, self.rounds, self.accounts = seconds, rounds, accounts
        self.figures: dict[str, Any] = {"machine": {"cores": os.cpu_count(), "python": platform.python_version()}}
        self.targets: list[dict[str, Any]] = []

    def target(self, what: str, ratio: float, bound: float, *, at_most: bool) -> None:
        reached = ratio <= bound if at_most else ratio >= bound
        self.targets.append({"what": what, "ratio": round(ratio, 3), "bound": bound, "at_most": at_most, "reached": reached})  # fmt: skip
        print(f"{what:62} {ratio:7.3f}   {'≤' if at_most else '≥'} {bound:<5} {'reached' if reached else 'missed'}", flush=True)  # fmt: skip

    def note(self, name: str, **figures: float) -> None:
        self.figures[name] = {key: round(value, 3) for key, value in figures.items()}
        print(f"  {name:30} " + "  ".join(f"{key} {value:.2f}" for key, value in figures.items()), flush=True)

    def calls(self, bare: Bare, few: Service, many: Service, cheap: Service) -> None:
        """Measure the cost of requests."""
        visits = [
            Visit("constant", bare, lambda *_: CONSTANT),
            Visit("constant without a thread", bare, lambda *_: WITHOUT_A_THREAD),
            Visit(CHEAP_LOGIN, cheap, cheap.login_in_turn, WORKERS),  # more would wait for each other
        ]
        visits += [
            Visit(f"{name} {size}", service, getattr(service, name))
            for name in CALLS
            for service, size in ((few, FEW), (many, self.accounts))
        ]
        seen = interleaved(visits, self.seconds * 0.8, self.rounds * 2 + 1)
        cost = {name: least_cpu_ms(measured) for name, measured in seen.items()}
        for name, measured in seen.items():
            self.note(name, **{key: middle(measured, key) for key in ("server_ms", "database_ms", "p50_ms", "p99_ms", "a_second")}, least_cpu_ms=cost[name])  # fmt: skip
        for name, bound in CALLS.items():
            self.target(f"{name}: CPU, times the bare constant", cost[f"{name} {FEW}"] / cost["constant"], bound, at_most=True)  # fmt: skip
        for name in CALLS:
            self.target(f"{name}: CPU with {self.accounts:,} accounts, times {FEW:,}", cost[f"{name} {self.accounts}"] / cost[f"{name} {FEW}"], 1.1, at_most=True)  # fmt: skip
        for name in ("constant", *CALLS):
            server, make = (bare, visits[0].make) if name == "constant" else (few, getattr(few, name))
            self.note(f"{name}, 32 connections", a_second=Measured(server, make, self.seconds, 32).a_second)

    def hashing(self, few: Service, many: Service) -> None:
        """Measure logins and sign-ups against raw bcrypt, measured before and after each, since machine speed varies."""
        limits = [hashes_a_second(self.seconds * 2)]
        seen: dict[tuple[str, int], list[tuple[Measured, float]]] = {}
        for _ in range(max(1, self.rounds - 1)):
            for name in ("login", "signup"):
                for service, size in ((few, FEW), (many, self.accounts)):
                    measured = Measured(service, getattr(service, name), self.seconds * 6, 32, warm_up=2)
                    limits.append(hashes_a_second(self.seconds * 2))
                    seen.setdefault((name, size), []).append(
                        (measured, measured.a_second / statistics.mean(limits[-2:]))
                    )
        self.figures["bcrypt_a_second"] = statistics.median(limits)
        self.note("raw bcrypt", a_second=statistics.median(limits))
        for (name, size), each in seen.items():
            self.note(f"{name} {size}", **{key: middle([measured for measured, _ in each], key) for key in ("a_second", "p50_ms", "p99_ms")})  # fmt: skip
        part = {key: statistics.mean(ratio for _, ratio in each) for key, each in seen.items()}
        for name, bound in (("login", 0.97), ("signup", 0.95)):
            self.target(f"{name}, 32 connections: of raw bcrypt", part[name, FEW], bound, at_most=False)
        for what, connections, workers in (
            ("8 connections", 8, WORKERS),
            ("8 connections, all on one worker", 8, 1),
            ("32 connections, all on one worker", 32, 1),
        ):
            ratios = []
            for _ in range(max(1, self.rounds - 1)):
                before = hashes_a_second(self.seconds * 2)
                measured = Measured(few, few.login, self.seconds * 6, connections, warm_up=2, workers=workers)
                ratios.append(measured.a_second / statistics.mean([before, hashes_a_second(self.seconds * 2)]))
            self.target(f"login, {what}: of raw bcrypt", statistics.mean(ratios), 0.97, at_most=False)
        for name in ("login", "signup"):
            self.target(f"{name}: time with {self.accounts:,} accounts, times {FEW:,}", part[name, FEW] / part[name, self.accounts], 1.1, at_most=True)  # fmt: skip

    def storm(self, few: Service) -> None:
        """Measure requests of a logged-in user while sixteen users log in."""
        seconds, limit = self.seconds * 6, self.figures["bcrypt_a_second"]
        quiet, beside = Stream(few.me, 8, rate=100), Stream(few.me, 8, rate=100)
        run = functools.partial(load.run, few.url, seconds, worker_of=functools.partial(worker_of, few.processes()[0]))
        run(quiet)
        logins = Stream(few.login, 16)
        run(beside, logins, warm_up=2)
        self.note("me, 100 a second", quiet_p99_ms=quiet.percentile(99) * 1000, beside_p99_ms=beside.percentile(99) * 1000, beside_p50_ms=beside.percentile(50) * 1000)  # fmt: skip
        self.target("me, 100 a second: p99 beside 16 logins, times its quiet one", beside.percentile(99) / quiet.percentile(99), 2.0, at_most=True)  # fmt: skip
        self.target("logins meanwhile: of raw bcrypt", logins.per_second(seconds) / limit, 0.85, at_most=False)
        quiet, beside, logins = Stream(few.me, 8), Stream(few.me, 8), Stream(few.login, 16)
        run(quiet)
        run(beside, logins, warm_up=2)
        self.note("me, as fast as 8 can", quiet_a_second=quiet.per_second(seconds), beside_a_second=beside.per_second(seconds), logins_a_second=logins.per_second(seconds))  # fmt: skip
        self.target("me, 8 connections: throughput beside 16 logins, of its quiet one", len(beside.seconds) / len(quiet.seconds), 0.5, at_most=False)  # fmt: skip

    def sizes(self, bare: Bare, few: Service, full: Service) -> None:
        """Measure the memory of a loaded worker and the time to start, also with every capability enabled."""
        for connections in (8, 32):
            Measured(bare, lambda *_: CONSTANT, self.seconds, connections)
        for service in (few, full):
            for name in (*CALLS, "login", "signup"):
                Measured(service, getattr(service, name), max(3, self.seconds), 8)
        for path in PAGES:
            full.http.get(path).raise_for_status()
        theirs, ours, all_ours = (worker_mib(each.processes()[0]) for each in (bare, few, full))
        self.note("a loaded worker, MiB", ours=ours, everything_on=all_ours, bare=theirs)
        self.target("memory of a loaded worker, times the bare framework's", ours / theirs, 1.4, at_most=True)
        self.target("memory with every capability on, times the default's", all_ours / ours, 1.25, at_most=True)
        starts = [
            (
                seconds_to_start(start_ours(few), "/health"),
                seconds_to_start(lambda port: start_bare(port, 1), "/constant"),
                seconds_to_start(start_ours(full), "/health"),
            )
            for _ in range(max(9, self.rounds * 3))
        ]
        for which, name in enumerate(("ours", "bare", "everything on")):
            self.note(f"cold start, s: {name}", wall=statistics.median(each[which][0] for each in starts), cpu=statistics.median(each[which][1] for each in starts))  # fmt: skip
        for measure, what in enumerate(("cold start", "CPU time of the start")):
            ratio = statistics.median(ours[measure] / bare[measure] for ours, bare, _ in starts)
            self.target(f"{what}, times the bare framework's", ratio, 1.25, at_most=True)
            ratio = statistics.median(full[measure] / ours[measure] for ours, _, full in starts)
            self.target(f"{what} with every capability on, times the default's", ratio, 1.25, at_most=True)


@contextlib.contextmanager
def servers(*kinds: tuple[int, dict[str, str]]) -> Iterator[tuple[Bare, list[Service]]]:
    """Start the bare framework, and a service with each number of accounts and settings."""
    compileall.compile_dir(PROJECT, quiet=2, rx=re.compile(r"/(\.|tests|node_modules)"))
    postgres, bare, services = Postgres(), Bare(), list[Service]()
    try:
        for accounts, settings in kinds:
            print(f"Making {accounts:,} accounts …", flush=True)
            services.append(Service(postgres, accounts, **settings))
        yield bare, services
    finally:
        bare.process.terminate()
        for service in services:
            service.process.kill()
        postgres.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a rough answer in a tenth of the time")
    parser.add_argument("--sizes", action="store_true", help="only the memory of a worker and the time to start")
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path, help="write every figure there")
    parser.add_argument("--picture", type=Path, help="draw the targets there, as SVG")
    options = parser.parse_args()
    run = Run(seconds=1 if options.quick else 3, rounds=1 if options.quick else 3, accounts=options.accounts)
    if not options.sizes:
        kinds = ((FEW, {}), (options.accounts, {}), (FEW, {"BCRYPT_ROUNDS": str(CHEAP)}))
        with servers(*kinds) as (bare, (few, many, cheap)):
            run.note("bare driver", lookups_a_second=lookups_a_second(few, run.seconds))
            run.calls(bare, few, many, cheap)
            run.hashing(few, many)
            run.storm(few)
    with servers((FEW, {}), (FEW, EVERYTHING)) as (bare, (few, full)):
        run.sizes(bare, few, full)
    missed = [each["what"] for each in run.targets if not each["reached"]]
    print(f"\n{len(run.targets) - len(missed)} of {len(run.targets)} reached" + "".join(f"\nmissed: {each}" for each in missed))  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps({**run.figures, "targets": run.targets}, indent=2) + "\n", encoding="utf-8")
    if options.picture:
        options.picture.write_text(picture.drawn(run.targets), encoding="utf-8")


if __name__ == "__main__":
    main()
