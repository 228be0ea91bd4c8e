"""Threads whose work may wait have a low priority, and give way at once to requests on a recent Linux."""

import ctypes
import os
import struct
import sys
import threading

import pytest

from core import thread_priority
from credentials import passwords

linux = pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities on Linux")
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
    if length is not None and tuple(map(int, os.uname().release.split(".")[:2])) >= (6, 12):
        assert length == thread_priority.SECONDS_OF_SLICE


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
