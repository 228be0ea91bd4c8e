"""Change the profile of the current user."""

from sqlalchemy.orm import Session

import audit
import auth
import schemas
from core.client_address import CallerInfo
from sessions.current_user import Current

OTHER_FIELDS = ("locale", "time_zone", "picture_url")


def update(db: Session, caller: CallerInfo, who: Current, changes: schemas.Profile) -> schemas.User:
    """Change the fields of the profile that are set. Null clears a field, except the display name."""
    user = auth.lock_current(db, who)
    if changes.username is not None and changes.username != user.username:
        user.username = changes.username
        audit.record(db, caller, "user.renamed", user.user_id, actor_id=user.user_id)
    given = {name: getattr(changes, name) for name in OTHER_FIELDS if name in changes.model_fields_set}
    changed = {name: value for name, value in given.items() if value != getattr(user, name)}
    for name, value in changed.items():
        setattr(user, name, value)
    if changed:
        fields = sorted(changed)
        audit.record(db, caller, "user.profile_changed", user.user_id, actor_id=user.user_id, fields=fields)
    return auth.user_response(db, user)
