"""Limits by the caller's address: named policies, each on its route's door.

Requests are counted in memory or, where REDIS_URL is set, in Redis, by all workers together. With Redis out of reach each
worker counts by itself until it is back, says so in the log, and `/health/ready` shows it. Wrong passwords are counted
elsewhere: in `guesses.py`, whatever is set here.
"""

import functools
import inspect
import ipaddress
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import limits
import limits.storage
import redis
import structlog
from fastapi import Depends, Request
from redis.backoff import NoBackoff
from redis.retry import Retry
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import audit
import errors
import metrics
import schemas
import signing
import threads
from settings import settings

log = structlog.get_logger()

# What each policy is for; RATE_LIMIT_<NAME> says how much it allows.
POLICIES = {
    "default": "Everything, so that nobody takes the service for themselves.",
    "login": "Whatever compares a password: hashing costs a quarter of a second, and somebody may try one password on many accounts.",
    "signup": "Sign-ups: each one hashes, and leaves a row.",
    "email": "Whatever sends a mail: a mailbox is easily flooded. Counted for the account that is named, too.",
    "token": "Refresh tokens, links and codes: none can be guessed, so this only keeps order.",
}
UNLIMITED = {"/health", "/health/ready", "/metrics"}
FIELDS = ["RateLimit", "RateLimit-Policy"]
SECONDS_TO_WAIT_FOR_REDIS = 0.25
SECONDS_WITHOUT_REDIS = 5.0  # after a failure, before it is asked again
THREADS_FOR_REDIS = 8
SECONDS_BETWEEN_SWEEPS = 5.0


class Standing(NamedTuple):
    """Where a caller stands with a policy: requests left in this window, and seconds until the next one."""

    policy: str
    rate: limits.RateLimitItem
    allowed: bool
    remaining: int
    seconds: float


class _Redis:
    """Redis, asked by one caller alone for a while after it has failed, so that its silence slows nobody."""

    def __init__(self, url: str) -> None:
        pool = redis.ConnectionPool.from_url(
            url,
            socket_connect_timeout=SECONDS_TO_WAIT_FOR_REDIS,
            socket_timeout=SECONDS_TO_WAIT_FOR_REDIS,
            # Once more at once: after its restart every connection of the pool is dead.
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        )
        storage = limits.storage.RedisStorage("redis://", pool, key_prefix="credential-service")
        self._limiter = limits.strategies.FixedWindowRateLimiter(storage)
        self._lock, self._failed, self._again_at = threading.Lock(), False, 0.0

    def may_be_asked(self) -> bool:
        return time.monotonic() >= self._again_at

    def count(self, policy: str, rate: limits.RateLimitItem, *who: str) -> Standing | None:
        """None where it is out of reach."""
        with self._lock:
            if not self.may_be_asked():
                return None
            if self._failed:
                self._again_at = time.monotonic() + SECONDS_WITHOUT_REDIS  # the others go on without
        try:
            standing = _count(self._limiter, policy, rate, *who)
        except (redis.RedisError, OSError, ValueError) as error:
            if not self._failed:
                log.error("Redis is out of reach; each worker limits requests by itself", error=type(error).__name__)
            self._failed, self._again_at = True, time.monotonic() + SECONDS_WITHOUT_REDIS
            return None
        if self._failed:
            log.info("Redis is back; all workers limit requests together")
        self._failed, self._again_at = False, 0.0
        return standing

    def is_in_reach(self) -> bool:
        self._again_at = 0.0
        return self.count("readiness", limits.parse("1/second")) is not None


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


_redis = functools.cache(_Redis)
_room = threads.Room("redis", THREADS_FOR_REDIS)
_own = limits.strategies.FixedWindowRateLimiter(_memory())
_parsed = functools.cache(limits.parse)


def _count(limiter: limits.strategies.RateLimiter, policy: str, rate: limits.RateLimitItem, *who: str) -> Standing:
    allowed = limiter.hit(rate, policy, *who)
    reset_at, remaining = limiter.get_window_stats(rate, policy, *who)
    return Standing(policy, rate, allowed, remaining, max(0.0, reset_at - time.time()))


async def count(policy: str, *who: str) -> Standing:
    """Count one request. Atomic, also over workers with Redis, which is asked in threads kept for that."""
    rate = _parsed(getattr(settings, f"rate_limit_{policy}"))
    together = None
    if settings.redis_url and _redis(settings.redis_url).may_be_asked():
        together = await _room.run(_redis(settings.redis_url).count, policy, rate, *who)
    standing = together or _count(_own, policy, rate, *who)
    if not standing.allowed:
        metrics.RATE_LIMITED.labels(policy).inc()
    return standing


def is_in_reach() -> bool:
    """Whether Redis counts."""
    return _redis(settings.redis_url).is_in_reach()


def block_of(ip: str) -> str:
    """What an address counts as: itself or, of IPv6, its /64, for whoever has one address there has all of them."""
    if ":" not in ip:
        return ip
    return str(ipaddress.ip_network(f"{ip}/64", strict=False))


async def _at_the_door(request: Request, policy: str) -> None:
    if not settings.rate_limit_enabled:
        return
    standing = await count(policy, "address", block_of(audit.address_of(request)))
    request.state.rate_limits = [*getattr(request.state, "rate_limits", []), standing]
    if not standing.allowed:
        raise errors.RateLimited(standing.seconds)


def limit(policy: str) -> Any:
    """For a route's `dependencies`: its policy beside the default one. Raises RateLimited before the body is looked at."""
    assert policy in POLICIES, policy

    async def demand(request: Request) -> None:
        await _at_the_door(request, policy)

    return Depends(demand)


async def limit_password_grants(request: Request) -> None:
    """The policy for logins on a route where not each call is one (RFC 6749, 4.3). Raises RateLimited."""
    if (await request.form()).get("grant_type") == "password":
        await _at_the_door(request, "login")


def mails_to(field: str, *, scope: str, when: Callable[[], bool] = lambda: True) -> Callable[[Any], Any]:
    """Mark a route that sends a mail to the address in this field of its body: that is limited for the address, too.

    Each `scope` has a count of its own: asking for one kind of mail must not keep the owner from another. So it is for
    whoever is logged in and gets a notice. Whether an address has an account makes no difference. Raises RateLimited.
    """

    def marked(route: Callable[..., Any]) -> Callable[..., Any]:
        runs = route if inspect.iscoroutinefunction(route) else threads.in_a_common_thread(route)

        @functools.wraps(route)
        async def run(**arguments: Any) -> Any:
            if settings.rate_limit_enabled and when():
                who = arguments.get("who")
                for address in (getattr(arguments["body"], field), *([who.user.email] if who else [])):
                    await _count_mail(scope, address)
            return await runs(**arguments)

        return run

    return marked


async def _count_mail(scope: str, address: str) -> None:
    who = signing.fingerprint("rate_limits", schemas.canonical_email(address))
    standing = await count("email", scope, who)
    if not standing.allowed:
        raise errors.RateLimited(standing.seconds)


class Door:
    """The step before every route: the default policy, and the RateLimit fields of every answer (draft-ietf-httpapi-ratelimit-headers)."""

    def __init__(self, app: ASGIApp, answer: errors.Answer) -> None:
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return
        request = Request(scope)

        async def send_with_fields(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_fields(MutableHeaders(scope=message), getattr(request.state, "rate_limits", []))
            await send(message)

        try:
            await _at_the_door(request, "default")
        except errors.RateLimited as refusal:
            await (await self.answer(request, refusal))(scope, receive, send_with_fields)
        else:
            await self.app(scope, receive, send_with_fields)


def _add_fields(headers: MutableHeaders, standings: list[Standing]) -> None:
    if standings:
        headers["RateLimit"] = ", ".join(f'"{s.policy}";r={s.remaining};t={round(s.seconds)}' for s in standings)
        headers["RateLimit-Policy"] = ", ".join(
            f'"{s.policy}";q={s.rate.amount};w={s.rate.get_expiry()}' for s in standings
        )
