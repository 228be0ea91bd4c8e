"""Give responses to requests about an email address the same time, whether or not it has an account.

The paths differ in their statements: an account gets rows for a token and an email. Making both execute the same ones
would write rows for accounts that do not exist. Instead the response waits, without a thread or a connection, until a
moment by which either path has ended (OWASP ASVS 5.0, 6.3.8).
"""

import time
from typing import Any

from core.client_address import CallerInfo

SECONDS_UNTIL_RESPONSE = 0.05  # several times what the slower path takes; under overload it may take longer


def hide(caller: CallerInfo) -> None:
    """Send the response to this request no earlier than 50 ms from now.

    Call it when the paths part, and after slow work that both do, such as hashing.
    """
    if caller.scope is not None:
        caller.scope["state"]["respond_at"] = time.perf_counter() + SECONDS_UNTIL_RESPONSE


def seconds_left(state: dict[str, Any]) -> float:
    """Return how long the response must still wait. At most 0 if it need not wait."""
    respond_at: float = state.get("respond_at", 0.0)
    return respond_at - time.perf_counter()
