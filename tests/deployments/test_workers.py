"""Several workers of one service, which share the memory of its code, its metrics and its signing keys."""

import os
import re
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from people import Client, Person, at_once
from servers import PROJECT, SERVE, UVICORN, Postgres, Process
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


@pytest.fixture(scope="module")
def forked(cluster, tmp_path_factory):
    service = Process(tmp_path_factory.mktemp("forked"), workers=2, DATABASE_URL=cluster.new_database())
    yield service
    service.kill()


def workers_of(service: Process) -> list[psutil.Process]:
    return psutil.Process(service.process.pid).children()


def test_workers_share_the_memory_of_the_code(forked):
    for worker in workers_of(forked):
        memory = worker.memory_full_info()
        assert memory.pss < 0.75 * memory.rss, memory


def test_workers_log_in_the_format_of_the_service(forked):
    lines = [line for line in forked.log.read_text().splitlines() if "Application startup complete" in line]
    assert len(lines) == 2 and not [line for line in lines if line.startswith("INFO: ")], lines


def test_workers_make_different_ids_and_tokens(forked):
    """A random number generator that they inherit would otherwise produce the same values in each."""
    people = [Person(forked, f"visitor{number}") for number in range(8)]
    answers = at_once(*[person.sign_up for person in people])
    made = [each.json()[name] for each in answers for name in ("user_id", "access_token", "refresh_token")]
    made += [each.headers["x-request-id"] for each in answers]
    assert len(set(made)) == len(made)


def test_metrics_leave_no_files(cluster, tmp_path):
    service = Process(tmp_path, workers=2, DATABASE_URL=cluster.new_database(), TMPDIR=str(tmp_path))
    assert list(tmp_path.glob("credential-service-metrics-*/*.db"))
    service.process.terminate()
    service.ends()
    assert not list(tmp_path.glob("credential-service-metrics-*"))


def test_idle_workers_wake_once_a_second(forked):
    def wakes() -> int:
        """Return how often their event loops wake in two seconds. uvicorn's own would wake forty times."""
        before = [worker.num_ctx_switches().voluntary for worker in workers_of(forked)]
        time.sleep(2)
        return sum(worker.num_ctx_switches().voluntary for worker in workers_of(forked)) - sum(before)

    until(lambda: wakes() <= 8)  # once the start is complete


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_workers_that_sleep(cluster, tmp_path, sent):
    script = f"""
import sys
sys.path.insert(0, {str(PROJECT)!r})
import serve
serve.SECONDS_BETWEEN_TICKS = 3600
serve.main()
"""
    service = Process(tmp_path, workers=2, program=("-c", script), DATABASE_URL=cluster.new_database())
    os.killpg(service.process.pid, sent)
    service.ends()
    assert service.log.read_text().count("Application shutdown complete") == 2


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_a_worker_that_has_just_been_forked(sent):
    """It inherits the handlers of the supervisor, which would wait for it forever."""
    script = f"""
import os, signal, time, serve
signal.signal({int(sent)}, lambda *_: None)
worker = serve.Worker(target=time.sleep, args=(60,))
worker.start()
os.kill(worker.pid, {int(sent)})
worker.join(10)
print(worker.exitcode)
worker.kill()
"""
    shown = subprocess.check_output([sys.executable, "-c", script], cwd=PROJECT, stderr=subprocess.DEVNULL, text=True)
    assert int(shown) == {signal.SIGTERM: -sent, signal.SIGINT: 1}[sent]


@pytest.mark.parametrize("program", [SERVE, UVICORN], ids=["serve", "uvicorn"])
def test_each_worker_reports_for_all_also_for_a_killed_one(tmp_path, program):
    own = Postgres()
    service = Process(tmp_path, workers=2, program=program, DATABASE_URL=own.new_database(), HASH_WORKERS="1")
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
        own.stop()
        answer = Client(service.url).get("/metrics")
        assert "\ncredential_database_up 0.0\n" in answer.text
        assert "credential_logins_total" in answer.text
        assert "credential_outbox_waiting" not in answer.text
    finally:
        service.kill()
        own.close()


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


def test_server_with_another_secret_does_not_break_the_others(start, postgres):
    shared = {"DATABASE_URL": postgres.new_database(), "ALGORITHM": "ES256"}
    service = start(**shared, JWT_SECRET="dR7" + "0123456789abcdefghijklmnopqrstuv")
    alice = Person(service, "alice")
    alice.sign_up()
    start(**shared, JWT_SECRET="xK2" + "0123456789abcdefghijklmnopqrstuv")  # creates its own signing keys
    until(lambda: alice.me()["user_id"] and "signing key unusable" in service.log.read_text())  # reads keys again
    assert alice.client.get("/users/me").status_code == 200
    assert alice.log_in().status_code == 200
    assert alice.client.get("/.well-known/jwks.json").json()["keys"]
