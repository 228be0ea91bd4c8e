"""Change the email address of an account, after the new one was verified."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import audit
import auth
import email_utils
import errors
import models
import schemas
from auth import Current
from core.client_address import CallerInfo
from credentials import one_time_tokens, throttling
from models import User
from sessions import revocation
from settings.loading import settings


def request(db: Session, caller: CallerInfo, who: Current, new_email: str, password: str | None) -> None:
    """Mail a link to the new address and a notice to the old one; nothing changes until the link is used.

    Raises ReauthenticationRequired, and EmailTaken except in `required` mode, where nobody learns who has an account.
    """
    auth.reauthenticate(db, caller, who, password)
    user = auth.lock_current(db, who)
    owner = db.scalar(
        select(User)
        .where(User.canonical_email == schemas.canonical_email(new_email), User.id != user.id)
        .with_for_update(read=True, key_share=True)  # it must not be deleted before the mail to it is written
    )
    if owner and settings.email_verification != "required":
        raise errors.EmailTaken()
    if owner:
        email_utils.queue(db, "address_in_use", owner)
    else:
        email_utils.queue(
            db, "change_email", user, to=new_email, token=one_time_tokens.issue(db, user, "change_email", new_email)
        )
    email_utils.queue(db, "email_change_requested", user)
    audit.record(db, caller, "email.change_requested", user.user_id, actor_id=user.user_id)


def complete(db: Session, caller: CallerInfo, who: Current | None, user: User, new_email: str) -> schemas.User:
    """The second half of a change of address: the new one is proven. Raises EmailTaken when somebody was faster."""
    old = user.email
    set_email(db, user, new_email)
    user.email_proven_at, user.is_verified = models.now(), True
    revocation.revoke(db, caller, user, keep=auth.session_of(who, user))
    audit.record(db, caller, "email.changed", user.user_id, actor_id=user.user_id)
    notify(db, user, old)
    return auth.user_response(db, user)


def set_email(db: Session, user: User, new_email: str) -> None:
    """Raises EmailTaken: the constraint decides."""
    throttling.reset(db, user.canonical_email)
    throttling.reset(db, new_email)
    try:
        with db.begin_nested():
            user.email, user.canonical_email = new_email, schemas.canonical_email(new_email)
            db.flush()
    except IntegrityError:
        raise errors.EmailTaken() from None


def notify(db: Session, user: User, old: str) -> None:
    """The owner hears of it at the old address and at the new one."""
    for address in (old, user.email):
        email_utils.queue(db, "email_changed", user, to=address, old=old, new=user.email)
