"""Deliver the due rows of a queue in background threads."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

import errors
from delivery import holds
from delivery.holds import ServerProblem
from delivery.leases import LeasedQueue, Undeliverable, Withdrawn
from delivery.polling import Poll, Signal
from telemetry import logs

log = logs.logger()


class ConnectionEnded(Exception):
    """The server closed a connection that was in use. The row was not tried."""


class Transport(Protocol):
    """Deliver the rows of a queue to their server."""

    def open(self) -> Any:
        """Return a connection, which has `close()` and `usable`. Raises ServerProblem."""

    def deliver(self, connection: Any, row: Row[Any], renew: Callable[[], Any]) -> None:
        """Deliver a row. `renew` renews its lease before a step that may take long.

        Raises Undeliverable, Withdrawn, ServerProblem, ConnectionEnded. After any other error the row is retried.
        """

    def count(self, outcome: str) -> None:
        """Count a delivery: `sent`, `put_off`, `given_up` or `withdrawn`."""


class NoConnection:
    """The connection of a transport that sends each row in a request of its own."""

    usable = True

    def close(self) -> None:
        """Do nothing."""


class Options(NamedTuple):
    """The options of a worker.

    senders: the number of concurrent deliveries.
    for_urgent: the number of senders that only deliver rows of priority 0, which then never wait for other rows.
    rows_per_connection: the number of rows after which a connection is replaced.
    seconds_to_stop: how long `stop` waits for deliveries in progress.
    """

    senders: int = 1
    for_urgent: int = 0
    rows_per_connection: int = 100
    seconds_to_stop: float = 10.0


class Worker:
    """The senders of a queue. They are woken by `wake`, which a poll sends too."""

    def __init__(self, queue: LeasedQueue, transport: Transport, wake: Signal, options: Options) -> None:
        self._seconds_to_stop, self._more = options.seconds_to_stop, Signal()
        # All are woken by a poll, because the first sender can be busy for long.
        self._poll, self._senders = Poll(queue.is_due, wake, self._more), list[Sender]()
        for number in range(options.senders):
            urgent = number < options.for_urgent
            # One sender of each kind is woken, and wakes the others if further rows are due: one row costs few queries.
            first = number in (0, options.for_urgent)
            sender = Sender(queue, transport, options, wake if first else self._more, self._more)
            sender.set_up(f"{queue.name} {number}", 1 if urgent else queue.priorities, first and not urgent)
            self._senders.append(sender)

    def start(self) -> None:
        """Start all senders."""
        self._poll.start()
        for sender in self._senders:
            sender.start()

    def is_alive(self) -> bool:
        """Return whether any sender runs."""
        return any(sender.is_alive() for sender in self._senders)

    def join(self) -> None:
        """Wait until all senders have ended."""
        for sender in self._senders:
            sender.join()

    def stop(self) -> None:
        """Let all senders finish the current row, and end them."""
        self._poll.stop()
        for sender in self._senders:
            sender.end()
        deadline = time.monotonic() + self._seconds_to_stop
        for sender in self._senders:
            if sender.is_alive():
                sender.join(max(0.0, deadline - time.monotonic()))


def stop_all(workers: Iterable[Any]) -> None:
    """Stop workers at the same time: a process that ends has only as long as one of them takes."""
    stopping = [threading.Thread(target=each.stop) for each in workers]
    for each in stopping:
        each.start()
    for each in stopping:
        each.join()


class Sender(threading.Thread):
    """A thread that claims and delivers rows over one connection until none is due."""

    priorities: int
    probes: bool

    def __init__(self, queue: LeasedQueue, transport: Transport, options: Options, wake: Signal, more: Signal) -> None:
        super().__init__(daemon=True)
        self._queue, self._transport, self._options, self._wake, self._more = queue, transport, options, wake, more
        self._stopping = False
        self._connection: Any = None
        self._rows = 0  # sent over this connection

    def set_up(self, name: str, priorities: int, probes: bool) -> None:
        """Configure which rows the sender takes, and whether it probes."""
        self.name, self.priorities, self.probes = name, priorities, probes

    def end(self) -> None:
        """End after the current row."""
        self._stopping = True
        self._wake.send()

    def run(self) -> None:
        seen = 0
        while not self._stopping:
            seen = self._wake.wait(seen)
            try:
                self._work()
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("queue unavailable", queue=self._queue.name)
            except Exception:
                log.exception("delivery failed", queue=self._queue.name)
            finally:
                self._disconnect()

    def _work(self) -> None:
        while not self._stopping:
            claimed = self._queue.claim(self.priorities)
            if claimed is None:
                failures = holds.begin_probe(self._queue.name) if self.probes else None
                if failures is None or not self._probe(failures):
                    return
                continue
            if claimed.others_are_due:
                self._more.send()
            try:
                self._deliver(claimed.row)
            except ServerProblem as problem:
                holds.begin(self._queue.name, problem)
                return

    def _probe(self, failures: int) -> bool:
        """Try the server once, with a row if one is due, and return whether it works again."""
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
        """Deliver a claimed row, and record the result. Raises ServerProblem."""
        try:
            self._connect()
        except ServerProblem as problem:
            self._queue.release(row, problem)
            self._transport.count("put_off")
            raise
        # Read again: connecting may have taken long, and the row may be gone or no longer needed.
        if (current := self._queue.renew(row)) is None:
            return
        try:
            self._transport.deliver(self._connection, current, lambda: self._queue.renew(row))
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
