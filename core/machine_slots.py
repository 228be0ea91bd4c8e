"""Limit how many threads of this machine do something at once, over all processes of the service.

A slot is a locked file (flock). The operating system releases the locks of a process that ends, however it ends.
Processes notify each other through named pipes when they release a lock: frequent attempts would take a hundredth of
the machine.
"""

import contextlib
import math
import os
import select
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: each process then has its own slots
    fcntl = None  # type: ignore[assignment]

from telemetry import logs

log = logs.logger()

SECONDS_BETWEEN_TRIES = 0.25  # for the lock of a process that was killed, which notifies nobody
SECONDS_FOR_OTHERS = 0.003  # much shorter than a slot is used, so the turn changes before the next slot is free
SECONDS_TO_WAIT = 10.0  # in which no thread of this machine got a slot: see `MachineSlots.slot`
SECONDS_BETWEEN_WARNINGS = 60.0

NOTICES = ("turn", "slot")
PIPE_BYTES = 1 << 16  # that a pipe holds on Linux


class _Notice:
    """A named pipe through which processes wake each other. What nobody waits for stays in it."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def send(self) -> None:
        """Wake those that wait, or the next that does."""
        with contextlib.suppress(OSError):  # it is full, which wakes them too
            os.write(self._pipe, b".")

    def wait(self) -> None:
        """Wait for it, for SECONDS_BETWEEN_TRIES at most."""
        poll = select.poll()
        poll.register(self._pipe, select.POLLIN)
        poll.poll(1000 * SECONDS_BETWEEN_TRIES)
        with contextlib.suppress(OSError):  # there is none, or another process was faster
            os.read(self._pipe, PIPE_BYTES)


class _Watch:
    """Whether other processes still get slots, as a waiting thread sees it.

    A process that gets a slot sets the modification time of its file. Only changes are compared, because the clock of
    the system may be changed.
    """

    def __init__(self, slots: list[int], stuck_at: list[int]) -> None:
        self._slots, self.seen = slots, _taken_at(slots)
        # Others have waited already, and nothing has changed since.
        self._since = -math.inf if self.seen == stuck_at else time.monotonic()

    def sees_nobody(self) -> bool:
        """Return whether no process got a slot for SECONDS_TO_WAIT."""
        if (taken_at := _taken_at(self._slots)) != self.seen:
            self.seen, self._since = taken_at, time.monotonic()
        return time.monotonic() - self._since > SECONDS_TO_WAIT


class MachineSlots:
    """A number of slots that the processes of one user share on this machine.

    name: the name of what is limited.
    count: the number of slots.
    """

    def __init__(self, name: str, count: int) -> None:
        self._name, self._count, self._files = name, count, list[int]()
        self._forget()
        if fcntl is not None:
            os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        """Begin without files and locks: a forked process would share those of its parent."""
        for file in self._files:
            os.close(file)
        self._files, self._slots, self._taken = list[int](), list[int](), set[int]()
        self._next, self._guard = threading.Lock(), threading.Lock()
        self._tried, self._turn, self._stuck_at = False, -1, list[int]()
        self._turn_is_free, self._slot_is_free = _Notice(-1), _Notice(-1)
        self._had_turn_at, self._warned_at = 0.0, -SECONDS_BETWEEN_WARNINGS

    @contextlib.contextmanager
    def slot(self) -> Iterator[None]:
        """Take a slot, and wait for one if necessary.

        One thread of all processes is next at a time, so that a process with many threads cannot keep all others
        waiting. A process that is stopped (SIGSTOP) keeps its slots and its turn: a thread continues without a slot if
        none got one for SECONDS_TO_WAIT. As long as others get theirs, it waits, however long the queue is.
        """
        taken = None
        if self._is_open():
            with contextlib.suppress(OSError):  # the disk fails, for example
                taken = self._take()
            if taken is None:
                self._warn()
        try:
            yield
        finally:
            if taken is not None:
                self._release(taken)

    def _take(self) -> int | None:
        watch = _Watch(self._slots, self._stuck_at)
        while not self._next.acquire(timeout=SECONDS_TO_WAIT):
            if watch.sees_nobody():
                return None
        try:
            # Let other processes try first, after this one was next.
            time.sleep(max(0.0, self._had_turn_at + SECONDS_FOR_OTHERS - time.monotonic()))
            while not _lock(self._turn):
                if watch.sees_nobody():
                    self._stuck_at = watch.seen
                    return None
                self._turn_is_free.wait()
            try:
                while (taken := self._free_slot()) is None:
                    if watch.sees_nobody():
                        self._stuck_at = watch.seen
                        return None
                    self._slot_is_free.wait()
                return taken
            finally:
                _unlock(self._turn)
                self._had_turn_at = time.monotonic()
                self._turn_is_free.send()
        finally:
            self._next.release()

    def _warn(self) -> None:
        """Log that a thread continues without a slot, unless this has just been logged."""
        if time.monotonic() - self._warned_at > SECONDS_BETWEEN_WARNINGS:
            self._warned_at = time.monotonic()
            log.warning("continued without a slot: look for a stopped process that keeps one", name=self._name)

    def _free_slot(self) -> int | None:
        with self._guard:
            for slot in self._slots:
                if slot not in self._taken and _lock(slot):
                    self._taken.add(slot)
                    with contextlib.suppress(OSError):  # it only tells others that the queue moves
                        os.utime(slot)
                    return slot
        return None

    def _release(self, slot: int) -> None:
        with self._guard:
            if slot in self._taken:  # not in a process that was forked meanwhile
                self._taken.discard(slot)
                _unlock(slot)
                self._slot_is_free.send()

    def _is_open(self) -> bool:
        """Open the files at first use. Return whether this process shares its slots."""
        if not self._tried:
            with self._guard:
                if not self._tried:
                    try:
                        self._open()
                    except OSError as error:
                        log.warning(
                            "processes of this machine do not share their slots", name=self._name, error=str(error)
                        )
                    self._tried = True
        return bool(self._slots)

    def _open(self) -> None:
        """Open the files of the slots. Raises OSError if the folder is not private or its files cannot be locked."""
        folder = _folder(self._name)
        self._files.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC))
        # Held as long as the process lives: systemd-tmpfiles would delete the files of an unlocked folder after days,
        # and later processes would then have other slots.
        fcntl.flock(self._files[0], fcntl.LOCK_SH)
        opened = [_open(folder / str(number)) for number in range(self._count + 1)]
        pipes = [_open_pipe(folder / name) for name in NOTICES]
        self._files += [*opened, *pipes]
        self._turn_is_free, self._slot_is_free = map(_Notice, pipes)
        if _lock(opened[0]):  # a directory may have locks although its files have none
            _unlock(opened[0])
            self._turn_is_free.send()
        self._turn, *self._slots = opened


def _taken_at(slots: list[int]) -> list[int]:
    return [os.fstat(slot).st_mtime_ns for slot in slots]


def _folder(name: str) -> Path:
    """Return a folder that only this user can write to. Raises OSError if another user owns it."""
    if fcntl is None:
        raise OSError("no file locks")
    folder = Path(tempfile.gettempdir()) / f"credential-service-{name}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise OSError("not a private folder")
    return folder


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _open_pipe(path: Path) -> int:
    with contextlib.suppress(FileExistsError):
        os.mkfifo(path, 0o600)
    # For reading and writing, so that it stays open without other processes.
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    if not stat.S_ISFIFO(os.fstat(pipe).st_mode):
        os.close(pipe)
        raise OSError(f"{path} is not a pipe")
    return pipe


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unlock(file: int) -> None:
    with contextlib.suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_UN)
