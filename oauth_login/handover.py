"""Hand a login on the hosted pages over to an application, with a one-time code for `POST /oauth/exchange`.

The application gets a separate session with the authentication methods and time of the session on the pages.
"""

import re
from typing import Any

from sqlalchemy.orm import Session

import audit
import auth
import errors
import schemas
from authorization import mfa_policy
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens
from models import User
from sessions import known_networks, replacement, sessions, tokens

HOSTED_PAGES, MAGIC_LINK = "hosted pages", "magic link"  # in place of the name of a provider
CODE_CHALLENGE = re.compile(r"[\w-]{43}", re.ASCII)


def require_challenge(code_challenge: str | None) -> None:
    """Require that a `code_challenge` is well-formed, if there is one (RFC 7636, 4.2). Raises OauthError."""
    if code_challenge is not None and not CODE_CHALLENGE.fullmatch(code_challenge):
        raise errors.OauthError("The code_challenge must be the base64url SHA-256 of a verifier: 43 characters.")


def issue_code(db: Session, account: int, session_id: str, code_challenge: str | None) -> str:
    """Return a one-time code for the user of a session of the pages.

    code_challenge: the S256 challenge of the application (RFC 7636, 4.2), or None.

    Raises OauthError, NotAuthenticated, MfaEnrolmentRequired.
    """
    require_challenge(code_challenge)
    user = lookup.lock(db, account)
    if user is None or not user.is_active or not sessions.is_active(db, user, session_id):
        raise errors.NotAuthenticated()
    if mfa_policy.is_restricted(user):
        raise errors.MfaEnrolmentRequired()
    token = one_time_tokens.issue(db, user, "exchange", HOSTED_PAGES)
    token.detail = {"challenge": code_challenge, "session": session_id}
    return one_time_tokens.encode("exchange", token.id)


def continue_after_link(db: Session, user: User, redirect_to: str) -> str:
    """Return the URL of an application, with a one-time code for a login by email.

    The account's row is locked. The exchange of the code requires the second factor.
    """
    token = one_time_tokens.issue(db, user, "exchange", MAGIC_LINK)
    return errors.with_query(redirect_to, code=one_time_tokens.encode("exchange", token.id))


def log_in_after_link(db: Session, caller: CallerInfo, user: User, device_token: str | None) -> schemas.Tokens:
    """Start the session of the application after a login by email. The account's row is locked.

    Raises AccountDisabled, EmailNotVerified, MfaRequired.
    """
    return auth.admit(db, caller, user, auth.Login(auth.EMAIL, ("email",), auth.BY_EMAIL, device_token=device_token))


def redeem(db: Session, caller: CallerInfo, user: User, detail: dict[str, Any]) -> schemas.Tokens:
    """Start the session of the application. The account's row is locked, and its code was redeemed.

    No second factor is required, because the user has already completed the login on the pages. Raises InvalidToken if
    they have logged out since, AccountDisabled, EmailNotVerified.
    """
    auth.require_may_log_in(db, caller, user, auth.Login(HOSTED_PAGES, ()))
    session = sessions.start_like(db, user, caller, str(detail.get("session")))
    if session is None:
        raise errors.InvalidToken()
    audit.record(db, caller, "user.logged_in", user.user_id, actor_id=user.user_id, provider=HOSTED_PAGES)
    known_networks.note(db, user, caller)
    replacement.end_oldest(db, caller, user)
    return tokens.response(user, session)
