"""Decide whose account it is: what the first verification of an email address removes."""

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
    """Record that the owner has verified the email address of a locked account, and revoke what came before.

    The first verification decides whose account it is. Credentials that were added before it and do not vouch for this
    address (linked identities, factors, API keys, known networks) are removed, unless the call carries a session of the
    account: an attacker may have signed up with the address and left them behind. An account that has verified an
    address before keeps them, also when an administrator has moved it, unless a provider's identity takes it over.
    Sessions and open links end each time, except the session to keep. A takeover is announced by one email of its own.
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
    if first:
        known_networks.note_owner(db, user, caller)  # or the owner's first login would be told as one of a stranger
    throttling.reset(db, user.canonical_email, codes=True)
