"""Count requests for rate limits: in memory or, if REDIS_URL is set, in Redis, which all workers share.

While Redis is unavailable, each worker counts separately; the log and `/health/ready` report it.
"""

import asyncio
import functools
import itertools
import threading
import time
from collections import defaultdict
from typing import Any, NamedTuple

import limits
import limits.storage

from core import thread_pools
from settings.loading import settings
from telemetry import metrics

THREADS_FOR_REDIS = 8
MAX_WINDOWS = 200_000  # in memory, of each length; then those that end first are forgotten
SECONDS_TO_COUNT = 0.5  # in Redis, in total: DNS, waiting for a thread, connecting, and the reply


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


class _Windows:
    """Count in fixed windows in memory. The library's storage takes several times as long, and a thread."""

    def __init__(self) -> None:
        # By length, so that the windows of each dictionary are in the order in which they end.
        self._windows: defaultdict[int, dict[str, list[float]]] = defaultdict(dict)
        self._lock = threading.Lock()

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """Count a request, and return the number in this window and when it ends, in Unix time."""
        now = time.time()
        with self._lock:
            windows = self._windows[seconds]
            if key not in windows or _is_over(windows[key], now, seconds):
                windows.pop(key, None)
                # More than one, so that they become fewer, but not all, which could take long.
                for oldest in list(itertools.islice(windows, 2)):
                    if _is_over(windows[oldest], now, seconds) or len(windows) >= MAX_WINDOWS:
                        del windows[oldest]
                windows[key] = [0, now + seconds]
            window = windows[key]
            window[0] += 1
            return int(window[0]), window[1]

    def reset(self) -> None:
        """Forget all requests."""
        self._windows.clear()


def _is_over(window: list[float], now: float, seconds: int) -> bool:
    return not 0 < window[1] - now <= seconds  # one that lasts longer began before the clock was set back


_pool = thread_pools.ThreadPool("redis", THREADS_FOR_REDIS)
_local = _Windows()


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
    standing = standing or _standing(policy, limit, *_local.count(_key(policy, limit, *who), limit.window_seconds))
    if not standing.allowed:
        metrics.RATE_LIMITED.labels(policy).inc()
    return standing


def _key(policy: str, rate: Rate, *who: str) -> str:
    return f"LIMITER/{policy}/{'/'.join(who)}/{rate.name}"


def _standing(policy: str, rate: Rate, counted: int, end: float) -> Standing:
    return Standing(policy, rate, counted <= rate.amount, max(0, rate.amount - counted), max(0.0, end - time.time()))


async def _count_in_redis(policy: str, rate: Rate, *who: str) -> Standing | None:
    server = _redis(settings.redis_url)
    if not server.is_available():
        return None

    def operation(storage: limits.storage.Storage) -> Standing:
        # Fixed windows, like the strategy of the library, which would query the counter a second time.
        key = _key(policy, rate, *who)
        return _standing(policy, rate, storage.incr(key, rate.window_seconds), storage.get_expiry(key))

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
