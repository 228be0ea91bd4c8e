"""Threads whose work may wait have a low priority, and give way at once to requests on a recent Linux."""

import ctypes
import hashlib
import os
import resource
import signal
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from core import thread_priority
from credentials import passwords
from servers import PROJECT

linux = pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities on Linux")
RELEASE = tuple(map(int, os.uname().release.split(".")[:2])) if sys.platform == "linux" else ()
SCHED_GETATTR = {"x86_64": 315, "aarch64": 275}


def niceness():
    """That of the current thread."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def length_of_slice():
    """That of the current thread in seconds, as the kernel knows it, or None if it does not tell."""
    found, number = ctypes.create_string_buffer(56), SCHED_GETATTR.get(os.uname().machine)
    if number is None or ctypes.CDLL(None).syscall(number, 0, found, len(found), 0):
        return None
    return struct.unpack("=IIQiIQ", found.raw[:32])[-1] / 1e9


def in_a_thread(work):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(work()))
    thread.start()
    thread.join()
    return seen[0]


@linux
def test_hashing_threads_have_a_low_priority_and_a_long_slice():
    found, length = passwords._hashers.submit(lambda: (niceness(), length_of_slice())).result()
    assert found == min(19, niceness() + passwords.NICENESS)
    if length is not None and RELEASE >= (6, 12):
        assert length == thread_priority.SECONDS_OF_SLICE


@linux
def test_computation_gives_way_every_few_milliseconds():
    """Two threads compete for one core. Without pauses, each would run until a tick of the clock of Linux."""
    core = min(os.sched_getaffinity(0))

    def compute():
        os.sched_setaffinity(0, {core})  # this thread
        with thread_priority.Pauses():
            begin.wait()
            before, begun = resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw, time.thread_time()
            hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 300_000)
            interruptions = resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw - before
            return (time.thread_time() - begun) / max(1, interruptions)

    begin = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        assert min(pool.map(lambda _: compute(), range(2))) < 0.003


@linux
def test_computation_does_not_pause_if_another_library_uses_the_signal():
    script = (
        "import ctypes, struct; from core import thread_priority; library, SA_SIGINFO = ctypes.CDLL(None), 4\n"
        "def action(new=None):\n"
        "    found = ctypes.create_string_buffer(256)\n"
        "    library.sigaction(thread_priority.SIGNAL, new, found)\n"
        "    return struct.unpack_from('=Q128xi', found)\n"  # the handler and its flags
        "handler = ctypes.cast(library.getpid, ctypes.c_void_p).value\n"
        "action(struct.pack('=Q128xi112x', handler, SA_SIGINFO))\n"
        "before = action(); pauses = thread_priority.Pauses()\n"
        "with pauses: print(pauses._set_timer, action() == before)"
    )
    assert subprocess.check_output([sys.executable, "-c", script], cwd=PROJECT).split() == [b"None", b"True"]


@linux
def test_computation_pauses_although_all_signals_were_blocked_at_the_start():
    def unblocked():
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        thread_priority.Pauses()
        return thread_priority.SIGNAL not in signal.pthread_sigmask(signal.SIG_BLOCK, [])

    assert in_a_thread(unblocked)


@linux
@pytest.mark.parametrize("known", [{}, {os.uname().machine: 1_000_000}])
def test_unknown_systems_keep_the_niceness(monkeypatch, known):
    monkeypatch.setattr(thread_priority, "SCHED_SETATTR", known)
    before = niceness()
    assert in_a_thread(lambda: (thread_priority.lower(5), niceness())[1]) == min(19, before + 5)
    assert niceness() == before


@linux
def test_thread_of_a_low_priority_gets_a_lower_one():
    assert in_a_thread(lambda: (thread_priority.lower(15), thread_priority.lower(10), niceness())[2]) == 19


@linux
def test_thread_keeps_its_scheduling_policy():
    def lowered():
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        thread_priority.lower(1)
        return os.sched_getscheduler(0)

    assert in_a_thread(lowered) == os.SCHED_BATCH


@linux
def test_sandbox_that_rejects_priorities_is_no_error(monkeypatch):
    def reject(*_arguments):
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", reject)
    before = niceness()
    assert in_a_thread(lambda: (thread_priority.lower(5), niceness())[1]) == before
