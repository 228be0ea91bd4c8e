"""Report whether the service can answer requests, and which of its dependencies are out of reach."""

import time
from collections.abc import Callable, Mapping

Check = Callable[[], bool | str]  # False: out of reach; a text: what else is wrong


SECONDS_A_CHECK_COUNTS = 1.0


_checked: dict[str, tuple[float, str]] = {}


def report(essential: Mapping[str, Check], helpful: Mapping[str, Check]) -> tuple[str, dict[str, str]]:
    """`unavailable` where an essential part is out of reach, `degraded` where a helpful one is, else `ready`.

    And each part's state.
    """
    checks = {name: _recently(name, check) for name, check in {**essential, **helpful}.items()}
    if any(checks[name] != "ok" for name in essential):
        return "unavailable", checks
    return ("degraded" if any(checks[name] != "ok" for name in helpful) else "ready"), checks


def _recently(name: str, check: Check) -> str:
    # Frequent readiness requests must not connect to the mail server as often.
    at, state = _checked.get(name, (-SECONDS_A_CHECK_COUNTS, ""))
    if time.monotonic() - at > SECONDS_A_CHECK_COUNTS:
        found = check()
        state = found if isinstance(found, str) else "ok" if found else "out of reach"
        _checked[name] = (time.monotonic(), state)
    return state
