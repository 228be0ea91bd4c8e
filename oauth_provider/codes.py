"""Issue authorization codes, and exchange each once (RFC 6749, section 4.1; RFC 7636)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import audit
import models
from authorization import mfa_policy
from core import signing
from core.client_address import CallerInfo
from credentials import lookup
from models import User
from oauth_provider import client_sessions, consent, grants, oauth_errors, requests, scopes, unregistered
from oauth_provider.authorization import Asked
from oauth_provider.client_sessions import Start, Which
from oauth_provider.consent import Visitor
from oauth_provider.models import AuthorizationCode, ClientSession
from sessions import sessions

SECONDS_VALID = 60
_LABEL = "authorization_code"
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


def issue(db: Session, caller: CallerInfo, asked: Asked, who: Visitor, consented: Collection[str] | None = None) -> str:
    """Return the URL of the client with a new code.

    consented: the scopes on the consent page that the user has just answered, or None without one. What has been added
        since is not granted, nor what the client or user may no longer have.

    Raises LoginRequired if the session has ended.
    """
    user = lookup.lock(db, who.row.id)
    session = client_sessions.live_session(db, who.session_id, who.row.id) if user and user.is_active else None
    if user is None or session is None:
        raise asked.refused(oauth_errors.LoginRequired())
    asked = asked._replace(client=unregistered.keep(db, caller, asked.client, user))
    seen = consent.scopes_for(asked, who.row) if consented is None else consented
    allowed = tuple(scope for scope in consent.scopes_for(asked, user) if scope in seen)
    grants.remember(db, user, asked, allowed)
    if consented is not None:
        detail = {"client_id": asked.client.client_id, "scopes": " ".join(allowed)}
        audit.record(db, caller, "grant.consented", user.user_id, actor_id=user.user_id, **detail)
    authentication = who.authentication
    code = AuthorizationCode(
        id=models.new_id(),
        client_pk=asked.client.id,
        account_id=user.id,
        session_id=session.id,
        scopes=" ".join(allowed),
        resources=list(asked.resources),
        detail={
            "redirect_uri": asked.redirect_uri,
            "challenge": asked.code_challenge,
            "nonce": asked.nonce,
            "jkt": asked.jkt,
            "at": authentication.at.isoformat(),
            "amr": list(authentication.amr),
            "aal2_at": authentication.aal2_at.isoformat() if authentication.aal2_at else None,
        },
        expires_at=models.now() + timedelta(seconds=SECONDS_VALID),
    )
    db.add(code)
    requests.finish(db, asked)
    db.flush()
    return asked.back_to(code=signing.sign(_LABEL, code.id, salted=True))


def decline(db: Session, caller: CallerInfo, asked: Asked, who: Visitor) -> str:
    """Return the URL of the client with the error that the user has declined."""
    if asked.client.id is not None:  # a client that no user has allowed anything leaves no trace
        user_id = who.row.user_id
        audit.record(db, caller, "grant.declined", user_id, actor_id=user_id, client_id=asked.client.client_id)
    requests.finish(db, asked)
    return asked.back_to(error=oauth_errors.AccessDenied.code)


def redeem(
    db: Session, caller: CallerInfo, client: Any, given: dict[str, str | None], jkt: str | None
) -> tuple[User, ClientSession, dict[str, Any]]:
    """Exchange a code, and return the account, the new session of the client and the details of the code.

    One statement finds and deletes the code, so that exactly one of several concurrent requests succeeds. Another use
    ends the tokens of the first. Raises InvalidGrant.
    """
    signed = signing.unsign(_LABEL, given.get("code") or "")
    if signed is None or signed.unsalted:
        raise oauth_errors.InvalidGrant()
    chosen = AuthorizationCode.id == signed.value, AuthorizationCode.client_pk == client.id
    account = db.scalar(select(AuthorizationCode.account_id).where(*chosen))
    user = lookup.lock(db, account) if account else None
    take = delete(AuthorizationCode).where(*chosen).returning(*AuthorizationCode.__table__.columns)
    taken = db.execute(take.execution_options(synchronize_session=False)).first()
    if taken is None:
        _end_tokens_of(db, caller, client, signed.value)
        raise oauth_errors.InvalidGrant()
    detail = taken.detail
    if taken.expires_at <= models.now() or not _fits(detail, given) or detail["jkt"] not in (None, jkt):
        raise oauth_errors.InvalidGrant()
    live = client_sessions.live_session(db, taken.session_id, taken.account_id) if user and user.is_active else None
    if user is None or live is None or mfa_policy.is_restricted(user):
        raise oauth_errors.InvalidGrant()
    offline = scopes.OFFLINE in taken.scopes.split()
    new = Start(
        taken.id,
        client.id,
        taken.session_id,
        taken.scopes,
        taken.resources,
        _authentication(detail),
        jkt,
        None if offline else live.ends_at,
    )
    session = client_sessions.start(db, user, new)
    audit.record(
        db, caller, "grant.used", user.user_id, actor_id=user.user_id, client_id=client.client_id, scopes=taken.scopes
    )
    return user, session, detail


def _fits(detail: dict[str, Any], given: dict[str, str | None]) -> bool:
    """Return whether the request has the redirect URI and the PKCE verifier of the code."""
    verifier, redirect_uri = given.get("code_verifier") or "", given.get("redirect_uri")
    if redirect_uri not in (None, detail["redirect_uri"]) or not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(challenge, detail["challenge"])


def _authentication(detail: dict[str, Any]) -> sessions.Authentication:
    aal2_at = detail["aal2_at"]
    return sessions.Authentication(
        datetime.fromisoformat(detail["at"]),
        tuple(detail["amr"]),
        datetime.fromisoformat(aal2_at) if aal2_at else None,
    )


def _end_tokens_of(db: Session, caller: CallerInfo, client: Any, code_id: str) -> None:
    session = db.get(ClientSession, code_id)
    user = lookup.lock(db, session.account_id) if session and session.client_pk == client.id else None
    if user is not None and client_sessions.end(db, Which(account_id=user.id, ids=[code_id])):
        audit.record(db, caller, "client.code_reused", user.user_id, client_id=client.client_id)
