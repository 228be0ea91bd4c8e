"""Start the servers of chaos.py: two workers, PostgreSQL, Valkey and SMTP, with a clock that can be moved."""

import contextlib
import re
import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg2
from crowd import World

from people import new_password
from servers import PROJECT, Mailbox, Postgres, Process, Valkey

# Every process of the service reads its time here: the real time plus the offset in a file.
CLOCK = """
import os, pathlib, threading, time, time_machine
file = pathlib.Path({file!r})
def ahead():
    return float(file.read_text() or 0)
moved = ahead()
clock = time_machine.travel(time.time() + moved, tick=True).start()
def follow():
    global moved
    while True:
        time.sleep(0.05)
        now = ahead()
        clock.shift(now - moved)
        moved = now
def start():
    threading.Thread(target=follow, daemon=True).start()
start()
os.register_at_fork(after_in_child=start)  # a worker inherits the time, but no thread
"""


class Stage:
    """All servers; `world` is the state that the users share."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        self.database, self.redis, self.mailbox = Postgres(), Valkey(), Mailbox()
        self.url = self.database.new_database()
        self.clock = self.folder / "ahead"
        self.clock.write_text("0")
        (self.folder / "sitecustomize.py").write_text(CLOCK.format(file=str(self.clock)))
        self.token, self.root = secrets.token_urlsafe(32), new_password()
        limits = {f"RATE_LIMIT_{name}": "1000000/minute" for name in ("LOGIN", "SIGNUP", "EMAIL", "TOKEN", "DEFAULT")}
        self.service = Process(
            self.folder,
            workers=2,
            mailbox=self.mailbox,
            DATABASE_URL=self.url,
            REDIS_URL=self.redis.url,
            RATE_LIMIT_ENABLED="true",
            EMAIL_VERIFICATION="optional",
            PASSWORD_RESET_TTL_MINUTES="120",
            HASH_WORKERS="1",
            INTERNAL_SERVICE_TOKEN=self.token,
            SUPERUSER_EMAIL="root@example.com",
            SUPERUSER_PASSWORD=self.root,
            JWT_SECRET=secrets.token_urlsafe(48),
            PYTHONPATH=f"{self.folder}:{PROJECT}",
            LOG_FORMAT="json",
            WEBHOOK_ALLOWED_NETWORKS="127.0.0.0/8",
            **limits,
        )
        self.world = World(self.service.url, self.mailbox)
        self.world.service_token = self.token

    def ends(self) -> None:
        for end in (self.service.kill, self.redis.stops, self.mailbox.close, self.database.close):
            with contextlib.suppress(Exception):
                end()

    def workers(self) -> list[int]:
        begun = re.findall(r"Started server process \[(\d+)\]", self.service.log.read_text())
        return [pid for pid in map(int, begun) if Path(f"/proc/{pid}").exists() and not is_zombie(pid)]

    def ask(self, statement: str) -> list[Any]:
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def move_clock(self, seconds: float) -> bool:
        """Move the clock while no request is in progress, so that each user knows what to expect."""
        self.world.open.clear()
        try:
            deadline = time.monotonic() + 5
            while self.world.under_way:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.01)
            self.clock.write_text(str(self.world.moved + seconds))
            self.world.moved += seconds
            time.sleep(0.5)
            return True
        finally:
            self.world.open.set()


def is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except OSError:
        return True
