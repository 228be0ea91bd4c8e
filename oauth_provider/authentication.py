"""Verify the access tokens of clients, and resolve the current user of a request with one to the service's own API."""

import base64
import time
from typing import Any, NamedTuple

from fastapi import Request

import schemas
from authorization import mfa_policy
from oauth_provider import client_sessions, clients, dpop, permissions, scopes, used_proofs
from oauth_provider.schemas import CREDENTIALS
from sessions import access_tokens, sessions, signed_tokens
from sessions.current_user import Current, Key
from settings.loading import settings

REVOKED = "revoked"  # a token of the client itself, which has no session


class ClientToken(NamedTuple):
    """A valid access token of a client.

    row: the session of the client with its user, or None for a token of the client itself.
    client: the row of the client, if there is no session.
    """

    claims: dict[str, Any]
    row: Any
    client: Any = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return the scopes of the token that its client may still request."""
        allowed = self.row.client_scopes if self.row else self.client.scopes
        return tuple(scope for scope in scopes.split(self.claims["scope"]) if scope in allowed)

    @property
    def audiences(self) -> list[str]:
        """Return the audiences of the token."""
        aud = self.claims["aud"]
        return [aud] if isinstance(aud, str) else aud


def read(raw: str) -> ClientToken | None:
    """Return an access token of a client that is active, or None. Every endpoint that accepts such tokens asks here.

    The token of a user who must set up a second factor first is not active, as a session of theirs opens nothing else.
    """
    token = find(raw)
    is_restricted = token is not None and token.row is not None and mfa_policy.is_restricted(token.row)
    return None if is_restricted else token


def find(raw: str) -> ClientToken | None:
    """Return a valid access token of a client whose session has not ended, or None: to revoke it.

    A token of another kind costs no query.
    """
    if not _may_be_of_client(raw):
        return None
    claims = signed_tokens.read(raw, access_tokens.TYPE)
    named = claims is not None and all(isinstance(claims.get(name), str) for name in ("client_id", "scope", "jti"))
    if claims is None or not named or claims["exp"] <= time.time() - access_tokens.SECONDS_OF_LEEWAY:
        return None
    if isinstance(sid := claims.get("sid"), str):
        row = client_sessions.find(sid)
        return ClientToken(claims, row) if row and row.client_id == claims["client_id"] else None
    client = clients.find(claims["client_id"]) if claims["sub"] == claims["client_id"] else None
    if client is None or CREDENTIALS not in client.grant_types or _has_ended(claims, client):
        return None
    return ClientToken(claims, None, client)


def _has_ended(claims: dict[str, Any], client: Any) -> bool:
    """Return whether a token of the client itself was revoked, or its secret was replaced without an overlap since."""
    is_older = client.tokens_after is not None and claims["jti"] <= client.tokens_after
    return is_older or used_proofs.is_used(REVOKED, claims["jti"])


def _may_be_of_client(raw: str) -> bool:
    parts = raw.split(".")
    if len(parts) != 3 or len(raw) > access_tokens.MAX_LENGTH:
        return False
    try:
        return b'"client_id"' in base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except ValueError:
        return False


def resolve(raw: str, _ip: str | None) -> Current | None:
    """Return the user of a client's access token for the service's own API, or None.

    The token opens only the routes that are open to API keys, with the granted permissions that the user holds now. A
    token that is bound to a key is no bearer token: see `resolve_bound`.
    """
    token = read(raw) if settings.oidc_provider else None
    if token is None or settings.jwt_issuer not in token.audiences or "cnf" in token.claims:
        return None
    return current(token)


def resolve_bound(raw: str, request: Request) -> Current | None:
    """Return the user of an access token that is bound to a key, of which the request has a proof.

    What the token opens is the same as for `resolve`. Raises NotAuthenticated, InvalidDpopProof, UseDpopNonce.
    """
    token = read(raw) if settings.oidc_provider else None
    if token is None or settings.jwt_issuer not in token.audiences:
        raise dpop.rejected_token()
    state = request.scope["state"]
    if "dpop_jkt" not in state:  # the proof is valid once, but an event stream asks again
        url = f"{settings.public_base_url}{request.scope['raw_path'].decode('latin-1')}"
        state["dpop_jkt"] = dpop.thumbprint_for(raw, request.headers.getlist("dpop"), request.method, url)
    if token.claims.get("cnf") != {"jkt": state["dpop_jkt"]}:
        raise dpop.rejected_token()
    return current(token)


def current(token: ClientToken) -> Current | None:
    """Return the user for whom a client's token acts: for one of the client itself, its creator."""
    user = token.row or permissions.creator_of(token.client)
    if user is None:
        return None
    key = Key(
        str(token.claims.get("sid") or token.client.id),
        scopes.permissions_in(token.scopes),
        None,
        (),
        user.created_at,
        None,
        client_id=token.claims["client_id"],
        has_login=token.row is not None,
    )
    at = token.row.authenticated_at if token.row else None
    how = sessions.authentication_of(token.row) if token.row else sessions.Authentication(user.created_at, (), None)
    return Current(
        schemas.Me.model_validate(user),
        "",
        at,
        how,
        user.email_proven_at is not None,
        user.has_factors,
        user.has_only_sms,
        user.has_only_recovery_codes,
        key=key,
    )
