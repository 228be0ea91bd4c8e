"""Issue and verify a proof of work in the format of ALTCHA (altcha.org), without a third party.

Challenges are signed and not stored, so requesting one costs nothing. Only solved challenges are stored, in
`service.py`.
"""

import base64
import hashlib
import hmac
import secrets
import time
from datetime import UTC, datetime
from typing import NamedTuple

from captcha.schemas import MAX_NUMBER, Challenge, Proof
from core import signing

LABEL = "captcha"
MINUTES_TO_SOLVE = 5


class Invalid(Exception):
    """The token is malformed, expired, from another service, or not the solution."""


class Solved(NamedTuple):
    """A solved challenge, which identifies a second use until it expires."""

    challenge: str
    expires_at: datetime


def issue() -> Challenge:
    """Return a new challenge."""
    salt = f"{secrets.token_hex(12)}?expires={int(time.time()) + MINUTES_TO_SOLVE * 60}&"
    challenge = _hash(salt, secrets.randbelow(MAX_NUMBER + 1))
    signature = signing.sign(LABEL, challenge, salted=True).rpartition(".")[2]
    return Challenge(challenge=challenge, salt=salt, signature=signature)


def verify(token: str) -> Solved:
    """Return the challenge that a token solves. Raises Invalid."""
    try:
        proof = Proof.model_validate_json(base64.b64decode(token, validate=True))
    except ValueError:
        raise Invalid from None
    signed = signing.unsign(LABEL, f"{proof.challenge}.{proof.signature}")
    if signed is None or signed.unsalted:
        raise Invalid
    # The salt is not signed itself: the hash binds it, and the number, to the challenge.
    if not hmac.compare_digest(_hash(proof.salt, proof.number), proof.challenge):
        raise Invalid
    expires = int(proof.salt.removesuffix("&").rpartition("=")[2])
    if expires < time.time():
        raise Invalid
    return Solved(proof.challenge, datetime.fromtimestamp(expires, UTC))


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
