"""Serve the userinfo endpoint (OpenID Connect Core 1.0, section 5.3)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import models
from oauth_provider import authentication, claims, clients, dpop, oauth_errors, scopes, subjects
from sessions import signed_tokens
from settings.loading import settings


class Credential(NamedTuple):
    """The access token of a request, in the Authorization header or the form (RFC 6750), and its DPoP proofs."""

    method: str
    authorization: str
    in_form: str
    proofs: Sequence[str]


def read(sent: Credential) -> tuple[dict[str, Any], str]:
    """Return the claims of the user of an access token, and the id of the client.

    Raises InvalidOAuthRequest, MissingBearer, InvalidBearer, InsufficientClientScope, InvalidDpopProof, UseDpopNonce.
    """
    if sent.authorization and sent.in_form:
        raise oauth_errors.InvalidOAuthRequest("Send the access token in only one way.")  # RFC 6750, section 2
    scheme, _, raw = sent.authorization.partition(" ")
    raw = raw.strip() or sent.in_form
    if not raw or scheme.lower() not in ("bearer", "dpop", ""):
        raise oauth_errors.MissingBearer()
    token = authentication.read(raw)
    if token is None or token.row is None or settings.jwt_issuer not in token.audiences:
        raise oauth_errors.InvalidBearer()
    jkt = None
    if scheme.lower() == "dpop":
        jkt = dpop.thumbprint_for(raw, sent.proofs, sent.method, f"{settings.public_base_url}/oauth2/userinfo")
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
