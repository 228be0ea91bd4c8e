"""Store rate-limit counters in Redis. This module and the Redis library are imported only if REDIS_URL is set."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import limits.storage
import limits.storage.redis
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from telemetry import logs, metrics

T = TypeVar("T")

log = logs.logger()
SECONDS_TO_WAIT_FOR_REDIS = 0.25  # for each command
SECONDS_WITHOUT_REDIS = 5.0  # after a failure, before the next attempt


class Redis:
    """A Redis server.

    After a failure, only one caller at a time tries again, and the others continue without Redis.
    """

    def __init__(self, url: str) -> None:
        pool = redis.ConnectionPool.from_url(
            url,
            socket_connect_timeout=SECONDS_TO_WAIT_FOR_REDIS,
            socket_timeout=SECONDS_TO_WAIT_FOR_REDIS,
            # Retry once: after a restart of Redis every connection of the pool is dead.
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        )
        self._storage = limits.storage.redis.RedisStorage("redis://", pool, key_prefix="credential-service")
        self._lock, self._failed, self._retry_at = threading.Lock(), False, 0.0

    def is_available(self) -> bool:
        """Return whether Redis has not failed recently."""
        return time.monotonic() >= self._retry_at

    def run(self, operation: Callable[[limits.storage.Storage], T], seconds: float) -> T | None:
        """Run an operation and return its result, or None if Redis is unavailable or takes longer than `seconds`."""
        with self._lock:
            if not self.is_available():
                return None
            if self._failed:
                self._retry_at = time.monotonic() + SECONDS_WITHOUT_REDIS  # other callers continue without Redis
        started = time.monotonic()
        try:
            result = operation(self._storage)
        except (redis.RedisError, OSError, ValueError) as error:
            self.record_failure(type(error).__name__)
            return None
        if time.monotonic() - started > seconds:
            self.record_failure("slow")
            return None
        if self._failed:
            log.info("Redis available again; rate limits are shared by all workers")
        self._failed, self._retry_at = False, 0.0
        return result

    def record_failure(self, reason: str) -> None:
        """Stop using Redis for a while, and log it once."""
        metrics.REDIS_FAILURES.inc()
        if not self._failed:
            log.error("Redis unavailable; each worker limits requests separately", error=reason)
        self._failed, self._retry_at = True, time.monotonic() + SECONDS_WITHOUT_REDIS

    def retry_now(self) -> None:
        """Try again with the next operation, even after a recent failure."""
        self._retry_at = 0.0
