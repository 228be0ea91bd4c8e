"""Log users out at the request of a client (OpenID Connect RP-Initiated Logout 1.0)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import database
import errors
from core.client_address import CallerInfo
from credentials import lookup
from models import User
from oauth_provider import client_rules, client_sessions, clients, oauth_errors, subjects, unregistered
from oauth_provider.client_sessions import Which
from oauth_provider.models import ClientSession
from sessions import sessions, signed_tokens

PARAMETERS = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales")


class LogoutRequest(NamedTuple):
    """A valid request to log out.

    client: the client that sends it, or None.
    subject: the `sub` of the user in its ID token, or None without one.
    sid: the session of the client in its ID token, or None.
    return_to: where the browser goes afterwards, or None for a page of this service.
    """

    client: Any
    subject: str | None
    sid: str | None
    return_to: str | None


def read(parameters: Mapping[str, str]) -> LogoutRequest:
    """Return the request if it is valid.

    The ID token may have expired. A URL to return to must be one that the client has registered. A client that no
    administrator knows must also send the token: anybody could make a link that leads there.

    Raises InvalidOAuthRequest.
    """
    hint, client_id = parameters.get("id_token_hint"), parameters.get("client_id")
    claims = signed_tokens.read(hint, "jwt") if hint else None
    audience = claims.get("aud") if claims else None
    if hint and (not isinstance(audience, str) or client_id not in (None, "", audience)):
        raise oauth_errors.InvalidOAuthRequest("The id_token_hint is invalid.")
    client = clients.find(audience if isinstance(audience, str) else client_id)
    uri, state = parameters.get("post_logout_redirect_uri"), parameters.get("state")
    return_to = None
    may_return = claims or (client and not unregistered.describes_itself(client))
    if uri and may_return and any(client_rules.matches(each, uri) for each in client.post_logout_redirect_uris):
        return_to = errors.with_query(uri, state=state) if state else uri
    elif uri and claims:
        raise oauth_errors.InvalidOAuthRequest("The application has not registered this post_logout_redirect_uri.")
    subject, sid = (str(claims["sub"]), claims.get("sid")) if claims else (None, None)
    return LogoutRequest(client, subject, sid if isinstance(sid, str) else None, return_to)


def must_ask(request: LogoutRequest, owner: tuple[int, str] | None) -> bool:
    """Return whether the user must confirm: unless the ID token is one of the user of the browser's session.

    owner: the account and session id of the browser.
    """
    if request.subject is None or request.client is None:
        return True
    if owner is None:
        return False
    user = database.read(select(User.user_id).where(User.id == owner[0]))
    return user is None or request.subject != subjects.of(request.client, user.user_id)


def end(db: Session, caller: CallerInfo, request: LogoutRequest, owner: tuple[int, str] | None) -> None:
    """End the session of the browser and that of the ID token, with all tokens that clients got in them."""
    client_id = request.client.client_id if request.client else None
    ended = db.get(ClientSession, request.sid) if request.sid and request.client else None
    if ended is not None and ended.client_pk == request.client.id:
        chosen = {(ended.account_id, ended.session_id or ""), *([owner] if owner else [])}
    else:
        chosen = {owner} if owner else set()
    for account, session_id in sorted(chosen):
        user = lookup.lock(db, account)
        if user is None:
            continue
        if ended is not None and ended.account_id == account:
            client_sessions.end(db, Which(account_id=account, ids=[ended.id]))
        sessions.end(db, user, session_id)
        detail = {"client_id": client_id} if client_id else {}
        audit.record(db, caller, "grant.logged_out", user.user_id, actor_id=user.user_id, **detail)
