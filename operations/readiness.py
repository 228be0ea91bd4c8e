"""Report whether the service can serve requests, and which of its dependencies are unreachable."""

import time
from collections.abc import Callable, Mapping

Check = Callable[[], bool | str]  # False: unreachable; a text: another problem


CACHE_SECONDS = 1.0


_checked: dict[str, tuple[float, str]] = {}


def report(essential: Mapping[str, Check], helpful: Mapping[str, Check]) -> tuple[str, dict[str, str]]:
    """Return the overall status and the state of each dependency.

    The status is `unavailable` if an essential dependency has a problem, `degraded` if only a helpful one has, else
    `ready`.
    """
    checks = {name: _recently(name, check) for name, check in {**essential, **helpful}.items()}
    if any(checks[name] != "ok" for name in essential):
        return "unavailable", checks
    return ("degraded" if any(checks[name] != "ok" for name in helpful) else "ready"), checks


def _recently(name: str, check: Check) -> str:
    # Cached, so that frequent readiness requests do not connect to the mail server each time.
    at, state = _checked.get(name, (-CACHE_SECONDS, ""))
    if time.monotonic() - at > CACHE_SECONDS:
        found = check()
        state = found if isinstance(found, str) else "ok" if found else "out of reach"
        _checked[name] = (time.monotonic(), state)
    return state
