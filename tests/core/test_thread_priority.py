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


def attributes():
    """The niceness and the slice in nanoseconds of the current thread, as the kernel knows them."""
    found = ctypes.create_string_buffer(56)
    number = SCHED_GETATTR.get(os.uname().machine) or pytest.skip("another architecture")
    if ctypes.CDLL(None, use_errno=True).syscall(number, 0, found, len(found), 0):
        pytest.skip(f"the kernel does not tell: {os.strerror(ctypes.get_errno())}")
    _size, _policy, _flags, niceness, _priority, length = struct.unpack("=IIQiIQ", found.raw[:32])
    return niceness, length


def in_a_thread(work):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(work()))
    thread.start()
    thread.join()
    return seen[0]


@linux
def test_hashing_threads_have_a_low_priority_and_a_long_slice():
    niceness, length = passwords._hashers.submit(attributes).result()
    assert niceness == min(19, attributes()[0] + passwords.NICENESS)
    if tuple(map(int, os.uname().release.split(".")[:2])) >= (6, 12):
        assert length == thread_priority.SECONDS_OF_SLICE * 1e9


@linux
@pytest.mark.parametrize("known", [{}, {os.uname().machine: 1_000_000}])
def test_unknown_systems_keep_the_niceness(monkeypatch, known):
    monkeypatch.setattr(thread_priority, "SCHED_SETATTR", known)
    before = attributes()[0]
    assert in_a_thread(lambda: (thread_priority.lower(5), attributes()[0])[1]) == min(19, before + 5)
    assert attributes()[0] == before


@linux
def test_service_that_was_started_with_a_low_priority_hashes():
    def lowered_twice():
        thread_priority.lower(15)
        thread_priority.lower(passwords.NICENESS)
        return attributes()[0]

    assert in_a_thread(lowered_twice) == 19
