"""End the tokens of clients with the credentials and sessions of an account."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from models import User
from oauth_provider import client_sessions
from oauth_provider.client_sessions import Which
from oauth_provider.models import ClientSession, OAuthGrant
from sessions.revocation import Change


def on_credentials_changed(db: Session, user: User, change: Change) -> None:
    """End the tokens that a credential change ends.

    A change of the password or email address by the owner ends those of first-party clients in other sessions. All end
    if the account is disabled. If someone else may have given consent, at the first verification of the email address
    or when the owner secures the account, the grants end too. After a takeover, those end that were added since.
    """
    if change.removes_unproven_credentials or change.removes_other_logins:
        client_sessions.end(db, Which(account_id=user.id))
        db.execute(delete(OAuthGrant).where(OAuthGrant.account_id == user.id))
    elif not user.is_active:
        client_sessions.end(db, Which(account_id=user.id))
    elif since := change.removes_added_since:
        client_sessions.end_codes(db, Which(account_id=user.id))
        added = select(ClientSession.id).where(ClientSession.account_id == user.id, ClientSession.created_at >= since)
        client_sessions.end(db, Which(account_id=user.id, ids=db.scalars(added).all()))
        touched = or_(OAuthGrant.created_at >= since, OAuthGrant.updated_at >= since)
        db.execute(delete(OAuthGrant).where(OAuthGrant.account_id == user.id, touched))
    else:
        client_sessions.end_of_first_party(db, user, change.keep_session or "")


def on_session_ended(db: Session, session_id: str, successor: str | None) -> None:
    """End the tokens that clients got in a session, or attach them to the session that replaced it."""
    if successor:
        client_sessions.follow(db, session_id, successor)
    else:
        client_sessions.end(db, Which(session_id=session_id))


def on_logged_out_everywhere(db: Session, user: User) -> None:
    """End all tokens of clients."""
    client_sessions.end(db, Which(account_id=user.id))
