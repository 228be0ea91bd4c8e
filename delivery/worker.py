"""The threads that deliver what is due in a queue."""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

import errors
from delivery import holds
from delivery.holds import ServerProblem
from delivery.leases import LeasedQueue, Undeliverable, Withdrawn
from telemetry import logs

log = logs.logger()
SECONDS_BETWEEN_LOOKS = 1.0


class ConnectionEnded(Exception):
    """The server ended a connection that was in use before; the row was not tried."""


class Transport(Protocol):
    """How the rows of one queue reach their server."""

    def open(self) -> Any:
        """Return a connection, which has `close()` and `usable`. Raises ServerProblem."""

    def deliver(self, connection: Any, row: Row[Any], renew: Callable[[], Any]) -> None:
        """Deliver one row. `renew` renews its lease, before each step that may take a while.

        Raises Undeliverable, Withdrawn, ServerProblem, ConnectionEnded; any other error makes the row due later.
        """

    def count(self, outcome: str) -> None:
        """Count a delivery: `sent`, `put_off`, `given_up` or `withdrawn`."""


class Bell:
    """Wakes every thread that waits for it; a ring that a thread has not heard yet is not lost."""

    def __init__(self) -> None:
        self._condition, self._rings = threading.Condition(), 0

    def ring(self) -> None:
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def wait(self, heard: int, seconds: float) -> int:
        """Wait for a ring after the ones that were heard; returns the number to pass next time."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings != heard, seconds)
            return self._rings


class Options(NamedTuple):
    """How a queue is worked on.

    senders: how many rows are delivered at once.
    for_urgent: how many of the senders take rows of priority 0 alone, so that those never wait behind others.
    rows_per_connection: after so many the connection is replaced.
    seconds_to_stop: how long `stop` waits for the rows at hand.
    """

    senders: int = 1
    for_urgent: int = 0
    rows_per_connection: int = 100
    seconds_to_stop: float = 10.0


class Worker:
    """The senders of a queue: woken by `wake`, and looking by themselves for other processes' rows and for retries."""

    def __init__(self, queue: LeasedQueue, transport: Transport, wake: Bell, options: Options) -> None:
        self._seconds_to_stop, self._more = options.seconds_to_stop, Bell()
        self._senders = []
        for number in range(options.senders):
            urgent = number < options.for_urgent
            # One sender of each kind looks; the others are woken when a row was found, so idling costs few queries.
            looks = number in (0, options.for_urgent)
            sender = Sender(queue, transport, options, wake if looks else self._more, self._more)
            sender.set_up(f"{queue.name} {number}", 1 if urgent else queue.priorities, looks, looks and not urgent)
            self._senders.append(sender)

    def start(self) -> None:
        """Start every sender."""
        for sender in self._senders:
            sender.start()

    def is_alive(self) -> bool:
        """Return whether any sender runs."""
        return any(sender.is_alive() for sender in self._senders)

    def join(self) -> None:
        """Wait until every sender has ended."""
        for sender in self._senders:
            sender.join()

    def stop(self) -> None:
        """Let every sender finish the row at hand and end."""
        for sender in self._senders:
            sender.end()
        for sender in self._senders:
            if sender.is_alive():
                sender.join(self._seconds_to_stop)


class Sender(threading.Thread):
    """One thread: claims a row, delivers it, and goes on with the same connection until nothing is due."""

    priorities: int
    looks: bool
    probes: bool

    def __init__(self, queue: LeasedQueue, transport: Transport, options: Options, wake: Bell, more: Bell) -> None:
        super().__init__(daemon=True)
        self._queue, self._transport, self._options, self._wake, self._more = queue, transport, options, wake, more
        self._stopping = False
        self._connection: Any = None
        self._rows = 0  # that went over this connection

    def set_up(self, name: str, priorities: int, looks: bool, probes: bool) -> None:
        """Say which rows the sender takes, whether it looks for them by itself, and whether it probes."""
        self.name, self.priorities, self.looks, self.probes = name, priorities, looks, probes

    def end(self) -> None:
        """Finish the row at hand, then end."""
        self._stopping = True
        self._wake.ring()

    def run(self) -> None:
        heard = 0
        while not self._stopping:
            heard = self._wake.wait(heard, SECONDS_BETWEEN_LOOKS if self.looks else 60.0)
            try:
                self._work()
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("the queue cannot be read", queue=self._queue.name)
            except Exception:
                log.exception("delivery failed", queue=self._queue.name)
            finally:
                self._disconnect()

    def _work(self) -> None:
        while not self._stopping:
            row = self._queue.claim(self.priorities)
            if row is None:
                failures = holds.begin_probe(self._queue.name) if self.probes else None
                if failures is None or not self._probe(failures):
                    return
                continue
            self._more.ring()
            try:
                self._deliver(row)
            except ServerProblem as problem:
                holds.begin(self._queue.name, problem)
                return

    def _probe(self, failures: int) -> bool:
        """Try the server once, with a row where one is due. Whether it works again."""
        row = self._queue.claim_for_probe()
        try:
            if row:
                self._deliver(row)
            else:
                self._connect()
        except ServerProblem as problem:
            holds.prolong(self._queue.name, failures, problem)
            return False
        holds.lift(self._queue.name)
        return True

    def _deliver(self, row: Row[Any]) -> None:
        """Deliver a claimed row, and record how it ended. Raises ServerProblem."""
        try:
            self._connect()
        except ServerProblem as problem:
            self._queue.release(row, problem)
            self._transport.count("put_off")
            raise
        # Looked at again: connecting may have taken long, and the row may be gone, or nobody may wait for it any more.
        if (fresh := self._queue.renew(row)) is None:
            return
        try:
            self._transport.deliver(self._connection, fresh, lambda: self._queue.renew(row))
        except ConnectionEnded:
            self._disconnect()
            self._deliver(row)
        except Withdrawn:
            self._queue.withdraw(row)
            self._transport.count("withdrawn")
        except Undeliverable as error:
            self._queue.give_up(row, error)
            self._transport.count("given_up")
        except Exception as error:
            self._transport.count("given_up" if self._queue.retry_later(row, error) else "put_off")
            if isinstance(error, ServerProblem):
                raise
        else:
            self._queue.mark_sent(row)
            self._transport.count("sent")
            self._rows += 1

    def _connect(self) -> None:
        if self._connection and (not self._connection.usable or self._rows >= self._options.rows_per_connection):
            self._disconnect()
        if self._connection is None:
            self._connection = self._transport.open()

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection, self._rows = None, 0
