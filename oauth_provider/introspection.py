"""Introspect and revoke the tokens of clients (RFC 7662, RFC 7009)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

import audit
from authorization import mfa_policy
from core.client_address import CallerInfo
from credentials import lookup
from oauth_provider import authentication, client_sessions, oauth_errors, subjects, used_proofs
from oauth_provider.authentication import ClientToken
from oauth_provider.client_sessions import Which
from oauth_provider.schemas import NONE
from revocations import service as revocations
from sessions import access_tokens
from settings.loading import settings

SHOWN = (
    "client_id", "scope", "aud", "iss", "iat", "exp", "jti", "sub", "auth_time", "acr", "amr", "acr_time", "sid", "cnf",
    "roles",
)  # fmt: skip


def of_token(raw: str, viewer: Any) -> dict[str, Any] | None:
    """Return the state of a client's token, or None if it is inactive, of another kind, or does not concern the viewer.

    viewer: the client that asks, or None for a service, which sees all access tokens. A client sees its own tokens, and
        an API those with its audience. Only the client itself sees a refresh token as active: an API that checks only
        `active` would accept it.

    Raises InvalidClient for a client that has not authenticated.
    """
    if viewer is not None and viewer.token_endpoint_auth_method == NONE:
        raise oauth_errors.InvalidClient()
    token = authentication.read(raw)
    if token is not None:
        return _access_token(token) if _concerns(token, viewer) else None
    current = client_sessions.is_current(raw) if viewer is not None else None
    if viewer is None or current is None or current[1].client_pk != viewer.id:
        return None
    session_id, row = current
    if mfa_policy.is_restricted(row):  # it cannot be exchanged
        return None
    return {
        "active": True,
        "token_type": "refresh_token",
        "client_id": viewer.client_id,
        "sub": subjects.of(row, row.user_id),
        "scope": row.scopes,
        "iss": settings.jwt_issuer,
        "sid": session_id,
        "exp": int(row.expires_at.timestamp()),
    } | ({"cnf": {"jkt": row.jkt}} if row.jkt else {})


def _concerns(token: ClientToken, viewer: Any) -> bool:
    if viewer is None or token.claims["client_id"] == viewer.client_id:
        return True
    return viewer.resource_identifier is not None and viewer.resource_identifier in token.audiences


def _access_token(token: ClientToken) -> dict[str, Any]:
    shown = {name: token.claims[name] for name in SHOWN if name in token.claims}
    shown["scope"] = " ".join(token.scopes)
    # The token has the roles of when it was issued.
    if shown.pop("roles", None) is not None and "roles" in token.scopes:
        shown["roles"] = token.row.roles
    return {"active": True, "token_type": "DPoP" if "cnf" in shown else "Bearer", **shown}


def revoke(db: Session, caller: CallerInfo, raw: str, client: Any) -> bool:
    """End the session of a client's token, and return whether it was one.

    client: the client that asks, which can end only its own tokens, or None for a service.
    """
    token = authentication.find(raw)
    if token is not None and token.row is None:
        return _revoke_own(db, token, client)
    refresh = client_sessions.read_refresh_token(raw)
    session_id = token.claims["sid"] if token else refresh[0] if refresh else None
    row = client_sessions.find(session_id) if session_id else None
    if session_id is None or row is None or (client is not None and row.client_pk != client.id):
        return False
    user = lookup.lock(db, row.account_id)
    which = Which(account_id=row.account_id, ids=[session_id])
    if user is not None and client_sessions.end(db, which, notify=client is None):
        audit.record(db, caller, "session.revoked", user.user_id, client_id=row.client_id)
    return True


def _revoke_own(db: Session, token: ClientToken, client: Any) -> bool:
    """Revoke a token of the client itself, which has no session: its id is recorded until it expires.

    Services that verify tokens themselves learn of it by the client: to them, its other tokens end too.
    """
    if client is not None and token.claims["client_id"] != client.client_id:
        return False
    expires_at = datetime.fromtimestamp(token.claims["exp"] + access_tokens.SECONDS_OF_LEEWAY, UTC)
    if used_proofs.use(authentication.REVOKED, token.claims["jti"], expires_at):
        revocations.revoke_client(db, token.claims["client_id"])
    return True
