"""Issue and rotate refresh tokens, and detect the reuse of an old one.

A refresh token is the session's id and a counter, signed. Tokens are not stored.
"""

from typing import Any, NamedTuple

from sqlalchemy import Boolean, Row, bindparam, case, not_, select
from sqlalchemy.orm import Session as Transaction

import audit
import database
import email_utils
import errors
import models
from core import signing
from core.client_address import CallerInfo
from models import Session, User
from sessions import rotation, sessions
from sessions.rotation import Rotation
from sessions.sessions import Started
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


_ROTATION = Rotation(
    Session,
    (Session.expires_at, *sessions.AUTHENTICATION_COLUMNS, Session.salted_from),
    conditions=(
        Session.salted_from.is_(None) | not_(bindparam("unsalted", type_=Boolean)),
        Session.impersonator_id.is_(None),
    ),
    changes={
        "salted_from": case(
            (Session.salted_from.is_(None) & bindparam("salts", type_=Boolean), Session.refresh_counter + 1),
            else_=Session.salted_from,
        ),
    },
)


def refresh(raw: str, caller: CallerInfo) -> tuple[Started, Row[Any]]:
    """Exchange a refresh token, and return the session as it is now and its user. Raises InvalidRefreshToken.

    The use of an old token ends the session: see `Rotation.exchange`.
    """
    token = decode(raw)
    outcome, row = _ROTATION.exchange(
        token.session_id,
        token.counter,
        {"unsalted": token.unsalted, "salts": signing.is_salted()},
        lambda newest: token.is_acceptable(newest.salted_from),
    )
    if row is not None:
        return _successor(token, row), row
    if outcome == rotation.REFUSED:
        raise errors.InvalidRefreshToken()
    with database.transaction() as db:
        raise _end_reused(db, token.session_id, caller)


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


def owner_of(raw: str, db: Transaction | None = None) -> tuple[int, str] | None:
    """Return the account and session id of a refresh token, or None.

    The token must be the newest of an active session, or the previous one.

    db: the transaction of this thread, if there is one.
    """
    token = decode(raw)
    statement = select(Session.account_id, Session.salted_from).where(
        Session.id == token.session_id,
        Session.expires_at > models.now(),
        Session.refresh_counter - token.counter <= 1,
    )
    found = db.execute(statement).first() if db else database.read(statement)
    return (found.account_id, token.session_id) if found and token.is_acceptable(found.salted_from) else None
