"""Bind a login by email to the browser that requested it.

The browser gets a random, signed string: its flow. The token of the link stores a hash of it, so neither the database
nor the email contains the flow. The flow also identifies the email address that it was issued for. A code with another
flow is therefore rejected before any lookup, in the same way for known and unknown addresses.
"""

import hashlib
import hmac
import secrets
from typing import Any

import schemas
from core import signing

LABEL = "login_flow"
FLOW = "flow"  # in the detail of a token: the hash of its flow


def issue(email: str) -> str:
    """Return a new flow for an email address."""
    return signing.sign(LABEL, f"{secrets.token_urlsafe(24)}~{_fingerprint(email)}", salted=True)


def fingerprint(flow: str) -> str:
    """Return the hash of a flow, for the detail of the token."""
    return hashlib.sha256(flow.encode()).hexdigest()


def is_for(flow: str | None, email: str) -> bool:
    """Return whether a flow was issued for this email address."""
    signed = signing.unsign(LABEL, flow) if flow else None
    if signed is None or signed.unsalted:
        return False
    return hmac.compare_digest(signed.value.rpartition("~")[2], _fingerprint(email))


def matches(flow: str | None, detail: dict[str, Any]) -> bool:
    """Return whether a token with this detail belongs to a flow."""
    return flow is not None and hmac.compare_digest(fingerprint(flow), str(detail.get(FLOW)))


def _fingerprint(email: str) -> str:
    return signing.fingerprint(LABEL, schemas.canonical_email(email))
