"""Rows that have served are removed, in small batches, so that no lock is held for long."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

import access_tokens
import audit
import database
import errors
import guesses
import logs
import metrics
import models
import stats
from models import Guesses, Mail, OneTimeToken, Session, UsedState
from settings import settings

log = logs.logger()
BATCH = 500
DAYS_A_SENT_MAIL_STAYS = 7
DAYS_A_COUNT_RESTS = 30


def _old(now: datetime) -> Iterator[tuple[str, Any, Any]]:
    yield "sessions", Session, Session.expires_at < now
    yield "tokens", OneTimeToken, OneTimeToken.expires_at < now
    yield "states", UsedState, UsedState.expires_at < now
    yield "guesses", Guesses, (Guesses.failures == 0) & (Guesses.tried_at < now - guesses.LEASE)
    # Whether there is such an account makes no difference: it could be told from it. What has reached the end stays.
    rested = Guesses.tried_at < now - timedelta(days=DAYS_A_COUNT_RESTS)
    yield "rested guesses", Guesses, rested & (Guesses.failures < guesses.CAP)
    yield "mails", Mail, Mail.sent_at < now - timedelta(days=DAYS_A_SENT_MAIL_STAYS)


def sweep() -> dict[str, int]:
    """Remove what is old; how many rows of each kind. Several workers may do so at once."""
    removed = {name: _remove(table, condition) for name, table, condition in _old(models.now())}
    if settings.audit_retention_days:
        removed["events"] = _remove_events()
    with database.transaction() as db:
        access_tokens.forget_dead(db)
        access_tokens.rotate_if_due(db)
    with database.transaction() as db:
        stats.add_up(db)
    return removed


def _remove_events() -> int:
    total, gone = 0, BATCH
    while gone == BATCH:
        with database.transaction() as db:
            gone = audit.remove_old(db, BATCH)
        total += gone
    metrics.SWEPT.labels("audit_events").inc(total)
    return total


def _remove(table: Any, condition: Any) -> int:
    some = select(table.id).where(condition).limit(BATCH).with_for_update(skip_locked=True)
    total, gone = 0, BATCH
    while gone == BATCH:
        gone = len(database.read_all(delete(table).where(table.id.in_(some)).returning(table.id)))
        total += gone
    metrics.SWEPT.labels(table.__tablename__).inc(total)
    return total


class Housekeeping(threading.Thread):
    """Sweeps every HOUSEKEEPING_INTERVAL_MINUTES."""

    def __init__(self) -> None:
        super().__init__(name="housekeeping", daemon=True)
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(settings.housekeeping_interval_minutes * 60):
            try:
                log.info("swept", **sweep())
                metrics.SWEEPS.labels("ok").inc()
                metrics.LAST_SWEEP.set_to_current_time()
                continue
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("the database is out of reach; sweeping later")
            except Exception:
                log.exception("sweeping failed")
            metrics.SWEEPS.labels("failed").inc()
