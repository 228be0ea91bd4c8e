"""Which threads a route runs in.

A route is plain synchronous code. Here it becomes a coroutine that hands all of it to one thread: were its answer
checked in a second one, as FastAPI does by itself, a route that holds a row would wait for a thread, and all threads
for its row.
"""

import asyncio
import contextlib
import functools
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import Any, ParamSpec, TypeVar

import errors
from settings.loading import settings

P = ParamSpec("P")
R = TypeVar("R")

SECONDS_BETWEEN_LOOKS = 0.01
_loop: ContextVar[asyncio.AbstractEventLoop] = ContextVar("loop")


class ThreadPool:
    """Threads of one kind, at most `size` of them.

    Whoever finds none free waits or, where the room `refuses`, is Overloaded.
    """

    def __init__(self, name: str, size: int, *, refuses: bool = False) -> None:
        self._size, self._refuses, self._inside = size, refuses, 0
        self._threads = ThreadPoolExecutor(size, name)

    async def run(self, work: Callable[..., R], *arguments: Any, abandoned: bool = False) -> R:
        """What the work answers.

        `abandoned`: a caller whose time is over leaves; the work goes on, and keeps its thread.
        """
        if self._refuses and self._inside >= self._size:
            raise errors.Overloaded()
        self._inside += 1
        _loop.set(asyncio.get_running_loop())
        # Not by anyio's threads: those cost a cheap request twice as much.
        running = self._threads.submit(copy_context().run, _carried_out, work, *arguments)
        try:
            return await asyncio.wrap_future(running)
        except asyncio.CancelledError:
            while not abandoned and not running.done():  # what it works with must not be taken from it
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            raise
        finally:
            self._inside -= 1

    def runs(self, route: Callable[P, R]) -> Callable[P, Any]:
        """Mark a route that runs here."""

        @functools.wraps(route)
        async def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return await self.run(functools.partial(route, *args, **kwargs))

        return run


def _carried_out(work: Callable[..., R], *arguments: Any) -> R:
    try:
        return work(*arguments)
    except StopIteration as error:  # no future takes one: whoever waits would wait for ever
        raise RuntimeError("StopIteration") from error


# As many as connections: one more would only wait for one.
_common = ThreadPool("common", settings.database_pool_size)
in_request_pool = _common.runs  # for the threads that all ordinary routes share
run_in_request_pool = _common.run


def run_on_loop(work: Callable[[], Coroutine[Any, Any, R]]) -> R:
    """What a coroutine answers, for whoever is in a thread."""
    return asyncio.run_coroutine_threadsafe(work(), _loop.get()).result()
