"""Keys derived from the root secret, signed values, and the access token (a JWT).

What a value means is not known here: `tokens` and `sessions` give it a label, and a value signed under one label is
worth nothing under another.
"""

import functools
import hashlib
import hmac
import re
from typing import Any

import jwt
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from settings import settings

ACCESS_TOKEN_TYPE = "at+jwt"  # RFC 9068
CLAIMS = ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "email", "email_verified", "roles"]
LONGEST_TOKEN = 4096
SECONDS_OF_LEEWAY = 5  # the clocks of two machines are never quite the same
SANE_ID = re.compile(r"[\x21-\x7e]{1,64}")


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
        roots = (settings.refresh_token_secret_key or roots[0], roots[1])
    return _keys(label, *roots)


def _mac(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def sign(label: str, value: str) -> str:
    """`value` with its signature, safe in a URL."""
    return f"{value}.{_mac(keys(label)[0], value)}"


def unsign(label: str, raw: str) -> str | None:
    """The value that was signed under this label; None for anything else. Compares text, so a token has one spelling only."""
    value, _, mac = raw.rpartition(".")
    if not raw.isascii() or len(raw) > LONGEST_TOKEN:
        return None
    return value if True in [hmac.compare_digest(_mac(key, value), mac) for key in keys(label)] else None


def digits(label: str, value: str) -> str:
    """A 6-digit code that follows from the value, so that it need not be stored."""
    return _digits(keys(label)[0], value)


def digits_match(label: str, value: str, code: str) -> bool:
    return True in [hmac.compare_digest(_digits(key, value).encode(), code.encode()) for key in keys(label)]


def _digits(key: bytes, value: str) -> str:
    return f"{int(_mac(key, value), 16) % 1_000_000:06d}"


def access_token(claims: dict[str, Any]) -> str:
    """A signed access token with these claims, and our issuer and audience."""
    return jwt.encode(
        {"iss": settings.jwt_issuer, "aud": settings.jwt_audience, **claims},
        settings.jwt_secret,
        "HS256",
        {"typ": ACCESS_TOKEN_TYPE},
    )


def read_access_token(raw: str) -> dict[str, Any] | None:
    """The claims of an access token of ours that has not expired; None for anything else.

    PyJWT by itself takes a token with no `exp`, of another `typ` or of any algorithm: all are pinned here (RFC 8725).
    """
    if len(raw) > LONGEST_TOKEN:
        return None
    for secret in filter(None, (settings.jwt_secret, settings.jwt_secret_previous)):
        try:
            token = jwt.decode_complete(
                raw,
                secret,
                ["HS256"],
                audience=settings.jwt_audience,
                issuer=settings.jwt_issuer,
                leeway=SECONDS_OF_LEEWAY,
                options={"require": CLAIMS},
            )
        except (jwt.PyJWTError, ValueError):
            continue
        claims: dict[str, Any] = token["payload"]
        if str(token["header"].get("typ")).lower() == ACCESS_TOKEN_TYPE and _are_sane(claims["sid"], claims["sub"]):
            return claims
    return None


def _are_sane(*ids: object) -> bool:
    return all(isinstance(each, str) and SANE_ID.fullmatch(each) for each in ids)
