"""Verify DPoP proofs (RFC 9449)."""

from collections.abc import Sequence


def thumbprint(proofs: Sequence[str], method: str, url: str, access_token: str | None = None) -> str | None:
    """Return the thumbprint of the key that has signed the proof of a request, or None if there is no proof."""
    return None
