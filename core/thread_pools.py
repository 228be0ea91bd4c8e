"""Run synchronous code in bounded thread pools.

Routes are synchronous. Each is wrapped in a coroutine that runs the whole route in a single thread. FastAPI alone would
validate the response in a second thread. A route that holds a row lock could then wait for a thread while all threads
wait for this lock.
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

SECONDS_BETWEEN_POLLS = 0.01
_loop: ContextVar[asyncio.AbstractEventLoop] = ContextVar("loop")


class ThreadPool:
    """A pool of at most `size` threads.

    A caller waits for a free thread or, if the pool `rejects`, gets Overloaded.
    """

    def __init__(self, name: str, size: int, *, rejects: bool = False) -> None:
        self._size, self._rejects, self._active = size, rejects, 0
        self._threads = ThreadPoolExecutor(size, name)

    async def run(self, work: Callable[..., R], *arguments: Any, abandoned: bool = False) -> R:
        """Run work in a thread and return its result. Raises Overloaded.

        abandoned: whether a canceled caller returns immediately, while the work continues in its thread.
        """
        if self._rejects and self._active >= self._size:
            raise errors.Overloaded()
        self._active += 1
        _loop.set(asyncio.get_running_loop())
        # anyio's threads would double the time of a cheap request.
        running = self._threads.submit(copy_context().run, _run, work, *arguments)
        try:
            return await asyncio.wrap_future(running)
        except asyncio.CancelledError:
            while not abandoned and not running.done():  # its session must not be closed while it runs
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(SECONDS_BETWEEN_POLLS)
            raise
        finally:
            self._active -= 1

    def runs(self, route: Callable[P, R]) -> Callable[P, Any]:
        """Return a coroutine function that runs a route in this pool."""

        @functools.wraps(route)
        async def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return await self.run(functools.partial(route, *args, **kwargs))

        return run


def _run(work: Callable[..., R], *arguments: Any) -> R:
    try:
        return work(*arguments)
    except StopIteration as error:  # a future cannot raise it, and the caller would wait forever
        raise RuntimeError("StopIteration") from error


# One thread for each connection: an additional thread would only wait for a connection.
_requests = ThreadPool("requests", settings.database_pool_size)
in_request_pool = _requests.runs
run_in_request_pool = _requests.run


def run_on_loop(work: Callable[[], Coroutine[Any, Any, R]]) -> R:
    """Run a coroutine from a thread on the event loop of the request, or on a new one outside a request."""
    loop = _loop.get(None)
    return asyncio.run_coroutine_threadsafe(work(), loop).result() if loop else asyncio.run(work())
