"""Log in with the link or code from an email, in the browser that requested it."""

from typing import NamedTuple

from sqlalchemy.orm import Session

import audit
import auth
import database
import email_utils
import errors
import models
import schemas
from accounts import ownership, registration
from core import capability, response_times
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens, throttling
from factors import passkeys
from languages import reader
from models import OneTimeToken, User
from oauth_login import handover
from passwordless import login_flow
from passwordless.magic_links import LOGIN, SIGN_UP, NewAccount
from passwordless.schemas import LinkProof, LoggedIn
from sessions import sessions
from telemetry import metrics

PASSKEY = ("pop", "user", sessions.MFA)


class Confirmed(NamedTuple):
    """A redeemed link or code.

    user: the account, whose row is locked, or None if the account has yet to be created.
    new: the sign-up that was stored with the link.
    """

    user: User | None
    redirect_to: str | None
    new: NewAccount | None


def confirm(db: Session, caller: CallerInfo, proof: LinkProof, flow: str | None) -> LoggedIn:
    """Log in with the token of a link, or with the email address and the code, and return tokens.

    flow: the login flow of the browser. If it does not match, the link or code is neither checked nor used up, and the
    attempt is not counted.

    Raises OtherDevice, InvalidToken, AccountDisabled, MfaRequired.
    """
    try:
        if proof.token is not None:
            confirmed = _by_link(db, proof.token, flow)
        else:
            confirmed = _by_code(db, caller, str(proof.email), str(proof.code), flow)
        return _log_in(db, caller, confirmed, proof.device_token)
    except (errors.OtherDevice, errors.InvalidToken) as error:
        metrics.LOGINS.labels(error.code).inc()
        raise


def redirect_to_of(raw: str) -> str | None:
    """Return the URL that the login with a link leads to: its page shows that to the browser in its policy.

    The result is None if the application named none, and for a link that is no longer valid.
    """
    try:
        token_id, _, _ = one_time_tokens.peek(raw, LOGIN, SIGN_UP)
    except errors.InvalidToken:
        return None
    with database.transaction() as db:
        detail = one_time_tokens.detail_of(db, token_id) or {}
    return detail.get("redirect_to")


def _by_link(db: Session, raw: str, flow: str | None) -> Confirmed:
    token_id, account, purpose = one_time_tokens.peek(raw, LOGIN, SIGN_UP)
    user = lookup.lock(db, account) if purpose == LOGIN else None
    if purpose == LOGIN and (user is None or not user.is_active):
        raise errors.InvalidToken()
    detail = one_time_tokens.detail_of(db, token_id)
    if not detail:
        raise errors.InvalidToken()  # used concurrently
    if not login_flow.matches(flow, detail):
        raise errors.OtherDevice()
    return _confirmed(user, detail, one_time_tokens.redeem(db, token_id, purpose))


def _by_code(db: Session, caller: CallerInfo, email: str, code: str, flow: str | None) -> Confirmed:
    response_times.hide(caller)
    if not login_flow.is_for(flow, email):
        raise errors.OtherDevice()
    user = lookup.lock_by_email(db, email)
    token = _open_code(db, user, email)
    if token is None or not login_flow.matches(flow, token.detail or {}):
        metrics.WRONG_GUESSES.labels("code").inc()
        raise errors.InvalidToken()
    try:
        if not throttling.count_code_attempt(db, email, has_account=user is not None):
            raise errors.InvalidToken()
        detail = token.detail or {}
        return _confirmed(user, detail, one_time_tokens.redeem_code(db, token, code))
    except errors.InvalidToken:
        metrics.WRONG_GUESSES.labels("code").inc()
        audit.record_request(db, caller, "magic_link.failed", user.user_id if user else None)
        raise


def _open_code(db: Session, user: User | None, email: str) -> OneTimeToken | None:
    if user is not None:
        return one_time_tokens.open_code(db, user, LOGIN) if user.is_active else None
    return one_time_tokens.open_code(db, None, SIGN_UP, schemas.canonical_email(email))


def _confirmed(user: User | None, detail: dict[str, object], sent_to: str) -> Confirmed:
    if user is not None and schemas.canonical_email(sent_to) != user.canonical_email:
        raise errors.InvalidToken()
    new, redirect_to = detail.get("new"), detail.get("redirect_to")
    return Confirmed(
        user, str(redirect_to) if redirect_to else None, NewAccount.model_validate(new) if new is not None else None
    )


def _log_in(db: Session, caller: CallerInfo, confirmed: Confirmed, device_token: str | None) -> LoggedIn:
    user, created = confirmed.user, False
    if user is None:
        assert confirmed.new is not None
        user, created = _create(db, caller, confirmed.new)
    if not created:
        _prove_address(db, caller, user)
    throttling.reset_codes(db, user.canonical_email)
    added = bool(confirmed.new and confirmed.new.passkey) and _add_passkey(db, caller, user, confirmed.new)
    login = auth.Login(
        auth.SIGN_UP if created else auth.EMAIL,
        PASSKEY if added else ("email",),
        auth.BY_EMAIL,
        device_token=device_token,
    )
    redirect_to = confirmed.redirect_to
    try:
        tokens = auth.admit(db, caller, user, login)
    except errors.MfaRequired as error:
        if redirect_to:
            error.members["redirect_to"] = handover.continue_after_link(db, user, redirect_to)
        raise
    continued = handover.continue_after_link(db, user, redirect_to) if redirect_to else None
    return LoggedIn.model_validate({**tokens.model_dump(), "redirect_to": continued})


def _create(db: Session, caller: CallerInfo, new: NewAccount) -> tuple[User, bool]:
    """Create the account of a sign-up, or lock and return the account that was created in the meantime.

    Raises InvalidToken if that account has been verified: changes by its owner would not have invalidated this link.
    """
    user = User(
        email=new.email,
        canonical_email=schemas.canonical_email(new.email),
        username=new.username or schemas.display_name_for(new.email),
        is_verified=True,
        email_proven_at=models.now(),
        terms_accepted_at=models.now() if new.accepted_terms else None,
        **reader.preferences(),
    )
    if registration.insert(db, user, "user"):
        registration.record_sign_up(db, caller, user, **auth.BY_EMAIL)
        return user, True
    existing = lookup.lock_by_email(db, new.email)
    if existing is None or not existing.is_active or existing.ever_verified or existing.email_set_at:
        raise errors.InvalidToken()
    return existing, False


def _prove_address(db: Session, caller: CallerInfo, user: User) -> None:
    """Mark the email address of an account, whose row is locked, as verified by this login.

    If the email address was never verified, its owner takes over the account: the password and other login methods are
    removed, because they may come from a pre-hijacking attempt.
    """
    if user.email_proven_at is not None:
        return
    if user.ever_verified:  # an administrator marked the email address as not verified
        ownership.mark_verified(db, caller, user)
        return
    had_methods = capability.login_methods(db, user) > 0
    user.hashed_password, user.password_changed_at = None, models.now()
    ownership.mark_verified(db, caller, user, takes_over=True)
    audit.record(db, caller, "user.claimed", user.user_id, actor_id=user.user_id, **auth.BY_EMAIL)
    if had_methods:
        token = one_time_tokens.issue(db, user, "reset_password", user.email)
        email_utils.queue(db, "claimed_by_link", user, token=token)


def _add_passkey(db: Session, caller: CallerInfo, user: User, new: NewAccount | None) -> bool:
    """Add the passkey of a sign-up to its account, and return whether it was added."""
    return new is not None and passkeys.add_at_sign_up(db, caller, user, str(new.handle), new.passkey or {})
