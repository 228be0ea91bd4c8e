"""Let requests wait for new events on the event loop, without a thread or a connection for each of them.

One task of each process polls the position of the newest event while at least one request waits.
"""

import asyncio
import weakref
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

import errors
from core import thread_pools
from web import connections

SECONDS_BETWEEN_POLLS = 0.25
SECONDS_AFTER_A_FAILURE = 1.0


class Poller:
    """Wakes the requests of one event loop when there are new events.

    read: returns the position of the newest event.
    """

    def __init__(self, read: Callable[[], int]) -> None:
        self._read, self._last, self._waiting = read, 0, 0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def newer_than(self, position: int, seconds: float) -> bool:
        """Wait until there is an event after a position, and return whether there is: not after these seconds.

        Also returns when the server shuts down.
        """
        self._waiting += 1
        try:
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._poll())
            async with asyncio.timeout(seconds):
                while self._last <= position and not connections.is_stopping():
                    await self._changed.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return not connections.is_stopping()

    async def _poll(self) -> None:
        while self._waiting:
            try:
                found = await thread_pools.run_in_request_pool(self._read)
            except (SQLAlchemyError, errors.Unavailable):
                await asyncio.sleep(SECONDS_AFTER_A_FAILURE)
                continue
            if found != self._last or connections.is_stopping():
                self._last = found
                self._changed.set()
                self._changed = asyncio.Event()
            await asyncio.sleep(SECONDS_BETWEEN_POLLS)


_pollers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Poller] = weakref.WeakKeyDictionary()


def poller(read: Callable[[], int]) -> Poller:
    """Return the poller of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _pollers:
        _pollers[loop] = Poller(read)
    return _pollers[loop]
