"""Lower the priority of a thread whose work may wait, so that it does not delay requests."""

import contextlib
import os
import signal
import struct
import sys
import threading
from typing import Any

LOWEST = 19  # the niceness of the lowest priority
SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}  # the number of this system call, for which Python has no function
KEEP_POLICY = 0x08  # a flag: the operator may have chosen another policy for the process
# Linux lets a running thread finish its slice, even if a thread of a higher priority wakes up, unless the slice of that
# thread is shorter. Since slices end with a tick of the clock, that would often delay a request by four milliseconds.
# The default slice is at most 3 milliseconds, with eight or more cores; a longer one than needed could last two ticks.
# In another group of the scheduler, such as a container or a session, the slice is all that this thread is compared by:
# niceness applies within a group.
SECONDS_OF_SLICE = 0.0031
SECONDS_BETWEEN_PAUSES = 0.002
TO_ONE_THREAD, MONOTONIC = 4, 1  # SIGEV_THREAD_ID and CLOCK_MONOTONIC
SIGNAL = getattr(signal, "SIGRTMAX", 64) - 1  # one that has no meaning of its own


def lower(niceness: int) -> None:
    """Lower the priority of the current thread, where the operating system has priorities of threads and allows it.

    niceness: how much lower than now. Up to 19, which is the lowest priority.
    """
    if sys.platform != "linux":  # elsewhere, niceness applies to the whole process
        return
    with contextlib.suppress(ImportError, AttributeError, OSError):  # a sandbox may reject each step
        thread = threading.get_native_id()
        niceness = min(LOWEST, os.getpriority(os.PRIO_PROCESS, thread) + niceness)
        os.setpriority(os.PRIO_PROCESS, thread, niceness)
        number = SCHED_SETATTR.get(os.uname().machine)
        if number and sys.maxsize > 1 << 32:
            _set_slice(number, niceness)


def _set_slice(number: int, niceness: int) -> None:
    """Set the slice of the current thread. Linux before 6.12 ignores it."""
    import ctypes  # imported here because it is not needed at startup

    size, policy, priority, deadline, period = 48, 0, 0, 0, 0
    slice_and_others = int(SECONDS_OF_SLICE * 1e9), deadline, period
    attributes = struct.pack("=IIQiIQQQ", size, policy, KEEP_POLICY, niceness, priority, *slice_and_others)
    ctypes.CDLL(None).syscall(number, 0, ctypes.create_string_buffer(attributes, size), 0)


class Pauses:
    """A context in which the thread that created it lets others run every two milliseconds, while it computes.

    The thread of a request that was interrupted, such as by its own statement in the database, has had more than its
    share. Linux then prefers a thread of a lower priority until the next tick of its clock, which may be four
    milliseconds later, unless that thread pauses.

    A timer sends the thread a signal, whose handler is the function `sched_yield` of the C library. Python does not
    know of it. Where the operating system has no such timers, there are no pauses. The timer exists until the process
    ends, so a thread creates only one.
    """

    def __init__(self) -> None:
        self._set_timer: Any = None
        if sys.platform == "linux" and sys.maxsize > 1 << 32:
            with contextlib.suppress(ImportError, AttributeError, OSError):  # as above
                self._create_timer()

    def __enter__(self) -> None:
        self._every(SECONDS_BETWEEN_PAUSES)

    def __exit__(self, *_error: object) -> None:
        self._every(0)

    def _every(self, seconds: float) -> None:
        if self._set_timer:
            nanoseconds = int(seconds * 1e9)
            self._set_timer(self._timer, 0, struct.pack("=qqqq", 0, nanoseconds, 0, nanoseconds), None)

    def _create_timer(self) -> None:
        import ctypes  # as above

        library = ctypes.CDLL(None)
        handler = ctypes.cast(library.sched_yield, ctypes.c_void_p)
        action = ctypes.create_string_buffer(256)
        library.sigaction(SIGNAL, None, action)
        (handler_before,) = struct.unpack_from("=Q", action)  # its first member
        if handler_before not in (0, handler.value):  # another library uses this signal
            return
        library.signal(SIGNAL, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {SIGNAL})  # the starter of the process may have blocked all
        event = struct.pack("=Qiii44x", 0, SIGNAL, TO_ONE_THREAD, threading.get_native_id())
        self._timer = ctypes.c_void_p()
        if library.timer_create(MONOTONIC, event, ctypes.byref(self._timer)) == 0:
            library.timer_settime.argtypes = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p
            self._set_timer = library.timer_settime
