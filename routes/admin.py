"""/admin: accounts, roles, the trail and the figures. What each route requires stands on its door."""

from typing import Annotated, Any

from fastapi import Path, Query

import audit
import errors
import routes
import schemas
import schemas_admin
from accounts import user_queries
from administration import statistics, users
from audit import Caller
from auth import CurrentUser, requires
from authorization import roles
from credentials import passwords
from database import Db
from schemas import Message
from schemas_admin import RoleName
from web import rate_limits
from web.openapi import documented, says

router = routes.router(
    prefix="/admin",
    tags=["admin"],
    responses=documented(errors.NotAuthenticated, errors.Forbidden),
)
UserId = Annotated[schemas.PublicId, Path(description="The account's public id.")]
Name = Annotated[RoleName, Path(description="The role's name.", examples=["support"])]

RESET_SENT = "A mail with a link to set a new password is on its way."
RESET_NOT_SENT = "The account is disabled: no mail was sent."


# ---------------------------------------------------------------------------------------------------------------- users


@router.get("/users", dependencies=[requires("users:read")], responses=documented(errors.ValidationFailed))
def list_users(filters: Annotated[schemas_admin.UserFilters, Query()]) -> schemas_admin.UserPage:
    """Search accounts, newest first. Needs `users:read`.

    Pages stay as they are while people sign up: each one begins after the last account of the one before.
    """
    return user_queries.search(filters)


@router.post(
    "/users",
    status_code=201,
    dependencies=[requires("users:write")],
    responses=documented(errors.EmailTaken, errors.ValidationFailed),
)
@rate_limits.limit_emails("email", scope="invitation")
def invite_user(body: schemas_admin.NewUser, db: Db, caller: Caller, who: CurrentUser) -> schemas.ManagedUser:
    """Make an account with no password, and mail its owner a link to choose one. Needs `users:write`.

    The token of the link goes to `POST /auth/reset-password/confirm`.
    """
    return users.invite(db, caller, who, body)


@router.get(
    "/users/{user_id}",
    dependencies=[requires("users:read")],
    responses=documented(errors.NotFound, errors.ValidationFailed),
)
def read_user(user_id: UserId) -> schemas.ManagedUser:
    """One account. Needs `users:read`."""
    return user_queries.by_user_id(user_id)


@router.patch(
    "/users/{user_id}",
    dependencies=[requires("users:write")],
    response_model=schemas.ManagedUser,
    responses=documented(
        errors.NotFound,
        errors.ReauthenticationRequired,
        errors.Overloaded,
        errors.EmailTaken,
        errors.LastSuperuser,
        errors.ValidationFailed,
    ),
)
@rate_limits.limit_emails("email", scope="move by an administrator")
@passwords.hashes
def change_user(user_id: UserId, body: schemas_admin.UserChange, db: Db, caller: Caller, who: CurrentUser) -> Any:
    """Change name, address, and whether the account is active and verified. Needs `users:write`.

    Another address counts as not proven; its owner hears of it at both, and one's own is not changed here. A disabled
    account loses its sessions and links.
    """
    return users.visible(who, users.change(db, caller, who, user_id, body), body.model_fields_set)


@router.delete(
    "/users/{user_id}",
    status_code=204,
    dependencies=[requires("users:write")],
    responses=documented(
        errors.NotFound,
        errors.ReauthenticationRequired,
        errors.Overloaded,
        errors.LastSuperuser,
        errors.ValidationFailed,
    ),
)
@passwords.hashes
def delete_user(
    user_id: UserId, db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> None:
    """Delete an account with everything that is stored about the user. Needs `users:write`, and re-authentication."""
    users.delete(db, caller, who, user_id, body.password if body else None)


@router.put(
    "/users/{user_id}/roles",
    dependencies=[requires("users:write")],
    response_model=schemas.ManagedUser,
    responses=documented(
        errors.NotFound,
        errors.ReauthenticationRequired,
        errors.Overloaded,
        errors.LastSuperuser,
        errors.ValidationFailed,
    ),
)
@passwords.hashes
def set_user_roles(user_id: UserId, body: schemas_admin.RolesOfUser, db: Db, caller: Caller, who: CurrentUser) -> Any:
    """Give an account these roles and no others. Needs `users:write`, and every permission that the roles have."""
    return users.visible(who, users.set_roles(db, caller, who, user_id, body), {"roles"})


@router.post(
    "/users/{user_id}/logout",
    status_code=204,
    dependencies=[requires("users:write")],
    responses=documented(errors.NotFound, errors.ValidationFailed),
)
def logout_user(user_id: UserId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """End every session of an account. Needs `users:write`."""
    users.log_out(db, caller, who, user_id)


@router.post(
    "/users/{user_id}/reset-password",
    status_code=202,
    dependencies=[requires("users:write")],
    responses={**says(202, RESET_SENT), **documented(errors.NotFound, errors.ValidationFailed)},
)
@rate_limits.limit_emails("user_id", scope="reset by an administrator")
@passwords.hashes
def send_password_reset(
    user_id: UserId, db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> Message:
    """Mail the owner a link to set a new password, which nobody else gets to see. Needs `users:write`."""
    return Message(
        message=RESET_SENT
        if users.send_reset(db, caller, who, user_id, body.password if body else None)
        else RESET_NOT_SENT
    )


# ---------------------------------------------------------------------------------------------------------------- roles


@router.get("/roles", dependencies=[requires("roles:read")])
def list_roles() -> schemas_admin.Roles:
    """Every role, the built-in ones first. Needs `roles:read`."""
    return schemas_admin.Roles(items=list(roles.catalogue().values()))


@router.post(
    "/roles",
    status_code=201,
    dependencies=[requires("roles:write")],
    responses=documented(errors.RoleTaken, errors.ValidationFailed),
)
def make_role(body: schemas_admin.Role, db: Db, caller: Caller, who: CurrentUser) -> schemas_admin.Role:
    """Make a role. Needs `roles:write`, and every permission that the role has."""
    return roles.create(db, caller, who.user.user_id, body)


@router.get(
    "/roles/{name}",
    dependencies=[requires("roles:read")],
    responses=documented(errors.NotFound, errors.ValidationFailed),
)
def read_role(name: Name) -> schemas_admin.Role:
    """One role. Needs `roles:read`."""
    return roles.one(name)


@router.patch(
    "/roles/{name}",
    dependencies=[requires("roles:write")],
    responses=documented(
        errors.NotFound,
        errors.ReauthenticationRequired,
        errors.Overloaded,
        errors.LastSuperuser,
        errors.ValidationFailed,
    ),
)
@passwords.hashes
def change_role(
    name: Name, body: schemas_admin.RoleChange, db: Db, caller: Caller, who: CurrentUser
) -> schemas_admin.Role:
    """Change a role for everybody who has it.

    From their next request on; a built-in one stays. Needs `roles:write`, and every permission that the role has and
    gets.
    """
    return users.change_role(db, caller, who, name, body)


@router.delete(
    "/roles/{name}",
    status_code=204,
    dependencies=[requires("roles:write")],
    responses=documented(errors.NotFound, errors.RoleInUse, errors.ValidationFailed),
)
def delete_role(name: Name, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Delete a role that nobody has. Neither an account nor another role; a built-in one stays. Needs `roles:write`."""
    roles.delete(db, caller, who.user.user_id, name)


# ---------------------------------------------------------------------------------------------------- trail and figures


@router.get("/audit", dependencies=[requires("audit:read")], responses=documented(errors.ValidationFailed))
def read_audit(filters: Annotated[schemas_admin.EventFilters, Query()]) -> schemas_admin.EventPage:
    """The trail, newest first. Needs `audit:read`."""
    return audit.search(filters)


@router.get("/stats", dependencies=[requires("users:read")])
def read_stats() -> schemas_admin.Stats:
    """Count accounts and sessions. And the sign-ups and logins of the last 30 days. Needs `users:read`."""
    return statistics.current()
