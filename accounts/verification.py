"""Verify email addresses: send the link and the code, check them, and handle reports of unauthorized sign-ups."""

from sqlalchemy.orm import Session

import audit
import auth
import email_utils
import errors
import models
import schemas
from accounts import deletion, email_change, ownership
from authorization import roles
from core import capability, response_times
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens, throttling
from delivery import budgets
from models import User
from sessions.current_user import Current
from telemetry import metrics

TAKES_OVER = "takes_over"  # in the detail of a token


def send_verification(db: Session, user: User) -> models.OneTimeToken:
    """Send the link and the code that verify the email address of a locked account."""
    token = one_time_tokens.issue(db, user, "verify_email", user.email)
    email_utils.queue(db, "verify_email", user, token=token)
    return token


def send_first_verification(db: Session, user: User) -> models.OneTimeToken:
    """Send the verification email of a sign-up, within the budget of its recipient. The account's row is locked.

    The rate limits of the routes are not sufficient: a login with a provider can also create an account, and a deleted
    account can sign up again. If the budget is used up, the owner can request the email later.
    """
    if budgets.allows_sign_up(db, user.email):
        return send_verification(db, user)
    return one_time_tokens.issue(db, user, "verify_email", user.email)


def send_invitation(db: Session, user: User) -> None:
    """Send a link to choose the first password. The previous link becomes invalid."""
    email_utils.queue(db, "invitation", user, token=one_time_tokens.issue(db, user, "invitation", user.email))


def send_takeover(db: Session, user: User) -> None:
    """Send a link to set a new password, which also verifies the address and removes what was added before."""
    token = one_time_tokens.issue(db, user, "reset_password", user.email)
    token.detail = {TAKES_OVER: True}
    email_utils.queue(db, "claim_account", user, token=token)


def resend_verification(db: Session, caller: CallerInfo, address: str) -> None:
    """Send a new verification email. The previous link and code become invalid.

    Neither the response nor its time shows whether an account exists.
    """
    response_times.hide(caller)
    user = lookup.lock_by_email(db, address)
    waits = user is not None and user.is_active and (not user.is_verified or auth.must_verify(user))
    audit.record_request(db, caller, "email.verification_requested", user.user_id if user else None, sent=waits)
    if user is not None and waits:
        _send_again(db, user)


def _send_again(db: Session, user: User) -> None:
    """Send the email that lets the owner verify the address, depending on how the account was created."""
    if one_time_tokens.is_open(db, user, "invitation"):
        send_invitation(db, user)  # another link would replace the invitation and leave the account without a password
    elif not capability.login_methods(db, user) or takeover_is_open(db, user):
        send_takeover(db, user)  # there was a second sign-up: the owner sets a new password
    else:
        send_verification(db, user)


def takeover_is_open(db: Session, user: User) -> bool:
    """Return whether the owner has an open link of `send_takeover`."""
    token_id = one_time_tokens.open_id(db, user, "reset_password")
    return token_id is not None and TAKES_OVER in one_time_tokens.detail_of(db, token_id)


def verify(db: Session, caller: CallerInfo, who: Current | None, proof: schemas.EmailProof) -> schemas.User:
    """Verify an email address with the token of a link, or with the address and a code.

    Also confirms an email change. Raises InvalidToken.
    """
    if proof.token is not None:
        return _verify_by_link(db, caller, who, proof.token, proof.email)
    return _verify_by_code(db, caller, who, str(proof.email), str(proof.code))


def _verify_by_link(
    db: Session, caller: CallerInfo, who: Current | None, raw: str, address: str | None
) -> schemas.User:
    token = one_time_tokens.peek(raw, "verify_email", "change_email", sent_to=address)
    if token.purpose == "change_email":
        return email_change.complete(db, caller, who, token)
    user = lookup.lock(db, token.account_id)
    if user is None or not user.is_active:
        raise errors.InvalidToken()
    return _mark_verified(db, caller, who, user, one_time_tokens.redeem(db, token.token_id, token.purpose))


def _verify_by_code(db: Session, caller: CallerInfo, who: Current | None, address: str, code: str) -> schemas.User:
    response_times.hide(caller)
    user = lookup.lock_by_email(db, address)
    # Only if a code exists: otherwise an attacker could use up the attempts for any address in advance, and fill the
    # audit log of its account.
    token = one_time_tokens.open_code(db, user, "verify_email") if user and user.is_active else None
    if user is None or token is None:
        metrics.WRONG_GUESSES.labels("code").inc()
        raise errors.InvalidToken()
    try:
        if not throttling.count_code_attempt(db, address):
            raise errors.InvalidToken()
        return _mark_verified(db, caller, who, user, one_time_tokens.redeem_code(db, token, code))
    except errors.InvalidToken:
        metrics.WRONG_GUESSES.labels("code").inc()
        audit.record_request(db, caller, "email.verification_failed", user.user_id)
        raise


def _mark_verified(db: Session, caller: CallerInfo, who: Current | None, user: User, sent_to: str) -> schemas.User:
    if schemas.canonical_email(sent_to) != user.canonical_email:
        raise errors.InvalidToken()
    ownership.mark_verified(db, caller, user, keep_session=auth.session_of(who, user))
    audit.record(db, caller, "email.verified", user.user_id, actor_id=user.user_id)
    return auth.user_response(db, user)


def report_unauthorized_sign_up(db: Session, caller: CallerInfo, raw: str) -> None:
    """Delete an account that never verified its email address, with the token of the “not me” link.

    Raises InvalidToken.
    """
    token_id, account, purpose = one_time_tokens.peek(raw, "disown")
    with roles.serialized(db):
        user = lookup.lock(db, account)
        if user is None or not user.is_active or user.ever_verified or user.email_set_at:
            raise errors.InvalidToken()
        one_time_tokens.redeem(db, token_id, purpose)
        audit.record(db, caller, "user.disowned", user.user_id)
        deletion.delete(db, user)
