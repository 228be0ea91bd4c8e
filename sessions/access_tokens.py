"""Issue and verify access tokens (JWT, RFC 9068)."""

import base64
import functools
import json
import re
import time
from typing import Any

import jwt
from jwt.algorithms import HMACAlgorithm

from sessions import signing_keys
from sessions.signing_keys import Key, KeySet
from settings.loading import settings

TYPE = "at+jwt"
CLAIMS = ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "email", "email_verified", "roles"]
MAX_LENGTH = 6144  # `roles.MAX_CHARACTERS_IN_TOKEN` keeps a token below it
SECONDS_OF_LEEWAY = 5  # clocks of different machines differ
JWT_FORMAT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
VALID_ID = re.compile(r"[\x21-\x7e]{1,64}")


def issue(claims: dict[str, Any]) -> str:
    """Return a signed access token with these claims, the issuer and the audience.

    If the token would be too long to be read, its `roles` are empty: an account may have too many roles from before
    they were limited. This service reads roles from the database anyway.
    """
    key = signing_keys.key_set().signs
    headers = {"typ": TYPE} | ({"kid": key.kid} if key.kid else {})
    claims_ = {"iss": settings.jwt_issuer, "aud": settings.jwt_audience, **claims}
    token = _signed(claims_, key, headers)
    return token if len(token) <= MAX_LENGTH else _signed({**claims_, "roles": []}, key, headers)


class _CheckedSecret(HMACAlgorithm):
    """HMAC with a secret that is checked once. PyJWT checks before each signature that it is not a public key."""

    prepare_key = functools.lru_cache(maxsize=2)(HMACAlgorithm.prepare_key)


_signer = jwt.PyJWS()
_signer.unregister_algorithm("HS256")
_signer.register_algorithm("HS256", _CheckedSecret(HMACAlgorithm.SHA256))


def _signed(claims: dict[str, Any], key: Key, headers: dict[str, str]) -> str:
    return _signer.encode(json.dumps(claims, separators=(",", ":")).encode(), key.private, key.algorithm, headers)


def read(raw: str, keys: KeySet | None = None) -> dict[str, Any] | None:
    """Return the claims of a valid access token of this service, or None.

    keys: by default the current ones, which must not be read in a transaction.

    PyJWT alone accepts tokens without `exp`, with another `typ` or any algorithm: all are checked here (RFC 8725). Of
    the header, only the key id is used.
    """
    if len(raw) > MAX_LENGTH:
        return None
    for key in (keys or signing_keys.current()).verify:
        try:
            claims = _verified(raw, key, settings.jwt_issuer, settings.jwt_audience)
        except (jwt.PyJWTError, ValueError):
            continue
        if claims["exp"] > time.time() - SECONDS_OF_LEEWAY:
            return claims
    return None


def is_canonical(raw: str) -> bool:
    """Return whether a token has the one encoding that RFC 7515, section 2 allows.

    Python's decoder ignores padding, invalid characters and unused bits, so a signature would have many encodings.
    """
    return JWT_FORMAT.fullmatch(raw) is not None and all(map(_is_base64url, raw.split(".")))


def _is_base64url(part: str) -> bool:
    try:
        decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return False
    return base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() == part


# Clients send the same token many times, and a valid signature stays valid. Failures are not cached.
@functools.lru_cache(maxsize=1024)
def _verified(raw: str, key: Key, issuer: str, audience: str) -> dict[str, Any]:
    if not is_canonical(raw):
        raise jwt.DecodeError()
    if key.kid and jwt.get_unverified_header(raw).get("kid") != key.kid:
        raise jwt.InvalidKeyError()
    token = jwt.decode_complete(
        raw,
        key.public,
        [key.algorithm],
        audience=audience,
        issuer=issuer,
        leeway=SECONDS_OF_LEEWAY,
        options={"require": CLAIMS},
    )
    if str(token["header"].get("typ")).lower() != TYPE or not _are_valid(token["payload"]):
        raise jwt.InvalidTokenError()
    return dict(token["payload"])


def _are_valid(claims: dict[str, Any]) -> bool:
    # Tokens issued before `auth_time` was added do not contain it, and are valid until they expire.
    ids, times = (claims["sid"], claims["sub"]), (claims["iat"], claims["exp"], claims.get("auth_time", 0))
    return all(isinstance(each, str) and VALID_ID.fullmatch(each) for each in ids) and all(
        type(each) is int for each in times
    )


def sign_detached(content: bytes, headers: dict[str, Any]) -> str:
    """Return a detached JWS (RFC 7515, appendix F). Its `typ` must differ from that of an access token."""
    key = signing_keys.key_set().signs
    whole = jwt.api_jws.encode(content, key.private, key.algorithm, {"kid": key.kid, **headers})
    header, _, signature = whole.split(".")
    return f"{header}..{signature}"
