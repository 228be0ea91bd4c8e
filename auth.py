"""Authenticate users: log in, resolve the current user of a request, and require recent authentication."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy import Row
from sqlalchemy.orm import Session

import audit
import database
import email_utils
import errors
import models
import schemas
from authorization import roles
from core import capability, thread_pools
from core.client_address import CallerInfo
from credentials import lookup, password_check, throttling
from models import User
from sessions import access_tokens, known_networks, refresh_tokens, replacement, sessions, tokens
from settings.loading import settings
from telemetry import logs, metrics
from web import cookies

REAUTHENTICATION_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Current:
    """The current user of a request, and the session."""

    user: schemas.User
    session_id: str
    authenticated_at: datetime | None  # when the user last authenticated; None after a silent provider login
    email_verified: bool  # by its owner, or by a provider


def authenticate(raw: str | None) -> Current | None:
    """Return the user and session of an access token, or None.

    A forged or expired token costs no query, a valid one costs one.
    """
    claims = access_tokens.read(raw) if raw else None
    return authenticate_claims(claims) if claims else None


def authenticate_claims(claims: dict[str, Any]) -> Current | None:
    """Return the user and session of verified claims, or None if the session or the account has ended."""
    row = sessions.user_of(claims["sid"], claims["sub"])
    return Current(as_user(row), row.session_id, row.authenticated_at, row.email_proven_at is not None) if row else None


def _current(request: Request) -> Current | None:
    scheme, credentials = get_authorization_scheme_param(request.headers.get("authorization"))
    bearer = credentials if scheme.lower() == "bearer" else ""
    found = authenticate(bearer or cookies.access_token(request))
    if found:
        logs.know_user(found.user.user_id)
    if found and not bearer:
        cookies.require_same_site(request)
    return found


class _Authentication(SecurityBase):
    """Resolve the current user of a request.

    One dependency in one thread: a second one would add a tenth to the time of a cheap request.
    """

    scheme_name = "Bearer"
    model = HTTPBearer(description="The access token of a login.")

    def __init__(self, *, required: bool) -> None:
        self._required = required

    async def __call__(self, request: Request) -> Current | None:
        found = await thread_pools.run_in_request_pool(_current, request)
        if self._required and not found:
            raise errors.NotAuthenticated()
        return found


MaybeCurrentUser = Annotated[Current | None, Security(_Authentication(required=False))]
CurrentUser = Annotated[Current, Security(_Authentication(required=True))]


def requires(permission: str) -> Any:
    """Return a route dependency that requires a permission, which the user's roles must grant at this moment.

    Raises NotAuthenticated, Forbidden.
    """

    async def check(who: CurrentUser) -> None:
        now = await thread_pools.run_in_request_pool(roles.current_rights, who.user.roles)
        if permission not in now.permissions:
            raise errors.Forbidden()

    return Depends(check)


# --------------------------------------------------------------------------------------------------------------- log in


SIGN_UP = "sign_up"


class Login(NamedTuple):
    """How a user authenticated.

    method: `password`, `provider` or `sign_up`.
    detail: additional fields for the audit log.
    known_network: the caller's network, if it is already known that the account was used from it.
    recent: whether the user authenticated just now. A provider may respond without asking the user.
    """

    method: str
    detail: Mapping[str, str] = MappingProxyType({})
    known_network: str | None = None
    recent: bool = True


def log_in(db: Session, caller: CallerInfo, email: str, password: str) -> schemas.Tokens:
    """Log in with email and password, and return tokens.

    Known and unknown email addresses take the same steps: the same queries, hash, counter and audit event. Raises
    RateLimited, InvalidCredentials, and, only after the password was correct, AccountDisabled or EmailNotVerified.
    """
    known, user, verdict, attempt = password_check.compare(db, caller, email, password)
    if user is not None and verdict.pending and not verdict.right:
        throttling.settle(db, attempt)
        raise _record_failure(db, caller, user, errors.EmailNotVerified(), Login("password"))
    if user is None or not verdict.right:
        metrics.LOGINS.labels("invalid_credentials").inc()
        audit.record(db, caller, "user.login_failed", user.user_id if user else None, reason="invalid_credentials")
        _count_failure(db, caller, user, attempt)
        raise errors.InvalidCredentials()
    # A password that does not log in resets no counter: it may belong to an attacker who signed up with the address.
    (throttling.settle if must_verify(user) else throttling.succeeded)(db, attempt)
    if verdict.renewed:
        user.hashed_password = verdict.renewed
    return admit(db, caller, user, Login("password", known_network=known.known_network if known else None))


def admit(db: Session, caller: CallerInfo, user: User, login: Login) -> schemas.Tokens:
    """Start a session for an authenticated user whose account row is locked. All login methods end here.

    A capability may require a further step (`challenge` in its record). The owner is notified of a login from a new
    network. Raises AccountDisabled, EmailNotVerified, and what a challenge raises.
    """
    require_may_log_in(db, caller, user, login)
    for record in capability.enabled():
        if challenge := record.challenge(db, user, login):
            raise challenge
    if login.method != SIGN_UP:
        metrics.LOGINS.labels("ok").inc()
        audit.record(db, caller, "user.logged_in", user.user_id, actor_id=user.user_id, **login.detail)
        known_networks.note(db, user, caller, known=login.known_network)
    session = sessions.start(db, user, caller, recent=login.recent)
    replacement.after_login(db, caller, user)
    return tokens.response(user, session)


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


def _count_failure(db: Session, caller: CallerInfo, user: User | None, attempt: throttling.Attempt) -> None:
    """Count a wrong password, and notify the owner if it locks the password for some networks."""
    failed = throttling.failed(db, attempt, has_account=user is not None)
    if user is None or not user.is_active or not user.hashed_password:
        return
    for known in [True] * failed.here + [False] * failed.elsewhere:
        audit.record(db, caller, "password.locked", user.user_id, known_network=known)
    if failed.here or failed.elsewhere:
        network = attempt.known_network if failed.here else None
        email_utils.queue(db, "password_locked", user, network=network, elsewhere=failed.elsewhere)


def must_verify(user: User) -> bool:
    """Return whether an account must verify its email address before it may log in.

    In `required` mode `is_verified` is not sufficient: it is true for accounts that signed up while the mode was `off`.
    """
    return settings.email_verification == "required" and not (user.email_proven_at or user.marked_verified_at)


def grant(db: Session, caller: CallerInfo, form: schemas.TokenRequest) -> schemas.Tokens:
    """Issue tokens by an OAuth 2 grant (RFC 6749, sections 4.3 and 6).

    Raises what `log_in` and `refresh` raise, UnsupportedGrantType, InvalidRequest.
    """
    match form:
        case schemas.TokenRequest(grant_type="password", username=str(email), password=str(password)):
            return log_in(db, caller, email, password)
        case schemas.TokenRequest(grant_type="refresh_token", refresh_token=str(raw)):
            return refresh(raw, caller)
        case schemas.TokenRequest(grant_type="password" | "refresh_token" | None):
            raise errors.InvalidRequest()
    raise errors.UnsupportedGrantType()


def refresh(raw: str | None, caller: CallerInfo) -> schemas.Tokens:
    """Exchange a refresh token for new tokens. Raises InvalidRefreshToken."""
    if raw is None:
        raise errors.InvalidRefreshToken()
    session, user = refresh_tokens.refresh(raw, caller)
    return tokens.response(user, session)


def as_user(user: User | Row[Any]) -> schemas.User:
    return schemas.User.model_validate(user)


# -------------------------------------------------------------------------------------------------------------- log out


def log_out(
    db: Session,
    caller: CallerInfo,
    who: Current | None,
    refresh_token: str | None,
    *,
    everywhere: bool = False,
    forgiving: bool = False,
) -> None:
    """End the session of the access token, or of the refresh token if the access token has expired.

    everywhere: whether all sessions of the account end.
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
    if everywhere:
        sessions.end_all(db, user)
    else:
        sessions.end(db, user, session_id)
    action = "user.logged_out_everywhere" if everywhere else "user.logged_out"
    audit.record(db, caller, action, user.user_id, actor_id=user.user_id)


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


# ---------------------------------------------------------------------------------------------------- re-authentication


def reauthenticate(db: Session, caller: CallerInfo, who: Current, password: str | None) -> str | None:
    """Require recent authentication: the right password or, without one, a login in the last five minutes.

    A refresh does not count as a login. Returns the hash that the password was compared with. Call it before the
    account is locked, since it hashes. Raises ReauthenticationRequired, RateLimited; the session continues.
    """
    if password is None:
        since = models.now() - timedelta(minutes=REAUTHENTICATION_MINUTES)
        if who.authenticated_at is not None and who.authenticated_at >= since:
            return None
        raise errors.ReauthenticationRequired()
    known = lookup.by_id(who.user.id, caller)
    if known is None:
        raise errors.NotAuthenticated()
    attempt = password_check.begin(known.email, known)
    if password_check.verify(attempt, password, known.hashed_password).right:
        with database.transaction() as own:  # at once: a transaction that has locked the account may wait for this row
            throttling.succeeded(own, attempt)
        return known.hashed_password
    user = lookup.lock(db, who.user.id)
    if user is None:
        raise errors.NotAuthenticated()  # deleted concurrently: write nothing about this user
    audit.record(db, caller, "user.reauthentication_failed", who.user.user_id, actor_id=who.user.user_id)
    _count_failure(db, caller, user, attempt)
    raise errors.ReauthenticationRequired()


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
