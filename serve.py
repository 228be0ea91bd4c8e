"""Start the service with several workers, which share the memory of its code: python serve.py main:app --workers 2

The arguments and variables are uvicorn's. Left alone, uvicorn starts each worker as a new Python, which loads the whole
service again. Here its supervisor loads the service once and forks the workers, so that a start takes the time and
memory of one, and a worker that died is replaced at once. One worker, and `--reload`, run as without this file. A new
release, setting or certificate needs a restart: SIGHUP replaces the workers, not the code that they share.
"""

import gc

gc.disable()  # during these imports; main.py does so during its own

import asyncio
import contextlib
import functools
import multiprocessing
import os
import signal
import tempfile
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import Any

import uvicorn
import uvicorn._subprocess
import uvicorn.supervisors.multiprocess

# The supervisor handles them by a note to itself, which would be lost in a worker.
HANDLERS: dict[int, Any] = dict.fromkeys(uvicorn.supervisors.multiprocess.SIGNALS, signal.SIG_DFL) | {
    signal.SIGINT: signal.default_int_handler
}

SECONDS_BETWEEN_TICKS = 1.0


class Server(uvicorn.Server):
    """A server that wakes once a second. uvicorn's wakes ten times, which takes cores from those who hash passwords."""

    _wake: Any = staticmethod(lambda: None)

    async def main_loop(self) -> None:
        """Update the header `Date` each second, until a signal arrives or the maximum number of requests is reached."""
        woken, loop = asyncio.Event(), asyncio.get_running_loop()
        self._wake = functools.partial(loop.call_soon_threadsafe, woken.set)
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), SECONDS_BETWEEN_TICKS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note a signal to end. The event loop would sleep on after it."""
        super().handle_exit(sig, frame)
        self._wake()


class Worker(ForkProcess):
    """A forked worker."""

    def start(self) -> None:
        """Fork. A signal that arrives meanwhile waits until the worker would end by it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, HANDLERS)
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLERS)

    def run(self) -> None:
        """Serve, in the worker."""
        for number, handler in HANDLERS.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLERS)
        super().run()


class Forking:
    """Create uvicorn's processes, in place of the context of `multiprocessing` that would start them anew."""

    def __init__(self, until_the_end: contextlib.ExitStack) -> None:
        self._until_the_end = until_the_end

    def Process(self, *, target: Any, kwargs: dict[str, Any]) -> multiprocessing.process.BaseProcess:  # noqa: N802
        """Return a process that serves. The first call loads the service."""
        config: uvicorn.Config = kwargs["config"]
        if config.should_reload:
            return multiprocessing.get_context("spawn").Process(target=target, kwargs=kwargs)
        if not config.loaded:
            # What the service would otherwise learn from being a child of the supervisor.
            os.environ["WEB_CONCURRENCY"] = str(config.workers)
            directory = tempfile.TemporaryDirectory(prefix="credential-service-metrics-")
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = self._until_the_end.enter_context(directory)
            config.load()
            config.log_config = None  # a worker would set up uvicorn's logs again, in place of the service's
        return Worker(target=target, kwargs=kwargs)


def main() -> None:
    """Run uvicorn."""
    with contextlib.ExitStack() as until_the_end:
        uvicorn._subprocess.spawn = Forking(until_the_end)  # type: ignore[assignment]
        uvicorn.supervisors.multiprocess.Server = Server  # type: ignore[attr-defined]
        gc.enable()
        uvicorn.main()


if __name__ == "__main__":
    main()
