"""Collect what the first page of the console shows: charts of 30 days, and the state of the service."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import email_utils
from administration import statistics
from core import rate_limit_counters
from languages import translation
from operations import checks, database_state, readiness
from schemas_admin import DayCount
from settings.loading import settings
from telemetry import logs

log = logs.logger()
T = TypeVar("T")
SECONDS_RESULTS_ARE_CACHED = 60.0
SECONDS_TO_WAIT = 0.04  # for a result: the mail server, or counting millions of events, takes longer than a page may
WIDTH, HEIGHT, GAP = 600, 120, 3  # of a chart, in its own units


class Refreshed(Generic[T]):
    """A value that is computed in a thread of its own, and read by all requests of this process until it is too old."""

    def __init__(self, name: str, compute: Callable[[], T]) -> None:
        self._name, self._compute = name, compute
        self._computing, self._done = threading.Lock(), threading.Event()
        self._at, self._value = 0.0, None

    _value: T | None

    def value(self) -> T | None:
        """Return the last value, or None while the first one is computed. An old value is computed again meanwhile."""
        is_old = self._value is None or time.monotonic() - self._at > SECONDS_RESULTS_ARE_CACHED
        if is_old and self._computing.acquire(blocking=False):
            self._done.clear()
            threading.Thread(target=self._refresh, name=self._name, daemon=True).start()
        self._done.wait(SECONDS_TO_WAIT)
        return self._value

    def forget(self) -> None:
        """Forget the value, for tests."""
        self._value = None

    def _refresh(self) -> None:
        try:
            self._value = self._compute()
            self._at = time.monotonic()
        except Exception as error:  # the database is away: the next request tries again
            log.warning(f"{self._name} failed", error=type(error).__name__)
        finally:
            self._computing.release()
            self._done.set()


class Bar(NamedTuple):
    x: int
    y: int
    width: int
    height: int


class Chart(NamedTuple):
    """A chart of 30 days, with the rows of its table. `most` is the value at its top."""

    name: str
    title: str
    total: int
    most: int
    bars: list[Bar]
    days: Sequence[DayCount]


def charts() -> list[Chart] | None:
    """Return the charts, or None while the first ones are computed: they count all events of 30 days."""
    return _charts.value()


def _all_charts() -> list[Chart]:
    days = statistics.by_day()
    return [
        _chart("signups", translation.mark("Sign-ups"), days.signups),
        _chart("logins", translation.mark("Logins"), days.logins),
        _chart("failures", translation.mark("Failed logins"), days.failures),
        _chart("active", translation.mark("Active users"), days.active)._replace(total=days.active_users),
    ]


def _chart(name: str, title: str, days: Sequence[DayCount]) -> Chart:
    most = max((day.count for day in days), default=0)
    step = WIDTH // len(days)
    bars = []
    for place, day in enumerate(days):
        height = max(round(day.count / most * HEIGHT), 2) if day.count else 0
        bars.append(Bar(place * step, HEIGHT - height, step - GAP, height))
    return Chart(name, title, sum(day.count for day in days), most, bars, days)


class Checked(NamedTuple):
    """The findings of `manage.py check`, and the readiness of the service."""

    findings: list[checks.Finding]
    status: str
    states: dict[str, str]


def checked() -> Checked | None:
    """Return the result of the checks, or None while the first ones run."""
    return _checks.value()


def _check() -> Checked:
    status, states = readiness.report({"database": database_state.problem}, _optional())
    return Checked([each for each in checks.run() if each.grade != "ok"], status, states)


def _optional() -> dict[str, Any]:
    optional: dict[str, Any] = {} if settings.development_mailbox else {"smtp": email_utils.state}
    return optional | ({"redis": rate_limit_counters.is_reachable} if settings.redis_url else {})


_charts = Refreshed("console charts", _all_charts)
_checks = Refreshed("console checks", _check)
