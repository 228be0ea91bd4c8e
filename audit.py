"""Record audit events: one for every change and every failed login, in its transaction.

Events contain no secrets, tokens, email addresses or names. The capability records describe each event.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

import sqlalchemy.event
from fastapi import Depends, Request
from sqlalchemy import ColumnElement, Select, case, delete, func, insert, literal, or_, select, union, update
from sqlalchemy.orm import Session, SessionTransaction
from starlette.types import Scope

import database
import models
from core import capability, client_address
from core.client_address import CallerInfo
from models import AuditEvent
from prepared import Prepared
from schemas_admin import Event, EventFilters, EventPage, Page
from settings.loading import settings
from telemetry import logs


async def _caller(request: Request) -> CallerInfo:
    agent = request.headers.get("user-agent", "")[:512]
    printable = "".join(c if c.isprintable() else "?" for c in agent)
    return CallerInfo(client_address.of_request(request.scope), printable, request.scope)


Caller = Annotated[CallerInfo, Depends(_caller)]
SYSTEM = CallerInfo("", "")
IMPERSONATION = "impersonation"  # in the state of a request: the impersonated user and the administrator
REQUESTS_RECORDED = 20  # of each kind, for an account, in an hour


class Recorded(NamedTuple):
    """An event of a transaction."""

    action: str
    at: datetime
    user_id: str | None
    actor_id: str | None
    detail: dict[str, Any]


_INSERT = Prepared(lambda: insert(AuditEvent).inline())


def record(
    db: Session, caller: CallerInfo, action: str, user_id: str | None, *, actor_id: str | None = None, **detail: Any
) -> None:
    """Record an event that a capability declares.

    user_id: the affected user.
    actor_id: the user who did it, if known. During impersonation it is the administrator, and `detail.impersonated` is
        the user. With an API key, `detail.api_key_id` is its id.
    """
    assert action in capability.audit_events(), action
    assert not db.in_nested_transaction(), "an event would outlive the rollback of a savepoint"
    if (by := caller.scope["state"].get(IMPERSONATION) if caller.scope else None) is not None:
        impersonated, actor_id = by
        detail["impersonated"] = impersonated
    for name in ("api_key_id", "client_id") if caller.scope else ():
        if used := caller.scope["state"].get(name):  # type: ignore[index]
            detail.setdefault(name, used)
    event = Recorded(action, models.now(), user_id, actor_id, detail)
    db.flush()  # the statement does not, and what is recorded must have happened
    values = {"at": event.at, "action": action, "user_id": user_id, "actor_id": actor_id, "detail": detail}
    _INSERT.run(db, {**values, "ip": caller.ip or None, "user_agent": caller.user_agent or None})
    db.info.setdefault("events", []).append(event)


def attribute(scope: Scope, user_id: str, actor_id: str) -> None:
    """Record all events of a request as done by the administrator who impersonates a user."""
    scope["state"][IMPERSONATION] = (user_id, actor_id)


def record_request(db: Session, caller: CallerInfo, action: str, user_id: str | None, **detail: Any) -> None:
    """Record an event that changes nothing and that anyone can cause for an account, at most twenty times an hour.

    Without this limit, an attacker could fill the audit log and hide important events. The last event that is recorded
    has `limit_reached` in its detail. The account's row is locked, so the limit also holds for concurrent requests.
    """
    if user_id is not None:
        since = models.now() - timedelta(hours=1)
        recent = select(AuditEvent.id).where(
            AuditEvent.user_id == user_id, AuditEvent.action == action, AuditEvent.at > since
        )
        written = len(db.scalars(recent.limit(REQUESTS_RECORDED)).all())
        if written == REQUESTS_RECORDED:
            return
        if written == REQUESTS_RECORDED - 1:
            detail["limit_reached"] = True
    record(db, caller, action, user_id, **detail)


@sqlalchemy.event.listens_for(Session, "before_commit")
def _publish(db: Session) -> None:
    """Let the capabilities write the events of this transaction, such as to the event feed.

    At the end of the transaction, so that an event shows the account as the transaction leaves it.
    """
    if "events" in db.info and not db.in_nested_transaction():
        for write in capability.event_writers():
            write(db, db.info["events"])


@sqlalchemy.event.listens_for(Session, "after_commit")
def _log(db: Session) -> None:
    if not db.in_nested_transaction():
        recorded = db.info.pop("events", [])
        for event in recorded:
            logs.write("audit", action=event.action, user_id=event.user_id, actor_id=event.actor_id)
        if recorded:
            for each in capability.installed():
                each.on_recorded([(event.action, event.detail) for event in recorded])


@sqlalchemy.event.listens_for(Session, "after_soft_rollback")
def _drop(db: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        db.info.pop("events", None)


def anonymize(db: Session, user_id: str, after: int, limit: int) -> int | None:
    """Remove the IP addresses and user agents from a batch of a deleted user's events. The `user_id` stays.

    after: the id of the last event of the previous batch, or 0.

    Returns the id of the last event of this batch, or None if no batch is left.
    """
    db.flush()
    batch = union(
        *(_next_events(column, user_id, after, limit) for column in (AuditEvent.user_id, AuditEvent.actor_id))
    )
    ids = sorted(db.scalars(select(batch.subquery().c.id)))[:limit]
    if ids:
        _allow_change(db, "audit.forgotten_user", user_id)
        blank = update(AuditEvent).where(AuditEvent.id.in_(ids)).values(ip=None, user_agent=None)
        db.execute(blank.execution_options(synchronize_session=False))
        _allow_change(db, "audit.forgotten_user", "")
    return ids[-1] if len(ids) == limit else None


def _next_events(column: Any, user_id: str, after: int, limit: int) -> Any:
    found = select(AuditEvent.id).where(column == user_id, AuditEvent.id > after).order_by(AuditEvent.id).limit(limit)
    return select(found.subquery().c.id)


def delete_expired(db: Session, limit: int) -> int:
    """Delete a batch of the events that are older than AUDIT_RETENTION_DAYS, and return how many."""
    end = models.now() - timedelta(days=settings.audit_retention_days)
    old = select(AuditEvent.id).where(AuditEvent.at < end).limit(limit).with_for_update(skip_locked=True)
    _allow_change(db, "audit.removed_before", end.isoformat())
    return len(db.scalars(delete(AuditEvent).where(AuditEvent.id.in_(old)).returning(AuditEvent.id)).all())


def _allow_change(db: Session, name: str, value: str) -> None:
    # The trigger on the table rejects all changes. This setting permits one kind of change until the transaction ends.
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.set_config(name, value, True)))


# -------------------------------------------------------------------------------------------------------------- queries

COLUMNS = tuple(AuditEvent.__table__.columns)


def search(filters: EventFilters) -> EventPage:
    """Return a page of matching events, newest first."""
    chosen: list[ColumnElement[bool]] = []
    if filters.user_id:
        chosen.append(AuditEvent.user_id == filters.user_id)
    if filters.action:
        chosen.append(AuditEvent.action.between(filters.action, filters.action))
    if filters.since:
        chosen.append(AuditEvent.at >= filters.since)
    # With `action =`, PostgreSQL would read the whole log backwards to find an action that only occurred long ago.
    # A range of one action, ordered by it, is read from the index of actions.
    order = [AuditEvent.action.desc()] if filters.action and not filters.user_id else []
    return _page(filters, select(*COLUMNS).where(*chosen).order_by(*order))


def activity(user_id: str, page: Page) -> EventPage:
    """Return a page of the events of an account, newest first.

    The IP address and user agent of other actors are omitted.
    """
    return _page(page, events_of(user_id))


def events_of(user_id: str) -> Select[Any]:
    """Select the events about a user, with the columns that this user may see."""
    own = or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id == user_id)
    columns = (
        case((own, column)).label(column.key) if column.key in ("ip", "user_agent") else column for column in COLUMNS
    )
    return select(*columns).where(AuditEvent.user_id == user_id)


def events_by(user_id: str) -> Select[Any]:
    """Select a user's actions on other users and on roles. Of another user, only the `user_id` is included."""
    no_user = AuditEvent.user_id.is_(None)
    columns = (
        case((no_user, column), else_=literal({}, column.type)).label(column.key) if column.key == "detail" else column
        for column in COLUMNS
    )
    return select(*columns).where(AuditEvent.actor_id == user_id, or_(no_user, AuditEvent.user_id != user_id))


def _page(page: Page, statement: Select[Any]) -> EventPage:
    if page.cursor:
        statement = statement.where(AuditEvent.id < int(page.cursor))
    rows, next_cursor = page.split(database.read_all(statement.order_by(AuditEvent.id.desc()).limit(page.limit + 1)))
    return EventPage(items=[Event.model_validate(row) for row in rows], next_cursor=next_cursor)
