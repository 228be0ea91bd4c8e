"""Keys derived from the root secret, and what is signed or sealed with them.

What a value means is not known here: `tokens` and `sessions` give it a label, and a value signed under one label is
worth nothing under another.
"""

import base64
import functools
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from settings.loading import settings

LONGEST_TOKEN = 4096


@functools.cache
def _keys(label: str, *roots: str) -> list[bytes]:
    """One key for each root secret, by HKDF (RFC 5869); the first one signs, all of them verify."""
    return [
        HKDF(SHA256(), 32, None, b"credential-service:" + label.encode()).derive(root.encode())
        for root in roots
        if root
    ]


def keys(label: str) -> list[bytes]:
    roots = (settings.jwt_secret, settings.jwt_secret_previous)
    if label == "refresh_token":
        roots = (settings.refresh_token_secret_key, "") if settings.refresh_token_secret_key else roots
    return _keys(label, *roots)


def _mac(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def sign(label: str, value: str) -> str:
    """`value` with its signature, safe in a URL."""
    return f"{value}.{_mac(keys(label)[0], value)}"


def unsign(label: str, raw: str) -> str | None:
    """The value that was signed under this label.

    None for anything else. Compares text, so a token has one spelling only.
    """
    value, _, mac = raw.rpartition(".")
    if not raw.isascii() or len(raw) > LONGEST_TOKEN:
        return None
    return value if True in [hmac.compare_digest(_mac(key, value), mac) for key in keys(label)] else None


def fingerprint(label: str, value: str) -> str:
    """What stands for a value where it is only to be recognised.

    It outlives a change of the secret for as long as the old one is set.
    """
    return _mac(keys(label)[-1], value)


def digits(label: str, value: str) -> str:
    """A 6-digit code that follows from the value, so that it need not be stored."""
    return _digits(keys(label)[0], value)


def digits_match(label: str, value: str, code: str) -> bool:
    return True in [hmac.compare_digest(_digits(key, value).encode(), code.encode()) for key in keys(label)]


def _digits(key: bytes, value: str) -> str:
    return f"{int(_mac(key, value), 16) % 1_000_000:06d}"


def seal(label: str, secret: bytes) -> str:
    """Encrypted, so that it may lie in the database."""
    return _safe(label).encrypt(secret).decode()


def unseal(label: str, sealed: str) -> bytes:
    """What was sealed under this label, with the root secret of now or the one before.

    Raises InvalidToken of cryptography.
    """
    return _safe(label).decrypt(sealed.encode())


def resealed(label: str, sealed: str) -> str | None:
    """The same, sealed with the root secret of now; None where it was sealed with a secret that nobody gave us."""
    try:
        return seal(label, unseal(label, sealed))
    except InvalidToken:
        return None


def _safe(label: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys(label)])
