"""Serve the userinfo endpoint (OpenID Connect Core 1.0, section 5.3)."""

from typing import Any

import models
from oauth_provider import authentication, claims, clients, oauth_errors, scopes, subjects
from sessions import signed_tokens
from settings.loading import settings


def read(raw: str, jkt: str | None) -> tuple[dict[str, Any], str]:
    """Return the claims of the user of an access token, and the id of the client.

    jkt: the thumbprint of the key that has signed the DPoP proof of the request, or None for a bearer token.

    Raises InvalidBearer, InsufficientClientScope.
    """
    token = authentication.read(raw)
    if token is None or token.row is None or settings.jwt_issuer not in token.audiences:
        raise oauth_errors.InvalidBearer()
    if token.row.jkt != jkt:
        raise oauth_errors.InvalidBearer()
    if scopes.OPENID not in token.scopes:
        raise oauth_errors.InsufficientClientScope()
    sub = subjects.of(token.row, token.row.user_id)
    return {"sub": sub, **claims.of(token.row, token.scopes)}, token.row.client_id


def signed(found: dict[str, Any], client_id: str) -> str:
    """Return the claims as a signed JWT (section 5.3.2)."""
    client = clients.find(client_id)
    if client is None:
        raise oauth_errors.InvalidBearer()
    added = {"iss": settings.jwt_issuer, "aud": client_id, "iat": int(models.now().timestamp())}
    return signed_tokens.sign({**found, **added}, "JWT", client.id_token_signed_response_alg)
