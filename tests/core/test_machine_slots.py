"""Slots that the processes of a machine share: their number, fairness, and processes that are killed or stopped."""

import errno
import fcntl
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core import machine_slots
from core.machine_slots import MachineSlots
from servers import PROJECT

SLOTS = 2
# Threads that work one after another, and write when each of them began and ended.
WORKER = """
import sys, threading, time
from core.machine_slots import MachineSlots

slots, lock, until = MachineSlots(sys.argv[1], int(sys.argv[2])), threading.Lock(), time.time() + float(sys.argv[4])

def work():
    while time.time() < until:
        with slots.slot():
            begun = time.time()
            time.sleep(0.05)
            with lock:
                print(begun, time.time(), flush=True)

for thread in [threading.Thread(target=work) for _ in range(int(sys.argv[3]))]:
    thread.start()
"""


@pytest.fixture
def name():
    name = f"test-{secrets.token_hex(6)}"
    yield name
    folder = Path(tempfile.gettempdir()) / f"credential-service-{name}-{os.getuid()}"
    for file in folder.glob("*"):
        file.unlink()
    folder.rmdir()


def worker(name, threads, seconds):
    command = [sys.executable, "-c", WORKER, name, str(SLOTS), str(threads), str(seconds)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def spans(process):
    return [tuple(map(float, line.split())) for line in process.communicate()[0].splitlines()]


def most_at_once(spans):
    changes = sorted([(begun, 1) for begun, _ in spans] + [(ended, -1) for _, ended in spans])
    most = running = 0
    for _, change in changes:
        running += change
        most = max(most, running)
    return most


def test_processes_share_the_slots_and_none_is_kept_waiting(name):
    crowded, lonely = worker(name, 6, 2), worker(name, 1, 2)
    many, few = spans(crowded), spans(lonely)
    assert most_at_once([*many, *few]) <= SLOTS
    assert len(few) >= 3
    assert len(many) >= 3


def test_slots_of_a_killed_process_are_free_at_once(name):
    killed = worker(name, SLOTS, 60)
    killed.stdout.readline()
    killed.kill()
    killed.wait()
    begun = time.monotonic()
    slots = MachineSlots(name, SLOTS)
    with slots.slot(), slots.slot():
        assert time.monotonic() - begun < 1


def test_stopped_process_does_not_stop_the_others(name, monkeypatch):
    monkeypatch.setattr(machine_slots, "SECONDS_TO_WAIT", 0.2)
    stopped = worker(name, SLOTS, 60)
    stopped.stdout.readline()
    time.sleep(0.02)  # its threads work again
    os.kill(stopped.pid, signal.SIGSTOP)
    try:
        slots, begun = MachineSlots(name, SLOTS), time.monotonic()
        with capture_logs() as lines, slots.slot(), slots.slot():
            assert 0.2 <= time.monotonic() - begun < 2
            assert len(slots._taken) < SLOTS  # the stopped process kept some
        assert [line["name"] for line in lines] == [name]
    finally:
        stopped.kill()
        stopped.wait()


def test_threads_of_one_process_wait_however_long_the_queue_is(name, monkeypatch):
    monkeypatch.setattr(machine_slots, "SECONDS_TO_WAIT", 0.05)
    slots, working, most = MachineSlots(name, SLOTS), [], []

    def work():
        with slots.slot():
            working.append(1)
            most.append(len(working))
            time.sleep(0.02)
            working.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == SLOTS


def test_released_slot_of_another_process_is_taken_at_once(name, monkeypatch):
    monkeypatch.setattr(machine_slots, "SECONDS_BETWEEN_TRIES", 5)
    other = worker(name, SLOTS + 1, 2)
    other.stdout.readline()
    slots, begun = MachineSlots(name, SLOTS), time.monotonic()
    for _ in range(5):
        with slots.slot():
            pass
    assert time.monotonic() - begun < 2
    other.communicate()


def test_signals_that_nobody_waited_for_cost_one_attempt(name, monkeypatch):
    slots, tries = MachineSlots(name, 1), []
    monkeypatch.setattr(slots, "_free_slot", lambda try_one=slots._free_slot: tries.append(1) or try_one())
    with slots.slot():
        for _ in range(100_000):
            slots._slot_is_free.send()
        waiting = threading.Thread(target=lambda: slots.slot().__enter__())
        waiting.start()
        time.sleep(0.2)
        assert 1 <= len(tries) < 12  # with SECONDS_BETWEEN_TRIES between them
    waiting.join(5)
    assert not waiting.is_alive()


def test_folder_of_another_user_is_not_used(name, monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    planted = tmp_path / f"credential-service-{name}-{os.getuid()}"
    planted.symlink_to(tmp_path)
    with MachineSlots(name, SLOTS).slot():
        assert not (tmp_path / "0").exists()
    planted.unlink()
    planted.mkdir(mode=0o777)
    planted.chmod(0o777)
    with MachineSlots(name, SLOTS).slot():
        assert not (planted / "0").exists()
    assert "do not share their slots" in caplog.text
    monkeypatch.undo()
    with MachineSlots(name, SLOTS).slot():
        pass


@pytest.mark.parametrize("reason", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_without_file_locks_each_process_has_its_own_slots(name, monkeypatch, reason):
    def refuse(*_arguments):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(machine_slots.fcntl, "flock", refuse)
    begun = time.monotonic()
    with capture_logs() as lines, MachineSlots(name, SLOTS).slot():
        assert time.monotonic() - begun < 1
    assert [line["event"] for line in lines] == ["processes of this machine do not share their slots"]


def test_folder_is_locked_while_a_process_uses_it(name):
    used = worker(name, 1, 60)
    used.stdout.readline()
    folder = os.open(Path(tempfile.gettempdir()) / f"credential-service-{name}-{os.getuid()}", os.O_RDONLY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    used.kill()
    used.communicate()
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)
