"""Change the profile of the current user."""

from sqlalchemy.orm import Session

import audit
import auth
import schemas
from core.client_address import CallerInfo
from sessions.current_user import Current


def update(db: Session, caller: CallerInfo, who: Current, username: str | None) -> schemas.User:
    """Change the display name of the current user."""
    user = auth.lock_current(db, who)
    if username is not None and username != user.username:
        user.username = username
        audit.record(db, caller, "user.renamed", user.user_id, actor_id=user.user_id)
    return auth.user_response(db, user)
