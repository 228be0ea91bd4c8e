"""Blank a deleted user's IP addresses and user agents in the audit log, in batches that hold no lock for long.

The first batch is part of the deletion. What is left is one row in `erasures`, which any worker continues, also after
a restart.
"""

import threading

from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

import audit
import database
from administration.models import Erasure
from models import User

BATCH = 1000  # events in one transaction
requested = threading.Event()


def begin(db: Session, user: User) -> None:
    """Blank the first batch of a user's events, after the user's row is deleted, and leave the rest for `run`."""
    done_to = audit.anonymize(db, user.user_id, 0, BATCH)
    if done_to is not None:
        db.add(Erasure(user_id=user.user_id, done_to=done_to))
        event.listen(db, "after_commit", lambda _: requested.set(), once=True)


def run() -> int:
    """Continue every erasure until it is done; returns how many users were erased completely."""
    done = 0
    for (user_id,) in database.read_all(select(Erasure.user_id).order_by(Erasure.requested_at)):
        while _continue(user_id):
            pass
        done += 1
    return done


def _continue(user_id: str) -> bool:
    """Blank one more batch; returns whether more are left."""
    with database.transaction() as db:
        row = db.scalar(select(Erasure).where(Erasure.user_id == user_id).with_for_update())
        if row is None:
            return False  # another worker has finished it
        done_to = audit.anonymize(db, user_id, row.done_to, BATCH)
        this = Erasure.user_id == user_id
        if done_to is None:
            db.execute(delete(Erasure).where(this))
        else:
            db.execute(update(Erasure).where(this).values(done_to=done_to))
        return done_to is not None
