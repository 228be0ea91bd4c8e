"""Start, find, refresh and end the sessions of clients, on which their tokens depend."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session as Transaction

import audit
import database
import email_utils
import errors
import models
from core import signing
from core.client_address import CallerInfo
from core.columns import UtcDateTime
from credentials import lookup
from models import Session, User
from oauth_provider import logout_notices, oauth_errors
from oauth_provider.logout_notices import Ended
from oauth_provider.models import AuthorizationCode, ClientSession, Device, OAuthClient, OAuthGrant
from prepared import Prepared
from sessions import rotation, sessions
from sessions.rotation import Exchange, Rotation
from settings.loading import settings
from telemetry import metrics

REFRESH_LABEL = "oauth_refresh_token"
MAX_SESSIONS, MAX_ENDED_AT_ONCE = 100, 1000  # of an account at a client
SECONDS_BETWEEN_USE_UPDATES = 60
AUTHENTICATION = (
    ClientSession.authenticated_at,
    ClientSession.created_at.label("started_at"),
    ClientSession.amr,
    ClientSession.aal2_at,
)
COLUMNS = (
    ClientSession.id.label("client_session_id"),
    ClientSession.client_pk,
    ClientSession.account_id,
    ClientSession.scopes,
    ClientSession.resources,
    ClientSession.jkt,
    *AUTHENTICATION,
    ClientSession.expires_at,
)
_ROTATION = Rotation(
    ClientSession,
    COLUMNS,
    conditions=(
        # The client is as it was when it authenticated: see `refreshing.py`.
        ClientSession.client_pk.in_(
            select(OAuthClient.id).where(
                OAuthClient.id == bindparam("of_client"),
                OAuthClient.updated_at == bindparam("version", type_=UtcDateTime()),
            )
        ),
        ClientSession.jkt.is_(None) | (ClientSession.jkt == bindparam("of_key")),
    ),
)
_FIND = Prepared(
    lambda: (
        select(
            *sessions.USER_COLUMNS,
            *COLUMNS,
            ClientSession.last_used_at,
            OAuthClient.client_id,
            OAuthClient.scopes.label("client_scopes"),
            OAuthClient.subject_type,
            OAuthClient.sector,
            OAuthClient.resource_identifier,
        )
        .join(User, User.id == ClientSession.account_id)
        .join(OAuthClient, OAuthClient.id == ClientSession.client_pk)
        .where(
            ClientSession.id == bindparam("sid"),
            ClientSession.expires_at > bindparam("now", type_=UtcDateTime()),
            User.is_active,
            sessions.may_have_session(),
        )
    )
)
_NOTE_USE = (
    update(ClientSession)
    .where(ClientSession.id == bindparam("sid"), ClientSession.last_used_at < bindparam("before", type_=UtcDateTime()))
    .values(last_used_at=bindparam("now", type_=UtcDateTime()))
)


class Start(NamedTuple):
    """What a new session of a client is made from.

    id: the id of the code or device code, by which its second use finds the session.
    session_id: the session on the hosted pages in which the user granted it, or None.
    ends_at: when it ends at the latest, or None for SESSION_MAX_DAYS.
    """

    id: str
    client_pk: str
    session_id: str | None
    scopes: str
    resources: Sequence[str]
    authentication: sessions.Authentication
    jkt: str | None = None
    ends_at: datetime | None = None


def start(db: Transaction, user: User, new: Start) -> ClientSession:
    """Start a session for an account whose row is locked, and note the use of its grant."""
    now = models.now()
    latest = now + timedelta(days=settings.session_max_days)
    ends_at = min(new.ends_at or latest, latest)
    session = ClientSession(
        id=new.id,
        client_pk=new.client_pk,
        account_id=user.id,
        session_id=new.session_id,
        scopes=new.scopes,
        resources=list(new.resources),
        jkt=new.jkt,
        created_at=now,
        authenticated_at=new.authentication.at,
        amr=" ".join(new.authentication.amr),
        aal2_at=new.authentication.aal2_at,
        last_used_at=now,
        expires_at=min(ends_at, now + timedelta(days=settings.refresh_token_expire_days)),
        ends_at=ends_at,
    )
    db.add(session)
    db.flush()
    _end_oldest(db, user, new.client_pk)
    db.execute(
        update(OAuthGrant)
        .where(OAuthGrant.account_id == user.id, OAuthGrant.client_pk == new.client_pk)
        .values(last_used_at=now)
    )
    db.flush()
    return session


def _end_oldest(db: Transaction, user: User, client_pk: str) -> None:
    """End the oldest sessions of a client beyond the limit of an account."""
    of_client = (ClientSession.account_id == user.id, ClientSession.client_pk == client_pk)
    oldest = select(ClientSession.id).where(*of_client).order_by(ClientSession.id.desc()).offset(MAX_SESSIONS)
    if ids := db.scalars(oldest.limit(MAX_ENDED_AT_ONCE)).all():
        end(db, Which(account_id=user.id, ids=ids))


def find(session_id: str) -> Row[Any] | None:
    """Return an active session with its user and client by one query, or None."""
    now = models.now()
    found: Row[Any] | None = _FIND.first({"sid": session_id, "now": now, "verified_only": sessions.verified_only()})
    before = now - timedelta(seconds=SECONDS_BETWEEN_USE_UPDATES)
    if found and found.last_used_at < before:
        database.write_only(_NOTE_USE, {"sid": session_id, "now": now, "before": before})
    return found


# ------------------------------------------------------------------------------------------------------ refresh tokens


def refresh_token(session_id: str, counter: int) -> str:
    """Return a refresh token of a session."""
    return signing.sign(REFRESH_LABEL, f"{session_id}.{counter}", salted=True)


def read_refresh_token(raw: str | None) -> tuple[str, int] | None:
    """Return the session and counter of a refresh token, without a query, or None."""
    signed = signing.unsign(REFRESH_LABEL, raw) if raw else None
    if signed is None or signed.unsalted:
        return None
    session_id, _, counter = signed.value.rpartition(".")
    return session_id, int(counter)


def exchange(raw: str, client: Any, jkt: str | None) -> Exchange:
    """Exchange a refresh token, as the refresh tokens of sessions are, with the same grace.

    client: the row of the client. If it has changed since it was read, the token is not exchanged.
    """
    token = read_refresh_token(raw)
    if token is None:
        raise oauth_errors.InvalidGrant()
    return _ROTATION.exchange(
        *token,
        {"of_client": client.id, "version": client.updated_at, "of_key": jkt},
        lambda newest: newest.client_pk == client.id and newest.jkt in (None, jkt),
    )


def end_reused(raw: str, caller: CallerInfo) -> None:
    """End the session of a refresh token that was used again, and notify the owner. Raises InvalidGrant."""
    session_id, _ = read_refresh_token(raw) or ("", 0)
    with database.transaction() as db:
        raise _end_reused(db, session_id, caller)


def is_current(raw: str) -> tuple[str, Row[Any]] | None:
    """Return the session of a refresh token that can still be exchanged, or None."""
    token, row = read_refresh_token(raw), find_by_refresh_token(raw)
    if token is None or row is None:
        return None
    columns = ClientSession.refresh_counter, ClientSession.rotated_at
    newest = database.read(select(*columns).where(ClientSession.id == token[0]))
    return (token[0], row) if newest and rotation.is_current(newest, token[1]) else None


def find_by_refresh_token(raw: str) -> Row[Any] | None:
    """Return the active session of a refresh token, which may be an old one, or None."""
    token = read_refresh_token(raw)
    return find(token[0]) if token else None


def _end_reused(db: Transaction, session_id: str, caller: CallerInfo) -> errors.ServiceError:
    account = db.scalar(select(ClientSession.account_id).where(ClientSession.id == session_id))
    user = lookup.lock(db, account) if account else None
    if user is not None and (ended := end(db, Which(account_id=user.id, ids=[session_id]))):
        metrics.THEFT_ALARMS.inc()
        audit.record(db, caller, "client.refresh_token_reused", user.user_id, client_id=ended[0].client_id)
        email_utils.queue(db, "session_ended", user, at=models.now().isoformat())
    return oauth_errors.InvalidGrant()


# ----------------------------------------------------------------------------------------------------------------- end


class Which(NamedTuple):
    """The sessions of clients that meet all of these conditions.

    session_id: the session on the hosted pages in which they were granted.
    """

    account_id: int | None = None
    client_pk: str | None = None
    session_id: str | None = None
    ids: Sequence[str] | None = None

    def of(self, table: Any) -> list[ColumnElement[bool]]:
        """Return the conditions for a table."""
        given = {"account_id": self.account_id, "client_pk": self.client_pk, "session_id": self.session_id}
        chosen = [getattr(table, name) == value for name, value in given.items() if value is not None]
        return chosen if self.ids is None else [*chosen, table.id.in_(list(self.ids))]


def end(db: Transaction, which: Which, *, notify: bool = True) -> Sequence[Ended]:
    """End the sessions of clients, with the codes that were not exchanged, and return them.

    All tokens of clients end here. The account's row is locked.

    notify: whether clients with a `backchannel_logout_uri` are told.
    """
    end_codes(db, which)
    ended = _ended(db, which.of(ClientSession))
    if notify:
        logout_notices.queue(db, ended)
    return ended


def end_codes(db: Transaction, which: Which, *also: Callable[[Any], ColumnElement[bool]]) -> None:
    """Delete the codes that were not exchanged for tokens yet.

    also: further conditions, for the table of the codes of a kind.
    """
    for table in (AuthorizationCode, Device):
        conditions = [*which.of(table), *(condition(table) for condition in also)]
        db.execute(delete(table).where(*conditions).execution_options(synchronize_session=False))


def end_of_first_party(db: Transaction, user: User, keep: str) -> None:
    """End the sessions of first-party clients that were granted in other sessions of the account than this one."""
    own = select(OAuthClient.id).where(OAuthClient.first_party)
    all_of_user = Which(account_id=user.id)

    def elsewhere(table: Any) -> ColumnElement[bool]:
        return and_(table.client_pk.in_(own), or_(table.session_id.is_(None), table.session_id != keep))

    end_codes(db, all_of_user, elsewhere)
    ended = _ended(db, [*all_of_user.of(ClientSession), elsewhere(ClientSession)])
    logout_notices.queue(db, ended)


def _ended(db: Transaction, chosen: list[ColumnElement[bool]]) -> Sequence[Ended]:
    statement = (
        delete(ClientSession)
        .where(*chosen)
        .returning(ClientSession.id, ClientSession.account_id, ClientSession.client_pk)
    )
    rows = db.execute(statement.execution_options(synchronize_session=False)).all()
    if not rows:
        return []
    clients = select(OAuthClient).where(OAuthClient.id.in_({row.client_pk for row in rows}))
    by_pk = {client.id: client for client in db.scalars(clients)}
    users = select(User.id, User.user_id).where(User.id.in_({row.account_id for row in rows}))
    user_ids = {row.id: row.user_id for row in db.execute(users)}
    return [Ended(row.id, user_ids.get(row.account_id), by_pk[row.client_pk]) for row in rows]


def follow(db: Transaction, session_id: str, successor: str) -> None:
    """Attach the sessions of clients to the session that replaced theirs in the same browser."""
    db.execute(
        update(ClientSession)
        .where(ClientSession.session_id == session_id)
        .values(session_id=successor)
        .execution_options(synchronize_session=False)
    )


def live_session(db: Transaction, session_id: str, account_id: int) -> Session | None:
    """Return the session on the hosted pages if it is active."""
    session = db.get(Session, session_id, populate_existing=True)
    active = session is not None and session.account_id == account_id and session.expires_at > models.now()
    return session if active else None
