"""Keys derived from the root secret and a salt, and what is signed or sealed with them.

What a value means is not known here: `tokens` and `sessions` give it a label, and a value signed under one label is
worth nothing under another.

The salt is random and is kept in the database. A service that was given the root secret to verify HS256 access tokens
does not have it, so it cannot make a refresh token, a link, a code or a state.

Installations of before the salt existed signed with keys derived from the root secret alone, "unsalted". Those keys go
on signing until `Salt.unsalted_until`, so that servers of the last release can still run. Afterwards they only verify
what was made before that time: callers check that with the row that a value points to.
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

LONGEST_TOKEN = 4096
SECONDS_SERVERS_DISAGREE = 60  # about the moment from which keys are salted
MINUTES_AN_UNSALTED_SEAL_IS_READ = 15  # longer than an OAuth flow may take


class Salt(NamedTuple):
    """The salt of this installation.

    unsalted_until: when keys without the salt stop signing; None where there never were any.
    """

    value: bytes
    unsalted_until: datetime | None


class Signed(NamedTuple):
    """A value whose signature is right, and whether it was made with a key without the salt."""

    value: str
    unsalted: bool


_salt: Salt | None = None


def use_salt(salt: Salt) -> None:
    """Derive keys with this salt from now on."""
    global _salt
    _salt = salt


def _salt_of_now() -> Salt:
    if _salt is None:
        raise errors.Unavailable()  # it is in the database, which has not been in reach yet
    return _salt


def is_salted() -> bool:
    """Return whether what is signed now is signed with the salt. Raises Unavailable."""
    until = _salt_of_now().unsalted_until
    return until is None or datetime.now(UTC) >= until


def may_be_unsalted(created_at: datetime) -> bool:
    """Return whether a value for a row of that age may have been signed without the salt."""
    until = _salt_of_now().unsalted_until
    return until is not None and created_at < until + timedelta(seconds=SECONDS_SERVERS_DISAGREE)


@functools.cache
def _derived(label: str, salt: bytes | None, *roots: str) -> list[bytes]:
    """One key for each root secret, by HKDF (RFC 5869); the first one signs, all of them verify."""
    info = b"credential-service:" + label.encode()
    return [HKDF(SHA256(), 32, salt, info).derive(root.encode()) for root in roots if root]


def _keys(label: str, *, salted: bool) -> list[bytes]:
    roots = (settings.jwt_secret, settings.jwt_secret_previous)
    if label == "refresh_token":
        roots = (settings.refresh_token_secret_key, "") if settings.refresh_token_secret_key else roots
    return _derived(label, _salt_of_now().value if salted else None, *roots)


def _mac(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def sign(label: str, value: str, *, salted: bool | None = None) -> str:
    """Return `value` with its signature, safe in a URL.

    salted: whether the key has the salt; where it is not given, whatever holds at this moment.
    """
    key = _keys(label, salted=is_salted() if salted is None else salted)[0]
    return f"{value}.{_mac(key, value)}"


def unsign(label: str, raw: str) -> Signed | None:
    """Return the value that was signed under this label, with or without the salt.

    None for anything else. Compares text, so a token has one spelling only. The caller must refuse an unsalted value
    that may not be one. A fresh installation knows none.
    """
    value, _, mac = raw.rpartition(".")
    if not raw.isascii() or len(raw) > LONGEST_TOKEN:
        return None
    for salted in (True, False) if _salt_of_now().unsalted_until else (True,):
        if True in [hmac.compare_digest(_mac(key, value), mac) for key in _keys(label, salted=salted)]:
            return Signed(value, not salted)
    return None


def fingerprint(label: str, value: str) -> str:
    """What stands for a value where it is only to be recognised.

    It outlives a change of the secret for as long as the old one is set.
    """
    return _mac(_keys(label, salted=is_salted())[-1], value)


def digits(label: str, value: str) -> str:
    """A 6-digit code that follows from the value, so that it need not be stored."""
    return _digits(_keys(label, salted=is_salted())[0], value)


def digits_match(label: str, value: str, code: str, *, unsalted: bool) -> bool:
    """Compare a code. `unsalted`: whether it may have been made without the salt."""
    known = _keys(label, salted=True) + (_keys(label, salted=False) if unsalted else [])
    return True in [hmac.compare_digest(_digits(key, value).encode(), code.encode()) for key in known]


def _digits(key: bytes, value: str) -> str:
    return f"{int(_mac(key, value), 16) % 1_000_000:06d}"


def seal(label: str, secret: bytes) -> str:
    """Encrypted, so that it may lie in the database."""
    return _safe(_keys(label, salted=is_salted())).encrypt(secret).decode()


def unseal(label: str, sealed: str, *, stored: bool = False) -> bytes:
    """What was sealed under this label, with the root secret of now or the one before.

    stored: whether it comes from our own database. Only there a value without the salt is read at any age: to plant one
    takes the right to write to the database.

    Raises InvalidToken of cryptography.
    """
    until = _salt_of_now().unsalted_until
    readable = until and (stored or datetime.now(UTC) < until + timedelta(minutes=MINUTES_AN_UNSALTED_SEAL_IS_READ))
    return _safe(_keys(label, salted=True) + (_keys(label, salted=False) if readable else [])).decrypt(sealed.encode())


def resealed(label: str, sealed: str) -> str | None:
    """The same, sealed with the root secret of now; None where it was sealed with a secret that nobody gave us."""
    try:
        return seal(label, unseal(label, sealed, stored=True))
    except InvalidToken:
        return None


def _safe(keys: list[bytes]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
