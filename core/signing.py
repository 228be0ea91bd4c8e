"""Derive keys from the root secret and a salt, and sign and encrypt values with them.

Each kind of value has a label. A value that was signed under one label is invalid under another.

The salt is random and stored in the database. A service that shares the root secret to verify HS256 access tokens does
not have the salt, and therefore cannot create a refresh token, link, code or state.

Installations from before the salt existed signed with keys derived from the root secret alone ("unsalted"). Those keys
sign until `Salt.unsalted_until`, so that servers of the previous release can still run. Afterwards they only verify
values from before that time. Callers check the age of a value with the row that it points to.
"""

import base64
import functools
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import errors
from settings.loading import settings

MAX_TOKEN_LENGTH = 4096
SECONDS_OF_CLOCK_SKEW = 60  # between servers, about the moment from which keys are salted
MINUTES_UNSALTED_VALUES_ARE_READ = 15  # longer than an OAuth flow may take


class Salt(NamedTuple):
    """The salt of this installation.

    unsalted_until: when keys without the salt stop signing, or None if there never were any.
    """

    value: bytes
    unsalted_until: datetime | None


class Signed(NamedTuple):
    """A value with a valid signature, and whether its key is unsalted."""

    value: str
    unsalted: bool


_salt: Salt | None = None


def use_salt(salt: Salt) -> None:
    """Derive keys with this salt from now on."""
    global _salt
    _salt = salt


def _current_salt() -> Salt:
    if _salt is None:
        raise errors.Unavailable()  # not yet loaded from the database
    return _salt


def is_salted() -> bool:
    """Return whether values are currently signed with the salt. Raises Unavailable."""
    until = _current_salt().unsalted_until
    return until is None or datetime.now(UTC) >= until


def may_be_unsalted(created_at: datetime) -> bool:
    """Return whether a value for a row of this age may be signed without the salt."""
    until = _current_salt().unsalted_until
    return until is not None and created_at < until + timedelta(seconds=SECONDS_OF_CLOCK_SKEW)


@functools.cache
def _derived(label: str, salt: bytes | None, *roots: str) -> list[bytes]:
    """Derive a key from each root secret with HKDF (RFC 5869). The first one signs, all of them verify."""
    info = b"credential-service:" + label.encode()
    return [HKDF(SHA256(), 32, salt, info).derive(root.encode()) for root in roots if root]


def _keys(label: str, *, salted: bool) -> list[bytes]:
    roots = (settings.jwt_secret, settings.jwt_secret_previous)
    if label == "refresh_token":
        roots = (settings.refresh_token_secret_key, "") if settings.refresh_token_secret_key else roots
    return _derived(label, _current_salt().value if salted else None, *roots)


def _mac(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def sign(label: str, value: str, *, salted: bool | None = None) -> str:
    """Return a value with its signature, safe for URLs.

    salted: whether the key has the salt. By default, as `is_salted` returns.
    """
    key = _keys(label, salted=is_salted() if salted is None else salted)[0]
    return f"{value}.{_mac(key, value)}"


def unsign(label: str, raw: str) -> Signed | None:
    """Return the value that was signed under this label, with or without the salt, or None.

    Compares text, so a token has exactly one valid encoding. The caller must reject an unsalted value that must be
    salted. In a new installation all values are salted.
    """
    value, _, mac = raw.rpartition(".")
    if not raw.isascii() or len(raw) > MAX_TOKEN_LENGTH:
        return None
    for salted in (True, False) if _current_salt().unsalted_until else (True,):
        if True in [hmac.compare_digest(_mac(key, value), mac) for key in _keys(label, salted=salted)]:
            return Signed(value, not salted)
    return None


def fingerprint(label: str, value: str) -> str:
    """Return a keyed hash of a value that is only compared.

    It uses the previous secret if one is set, so that it does not change while the secret is replaced.
    """
    return _mac(_keys(label, salted=is_salted())[-1], value)


def fingerprints(label: str, value: str) -> list[str]:
    """Return the keyed hashes of a value with the current and, if one is set, the previous root secret.

    The first one is for new values. Both are salted, so use them only for values that never existed without a salt.
    Raises Unavailable.
    """
    return [_mac(key, value) for key in _keys(label, salted=True)]


def permanent_fingerprint(label: str, value: str) -> str:
    """Return a keyed hash of a value that stays the same when the root secret is replaced.

    Its key is derived from the salt alone, so use it only for values that need no protection from who can read the
    database. Raises Unavailable.
    """
    return _mac(_derived(f"permanent:{label}", None, _current_salt().value.hex())[0], value)


def digits(label: str, value: str) -> str:
    """Return a 6-digit code that is derived from a value, so that it need not be stored."""
    return _digits(_keys(label, salted=is_salted())[0], value)


def digits_match(label: str, value: str, code: str, *, unsalted: bool) -> bool:
    """Return whether a code is correct.

    unsalted: whether it may have been derived without the salt.
    """
    known = _keys(label, salted=True) + (_keys(label, salted=False) if unsalted else [])
    return True in [hmac.compare_digest(_digits(key, value).encode(), code.encode()) for key in known]


def _digits(key: bytes, value: str) -> str:
    return f"{int(_mac(key, value), 16) % 1_000_000:06d}"


def seal(label: str, secret: bytes) -> str:
    """Encrypt a secret for storage in the database."""
    return _cipher(_keys(label, salted=is_salted())).encrypt(secret).decode()


def unseal(label: str, sealed: str, *, stored: bool = False) -> bytes:
    """Decrypt a value that was encrypted under this label, with the current or the previous root secret.

    stored: whether it comes from the database. Only then an unsalted value of any age is accepted: planting one there
        requires write access.

    Raises InvalidToken of cryptography.
    """
    until = _current_salt().unsalted_until
    readable = until and (stored or datetime.now(UTC) < until + timedelta(minutes=MINUTES_UNSALTED_VALUES_ARE_READ))
    return _cipher(_keys(label, salted=True) + (_keys(label, salted=False) if readable else [])).decrypt(
        sealed.encode()
    )


def reseal(label: str, sealed: str) -> str | None:
    """Encrypt a value with the current root secret. Returns None if its secret is unknown."""
    try:
        return seal(label, unseal(label, sealed, stored=True))
    except InvalidToken:
        return None


def is_sealed_with_current_secret(label: str, sealed: str) -> bool:
    """Return whether a value was encrypted with the current root secret, and not with the previous one."""
    current = _cipher(_keys(label, salted=is_salted())[:1])
    try:
        current.decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _cipher(keys: list[bytes]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
