"""Serve the token endpoint: each grant type is a function of `GRANTS`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import database
import errors
from core.client_address import CallerInfo
from oauth_provider import (
    authorization,
    client_authentication,
    client_sessions,
    codes,
    device_codes,
    dpop,
    oauth_errors,
    permissions,
    refreshing,
    scopes,
    tokens,
)
from oauth_provider.schemas import CODE, CREDENTIALS, DEVICE, REFRESH, TokenResponse
from oauth_provider.tokens import Login
from sessions import sessions
from settings.loading import settings
from telemetry import metrics


class TokenRequest(NamedTuple):
    """A token request of an authenticated client.

    jkt: the thumbprint of the key that has signed its DPoP proof, or None without one.
    """

    client: Any
    form: Mapping[str, Sequence[str]]
    caller: CallerInfo
    jkt: str | None = None

    def one(self, name: str) -> str | None:
        """Return a parameter, or None."""
        return (self.form.get(name) or ("",))[0] or None


class Received(NamedTuple):
    """What a client sends to the token endpoint: its form, its Authorization header and its DPoP proofs."""

    form: Mapping[str, Sequence[str]]
    authorization: str
    proofs: Sequence[str]


def respond(caller: CallerInfo, received: Received) -> TokenResponse:
    """Authenticate the client, and return tokens. Raises InvalidClient, Unavailable, and what `grant` raises."""
    form = received.form
    authenticate = refreshing.client_of if refreshing.is_refresh(form) else client_authentication.authenticate
    try:
        client = authenticate(form, received.authorization)
        jkt = dpop.thumbprint(received.proofs, "POST", f"{settings.public_base_url}/oauth2/token")
        found = grant(TokenRequest(client, form, caller, jkt))
    except errors.ServiceError as error:
        metrics.OAUTH_REFUSALS.labels(error.oauth).inc()
        raise
    metrics.OAUTH_TOKENS.labels(form["grant_type"][0].rpartition(":")[2]).inc()
    return found


Grant = Callable[[TokenRequest], TokenResponse]


def grant(request: TokenRequest) -> TokenResponse:
    """Return tokens.

    Raises InvalidOAuthRequest, UnsupportedClientGrant, UnauthorizedClient, InvalidDpopProof, InvalidGrant,
    InvalidScope, InvalidTarget.
    """
    grant_type = request.one("grant_type")
    if grant_type is None:
        raise oauth_errors.InvalidOAuthRequest("The grant_type is missing.")
    if grant_type not in GRANTS:
        raise oauth_errors.UnsupportedClientGrant()
    if grant_type != REFRESH:  # its client may have changed since it was read: see `refreshing.py`
        client_authentication.require_grant_type(request.client, grant_type, request.jkt)
    return GRANTS[grant_type](request)


def _by_code(request: TokenRequest) -> TokenResponse:
    given = {name: request.one(name) for name in ("code", "redirect_uri", "code_verifier")}
    if given["code"] is None:
        raise oauth_errors.InvalidOAuthRequest("The code is missing.")
    with database.transaction() as db:
        user, session, detail = codes.redeem(db, request.caller, request.client, given, request.jkt)
        return start_response(request, user, session, detail["nonce"])


def start_response(request: TokenRequest, user: Any, session: Any, nonce: str | None) -> TokenResponse:
    """Return the first tokens of a new session of a client. Raises InvalidTarget."""
    authentication = sessions.Authentication(session.authenticated_at, tuple(session.amr.split()), session.aal2_at)
    login = Login(
        client=request.client,
        user=user,
        session_id=session.id,
        authentication=authentication,
        scopes=scopes.split(session.scopes),
        resources=_resources(request, session.resources),
        counter=0,
        expires_at=session.expires_at,
        jkt=session.jkt,
        nonce=nonce,
    )
    return tokens.response(login, with_id_token=True)


def _by_refresh_token(request: TokenRequest) -> TokenResponse:
    """Exchange a refresh token.

    An ID token is only returned if the request names `openid`: signing it would double the cost of a refresh.
    """
    raw, asked = request.one("refresh_token"), scopes.split(request.one("scope"))
    if raw is None:
        raise oauth_errors.InvalidOAuthRequest("The refresh_token is missing.")
    _require_granted(request, raw, asked)
    row, counter, client = refreshing.exchange(raw, request.client, request.jkt, request.caller)
    request = request._replace(client=client)
    granted = tuple(scope for scope in row.scopes.split() if scope in request.client.scopes)
    if not set(asked) <= set(granted):
        raise oauth_errors.InvalidScope()
    login = Login(
        client=request.client,
        user=row,
        session_id=row.client_session_id,
        authentication=sessions.authentication_of(row),
        scopes=asked or granted,
        resources=_resources(request, row.resources),
        counter=counter,
        expires_at=row.expires_at,
        jkt=row.jkt,
    )
    return tokens.response(login, with_id_token=scopes.OPENID in asked)


def _require_granted(request: TokenRequest, raw: str, asked: Sequence[str]) -> None:
    """Require that the session of a refresh token has the scopes and resources that the request names.

    Before the token is exchanged: after an error, the client sends the same token again, which would end the session.
    Raises InvalidScope, InvalidTarget.
    """
    resources = request.form.get("resource", ())
    session = client_sessions.find_by_refresh_token(raw) if asked or resources else None
    if session is None or session.client_pk != request.client.id:
        return  # the exchange fails
    if not set(asked) <= set(session.scopes.split()):
        raise oauth_errors.InvalidScope()
    if not set(resources) <= set(session.resources):
        raise oauth_errors.InvalidTarget()


def _resources(request: TokenRequest, granted: Sequence[str]) -> Sequence[str]:
    """Return the audience: the resources that were granted, or those of them that the request names (RFC 8707, 2.2).

    Without those that the client may no longer request. Raises InvalidTarget, also if none is left.
    """
    asked = authorization.granted_resources(request.client, request.form.get("resource", ()))
    if not set(asked) <= set(granted):
        raise oauth_errors.InvalidTarget()
    allowed = asked or authorization.allowed_resources(request.client, granted)
    if granted and not allowed:
        raise oauth_errors.InvalidTarget()  # not a token without `resource`, which has another audience
    return allowed


def _by_device_code(request: TokenRequest) -> TokenResponse:
    raw = request.one("device_code")
    if raw is None:
        raise oauth_errors.InvalidOAuthRequest("The device_code is missing.")
    device = device_codes.find_allowed(request.client, raw)
    with database.transaction() as db:
        user, session = device_codes.redeem(db, request.caller, request.client, device, request.jkt)
        return start_response(request, user, session, None)


def _by_client_credentials(request: TokenRequest) -> TokenResponse:
    """Return an access token of the client itself, with at most the permissions of its creator."""
    client, asked = request.client, scopes.split(request.one("scope"))
    available = tuple(scope for scope in client.scopes if scope not in scopes.IDENTITY)
    if not set(asked) <= set(available):
        raise oauth_errors.InvalidScope()
    held = permissions.of_creator(client)
    granted = tuple(scope for scope in (asked or available) if scope in held)
    if asked and not granted:
        raise oauth_errors.InvalidScope()
    resources = authorization.granted_resources(client, request.form.get("resource", ()))
    access_token, lifetime = tokens.for_client(client, granted, resources, request.jkt)
    return TokenResponse(
        access_token=access_token,
        token_type="DPoP" if request.jkt else "Bearer",
        expires_in=lifetime,
        scope=" ".join(granted),
    )


GRANTS: dict[str, Grant] = {
    CODE: _by_code,
    REFRESH: _by_refresh_token,
    CREDENTIALS: _by_client_credentials,
    DEVICE: _by_device_code,
}
