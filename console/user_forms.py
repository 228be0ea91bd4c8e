"""Change the name and email address of a user."""

from sqlalchemy.orm import Session

import schemas
from accounts import user_queries
from console import actions
from core.client_address import CallerInfo
from sessions.current_user import Current


class UserForm(schemas.Presence):
    email: schemas.NewEmail
    username: schemas.Username


def edit(db: Session, caller: CallerInfo, who: Current, user_id: str, form: UserForm) -> None:
    """Change what differs: a form repeats the fields that stay. Raises NotFound, and what `users.change` raises."""
    now = user_queries.by_user_id(user_id)
    changes = {name: value for name in ("email", "username") if (value := getattr(form, name)) != getattr(now, name)}
    if changes:
        actions.change(**changes)(db, caller, who, user_id, form)
