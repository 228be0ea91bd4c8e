"""Authenticate users: log in, log out, and lock the account of the current user."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm import Session

import audit
import email_utils
import errors
import schemas
import schemas_service
from core import capability
from core.client_address import CallerInfo
from credentials import lookup, password_check, throttling
from languages import reader
from models import User
from sessions import (
    breached_logins,
    known_networks,
    reauthentication,
    refresh_tokens,
    replacement,
    revocation,
    sessions,
    tokens,
)
from sessions.current_user import Current
from settings.loading import settings
from telemetry import metrics

# --------------------------------------------------------------------------------------------------------------- log in


SIGN_UP, EMAIL = "sign_up", "email"
BY_EMAIL = MappingProxyType({"method": EMAIL})  # the detail of a login with a link or code in an email


class Login(NamedTuple):
    """How a user authenticated.

    method: `password`, `provider`, `passkey`, `email` or `sign_up`.
    amr: the methods that were used (RFC 8176), with `mfa` if there were two.
    detail: additional fields for the audit log.
    known_network: the caller's network, if it is already known that the account was used from it.
    network_used_at: when the last use of this network was recorded, if it was read.
    recent: whether the user authenticated just now. A provider may respond without asking the user.
    device_token: the token of a trusted device, from the request.
    passkey: the id of the passkey that was used as the first factor, which cannot be the second one too.
    remember_device: whether the device skips the second factor from now on.
    """

    method: str
    amr: tuple[str, ...]
    detail: Mapping[str, str] = MappingProxyType({})
    known_network: str | None = None
    network_used_at: datetime | None = None
    recent: bool = True
    device_token: str | None = None
    passkey: str | None = None
    remember_device: bool = False


def log_in(
    db: Session, caller: CallerInfo, email: str, password: str, device_token: str | None = None
) -> schemas.Tokens:
    """Log in with email and password, and return tokens.

    Known and unknown email addresses take the same steps: the same queries, hash, counter and audit event. Raises
    RateLimited, InvalidCredentials, and, only after the password was correct, AccountDisabled, EmailNotVerified or
    MfaRequired.
    """
    known, user, verdict, attempt = password_check.compare(db, caller, email, password)
    if user is not None and verdict.pending and not verdict.right:
        throttling.settle(db, attempt)
        raise _record_failure(db, caller, user, errors.EmailNotVerified(), Login("password", ("pwd",)))
    if user is None or not verdict.right:
        metrics.LOGINS.labels("invalid_credentials").inc()
        audit.record(db, caller, "user.login_failed", user.user_id if user else None, reason="invalid_credentials")
        reauthentication.count_failure(db, caller, user, attempt)
        for record in capability.enabled():
            record.login_failed(db, caller)
        raise errors.InvalidCredentials()
    # A password that does not log in resets no counter: it may belong to an attacker who signed up with the address.
    (throttling.settle if must_verify(user) else throttling.succeeded)(db, attempt)
    if verdict.renewed:
        user.hashed_password = verdict.renewed
    if user.is_active and not must_verify(user):
        breached_logins.check_later(db, caller, user, password)
    login = Login("password", ("pwd",), device_token=device_token)
    if known:
        login = login._replace(known_network=known.known_network, network_used_at=known.network_used_at)
    return admit(db, caller, user, login)


def admit(db: Session, caller: CallerInfo, user: User, login: Login) -> schemas.Tokens:
    """Start a session for an authenticated user whose account row is locked. Every login method calls this function.

    A capability may require a further step (`challenge` in its record). The owner is notified of a login from a new
    network. Raises AccountDisabled, EmailNotVerified, MfaRequired.
    """
    require_may_log_in(db, caller, user, login)
    device_token = None
    for record in capability.enabled():
        device_token = record.challenge(db, caller, user, login) or device_token
    if login.method != SIGN_UP:
        metrics.LOGINS.labels("ok").inc()
        audit.record(db, caller, "user.logged_in", user.user_id, actor_id=user.user_id, **login.detail)
        known_networks.note(db, user, caller, known=login.known_network, used_at=login.network_used_at)
    if user.locale is None and (locale := reader.requested()):  # assigning None would query the roles again
        user.locale = locale  # the language of all emails to the account
    session = sessions.start(db, user, caller, login.amr, recent=login.recent)
    replacement.after_login(db, caller, user, session)
    return tokens.response(user, session, device_token)


def require_may_log_in(db: Session, caller: CallerInfo, user: User, login: Login) -> None:
    """Reject an authenticated user who may not log in. Raises AccountDisabled, EmailNotVerified."""
    if not user.is_active:
        raise _record_failure(db, caller, user, errors.AccountDisabled(), login)
    if must_verify(user):
        email_utils.queue_verification(db, user)
        raise _record_failure(db, caller, user, errors.EmailNotVerified(), login)


def _record_failure(
    db: Session, caller: CallerInfo, user: User, error: errors.ServiceError, login: Login
) -> errors.ServiceError:
    metrics.LOGINS.labels(error.code).inc()
    audit.record(db, caller, "user.login_failed", user.user_id, reason=error.code, **login.detail)
    return error


def must_verify(user: User) -> bool:
    """Return whether an account must verify its email address before it may log in.

    In `required` mode `is_verified` is not sufficient: it is true for accounts that signed up while the mode was `off`.
    """
    return settings.email_verification == "required" and not (user.email_proven_at or user.marked_verified_at)


def grant(db: Session, caller: CallerInfo, form: schemas_service.TokenRequest) -> schemas.Tokens:
    """Issue tokens by an OAuth 2 grant (RFC 6749, sections 4.3 and 6).

    Raises what `log_in` and `refresh` raise, UnsupportedGrantType, InvalidRequest.
    """
    match form:
        case schemas_service.TokenRequest(grant_type="password", username=str(email), password=str(password)):
            return log_in(db, caller, email, password, form.device_token)
        case schemas_service.TokenRequest(grant_type="refresh_token", refresh_token=str(raw)):
            return refresh(raw, caller)
        case schemas_service.TokenRequest(grant_type="password" | "refresh_token" | None):
            raise errors.InvalidRequest()
    raise errors.UnsupportedGrantType()


def refresh(raw: str | None, caller: CallerInfo) -> schemas.Tokens:
    """Exchange a refresh token for new tokens. Raises InvalidRefreshToken."""
    if raw is None:
        raise errors.InvalidRefreshToken()
    session, user = refresh_tokens.refresh(raw, caller)
    return tokens.response(user, session)


# -------------------------------------------------------------------------------------------------------------- log out


def log_out(
    db: Session,
    caller: CallerInfo,
    who: Current | None,
    refresh_token: str | None,
    *,
    everywhere: bool = False,
    api_keys: bool = False,
    forgiving: bool = False,
) -> None:
    """End the session of the access token, or of the refresh token if the access token has expired.

    everywhere: whether all sessions of the account end.
    api_keys: whether its API keys end too, with all sessions.
    forgiving: whether a session that has already ended is no error.

    Raises NotAuthenticated, InvalidRefreshToken.
    """
    try:
        account, session_id = (who.user.id, who.session_id) if who else _owner(refresh_token)
    except (errors.NotAuthenticated, errors.InvalidRefreshToken):
        if forgiving:
            return
        raise
    user = lookup.lock(db, account)
    if user is None:
        raise errors.NotAuthenticated()
    if who is not None and who.impersonator_id:
        sessions.end(db, user, session_id)
        audit.record(db, caller, "user.impersonation_ended", user.user_id, actor_id=who.impersonator_id)
        return
    if everywhere:
        revocation.end_all_sessions(db, user, api_keys=api_keys)
    else:
        sessions.end(db, user, session_id)
    action = "user.logged_out_everywhere" if everywhere else "user.logged_out"
    detail = {"api_keys": True} if everywhere and api_keys else {}
    audit.record(db, caller, action, user.user_id, actor_id=user.user_id, **detail)


def own_session(who: Current | None, refresh_token: str | None, caller: CallerInfo) -> schemas.Tokens | None:
    """Return new tokens of the administrator's own session for a browser that impersonates a user, if it has one.

    Call it before the transaction begins, since the refresh has its own.
    """
    if who is None or not who.impersonator_id or refresh_token is None:
        return None
    try:
        return refresh(refresh_token, caller)
    except errors.InvalidRefreshToken:
        return None


def _owner(refresh_token: str | None) -> tuple[int, str]:
    if refresh_token is None:
        raise errors.NotAuthenticated()
    found = refresh_tokens.owner_of(refresh_token)
    if found is None:
        raise errors.InvalidRefreshToken()
    return found


def end_session(db: Session, caller: CallerInfo, who: Current, session_id: str) -> None:
    """End another session of the current user. Raises NotFound."""
    user = lock_current(db, who)
    if not sessions.end(db, user, session_id):
        raise errors.NotFound()
    audit.record(db, caller, "session.ended", user.user_id, actor_id=user.user_id)


# --------------------------------------------------------------------------------------------------------- current user


def lock_current(db: Session, who: Current) -> User:
    """Lock and return the account of the current user. Raises NotAuthenticated if it or the session has ended."""
    user = lookup.lock(db, who.user.id)
    if user is None or not user.is_active or not sessions.is_active(db, user, who.session_id):
        raise errors.NotAuthenticated()
    return user


def session_of(who: Current | None, user: User) -> str | None:
    """Return the session id of the request if it belongs to this account."""
    return who.session_id if who and who.user.id == user.id else None


def user_response(db: Session, user: User) -> schemas.User:
    """Return the account as its owner sees it."""
    db.flush()
    return schemas.User.model_validate(user)


def managed_user_response(db: Session, user: User) -> schemas.ManagedUser:
    """Return the account as an administrator sees it."""
    db.flush()
    return schemas.ManagedUser.model_validate(user)
