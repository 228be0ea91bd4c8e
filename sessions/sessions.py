"""Start, find and end sessions: one row for each login."""

import functools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Row, Select, bindparam, delete, func, insert, not_, select, update
from sqlalchemy.orm import Session as Transaction

import database
import errors
import models
from core import capability, signing
from core.client_address import CallerInfo
from core.columns import UtcDateTime
from models import Session, User
from prepared import Prepared
from settings.loading import settings

SECONDS_BETWEEN_USE_UPDATES = 60
MAX_SESSIONS = 100  # per account
USER_COLUMNS = (
    User.id,
    User.user_id,
    User.email,
    User.username,
    User.locale,
    User.time_zone,
    User.picture_url,
    User.is_active,
    User.is_verified,
    User.roles.label("roles"),
    User.email_proven_at,
    User.has_factors,
    User.has_only_sms,
    User.has_only_recovery_codes,
    User.password_breached,
    User.created_at,
    User.updated_at,
)


def may_have_session() -> ColumnElement[bool]:
    """Return the SQL condition under which `auth.must_verify` is false for a user.

    Changing EMAIL_VERIFICATION to `required` therefore ends the sessions of accounts that never verified their address.
    """
    return (
        not_(bindparam("verified_only", type_=Boolean))
        | User.email_proven_at.is_not(None)
        | User.marked_verified_at.is_not(None)
    )


def verified_only() -> bool:
    """Return the value of the parameter in `may_have_session`."""
    return settings.email_verification == "required"


MFA = "mfa"  # in `amr`: two kinds of factor, or a passkey that verified the user (RFC 8176)


class Authentication(NamedTuple):
    """How and when the user of a session authenticated.

    at: when they last authenticated or, if a provider logged them in without asking, when the session started.
    amr: the methods (RFC 8176). Empty for sessions that started before methods were recorded.
    aal2_at: when they last used two factors or a passkey that verified them, or None. Also None if a provider logged
        them in without asking and they used a second factor: that is `aal2`, but not a recent authentication.
    """

    at: datetime
    amr: tuple[str, ...]
    aal2_at: datetime | None

    @property
    def acr(self) -> str:
        """Return the authenticator assurance level (NIST SP 800-63B): `aal1` or `aal2`."""
        return "aal2" if self.aal2_at or MFA in self.amr else "aal1"


def authentication_of(row: Any) -> Authentication:
    """Return how the user of a session authenticated, from its columns."""
    return Authentication(
        row.authenticated_at or row.started_at, tuple(row.amr.split()) if row.amr else (), row.aal2_at
    )


class Started(NamedTuple):
    """The data of a session that a response with tokens needs."""

    id: str
    counter: int
    expires_at: datetime
    authentication: Authentication
    salted: bool  # whether its current refresh token is signed with the salt
    exceeds: bool = False  # whether the account may now have more sessions than MAX_SESSIONS


def _start_statement() -> Any:
    others = select(func.count()).where(Session.account_id == bindparam("owner"), Session.impersonator_id.is_(None))
    return insert(Session).returning(others.scalar_subquery().label("others"))


_START = Prepared(_start_statement)


def start(db: Transaction, user: User, caller: CallerInfo, amr: Sequence[str], *, recent: bool = True) -> Started:
    """Start a session for an account whose row is locked.

    amr: how the user authenticated (RFC 8176).
    recent: whether they did so just now.
    """
    now, salted = models.now(), signing.is_salted()
    authentication = Authentication(now, tuple(amr), now if MFA in amr and recent else None)
    session: dict[str, Any] = {
        "id": models.new_id(),
        "account_id": user.id,
        "refresh_counter": 0,
        "ip": caller.ip,
        "user_agent": caller.user_agent,
        "created_at": now,
        "authenticated_at": now if recent else None,
        "amr": " ".join(amr),
        "aal2_at": authentication.aal2_at,
        "last_used_at": now,
        "expires_at": now + timedelta(days=min(settings.refresh_token_expire_days, settings.session_max_days)),
        "ends_at": now + timedelta(days=settings.session_max_days),
        "salted_from": 0 if salted else None,
    }
    others = _START.run(db, {**session, "owner": user.id})[0]
    return Started(session["id"], 0, session["expires_at"], authentication, salted, others >= MAX_SESSIONS)


def start_like(db: Transaction, user: User, caller: CallerInfo, session_id: str) -> Started | None:
    """Start a session in which the user is authenticated as in another one, or return None if that one has ended.

    The account's row is locked. The new session ends when the other one does, at the latest.
    """
    other = db.get(Session, session_id, populate_existing=True)
    if other is None or other.account_id != user.id or other.expires_at <= models.now():
        return None
    started = start(db, user, caller, (other.amr or "").split(), recent=False)
    session = db.get_one(Session, started.id)
    session.authenticated_at, session.aal2_at, session.ends_at = other.authenticated_at, other.aal2_at, other.ends_at
    session.expires_at = min(session.expires_at, other.ends_at)
    db.flush()
    how = Authentication(other.authenticated_at or other.created_at, tuple((other.amr or "").split()), other.aal2_at)
    return started._replace(expires_at=session.expires_at, authentication=how)


def start_impersonation(db: Transaction, user: User, caller: CallerInfo, actor_id: str, minutes: int) -> Session:
    """Start a session in which an administrator impersonates a user. It has no refresh token, and is `aal1`."""
    now = models.now()
    ends_at = now + timedelta(minutes=minutes)
    session = Session(
        account_id=user.id,
        ip=caller.ip,
        user_agent=caller.user_agent,
        created_at=now,
        amr="",
        last_used_at=now,
        expires_at=ends_at,
        ends_at=ends_at,
        impersonator_id=actor_id,
    )
    db.add(session)
    db.flush()
    return session


def record_authentication(db: Transaction, session_id: str, amr: Sequence[str]) -> Authentication:
    """Record that the user of a session authenticated again, with these methods. The account's row is locked.

    Raises NotAuthenticated if the session has ended.
    """
    now = models.now()
    session = db.get(Session, session_id, populate_existing=True)
    if session is None:
        raise errors.NotAuthenticated()
    if MFA in amr:
        session.aal2_at = now
    elif session.aal2_at is None and MFA in (session.amr or "").split():
        amr = (*amr, MFA)  # a session that is `aal2` remains so, also after a login that was not recent
    session.authenticated_at, session.amr = now, " ".join(amr)
    db.flush()
    return Authentication(now, tuple(amr), session.aal2_at)


def raise_to_aal2(db: Transaction, session_id: str, amr: Sequence[str]) -> None:
    """Record that a factor was added in a session, which is then `aal2`. The account's row is locked.

    This is not an authentication: it does not update the time of the last one, and keeps an existing `aal2` time.
    """
    session = db.get(Session, session_id, populate_existing=True)
    if session is not None and session.aal2_at is None:
        session.amr, session.aal2_at = " ".join(amr), models.now()
        db.flush()


AUTHENTICATION_COLUMNS = (
    Session.authenticated_at,
    Session.created_at.label("started_at"),
    Session.amr,
    Session.aal2_at,
)
_USER_OF_SESSION = Prepared(
    lambda: (
        select(
            *USER_COLUMNS,
            Session.id.label("session_id"),
            Session.impersonator_id,
            *AUTHENTICATION_COLUMNS,
            Session.last_used_at,
        )
        .join(User, User.id == Session.account_id)
        .where(
            Session.id == bindparam("sid"),
            User.user_id == bindparam("sub"),
            User.is_active,
            may_have_session(),
            Session.expires_at > bindparam("now", type_=UtcDateTime()),
        )
    )
)
_UPDATE_LAST_USED = (
    update(Session)
    .where(Session.id == bindparam("sid"), Session.last_used_at < bindparam("before", type_=UtcDateTime()))
    .values(last_used_at=bindparam("now", type_=UtcDateTime()))
)


def user_of(session_id: str, user_id: str) -> Row[Any] | None:
    """Return the user of an active session with one query, or None if the session or the account has ended."""
    now = models.now()
    found: Row[Any] | None = _USER_OF_SESSION.first(
        {"sid": session_id, "sub": user_id, "now": now, "verified_only": verified_only()}
    )
    if found and now - found.last_used_at > timedelta(seconds=SECONDS_BETWEEN_USE_UPDATES):
        database.write_only(
            _UPDATE_LAST_USED,
            {"sid": session_id, "now": now, "before": now - timedelta(seconds=SECONDS_BETWEEN_USE_UPDATES)},
        )
    return found


def expiry_of(db: Transaction, session_id: str) -> datetime:
    """Return when an active session ends without a refresh."""
    return db.get_one(Session, session_id).expires_at


def list_of(account: int) -> Sequence[Row[Any]]:
    """Return the active sessions of an account, newest first, up to MAX_SESSIONS. Impersonation is not a device."""
    return database.read_all(
        select(
            Session.id,
            Session.user_agent,
            Session.ip,
            Session.created_at,
            Session.last_used_at,
            Session.expires_at,
            *AUTHENTICATION_COLUMNS,
        )
        .where(Session.account_id == account, Session.expires_at > models.now(), Session.impersonator_id.is_(None))
        .order_by(Session.created_at.desc())
        .limit(MAX_SESSIONS)
    )


@functools.lru_cache(maxsize=1024)
def device_name(user_agent: str) -> str:
    """Return the name of a device for users, such as “Firefox on Linux”."""
    import ua_parser  # imported here because its patterns are slow to load

    found = ua_parser.parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    device = found.device.family if found.device else found.os.family if found.os else ""
    return " on ".join(filter(None, (browser, device))) or "Unknown device"


def is_active(db: Transaction, user: User, session_id: str) -> bool:
    """Return whether a session of a locked account is still active."""
    return db.scalar(_if_active(user.id, session_id)) is not None


def stays_active(db: Transaction, account_id: int, session_id: str) -> bool:
    """Return whether a session is active, and keep it from being ended before the transaction is.

    The one who ends the session then sees what its user started in the transaction.
    """
    return db.scalar(_if_active(account_id, session_id).with_for_update(read=True)) is not None


def _if_active(account_id: int, session_id: str) -> Select[str]:
    return select(Session.id).where(
        Session.account_id == account_id, Session.id == session_id, Session.expires_at > models.now()
    )


def end(db: Transaction, user: User, session_id: str) -> bool:
    """End a session of an account, and return whether it existed. All impersonation by its user ends with it."""
    one = delete(Session).where(Session.account_id == user.id, Session.id == session_id)
    ended = db.execute(one.returning(Session.impersonator_id)).first()
    if ended is not None:
        notify_of_end(db, session_id)
    if ended is not None and ended.impersonator_id is None:
        end_impersonation_by(db, user.user_id)
    return ended is not None


def notify_of_end(db: Transaction, session_id: str, successor: str | None = None) -> None:
    """Tell the other capabilities that a session has ended.

    successor: the session of the same account that replaced it in the same browser, if any.
    """
    for record in capability.installed():
        record.on_session_ended(db, session_id, successor)


def end_all(db: Transaction, user: User, keep: str | None = None) -> None:
    """End all sessions of an account, except the one to keep, and those in which its user impersonates others."""
    db.execute(delete(Session).where(Session.account_id == user.id, Session.id != (keep or "")))
    end_impersonation_by(db, user.user_id)


def end_impersonation_by(db: Transaction, user_id: str) -> None:
    """End the sessions in which a user impersonates others, after a session of the user: not stored is in which one
    they started."""
    db.execute(delete(Session).where(Session.impersonator_id == user_id))


def end_all_impersonation(db: Transaction) -> None:
    """End every session in which a user impersonates another: a role has changed, which either of them may have."""
    db.execute(delete(Session).where(Session.impersonator_id.is_not(None)))


def end_impersonation(db: Transaction, user: User) -> None:
    """End the sessions in which the user impersonates others or is impersonated: their roles have changed."""
    own = (Session.account_id == user.id) & Session.impersonator_id.is_not(None)
    db.execute(delete(Session).where(own | (Session.impersonator_id == user.user_id)))
