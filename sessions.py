"""Sessions: one row a login. A refresh token is the session's id and a counter, signed; no table of tokens grows with use."""

import functools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, bindparam, case, delete, select, update
from sqlalchemy.orm import Session as Transaction

import audit
import database
import email_utils
import errors
import metrics
import models
import signing
from audit import CallerInfo
from models import KnownNetwork, Session, User
from prepared import Prepared
from settings import settings

SECONDS_BETWEEN_USES_NOTED = 60
PERSON = (
    User.id,
    User.user_id,
    User.email,
    User.username,
    User.is_active,
    User.is_verified,
    User.roles.label("roles"),
    User.created_at,
    User.updated_at,
)


class Started(NamedTuple):
    """What an answer with tokens needs to know of a session."""

    id: str
    counter: int
    expires_at: datetime


def start(db: Transaction, user: User, caller: CallerInfo) -> Started:
    """Begin a session for an account that the caller holds."""
    now = models.now()
    session = Session(
        account_id=user.id,
        ip=caller.ip,
        user_agent=caller.user_agent,
        created_at=now,
        last_used_at=now,
        expires_at=now + timedelta(days=min(settings.refresh_token_expire_days, settings.session_max_days)),
        ends_at=now + timedelta(days=settings.session_max_days),
    )
    db.add(session)
    db.flush()
    return Started(session.id, 0, session.expires_at)


def note_network(db: Transaction, user: User, caller: CallerInfo) -> None:
    """Know a network from which the account was used from now on; the owner hears of it unless it is the first."""
    known = set(db.scalars(select(KnownNetwork.network).where(KnownNetwork.account_id == user.id)))
    here = audit.network_of(caller.ip)
    if here not in known:
        db.add(KnownNetwork(account_id=user.id, network=here))
        if known:  # the very first login of an account surprises nobody
            email_utils.queue(db, "new_network", user, ip=caller.ip, at=models.now().strftime("%Y-%m-%d %H:%M UTC"))


def forget_networks(db: Transaction, user: User) -> None:
    """Know none any more: they were somebody else's."""
    db.execute(delete(KnownNetwork).where(KnownNetwork.account_id == user.id))


def refresh_token(session_id: str, counter: int) -> str:
    return signing.sign("refresh_token", f"{session_id}.{counter}")


def read_refresh_token(raw: str) -> tuple[str, int]:
    """The session's id and the counter in a refresh token of ours. Raises InvalidRefreshToken, with no query."""
    value = signing.unsign("refresh_token", raw)
    if value is None:
        raise errors.InvalidRefreshToken()
    session_id, _, counter = value.rpartition(".")
    return session_id, int(counter)


def _of_the_session(column: Any) -> ColumnElement[Any]:
    return select(column).where(User.id == Session.account_id).correlate(Session).scalar_subquery().label(column.key)


def _person() -> Iterable[Any]:
    """PERSON, for an UPDATE to return. SQLite returns columns of the changed table alone: there each is asked for apart."""
    return PERSON if database.engine.dialect.name == "postgresql" else map(_of_the_session, PERSON)


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
    select(Session.refresh_counter, Session.rotated_at, Session.expires_at, *PERSON)
    .join(User, User.id == Session.account_id)
    .where(
        Session.id == bindparam("sid"),
        Session.expires_at > bindparam("now", type_=models.UtcDateTime()),
        User.is_active,
    )
)


def refresh(raw: str, caller: CallerInfo) -> tuple[Started, Row[Any]]:
    """Exchange a refresh token for its successor: the session as it is now, and its person. Raises InvalidRefreshToken.

    The newest token moves the counter on, by one statement. The one before it gets, within the grace, the same successor
    again: of two tabs at once neither is logged out. Any older one can only be a copy: it ends the session.
    """
    session_id, counter = read_refresh_token(raw)
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


def _theft(db: Transaction, session_id: str, caller: CallerInfo) -> errors.Refusal:
    user = db.scalar(
        select(User)
        .join(Session, Session.account_id == User.id)
        .where(Session.id == session_id)
        .with_for_update(key_share=True, of=User)
    )
    if user is not None and end(db, user, session_id):
        metrics.THEFT_ALARMS.inc()
        audit.record(db, caller, "session.refresh_token_reused", user.user_id)
        email_utils.queue(db, "session_ended", user, at=models.now().strftime("%Y-%m-%d %H:%M UTC"))
    return errors.InvalidRefreshToken()


_WHO = Prepared(
    lambda: (
        select(*PERSON, Session.id.label("session_id"), Session.created_at.label("logged_in_at"), Session.last_used_at)
        .join(User, User.id == Session.account_id)
        .where(
            Session.id == bindparam("sid"),
            User.user_id == bindparam("sub"),
            User.is_active,
            Session.expires_at > bindparam("now", type_=models.UtcDateTime()),
        )
    )
)
_NOTE_USE = (
    update(Session)
    .where(Session.id == bindparam("sid"), Session.last_used_at < bindparam("before", type_=models.UtcDateTime()))
    .values(last_used_at=bindparam("now", type_=models.UtcDateTime()))
)


def person_of(session_id: str, user_id: str) -> Row[Any] | None:
    """The person of a session that lives, by one query; None when the session or the account has ended."""
    now = models.now()
    found: Row[Any] | None = _WHO.first({"sid": session_id, "sub": user_id, "now": now})
    if found and now - found.last_used_at > timedelta(seconds=SECONDS_BETWEEN_USES_NOTED):
        database.write_only(
            _NOTE_USE, {"sid": session_id, "now": now, "before": now - timedelta(seconds=SECONDS_BETWEEN_USES_NOTED)}
        )
    return found


def list_of(account: int) -> Sequence[Row[Any]]:
    """The sessions of an account that live, newest first."""
    return database.read_all(
        select(Session.id, Session.user_agent, Session.ip, Session.created_at, Session.last_used_at, Session.expires_at)
        .where(Session.account_id == account, Session.expires_at > models.now())
        .order_by(Session.created_at.desc())
    )


@functools.lru_cache(maxsize=1024)
def device_name(user_agent: str) -> str:
    """What a person would call it, such as “Firefox on Linux”."""
    import ua_parser  # here: its patterns take a while to load

    found = ua_parser.parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    device = found.device.family if found.device else found.os.family if found.os else ""
    return " on ".join(filter(None, (browser, device))) or "Unknown device"


def owner_of(raw: str) -> tuple[int, str] | None:
    """Account and session of a refresh token that is the newest of a session that lives, or the one before it."""
    session_id, counter = read_refresh_token(raw)
    found = database.read(
        select(Session.account_id).where(
            Session.id == session_id, Session.expires_at > models.now(), Session.refresh_counter - counter <= 1
        )
    )
    return (found.account_id, session_id) if found else None


def lives(db: Transaction, user: User, session_id: str) -> bool:
    """Whether a session of an account that the caller holds has not ended meanwhile."""
    return (
        db.scalar(
            select(Session.id).where(
                Session.account_id == user.id, Session.id == session_id, Session.expires_at > models.now()
            )
        )
        is not None
    )


def end(db: Transaction, user: User, session_id: str) -> bool:
    """End one session of an account; whether there was one."""
    return (
        db.execute(
            delete(Session).where(Session.account_id == user.id, Session.id == session_id).returning(Session.id)
        ).scalar()
        is not None
    )


def end_all(db: Transaction, user: User, keep: str | None = None) -> None:
    """End every session of an account, but the one to keep."""
    db.execute(delete(Session).where(Session.account_id == user.id, Session.id != (keep or "")))
