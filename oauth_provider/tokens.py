"""Create access tokens (RFC 9068), ID tokens (OpenID Connect Core 1.0, section 2) and token responses."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import models
from oauth_provider import claims, client_sessions, scopes, subjects
from oauth_provider.schemas import REFRESH, TokenResponse
from sessions import access_tokens, sessions, signed_tokens, tokens
from settings.loading import settings

ID_TOKEN_SECONDS = 3600
ID_TOKEN = "JWT"  # noqa: S105 - its type


class Login(NamedTuple):
    """A user's session of a client, for which tokens are created.

    user: the user's columns.
    counter: that of the refresh token.
    expires_at: when the session ends without a refresh. No access token is valid for longer.
    """

    client: Any
    user: Any
    session_id: str
    authentication: sessions.Authentication
    scopes: tuple[str, ...]
    resources: Sequence[str]
    counter: int
    expires_at: datetime
    jkt: str | None = None
    nonce: str | None = None


def response(login: Login, *, with_id_token: bool) -> TokenResponse:
    """Return the tokens of a session.

    with_id_token: whether to add an ID token, if the scopes include `openid`.
    """
    client = login.client
    access_token, lifetime = for_user(login)
    granted = TokenResponse(
        access_token=access_token,
        token_type="DPoP" if login.jkt else "Bearer",
        expires_in=lifetime,
        scope=" ".join(login.scopes),
    )
    if REFRESH in client.grant_types:
        granted.refresh_token = client_sessions.refresh_token(login.session_id, login.counter)
    if with_id_token and scopes.OPENID in login.scopes:
        granted.id_token = id_token(login, access_token)
    return granted


def for_user(login: Login) -> tuple[str, int]:
    """Return an access token of a user, and its lifetime in seconds."""
    claims_: dict[str, Any] = {
        "sub": subjects.of(login.client, login.user.user_id),
        "sid": login.session_id,
        **tokens.authentication_claims(login.authentication),
    }
    if scopes.ROLES in login.scopes:
        claims_["roles"] = login.user.roles
    if login.jkt:
        claims_["cnf"] = {"jkt": login.jkt}
    return _access_token(login.client, claims_, login.scopes, login.resources, login.expires_at)


def for_client(client: Any, granted: Iterable[str], resources: Sequence[str], jkt: str | None) -> tuple[str, int]:
    """Return an access token of the client itself (RFC 6749, section 4.4), and its lifetime in seconds."""
    claims_: dict[str, Any] = {"sub": client.client_id}
    if jkt:
        claims_["cnf"] = {"jkt": jkt}
    return _access_token(client, claims_, granted, resources)


def _access_token(
    client: Any, more: dict[str, Any], granted: Iterable[str], resources: Sequence[str], ends_at: datetime | None = None
) -> tuple[str, int]:
    now = int(models.now().timestamp())
    lifetime = client.access_token_lifetime or settings.access_token_expire_minutes * 60
    if ends_at is not None:
        lifetime = max(0, min(lifetime, int(ends_at.timestamp()) - now))
    claims_ = {
        "aud": resources[0] if len(resources) == 1 else list(resources) or settings.jwt_issuer,
        "client_id": client.client_id,
        "scope": " ".join(granted),
        "jti": models.new_id(),
        "iat": now,
        "exp": now + lifetime,
        **more,
    }
    return access_tokens.issue(claims_), lifetime


def id_token(login: Login, access_token: str) -> str:
    """Return an ID token that belongs to an access token."""
    client, now = login.client, int(models.now().timestamp())
    claims_: dict[str, Any] = {
        "iss": settings.jwt_issuer,
        "sub": subjects.of(client, login.user.user_id),
        "aud": client.client_id,
        "azp": client.client_id,
        "iat": now,
        "exp": now + ID_TOKEN_SECONDS,
        "sid": login.session_id,
        "at_hash": _half_hash(access_token, client.id_token_signed_response_alg),
        **tokens.authentication_claims(login.authentication),
        **claims.of(login.user, login.scopes),
    }
    if login.nonce is not None:
        claims_["nonce"] = login.nonce
    return signed_tokens.sign(claims_, ID_TOKEN, client.id_token_signed_response_alg)


def _half_hash(value: str, algorithm: str) -> str:
    """Return `at_hash`: the first half of the hash that belongs to the algorithm (Ed25519 uses SHA-512)."""
    digest = (hashlib.sha512 if algorithm == "EdDSA" else hashlib.sha256)(value.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
