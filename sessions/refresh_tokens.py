"""Issue and rotate refresh tokens, and detect the reuse of an old one.

A refresh token is the session's id and a counter, signed; no table of tokens grows with use.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, select, update
from sqlalchemy.orm import Session as Transaction

import audit
import database
import email_utils
import errors
import models
from core import signing
from core.client_address import CallerInfo
from models import Session, User
from prepared import Prepared
from sessions import sessions
from sessions.sessions import USER_COLUMNS, Started
from settings.loading import settings
from telemetry import metrics


def encode(session_id: str, counter: int) -> str:
    return signing.sign("refresh_token", f"{session_id}.{counter}")


def decode(raw: str) -> tuple[str, int]:
    """The session's id and the counter in a refresh token of ours. Raises InvalidRefreshToken, with no query."""
    value = signing.unsign("refresh_token", raw)
    if value is None:
        raise errors.InvalidRefreshToken()
    session_id, _, counter = value.rpartition(".")
    return session_id, int(counter)


def _of_the_session(column: Any) -> ColumnElement[Any]:
    return select(column).where(User.id == Session.account_id).correlate(Session).scalar_subquery().label(column.key)


def _person() -> Iterable[Any]:
    """PERSON, for an UPDATE to return.

    SQLite returns columns of the changed table alone: there each is asked for apart.
    """
    return USER_COLUMNS if database.engine.dialect.name == "postgresql" else map(_of_the_session, USER_COLUMNS)


_idle = bindparam("idle", type_=models.UtcDateTime())


_ROTATE = Prepared(
    lambda: (
        update(Session)
        .where(
            Session.id == bindparam("sid"),
            Session.refresh_counter == bindparam("counter"),
            Session.expires_at > bindparam("now", type_=models.UtcDateTime()),
            User.id == Session.account_id,
            User.is_active,
        )
        .values(
            refresh_counter=Session.refresh_counter + 1,
            rotated_at=bindparam("now"),
            last_used_at=bindparam("now"),
            expires_at=case((Session.ends_at < _idle, Session.ends_at), else_=_idle),
        )
        .returning(Session.expires_at, *_person())
        .execution_options(synchronize_session=False)
    )
)


_NEWEST = (
    select(Session.refresh_counter, Session.rotated_at, Session.expires_at, *USER_COLUMNS)
    .join(User, User.id == Session.account_id)
    .where(
        Session.id == bindparam("sid"),
        Session.expires_at > bindparam("now", type_=models.UtcDateTime()),
        User.is_active,
    )
)


def refresh(raw: str, caller: CallerInfo) -> tuple[Started, Row[Any]]:
    """Exchange a refresh token for its successor: the session as it is now, and its person. Raises InvalidRefreshToken.

    The newest token moves the counter on, by one statement. The one before it gets, within the grace, the same
    successor again: of two tabs at once neither is logged out. Any older one can only be a copy: it ends the session.
    """
    session_id, counter = decode(raw)
    now = models.now()
    rotated = _ROTATE.first(
        {
            "sid": session_id,
            "counter": counter,
            "now": now,
            "idle": now + timedelta(days=settings.refresh_token_expire_days),
        },
    )
    if rotated:
        metrics.REFRESHES.labels("rotated").inc()
        return Started(session_id, counter + 1, rotated.expires_at), rotated
    newest = database.read(_NEWEST, {"sid": session_id, "now": now})
    if newest is None or counter >= newest.refresh_counter:
        metrics.REFRESHES.labels("refused").inc()
        raise errors.InvalidRefreshToken()
    if counter == newest.refresh_counter - 1 and now - newest.rotated_at <= timedelta(
        seconds=settings.refresh_reuse_grace_seconds
    ):
        metrics.REFRESHES.labels("repeated").inc()
        return Started(session_id, counter + 1, newest.expires_at), newest
    metrics.REFRESHES.labels("reused").inc()
    with database.transaction() as db:
        raise _theft(db, session_id, caller)


def _theft(db: Transaction, session_id: str, caller: CallerInfo) -> errors.ServiceError:
    user = db.scalar(
        select(User)
        .join(Session, Session.account_id == User.id)
        .where(Session.id == session_id)
        .with_for_update(key_share=True, of=User)
    )
    if user is not None and sessions.end(db, user, session_id):
        metrics.THEFT_ALARMS.inc()
        audit.record(db, caller, "session.refresh_token_reused", user.user_id)
        email_utils.queue(db, "session_ended", user, at=models.now().strftime("%Y-%m-%d %H:%M UTC"))
    return errors.InvalidRefreshToken()


def owner_of(raw: str) -> tuple[int, str] | None:
    """Account and session of a refresh token that is the newest of a session that lives, or the one before it."""
    session_id, counter = decode(raw)
    found = database.read(
        select(Session.account_id).where(
            Session.id == session_id, Session.expires_at > models.now(), Session.refresh_counter - counter <= 1
        )
    )
    return (found.account_id, session_id) if found else None
