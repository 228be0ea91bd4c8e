"""Resolve the user and the scopes of an API key."""

import functools
import ipaddress
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

import database
import models
import schemas
from api_keys import keys
from api_keys.models import ApiKey
from core.columns import UtcDateTime
from models import User
from prepared import Prepared
from sessions import sessions
from sessions.current_user import Current, Key
from telemetry import metrics

SECONDS_BETWEEN_USE_UPDATES = 60
NOW = bindparam("now", type_=UtcDateTime())
_FIND = Prepared(
    lambda: (
        select(
            *sessions.USER_COLUMNS,
            ApiKey.id.label("key_id"),
            ApiKey.key_hash,
            ApiKey.previous_hash,
            ApiKey.scopes,
            ApiKey.allowed_ips,
            ApiKey.rate_limit,
            ApiKey.created_at.label("key_created_at"),
            ApiKey.last_used_at,
            ApiKey.expires_at,
        )
        .join(User, User.id == ApiKey.account_id)
        .where(
            or_(
                ApiKey.key_hash == bindparam("hash"),
                ApiKey.key_hash == bindparam("older_hash"),
                and_(ApiKey.previous_hash == bindparam("hash"), ApiKey.previous_until > NOW),
                and_(ApiKey.previous_hash == bindparam("older_hash"), ApiKey.previous_until > NOW),
            ),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > NOW),
            User.is_active,
            sessions.may_have_session(),
        )
    )
)


def resolve(raw: str, ip: str | None) -> Current | None:
    """Return the user and key of an API key, or None. A mistyped key costs no query, any other costs one.

    ip: the client's IP address. Without it, the networks of the key are not checked.
    """
    if not keys.is_well_formed(raw):
        metrics.API_KEY_USES.labels("malformed").inc()
        return None
    hashes, now = keys.hashes(raw), models.now()
    row = _FIND.first({
        "hash": hashes[0], "older_hash": hashes[-1], "now": now, "verified_only": sessions.verified_only(),
    })  # fmt: skip
    if row is None or not (ip is None or _allows(row.allowed_ips, ip)):
        metrics.API_KEY_USES.labels("other_network" if row else "unknown").inc()
        return None
    metrics.API_KEY_USES.labels("ok").inc()
    _note_use(row, hashes)
    return _principal(row)


@functools.lru_cache(maxsize=1024)
def _allows(allowed_ips: str | None, ip: str) -> bool:
    if not allowed_ips:
        return True
    if not ip:
        return False
    address = ipaddress.ip_address(ip)
    return any(address in ipaddress.ip_network(network) for network in allowed_ips.split())


def _principal(row: Any) -> Current:
    key = Key(
        row.key_id,
        frozenset(row.scopes.split()),
        row.rate_limit,
        tuple((row.allowed_ips or "").split()),
        row.key_created_at,
        row.expires_at,
    )
    return Current(
        schemas.Me.model_validate(row),
        "",
        None,
        sessions.Authentication(row.key_created_at, (), None),
        row.email_proven_at is not None,
        row.has_factors,
        row.has_only_sms,
        row.has_only_recovery_codes,
        key=key,
    )


def _note_use(row: Any, hashes: list[str]) -> None:
    """Record the use of a key, at most once a minute, and hash a key of the previous root secret with the current one.

    Otherwise it would end when the previous secret is removed.
    """
    now = models.now()
    before = now - timedelta(seconds=SECONDS_BETWEEN_USE_UPDATES)
    if row.last_used_at is None or row.last_used_at < before:
        database.write_only(
            update(ApiKey)
            .where(ApiKey.id == row.key_id, or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < before))
            .values(last_used_at=now)
        )
    new, old = hashes[0], hashes[-1]
    for column, stored in ((ApiKey.key_hash, row.key_hash), (ApiKey.previous_hash, row.previous_hash)):
        if stored == old != new:
            database.write_only(update(ApiKey).where(ApiKey.id == row.key_id, column == old).values({column.key: new}))
