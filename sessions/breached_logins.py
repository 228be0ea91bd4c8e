"""Check the passwords of logins against the list of breached passwords, in the background, without rejecting any."""

import functools
import queue
import threading
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

import audit
import database
import email_utils
import models
from core import after_commit
from core.client_address import CallerInfo
from credentials import breached_passwords, lookup
from models import User
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
CHECK_INTERVAL = timedelta(days=1)  # of the same account
MAX_WAITING_CHECKS = 100  # in one worker; if the queue is full, the check waits for a later login


class _Check(NamedTuple):
    account: int
    hashed_password: str
    sha1: str
    caller: CallerInfo


_waiting: queue.Queue[_Check] = queue.Queue(MAX_WAITING_CHECKS)
_starting = threading.Lock()
_threads: list[threading.Thread] = []


def check_later(db: Session, caller: CallerInfo, user: User, password: str) -> None:
    """Check the password of a login after the commit, at most once a day for an account whose row is locked."""
    now = models.now()
    if settings.breached_passwords == "off" or user.password_breached or user.hashed_password is None:
        return
    if user.password_checked_at is not None and user.password_checked_at > now - CHECK_INTERVAL:
        return
    user.password_checked_at = now
    check = _Check(user.id, user.hashed_password, breached_passwords.sha1_of(password), caller)
    after_commit.call(db, functools.partial(_submit, check))


def _submit(check: _Check) -> None:
    with _starting:
        if not _threads:
            # A daemon: a check that waits for the network does not delay the end of the process.
            _threads.append(threading.Thread(target=_run, name="breached passwords", daemon=True))
            _threads[0].start()
    try:
        _waiting.put_nowait(check)
    except queue.Full:
        metrics.BREACHED_PASSWORD_CHECKS.labels("skipped").inc()


def _run() -> None:
    while True:
        check = _waiting.get()
        try:
            if breached_passwords.includes(check.sha1):
                _mark(check)
        except Exception:
            log.exception("breached password not recorded")


def _mark(check: _Check) -> None:
    """Mark the account and notify its owner, unless the password has been changed since."""
    with database.transaction() as db:
        user = lookup.lock(db, check.account)
        if user is None or user.hashed_password != check.hashed_password or user.password_breached:
            return
        user.password_breached = True
        audit.record(db, check.caller, "password.breached", user.user_id)
        email_utils.queue(db, "password_breached", user)
