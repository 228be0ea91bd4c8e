"""Make the response time of a request independent of whether an email address has an account.

The two cases execute different statements: for an account, rows for a token and an email are inserted. Executing the
    same statements in both cases would insert rows for accounts that do not exist. Instead, the response waits, without
    a thread or a connection, until a time by which the work is done in both cases (OWASP ASVS 5.0, 6.3.8).
"""

import time
from typing import Any

from core.client_address import CallerInfo

SECONDS_UNTIL_RESPONSE = 0.05  # several times the duration of the slower case, which is exceeded only under overload


def hide(caller: CallerInfo) -> None:
    """Send the response to this request no earlier than 50 ms from now.

    Call it where the two cases begin to differ, after slow work that both have in common, such as hashing.
    """
    if caller.scope is not None:
        caller.scope["state"]["respond_at"] = time.perf_counter() + SECONDS_UNTIL_RESPONSE


def seconds_left(state: dict[str, Any]) -> float:
    """Return for how long the response must still wait. Zero or less means that it can be sent."""
    respond_at: float = state.get("respond_at", 0.0)
    return respond_at - time.perf_counter()
