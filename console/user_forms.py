"""Change the name and email address of a user."""

from sqlalchemy.orm import Session

import schemas
from accounts import user_queries
from administration import users
from core.client_address import CallerInfo
from schemas_admin import UserChange
from sessions.current_user import Current


class UserForm(schemas.Presence):
    email: schemas.NewEmail
    username: schemas.Username


def edit(db: Session, caller: CallerInfo, who: Current, user_id: str, form: UserForm) -> None:
    """Change what differs: a form repeats the fields that stay. Raises what `users.change` raises."""
    now = user_queries.by_user_id(user_id)
    changes = {name: value for name in ("email", "username") if (value := getattr(form, name)) != getattr(now, name)}
    proof = {name: getattr(form, name) for name in schemas.Presence.model_fields}
    if changes:
        users.change(db, caller, who, user_id, UserChange(**proof, **changes))
