"""Serve the signed list of revocations, from memory.

A process reads new entries at most every SHARE_OF_INTERVAL of REVOCATION_FEED_SECONDS, and only while it is asked. All
requests until then get the same bytes.
"""

import bisect
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Engine, select

import database
import errors
import models
from revocations import service
from revocations.models import Revocation
from sessions import access_tokens, signing_keys
from settings.loading import settings

TYPE = "revocations+jwt"
SHARE_OF_INTERVAL = 0.2  # clients poll in the rest of the interval, so that the whole takes no longer
MAX_CHANGES = 64  # a client that is further behind gets the whole list, so that there are few lists to sign
SECONDS_SIGNED_AGAIN = 60  # the signature contains the time, so that an old list cannot be sent forever
MS_AHEAD = 60_000  # another process may have listed more than this one


class Served(NamedTuple):
    """A response: its body, its ETag, and its age in seconds."""

    body: bytes
    etag: str
    age: float


@dataclass
class _Known:
    """The entries that this process has read from a database, in the order of their positions."""

    source: Engine | None = None
    rows: list[Any] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)  # without duplicates
    version: int = 0
    read_at: float = 0.0
    signed: dict[tuple[Any, ...], tuple[bytes, str]] = field(default_factory=dict)


_lock = threading.Lock()
_known = _Known()
_NEW = select(Revocation.position, Revocation.session_id, Revocation.user_id, Revocation.not_before)


def current(since: int | None) -> Served:
    """Return the list, or what was added since a version. Raises NotFound, Unavailable.

    There is no list with HS256, whose key is not public.
    """
    if settings.algorithm == "HS256":
        raise errors.NotFound()
    with _lock:
        if database.engine is not _known.source or _age() > settings.revocation_feed_seconds * SHARE_OF_INTERVAL:
            _read()
        return Served(*_signed(_start(since)), _age())


def _age() -> float:
    return time.monotonic() - _known.read_at


def _read() -> None:
    """Read the entries that were added, and drop those whose tokens have expired."""
    global _known
    if database.engine is not _known.source:
        _known = _Known(database.engine)
    known, began = _known, time.monotonic()  # what is committed later is not in the list
    service.number_waiting()
    oldest = int((models.now() - service.window()).timestamp() * service.MS)
    after = max(known.version, oldest)
    new = database.read_all(_NEW.where(Revocation.position > after).order_by(Revocation.position, Revocation.id))
    dropped = bisect.bisect_right(known.positions, oldest)
    if new or dropped:
        known.rows = [row for row in known.rows if row.position > oldest] + new
        known.positions = sorted({row.position for row in known.rows})
        known.version = max([known.version, *known.positions[-1:]])
        known.signed.clear()
    known.read_at = began


def _start(since: int | None) -> int | None:
    """Return the position after which the response begins, or None for the whole list."""
    if since is None or since > _known.version + MS_AHEAD:
        return None
    index = bisect.bisect_right(_known.positions, since)
    if index == 0 or len(_known.positions) - index > MAX_CHANGES:
        return None
    return _known.positions[index - 1]


def _signed(start: int | None) -> tuple[bytes, str]:
    """Return a signed response and its ETag.

    The signature says after which position the list begins, so that a part cannot be sent in place of the whole list.
    """
    key = (start, int(time.time()) // SECONDS_SIGNED_AGAIN, signing_keys.current_id())
    if key not in _known.signed:
        if len(_known.signed) > MAX_CHANGES:
            _known.signed.clear()
        content = _content(start)
        headers = {"typ": TYPE, "iat": key[1] * SECONDS_SIGNED_AGAIN, "since": start}
        jws = access_tokens.sign_detached(content, headers)
        tag = hashlib.sha256(b"%b %a" % (content, key)).hexdigest()[:32]
        _known.signed[key] = (content[:-1] + b',"jws":"%b"}' % jws.encode(), f'W/"{tag}"')
    return _known.signed[key]


def _content(start: int | None) -> bytes:
    """Return the response without its signature, in canonical form (RFC 8785)."""
    index = 0 if start is None else bisect.bisect_right(_known.rows, start, key=lambda row: row.position)
    rows = _known.rows[index:]
    users: dict[str, int] = {}
    for row in rows:
        if row.user_id:
            users[row.user_id] = max(users.get(row.user_id, 0), row.not_before)
    content = {
        "version": _known.version,
        "expires_in": settings.revocation_feed_seconds,
        "sessions": [row.session_id for row in rows if row.session_id],
        "users": [{"sub": sub, "not_before": not_before} for sub, not_before in users.items()],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
