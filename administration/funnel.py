"""Count the steps of sign-ups and logins by day, without personal data.

A step is counted in the memory of the process after its transaction has committed, and written to the database within
SECONDS_BETWEEN_WRITES, so a login waits for nothing. If a process is killed, the counts that it has not written are
lost.
"""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

import database
import errors
import models
from administration.models import DailyCount
from schemas_admin import EnrolledFactors, Funnel, LoginSteps, ResetSteps, SignUpSteps

SECONDS_BETWEEN_WRITES = 5.0
DAYS_KEPT = 90


class Step(NamedTuple):
    """A step, and the reason if it is a failure."""

    name: str
    reason: str = ""


SIGN_UP_STARTED = Step("sign_up.started")
LOGIN_STARTED = Step("login.started")
# By operation: the first request of each method.
STARTS = {
    "auth.signup": SIGN_UP_STARTED,
    "auth.passkey_signup_options": SIGN_UP_STARTED,
    "pages.sign_up": SIGN_UP_STARTED,
    "pages.begin_passkey_sign_up": SIGN_UP_STARTED,
    "auth.login": LOGIN_STARTED,
    "auth.token": LOGIN_STARTED,
    "auth.passkey_options": LOGIN_STARTED,
    "auth.request_magic_link": LOGIN_STARTED,
    "oauth.start": LOGIN_STARTED,
    "pages.log_in": LOGIN_STARTED,
    "pages.log_in_with_passkey": LOGIN_STARTED,
    "pages.request_magic_link": LOGIN_STARTED,
    "pages.continue_provider_login": LOGIN_STARTED,
}
# By audit event.
STEPS = {
    "user.signed_up": Step("sign_up.completed"),
    "email.verified": Step("sign_up.verified"),
    "user.claimed": Step("sign_up.verified"),
    "user.logged_in": Step("login.succeeded"),
    "password.reset_requested": Step("reset.requested"),
    "password.reset": Step("reset.completed"),
    "factor.added": Step("factors.enrolled"),
}

HOSTED_PAGES = "hosted pages"  # the provider of a login that an application takes over from the hosted pages

_lock = threading.Lock()
_counts: Counter[tuple[date, Step]] = Counter()
_timer: threading.Timer | None = None


def count_request(operation: str) -> None:
    """Count a request that starts a sign-up or login."""
    if step := STARTS.get(operation):
        _add([step])


def count_events(events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Count the steps among the audit events of a transaction that has committed."""
    steps = [step for action, detail in events for step in _steps(action, detail)]
    if steps:
        _add(steps)


def _steps(action: str, detail: Mapping[str, Any]) -> list[Step]:
    if action == "user.login_failed":
        return [Step("login.failed", str(detail.get("reason", "other"))[:64])]
    step = STEPS.get(action)
    if step is None or detail.get("provider") == HOSTED_PAGES:
        return []
    started_as_login = action == "user.signed_up" and ("provider" in detail or detail.get("method") == "email")
    return [SIGN_UP_STARTED, step] if started_as_login else [step]


def _add(steps: Sequence[Step]) -> None:
    global _timer
    today = models.now().date()
    with _lock:
        _counts.update((today, step) for step in steps)
        if _timer is None:
            _timer = threading.Timer(SECONDS_BETWEEN_WRITES, write)
            _timer.daemon = True
            _timer.start()


def write() -> None:
    """Write what was counted. If the database is not available, it is written later."""
    global _timer
    with _lock:
        counted = sorted(_counts.items())
        _counts.clear()
        _timer = None
    if not counted:
        return
    insert = database.upsert(DailyCount).values(
        [{"day": day, "step": step.name, "reason": step.reason, "number": number} for (day, step), number in counted]
    )
    add = insert.on_conflict_do_update(
        index_elements=["day", "step", "reason"], set_={"number": DailyCount.number + insert.excluded.number}
    )
    try:
        database.write_only(add)
    except (SQLAlchemyError, errors.Unavailable):
        with _lock:
            _counts.update(dict(counted))
        _add([])


def of_last(days: int) -> Funnel:
    """Return the number of times that each step was reached in the last days, with today, in UTC."""
    first = models.now().date() - timedelta(days=days - 1)
    rows = database.read_all(
        select(DailyCount.step, DailyCount.reason, func.sum(DailyCount.number).label("number"))
        .where(DailyCount.day >= first)
        .group_by(DailyCount.step, DailyCount.reason)
        .order_by(DailyCount.step, func.sum(DailyCount.number).desc())
    )
    found = {(row.step, row.reason): int(row.number) for row in rows}

    def number(step: str) -> int:
        return found.get((step, ""), 0)

    return Funnel(
        days=days,
        sign_up=SignUpSteps(
            started=number("sign_up.started"),
            completed=number("sign_up.completed"),
            verified=number("sign_up.verified"),
        ),
        login=LoginSteps(
            started=number("login.started"),
            succeeded=number("login.succeeded"),
            failed={reason: count for (step, reason), count in found.items() if step == "login.failed"},
        ),
        reset=ResetSteps(requested=number("reset.requested"), completed=number("reset.completed")),
        factors=EnrolledFactors(enrolled=number("factors.enrolled")),
    )
