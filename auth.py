"""Prove who you are: log in, the person behind a request, and proof that they are still there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

import access_tokens
import audit
import cookies
import database
import email_utils
import errors
import guesses
import logs
import metrics
import models
import passwords
import roles
import schemas
import sessions
import threads
from admin_schemas import Permission
from audit import CallerInfo
from models import KnownNetwork, User
from prepared import Prepared
from settings import settings

MINUTES_A_LOGIN_COUNTS_AS_PRESENCE = 5


@dataclass(frozen=True, slots=True)
class Current:
    """Who makes this request, and in which session."""

    user: schemas.User
    session_id: str
    logged_in_at: datetime


def current(raw: str | None) -> Current | None:
    """The person behind an access token. A forged or expired one asks nothing about anybody, a good one costs one query."""
    claims = access_tokens.read(raw) if raw else None
    return person_behind(claims) if claims else None


def person_behind(claims: dict[str, Any]) -> Current | None:
    person = sessions.person_of(claims["sid"], claims["sub"])
    return Current(as_user(person), person.session_id, person.logged_in_at) if person else None


def _who(request: Request) -> Current | None:
    scheme, shown = get_authorization_scheme_param(request.headers.get("authorization"))
    bearer = shown if scheme.lower() == "bearer" else ""
    found = current(bearer or cookies.access_token(request))
    if found:
        logs.know_user(found.user.user_id)
    if found and not bearer:
        cookies.demand_same_site(request)
    return found


class _Login(SecurityBase):
    """The person behind a request: one dependency in one thread, since each more would be a tenth of a cheap request."""

    scheme_name = "Bearer"
    model = HTTPBearer(description="The access token of a login.")

    def __init__(self, *, demanded: bool) -> None:
        self._demanded = demanded

    async def __call__(self, request: Request) -> Current | None:
        found = await threads.run_in_a_common_thread(_who, request)
        if self._demanded and not found:
            raise errors.NotAuthenticated()
        return found


MaybeCurrentUser = Annotated[Current | None, Security(_Login(demanded=False))]
CurrentUser = Annotated[Current, Security(_Login(demanded=True))]


def requires(permission: Permission) -> Any:
    """Stands on the door of a route: lets in whose roles permit it at this moment. Raises NotAuthenticated, Forbidden."""

    async def check(who: CurrentUser) -> None:
        now = await threads.run_in_a_common_thread(roles.rights_now, who.user.roles)
        if permission not in now.permissions:
            raise errors.Forbidden()

    return Depends(check)


# ------------------------------------------------------------------------------------------------------- accounts found


class Snapshot(NamedTuple):
    """What must be known of an account before a hash is computed, read without holding anything."""

    id: int
    user_id: str
    email: str
    username: str
    hashed_password: str | None
    known_network: str | None  # that of the caller, where the account was used from it before


def _snapshot_by(column: Any) -> Prepared:
    here = select(KnownNetwork.network).where(
        KnownNetwork.account_id == User.id, KnownNetwork.network == bindparam("network")
    )
    known_network = here.correlate(User).scalar_subquery().label("known_network")
    columns = User.id, User.user_id, User.email, User.username, User.hashed_password, known_network
    return Prepared(lambda: select(*columns).where(column == bindparam("whose")))


_BY_ADDRESS, _BY_ID, _BY_USER_ID = map(_snapshot_by, (User.canonical_email, User.id, User.user_id))


def find(address: str, caller: CallerInfo) -> Snapshot | None:
    """The account with this address, in any spelling."""
    return _snapshot(_BY_ADDRESS, schemas.canonical_email(address), caller)


def look_at(account: int, caller: CallerInfo) -> Snapshot | None:
    return _snapshot(_BY_ID, account, caller)


def look_at_user(user_id: str, caller: CallerInfo) -> Snapshot | None:
    return _snapshot(_BY_USER_ID, user_id, caller)


def _snapshot(of: Prepared, whose: str | int, caller: CallerInfo) -> Snapshot | None:
    row = of.first({"whose": whose, "network": audit.network_of(caller.ip)})
    return Snapshot._make(row) if row else None


def hold(db: Session, account: int) -> User | None:
    """The account, held until the transaction ends: every verb that changes one holds it first, so they go one by one."""
    return db.get(User, account, with_for_update={"key_share": True}, populate_existing=True)


def hold_by_address(db: Session, address: str) -> User | None:
    """The same for the account with this address, in any spelling."""
    return db.scalar(
        select(User).where(User.canonical_email == schemas.canonical_email(address)).with_for_update(key_share=True)
    )


# --------------------------------------------------------------------------------------------------------------- log in


def sign_in(db: Session, caller: CallerInfo, address: str, password: str) -> schemas.Tokens:
    """Begin a session. Raises RateLimited, InvalidCredentials, and, only after the password proved right, AccountDisabled or EmailNotVerified.

    A stranger walks the same steps as a friend: the same queries, the same hash, the same count, the same line in the trail.
    """
    known, user, verdict, guess = _compared(db, caller, address, password)
    if user is None or not verdict.right:
        metrics.LOGINS.labels("invalid_credentials").inc()
        audit.record(db, caller, "user.login_failed", user.user_id if user else None, reason="invalid_credentials")
        _count_wrong(db, caller, user, guess)
        raise errors.InvalidCredentials()
    guesses.right(db, guess)
    if verdict.renewed:
        user.hashed_password = verdict.renewed
    return admit(db, caller, user, known_network=known.known_network if known else None)


def admit(
    db: Session, caller: CallerInfo, user: User, *, known_network: str | None = None, **how: str
) -> schemas.Tokens:
    """Begin a session of somebody who has proven who they are; the owner hears of a network not seen before.

    `known_network`: that of the caller, where somebody looked already; `how` goes into the trail. Raises AccountDisabled, EmailNotVerified.
    """
    demand_entry(db, caller, user, **how)
    metrics.LOGINS.labels("ok").inc()
    audit.record(db, caller, "user.logged_in", user.user_id, actor_id=user.user_id, **how)
    if known_network is None:
        sessions.note_network(db, user, caller)
    return tokens_for(user, sessions.start(db, user, caller))


def demand_entry(db: Session, caller: CallerInfo, user: User, **how: str) -> None:
    """Refuse somebody who is who they say, and may not in. Raises AccountDisabled, EmailNotVerified."""
    refusal = errors.AccountDisabled if not user.is_active else errors.EmailNotVerified if must_verify(user) else None
    if refusal:
        metrics.LOGINS.labels(refusal.code).inc()
        audit.record(db, caller, "user.login_failed", user.user_id, reason=refusal.code, **how)
        raise refusal()


def _compared(
    db: Session, caller: CallerInfo, address: str, password: str
) -> tuple[Snapshot | None, User | None, passwords.Verdict, guesses.Guess]:
    """The account, held, and whether this is its password: the one that it has now, not one replaced while we hashed.

    Networks are forgotten only together with a password, so what was known of them then is right, too.
    """
    known = find(address, caller)
    guess = _begun(address, known)
    while True:
        verdict = _verdict(guess, password, known.hashed_password if known else None)
        user = hold(db, known.id) if known else None
        if known is None or user is None or user.hashed_password == known.hashed_password:
            return known, user, verdict, guess
        db.rollback()
        known = find(address, caller)


def _begun(address: str, known: Snapshot | None) -> guesses.Guess:
    return guesses.begin(address, known.known_network if known else None)


def _verdict(guess: guesses.Guess, password: str, stored: str | None) -> passwords.Verdict:
    """Whether it is right; a guess that nobody found the time to look at is given back. Raises Overloaded."""
    try:
        return passwords.verify(password, None if guess.over else stored)
    except errors.Overloaded:
        guesses.unlooked(guess)
        raise


def _count_wrong(db: Session, caller: CallerInfo, user: User | None, guess: guesses.Guess) -> None:
    """Count a wrong password; the owner hears of the one after which the right one no longer works from there."""
    if guesses.wrong(db, guess) and user and user.is_active and user.hashed_password:
        audit.record(db, caller, "password.locked", user.user_id, known_network=guess.known_network is not None)
        email_utils.queue(db, "password_locked", user, network=guess.known_network)


def must_verify(user: User) -> bool:
    return settings.email_verification == "required" and not user.is_verified


def grant(db: Session, caller: CallerInfo, form: schemas.TokenRequest) -> schemas.Tokens:
    """Tokens by an OAuth 2 grant (RFC 6749, 4.3 and 6). Raises what sign_in and refresh raise, UnsupportedGrantType, InvalidRequest."""
    match form:
        case schemas.TokenRequest(grant_type="password", username=str(address), password=str(password)):
            return sign_in(db, caller, address, password)
        case schemas.TokenRequest(grant_type="refresh_token", refresh_token=str(raw)):
            return refresh(raw, caller)
        case schemas.TokenRequest(grant_type="password" | "refresh_token" | None):
            raise errors.InvalidRequest()
    raise errors.UnsupportedGrantType()


def refresh(raw: str | None, caller: CallerInfo) -> schemas.Tokens:
    """Exchange a refresh token. Raises InvalidRefreshToken."""
    if raw is None:
        raise errors.InvalidRefreshToken()
    session, person = sessions.refresh(raw, caller)
    return tokens_for(person, session)


def tokens_for(person: User | Row[Any], session: sessions.Started) -> schemas.Tokens:
    """The answer to a login: an access token made now, and the refresh token that the session is at."""
    logs.know_user(person.user_id)
    now = models.now()
    lifetime = settings.access_token_expire_minutes * 60
    access_token = access_tokens.issue(
        {
            "sub": person.user_id,
            "sid": session.id,
            "jti": models.new_id(),
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + lifetime,
            "email": person.email,
            "email_verified": person.is_verified,
            "roles": person.roles,
        }
    )
    return schemas.Tokens(
        access_token=access_token,
        expires_in=lifetime,
        refresh_token=sessions.refresh_token(session.id, session.counter),
        refresh_expires_in=max(0, round((session.expires_at - now).total_seconds())),
        user_id=person.user_id,
        email=person.email,
        username=person.username,
        is_active=person.is_active,
        is_verified=person.is_verified,
    )


def as_user(person: User | Row[Any]) -> schemas.User:
    return schemas.User.model_validate(person)


# -------------------------------------------------------------------------------------------------------------- log out


def sign_out(
    db: Session,
    caller: CallerInfo,
    who: Current | None,
    refresh_token: str | None,
    *,
    everywhere: bool = False,
    forgiving: bool = False,
) -> None:
    """End the session of the access token, or of the refresh token where the access token has expired; or all of the account's.

    Raises NotAuthenticated, InvalidRefreshToken; `forgiving`: a session that has ended already is no error.
    """
    try:
        account, session_id = (who.user.id, who.session_id) if who else _owner(refresh_token)
    except (errors.NotAuthenticated, errors.InvalidRefreshToken):
        if forgiving:
            return
        raise
    user = hold(db, account)
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
    found = sessions.owner_of(refresh_token)
    if found is None:
        raise errors.InvalidRefreshToken()
    return found


def end_session(db: Session, caller: CallerInfo, who: Current, session_id: str) -> None:
    """End one's own session on another device. Raises NotFound."""
    user = held_self(db, who)
    if not sessions.end(db, user, session_id):
        raise errors.NotFound()
    audit.record(db, caller, "session.ended", user.user_id, actor_id=user.user_id)


# ------------------------------------------------------------------------------------------------------------- presence


def confirm_presence(db: Session, caller: CallerInfo, who: Current, password: str | None) -> str | None:
    """Demand the right password or, where none is shown, a login of at most five minutes ago. A refresh is no login.

    Answers the hash that the password was compared with. Raises ReauthenticationRequired, RateLimited; the session lives on. To be called before the account is held: it hashes.
    """
    if password is None:
        if models.now() - who.logged_in_at <= timedelta(minutes=MINUTES_A_LOGIN_COUNTS_AS_PRESENCE):
            return None
        raise errors.ReauthenticationRequired()
    known = look_at(who.user.id, caller)
    if known is None:
        raise errors.NotAuthenticated()
    guess = _begun(known.email, known)
    if _verdict(guess, password, known.hashed_password).right:
        with database.transaction() as own:  # at once: whoever holds the account may wait for this row
            guesses.right(own, guess)
        return known.hashed_password
    user = hold(db, who.user.id)
    if user is None:
        raise errors.NotAuthenticated()  # deleted meanwhile: nothing may be written about them any more
    audit.record(db, caller, "user.reauthentication_failed", who.user.user_id, actor_id=who.user.user_id)
    _count_wrong(db, caller, user, guess)
    raise errors.ReauthenticationRequired()


def held_self(db: Session, who: Current) -> User:
    """One's own account, held. Raises NotAuthenticated when it, or this session, ended a moment ago."""
    user = hold(db, who.user.id)
    if user is None or not user.is_active or not sessions.lives(db, user, who.session_id):
        raise errors.NotAuthenticated()
    return user
