"""End the sessions that a new login replaces: that of the same browser, and the oldest beyond the limit."""

from fastapi import Request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Transaction

import audit
import errors
from core.client_address import CallerInfo
from models import Session, User
from sessions import access_tokens, refresh_tokens, sessions, signing_keys
from web import cookies

MAX_ENDED_AT_ONCE = 1000


def after_login(db: Transaction, caller: CallerInfo, user: User, new: sessions.Started) -> None:
    """End the sessions that a new session replaces. The account's row is locked."""
    if session_id := _session_of_browser(db, caller):
        _end(db, caller, session_id, user, new.id)
    if new.exceeds:
        end_oldest(db, caller, user)


def end_oldest(db: Transaction, caller: CallerInfo, user: User) -> None:
    """End the oldest sessions beyond the limit of an account, whose row is locked."""
    # Ordered by id: a UUIDv7 is ordered by time. The index of the account finds the few rows.
    oldest = (
        select(Session.id)
        .where(Session.account_id == user.id, Session.impersonator_id.is_(None))
        .order_by(Session.id.desc())
        .offset(sessions.MAX_SESSIONS)
        .limit(MAX_ENDED_AT_ONCE)
    )
    ended = delete(Session).where(Session.id.in_(oldest)).returning(Session.id)
    oldest_ids = db.scalars(ended.execution_options(synchronize_session=False)).all()
    for session_id in oldest_ids:
        sessions.notify_of_end(db, session_id)
    if oldest_ids:
        sessions.end_impersonation_by(db, user.user_id)
    if number := len(oldest_ids):
        audit.record(db, caller, "session.replaced", user.user_id, actor_id=user.user_id, oldest=number)


def _session_of_browser(db: Transaction, caller: CallerInfo) -> str | None:
    """Return the session whose cookie was sent with the login, of any account, which the browser no longer uses."""
    if caller.scope is None or "cookie" not in (request := Request(caller.scope)).headers:
        return None
    if not cookies.is_same_site(request):
        return None
    access, refresh = cookies.access_token(request), cookies.refresh_token(request)
    if access and (claims := access_tokens.read(access, signing_keys.key_set())):
        return str(claims["sid"])
    try:
        owner = refresh_tokens.owner_of(refresh or "", db)
    except errors.InvalidRefreshToken:
        return None
    return owner[1] if owner else None


def _end(db: Transaction, caller: CallerInfo, session_id: str, user: User, new: str) -> None:
    # It may belong to another account, which is not locked. Skipping a locked row prevents a deadlock.
    free = select(Session.id).where(Session.id == session_id).with_for_update(skip_locked=True)
    ended = delete(Session).where(Session.id.in_(free)).returning(Session.account_id)
    account = db.execute(ended.execution_options(synchronize_session=False)).scalar()
    if account is not None:
        sessions.notify_of_end(db, session_id, new if account == user.id else None)
        user_id: str = db.execute(select(User.user_id).where(User.id == account)).scalar_one()
        sessions.end_impersonation_by(db, user_id)
        audit.record(db, caller, "session.replaced", user_id, actor_id=user_id)
