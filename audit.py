"""Who calls, and what is written down about it: one event for every change and every failed login, in its transaction.

No event holds a secret, a token, an address or a name; `EVENTS` says what each one means.
"""

import functools
import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import sqlalchemy.event
from fastapi import Depends, Request
from sqlalchemy import ColumnElement, Select, case, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session
from starlette.types import Scope

import database
import logs
import models
from admin_schemas import Event, EventFilters, EventPage, Page
from models import AuditEvent
from settings import settings

log = logs.logger()

LONGEST_CHAIN = 100

EVENTS = {
    "user.signed_up": "An account was made.",
    "user.created": "An account was made: by an administrator, at the command line, or the superuser's at the start.",
    "user.logged_in": "A session began, with the right password or by a provider (`detail.provider`).",
    "user.login_failed": "A password was wrong, a provider's answer was no good, or the account could not log in (`detail.reason`).",
    "user.logged_out": "A session was ended by its owner.",
    "user.logged_out_everywhere": "All sessions were ended, by their owner or by an administrator.",
    "user.reauthentication_failed": "A wrong password was shown in a good session.",
    "password.locked": "After a hundred wrong passwords in a row the right one stopped working from one network that is known for the account, or from all that are not (`detail.known_network`).",
    "user.renamed": "The display name changed.",
    "user.deleted": "The account was deleted, by its owner or by an administrator.",
    "user.disabled": "An administrator disabled the account; its sessions and links ended.",
    "user.enabled": "An administrator enabled the account again.",
    "user.roles_changed": "The account has other roles (`detail.roles`) than before (`detail.before`).",
    "user.imported": "The account came from another system.",
    "users.exported": "All accounts were written out at the command line (`detail.hashes`: with their hashes).",
    "user.disowned": "The account was deleted by whoever owns the address, which it had never proved.",
    "session.ended": "One session was ended from another.",
    "session.refresh_token_reused": "An old refresh token came back; the session was ended.",
    "email.verification_requested": "A new verification mail was asked for.",
    "email.verification_failed": "A verification code was wrong.",
    "email.verified": "The address was proven.",
    "email.change_requested": "A change of address was asked for.",
    "email.changed": "The address was changed, after the new one was proven.",
    "email.set": "An administrator set another address, which is not proven.",
    "email.marked_verified": "An administrator let the address pass as verified, which is no proof.",
    "email.marked_unverified": "An administrator took the address for not verified.",
    "session.revoked": "A session was ended by another service (RFC 7009).",
    "keys.made": "A key that signs access tokens was made.",
    "keys.rotated": "The next key began to sign access tokens.",
    "identity.linked": "A provider was linked to the account (`detail.provider`).",
    "identity.link_failed": "Linking a provider did not work (`detail.reason`).",
    "identity.unlinked": "A provider was taken off the account (`detail.provider`).",
    "user.claimed": "A provider proved the address of an account that never had: its password, sessions and other providers are gone.",
    "password.changed": "The password was changed by its owner.",
    "password.set": "The password was set at the command line.",
    "password.reset_requested": "A link to set a new password was asked for, by an administrator where there is an `actor_id`.",
    "password.reset": "The password was set through a link: a new one, or the first one of an invited person.",
    "role.made": "A role was made.",
    "role.changed": "A role was changed, for everybody who has it.",
    "role.deleted": "A role that nobody had was deleted.",
}


@dataclass(frozen=True)
class CallerInfo:
    """From where a request comes."""

    ip: str
    user_agent: str


async def _caller(request: Request) -> CallerInfo:
    agent = request.headers.get("user-agent", "")[:512]
    return CallerInfo(address_of(request.scope), "".join(c if c.isprintable() else "?" for c in agent))


Caller = Annotated[CallerInfo, Depends(_caller)]
NOBODY = CallerInfo("", "")


def address_of(scope: Scope) -> str:
    """The client's address, looked for once a request."""
    state = scope["state"]
    if "client_address" not in state:
        forwarded_for = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        state["client_address"] = client_address((scope["client"] or ("",))[0], forwarded_for)
    return str(state["client_address"])


def client_address(peer: str, forwarded_for: list[str]) -> str:
    """The socket's address; behind trusted proxies the right-most forwarded one that is not theirs.

    What stands further left was written by the client, and is not looked at. A header that does not parse up to there counts as absent.
    """
    if not forwarded_for:
        return _written(peer)
    try:
        here = own = _address(peer)
    except ValueError:
        return ""
    # Nobody but a proxy of ours makes us read what may be a megabyte, and of that only the end, which proxies wrote.
    if not _is_trusted(own):
        return str(own)
    try:
        for part in reversed(",".join(forwarded_for).split(",")[-LONGEST_CHAIN:]):
            here = _address(part)
            if not _is_trusted(here):
                break
    except ValueError:
        return str(own)
    return str(here)


def _is_trusted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in _networks(settings.trusted_proxies))


@functools.lru_cache(maxsize=16)
def _networks(written: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(network) for network in written]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return _parsed(text.strip().partition("%")[0])


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


@functools.lru_cache(maxsize=1024)
def _written(peer: str) -> str:
    try:
        return str(_address(peer))
    except ValueError:
        return ""


def network_of(ip: str) -> str:
    """The network that an address counts for: its /24 (IPv4) or /48 (IPv6)."""
    if not ip:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ipaddress.ip_address(ip).version == 4 else 48}", strict=False))


def record(
    db: Session, caller: CallerInfo, action: str, user_id: str | None, *, actor_id: str | None = None, **detail: Any
) -> None:
    """Write down one event of EVENTS. `user_id` is whom it concerns, `actor_id` who did it: nobody known, or the same person."""
    assert action in EVENTS, action
    db.add(
        AuditEvent(
            action=action,
            user_id=user_id,
            actor_id=actor_id,
            ip=caller.ip or None,
            user_agent=caller.user_agent or None,
            detail=detail,
        )
    )
    db.info.setdefault("events", []).append({"action": action, "user_id": user_id, "actor_id": actor_id})
    # Now, and not when the transaction ends: on SQLite it would then wait for its turn in a thread that those need whose turn it is.
    db.flush()


@sqlalchemy.event.listens_for(Session, "after_commit")
def _log(db: Session) -> None:
    if not db.in_nested_transaction():
        for about in db.info.pop("events", []):
            log.info("event", **about)


@sqlalchemy.event.listens_for(Session, "after_rollback")
def _drop(db: Session) -> None:
    db.info.pop("events", None)


def forget(db: Session, user_id: str) -> None:
    """Take a deleted person's addresses and user agents out of the trail; the bare id stays."""
    db.flush()
    concerned = or_(AuditEvent.user_id == user_id, AuditEvent.actor_id == user_id)
    _open_the_way(db, "audit.forgotten_user", user_id)
    db.execute(update(AuditEvent).where(concerned).values(ip=None, user_agent=None))
    _open_the_way(db, "audit.forgotten_user", "")


def remove_old(db: Session, limit: int) -> int:
    """Remove a batch of the events that are older than AUDIT_RETENTION_DAYS; how many."""
    end = models.now() - timedelta(days=settings.audit_retention_days)
    old = select(AuditEvent.id).where(AuditEvent.at < end).limit(limit).with_for_update(skip_locked=True)
    _open_the_way(db, "audit.removed_before", end.isoformat())
    return len(db.scalars(delete(AuditEvent).where(AuditEvent.id.in_(old)).returning(AuditEvent.id)).all())


def _open_the_way(db: Session, name: str, value: str) -> None:
    # The trigger on the table lets nothing else pass, and this only until the transaction ends.
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.set_config(name, value, True)))


# ------------------------------------------------------------------------------------------------------------- read it

EVENT = tuple(AuditEvent.__table__.columns)


def search(filters: EventFilters) -> EventPage:
    """A page of the trail, newest first."""
    chosen: list[ColumnElement[bool]] = []
    if filters.user_id:
        chosen.append(AuditEvent.user_id == filters.user_id)
    if filters.action:
        chosen.append(AuditEvent.action == filters.action)
    if filters.since:
        chosen.append(AuditEvent.at >= filters.since)
    return _page(filters, select(*EVENT).where(*chosen))


def activity(user_id: str, page: Page) -> EventPage:
    """A page of what happened to one account, newest first. Where others acted, their address and device are theirs alone."""
    return _page(page, of_person(user_id))


def of_person(user_id: str) -> Select[Any]:
    """The events that concern a person, as that person may see them."""
    own = or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id == user_id)
    shown = (
        case((own, column)).label(column.key) if column.key in ("ip", "user_agent") else column for column in EVENT
    )
    return select(*shown).where(AuditEvent.user_id == user_id)


def of_others_by(user_id: str) -> Select[Any]:
    """What a person did to others, and to roles. Of another person only the bare id is shown."""
    nobody = AuditEvent.user_id.is_(None)
    shown = (
        case((nobody, column), else_=literal({}, column.type)).label(column.key) if column.key == "detail" else column
        for column in EVENT
    )
    return select(*shown).where(AuditEvent.actor_id == user_id, or_(nobody, AuditEvent.user_id != user_id))


def _page(page: Page, statement: Select[Any]) -> EventPage:
    if page.cursor:
        statement = statement.where(AuditEvent.id < int(page.cursor))
    rows, next_cursor = page.split(database.read_all(statement.order_by(AuditEvent.id.desc()).limit(page.limit + 1)))
    return EventPage(items=[Event.model_validate(row) for row in rows], next_cursor=next_cursor)
