"""A time that a process shares with the workers that are forked from it."""

import mmap
import struct

DOUBLE = struct.Struct("d")


class SharedTime:
    """A time of `time.monotonic`, in seconds, at first 0. Workers that were not forked each have their own."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, DOUBLE.size)

    def get(self) -> float:
        """Return the time that was set last, in any worker."""
        seconds: float = DOUBLE.unpack_from(self._memory)[0]
        return seconds

    def set(self, seconds: float) -> None:
        """Set the time for all workers."""
        DOUBLE.pack_into(self._memory, 0, seconds)
