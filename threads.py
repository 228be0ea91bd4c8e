"""Which threads a route runs in.

A route is plain synchronous code. Here it becomes a coroutine that hands all of it to one thread: were its answer checked
in a second one, as FastAPI does by itself, a route that holds a row would wait for a thread, and all threads for its row.
"""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

import errors

P = ParamSpec("P")
R = TypeVar("R")


class Room:
    """Threads of one kind, at most `size` of them. Whoever finds none free waits or, where the room `refuses`, is Overloaded."""

    def __init__(self, name: str, size: int, *, refuses: bool = False) -> None:
        self._size, self._refuses, self._inside = size, refuses, 0
        self._limiter = RunVar[anyio.CapacityLimiter](name)

    async def run(self, work: Callable[..., R], *arguments: Any, abandoned: bool = False) -> R:
        """What the work answers. `abandoned`: a caller whose time is over leaves; the work goes on, and keeps its place."""
        # Counted here, on the loop: the limiter itself counts only a moment later, when a crowd has long passed.
        if self._refuses and self._inside >= self._size:
            raise errors.Overloaded()
        limiter = self._limiter.get(None)
        if limiter is None:
            self._limiter.set(limiter := anyio.CapacityLimiter(self._size))
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, *arguments, limiter=limiter, abandon_on_cancel=abandoned)
        finally:
            self._inside -= 1

    def runs(self, route: Callable[P, R]) -> Callable[P, Any]:
        """Mark a route that runs here."""

        @functools.wraps(route)
        async def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return await self.run(functools.partial(route, *args, **kwargs))

        return run


def in_a_common_thread(route: Callable[P, R]) -> Callable[P, Any]:
    """The same for the threads that all ordinary routes share."""

    @functools.wraps(route)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return await run_in_a_common_thread(functools.partial(route, *args, **kwargs))

    return run


async def run_in_a_common_thread(work: Callable[..., R], *arguments: Any) -> R:
    return await anyio.to_thread.run_sync(work, *arguments)
