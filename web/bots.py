"""Reject requests of bots: routes declare what they protect, and a capability with a `guard` decides."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from core import capability, thread_pools


def guarded(
    action: str, *, body: str = "body", email: str = "email", when: Callable[[Any], bool] = lambda _body: True
) -> Callable[[Any], Any]:
    """Let guards reject the requests of a route, before its function and the limits below this decorator run.

    action: what is protected: `signup`, `reset`, `magic-link` or `login`.
    body: the argument of the route that has the `captcha_token`.
    email: the field of it that names the account.
    when: whether a request is protected.
    """

    def decorate(route: Callable[..., Any]) -> Callable[..., Any]:
        runs = route if inspect.iscoroutinefunction(route) else thread_pools.in_request_pool(route)

        @functools.wraps(route)
        async def run(**arguments: Any) -> Any:
            sent = arguments[body]
            if when(sent):
                for record in capability.enabled():
                    if record.guard:
                        named = getattr(sent, email, None) or ""
                        await record.guard(action, arguments["caller"], sent.captcha_token, named)
            return await runs(**arguments)

        run.guarded_action = action  # type: ignore[attr-defined]
        return run

    return decorate
