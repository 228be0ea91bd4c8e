"""Change the email address of an account after the new address was verified."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import audit
import auth
import database_errors
import email_utils
import errors
import models
import schemas
from accounts import deletion, ownership
from authorization import roles
from core import capability, response_times
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens, throttling
from models import User
from sessions import reauthentication, revocation
from sessions.current_user import Current
from settings.loading import settings

BY_ADMINISTRATOR = "by_administrator"  # in the detail of a token


def request(db: Session, caller: CallerInfo, who: Current, body: schemas.ChangeEmail) -> None:
    """Send a link to the new address and a notice to the old one. Nothing changes until the link is used.

    An account that has never verified the new address is deleted when the link is used, which verifies the address.
    Raises ReauthenticationRequired, and EmailTaken except in `required` mode, where the response does not show which
    addresses have accounts.
    """
    reauthentication.require(db, caller, who, body)
    if settings.email_verification == "required":
        response_times.hide(caller)
    user = auth.lock_current(db, who)
    owner = db.scalar(
        select(User)
        .where(User.canonical_email == schemas.canonical_email(body.new_email), User.id != user.id)
        .with_for_update(read=True, key_share=True)  # the account must not be deleted before its email is queued
    )
    taken = owner is not None and not _is_unproven(owner)
    if taken and settings.email_verification != "required":
        raise errors.EmailTaken()
    # In both cases: the user's own data export must not tell them apart.
    token = one_time_tokens.issue(db, user, "change_email", body.new_email)
    notices = [("email_change_requested", user)]
    if owner and taken:
        notices.append(("address_in_use", owner))
    else:
        replaces = owner is not None  # only the recipient learns it
        email_utils.queue(db, "change_email", user, to=body.new_email, token=token, replaces=replaces)
    # Each notice locks the budget of its recipient. A fixed order prevents a deadlock between two users who request
    # each other's address.
    for template, recipient in sorted(notices, key=lambda notice: notice[1].id):
        email_utils.queue(db, template, recipient)
    audit.record(db, caller, "email.change_requested", user.user_id, actor_id=user.user_id)


def complete(db: Session, caller: CallerInfo, who: Current | None, token: one_time_tokens.TokenPointer) -> schemas.User:
    """Change the email address with the token of the confirmation link. Raises InvalidToken, EmailTaken."""
    with roles.serialized(db):
        user = lookup.lock(db, token.account_id)
        if user is None or not user.is_active:
            raise errors.InvalidToken()
        new_email, old = one_time_tokens.redeem(db, token.token_id, token.purpose), user.email
        was_verified, can_undo = user.email_proven_at is not None, user.email_was_verified
        _delete_unverified_owner(db, caller, new_email, user)
        set_email(db, user, new_email)
        user.email_proven_at = models.now() if was_verified else None
        ownership.mark_verified(db, caller, user, keep_session=auth.session_of(who, user))
        audit.record(db, caller, "email.changed", user.user_id, actor_id=user.user_id)
        notify_of_change(db, user, old, can_undo=can_undo)
    return auth.user_response(db, user)


def _is_unproven(user: User) -> bool:
    """Return whether nobody has shown that an account belongs to the owner of its email address.

    `is_verified` does not show that: it is true for accounts that signed up while the mode was `off`.
    """
    return not (user.ever_verified or user.marked_verified_at or user.email_set_at)


def _delete_unverified_owner(db: Session, caller: CallerInfo, email: str, new_owner: User) -> None:
    owner = lookup.lock_by_email(db, email)
    if owner and owner.id != new_owner.id and _is_unproven(owner):
        audit.record(db, caller, "user.disowned", owner.user_id)
        deletion.delete(db, owner)


def notify_of_change(db: Session, user: User, old: str, *, can_undo: bool, by_administrator: bool = False) -> None:
    """Notify the owner at both addresses.

    Only a verified old address can undo the change: an unverified address may belong to an attacker.
    """
    if not can_undo:
        _notify(db, user, old, old_was_verified=False)
    else:
        email_utils.queue(db, "email_changed", user, old=old, new=user.email)
        token = one_time_tokens.issue(db, user, "undo_email_change", old)
        token.detail = {BY_ADMINISTRATOR: by_administrator}
        email_utils.queue(db, "email_changed_away", user, to=old, token=token, old=old, new=user.email)


def end_links_of_user(db: Session, user: User) -> None:
    """Invalidate the links that would undo earlier email changes, before an administrator changes the email address.

    Links that undo changes by administrators stay valid, so that an administrator cannot invalidate them with another
    change.
    """
    one_time_tokens.revoke(db, user, "secure_account")
    one_time_tokens.revoke_unmarked(db, user, "undo_email_change", BY_ADMINISTRATOR)


def undo(db: Session, caller: CallerInfo, raw: str) -> schemas.User:
    """Restore the email address that the link was sent to, and revoke everything that was added since the change.

    Revokes all sessions and open links, and removes identities and a password that were added since the change. Both
    addresses are notified, because either may belong to the owner. Raises InvalidToken, and EmailTaken if another
    account has verified the address since.
    """
    token = one_time_tokens.peek(raw, "undo_email_change")
    with roles.serialized(db):
        user = lookup.lock(db, token.account_id)
        if user is None or not user.is_active:
            raise errors.InvalidToken()
        changed_at = one_time_tokens.created_at(db, token.token_id)
        old, lost = one_time_tokens.redeem(db, token.token_id, token.purpose), user.email
        lost_was_verified, is_moved = user.email_was_verified, schemas.canonical_email(old) != user.canonical_email
        if is_moved:
            _delete_unverified_owner(db, caller, old, user)
            set_email(db, user, old)
        if user.password_changed_at and user.password_changed_at >= changed_at:
            user.hashed_password, user.password_changed_at = None, models.now()
        user.is_verified, user.email_set_at = True, None
        user.email_proven_at = user.email_proven_at or models.now()
        revocation.revoke(db, caller, user, removes_added_since=changed_at, removal_notices=False)
        one_time_tokens.revoke_later(db, user, "undo_email_change", changed_at)
        throttling.reset(db, user.canonical_email, codes=True)
        audit.record(db, caller, "email.change_undone", user.user_id, actor_id=user.user_id)
        if is_moved:
            email_utils.queue(db, "email_changed", user, to=lost, verified=lost_was_verified, old=lost, new=user.email)
        _tell_of_undone(db, user, lost)
    return auth.user_response(db, user)


def _tell_of_undone(db: Session, user: User, lost: str) -> None:
    """Send the owner a link that removes login methods that were added before the change and are still active."""
    methods = [method for record in capability.installed() for method in record.other_logins(db, user)]
    token = one_time_tokens.issue(db, user, "secure_account", user.email)
    email_utils.queue(db, "email_change_undone", user, token=token, old=lost, new=user.email, methods=methods)


def set_email(db: Session, user: User, new_email: str) -> None:
    """Set another email address. Raises EmailTaken if the unique constraint is violated."""
    throttling.reset(db, user.canonical_email)
    throttling.reset(db, new_email)
    try:
        with db.begin_nested():
            user.email, user.canonical_email = new_email, schemas.canonical_email(new_email)
            db.flush()
    except IntegrityError as error:
        if not database_errors.violates(error, "uq_users_canonical_email"):
            raise
        raise errors.EmailTaken() from None


def _notify(db: Session, user: User, old: str, *, old_was_verified: bool) -> None:
    """Notify the owner of a change at the old and the new address, each only if it was verified."""
    email_utils.queue(db, "email_changed", user, to=old, verified=old_was_verified, old=old, new=user.email)
    email_utils.queue(db, "email_changed", user, old=old, new=user.email)
