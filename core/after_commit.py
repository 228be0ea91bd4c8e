"""Call functions after the commit of a transaction, when other transactions can see its rows."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

_CALLS = "after_commit"  # of a transaction


def call(db: Session, function: Callable[[], Any]) -> None:
    """Call a function after the commit, once even if it is given several times. A rollback discards it."""
    db.info.setdefault(_CALLS, {})[function] = None


@event.listens_for(Session, "after_commit")
def _call(db: Session) -> None:
    if _CALLS in db.info and not db.in_nested_transaction():  # a savepoint is no commit
        for function in db.info.pop(_CALLS):
            function()


@event.listens_for(Session, "after_soft_rollback")
def _discard(db: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        db.info.pop(_CALLS, None)
