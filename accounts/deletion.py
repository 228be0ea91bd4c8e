"""Delete an account with all personal data."""

from sqlalchemy.orm import Session

import audit
import auth
import schemas
from authorization import roles
from core import capability
from core.client_address import CallerInfo
from models import User
from sessions import reauthentication, revocation
from sessions.current_user import Current


def delete_own(db: Session, caller: CallerInfo, who: Current, proof: schemas.Presence | None) -> None:
    """Delete the account of the current user and all personal data. Raises ReauthenticationRequired, LastSuperuser."""
    reauthentication.require(db, caller, who, proof)
    with roles.serialized(db):
        user = auth.lock_current(db, who)
        audit.record(db, caller, "user.deleted", user.user_id, actor_id=user.user_id)
        delete(db, user)


def delete(db: Session, user: User) -> None:
    """Delete a locked account and all personal data. The audit log keeps only the `user_id`."""
    revocation.end_all_sessions(db, user, api_keys=True)  # before the rows are gone: applications are told of it
    db.delete(user)  # cascades to sessions, tokens, emails, networks and roles
    db.flush()
    for record in capability.installed():
        record.erase(db, user)
