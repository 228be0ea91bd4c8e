"""Exchange refresh tokens of clients, which costs little more than a refresh of a session.

The client is not read for each request. The statement that exchanges the token also checks that the client is still as
this process read it last. If not, or if the token is not exchanged for another reason, the client is read again and
authenticates again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from authorization import mfa_policy
from core.client_address import CallerInfo
from oauth_provider import client_authentication, client_sessions, clients, oauth_errors
from oauth_provider.schemas import REFRESH
from sessions import rotation

Form = Mapping[str, Sequence[str]]


def is_refresh(form: Form) -> bool:
    """Return whether a token request has a refresh token."""
    return list(form.get("grant_type", ())) == [REFRESH]


def client_of(form: Form, authorization: str) -> Any:
    """Return the client of a refresh, possibly as it was a while ago. Raises what `authenticate` raises."""
    try:
        return client_authentication.authenticate(form, authorization, clients.find_kept)
    except oauth_errors.InvalidClient:
        if "client_assertion" in form:  # which cannot be used again
            raise
    return client_authentication.authenticate(form, authorization, clients.refresh_kept)


def exchange(raw: str, client: Any, jkt: str | None, caller: CallerInfo) -> tuple[Row[Any], int, Any]:
    """Exchange a refresh token, and return its session with the user, the counter of its successor, and the client.

    client: the client that has authenticated. Raises InvalidGrant, UnauthorizedClient, InvalidDpopProof, and
    InvalidClient if it has changed.
    """
    if not client_authentication.may_use(client, REFRESH, jkt):
        client = _current(client, jkt)
    _require_factors(raw)
    outcome, row = client_sessions.exchange(raw, client, jkt)
    if outcome != rotation.ROTATED:
        current = _current(client, jkt)
        if current.updated_at != client.updated_at:
            outcome, row = client_sessions.exchange(raw, current, jkt)
        client = current
    if outcome == rotation.REUSED:
        client_sessions.end_reused(raw, caller)
    if row is None or mfa_policy.is_restricted(row):
        raise oauth_errors.InvalidGrant()
    _, counter = client_sessions.read_refresh_token(raw) or ("", 0)
    return row, counter + 1, client


def _require_factors(raw: str) -> None:
    """Require that the user of a refresh token has the factors that MFA_REQUIRED demands. Raises InvalidGrant.

    Before the token is exchanged: a client that sends the same token again after the user has set up a factor would
    otherwise end the session.
    """
    row = client_sessions.find_by_refresh_token(raw) if mfa_policy.requires_aal2() else None
    if row is not None and mfa_policy.is_restricted(row):
        raise oauth_errors.InvalidGrant()


def _current(client: Any, jkt: str | None) -> Any:
    """Return a client that has authenticated, as it is now.

    Raises InvalidClient, UnauthorizedClient, InvalidDpopProof.
    """
    current = clients.refresh_kept(client.client_id)
    if current is None or not _still_authenticates(current, client):
        raise oauth_errors.InvalidClient()
    client_authentication.require_grant_type(current, REFRESH, jkt)
    return current


def _still_authenticates(current: Any, before: Any) -> bool:
    """Return whether a client that has authenticated as it was before would do so now.

    Otherwise it authenticates with its new secret or method in the next request.
    """
    names = ("token_endpoint_auth_method", "jwks", "jwks_uri")
    is_same = all(getattr(current, name) == getattr(before, name) for name in names)
    return is_same and client_authentication.secret_hashes(before) <= client_authentication.secret_hashes(current)
