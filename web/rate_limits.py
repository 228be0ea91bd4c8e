"""Limit requests by IP address: named policies, which routes declare.

`core/rate_limit_counters.py` counts requests. Wrong passwords are counted separately, in `credentials/throttling.py`.
"""

import functools
import inspect
import ipaddress
from collections.abc import Callable
from typing import Any

from fastapi import Depends, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import errors
import schemas
from core import client_address, rate_limit_counters, signing, thread_pools
from credentials import one_time_tokens
from settings import value_types
from settings.loading import settings
from telemetry import metrics
from web import error_responses, service_tokens

# The purpose of each policy; RATE_LIMIT_<NAME> is its rate.
POLICIES = {
    "api_key": "Requests with an API key, by key. A key may have its own rate.",
    "default": "All requests, so that no client uses up the capacity of the service.",
    "login": "Requests that check a password: hashing takes a quarter of a second, and an attacker may try one "
    "password on many accounts.",
    "signup": "Sign-ups: each one hashes a password and creates a row.",
    "email": "Requests that send an email, so that a mailbox cannot be flooded. Counted by the account and the "
    "caller's network; by IP address alone and by account alone, ten times as many are allowed.",
    "export": "Exports of personal data, by account: each reads everything that is stored about a user.",
    "magic_link": "Requests for a login link, so that a mailbox cannot be flooded. By account and network, five "
    "an hour are allowed.",
    "registration": "Registrations of OAuth clients: each may create a row.",
    "service": "Requests with a valid service token, to which no other policy applies.",
    "token": "Refresh tokens, links and codes. They cannot be guessed, so this only limits load.",
    "user": "Requests of a user who is logged in, from any IP address.",
}
for _policy in POLICIES:
    metrics.RATE_LIMITED.labels(_policy)
# Includes what services need to verify tokens, which must not depend on other clients behind their address.
UNLIMITED = {
    "/health",
    "/health/ready",
    "/metrics",
    "/.well-known/jwks.json",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/revocations",
}
NETWORK_FACTOR = 10  # an IPv6 /48 may send this many times the requests of a /64
FIELDS = ["RateLimit", "RateLimit-Policy"]
EMAIL_FACTOR = 10  # an account, or an IP address, may cause this many times the emails of an account and network


def address_block(ip: str) -> str:
    """Return the key under which an IP address is counted: the address itself or, for IPv6, the subscriber's /64."""
    if ":" not in ip:
        return ip
    return str(ipaddress.ip_network(f"{ip}/64", strict=False))


# Counted by their routes: a service may authenticate in the form, which the middleware does not read. Requests that are
# rejected before, such as those without a readable form, are counted with their response, which may become a 429.
COUNTED_BY_ROUTE = {"/oauth2/introspect", "/oauth2/revoke"}


async def count_default(scope: Scope, *, is_service: bool) -> None:
    """Count a request of a route in COUNTED_BY_ROUTE. Raises RateLimited."""
    await _enforce(scope, "default", is_service)


async def _enforce(scope: Scope, policy: str, is_service: bool | None = None) -> None:
    if not settings.rate_limit_enabled:
        return
    standings = scope["state"].setdefault("rate_limits", [])
    if service_tokens.is_sent(scope) if is_service is None else is_service:
        if policy != "default" or settings.rate_limit_service == value_types.NO_LIMIT:
            return
        policy = "service"
    standing = await _count(policy, client_address.of_request(scope))
    standings.append(standing)
    if not standing.allowed:
        raise errors.RateLimited(standing.seconds)


async def count_caller(scope: Scope, policy: str, who: str, rate: str | None = None) -> None:
    """Count a request for the user or API key that it authenticates as. Raises RateLimited."""
    if not settings.rate_limit_enabled:
        return
    standing = await rate_limit_counters.count(policy, who, rate=rate)
    scope["state"].setdefault("rate_limits", []).append(standing)
    if not standing.allowed:
        raise errors.RateLimited(standing.seconds)


async def _count(policy: str, ip: str) -> rate_limit_counters.Standing:
    """Count a request for its address and, for IPv6, its /48. Returns the state with fewer requests left."""
    # An office shares one IP address: its users must still be able to reset their passwords.
    times = EMAIL_FACTOR if policy == "email" else 1
    standing = await rate_limit_counters.count(policy, "address", address_block(ip), times=times)
    if ":" not in ip or not standing.allowed:
        return standing
    network = str(ipaddress.ip_network(f"{ip}/48", strict=False))
    wider = await rate_limit_counters.count(policy, "network", network, times=times * NETWORK_FACTOR)
    return min(standing, wider, key=lambda each: (each.allowed, each.remaining))


def limit(policy: str) -> Any:
    """Return a route dependency that enforces a policy in addition to the default one.

    Raises RateLimited before the body is parsed.
    """
    assert policy in POLICIES, policy

    async def enforce(request: Request) -> None:
        await _enforce(request.scope, policy)

    return Depends(enforce)


async def limit_password_grants(request: Request) -> None:
    """Enforce the login policy on the token endpoint, for the password grant only (RFC 6749, 4.3).

    Raises RateLimited.
    """
    if (await request.form()).get("grant_type") == "password":
        await _enforce(request.scope, "login")


def limit_emails(
    field: str | Callable[[Any], str],
    *,
    scope: str,
    tells_caller: bool = False,
    when: Callable[[], bool] = lambda: True,
    rate: str | None = None,
) -> Callable[[Any], Any]:
    """Limit the emails that a route sends to the account or email address in this field of its body or path.

    field: the name of the field, or a function that returns the email address of a body, or nothing.
    scope: a separate counter for each kind of email, so that one kind does not block another.
    tells_caller: whether the caller also gets a notice, which is counted in the same way.
    when: whether the limit applies.
    rate: the limit by account and network, if it is not RATE_LIMIT_EMAIL.

    There are two limits. The first counts by account and network of the caller; above it, RateLimited is raised. The
    second counts by account alone and is ten times as high; above it, the response stays the same, but no further email
    is sent while the last link is valid. An attacker therefore cannot use up the emails of another account. Unknown
    accounts are counted in the same way.
    """

    def decorate(route: Callable[..., Any]) -> Callable[..., Any]:
        runs = route if inspect.iscoroutinefunction(route) else thread_pools.in_request_pool(route)

        @functools.wraps(route)
        async def run(**arguments: Any) -> Any:
            if settings.rate_limit_enabled and when():
                caller = arguments["caller"]
                if field in arguments:
                    await _count_email(caller, scope, arguments[field], rate)
                elif email := field(arguments["body"]) if callable(field) else getattr(arguments["body"], field):
                    await _count_email(caller, scope, schemas.canonical_email(email), rate)
                if tells_caller:
                    await _count_email(caller, scope, schemas.canonical_email(arguments["who"].user.email), rate)
            return await runs(**arguments)

        return run

    return decorate


async def _count_email(caller: client_address.CallerInfo, scope: str, name: str, rate: str | None) -> None:
    subject, network = signing.fingerprint("rate_limits", name), client_address.network_of(caller.ip)
    standing = await rate_limit_counters.count("email", scope, subject, network, rate=rate)
    if not standing.allowed:
        if caller.scope:
            caller.scope["state"].setdefault("rate_limits", []).append(standing)  # for the header fields
        raise errors.RateLimited(standing.seconds)
    if not (await rate_limit_counters.count("email", scope, subject, times=EMAIL_FACTOR, rate=rate)).allowed:
        one_time_tokens.keep_open_links.set(True)  # until the next request begins


def limit_by_user(policy: str) -> Callable[[Any], Any]:
    """Limit how often a user may call a route that takes `who` and `caller`, from any IP address."""

    def marked(route: Callable[..., Any]) -> Callable[..., Any]:
        runs = thread_pools.in_request_pool(route)

        @functools.wraps(route)
        async def run(**arguments: Any) -> Any:
            user = signing.fingerprint("rate_limits", arguments["who"].user.user_id)
            await count_caller(arguments["caller"].scope, policy, user)
            return await runs(**arguments)

        return run

    return marked


class RateLimitMiddleware:
    """Enforce the default policy, and add the RateLimit header fields (draft-ietf-httpapi-ratelimit-headers)."""

    def __init__(self, app: ASGIApp, handle: error_responses.Handler) -> None:
        self.app, self.handle = app, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return

        refused = False

        async def send_with_fields(message: Message) -> None:
            if message["type"] == "http.response.start" and (standings := scope["state"].get("rate_limits")):
                message["headers"] = [*message["headers"], *_fields(standings)]
            await send(message)

        async def refuse(error: errors.RateLimited) -> None:
            await (await self.handle(Request(scope), error))(scope, receive, send_with_fields)

        async def send_if_counted(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and "rate_limits" not in scope["state"]:
                try:
                    await _enforce(scope, "default")
                except errors.RateLimited as error:
                    refused = True
                    await refuse(error)
            if not refused:
                await send_with_fields(message)

        try:
            if scope["path"] not in COUNTED_BY_ROUTE:
                await _enforce(scope, "default")
        except errors.RateLimited as error:
            await refuse(error)
        else:
            await self.app(scope, receive, send_if_counted)


def _fields(standings: list[rate_limit_counters.Standing]) -> list[tuple[bytes, bytes]]:
    limits = ", ".join(f'"{s.policy}";r={s.remaining};t={round(s.seconds)}' for s in standings)
    policies = ", ".join(f'"{s.policy}";q={s.rate.amount};w={s.rate.window_seconds}' for s in standings)
    return [(b"ratelimit", limits.encode()), (b"ratelimit-policy", policies.encode())]
