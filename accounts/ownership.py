"""Decide who owns an account: what the first verification of its email address removes."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

import models
from core.client_address import CallerInfo
from credentials import throttling
from models import PendingSignUp, User
from sessions import known_networks, revocation


def mark_verified(
    db: Session, caller: CallerInfo, user: User, *, keep_session: str | None = None, takes_over: bool = False
) -> None:
    """Record that the owner has verified the email address of a locked account, and revoke earlier credentials.

    The first verification decides who owns the account. Credentials that were added before it and do not verify this
    address (linked identities, factors, API keys, known networks) may come from a pre-hijacking attempt. They are
    removed unless the request is authenticated by a session of the account. An account that has verified an address
    before keeps them, even if an administrator changed the address, unless a provider identity takes the account over.

    keep_session: the id of the session to keep. All other sessions and all open links are revoked.
    takes_over: whether a provider identity takes the account over, which is announced in a separate email.
    """
    pending, first = user.email_proven_at is None, takes_over or not user.ever_verified
    user.is_verified, user.email_proven_at, user.email_set_at = True, user.email_proven_at or models.now(), None
    if pending:
        db.execute(delete(PendingSignUp).where(PendingSignUp.account_id == user.id))
    revocation.revoke(
        db,
        caller,
        user,
        keep=keep_session,
        removes_unproven_credentials=first and keep_session is None,
        ends_recovery_links=first,
        removal_notices=not takes_over,
    )
    if first and keep_session is None:
        # Like the credentials, they may be an attacker's. The host of a picture would learn who views the account.
        user.picture_url = user.locale = user.time_zone = None
    if first:
        known_networks.note_owner(db, user, caller)  # otherwise the owner's first login causes a notice
    throttling.reset(db, user.canonical_email, codes=True)
