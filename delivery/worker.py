"""The thread that delivers what is due in a queue."""

import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

import errors
from telemetry import logs

log = logs.logger()
SECONDS_BETWEEN_LOOKS = 1.0


class Worker(threading.Thread):
    """Delivers what is due: woken by `wake`, and looking by itself for other processes' rows and for retries.

    deliver_one: claims and delivers one row; returns False where there is nothing more to do for now.
    seconds_to_stop: how long `stop` waits for the row at hand.
    """

    def __init__(
        self, name: str, deliver_one: Callable[[], bool], wake: threading.Event, seconds_to_stop: float
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._deliver_one, self._wake, self._seconds_to_stop = deliver_one, wake, seconds_to_stop
        self._stopping = False

    def run(self) -> None:
        while not self._stopping:
            self._wake.wait(SECONDS_BETWEEN_LOOKS)
            self._wake.clear()
            try:
                while not self._stopping and self._deliver_one():
                    pass
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("the queue cannot be read", queue=self.name)
            except Exception:
                log.exception("delivery failed", queue=self.name)

    def stop(self) -> None:
        """Finish the row at hand, then end."""
        self._stopping = True
        self._wake.set()
        self.join(self._seconds_to_stop)
