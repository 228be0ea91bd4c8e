"""Follow the events of chaos.py with a webhook and with the event feed, and check that neither misses one."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from typing import Any

import httpx2
from crowd import Account, TestUser
from stage import Stage

from servers import PROJECT, free_port

SECONDS_TO_DELIVER = 120
# Writes each request to a file, so that it can be killed at any point.
RECEIVER = """
import json, sys
sys.path.insert(0, sys.argv[3])
import webhook_receiver
class Kept(list):
    def append(self, request):
        with open(sys.argv[2], "ab") as file:
            file.write(json.dumps([request.headers["webhook-id"], request.event]).encode() + b"\\n")
server = webhook_receiver.Receiver(int(sys.argv[1]))
server.requests = Kept()
print("ready", flush=True)
sys.stdin.read()
"""
# The account is locked before these are recorded, so their order is that of the changes.
IN_ORDER = (
    "('user.logged_in', 'user.renamed', 'password.changed', 'password.reset', 'user.roles_changed', 'user.deleted')"
)


class Followers:
    """A webhook of all events, its receiver, and a consumer of the feed."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.port, self.file = stage, free_port(), stage.folder / "received"
        self.file.touch()
        self.killed, self._over = 0, threading.Event()
        self.seen: list[str] = []
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._receiver: Any = None
        self.start_receiver()

    def begin(self) -> None:
        """Create the webhook, and follow the feed from the beginning."""
        someone = TestUser(self.stage.world, "follower")
        session = someone.log_in(Account("root@example.com", [self.stage.root]))
        assert session
        body = {"url": f"http://127.0.0.1:{self.port}/", "events": ["*"]}
        assert someone.call("POST /admin/webhooks", {201}, body, session.access)
        self._thread.start()

    def start_receiver(self) -> None:
        command = [sys.executable, "-c", RECEIVER, str(self.port), str(self.file), str(PROJECT / "tests/support")]
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        self._receiver = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=self.stage.folder
        )
        assert self._receiver.stdout.readline() == b"ready\n"

    def kill_receiver(self) -> None:
        os.kill(self._receiver.pid, signal.SIGKILL)
        self._receiver.wait()
        self.killed += 1

    def _follow(self) -> None:
        cursor = 0
        headers = {"Authorization": f"Bearer {self.stage.token}"}
        with httpx2.Client(base_url=self.stage.service.url, headers=headers, trust_env=False, timeout=20) as client:
            while not self._over.is_set():
                with contextlib.suppress(httpx2.HTTPError, KeyError, ValueError):
                    page = client.get("/internal/events", params={"after": cursor, "wait": 2, "limit": 100}).json()
                    self.seen += [each["id"] for each in page["items"]]
                    cursor = page["next_cursor"]
                    continue
                time.sleep(0.2)

    def check(self) -> None:
        """Deliver what waits, and compare the audit log, the events, the feed and the requests."""
        stage, violated = self.stage, self.stage.world.violated
        deadline = time.monotonic() + SECONDS_TO_DELIVER
        while left := self._left():
            if time.monotonic() > deadline:
                violated(f"{left} events are not delivered")
                break
            time.sleep(0.5)
        time.sleep(3)
        self._over.set()
        self._thread.join(30)
        written = Counter(stage.ask("SELECT action, user_id FROM audit_events WHERE user_id IS NOT NULL"))
        events = stage.ask("SELECT event_id, type, user_id, position FROM events ORDER BY position")
        if written != Counter((kind, user_id) for _, kind, user_id, _ in events):
            violated("the events are not those of the audit log")
        if [position for *_, position in events] != list(range(1, len(events) + 1)):
            violated("the positions of the feed have gaps")
        if self.seen != [event_id for event_id, *_ in events]:
            violated(f"the consumer of the feed saw {len(self.seen)} of {len(events)} events, or others")
        received = [json.loads(line)[0] for line in self.file.read_text().splitlines()]
        expected = {event_id for (event_id,) in stage.ask("SELECT event_id FROM webhook_deliveries")}
        if missing := expected - set(received):
            violated(f"{len(missing)} events were not received")
        print(
            f"{len(events)} events, {len(self.seen)} in the feed, {len(expected)} to deliver, {len(received)} received, "
            f"the receiver killed {self.killed} times"
        )
        self._check_order(received)

    def _left(self) -> int:
        retry = "UPDATE webhook_deliveries SET due_at = '2020-01-01' WHERE sent_at IS NULL AND attempts > 0"
        self.stage.ask(f"WITH due AS ({retry} RETURNING 1) SELECT count(*) FROM due")
        waiting = "SELECT count(*) FROM webhook_deliveries WHERE sent_at IS NULL"
        ((number,),) = self.stage.ask(f"SELECT ({waiting}) + (SELECT count(*) FROM events WHERE position IS NULL)")
        return int(number)

    def _check_order(self, received: list[str]) -> None:
        """Check the order for each account: in the feed, and of the deliveries that succeeded at once."""
        rows = self.stage.ask(f"SELECT user_id, id FROM events WHERE type IN {IN_ORDER} ORDER BY position")
        feed: dict[str, list[int]] = defaultdict(list)
        for user_id, number in rows:
            feed[user_id].append(number)
        if any(numbers != sorted(numbers) for numbers in feed.values()):
            self.stage.world.violated("the feed is not in the order of the changes of an account")
        first = {event_id: place for place, event_id in reversed(list(enumerate(received)))}
        at_once = self.stage.ask(
            "SELECT e.user_id, e.event_id FROM events e JOIN webhook_deliveries d ON d.event_key = e.id"
            " WHERE d.attempts = 1 ORDER BY e.position"
        )
        places: dict[str, list[int]] = defaultdict(list)
        for user_id, event_id in at_once:
            if event_id in first:
                places[user_id].append(first[event_id])
        turned = sum(numbers != sorted(numbers) for numbers in places.values())
        print(f"{turned} of {len(places)} accounts have deliveries out of order")
        if turned and not self.stage.world.moved:  # a lease ends early if the clock jumps
            self.stage.world.violated(f"{turned} accounts have deliveries out of order")

    def ends(self) -> None:
        with contextlib.suppress(Exception):
            self.kill_receiver()
