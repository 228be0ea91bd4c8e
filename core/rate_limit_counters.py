"""How many requests of a kind somebody has made: counted in memory or, where REDIS_URL is set, by all workers together.

With Redis out of reach each worker counts by itself until it is back, says so in the log, and `/health/ready` shows it.
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
SECONDS_TO_COUNT = 0.5  # with Redis, all in all: its name looked up, a thread waited for, connected, told and answered
SECONDS_BETWEEN_SWEEPS = 5.0


class Standing(NamedTuple):
    """Where a caller stands with a policy: requests left in this window, and seconds until the next one."""

    policy: str
    rate: limits.RateLimitItem
    allowed: bool
    remaining: int
    seconds: float


class _Sweeping(threading.Timer):
    """Forgets windows that have ended, again and again. By itself the storage starts a thread for that every 10 ms."""

    def run(self) -> None:
        while not self.finished.wait(self.interval):
            self.function()


def _memory() -> limits.storage.Storage:
    storage = limits.storage.MemoryStorage()
    storage.timer = _Sweeping(SECONDS_BETWEEN_SWEEPS, storage.timer.function)
    storage.timer.daemon = True
    storage.timer.start()
    return storage


_room = thread_pools.ThreadPool("redis", THREADS_FOR_REDIS)
_own = _memory()


@functools.cache
def _rate(written: str, times: int) -> limits.RateLimitItem:
    rate = limits.parse(written)
    return type(rate)(rate.amount * times, rate.multiples)


async def count(policy: str, *who: str, times: int = 1) -> Standing:
    """Count one request. Atomic, also over workers with Redis, which is asked in threads kept for that.

    times: how many times the policy's rate is allowed.
    """
    rate = _rate(getattr(settings, f"rate_limit_{policy}"), times)
    standing = await _together(policy, rate, *who) if settings.redis_url else None
    standing = standing or _counted(_own, policy, rate, *who)
    if not standing.allowed:
        metrics.RATE_LIMITED.labels(policy).inc()
    return standing


def _counted(storage: limits.storage.Storage, policy: str, rate: limits.RateLimitItem, *who: str) -> Standing:
    # In fixed windows, as the library's own strategy does it, which asks twice for what counting has answered already.
    key = rate.key_for(policy, *who)
    counted = storage.incr(key, rate.get_expiry())
    seconds = max(0.0, storage.get_expiry(key) - time.time())
    return Standing(policy, rate, counted <= rate.amount, max(0, rate.amount - counted), seconds)


async def _together(policy: str, rate: limits.RateLimitItem, *who: str) -> Standing | None:
    server = _redis(settings.redis_url)
    if not server.may_be_asked():
        return None

    def question(storage: limits.storage.Storage) -> Standing:
        return _counted(storage, policy, rate, *who)

    try:
        async with asyncio.timeout(SECONDS_TO_COUNT):
            standing: Standing | None = await _room.run(server.ask, question, SECONDS_TO_COUNT, abandoned=True)
            return standing
    except TimeoutError:
        server.fails("slow")
        return None


@functools.cache
def _redis(url: str) -> Any:
    from core import rate_limit_storage  # here: without Redis, a worker starts faster and is smaller

    return rate_limit_storage.Redis(url)


def is_reachable() -> bool:
    """Whether Redis counts."""
    server = _redis(settings.redis_url)
    server.is_asked_again()
    return bool(server.ask(lambda storage: [storage.incr("readiness", 1)], SECONDS_TO_COUNT))
