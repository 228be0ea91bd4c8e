"""Verify password hashes of other systems in formats that passlib does not know.

The first login replaces each with a hash in this service's format.
"""

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from credentials import hash_limits

WORDPRESS_KEY = b"wp-sha384"


class Format(NamedTuple):
    """A hash format: its pattern, its cost limit, and its verification."""

    pattern: re.Pattern[str]
    is_affordable: Callable[[Mapping[str, str]], bool]
    matches: Callable[[str, Mapping[str, str]], bool]


def find(stored: str) -> tuple[Format, Mapping[str, str]] | None:
    """Return the format of a hash and its parts, or None for an unknown format."""
    for each in FORMATS:
        if found := each.pattern.fullmatch(stored):
            return each, found.groupdict()
    return None


def is_usable(stored: str) -> bool:
    """Return whether a hash is complete, in a known format, and within the cost limit."""
    found = find(stored)
    return found is not None and found[0].is_affordable(found[1])


def verify(password: str, stored: str) -> bool:
    """Return whether the password matches the hash. Raises ValueError for an unknown format."""
    if (found := find(stored)) is None:
        raise ValueError("unknown format")
    return found[0].matches(password, found[1])


def firebase(password_hash: str, salt: str, parameters: Mapping[str, str]) -> str:
    """Return a Firebase hash as one string with the parameters of its project, in Supabase's format.

    parameters: `signer_key`, `salt_separator` (both in base64), `rounds` and `mem_cost`, from the Firebase console.
    """
    costs = f"v=1,n={parameters['mem_cost']},r={parameters['rounds']},p=1"
    keys = f"ss={parameters['salt_separator']},sk={parameters['signer_key']}"
    return f"$fbscrypt${costs},{keys}${_standard(salt)}${_standard(password_hash)}"


def _standard(encoded: str) -> str:
    """Return base64 in the standard alphabet; some exports use the URL-safe one."""
    return encoded.replace("-", "+").replace("_", "/")


def _scrypt(password: str, salt: bytes, costs: tuple[int, int, int], length: int = 64) -> bytes:
    n, r, p = costs
    memory = 128 * n * r + 128 * r * p + (1 << 20)
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=length)


def _scrypt_is_affordable(n: int, r: int, p: int) -> bool:
    is_power = n > 1 and n & (n - 1) == 0
    is_valid = is_power and 0 < r <= hash_limits.BLOCK_SIZE and 0 < p <= hash_limits.PARALLELISM
    is_valid = is_valid and n < 1 << 16 * r  # RFC 7914, 2
    return is_valid and 128 * n * r <= hash_limits.SCRYPT_MEMORY and n * r * p <= hash_limits.WORK


def _same(one: bytes, other: bytes) -> bool:
    return hmac.compare_digest(one, other)


# ----------------------------------------------------------------------------------------------------------- Firebase


def _firebase_is_affordable(parts: Mapping[str, str]) -> bool:
    try:
        for name in ("salt", "digest", "ss", "sk"):
            base64.b64decode(parts[name], validate=True)
    except binascii.Error:
        return False
    return int(parts["n"]) < 30 and _scrypt_is_affordable(1 << int(parts["n"]), int(parts["r"]), 1)


def _firebase_matches(password: str, parts: Mapping[str, str]) -> bool:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    salt = base64.b64decode(parts["salt"]) + base64.b64decode(parts["ss"])
    key = _scrypt(password, salt, (1 << int(parts["n"]), int(parts["r"]), 1), 32)
    encryptor = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()
    made = encryptor.update(base64.b64decode(parts["sk"])) + encryptor.finalize()
    return _same(made, base64.b64decode(parts["digest"]))


# ---------------------------------------------------------------------------------------------------------- WordPress


def _wordpress_matches(password: str, parts: Mapping[str, str]) -> bool:
    from credentials import bcrypt_backend

    digest = hmac.digest(WORDPRESS_KEY, password.strip(" \t\n\r\0\x0b").encode(), "sha384")
    return bool(bcrypt_backend.load().verify(base64.b64encode(digest), parts["bcrypt"]))


# -------------------------------------------------------------------------------------------- Werkzeug and better-auth


def _werkzeug_scrypt_matches(password: str, parts: Mapping[str, str]) -> bool:
    made = _scrypt(password, parts["salt"].encode(), (int(parts["n"]), int(parts["r"]), int(parts["p"])))
    return _same(made, bytes.fromhex(parts["digest"]))


def _pbkdf2_matches(password: str, parts: Mapping[str, str]) -> bool:
    expected = bytes.fromhex(parts["digest"])
    made = hashlib.pbkdf2_hmac(parts["hash"], password.encode(), parts["salt"].encode(), int(parts["rounds"]))
    return _same(made, expected)


def _better_auth_matches(password: str, parts: Mapping[str, str]) -> bool:
    text = unicodedata.normalize("NFKC", password)
    return _same(_scrypt(text, parts["salt"].encode(), (1 << 14, 16, 1)), bytes.fromhex(parts["digest"]))


_BASE64 = r"[A-Za-z0-9+/]+={0,2}"
FORMATS = (
    Format(
        re.compile(
            rf"\$fbscrypt\$v=1,n=(?P<n>\d{{1,2}}),r=(?P<r>\d{{1,2}}),p=1,ss=(?P<ss>{_BASE64}),sk=(?P<sk>{_BASE64})"
            rf"\$(?P<salt>{_BASE64})\$(?P<digest>{_BASE64})",
            re.ASCII,
        ),
        _firebase_is_affordable,
        _firebase_matches,
    ),
    Format(
        # The last character of the salt has four unused bits, which must be zero.
        re.compile(r"\$wp(?P<bcrypt>\$2[aby]\$(?P<rounds>\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31})", re.ASCII),
        lambda parts: 4 <= int(parts["rounds"]) <= hash_limits.BCRYPT_ROUNDS,
        _wordpress_matches,
    ),
    Format(
        re.compile(
            r"scrypt:(?P<n>\d{1,7}):(?P<r>\d{1,2}):(?P<p>\d{1,2})\$(?P<salt>[!-#%-~]{1,64})\$(?P<digest>[0-9a-f]{128})",
            re.ASCII,
        ),
        lambda parts: _scrypt_is_affordable(*(int(parts[name]) for name in "nrp")),
        _werkzeug_scrypt_matches,
    ),
    Format(
        re.compile(
            r"pbkdf2:(?P<hash>sha1|sha256|sha512):(?P<rounds>\d{1,7})\$(?P<salt>[!-#%-~]{1,64})"
            r"\$(?P<digest>(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}))",
            re.ASCII,
        ),
        lambda parts: (
            0 < int(parts["rounds"]) <= hash_limits.PBKDF2_ROUNDS
            and len(parts["digest"]) == 2 * hashlib.new(parts["hash"]).digest_size
        ),
        _pbkdf2_matches,
    ),
    Format(
        re.compile(r"(?P<salt>[0-9a-f]{32}):(?P<digest>[0-9a-f]{128})", re.ASCII),
        lambda _parts: True,
        _better_auth_matches,
    ),
)
