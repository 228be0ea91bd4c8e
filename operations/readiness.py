"""Report whether the service can answer requests, and which of its dependencies are out of reach."""

import time
from collections.abc import Callable, Mapping

Check = Callable[[], bool]


SECONDS_A_CHECK_COUNTS = 1.0


_checked: dict[str, tuple[float, bool]] = {}


def report(essential: Mapping[str, Check], helpful: Mapping[str, Check]) -> tuple[str, dict[str, str]]:
    """`unavailable` where an essential part is out of reach, `degraded` where a helpful one is, else `ready`.

    And each part's state.
    """
    checks = {
        name: "ok" if _recently(name, check) else "out of reach" for name, check in {**essential, **helpful}.items()
    }
    if any(checks[name] != "ok" for name in essential):
        return "unavailable", checks
    return ("degraded" if any(checks[name] != "ok" for name in helpful) else "ready"), checks


def _recently(name: str, check: Check) -> bool:
    # Whoever asks often must not make us knock at the mail server as often.
    at, passed = _checked.get(name, (-SECONDS_A_CHECK_COUNTS, False))
    if time.monotonic() - at > SECONDS_A_CHECK_COUNTS:
        passed = check()
        _checked[name] = (time.monotonic(), passed)
    return passed
