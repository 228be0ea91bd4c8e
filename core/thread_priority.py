"""Lower the priority of a thread whose work may wait, so that it does not delay requests."""

import contextlib
import os
import sys
import threading

LOWEST = 19  # the niceness of the lowest priority
SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}  # the number of this system call, for which Python has no function
KEEP_POLICY = 0x08  # a flag: the operator may have chosen another policy for the process
# Linux lets a running thread finish its slice, even if a thread of a higher priority wakes up, unless the slice of that
# thread is shorter. Since slices end with a tick of the clock, that would often delay a request by four milliseconds.
# The default slice is at most 3 milliseconds, with eight or more cores; a longer one than needed could last two ticks.
SECONDS_OF_SLICE = 0.0031


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
            _lengthen_slice(number, niceness)


def _lengthen_slice(number: int, niceness: int) -> None:
    """Set the slice of the current thread. Linux before 6.12 ignores it."""
    import ctypes  # imported here because it is not needed at startup
    import struct

    size, policy, priority, deadline, period = 48, 0, 0, 0, 0
    slice_and_others = int(SECONDS_OF_SLICE * 1e9), deadline, period
    attributes = struct.pack("=IIQiIQQQ", size, policy, KEEP_POLICY, niceness, priority, *slice_and_others)
    ctypes.CDLL(None).syscall(number, 0, ctypes.create_string_buffer(attributes, size), 0)
