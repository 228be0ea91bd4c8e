"""Define /admin: accounts, roles, the audit log and statistics. Each route declares the permission that it requires."""

from typing import Annotated, Any

from fastapi import Path, Query

import audit
import errors
import routes
import schemas
import schemas_admin
from accounts import user_queries
from administration import funnel, impersonation, statistics, users
from audit import Caller
from authorization import roles
from credentials import passwords
from database import Db
from schemas import Message
from schemas_admin import RoleName
from sessions.current_user import CurrentUser, requires
from web import rate_limits
from web.cookies import Carrier
from web.openapi import documented, message_response
from web.rate_limits import limit

router = routes.router(
    prefix="/admin",
    tags=["admin"],
    responses=documented(errors.NotAuthenticated, errors.Forbidden),
)
UserId = Annotated[schemas.PublicId, Path(description="The account's public id.")]
EndsApiKeys = Annotated[bool, Query(description="Whether the API keys of the account end too.")]
Name = Annotated[RoleName, Path(description="The role's name.", examples=["support"])]

RESET_SENT = "An email with a link will be sent."
RESET_NOT_SENT = "The account is disabled. No email was sent."


# ---------------------------------------------------------------------------------------------------------------- users


@router.get("/users", dependencies=[requires("users:read")], responses=documented(errors.ValidationFailed))
def list_users(filters: Annotated[schemas_admin.UserFilters, Query()]) -> schemas_admin.UserPage:
    """Search accounts, newest first. Requires `users:read`.

    Pages are stable while users sign up: each page begins after the last account of the previous one.
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
    """Invite a user. Requires `users:write`.

    Creates an account without a password and sends its owner a link to choose one. The token in the link is for
    `POST /auth/reset-password/confirm`.
    """
    return users.invite(db, caller, who, body)


@router.get(
    "/users/{user_id}",
    dependencies=[requires("users:read")],
    responses=documented(errors.NotFound, errors.ValidationFailed),
)
def read_user(user_id: UserId) -> schemas.ManagedUser:
    """Get an account. Requires `users:read`."""
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
    """Update an account: display name, email address, active and verified state. Requires `users:write`.

    A new email address counts as unverified, and both addresses are notified. To change your own email address, use
    `POST /users/me/email`. Disabling an account ends its sessions and invalidates its links.
    """
    return users.visible(who, users.change(db, caller, who, user_id, body), body.model_dump(exclude_none=True))


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
    """Delete an account and all data about its user. Requires `users:write` and a recent authentication."""
    users.delete(db, caller, who, user_id, body)


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
    """Replace the roles of an account. Requires `users:write` and every permission that the roles grant."""
    return users.visible(who, users.set_roles(db, caller, who, user_id, body), {"roles"})


@router.post(
    "/users/{user_id}/logout",
    status_code=204,
    dependencies=[requires("users:write")],
    responses=documented(errors.NotFound, errors.ValidationFailed),
)
def logout_user(user_id: UserId, db: Db, caller: Caller, who: CurrentUser, api_keys: EndsApiKeys = False) -> None:
    """End all sessions of an account. Requires `users:write`."""
    users.log_out(db, caller, who, user_id, api_keys=api_keys)


@router.post(
    "/users/{user_id}/reset-password",
    status_code=202,
    dependencies=[requires("users:write")],
    responses={**message_response(202, RESET_SENT), **documented(errors.NotFound, errors.ValidationFailed)},
)
@rate_limits.limit_emails("user_id", scope="reset by an administrator")
@passwords.hashes
def send_password_reset(
    user_id: UserId, db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> Message:
    """Send the owner of an account an email with a link to set a new password. Requires `users:write`.

    If an administrator set the email address, the link verifies it first, or accepts the invitation. It is sent only to
    the owner; the response does not contain it.
    """
    return Message(message=RESET_SENT if users.send_reset(db, caller, who, user_id, body) else RESET_NOT_SENT)


@router.post(
    "/users/{user_id}/impersonate",
    dependencies=[requires("users:impersonate"), limit("login")],
    responses=documented(
        errors.NotFound,
        errors.ReauthenticationRequired,
        errors.Overloaded,
        errors.Conflict,
        errors.ValidationFailed,
    ),
)
@passwords.hashes
def impersonate(
    user_id: UserId, body: schemas_admin.Impersonate, db: Db, caller: Caller, carrier: Carrier, who: CurrentUser
) -> schemas.BearerToken:
    """Get an access token of another user, to see what they see. Requires `users:impersonate` and a recent
    authentication.

    The token has the claim `act` (RFC 8693) and no refresh token. It is valid for 30 minutes, and for nothing that
    affects who has access to the account. The user is notified. In cookie mode, logging out returns to your session.
    """
    return carrier.deliver_access_token(impersonation.start(db, caller, who, user_id, body))


# ---------------------------------------------------------------------------------------------------------------- roles


@router.get("/roles", dependencies=[requires("roles:read")])
def list_roles() -> schemas_admin.Roles:
    """List all roles, built-in roles first. Requires `roles:read`."""
    return schemas_admin.Roles(items=list(roles.catalogue().values()))


@router.post(
    "/roles",
    status_code=201,
    dependencies=[requires("roles:write")],
    responses=documented(errors.RoleTaken, errors.ValidationFailed),
)
def make_role(body: schemas_admin.Role, db: Db, caller: Caller, who: CurrentUser) -> schemas_admin.Role:
    """Create a role. Requires `roles:write` and every permission that the role grants."""
    return roles.create(db, caller, who.user.user_id, body)


@router.get(
    "/roles/{name}",
    dependencies=[requires("roles:read")],
    responses=documented(errors.NotFound, errors.ValidationFailed),
)
def read_role(name: Name) -> schemas_admin.Role:
    """Get a role. Requires `roles:read`."""
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
    """Update a role. Requires `roles:write` and every permission that the role grants before and after the change.

    The change applies to all users with the role from their next request. Built-in roles cannot be changed.
    """
    return users.change_role(db, caller, who, name, body)


@router.delete(
    "/roles/{name}",
    status_code=204,
    dependencies=[requires("roles:write")],
    responses=documented(errors.NotFound, errors.RoleInUse, errors.ValidationFailed),
)
def delete_role(name: Name, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Delete an unused role. Requires `roles:write`.

    No account may have the role and no other role may inherit it. Built-in roles cannot be deleted.
    """
    roles.delete(db, caller, who.user.user_id, name)


# --------------------------------------------------------------------------------------------- audit log and statistics


@router.get("/audit", dependencies=[requires("audit:read")], responses=documented(errors.ValidationFailed))
def read_audit(filters: Annotated[schemas_admin.EventFilters, Query()]) -> schemas_admin.EventPage:
    """Search the audit log, newest events first. Requires `audit:read`."""
    return audit.search(filters)


@router.get("/stats", dependencies=[requires("users:read")])
def read_stats() -> schemas_admin.Stats:
    """Get account statistics. Requires `users:read`.

    Returns the number of accounts and sessions, and the sign-ups and logins of the last 30 days.
    """
    return statistics.current()


@router.get("/stats/funnel", dependencies=[requires("users:read")], responses=documented(errors.ValidationFailed))
def read_funnel(
    days: Annotated[int, Query(ge=1, le=90, description="The number of days, with today.")] = 30,
) -> schemas_admin.Funnel:
    """Count how often each step of a sign-up, login or password reset was reached. Requires `users:read`.

    The counts contain no personal data, and are a few seconds old.
    """
    return funnel.of_last(days)
