"""Limits by the caller's address: named policies, each on its route's door.

`counts.py` counts. Wrong passwords are counted elsewhere: in `guesses.py`, whatever is set here.
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
from web import service_tokens

# What each policy is for; RATE_LIMIT_<NAME> says how much it allows.
POLICIES = {
    "default": "Everything, so that nobody takes the service for themselves.",
    "login": "Whatever compares a password: hashing costs a quarter of a second, and somebody may try one password "
    "on many accounts.",
    "signup": "Sign-ups: each one hashes, and leaves a row.",
    "email": "Whatever sends an email: a mailbox is easily flooded. Counted by the account that is named and the "
    "caller's network; by IP address alone, and by account alone, ten times as many are allowed.",
    "export": "Exports of personal data, by account: each reads everything that is stored about a user.",
    "service": "Callers with a good service token, which no other limit holds for.",
    "token": "Refresh tokens, links and codes: none can be guessed, so this only keeps order.",
}
# The published keys too: where a stranger could use up the limit of another service, that could verify no token.
UNLIMITED = {
    "/health",
    "/health/ready",
    "/metrics",
    "/.well-known/jwks.json",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
}
SITES_OF_A_NETWORK = 10  # so many times what one IPv6 /64 may do, its /48 may
FIELDS = ["RateLimit", "RateLimit-Policy"]
WIDER = 10  # so many times the emails of one account and network are allowed for an account, and for an IP address


def address_block(ip: str) -> str:
    """What an address counts as: itself or, of IPv6, its /64, for whoever has one address there has all of them."""
    if ":" not in ip:
        return ip
    return str(ipaddress.ip_network(f"{ip}/64", strict=False))


# Their routes count the request themselves: a service may authenticate in the form, which no middleware reads.
COUNTED_BY_ROUTE = {"/oauth2/introspect", "/oauth2/revoke"}


async def count_default(scope: Scope, *, is_service: bool) -> None:
    """Count a request of a route in COUNTED_BY_ROUTE. Raises RateLimited."""
    await _at_the_door(scope, "default", is_service)


async def _at_the_door(scope: Scope, policy: str, is_service: bool | None = None) -> None:
    if not settings.rate_limit_enabled:
        return
    if service_tokens.is_sent(scope) if is_service is None else is_service:
        if policy != "default" or settings.rate_limit_service == value_types.NO_LIMIT:
            return
        policy = "service"
    standing = await _counted(policy, client_address.of_request(scope))
    scope["state"].setdefault("rate_limits", []).append(standing)
    if not standing.allowed:
        raise errors.RateLimited(standing.seconds)


async def _counted(policy: str, ip: str) -> rate_limit_counters.Standing:
    """Count a request for its address and, of IPv6, for the /48 that a site usually has; the one with less left."""
    # An office shares one IP address: what is counted there alone must not keep its people from resetting passwords.
    times = WIDER if policy == "email" else 1
    standing = await rate_limit_counters.count(policy, "address", address_block(ip), times=times)
    if ":" not in ip or not standing.allowed:
        return standing
    network = str(ipaddress.ip_network(f"{ip}/48", strict=False))
    wider = await rate_limit_counters.count(policy, "network", network, times=times * SITES_OF_A_NETWORK)
    return min(standing, wider, key=lambda each: (each.allowed, each.remaining))


def limit(policy: str) -> Any:
    """For a route's `dependencies`: its policy beside the default one. Raises RateLimited before the body is looked
    at.
    """
    assert policy in POLICIES, policy

    async def demand(request: Request) -> None:
        await _at_the_door(request.scope, policy)

    return Depends(demand)


async def limit_password_grants(request: Request) -> None:
    """The policy for logins on a route where not each call is one (RFC 6749, 4.3). Raises RateLimited."""
    if (await request.form()).get("grant_type") == "password":
        await _at_the_door(request.scope, "login")


def limit_emails(
    field: str, *, scope: str, tells_caller: bool = False, when: Callable[[], bool] = lambda: True
) -> Callable[[Any], Any]:
    """Limit how many emails a route sends to the account, or email address, in this field of its body or path.

    scope: each has a count of its own: asking for one kind of email must not keep the owner from another.
    tells_caller: the caller gets a notice, and is counted likewise.

    Counted by account and network of the caller, beyond which RateLimited is raised; and by account alone, ten times
    as many. Beyond those the response stays the same, and no further email goes out while the last link is valid: so
    nobody can use the emails of another account up. Whether there is such an account makes no difference.
    """

    def marked(route: Callable[..., Any]) -> Callable[..., Any]:
        runs = route if inspect.iscoroutinefunction(route) else thread_pools.in_request_pool(route)

        @functools.wraps(route)
        async def run(**arguments: Any) -> Any:
            if settings.rate_limit_enabled and when():
                network = client_address.network_of(arguments["caller"].ip)
                if field in arguments:
                    await _count_email(scope, arguments[field], network)
                elif address := getattr(arguments["body"], field):
                    await _count_email(scope, schemas.canonical_email(address), network)
                if tells_caller:
                    await _count_email(scope, schemas.canonical_email(arguments["who"].user.email), network)
            return await runs(**arguments)

        return run

    return marked


async def _count_email(scope: str, name: str, network: str) -> None:
    who = signing.fingerprint("rate_limits", name)
    standing = await rate_limit_counters.count("email", scope, who, network)
    if not standing.allowed:
        raise errors.RateLimited(standing.seconds)
    if not (await rate_limit_counters.count("email", scope, who, times=WIDER)).allowed:
        one_time_tokens.keep_open_links.set(True)  # for this request: each one has a context of its own


def limit_by_user(policy: str) -> Callable[[Any], Any]:
    """Limit how often the user of a session may call a route, from any IP address."""

    def marked(route: Callable[..., Any]) -> Callable[..., Any]:
        runs = thread_pools.in_request_pool(route)

        @functools.wraps(route)
        async def run(**arguments: Any) -> Any:
            if settings.rate_limit_enabled:
                user = signing.fingerprint("rate_limits", arguments["who"].user.user_id)
                standing = await rate_limit_counters.count(policy, "user", user)
                if not standing.allowed:
                    raise errors.RateLimited(standing.seconds)
            return await runs(**arguments)

        return run

    return marked


class RateLimitMiddleware:
    """The step before every route.

    The default policy, and the RateLimit fields of every answer (draft-ietf-httpapi-ratelimit-headers).
    """

    def __init__(self, app: ASGIApp, handle: errors.Handler) -> None:
        self.app, self.handle = app, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return

        async def send_with_fields(message: Message) -> None:
            if message["type"] == "http.response.start" and "rate_limits" in scope["state"]:
                message["headers"] = [*message["headers"], *_fields(scope["state"]["rate_limits"])]
            await send(message)

        try:
            if scope["path"] not in COUNTED_BY_ROUTE:
                await _at_the_door(scope, "default")
        except errors.RateLimited as refusal:
            await (await self.handle(Request(scope), refusal))(scope, receive, send_with_fields)
        else:
            await self.app(scope, receive, send_with_fields)


def _fields(standings: list[rate_limit_counters.Standing]) -> list[tuple[bytes, bytes]]:
    now = ", ".join(f'"{s.policy}";r={s.remaining};t={round(s.seconds)}' for s in standings)
    rules = ", ".join(f'"{s.policy}";q={s.rate.amount};w={s.rate.get_expiry()}' for s in standings)
    return [(b"ratelimit", now.encode()), (b"ratelimit-policy", rules.encode())]
