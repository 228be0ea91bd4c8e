#!/usr/bin/env python3
"""Measure what events cost a login: their writing, and a thousand other events a second that are queued for a webhook.

    python bench/events.py [--seconds 6] [--rounds 4]

The services run at the same time and are asked in turns, so that other load on the machine affects all alike. What
counts is the CPU time of the service per login: a login without events, one with events, one while 1,000 events a second
get their positions and are queued for a webhook, and one while they are also delivered.
"""

import argparse
import contextlib
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]
os.environ.setdefault("ENV_FILE", os.devnull)

import httpx2
import psutil
import psycopg2

from servers import Postgres, Process, free_port

EVENTS_A_SECOND = 1000
CONNECTIONS = 2
PASSWORD = "correct horse, battery staple"
WITHOUT_EVENTS = """
import core.capability as records, sys
records.event_writers = lambda: ()
import uvicorn
sys.argv = ["uvicorn", *sys.argv[1:]]
uvicorn.main()
"""
RECEIVER = """
import asyncio
async def serve(reader, writer):
    try:
        while head := await reader.readuntil(b"\\r\\n\\r\\n"):
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\\r\\n")[0])
            await reader.readexactly(length)
            writer.write(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    import sys
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
"""
FILL = """
INSERT INTO events (event_id, type, user_id, created_at, data)
SELECT gen_random_uuid()::text, 'user.renamed', user_id, now(), '{"user": {"user_id": "x"}, "detail": {}}'
FROM users, generate_series(1, %s) LIMIT %s
"""


class Service(Process):
    """The service with one account, and its CPU time."""

    def __init__(self, folder: Path, database: Postgres, *, events: bool) -> None:
        self.events, self.database_url = events, database.new_database()
        self.email = f"{secrets.token_hex(6)}@example.com"
        super().__init__(
            folder,
            wait=False,
            DATABASE_URL=self.database_url,
            BCRYPT_ROUNDS="12",
            EMAIL_VERIFICATION="off",
            JWT_SECRET=secrets.token_urlsafe(48),
            SUPERUSER_EMAIL="root@example.com",
            SUPERUSER_PASSWORD=PASSWORD,
            WEBHOOK_ALLOWED_NETWORKS="127.0.0.0/8",
            LOG_LEVEL="ERROR",
        )

    def start(self, *, wait: bool = True, ahead: float = 0) -> None:
        command = [sys.executable, *(("-m", "uvicorn") if self.events else ("-c", WITHOUT_EVENTS)), "main:app"]
        command += ["--no-proxy-headers", "--port", str(self.port), "--no-access-log"]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=out, stderr=out, start_new_session=True
            )
        self.wait_until(200)
        body = {"email": self.email, "password": PASSWORD}
        assert httpx2.post(f"{self.url}/auth/signup", json=body, trust_env=False).status_code == 201

    def cpu(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def ask(self, statement: str, *values: Any) -> None:
        connection = psycopg2.connect(self.database_url)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def create_webhook(self, port: int) -> None:
        body = {"email": "root@example.com", "password": PASSWORD}
        token = httpx2.post(f"{self.url}/auth/login", json=body, trust_env=False).json()["access_token"]
        hook = {"url": f"http://127.0.0.1:{port}/", "events": ["*"]}
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx2.post(f"{self.url}/admin/webhooks", json=hook, headers=headers, trust_env=False)
        assert answer.status_code == 201, answer.text

    def logins(self, seconds: float) -> tuple[float, float]:
        """Log in as often as possible, and return the CPU seconds per login and the logins per second."""
        counts, until, before = [0] * CONNECTIONS, time.monotonic() + seconds, self.cpu()

        def run(place: int) -> None:
            body = {"email": self.email, "password": PASSWORD}
            with httpx2.Client(base_url=self.url, trust_env=False, timeout=30) as client:
                while time.monotonic() < until:
                    assert client.post("/auth/login", json=body).status_code == 200
                    counts[place] += 1

        threads = [threading.Thread(target=run, args=(place,)) for place in range(CONNECTIONS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        return (self.cpu() - before) / sum(counts), sum(counts) / seconds


@contextlib.contextmanager
def events_each_second(service: Service) -> Iterator[list[int]]:
    """Write EVENTS_A_SECOND events, as other servers would."""
    over, written = threading.Event(), [0]

    def write() -> None:
        connection = psycopg2.connect(service.database_url)
        connection.autocommit = True
        due = time.monotonic()
        with contextlib.closing(connection), connection.cursor() as cursor:
            while not over.is_set():
                some = EVENTS_A_SECOND // 20
                cursor.execute(FILL, (some, some))
                written[0] += some
                due += 0.05
                over.wait(max(0.0, due - time.monotonic()))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        over.set()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=6, help="of each measurement; default: 6")
    parser.add_argument("--rounds", type=int, default=4, help="default: 4")
    options = parser.parse_args()
    folder, database, port = Path(tempfile.mkdtemp(prefix="events-")), Postgres(), free_port()
    receiver = subprocess.Popen([sys.executable, "-c", RECEIVER, str(port)])
    services = [Service(folder, database, events=False), *(Service(folder, database, events=True) for _ in range(3))]
    without, with_events, queued, delivered = services
    try:
        queued.create_webhook(port)
        queued.ask("UPDATE webhook_endpoints SET paused_until = now() + interval '1 hour'")
        delivered.create_webhook(port)

        def under_load(service: Service) -> tuple[float, float]:
            with events_each_second(service):
                return service.logins(options.seconds)

        kinds: dict[str, Callable[[], tuple[float, float]]] = {
            "without events": lambda: without.logins(options.seconds),
            "with events": lambda: with_events.logins(options.seconds),
            "1,000 events/s queued": lambda: under_load(queued),
            "1,000 events/s queued and delivered": lambda: under_load(delivered),
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
        for _ in range(options.rounds):
            for name, measure in kinds.items():
                found[name].append(measure())
        base, quiet = (statistics.median(cpu for cpu, _ in found[name]) for name in list(kinds)[:2])
        for name, values in found.items():
            cpu = statistics.median(cpu for cpu, _ in values)
            rate = statistics.median(rate for _, rate in values)
            print(
                f"{name:38} {cpu * 1000:7.1f} ms of CPU per login, {rate:5.1f} logins/s, "
                f"CPU {cpu / base:.3f} of that without events, throughput {quiet / cpu:.3f} of that with events alone"
            )
        for service, label in ((queued, "queued"), (delivered, "delivered")):
            connection = psycopg2.connect(service.database_url)
            with contextlib.closing(connection), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM events WHERE position IS NULL),"
                    " (SELECT count(*) FROM webhook_deliveries), (SELECT count(sent_at) FROM webhook_deliveries)"
                )
                print(f"{label}: (events, without a position, deliveries, sent) = {cursor.fetchone()}")
    finally:
        receiver.kill()
        for service in services:
            service.kill()
        database.close()


if __name__ == "__main__":
    main()
