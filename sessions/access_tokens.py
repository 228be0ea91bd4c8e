"""The access token: a JWT (RFC 9068), the keys that sign it, and what is published of them.

HS256 signs with the root secret. RS256, ES256 and EdDSA sign with keys that live in the database, encrypted: the one
that signs, the next one, which is published before it signs, and those whose tokens have not died yet. Every worker
looks at the database once a second at most, so that a rotation needs no restart.
"""

import base64
import functools
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from core import signing
from sessions.models import SigningKey
from settings.loading import settings
from telemetry import logs

log = logs.logger()

TYPE = "at+jwt"
CLAIMS = ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "email", "email_verified", "roles"]
LONGEST = 6144  # `roles.LONGEST_IN_A_TOKEN` keeps a token below it
SECONDS_OF_LEEWAY = 5  # the clocks of two machines are never quite the same
THREE_PARTS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
SANE_ID = re.compile(r"[\x21-\x7e]{1,64}")
SECONDS_A_RING_COUNTS = 1.0
SECONDS_PUBLISHED_BEFORE_USE = 4.0  # every worker has looked by then
MAKERS: dict[str, Callable[[], Any]] = {
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


@dataclass(frozen=True, eq=False)
class Key:
    """A key and the one algorithm that it is for. Made once, and the same only as itself."""

    kid: str
    algorithm: str
    private: Any
    public: Any


class Ring(NamedTuple):
    """The keys of one moment."""

    signs: Key
    verify: tuple[Key, ...]


def issue(claims: dict[str, Any]) -> str:
    """Return a signed access token with these claims, and our issuer and audience.

    It can always be read: where an account has more roles than a token has room for, which it may from before they were
    bounded, the token names none. This service asks the database for them anyway.
    """
    key = _ring().signs
    headers = {"typ": TYPE} | ({"kid": key.kid} if key.kid else {})
    everything = {"iss": settings.jwt_issuer, "aud": settings.jwt_audience, **claims}
    token = jwt.encode(everything, key.private, key.algorithm, headers)
    if len(token) > LONGEST:
        token = jwt.encode({**everything, "roles": []}, key.private, key.algorithm, headers)
    return token


def read(raw: str) -> dict[str, Any] | None:
    """The claims of an access token of ours that has not expired; None for anything else.

    PyJWT by itself takes a token with no `exp`, of another `typ` or of any algorithm: all are pinned here (RFC 8725).
    Nothing in the header is believed but the name of a key that we know.
    """
    if len(raw) > LONGEST or not _is_canonical(raw):
        return None
    for key in _ring().verify:
        try:
            claims = _verified(raw, key, settings.jwt_issuer, settings.jwt_audience)
        except (jwt.PyJWTError, ValueError):
            continue
        if claims["exp"] > time.time() - SECONDS_OF_LEEWAY:
            return claims
    return None


def _is_canonical(raw: str) -> bool:
    """Return whether a token is spelt in the one way that RFC 7515 (section 2) knows.

    Python's decoder skips padding, foreign characters and unused bits, so one signature would have many spellings.
    """
    return THREE_PARTS.fullmatch(raw) is not None and all(map(_is_base64url, raw.split(".")))


def _is_base64url(part: str) -> bool:
    try:
        decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return False
    return base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() == part


# A person shows the same token again and again; what a key has signed stays signed. Refusals are not kept.
@functools.lru_cache(maxsize=1024)
def _verified(raw: str, key: Key, issuer: str, audience: str) -> dict[str, Any]:
    if key.kid and jwt.get_unverified_header(raw).get("kid") != key.kid:
        raise jwt.InvalidKeyError()
    token = jwt.decode_complete(
        raw,
        key.public,
        [key.algorithm],
        audience=audience,
        issuer=issuer,
        leeway=SECONDS_OF_LEEWAY,
        options={"require": CLAIMS},
    )
    if str(token["header"].get("typ")).lower() != TYPE or not _are_sane(token["payload"]):
        raise jwt.InvalidTokenError()
    return dict(token["payload"])


def _are_sane(claims: dict[str, Any]) -> bool:
    # A token of before `auth_time` was added has none, and is good until it expires.
    ids, times = (claims["sid"], claims["sub"]), (claims["iat"], claims["exp"], claims.get("auth_time", 0))
    return all(isinstance(each, str) and SANE_ID.fullmatch(each) for each in ids) and all(
        type(each) is int for each in times
    )


def published() -> list[dict[str, Any]]:
    """The public keys as JWKs (RFC 7517): none for HS256."""
    return [_jwk(key) for key in _ring().verify if key.kid]


def _jwk(key: Key) -> dict[str, Any]:
    form: Any = jwt.get_algorithm_by_name(key.algorithm)
    jwk: dict[str, Any] = form.to_jwk(key.public, as_dict=True)
    return jwk | {"kid": key.kid, "use": "sig", "alg": key.algorithm}


# ------------------------------------------------------------------------------------------------- the keys in use now

_loading = threading.Lock()
_loaded: tuple[float, Ring] | None = None


def _ring() -> Ring:
    if settings.algorithm == "HS256":
        return _shared(settings.jwt_secret, settings.jwt_secret_previous)
    global _loaded
    if _loaded is None or time.monotonic() - _loaded[0] > SECONDS_A_RING_COUNTS:
        with _loading:
            if _loaded is None or time.monotonic() - _loaded[0] > SECONDS_A_RING_COUNTS:
                _loaded = (time.monotonic(), _load_or_keep())
    return _loaded[1]


@functools.lru_cache(maxsize=1)
def _shared(*secrets: str) -> Ring:
    keys = [Key("", "HS256", secret, secret) for secret in secrets if secret]
    return Ring(keys[0], tuple(keys))


def _load_or_keep() -> Ring:
    try:
        return _load()
    except (SQLAlchemyError, errors.Unavailable):
        if _loaded is None:
            raise
        return _loaded[1]  # while the database is away, the keys of a moment ago still tell forgeries


def _load() -> Ring:
    rows = database.read_separately(
        select(
            SigningKey.kid, SigningKey.algorithm, SigningKey.private_key, SigningKey.signs_from, SigningKey.signs_until
        )
        .where((SigningKey.signs_until.is_(None)) | (SigningKey.signs_until > _dead_since()))
        .order_by(SigningKey.created_at)
    )
    keys = [_opened(row.kid, row.algorithm, row.private_key) for row in rows]
    signs = [key for key, row in zip(keys, rows, strict=True) if row.signs_from and not row.signs_until]
    if not signs:
        raise errors.Unavailable()  # the start has not made them yet
    return Ring(signs[0], tuple(keys))


def _dead_since() -> datetime:
    """Tokens of a key that stopped signing before then have all expired.

    A minute more for workers that learned of it late.
    """
    return models.now() - timedelta(minutes=settings.access_token_expire_minutes + 1)


_known: dict[str, Key] = {}


def _opened(kid: str, algorithm: str, sealed: str) -> Key:
    if kid not in _known:
        private = serialization.load_pem_private_key(signing.unseal("signing_keys", sealed, stored=True), None)
        _known[kid] = Key(kid, algorithm, private, private.public_key())
    return _known[kid]


# ------------------------------------------------------------------------------------------------------------- rotation


def ensure_keys(db: Session) -> None:
    """Make the keys that the algorithm needs, unless they are there. Any number of starts may do so at once."""
    if settings.algorithm == "HS256":
        return
    database.serialize(db, "signing keys")
    _reseal(db)
    alive = db.scalars(select(SigningKey).where(SigningKey.signs_until.is_(None))).all()
    if any(key.algorithm == settings.algorithm and key.signs_from for key in alive):
        return
    for key in alive:  # of another algorithm, which was used before
        key.signs_from, key.signs_until = key.signs_from or models.now(), models.now()
    _make(db, signs_from=models.now())
    _make(db)


def _reseal(db: Session) -> None:
    """After a change of the root secret, the keys must not depend on the one before it."""
    for key in db.scalars(select(SigningKey)):
        sealed = signing.resealed("signing_keys", key.private_key)
        if sealed is None:
            log.warning(
                "a signing key was sealed with another JWT_SECRET and is given up; its tokens are too", kid=key.kid
            )
            db.delete(key)
        else:
            key.private_key = sealed
    db.flush()


def rotate(db: Session) -> str | None:
    """Sign with the next key from now on, and publish a new next one.

    The key that signs now. Tokens of the last stay good.

    None, and nothing is done, while the next key has been published for so short a time that not everybody knows it.
    """
    database.serialize(db, "signing keys")
    alive = db.scalars(select(SigningKey).where(SigningKey.signs_until.is_(None)).order_by(SigningKey.created_at)).all()
    last, following = alive[0], alive[-1]
    if models.now() - following.created_at < timedelta(seconds=SECONDS_PUBLISHED_BEFORE_USE):
        return None
    last.signs_until = following.signs_from = models.now()
    _make(db)
    audit.record(db, audit.SYSTEM, "keys.rotated", None, kid=following.kid)
    return following.kid


def rotate_if_due(db: Session) -> None:
    """Rotate when the key has signed for JWT_KEY_ROTATION_DAYS. Of several workers, one does."""
    if settings.algorithm == "HS256":
        return
    database.serialize(db, "signing keys")
    begun = models.now() - timedelta(days=settings.jwt_key_rotation_days)
    if db.scalar(select(SigningKey.kid).where(SigningKey.signs_until.is_(None), SigningKey.signs_from < begun)):
        rotate(db)


def delete_expired_keys(db: Session) -> None:
    db.execute(delete(SigningKey).where(SigningKey.signs_until < _dead_since() - timedelta(days=1)))


def _make(db: Session, signs_from: datetime | None = None) -> None:
    pem = MAKERS[settings.algorithm]().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kid = models.new_id()
    db.add(
        SigningKey(
            kid=kid, algorithm=settings.algorithm, private_key=signing.seal("signing_keys", pem), signs_from=signs_from
        )
    )
    db.flush()
    audit.record(db, audit.SYSTEM, "keys.made", None, kid=kid)
