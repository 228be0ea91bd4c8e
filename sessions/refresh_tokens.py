"""Issue and rotate refresh tokens, and detect the reuse of an old one.

A refresh token is the session's id and a counter, signed. Tokens are not stored.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Row, bindparam, case, not_, select, update
from sqlalchemy.orm import Session as Transaction

import audit
import database
import email_utils
import errors
import models
from core import signing
from core.client_address import CallerInfo
from core.columns import UtcDateTime
from models import Session, User
from prepared import Prepared
from sessions import sessions
from sessions.sessions import USER_COLUMNS, Started, may_have_session
from settings.loading import settings
from telemetry import metrics


class Pointer(NamedTuple):
    """The content of a refresh token: its session, its counter, and whether it was signed without the salt."""

    session_id: str
    counter: int
    unsalted: bool

    def is_acceptable(self, salted_from: int | None) -> bool:
        """Return whether this service may have issued the token, in a session salted from that counter on.

        A service that shares the root secret to verify access tokens could sign a token without the salt.
        """
        return not self.unsalted or salted_from is None or self.counter < salted_from


def encode(session: Started) -> str:
    """Return the current refresh token of a session."""
    return signing.sign("refresh_token", f"{session.id}.{session.counter}", salted=session.salted)


def decode(raw: str) -> Pointer:
    """Return the content of a refresh token, without a query. Raises InvalidRefreshToken."""
    signed = signing.unsign("refresh_token", raw)
    if signed is None:
        raise errors.InvalidRefreshToken()
    session_id, _, counter = signed.value.rpartition(".")
    return Pointer(session_id, int(counter), signed.unsalted)


def _user_column(column: Any) -> ColumnElement[Any]:
    return select(column).where(User.id == Session.account_id).correlate(Session).scalar_subquery().label(column.key)


def _user_columns() -> Iterable[Any]:
    """Return USER_COLUMNS for the RETURNING clause of an UPDATE.

    SQLite returns only columns of the updated table, so there each is a subquery.
    """
    return USER_COLUMNS if database.engine.dialect.name == "postgresql" else map(_user_column, USER_COLUMNS)


_idle = bindparam("idle", type_=UtcDateTime())
SESSION_COLUMNS = (Session.expires_at, *sessions.AUTHENTICATION_COLUMNS, Session.salted_from)


_ROTATE = Prepared(
    lambda: (
        update(Session)
        .where(
            Session.id == bindparam("sid"),
            Session.refresh_counter == bindparam("counter"),
            Session.expires_at > bindparam("now", type_=UtcDateTime()),
            Session.salted_from.is_(None) | not_(bindparam("unsalted", type_=Boolean)),
            Session.impersonator_id.is_(None),
            User.id == Session.account_id,
            User.is_active,
            may_have_session(),
        )
        .values(
            refresh_counter=Session.refresh_counter + 1,
            rotated_at=bindparam("now"),
            last_used_at=bindparam("now"),
            expires_at=case((Session.ends_at < _idle, Session.ends_at), else_=_idle),
            salted_from=case(
                (Session.salted_from.is_(None) & bindparam("salts", type_=Boolean), Session.refresh_counter + 1),
                else_=Session.salted_from,
            ),
        )
        .returning(*SESSION_COLUMNS, *_user_columns())
        .execution_options(synchronize_session=False)
    )
)


_NEWEST = (
    select(Session.refresh_counter, Session.rotated_at, *SESSION_COLUMNS, *USER_COLUMNS)
    .join(User, User.id == Session.account_id)
    .where(
        Session.id == bindparam("sid"),
        Session.expires_at > bindparam("now", type_=UtcDateTime()),
        User.is_active,
        may_have_session(),
    )
)


def refresh(raw: str, caller: CallerInfo) -> tuple[Started, Row[Any]]:
    """Exchange a refresh token, and return the session as it is now and its user. Raises InvalidRefreshToken.

    The newest token increments the counter, in one statement. Within the grace period, the previous token gets the same
    successor again, so that two concurrent tabs stay logged in. An older token must be a copy: its use ends the
    session.
    """
    token = decode(raw)
    session_id, counter, now = token.session_id, token.counter, models.now()
    rotated = _ROTATE.first(
        {
            "sid": session_id,
            "counter": counter,
            "unsalted": token.unsalted,
            "salts": signing.is_salted(),
            "verified_only": sessions.verified_only(),
            "now": now,
            "idle": now + timedelta(days=settings.refresh_token_expire_days),
        },
    )
    if rotated:
        metrics.REFRESHES.labels("rotated").inc()
        return _successor(token, rotated), rotated
    newest = database.read(_NEWEST, {"sid": session_id, "now": now, "verified_only": sessions.verified_only()})
    if newest is None or counter >= newest.refresh_counter or not token.is_acceptable(newest.salted_from):
        metrics.REFRESHES.labels("refused").inc()
        raise errors.InvalidRefreshToken()
    if counter == newest.refresh_counter - 1 and now - newest.rotated_at <= timedelta(
        seconds=settings.refresh_reuse_grace_seconds
    ):
        metrics.REFRESHES.labels("repeated").inc()
        return _successor(token, newest), newest
    metrics.REFRESHES.labels("reused").inc()
    with database.transaction() as db:
        raise _end_reused(db, session_id, caller)


def _successor(token: Pointer, session: Row[Any]) -> Started:
    """Return the session after this token was exchanged."""
    salted = session.salted_from is not None and token.counter + 1 >= session.salted_from
    authentication = sessions.authentication_of(session)
    return Started(token.session_id, token.counter + 1, session.expires_at, authentication, salted)


def _end_reused(db: Transaction, session_id: str, caller: CallerInfo) -> errors.ServiceError:
    user = db.scalar(
        select(User)
        .join(Session, Session.account_id == User.id)
        .where(Session.id == session_id)
        .with_for_update(key_share=True, of=User)
    )
    if user is not None and sessions.end(db, user, session_id):
        metrics.THEFT_ALARMS.inc()
        audit.record(db, caller, "session.refresh_token_reused", user.user_id)
        email_utils.queue(db, "session_ended", user, at=models.now().isoformat())
    return errors.InvalidRefreshToken()


def owner_of(raw: str) -> tuple[int, str] | None:
    """Return the account and session id of a refresh token, or None.

    The token must be the newest of an active session, or the previous one.
    """
    token = decode(raw)
    found = database.read(
        select(Session.account_id, Session.salted_from).where(
            Session.id == token.session_id,
            Session.expires_at > models.now(),
            Session.refresh_counter - token.counter <= 1,
        )
    )
    return (found.account_id, token.session_id) if found and token.is_acceptable(found.salted_from) else None
