"""Count requests for rate limits: in memory or, if REDIS_URL is set, in Redis, which all workers share.

While Redis is unavailable, each worker counts separately; the log and `/health/ready` report it.
"""

import asyncio
import functools
import threading
import time
from typing import Any, NamedTuple

import limits
import limits.storage

from core import thread_pools
from settings.loading import settings
from telemetry import metrics

THREADS_FOR_REDIS = 8
SECONDS_TO_COUNT = 0.5  # in Redis, in total: DNS, waiting for a thread, connecting, and the reply
SECONDS_BETWEEN_CLEANUPS = 5.0


class Rate(NamedTuple):
    """A number of requests in a window of time. `name` distinguishes the counters of different rates."""

    amount: int
    window_seconds: int
    name: str


class Standing(NamedTuple):
    """The state of a caller under a policy: requests left in this window, and seconds until the next one."""

    policy: str
    rate: Rate
    allowed: bool
    remaining: int
    seconds: float


class _Cleanup(threading.Timer):
    """Delete expired windows periodically. The library's own storage would start a thread for this every 10 ms."""

    def run(self) -> None:
        while not self.finished.wait(self.interval):
            self.function()


def _memory() -> limits.storage.Storage:
    storage = limits.storage.MemoryStorage()
    storage.timer = _Cleanup(SECONDS_BETWEEN_CLEANUPS, storage.timer.function)
    storage.timer.daemon = True
    storage.timer.start()
    return storage


_pool = thread_pools.ThreadPool("redis", THREADS_FOR_REDIS)
_local = _memory()


@functools.cache
def _rate(rate_text: str, times: int) -> Rate:
    rate = limits.parse(rate_text)
    amount = rate.amount * times
    return Rate(amount, rate.get_expiry(), f"{amount}/{rate.multiples}/{rate.GRANULARITY.name}")


async def count(policy: str, *who: str, times: int = 1, rate: str | None = None) -> Standing:
    """Count a request, atomically, and return the state of the caller. Redis is queried in dedicated threads.

    who: identifies the caller under the policy.
    times: the factor by which the rate is multiplied.
    rate: the rate, if it is not that of the policy.
    """
    limit = _rate(rate or getattr(settings, f"rate_limit_{policy}"), times)
    standing = await _count_in_redis(policy, limit, *who) if settings.redis_url else None
    standing = standing or _count_in(_local, policy, limit, *who)
    if not standing.allowed:
        metrics.RATE_LIMITED.labels(policy).inc()
    return standing


def _count_in(storage: limits.storage.Storage, policy: str, rate: Rate, *who: str) -> Standing:
    # Fixed windows, like the strategy of the library, which would query the counter a second time.
    key = f"LIMITER/{policy}/{'/'.join(who)}/{rate.name}"
    counted = storage.incr(key, rate.window_seconds)
    seconds = max(0.0, storage.get_expiry(key) - time.time())
    return Standing(policy, rate, counted <= rate.amount, max(0, rate.amount - counted), seconds)


async def _count_in_redis(policy: str, rate: Rate, *who: str) -> Standing | None:
    server = _redis(settings.redis_url)
    if not server.is_available():
        return None

    def operation(storage: limits.storage.Storage) -> Standing:
        return _count_in(storage, policy, rate, *who)

    try:
        async with asyncio.timeout(SECONDS_TO_COUNT):
            standing: Standing | None = await _pool.run(server.run, operation, SECONDS_TO_COUNT, abandoned=True)
            return standing
    except TimeoutError:
        server.record_failure("slow")
        return None


@functools.cache
def _redis(url: str) -> Any:
    from core import rate_limit_storage  # imported here: without Redis, a worker starts faster and uses less memory

    return rate_limit_storage.Redis(url)


def is_reachable() -> bool:
    """Return whether Redis responds."""
    server = _redis(settings.redis_url)
    server.retry_now()
    return bool(server.run(lambda storage: [storage.incr("readiness", 1)], SECONDS_TO_COUNT))
