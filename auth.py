"""Prove who you are: log in, the person behind a request, and proof that they are still there."""

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
    """Who makes this request, and in which session."""

    user: schemas.User
    session_id: str
    authenticated_at: datetime | None  # when the user last proved who they are; None after a silent provider login
    email_verified: bool  # by its owner, or by a provider that vouches for it


def authenticate(raw: str | None) -> Current | None:
    """The person behind an access token.

    A forged or expired one asks nothing about anybody, a good one costs one query.
    """
    claims = access_tokens.read(raw) if raw else None
    return authenticate_claims(claims) if claims else None


def authenticate_claims(claims: dict[str, Any]) -> Current | None:
    person = sessions.user_of(claims["sid"], claims["sub"])
    return (
        Current(as_user(person), person.session_id, person.authenticated_at, person.email_proven_at is not None)
        if person
        else None
    )


def _who(request: Request) -> Current | None:
    scheme, shown = get_authorization_scheme_param(request.headers.get("authorization"))
    bearer = shown if scheme.lower() == "bearer" else ""
    found = authenticate(bearer or cookies.access_token(request))
    if found:
        logs.know_user(found.user.user_id)
    if found and not bearer:
        cookies.require_same_site(request)
    return found


class _Login(SecurityBase):
    """The person behind a request: one dependency in one thread, since each more would be a tenth of a cheap
    request.
    """

    scheme_name = "Bearer"
    model = HTTPBearer(description="The access token of a login.")

    def __init__(self, *, demanded: bool) -> None:
        self._demanded = demanded

    async def __call__(self, request: Request) -> Current | None:
        found = await thread_pools.run_in_request_pool(_who, request)
        if self._demanded and not found:
            raise errors.NotAuthenticated()
        return found


MaybeCurrentUser = Annotated[Current | None, Security(_Login(demanded=False))]
CurrentUser = Annotated[Current, Security(_Login(demanded=True))]


def requires(permission: str) -> Any:
    """Stands on the door of a route: lets in whose roles permit it at this moment. Raises NotAuthenticated,
    Forbidden.
    """

    async def check(who: CurrentUser) -> None:
        now = await thread_pools.run_in_request_pool(roles.current_rights, who.user.roles)
        if permission not in now.permissions:
            raise errors.Forbidden()

    return Depends(check)


# --------------------------------------------------------------------------------------------------------------- log in


SIGN_UP = "sign_up"


class Login(NamedTuple):
    """How a user proved who they are.

    method: `password`, `provider` or `sign_up`.
    detail: what the audit log says of it.
    known_network: the caller's network, where it is known already that the account was used from it.
    recent: whether they proved it just now. A provider answers silently unless it was told to ask again.
    """

    method: str
    detail: Mapping[str, str] = MappingProxyType({})
    known_network: str | None = None
    recent: bool = True


def log_in(db: Session, caller: CallerInfo, address: str, password: str) -> schemas.Tokens:
    """Begin a session.

    Raises RateLimited, InvalidCredentials, and, only after the password proved right, AccountDisabled or
    EmailNotVerified.

    A stranger walks the same steps as a friend: the same queries, the same hash, the same count, the same line in the
    trail.
    """
    known, user, verdict, attempt = password_check.compare(db, caller, address, password)
    if user is not None and verdict.pending and not verdict.right:
        throttling.settle(db, attempt)
        raise _refused(db, caller, user, errors.EmailNotVerified(), Login("password"))
    if user is None or not verdict.right:
        metrics.LOGINS.labels("invalid_credentials").inc()
        audit.record(db, caller, "user.login_failed", user.user_id if user else None, reason="invalid_credentials")
        _count_wrong(db, caller, user, attempt)
        raise errors.InvalidCredentials()
    # A password that does not log in clears no count: it may be an attacker's, who signed up with the address.
    (throttling.settle if must_verify(user) else throttling.succeeded)(db, attempt)
    if verdict.renewed:
        user.hashed_password = verdict.renewed
    return admit(db, caller, user, Login("password", known_network=known.known_network if known else None))


def admit(db: Session, caller: CallerInfo, user: User, login: Login) -> schemas.Tokens:
    """Start a session for a user who has proven who they are. Every way to log in ends here.

    The account's row is locked. A capability may demand a further step (`challenge` in its record); the owner is told
    of a login from a new network. Raises AccountDisabled, EmailNotVerified, and what a challenge raises.
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
    """Refuse a user who has proven who they are and may not log in. Raises AccountDisabled, EmailNotVerified."""
    if not user.is_active:
        raise _refused(db, caller, user, errors.AccountDisabled(), login)
    if must_verify(user):
        email_utils.queue_verification(db, user)
        raise _refused(db, caller, user, errors.EmailNotVerified(), login)


def _refused(
    db: Session, caller: CallerInfo, user: User, error: errors.ServiceError, login: Login
) -> errors.ServiceError:
    metrics.LOGINS.labels(error.code).inc()
    audit.record(db, caller, "user.login_failed", user.user_id, reason=error.code, **login.detail)
    return error


def _count_wrong(db: Session, caller: CallerInfo, user: User | None, guess: throttling.Attempt) -> None:
    """Count a wrong password; the owner hears of the one after which the right one no longer works in some places."""
    failed = throttling.failed(db, guess, has_account=user is not None)
    if user is None or not user.is_active or not user.hashed_password:
        return
    for known in [True] * failed.here + [False] * failed.elsewhere:
        audit.record(db, caller, "password.locked", user.user_id, known_network=known)
    if failed.here or failed.elsewhere:
        network = guess.known_network if failed.here else None
        email_utils.queue(db, "password_locked", user, network=network, elsewhere=failed.elsewhere)


def must_verify(user: User) -> bool:
    """Return whether an account must prove its email address before it may log in.

    In `required` mode `is_verified` says too little: it is true for whoever signed up while the mode was `off`.
    """
    return settings.email_verification == "required" and not (user.email_proven_at or user.marked_verified_at)


def grant(db: Session, caller: CallerInfo, form: schemas.TokenRequest) -> schemas.Tokens:
    """Tokens by an OAuth 2 grant (RFC 6749, 4.3 and 6).

    Raises what sign_in and refresh raise, UnsupportedGrantType, InvalidRequest.
    """
    match form:
        case schemas.TokenRequest(grant_type="password", username=str(address), password=str(password)):
            return log_in(db, caller, address, password)
        case schemas.TokenRequest(grant_type="refresh_token", refresh_token=str(raw)):
            return refresh(raw, caller)
        case schemas.TokenRequest(grant_type="password" | "refresh_token" | None):
            raise errors.InvalidRequest()
    raise errors.UnsupportedGrantType()


def refresh(raw: str | None, caller: CallerInfo) -> schemas.Tokens:
    """Exchange a refresh token. Raises InvalidRefreshToken."""
    if raw is None:
        raise errors.InvalidRefreshToken()
    session, person = refresh_tokens.refresh(raw, caller)
    return tokens.response(person, session)


def as_user(person: User | Row[Any]) -> schemas.User:
    return schemas.User.model_validate(person)


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
    """End the session of the access token, or of the refresh token where the access token has expired.

    Or all of the account's.

    Raises NotAuthenticated, InvalidRefreshToken; `forgiving`: a session that has ended already is no error.
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
    """End one's own session on another device. Raises NotFound."""
    user = lock_current(db, who)
    if not sessions.end(db, user, session_id):
        raise errors.NotFound()
    audit.record(db, caller, "session.ended", user.user_id, actor_id=user.user_id)


# ------------------------------------------------------------------------------------------------------------- presence


def reauthenticate(db: Session, caller: CallerInfo, who: Current, password: str | None) -> str | None:
    """Demand the right password or, where none is shown, a login of at most five minutes ago. A refresh is no login.

    Answers the hash that the password was compared with. Raises ReauthenticationRequired, RateLimited; the session
    lives on. To be called before the account is held: it hashes.
    """
    if password is None:
        since = models.now() - timedelta(minutes=REAUTHENTICATION_MINUTES)
        if who.authenticated_at is not None and who.authenticated_at >= since:
            return None
        raise errors.ReauthenticationRequired()
    known = lookup.by_id(who.user.id, caller)
    if known is None:
        raise errors.NotAuthenticated()
    guess = password_check.begin(known.email, known)
    if password_check.verify(guess, password, known.hashed_password).right:
        with database.transaction() as own:  # at once: whoever holds the account may wait for this row
            throttling.succeeded(own, guess)
        return known.hashed_password
    user = lookup.lock(db, who.user.id)
    if user is None:
        raise errors.NotAuthenticated()  # deleted meanwhile: nothing may be written about them any more
    audit.record(db, caller, "user.reauthentication_failed", who.user.user_id, actor_id=who.user.user_id)
    _count_wrong(db, caller, user, guess)
    raise errors.ReauthenticationRequired()


def lock_current(db: Session, who: Current) -> User:
    """One's own account, held. Raises NotAuthenticated when it, or this session, ended a moment ago."""
    user = lookup.lock(db, who.user.id)
    if user is None or not user.is_active or not sessions.lives(db, user, who.session_id):
        raise errors.NotAuthenticated()
    return user


def session_of(who: Current | None, user: User) -> str | None:
    """The session that the call carries, where it is the account's own."""
    return who.session_id if who and who.user.id == user.id else None


def user_response(db: Session, user: User) -> schemas.User:
    """Return the account as its owner sees it."""
    db.flush()
    return schemas.User.model_validate(user)


def managed_user_response(db: Session, user: User) -> schemas.ManagedUser:
    """Return the account as an administrator sees it."""
    db.flush()
    return schemas.ManagedUser.model_validate(user)
