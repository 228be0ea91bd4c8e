"""Redis, where all workers count together. Whoever has none never loads this, nor the library that speaks to it."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import limits.storage
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from telemetry import logs, metrics

T = TypeVar("T")

log = logs.logger()
SECONDS_TO_WAIT_FOR_REDIS = 0.25  # for each thing that it is told
SECONDS_WITHOUT_REDIS = 5.0  # after a failure, before it is asked again


class Redis:
    """Redis, asked by one caller alone for a while after it has failed, so that its silence slows nobody."""

    def __init__(self, url: str) -> None:
        pool = redis.ConnectionPool.from_url(
            url,
            socket_connect_timeout=SECONDS_TO_WAIT_FOR_REDIS,
            socket_timeout=SECONDS_TO_WAIT_FOR_REDIS,
            # Once more at once: after its restart every connection of the pool is dead.
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        )
        self._storage = limits.storage.RedisStorage("redis://", pool, key_prefix="credential-service")
        self._lock, self._failed, self._again_at = threading.Lock(), False, 0.0

    def may_be_asked(self) -> bool:
        return time.monotonic() >= self._again_at

    def ask(self, question: Callable[[limits.storage.Storage], T], seconds: float) -> T | None:
        """None where it is out of reach, or takes longer, which is the same to whoever waits."""
        with self._lock:
            if not self.may_be_asked():
                return None
            if self._failed:
                self._again_at = time.monotonic() + SECONDS_WITHOUT_REDIS  # the others go on without
        begun = time.monotonic()
        try:
            answer = question(self._storage)
        except (redis.RedisError, OSError, ValueError) as error:
            self.fails(type(error).__name__)
            return None
        if time.monotonic() - begun > seconds:
            self.fails("slow")
            return None
        if self._failed:
            log.info("Redis is back; all workers limit requests together")
        self._failed, self._again_at = False, 0.0
        return answer

    def fails(self, how: str) -> None:
        metrics.REDIS_FAILURES.inc()
        if not self._failed:
            log.error("Redis is out of reach; each worker limits requests by itself", error=how)
        self._failed, self._again_at = True, time.monotonic() + SECONDS_WITHOUT_REDIS

    def is_asked_again(self) -> None:
        """Whatever has failed, the next question is asked."""
        self._again_at = 0.0
