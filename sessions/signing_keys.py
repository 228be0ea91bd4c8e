"""Manage and publish the keys that sign access tokens and ID tokens.

HS256 signs with the root secret. RS256, ES256 and EdDSA sign with encrypted keys in the database: the current one, the
next one, which is published before it signs, and previous ones whose tokens have not expired yet. Each worker reads the
keys once a second at most, so that a rotation needs no restart.
"""

import contextlib
import functools
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import jwt
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from core import after_commit, signing
from core.client_address import CallerInfo
from sessions.models import SigningKey
from settings.loading import settings
from telemetry import logs

log = logs.logger()

CLIENT_TOKEN_MINUTES = 1440  # an OAuth client may have access tokens that are valid for a day
SECONDS_KEYS_ARE_CACHED = 1.0
SECONDS_KEYS_ARE_SHARED = 3.0
SECONDS_KEYS_ARE_USED = 30.0
SECONDS_PUBLISHED_BEFORE_USE = 4.0  # every worker has read the new key by then
KEY_GENERATORS: dict[str, Callable[[], Any]] = {
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


@dataclass(frozen=True, eq=False)
class Key:
    """A key and its algorithm. Compared by identity."""

    kid: str
    algorithm: str
    private: Any
    public: Any


class KeySet(NamedTuple):
    """The key that signs, and the keys that verify."""

    signs: Key
    verify: tuple[Key, ...]
    by_algorithm: dict[str, Key]  # the keys that sign, one for each algorithm
    ended: frozenset[str] = frozenset()  # the algorithms of which only an ended key is left


def current_id() -> str:
    """Return the id of the key that signs. Empty for HS256."""
    return current().signs.kid


def published() -> list[dict[str, Any]]:
    """Return the public keys as JWKs (RFC 7517). Empty for HS256."""
    return [_jwk(key) for key in current().verify if key.kid]


def _jwk(key: Key) -> dict[str, Any]:
    form: Any = jwt.get_algorithm_by_name(key.algorithm)
    jwk: dict[str, Any] = form.to_jwk(key.public, as_dict=True)
    return jwk | {"kid": key.kid, "use": "sig", "alg": key.algorithm}


# --------------------------------------------------------------------------------------------------------- current keys

_loading, _creating = threading.Lock(), threading.Lock()
_loaded: tuple[float, KeySet] | None = None  # when, and the keys
_tried_at = -math.inf


def key_set() -> KeySet:
    """Return the keys to sign with, and to verify with in a transaction. Raises Unavailable.

    A transaction begins with current keys. They are not read again here: behind a connection pooler with few
    connections, threads that wait for a second one would wait for each other.
    """
    if settings.algorithm == "HS256":
        return _shared_secret_keys(settings.jwt_secret, settings.jwt_secret_previous)
    known = _loaded
    return known[1] if known and _age(known) <= SECONDS_KEYS_ARE_USED else _read()


def current() -> KeySet:
    """Return the current keys, outside a transaction. Raises Unavailable."""
    return _read() if settings.algorithm != "HS256" and _is_due(_loaded) else key_set()


def loaded() -> KeySet | None:
    """Return the keys that this process knows, without reading them."""
    if settings.algorithm == "HS256":
        return key_set()
    known = _loaded
    return known[1] if known else None


def are_stale() -> bool:
    """Return whether the next transaction needs a `refresh`."""
    return settings.algorithm != "HS256" and (_is_due(_loaded) or _lacks_keys())


def refresh() -> None:
    """Read the keys before a transaction, and create those that another server has ended.

    If the database is unavailable, the transaction will say so.
    """
    with contextlib.suppress(SQLAlchemyError, errors.Unavailable):
        current()
        # In one thread, and not again before the transaction that creates them.
        if _lacks_keys() and _creating.acquire(blocking=False):
            try:
                with database.transaction() as db:
                    database.serialize(db, "signing keys")
                    _create_missing(db)
            finally:
                _creating.release()


database.before_transactions.append((are_stale, refresh))


def _lacks_keys() -> bool:
    known = _loaded  # which another thread may replace
    return known is not None and bool(known[1].ended) and not known[1].ended.isdisjoint(algorithms())


def _is_due(known: tuple[float, KeySet] | None) -> bool:
    return known is None or time.monotonic() - max(known[0], _tried_at) > SECONDS_KEYS_ARE_CACHED


def _age(known: tuple[float, KeySet]) -> float:
    return time.monotonic() - known[0]


def _read() -> KeySet:
    """Read the keys in one thread. Others use the keys that they have, unless these may lack one that already signs."""
    global _loaded, _tried_at
    known = _loaded
    if known is not None and _age(known) <= SECONDS_KEYS_ARE_SHARED:
        if not _loading.acquire(blocking=False):
            return known[1]
    else:
        _loading.acquire()
    try:
        known = _loaded
        if _is_due(known):
            _tried_at = time.monotonic()
            known = _loaded = (_tried_at, _load())
    except (SQLAlchemyError, errors.Unavailable):
        if known is None:
            raise  # otherwise the last keys still verify tokens
    finally:
        _loading.release()
    assert known is not None  # else it would have been due
    return known[1]


@functools.lru_cache(maxsize=1)
def _shared_secret_keys(*secrets: str) -> KeySet:
    keys = [Key("", "HS256", secret, secret) for secret in secrets if secret]
    return KeySet(keys[0], tuple(keys), {"HS256": keys[0]})


def _load() -> KeySet:
    rows = database.read_separately(
        select(
            SigningKey.kid, SigningKey.algorithm, SigningKey.private_key, SigningKey.signs_from, SigningKey.signs_until
        )
        .where((SigningKey.signs_until.is_(None)) | (SigningKey.signs_until > _expired_before()))
        .order_by(SigningKey.created_at)
    )
    opened = [(row, _open(row.kid, row.algorithm, row.private_key)) for row in rows]
    keys = [key for _, key in opened if key]
    used = [(row, key) for row, key in opened if key and row.signs_from]
    # During a rolling restart, a server with another ALGORITHM or JWT_SECRET may have ended the last key that this
    # server can use. The key signs until `refresh` has created another.
    ended = {key.algorithm: key for row, key in used if row.signs_until}
    current = {key.algorithm: key for row, key in reversed(used) if not row.signs_until}
    by_algorithm = ended | current
    if settings.algorithm not in by_algorithm:
        raise errors.Unavailable()  # startup has not created them yet, or has replaced them in another process
    # Those that sign access tokens come first, because each token is tried with one key after the other.
    keys.sort(key=lambda key: key.algorithm != settings.algorithm)
    return KeySet(
        by_algorithm[settings.algorithm], tuple(keys), by_algorithm, frozenset(by_algorithm) - frozenset(current)
    )


def _expired_before() -> datetime:
    """Return the time before which a key must have stopped signing for all of its tokens to be expired.

    Includes a minute for workers that read the new keys late.
    """
    longest = max(settings.access_token_expire_minutes, CLIENT_TOKEN_MINUTES if settings.oidc_provider else 0)
    return models.now() - timedelta(minutes=longest + 1)


_opened_keys: dict[str, Key | None] = {}


def _open(kid: str, algorithm: str, sealed: str) -> Key | None:
    """Return a key, or None if a process with another root secret created it."""
    if kid not in _opened_keys:
        try:
            pem = signing.unseal("signing_keys", sealed, stored=True)
            # Only this service could encrypt it. The check of an RSA key takes a hundredth of a second.
            private = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
        except InvalidToken:
            log.error("signing key unusable: a server with another JWT_SECRET created it; give all the same", kid=kid)
            _opened_keys[kid] = None
        else:
            _opened_keys[kid] = Key(kid, algorithm, private, private.public_key())
    return _opened_keys[kid]


# ------------------------------------------------------------------------------------------------------------- rotation


def ensure_keys(db: Session) -> None:
    """Create the keys that the algorithm needs, if they do not exist. Safe for concurrent starts."""
    if settings.algorithm == "HS256":
        return
    database.serialize(db, "signing keys")
    _reseal(db)
    current = db.scalars(select(SigningKey).where(SigningKey.signs_until.is_(None))).all()
    for key in current:
        if key.algorithm not in algorithms():  # used before
            key.signs_from, key.signs_until = key.signs_from or models.now(), models.now()
    db.flush()
    _create_missing(db)


def _create_missing(db: Session) -> None:
    signing_now = SigningKey.signs_from.is_not(None), SigningKey.signs_until.is_(None)
    current = db.scalars(select(SigningKey).where(*signing_now))
    for algorithm in algorithms() - {key.algorithm for key in current if _is_readable(key)}:
        _create_key(db, algorithm, signs_from=models.now())
        _create_key(db, algorithm)
        after_commit.call(db, _forget)


def _forget() -> None:
    """Read the keys again before the next transaction."""
    global _loaded
    _loaded = None


def are_readable(db: Session) -> bool:
    """Return whether JWT_SECRET has encrypted the current keys."""
    return all(map(_is_readable, db.scalars(select(SigningKey).where(SigningKey.signs_until.is_(None)))))


def _is_readable(key: SigningKey) -> bool:
    return signing.reseal("signing_keys", key.private_key) is not None


def algorithms() -> set[str]:
    """Return the algorithms for which there are keys.

    The OAuth provider signs ID tokens with the algorithm that each client has chosen.
    """
    return {*KEY_GENERATORS} if settings.oidc_provider else {settings.algorithm}


def _reseal(db: Session) -> None:
    """Encrypt the keys with the current root secret, so that the previous one can be removed."""
    for key in db.scalars(select(SigningKey)):
        sealed = signing.reseal("signing_keys", key.private_key)
        if sealed is not None:
            key.private_key = sealed
        elif key.signs_until is None:  # kept for servers that have the right secret
            log.warning("signing key replaced: it was encrypted with an unknown JWT_SECRET", kid=key.kid)
            key.signs_from, key.signs_until = key.signs_from or models.now(), models.now()
    db.flush()


def rotate(db: Session, caller: CallerInfo = audit.SYSTEM, actor_id: str | None = None) -> str | None:
    """Sign with the next key of each algorithm from now on, publish new next keys, and return the id of the key that
    signs access tokens.

    Existing tokens stay valid. Returns None, without a rotation, while a next key was published so recently that not
    every worker knows it.
    """
    database.serialize(db, "signing keys")
    current: dict[str, list[SigningKey]] = {}
    statement = select(SigningKey).where(SigningKey.signs_until.is_(None)).order_by(SigningKey.created_at)
    for key in db.scalars(statement):
        current.setdefault(key.algorithm, []).append(key)
    newest = max(keys[-1].created_at for keys in current.values())
    if models.now() - newest < timedelta(seconds=SECONDS_PUBLISHED_BEFORE_USE):
        return None
    for algorithm, keys in current.items():
        for ended in keys[:-1]:  # more than one, if servers had different settings
            ended.signs_from, ended.signs_until = ended.signs_from or models.now(), models.now()
        keys[-1].signs_from = models.now()
        _create_key(db, algorithm)
        audit.record(db, caller, "keys.rotated", None, actor_id=actor_id, kid=keys[-1].kid)
    return current[settings.algorithm][-1].kid


def rotate_if_due(db: Session) -> None:
    """Rotate the keys if the current one has signed for JWT_KEY_ROTATION_DAYS. One of several workers does it."""
    if settings.algorithm == "HS256":
        return
    database.serialize(db, "signing keys")
    oldest = models.now() - timedelta(days=settings.jwt_key_rotation_days)
    if db.scalar(select(SigningKey.kid).where(SigningKey.signs_until.is_(None), SigningKey.signs_from < oldest)):
        rotate(db)


def delete_expired_keys(db: Session) -> None:
    """Delete keys whose tokens have all expired."""
    db.execute(delete(SigningKey).where(SigningKey.signs_until < _expired_before() - timedelta(days=1)))


def _create_key(db: Session, algorithm: str, signs_from: datetime | None = None) -> None:
    pem = KEY_GENERATORS[algorithm]().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kid = models.new_id()
    db.add(
        SigningKey(kid=kid, algorithm=algorithm, private_key=signing.seal("signing_keys", pem), signs_from=signs_from)
    )
    db.flush()
    audit.record(db, audit.SYSTEM, "keys.made", None, kid=kid)
