"""Issue and verify access tokens (JWT, RFC 9068), and manage and publish the keys that sign them.

HS256 signs with the root secret. RS256, ES256 and EdDSA sign with encrypted keys in the database: the current one, the
next one, which is published before it signs, and previous ones whose tokens have not expired yet. Each worker reads the
keys once a second at most, so that a rotation needs no restart.
"""

import base64
import functools
import json
import re
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
from jwt.algorithms import HMACAlgorithm
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from core import signing
from core.client_address import CallerInfo
from sessions.models import SigningKey
from settings.loading import settings
from telemetry import logs

log = logs.logger()

TYPE = "at+jwt"
CLAIMS = ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "email", "email_verified", "roles"]
MAX_LENGTH = 6144  # `roles.MAX_CHARACTERS_IN_TOKEN` keeps a token below it
CLIENT_TOKEN_MINUTES = 1440  # an OAuth client may have access tokens that are valid for a day
SECONDS_OF_LEEWAY = 5  # clocks of different machines differ
JWT_FORMAT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
VALID_ID = re.compile(r"[\x21-\x7e]{1,64}")
SECONDS_KEYS_ARE_CACHED = 1.0
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


def issue(claims: dict[str, Any]) -> str:
    """Return a signed access token with these claims, the issuer and the audience.

    If the token would be too long to be read, its `roles` are empty: an account may have too many roles from before
    they were limited. This service reads roles from the database anyway.
    """
    key = key_set().signs
    headers = {"typ": TYPE} | ({"kid": key.kid} if key.kid else {})
    claims_ = {"iss": settings.jwt_issuer, "aud": settings.jwt_audience, **claims}
    token = _signed(claims_, key, headers)
    return token if len(token) <= MAX_LENGTH else _signed({**claims_, "roles": []}, key, headers)


class _CheckedSecret(HMACAlgorithm):
    """HMAC with a secret that is checked once. PyJWT checks before each signature that it is not a public key."""

    prepare_key = functools.lru_cache(maxsize=2)(HMACAlgorithm.prepare_key)


_signer = jwt.PyJWS()
_signer.unregister_algorithm("HS256")
_signer.register_algorithm("HS256", _CheckedSecret(HMACAlgorithm.SHA256))


def _signed(claims: dict[str, Any], key: Key, headers: dict[str, str]) -> str:
    return _signer.encode(json.dumps(claims, separators=(",", ":")).encode(), key.private, key.algorithm, headers)


def read(raw: str) -> dict[str, Any] | None:
    """Return the claims of a valid access token of this service, or None.

    PyJWT alone accepts tokens without `exp`, with another `typ` or any algorithm: all are checked here (RFC 8725). Of
    the header, only the key id is used.
    """
    if len(raw) > MAX_LENGTH:
        return None
    for key in key_set().verify:
        try:
            claims = _verified(raw, key, settings.jwt_issuer, settings.jwt_audience)
        except (jwt.PyJWTError, ValueError):
            continue
        if claims["exp"] > time.time() - SECONDS_OF_LEEWAY:
            return claims
    return None


def is_canonical(raw: str) -> bool:
    """Return whether a token has the one encoding that RFC 7515, section 2 allows.

    Python's decoder ignores padding, invalid characters and unused bits, so a signature would have many encodings.
    """
    return JWT_FORMAT.fullmatch(raw) is not None and all(map(_is_base64url, raw.split(".")))


def _is_base64url(part: str) -> bool:
    try:
        decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return False
    return base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() == part


# Clients send the same token many times, and a valid signature stays valid. Failures are not cached.
@functools.lru_cache(maxsize=1024)
def _verified(raw: str, key: Key, issuer: str, audience: str) -> dict[str, Any]:
    if not is_canonical(raw):
        raise jwt.DecodeError()
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
    if str(token["header"].get("typ")).lower() != TYPE or not _are_valid(token["payload"]):
        raise jwt.InvalidTokenError()
    return dict(token["payload"])


def _are_valid(claims: dict[str, Any]) -> bool:
    # Tokens issued before `auth_time` was added do not contain it, and are valid until they expire.
    ids, times = (claims["sid"], claims["sub"]), (claims["iat"], claims["exp"], claims.get("auth_time", 0))
    return all(isinstance(each, str) and VALID_ID.fullmatch(each) for each in ids) and all(
        type(each) is int for each in times
    )


def signing_key_id() -> str:
    """Return the id of the key that signs. Empty for HS256."""
    return key_set().signs.kid


def sign_detached(content: bytes, headers: dict[str, Any]) -> str:
    """Return a detached JWS (RFC 7515, appendix F). Its `typ` must differ from that of an access token."""
    key = key_set().signs
    whole = jwt.api_jws.encode(content, key.private, key.algorithm, {"kid": key.kid, **headers})
    header, _, signature = whole.split(".")
    return f"{header}..{signature}"


def published() -> list[dict[str, Any]]:
    """Return the public keys as JWKs (RFC 7517). Empty for HS256."""
    return [_jwk(key) for key in key_set().verify if key.kid]


def _jwk(key: Key) -> dict[str, Any]:
    form: Any = jwt.get_algorithm_by_name(key.algorithm)
    jwk: dict[str, Any] = form.to_jwk(key.public, as_dict=True)
    return jwk | {"kid": key.kid, "use": "sig", "alg": key.algorithm}


# --------------------------------------------------------------------------------------------------------- current keys

_loading = threading.Lock()
_loaded: tuple[float, KeySet] | None = None


def key_set() -> KeySet:
    """Return the current keys. Raises Unavailable."""
    if settings.algorithm == "HS256":
        return _shared_secret_keys(settings.jwt_secret, settings.jwt_secret_previous)
    global _loaded
    if _loaded is None or time.monotonic() - _loaded[0] > SECONDS_KEYS_ARE_CACHED:
        with _loading:
            if _loaded is None or time.monotonic() - _loaded[0] > SECONDS_KEYS_ARE_CACHED:
                _loaded = (time.monotonic(), _load_or_keep())
    return _loaded[1]


@functools.lru_cache(maxsize=1)
def _shared_secret_keys(*secrets: str) -> KeySet:
    keys = [Key("", "HS256", secret, secret) for secret in secrets if secret]
    return KeySet(keys[0], tuple(keys), {"HS256": keys[0]})


def _load_or_keep() -> KeySet:
    try:
        return _load()
    except (SQLAlchemyError, errors.Unavailable):
        if _loaded is None:
            raise
        return _loaded[1]  # meanwhile the last keys still verify tokens


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
    signing_now = [key for row, key in opened if key and row.signs_from and not row.signs_until]
    by_algorithm = {key.algorithm: key for key in reversed(signing_now)}
    if settings.algorithm not in by_algorithm:
        raise errors.Unavailable()  # startup has not created them yet, or has replaced them in another process
    # Those that sign access tokens come first, because each token is tried with one key after the other.
    keys.sort(key=lambda key: key.algorithm != settings.algorithm)
    return KeySet(by_algorithm[settings.algorithm], tuple(keys), by_algorithm)


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
            private = serialization.load_pem_private_key(signing.unseal("signing_keys", sealed, stored=True), None)
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
    for algorithm in algorithms() - {key.algorithm for key in current if key.signs_from}:
        _create_key(db, algorithm, signs_from=models.now())
        _create_key(db, algorithm)


def algorithms() -> set[str]:
    """Return the algorithms for which there are keys.

    The OAuth provider signs ID tokens with the algorithm that each client has chosen.
    """
    return {*KEY_GENERATORS} if settings.oidc_provider else {settings.algorithm}


def _reseal(db: Session) -> None:
    """Encrypt the keys with the current root secret, so that the previous one can be removed."""
    for key in db.scalars(select(SigningKey)):
        sealed = signing.reseal("signing_keys", key.private_key)
        if sealed is None:
            log.warning("signing key deleted: it was encrypted with an unknown JWT_SECRET", kid=key.kid)
            db.delete(key)
        else:
            key.private_key = sealed
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
        keys[0].signs_until = keys[-1].signs_from = models.now()
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
