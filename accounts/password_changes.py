"""Reset a forgotten password by email, and change a known password."""

from sqlalchemy.orm import Session

import audit
import auth
import email_utils
import errors
import models
import schemas
from accounts import ownership, verification
from core import capability, response_times
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens, password_policy, passwords, throttling
from models import User
from sessions import known_networks, reauthentication, revocation
from sessions.current_user import Current


def request_reset(db: Session, caller: CallerInfo, address: str) -> None:
    """Send a link to set a new password, unless the account is disabled.

    Neither the response nor its time shows whether an account exists.
    """
    response_times.hide(caller)
    user = lookup.lock_by_email(db, address)
    active = user is not None and user.is_active
    audit.record_request(db, caller, "password.reset_requested", user.user_id if user else None, sent=active)
    if user is not None and active:
        send_reset(db, user)


def send_reset(db: Session, user: User) -> None:
    """Send the owner a link to set a new password.

    If an administrator set the email address, send a link to verify it instead: an administrator must not be able to
    gain access to an account by choosing its mailbox (ASVS 5.0, 6.4.6).
    """
    if user.email_set_at is None:
        token = one_time_tokens.issue(db, user, "reset_password", user.email)
        email_utils.queue(db, "reset_password", user, token=token)
    elif user.ever_verified or capability.login_methods(db, user):
        verification.send_verification(db, user)
    else:
        verification.send_invitation(db, user)  # invited and never logged in: there is nothing to take over


def reset_password(db: Session, caller: CallerInfo, body: schemas.ResetPassword) -> None:
    """Set a password with the token of a reset or invitation link, which also verifies the email address.

    Raises InvalidToken, and WeakPassword, after which the link remains valid.
    """
    token_id, account, purpose = one_time_tokens.peek(body.token, "reset_password", "invitation", sent_to=body.email)
    known = lookup.by_id(account, caller)
    if known is None:
        raise errors.InvalidToken()
    password_policy.check(body.new_password, known.email, known.username, field="new_password")
    hashed = passwords.hash(body.new_password)
    user = lookup.lock(db, account)
    if user is None or not user.is_active:
        raise errors.InvalidToken()
    sent_to = one_time_tokens.redeem(db, token_id, purpose)
    user.hashed_password, user.password_changed_at = hashed, models.now()
    if schemas.canonical_email(sent_to) == user.canonical_email:
        ownership.mark_verified(db, caller, user)
        # Otherwise the owner's first login shares a throttling counter with an attacker.
        known_networks.note_owner(db, user, caller)
    else:
        revocation.revoke(db, caller, user)
    revocation.end_all_sessions(db, user, api_keys=True)
    audit.record(db, caller, "password.reset", user.user_id, actor_id=user.user_id)
    _notify_of_reset(db, user)


def _notify_of_reset(db: Session, user: User) -> None:
    """Notify the owner of the new password. If there are other login methods, include a link to remove them."""
    methods = [method for record in capability.installed() for method in record.other_logins(db, user)]
    if methods:
        token = one_time_tokens.issue(db, user, "secure_account", user.email)
        email_utils.queue(db, "password_reset", user, token=token, methods=methods)
    else:
        email_utils.queue(db, "password_changed", user)


def secure_account(db: Session, caller: CallerInfo, body: schemas.SecureAccount) -> None:
    """Revoke all sessions and open links, and remove linked identities.

    Access to the mailbox alone must not be sufficient. Factors are therefore removed only with one of them, or if none
    was used for a while: see `secure` in the capability records.

    Raises InvalidToken, WrongFactor, RateLimited.
    """
    token_id, account, purpose = one_time_tokens.peek(body.token, "secure_account")
    records = capability.installed()
    proven = {record.name: record.prove_factor(caller, account, body) for record in records}
    user = lookup.lock(db, account)
    if user is None or not user.is_active:
        raise errors.InvalidToken()
    one_time_tokens.redeem(db, token_id, purpose)
    revocation.revoke(db, caller, user, removes_other_logins=True, removal_notices=False)
    for record in records:
        record.secure(db, caller, user, proven[record.name])
    audit.record(db, caller, "user.secured", user.user_id, actor_id=user.user_id)


def change_password(db: Session, caller: CallerInfo, who: Current, body: schemas.ChangePassword) -> None:
    """Change the password. The current session continues.

    An account with a factor needs it too. Raises WeakPassword, ReauthenticationRequired.
    """
    password_policy.check(body.new_password, who.user.email, who.user.username, field="new_password")
    compared = reauthentication.require_password(db, caller, who, body.old_password, body)
    hashed = passwords.hash(body.new_password)
    user = auth.lock_current(db, who)
    while user.hashed_password != compared:  # changed or rehashed concurrently: compare again
        compared = user.hashed_password
        db.rollback()
        if compared is None or not passwords.verify(body.old_password, compared).right:
            raise reauthentication.required(db, who)
        user = auth.lock_current(db, who)
    user.hashed_password, user.password_changed_at = hashed, models.now()
    revocation.revoke(db, caller, user, keep=who.session_id)
    throttling.reset(db, user.canonical_email)
    audit.record(db, caller, "password.changed", user.user_id, actor_id=user.user_id)
    email_utils.queue(db, "password_changed", user)
