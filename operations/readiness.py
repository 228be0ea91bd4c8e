"""Report whether the service can serve requests, and which of its dependencies are unreachable."""

import functools
import threading
import time
from collections.abc import Callable, Mapping

Check = Callable[[], bool | str]  # False: unreachable; a text: another problem


CACHE_SECONDS = 1.0
SECONDS_TO_CHECK = 1.0  # a helpful dependency: looking up its host name can take half a minute

_checked: dict[str, tuple[float, str]] = {}
_running: dict[str, "_Check"] = {}


def report(essential: Mapping[str, Check], helpful: Mapping[str, Check]) -> tuple[str, dict[str, str]]:
    """Return the overall status and the state of each dependency.

    The status is `unavailable` if an essential dependency has a problem, `degraded` if only a helpful one has, else
    `ready`.
    """
    checks = {name: _recently(name, check) for name, check in essential.items()}
    checks |= {name: _recently(name, functools.partial(_in_time, name, check)) for name, check in helpful.items()}
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


class _Check(threading.Thread):
    """A check in a thread of its own, which may last longer than the request that waits for it."""

    found: bool | str = False
    error: Exception | None = None

    def __init__(self, name: str, check: Check) -> None:
        super().__init__(name=f"check of {name}", daemon=True)
        self._check = check

    def run(self) -> None:
        try:
            self.found = self._check()
        except Exception as error:
            self.error = error


def _in_time(name: str, check: Check) -> bool | str:
    """Return the result of a check, or False if it takes longer than SECONDS_TO_CHECK. One runs at a time."""
    running = _running.get(name)
    if running is None or not running.is_alive():
        running = _running[name] = _Check(name, check)
        running.start()
    running.join(SECONDS_TO_CHECK)
    if running.is_alive():
        return False
    if running.error:
        raise running.error
    return running.found
