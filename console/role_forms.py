"""Define the forms of roles, and delete a role after re-authentication."""

from pydantic import Field
from sqlalchemy.orm import Session

import schemas_admin
from authorization import roles
from console.actions import ActionForm
from core.client_address import CallerInfo
from sessions import reauthentication
from sessions.current_user import Current


class RoleForm(schemas_admin.RoleChange):
    """What a role becomes. The form has all fields: a box that is not checked is a permission that is removed."""

    description: schemas_admin.Description = ""
    permissions: schemas_admin.Permissions = Field([])
    inherits: schemas_admin.RoleNames = Field([])


class RolesForm(schemas_admin.RolesOfUser):
    """The roles of a user. None may be checked."""

    roles: schemas_admin.RoleNames = Field([])


def delete(db: Session, caller: CallerInfo, who: Current, name: str, form: ActionForm) -> None:
    """Delete a role whose name was typed. Raises ValidationFailed, ReauthenticationRequired, and what `roles.delete`
    raises.
    """
    form.require_confirmation(name)
    reauthentication.require(db, caller, who, form)
    roles.delete(db, caller, who.user.user_id, name)
