"""Delete expired rows in small batches, so that no lock is held for long."""

import threading
import time
from typing import Any

import sqlalchemy
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

import database
import errors
import models
from administration import erasure
from core import batches, capability
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
BATCH = 500
SECONDS_UNTIL_FIRST_RUN = 30  # so that it also runs where the service restarts often


class Incomplete(Exception):
    """Some capabilities could not clean up. The log contains the reasons."""


def run() -> dict[str, int]:
    """Delete expired rows and run periodic jobs, as the capability records declare them.

    Returns the number of rows of each kind. Several workers can run it concurrently. A job that fails does not prevent
    those of other capabilities: raises Incomplete after them, or an error of the database at once.
    """
    removed: dict[str, int] = {}
    failed = []
    for record in capability.installed():
        try:
            _clean_up(record, removed)
        except (OperationalError, errors.Unavailable):
            raise
        except Exception:
            log.exception("cleanup failed", capability=record.name)
            failed.append(record.name)
    if failed:
        raise Incomplete(f"the cleanup of these capabilities failed: {', '.join(failed)}")
    return removed


def _clean_up(record: capability.Capability, removed: dict[str, int]) -> None:
    for each in record.cleanup(models.now()):
        removed[each.name] = _delete(each.table, each.condition)
    for kind, number in record.maintain(BATCH).items():
        metrics.SWEPT.labels(kind).inc(number)
        removed[kind] = number


def _delete(table: Any, condition: Any) -> int:
    (key,) = sqlalchemy.inspect(table).primary_key
    some = select(key).where(condition).limit(BATCH).with_for_update(skip_locked=True)
    delete_some = delete(table).where(key.in_(some)).returning(key)
    total = batches.repeat(lambda: len(database.read_all(delete_some)), BATCH)
    metrics.SWEPT.labels(table.__tablename__).inc(total)
    return total


class CleanupThread(threading.Thread):
    """Run the cleanup after the start and every HOUSEKEEPING_INTERVAL_MINUTES, and erasures once they are requested."""

    first_run = SECONDS_UNTIL_FIRST_RUN

    def __init__(self) -> None:
        super().__init__(name="cleanup", daemon=True)
        self._stopping = False

    def stop(self) -> None:
        """End the thread after the current batch."""
        self._stopping = True
        erasure.requested.set()

    def run(self) -> None:
        # Continue erasures that a restart interrupted.
        erasure.requested.set()
        due = time.monotonic() + self.first_run
        while True:
            erasure.requested.wait(max(0.0, due - time.monotonic()))
            erasure.requested.clear()
            if self._stopping:
                return
            try:
                if time.monotonic() < due:
                    erasure.run()
                    continue
                due = time.monotonic() + settings.housekeeping_interval_minutes * 60
                log.info("cleanup done", **run())
                metrics.SWEEPS.labels("ok").inc()
                metrics.LAST_SWEEP.set_to_current_time()
                continue
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("the database is out of reach; cleanup is postponed")
            except Incomplete as incomplete:
                log.warning(str(incomplete))
            except Exception:
                log.exception("cleanup failed")
            metrics.SWEEPS.labels("failed").inc()
