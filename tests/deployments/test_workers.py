"""Several workers of one service: each reports metrics for all, and the rotation of signing keys logs no user out."""

import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from people import Client, Person
from servers import PROJECT, Postgres, Process
from waiting import until


def count(client: Client, name: str, **labels: str) -> float:
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    lines = re.findall(rf"^{name}(?:\{{(.*)\}})? (\S+)$", client.get("/metrics").text, re.M)
    return sum(float(value) for found, value in lines if all(pair in found for pair in wanted))


@pytest.fixture(scope="module")
def cluster():
    own = Postgres()
    yield own
    own.close()


def test_each_worker_reports_for_all_also_for_a_killed_one(cluster, tmp_path):
    service = Process(tmp_path, workers=2, DATABASE_URL=cluster.new_database(), HASH_WORKERS="1")
    try:
        alice = Person(service, "alice")
        alice.sign_up()
        for _ in range(10):
            alice.log_in()
        client = Client(service.url)
        assert {count(client, "credential_logins_total") for _ in range(8)} == {10.0}
        assert count(client, "credential_database_connections") == 20
        until(lambda: count(client, "credential_database_connections_in_use") == 0)
        workers = set(map(int, re.findall(r"Started server process.*?\[(\d+)\]", service.log.read_text())))
        os.kill(workers.pop(), signal.SIGKILL)
        until(lambda: service.log.read_text().count("Application startup complete") == 3)
        assert {count(Client(service.url), "credential_logins_total") for _ in range(8)} == {10.0}
        assert count(Client(service.url), "credential_database_connections") == 20
        cluster.stop()
        answer = Client(service.url).get("/metrics")
        assert "\ncredential_database_up 0.0\n" in answer.text
        assert "credential_logins_total" in answer.text
        assert "credential_outbox_waiting" not in answer.text
    finally:
        service.kill()


def test_rotation_under_load_with_two_workers_logs_no_user_out(start, postgres):
    service = start(
        workers=2,
        DATABASE_URL=postgres.new_database(),
        ALGORITHM="ES256",
        JWT_SECRET="s" * 10 + "0123456789abcdefghijklmnop",
    )
    client = Client(service.url)
    people = [Person(service, "tab") for _ in range(4)]
    for person in people:
        person.sign_up()
    refused, stop, served = [], threading.Event(), [0] * len(people)

    def works(place: int, person: Person) -> None:
        while not stop.is_set():
            for answer in (
                person.client.get("/users/me"),
                person.client.post("/auth/refresh", {"refresh_token": person.tokens["refresh_token"]}),
            ):
                if answer.status_code != 200:
                    refused.append(answer.text)
                elif "access_token" in answer.json():
                    person._remember(answer)
                served[place] += 1
            time.sleep(0.02)

    def every_tab_works_on() -> None:
        """Wait until each has received ten more responses, for at least a second, since keys are read once a second."""
        time.sleep(1)
        before, deadline = list(served), time.monotonic() + 60
        while min(now - then for now, then in zip(served, before, strict=True)) < 10:
            assert time.monotonic() < deadline, (before, served, refused)
            time.sleep(0.02)

    threads = [threading.Thread(target=works, args=each) for each in enumerate(people)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        every_tab_works_on()
        subprocess.run(
            [sys.executable, "manage.py", "rotate-keys"],
            cwd=PROJECT,
            env=service.environment,
            check=True,
            capture_output=True,
        )
    every_tab_works_on()
    stop.set()
    for thread in threads:
        thread.join()
    assert refused == []
    assert len(client.get("/.well-known/jwks.json").json()["keys"]) >= 3
