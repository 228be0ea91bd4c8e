"""Verify DPoP proofs, which show that the client has the key that its tokens are bound to (RFC 9449).

Each proof contains a nonce of this service. Nonces are not stored: a nonce is a signed number of a period of time.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import jwt

import errors
from core import signing
from oauth_provider import client_keys, oauth_errors, used_proofs

HEADER = "DPoP-Nonce"
TYPE = "dpop+jwt"
ALGORITHMS = ("ES256", "EdDSA")
MAX_LENGTH = 4096
MAX_ID_LENGTH = 512
SECONDS_OF_CLOCK_SKEW = 60  # a proof is accepted this long before and after its `iat`
SECONDS_OF_NONCE = 300  # a nonce is valid for one to two periods of this length
# The members of a key that its thumbprint consists of (RFC 7638, section 3.2; RFC 8037, section 2).
MEMBERS = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}
DEFAULT_PORTS = {"https": 443, "http": 80}
_LABEL = "dpop_nonce"


def thumbprint(proofs: Sequence[str], method: str, url: str) -> str | None:
    """Return the thumbprint of the key that has signed the proof of a request, or None if there is no proof.

    proofs: the values of the DPoP header.
    method, url: those of the request, to which the proof belongs.

    The proof is then used up, over all workers. Raises InvalidDpopProof, UseDpopNonce.
    """
    return _thumbprint(proofs, method, url, None) if proofs else None


def thumbprint_for(access_token: str, proofs: Sequence[str], method: str, url: str) -> str:
    """Return the same for a request to a resource, which presents an access token (section 7).

    Read the token first: its proof is stored, which must not be free to those who have no token. Raises
    InvalidDpopProof, also if there is no proof, and UseDpopNonce.
    """
    try:
        return _thumbprint(proofs, method, url, access_token)
    except oauth_errors.DpopError as error:
        raise error.of_resource() from None


def rejected_token() -> errors.NotAuthenticated:
    """Return the error for an access token that is invalid, or bound to another key or none (section 7.1)."""
    error = errors.NotAuthenticated()
    error.challenge = f'DPoP error="invalid_token", algs="{" ".join(ALGORITHMS)}"'
    return error


def nonce() -> str:
    """Return the current nonce, for the DPoP-Nonce header."""
    return _nonce_of(int(time.time() // SECONDS_OF_NONCE))


def _thumbprint(proofs: Sequence[str], method: str, url: str, access_token: str | None) -> str:
    key, claims = _verified(proofs)
    try:
        _require_request(claims, method, url, access_token)
        return _used(key, claims)
    except (ValueError, OverflowError):  # a claim is not a URL, a time or Unicode text
        raise oauth_errors.InvalidDpopProof() from None


def _used(key: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """Use up a proof, and return the thumbprint of its key. Raises InvalidDpopProof, UseDpopNonce."""
    issued_at, jti = claims.get("iat"), claims.get("jti")
    if not isinstance(issued_at, int | float) or abs(time.time() - issued_at) > SECONDS_OF_CLOCK_SKEW:
        raise oauth_errors.InvalidDpopProof()
    if not isinstance(jti, str) or not 0 < len(jti) <= MAX_ID_LENGTH:
        raise oauth_errors.InvalidDpopProof()
    if not _is_nonce(claims.get("nonce")):
        raise oauth_errors.UseDpopNonce(nonce())
    found = _thumbprint_of(key)
    expires_at = datetime.fromtimestamp(issued_at + SECONDS_OF_CLOCK_SKEW, UTC)
    if not used_proofs.use(f"dpop {found}", jti, expires_at):
        raise oauth_errors.InvalidDpopProof()
    return found


def _verified(proofs: Sequence[str]) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """Return the key and the claims of a proof with a valid signature (section 4.3). Raises InvalidDpopProof."""
    if len(proofs) != 1 or len(raw := proofs[0]) > MAX_LENGTH:
        raise oauth_errors.InvalidDpopProof()
    try:
        header = jwt.get_unverified_header(raw)
        key, algorithm = header.get("jwk"), header.get("alg")
        if header.get("typ") != TYPE or not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            raise oauth_errors.InvalidDpopProof()
        if not isinstance(key, dict) or not _is_allowed(key):
            raise oauth_errors.InvalidDpopProof()
        options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
        return key, jwt.decode(raw, client_keys.opened(key, algorithm), [algorithm], options=options)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError):
        raise oauth_errors.InvalidDpopProof() from None


def _is_allowed(key: dict[str, Any]) -> bool:
    """Return whether a key is public, and of a type with a thumbprint."""
    return client_keys.is_public(key) and key["kty"] in MEMBERS


def _require_request(claims: Mapping[str, Any], method: str, url: str, access_token: str | None) -> None:
    """Require that a proof was made for this request. Raises InvalidDpopProof."""
    htu = claims.get("htu")
    is_same = claims.get("htm") == method and isinstance(htu, str) and _normalized(htu) == _normalized(url)
    if access_token is not None:
        digest = hashlib.sha256(access_token.encode()).digest()
        is_same = is_same and hmac.compare_digest(_base64(digest), str(claims.get("ath")).encode())
    if not is_same:
        raise oauth_errors.InvalidDpopProof()


def _normalized(url: str) -> tuple[str, str, int | None, str]:
    """Return what is compared of a URL: everything but its query and fragment (section 4.3). Raises ValueError."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme), parts.path or "/"


def _is_nonce(given: Any) -> bool:
    if not isinstance(given, str):
        return False
    period = int(time.time() // SECONDS_OF_NONCE)
    known = [_nonce_of(period), _nonce_of(period - 1)]
    return True in [hmac.compare_digest(each.encode(), given.encode()) for each in known]


def _nonce_of(period: int) -> str:
    return signing.sign(_LABEL, str(period), salted=True)


def _thumbprint_of(key: Mapping[str, Any]) -> str:
    """Return the thumbprint of a public key (RFC 7638)."""
    members = {name: key[name] for name in MEMBERS[key["kty"]]}
    text = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return _base64(hashlib.sha256(text.encode()).digest()).decode()


def _base64(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")
