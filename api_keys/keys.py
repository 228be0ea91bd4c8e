"""Create API keys, tell mistyped ones without a query, and hash them.

A key is `csk_`, 30 random characters and a checksum of 6: `0-9A-Za-z`. Secret scanners recognize this form.
"""

import re
import secrets
import string
import zlib

from core import signing

PREFIX = "csk_"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH, CHECKSUM_LENGTH = 30, 6
SHOWN = 12  # characters in the list of keys
FORM = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{LENGTH}}})([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})", re.ASCII)
LABEL = "api_key"


def create() -> str:
    """Return a new key, with 178 bits of entropy."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{PREFIX}{text}{_checksum(text)}"


def is_well_formed(raw: str) -> bool:
    """Return whether a text has the form of a key and the right checksum."""
    found = FORM.fullmatch(raw)
    return found is not None and _checksum(found[1]) == found[2]


def _checksum(text: str) -> str:
    """Return the CRC-32 of a text in base62, big-endian and padded with zeros."""
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def hashes(raw: str) -> list[str]:
    """Return the keyed hashes under which a key may be stored: the first for new keys. Raises Unavailable."""
    return signing.fingerprints(LABEL, raw)
