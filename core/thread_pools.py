"""Run synchronous code in bounded thread pools.

Routes are synchronous. Each is wrapped in a coroutine that runs the whole route in a single thread. FastAPI alone would
validate the response in a second thread. A route that holds a row lock could then wait for a thread while all threads
wait for this lock.
"""

import asyncio
import contextlib
import functools
import queue
import threading
import time
import weakref
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from typing import Any, ParamSpec, TypeVar

import errors
from settings.loading import settings

P = ParamSpec("P")
R = TypeVar("R")

SECONDS_BETWEEN_POLLS = 0.01
SECONDS_TO_WAIT = 0.005
SECONDS_OF_ADDITIONAL_THREADS = 1.0
USUAL_THREADS = 2
SECONDS_TO_STOP = 5.0
_loop: ContextVar[asyncio.AbstractEventLoop] = ContextVar("loop")
# The end of a route, such as the commit of its transaction, with the error of the route. It runs in the route's thread,
# because another thread would have to wake up for it.
ending: ContextVar[Callable[[BaseException | None], None] | None] = ContextVar("ending", default=None)


class _Task:
    """Work of a caller that waits on an event loop for its result."""

    __slots__ = ("_arguments", "_context", "_future", "_loop", "_unclaimed", "_work", "is_done")

    def __init__(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._loop = asyncio.get_running_loop()
        _loop.set(self._loop)
        self._work, self._arguments, self._context = work, arguments, copy_context()
        self._future: asyncio.Future[Any] = self._loop.create_future()
        self._unclaimed, self.is_done = [True], False

    async def result(self) -> Any:
        return await self._future

    def claim(self) -> bool:
        """Return whether neither a thread nor a canceled caller has claimed the task before. Atomic."""
        try:
            return self._unclaimed.pop()
        except IndexError:
            return False

    def run(self) -> None:
        try:
            result = self._context.run(self._work, *self._arguments)
        except StopIteration as error:  # a future cannot raise it, and the caller would wait forever
            raised = RuntimeError("StopIteration")
            raised.__cause__ = error
            self._settle(raised, failed=True)
        except BaseException as error:
            self._settle(error, failed=True)
        else:
            self._settle(result, failed=False)

    def _settle(self, outcome: Any, *, failed: bool) -> None:
        self.is_done = True
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(_settle, self._future, outcome, failed)


def _settle(future: asyncio.Future[Any], outcome: Any, failed: bool) -> None:
    if not future.done():  # its caller was canceled
        (future.set_exception if failed else future.set_result)(outcome)


Tasks = queue.SimpleQueue[_Task | None]


class ThreadPool:
    """A pool of at most `size` threads.

    A caller waits for a free thread or, if the pool `rejects`, gets Overloaded.

    Neither ThreadPoolExecutor nor anyio: the futures of the former lock and wake both sides several times, which takes
    a tenth of a cheap request, and a switch to the threads of the latter takes even longer.
    """

    def __init__(self, name: str, size: int, *, usual: int | None = None, rejects: bool = False) -> None:
        """usual: how many threads serve as long as no task waits for SECONDS_TO_WAIT; all of them by default."""
        self._name, self._size, self._usual, self._rejects = name, size, min(size, usual or size), rejects
        self._active = 0  # callers that wait for their result
        self.given = 0  # tasks so far
        self._serving = 0  # threads that no None waits for
        self._watched_on: asyncio.AbstractEventLoop | None = None
        self._was_abandoned = False  # then threads may be busy although their callers are gone
        self._tasks: Tasks = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()
        # At the end of the process too: bcrypt must not be in the middle of a hash when the interpreter ends.
        weakref.finalize(self, _stop, self._tasks, self._threads)

    async def run(self, work: Callable[..., R], *arguments: Any, abandoned: bool = False) -> R:
        """Run work in a thread and return its result. Raises Overloaded.

        abandoned: whether a canceled caller returns immediately, while the work continues in its thread.
        """
        if self._rejects and self._active >= self._size:
            raise errors.Overloaded()
        self._active += 1
        try:
            needed = self._size if self._was_abandoned else min(self._active, self._size)
            if self._serving < min(needed, self._usual):
                self._start()
            task = _Task(work, arguments)
            self._tasks.put(task)
            self.given += 1
            if self._serving < needed:
                self._watch()
            found: R = await task.result()
            return found
        except asyncio.CancelledError:
            if not task.claim():
                self._was_abandoned |= abandoned
                while not abandoned and not task.is_done:  # its session must not be closed while it runs
                    with contextlib.suppress(asyncio.CancelledError):
                        await asyncio.sleep(SECONDS_BETWEEN_POLLS)
            raise
        finally:
            self._active -= 1

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        if self._watched_on is not loop:
            self._watched_on = loop
            loop.call_later(SECONDS_TO_WAIT, self._add_threads, self.given)

    def _add_threads(self, given: int) -> None:
        """Start a thread for each waiting task, up to the size, if one of the first `given` tasks still waits."""
        self._watched_on = None
        waiting = self._tasks.qsize() - (len(self._threads) - self._serving)
        if self.given - waiting < given:
            loop = asyncio.get_running_loop()
            for _ in range(min(waiting, self._size - self._serving)):
                if self._start():
                    loop.call_later(SECONDS_OF_ADDITIONAL_THREADS, self._end_additional_thread)
        if waiting and self._serving < self._size:
            self._watch()

    def _end_additional_thread(self) -> None:
        self._serving -= 1
        self._tasks.put(None)
        if self._serving < self._active:
            self._watch()

    def _start(self) -> bool:
        """Start a thread, if possible, and return whether there is one more. Raises RuntimeError if there is none."""
        with self._starting:
            if len(self._threads) >= self._size:
                return False
            name = f"{self._name}_{len(self._threads)}"
            thread = threading.Thread(target=_serve, args=[self._tasks, self._threads], name=name, daemon=True)
            self._threads.append(thread)
            try:
                thread.start()
            except RuntimeError:  # the system allows no more threads
                self._threads.remove(thread)
                if not self._threads:
                    raise
                return False
            self._serving += 1
            return True

    def runs(self, route: Callable[P, R]) -> Callable[P, Any]:
        """Return a coroutine function that runs a route in this pool."""

        @functools.wraps(route)
        async def run(*args: P.args, **kwargs: P.kwargs) -> R:
            work = functools.partial(route, *args, **kwargs)
            if end := ending.get():
                ending.set(None)  # once
            return await (self.run(_run_and_end, work, end) if end else self.run(work))

        return run


def _run_and_end(work: Callable[[], R], end: Callable[[BaseException | None], None]) -> R:
    try:
        result = work()
    except BaseException as error:
        end(error)
        raise
    end(None)
    return result


def _serve(tasks: Tasks, threads: list[threading.Thread]) -> None:
    while (task := tasks.get()) is not None:
        if task.claim():
            task.run()
        del task  # an idle thread keeps nothing of the last request
    threads.remove(threading.current_thread())


def _stop(tasks: Tasks, threads: list[threading.Thread]) -> None:
    """End the threads, and wait until they have finished their work."""
    ending = list(threads)
    for _ in ending:
        tasks.put(None)
    until = time.monotonic() + SECONDS_TO_STOP
    for thread in ending:
        if thread is not threading.current_thread():  # in which the garbage collection may have found the pool
            thread.join(max(0.0, until - time.monotonic()))


# One thread for each connection: an additional thread would only wait for a connection.
_requests = ThreadPool("requests", settings.database_pool_size, usual=USUAL_THREADS)
in_request_pool = _requests.runs
run_in_request_pool = _requests.run


def tasks_of_requests() -> int:
    """Return how many tasks the request pool has got so far. A login or sign-up without a CAPTCHA adds none."""
    return _requests.given


def run_on_loop(work: Callable[[], Coroutine[Any, Any, R]]) -> R:
    """Run a coroutine from a thread on the event loop of the request, or on a new one outside a request."""
    loop = _loop.get(None)
    return asyncio.run_coroutine_threadsafe(work(), loop).result() if loop else asyncio.run(work())
