"""Start the service and the bare framework with the same number of workers, and measure requests to them."""

import compileall
import contextlib
import functools
import itertools
import json
import os
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
import psutil
import psycopg2
from load import WORKERS, Stream

from core import thread_priority
from credentials import bcrypt_backend
from servers import Postgres, Process, environment_of, free_port

FEW, COST, CHEAP = 1_000, 12, 4
CORES = os.cpu_count() or 1
NICENESS_OF_A_SIXTH = 8  # of the weight of niceness 0
PASSWORD = "a benchmark, nothing else"
SERVICE_TOKEN = secrets.token_urlsafe(48)
CONSTANT = load.request("GET", "/constant")
WITHOUT_A_THREAD = load.request("GET", "/constant/without-a-thread")  # for information, not a limit
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


def lower_share(server: int) -> None:
    """Give a server a sixth of the CPU share of the database and the clients, as docker-compose.prod.yml does.

    Linux shares the CPU between sessions, where its `autogroup` is on, as it does between containers. The server
    leads a session of its own.
    """
    group = Path(f"/proc/{server}/autogroup")
    if group.exists():
        group.write_text(str(NICENESS_OF_A_SIXTH))


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
        lower_share(self.process.process.pid)
        self.url = self.process.url
        self.http = httpx2.Client(base_url=self.url, trust_env=False, timeout=60)
        self.tokens = [self.logs_in(number) for number in range(1, 33)]

    def seed(self, accounts: int, cost: int) -> None:
        stored = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode()
        with contextlib.closing(psycopg2.connect(self.database)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(SEED, {"hash": stored, "first": 1, "last": accounts})
        self.settle()

    def settle(self) -> None:
        """Do the work that the database would otherwise do in the background, during a measurement."""
        with contextlib.closing(psycopg2.connect(self.database)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
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

    def login(self, _number: int, _last: bytes | None) -> bytes:
        """Log in another account each time: one that has a hundred sessions would have to end one with each login."""
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
        # Warm up separately, except where requests take long.
        of = functools.partial(worker_of, server.processes()[0])
        if not warm_up:
            load.run(server.url, 0.3, Stream(make, connections), warm_up=0, worker_of=of)
        before, stream = [cpu_of(each) for each in server.processes()], Stream(make, connections)
        load.run(server.url, seconds, stream, warm_up=warm_up, worker_of=of, workers=workers)
        used = [cpu_of(each) - was for each, was in zip(server.processes(), before, strict=True)]
        bad = {status: count for status, count in stream.answered.items() if status >= 300}
        assert not bad, f"{make}: {bad}"
        self.server_ms, self.database_ms = (1000 * each / stream.answered.total() for each in (used[0], sum(used[1:])))
        self.cpu_ms = self.server_ms + self.database_ms
        # Of requests that take long, the beginning and the end of a turn cut some off: a hundredth of all logins.
        self.a_second = stream.pace(CORES) if warm_up else stream.per_second(seconds)
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


def cost_ms(measured: list[Measured]) -> float:
    """Return the lower quartile of the CPU time of a request.

    Other load on the machine only adds, but the smallest value of all rounds depends on a single one.
    """
    return statistics.quantiles((each.cpu_ms for each in measured), n=4, method="inclusive")[0]


def middle(values: list[Any], name: str) -> float:
    return statistics.median(getattr(value, name) for value in values)


# --------------------------------------------------------------------------------------------------------------- limits


def hashes_a_second(seconds: float, niceness: int = 0, *, as_the_service: bool = False) -> float:
    """Measure raw bcrypt with one thread per core.

    niceness: how much lower their priority is.
    as_the_service: with libxcrypt, where the system has it, instead of the package.
    """
    check: Callable[[bytes, bytes], bool] = bcrypt_backend.load().verify if as_the_service else bcrypt.checkpw
    stored, rates = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(COST)), list[float]()

    def work() -> None:
        if niceness:
            thread_priority.lower(niceness)
        begun, number, lasted = time.perf_counter(), 0, 0.0
        while lasted < seconds:
            check(PASSWORD.encode(), stored)
            number, lasted = number + 1, time.perf_counter() - begun
        rates.append(number / lasted)  # of each thread, since one of them ends before the other

    threads = [threading.Thread(target=work) for _ in range(CORES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(rates)


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
    """Return the seconds until the first response, and the CPU seconds until all workers have started."""
    port = free_port()
    begun = time.perf_counter()
    process = begin(port)
    wait_for(f"http://127.0.0.1:{port}{path}")
    took = time.perf_counter() - begun
    time.sleep(1)  # the other workers start too
    used = cpu_of(psutil.Process(process.pid))
    process.terminate()
    process.wait()
    return took, used


def start_ours(service: Service) -> Callable[[int], subprocess.Popen[bytes]]:
    def begin(port: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, PROJECT / "serve.py", "main:app", "--no-proxy-headers", "--port", str(port), "--workers", str(WORKERS)]  # fmt: skip
        return subprocess.Popen(command, cwd=service.process.folder, env=service.process.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    return begin


def mib(process: psutil.Process) -> float:
    """Return the memory of a server and its workers. What they share counts once."""
    return sum(each.memory_full_info().pss for each in (process, *process.children(recursive=True))) / 2**20


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
