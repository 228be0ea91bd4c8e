"""Write the events of a transaction, with the accounts as it leaves them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

import database
import schemas
from audit import Recorded
from core import capability
from credentials import lookup
from delivery.polling import Signal
from events.models import Event
from models import User, new_id
from prepared import Prepared
from sessions import sessions

MOST_AT_ONCE = 500  # accounts in one query
SHOWN = schemas.ManagedUser.model_fields.keys()
written = Signal()
_USERS = select(*sessions.USER_COLUMNS).where(User.user_id.in_(bindparam("ids", expanding=True)))
_USER = Prepared(lambda: select(*sessions.USER_COLUMNS).where(User.user_id == bindparam("user")))
_INSERT = Prepared(lambda: insert(Event).inline())


def write(db: Session, recorded: Sequence[Recorded]) -> None:
    """Write an event for each audit event that concerns an account, before the commit."""
    types = capability.account_events()
    about = [each for each in recorded if each.user_id is not None and each.action in types]
    if not about:
        return
    db.flush()
    users = _users(db, list(dict.fromkeys(str(each.user_id) for each in about)))
    rows = [_row(each, users.get(str(each.user_id))) for each in about]
    if len(rows) == 1:
        _INSERT.run(db, rows[0])
    else:
        database.execute(db, insert(Event), rows)
    written.send_after_commit(db)


def _users(db: Session, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Return accounts as `GET /internal/users/{user_id}` shows them, without those that were deleted."""
    found: list[Any] = [user for each in ids if (user := lookup.locked(db, each)) and vars(user).keys() >= SHOWN]
    known = {user.user_id for user in found}
    rest = [each for each in ids if each not in known]
    for first in range(0, len(rest), MOST_AT_ONCE):
        some = rest[first : first + MOST_AT_ONCE]
        if len(some) > 1:
            found += database.execute(db, _USERS, {"ids": some}).all()
        elif user := _USER.run(db, {"user": some[0]}):
            found.append(user)
    return {row.user_id: schemas.ManagedUser.model_validate(row).model_dump(mode="json") for row in found}


def _row(audited: Recorded, user: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "event_id": new_id(),
        "type": audited.action,
        "user_id": audited.user_id,
        "created_at": audited.at,
        "position": None,
        "data": user and {"user": user, "actor_id": audited.actor_id, "detail": audited.detail},
    }
