"""Remove a deleted user's IP addresses and user agents from the audit log, in short batches.

The first batch is part of the deletion. A row in `erasures` records the rest, which any worker continues, also after a
restart.
"""

import threading

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

import audit
import database
from administration.models import Erasure
from core import after_commit, batches
from models import User

BATCH = 1000  # events in one transaction
requested = threading.Event()


def begin(db: Session, user: User) -> None:
    """Erase the first batch of events after the user's row was deleted, and leave the rest to `run`."""
    done_to = audit.anonymize(db, user.user_id, 0, BATCH)
    if done_to is not None:
        db.add(Erasure(user_id=user.user_id, done_to=done_to))
        after_commit.call(db, requested.set)


def run() -> int:
    """Continue the erasures, and return how many users were erased completely.

    If the time limit of a cleanup is over before all are done, the rest is requested again: other cleanups come first.
    """
    done, turns = 0, batches.turns()
    for (user_id,) in database.read_all(select(Erasure.user_id).order_by(Erasure.requested_at)):
        for _ in turns:
            if not _run_batch(user_id):
                done += 1
                break
        else:
            requested.set()
            break
    return done


def _run_batch(user_id: str) -> bool:
    """Erase one more batch, and return whether any are left."""
    with database.transaction() as db:
        row = db.scalar(select(Erasure).where(Erasure.user_id == user_id).with_for_update())
        if row is None:
            return False  # finished by another worker
        done_to = audit.anonymize(db, user_id, row.done_to, BATCH)
        if done_to is None:
            db.execute(delete(Erasure).where(Erasure.user_id == user_id))
        else:
            db.execute(update(Erasure).where(Erasure.user_id == user_id).values(done_to=done_to))
        return done_to is not None
