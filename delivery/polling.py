"""Find due work of all background threads of a process with one statement a second.

A process wakes its threads itself when it queues something. The poll finds what other processes queued and could not
deliver, and what became due since, such as a retry.
"""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError
from sqlalchemy.orm import Session

import errors
import models
from core import after_commit
from core.columns import UtcDateTime
from prepared import Prepared
from telemetry import logs

log = logs.logger()
SECONDS_BETWEEN_POLLS = 1.0
SECONDS_TO_STOP = 1.0


class Signal:
    """A signal that wakes all waiting threads. A busy thread receives it when it waits the next time."""

    def __init__(self) -> None:
        self._condition, self._count = threading.Condition(), 0

    def send(self) -> None:
        """Wake all threads that wait."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def send_after_commit(self, db: Session) -> None:
        """Wake all threads after the commit of a transaction, when they can see its rows."""
        after_commit.call(db, self.send)

    def wait(self, seen: int) -> int:
        """Wait for a signal after those that were seen. Returns the number to pass next time."""
        with self._condition:
            self._condition.wait_for(lambda: self._count != seen)
            return self._count


class Poll:
    """A condition that is polled from `start` to `stop`. While it holds, `wake` is sent with each poll.

    is_due: returns the SQL condition that there is work, from the SQL expression of the current time.
    wake: one signal or several.
    """

    def __init__(self, is_due: Callable[[Any], ColumnElement[bool]], *wake: Signal) -> None:
        self.is_due, self.wake = is_due, wake

    def start(self) -> None:
        """Poll from now on."""
        _poller.add(self)

    def stop(self) -> None:
        """Poll no longer."""
        _poller.remove(self)


class PolledThread(threading.Thread):
    """A thread that works each time `wake` is sent, which a poll does too.

    is_due: the condition that there is work, as `Poll` takes it.
    seconds_to_stop: how long `stop` waits for the current work.
    """

    seconds_to_stop = SECONDS_TO_STOP

    def __init__(self, name: str, is_due: Callable[[Any], ColumnElement[bool]], wake: Signal) -> None:
        super().__init__(name=name, daemon=True)
        self.wake, self.stopping, self._poll = wake, threading.Event(), Poll(is_due, wake)

    def start(self) -> None:
        """Start the thread and its poll."""
        self._poll.start()
        super().start()

    def stop(self) -> None:
        """End the thread after the current work."""
        self._poll.stop()
        self.stopping.set()
        self.wake.send()
        if self.is_alive():
            self.join(self.seconds_to_stop)

    def run(self) -> None:
        seen = 0
        while not self.stopping.is_set():
            seen = self.wake.wait(seen)
            try:
                self.work()
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("background work waits: the database is out of reach", thread=self.name)
            except Exception:
                log.exception("background work failed", thread=self.name)

    def work(self) -> None:
        """Do the work that is due."""
        raise NotImplementedError


class _Poller:
    """The polls of this process, with a thread while there are any."""

    def __init__(self) -> None:
        self._changing, self._polls = threading.Lock(), tuple[Poll, ...]()
        self._ends = threading.Event()

    def add(self, poll: Poll) -> None:
        with self._changing:
            self._polls = (*self._polls, poll)
            if len(self._polls) == 1:
                self._ends = threading.Event()
                threading.Thread(target=self._run, args=[self._ends], name="polls", daemon=True).start()

    def remove(self, poll: Poll) -> None:
        with self._changing:
            self._polls = tuple(each for each in self._polls if each is not poll)
            if not self._polls:
                self._ends.set()

    def _run(self, ends: threading.Event) -> None:
        polls, statement = tuple[Poll, ...](), None
        while not ends.wait(SECONDS_BETWEEN_POLLS):
            try:
                if statement is None or polls != self._polls:
                    polls = self._polls
                    statement = _statement(polls)
                _wake(polls, statement)
            except ProgrammingError:
                _wake_each(polls)
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("background work waits: the database is out of reach")
            except Exception:
                log.exception("poll failed")


def _wake_each(polls: tuple[Poll, ...]) -> None:
    """Poll one by one, so that a condition that fails stops no other work."""
    for poll in polls:
        try:
            _wake((poll,), _statement((poll,)))
        except Exception:
            log.exception("poll failed")


def _statement(polls: tuple[Poll, ...]) -> Prepared:
    now = bindparam("now", type_=UtcDateTime())
    return Prepared(lambda: select(*(poll.is_due(now).label(f"due_{number}") for number, poll in enumerate(polls))))


def _wake(polls: tuple[Poll, ...], statement: Prepared) -> None:
    found = statement.first({"now": models.now()})
    for poll, is_due in zip(polls, found, strict=True):
        if is_due:
            for signal in poll.wake:
                signal.send()


_poller = _Poller()
