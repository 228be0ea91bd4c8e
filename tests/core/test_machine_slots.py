"""Slots that the processes of a machine share: their number, fairness, and processes that are killed or stopped."""

import errno
import fcntl
import os
import secrets
import signal
import stat
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
# Threads that work one after another, and write when each of them begins, and when it began and ended.
WORKER = """
import sys, threading, time
from core.machine_slots import MachineSlots

slots, lock, until = MachineSlots(sys.argv[1], int(sys.argv[2])), threading.Lock(), time.time() + float(sys.argv[4])

def work():
    while time.time() < until:
        with slots.slot():
            begun = time.time()
            with lock:
                print(begun, flush=True)
            time.sleep(float(sys.argv[5]))
            with lock:
                print(begun, time.time(), flush=True)

for thread in [threading.Thread(target=work) for _ in range(int(sys.argv[3]))]:
    thread.start()
"""


def folder_of(name):
    return Path(tempfile.gettempdir()) / f"credential-service-{name}-{os.getuid()}"


@pytest.fixture
def name():
    name = f"test-{secrets.token_hex(6)}"
    yield name
    folder = folder_of(name)
    for file in folder.glob("*"):
        file.unlink()
    folder.rmdir()


def worker(name, threads, seconds, each=0.05):
    command = [sys.executable, "-c", WORKER, name, str(SLOTS), str(threads), str(seconds), str(each)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def spans(process):
    lines = [tuple(map(float, line.split())) for line in process.communicate()[0].splitlines()]
    return [line for line in lines if len(line) == 2]


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


@pytest.fixture
def stopped(name):
    """A process that is stopped while it has all slots."""
    process = worker(name, SLOTS, 60, each=30)
    for _ in range(SLOTS):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGSTOP)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("clock", [0, 3600])
def test_stopped_process_does_not_stop_the_others(name, stopped, monkeypatch, clock):
    monkeypatch.setattr(machine_slots, "SECONDS_TO_WAIT", 0.5)
    for file in folder_of(name).glob("[0-9]"):
        os.utime(file, times=(time.time() + clock,) * 2)  # the clock was wrong
    slots, begun = MachineSlots(name, SLOTS), time.monotonic()
    with capture_logs() as lines, slots.slot():
        assert 0.5 <= time.monotonic() - begun < 10
    assert [line["name"] for line in lines] == [name]
    monkeypatch.setattr(machine_slots, "SECONDS_TO_WAIT", 60)
    with slots.slot():  # nobody waits in vain again
        assert time.monotonic() - begun < 20
    stopped.kill()
    stopped.wait()
    with slots.slot():
        assert slots._taken


def test_threads_of_one_process_wait_however_long_the_queue_is(name, monkeypatch):
    monkeypatch.setattr(machine_slots, "SECONDS_TO_WAIT", 0.5)
    slots, working, most = MachineSlots(name, SLOTS), [], []

    def work():
        with slots.slot():
            working.append(1)
            most.append(len(working))
            time.sleep(0.1)
            working.pop()

    threads = [threading.Thread(target=work) for _ in range(16)]
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
def test_processes_without_file_locks_are_not_limited_together(name, monkeypatch, reason):
    flock = machine_slots.fcntl.flock

    def of_folders_only(file, operation):
        if stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(reason, os.strerror(reason))
        flock(file, operation)

    monkeypatch.setattr(machine_slots.fcntl, "flock", of_folders_only)
    slots = MachineSlots(name, 1)
    with capture_logs() as lines, slots.slot(), slots.slot():
        pass
    assert [line["event"] for line in lines] == ["processes of this machine do not share their slots"]


@pytest.mark.parametrize("call", ["flock", "utime"])
def test_slots_work_again_after_an_error_of_the_disk(name, monkeypatch, call):
    slots = MachineSlots(name, 1)
    with slots.slot():
        pass

    def fail(*_arguments):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(machine_slots.fcntl if call == "flock" else os, call, fail)
        with slots.slot():
            pass
    for _ in range(2):
        with slots.slot():
            assert len(slots._taken) == 1


def test_forked_process_has_its_own_locks(name):
    slots = MachineSlots(name, 1)
    with slots.slot():
        process = os.fork()
        if not process:
            begun, waited = time.monotonic(), 0.0
            try:
                with slots.slot():
                    waited = time.monotonic() - begun
            finally:
                os._exit(not 0.2 < waited < 20)
        time.sleep(0.5)
    assert os.waitpid(process, 0)[1] == 0


def test_folder_is_locked_while_a_process_uses_it(name):
    used = worker(name, 1, 60)
    used.stdout.readline()
    folder = os.open(folder_of(name), os.O_RDONLY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    used.kill()
    used.communicate()
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)
