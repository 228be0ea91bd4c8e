"""Store authorization requests: those that wait for the user, and those that clients have pushed (RFC 9126)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

import database
import models
from core import signing
from oauth_provider import authorization, oauth_errors, unregistered
from oauth_provider.authorization import Asked
from oauth_provider.models import AuthorizationRequest
from settings.loading import settings
from web import authorization_references

MINUTES_TO_LOG_IN = 60
SECONDS_PUSHED = 60
HINT = "login_hint"  # an email address: not stored with a request that waits for the user
URN = "urn:ietf:params:oauth:request_uri:"
_LABEL = "pushed_request"


def begin(parameters: Mapping[str, Sequence[str]]) -> str:
    """Check a request that a browser brings, and return the path at which it continues.

    That path is below /auth, where the browser sends its session. Raises InvalidClient, InvalidRequestUri, and what
    `authorization.read` raises.
    """
    client = authorization.client_of(parameters)
    if "request_uri" in parameters:
        return _take_pushed(client, parameters["request_uri"][0])
    authorization.read(parameters, client, models.now(), pushed=False)
    return f"{authorization_references.PATH}?{urlencode(parameters, doseq=True)}"


def of(parameters: Mapping[str, Sequence[str]]) -> Asked:
    """Return the request that continues: a stored one, or the one in these parameters. Raises what `begin` raises."""
    if "request" in parameters:
        return load(parameters["request"][0])
    return authorization.read(parameters, authorization.client_of(parameters), models.now(), pushed=False)


def push(client: Any, parameters: Mapping[str, Sequence[str]], jkt: str | None) -> str:
    """Store a request that a client pushed, and return its `request_uri`.

    jkt: the thumbprint of the key that has signed its DPoP proof, or None without one.

    Raises InvalidOAuthRequest for a `request_uri` in the request, InvalidDpopProof for a proof with another key than
    `dpop_jkt`, and what `authorization.read` raises.
    """
    if "request_uri" in parameters:
        raise oauth_errors.InvalidOAuthRequest("A pushed request must not contain a request_uri.")
    if parameters.get("client_id", [client.client_id]) != [client.client_id]:
        raise oauth_errors.InvalidOAuthRequest("The client_id is that of another client.")
    kept = {name: list(values) for name, values in parameters.items() if name not in _CREDENTIALS}
    kept["client_id"] = [client.client_id]
    if jkt is not None:
        kept.setdefault("dpop_jkt", [jkt])
        if kept["dpop_jkt"] != [jkt]:
            raise oauth_errors.InvalidDpopProof()
    try:
        authorization.read(kept, client, models.now(), pushed=True)
    except oauth_errors.OAuthProviderError as error:
        error.back_to = None  # the client is told directly
        raise
    stored = _insert(client, kept, timedelta(seconds=SECONDS_PUSHED), pushed=True)
    return f"{URN}{signing.sign(_LABEL, stored, salted=True)}"


_CREDENTIALS = ("client_secret", "client_assertion", "client_assertion_type")


def store(asked: Asked, parameters: Mapping[str, Sequence[str]]) -> str:
    """Store a request that waits for the user, and return the path at which it continues."""
    kept = {name: list(values) for name, values in parameters.items() if name != HINT}
    stored = _insert(asked.client, kept, timedelta(minutes=MINUTES_TO_LOG_IN), pushed=False)
    return _path(stored, asked)


def _path(stored: str, asked: Asked) -> str:
    """Return the path at which a stored request continues, with the hint for the login page."""
    path = authorization_references.url(stored, asked.redirect_uri)
    return f"{path}&{urlencode({HINT: asked.login_hint})}" if asked.login_hint else path


def _insert(client: Any, parameters: Mapping[str, Any], lifetime: timedelta, *, pushed: bool) -> str:
    now, request_id = models.now(), models.new_id()
    database.write_only(
        insert(AuthorizationRequest).values(
            id=request_id,
            client_pk=client.id,
            parameters=parameters,
            pushed=pushed,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return request_id


def _take_pushed(client: Any, request_uri: str) -> str:
    """Use up a `request_uri`, and return the path at which the request continues.

    One statement, so that of several browsers only one succeeds. Raises InvalidRequestUri.
    """
    signed = signing.unsign(_LABEL, request_uri.removeprefix(URN)) if request_uri.startswith(URN) else None
    if signed is None or signed.unsalted:
        raise oauth_errors.InvalidRequestUri()
    now = models.now()
    taken = database.write(
        update(AuthorizationRequest)
        .where(
            AuthorizationRequest.id == signed.value,
            AuthorizationRequest.client_pk == client.id,
            AuthorizationRequest.pushed,
            AuthorizationRequest.expires_at > now,
        )
        .values(pushed=False, created_at=now, expires_at=now + timedelta(minutes=MINUTES_TO_LOG_IN))
        .returning(AuthorizationRequest.id, AuthorizationRequest.parameters)
    )
    if taken is None or taken.parameters["client_id"] != [client.client_id]:
        raise oauth_errors.InvalidRequestUri()
    asked = authorization.read(taken.parameters, client, now, pushed=True)
    if asked.login_hint:
        kept = {name: values for name, values in taken.parameters.items() if name != HINT}
        stored = update(AuthorizationRequest).where(AuthorizationRequest.id == taken.id)
        database.write_only(stored.values(parameters=kept))
    return _path(taken.id, asked)


def load(reference: str) -> Asked:
    """Return a stored request.

    Raises InvalidRequestUri, InvalidClientDocument, and what `authorization.read` raises.
    """
    request_id = authorization_references.request_id(reference)
    row = request_id and database.read(
        select(AuthorizationRequest.parameters, AuthorizationRequest.created_at).where(
            AuthorizationRequest.id == request_id,
            ~AuthorizationRequest.pushed,
            AuthorizationRequest.expires_at > models.now(),
        )
    )
    client = unregistered.find(row.parameters["client_id"][0]) if row else None
    if not request_id or not row or client is None:
        raise oauth_errors.InvalidRequestUri()
    return authorization.read(row.parameters, client, row.created_at, pushed=True)._replace(stored=request_id)


def client_id_of(reference: str) -> str:
    """Return the `client_id` of a stored request, or nothing if no document of a client can be needed."""
    request_id = authorization_references.request_id(reference) if settings.client_id_metadata else None
    chosen = select(AuthorizationRequest.parameters).where(AuthorizationRequest.id == request_id)
    row = database.read(chosen) if request_id else None
    return str(row.parameters["client_id"][0]) if row else ""


def finish(db: Session, asked: Asked) -> None:
    """Delete a request that was answered, if it was stored."""
    if asked.stored:
        db.execute(delete(AuthorizationRequest).where(AuthorizationRequest.id == asked.stored))
