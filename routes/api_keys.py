"""Define the routes of API keys: those of the current user, and those of all users for administrators."""

from typing import Annotated

from fastapi import Path, Query

import errors
import routes
import schemas
from api_keys import administration, service
from api_keys.schemas import (
    ApiKeyChange,
    ApiKeyFilters,
    ApiKeyOut,
    ApiKeyRotation,
    ApiKeys,
    CreatedApiKey,
    ManagedApiKey,
    ManagedApiKeys,
    NewApiKey,
    RenamedApiKey,
)
from audit import Caller
from credentials import passwords
from database import Db
from sessions.current_user import CurrentUser, requires
from web.openapi import documented
from web.rate_limits import limit

own = routes.router(prefix="/users/me/api-keys", tags=["users"], responses=documented(errors.NotAuthenticated))
admin = routes.router(
    prefix="/admin/api-keys", tags=["admin"], responses=documented(errors.NotAuthenticated, errors.Forbidden)
)
KeyId = Annotated[schemas.PublicId, Path(description="The key's id.")]


@own.post(
    "",
    status_code=201,
    dependencies=[limit("login")],
    responses=documented(
        errors.ReauthenticationRequired, errors.Forbidden, errors.Conflict, errors.ValidationFailed, errors.Overloaded
    ),
)
@passwords.hashes
def create_api_key(body: NewApiKey, db: Db, caller: Caller, who: CurrentUser) -> CreatedApiKey:
    """Create an API key, with which a program acts for you within its scopes.

    Scopes are the permissions of roles, `profile` (`GET /users/me`) and `sessions` (`GET /users/me/sessions`). The
    response contains the key, which is not shown again. Send it as `Authorization: Bearer csk_…` or `X-API-Key`.
    """
    return service.create(db, caller, who, body)


@own.get("")
def list_api_keys(who: CurrentUser) -> ApiKeys:
    """List your API keys, newest first, without the keys themselves."""
    return service.list_of(who)


@own.patch("/{key_id}", responses=documented(errors.NotFound, errors.ValidationFailed))
def rename_api_key(key_id: KeyId, body: RenamedApiKey, db: Db, caller: Caller, who: CurrentUser) -> ApiKeyOut:
    """Rename an API key."""
    return service.rename(db, caller, who, key_id, body.name)


@own.delete("/{key_id}", status_code=204, responses=documented(errors.NotFound, errors.ValidationFailed))
def delete_api_key(key_id: KeyId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Delete an API key. It ends at once."""
    service.remove(db, caller, who, key_id)


@own.post(
    "/{key_id}/rotate",
    dependencies=[limit("login")],
    responses=documented(errors.ReauthenticationRequired, errors.NotFound, errors.ValidationFailed, errors.Overloaded),
)
@passwords.hashes
def rotate_api_key(
    key_id: KeyId, db: Db, caller: Caller, who: CurrentUser, body: ApiKeyRotation | None = None
) -> CreatedApiKey:
    """Replace an API key by a new one with the same id, scopes and end.

    The old one remains valid for `overlap_seconds`: none unless given, a day at most.
    """
    return service.rotate(db, caller, who, key_id, body)


@admin.get("", dependencies=[requires("users:read")], responses=documented(errors.ValidationFailed))
def list_api_keys_of_users(filters: Annotated[ApiKeyFilters, Query()]) -> ManagedApiKeys:
    """List the API keys of a user or of all users, newest first. Requires `users:read`."""
    return administration.search(filters)


@admin.patch(
    "/{key_id}",
    dependencies=[requires("users:write")],
    responses=documented(errors.NotFound, errors.ValidationFailed),
)
def change_api_key(key_id: KeyId, body: ApiKeyChange, db: Db, caller: Caller, who: CurrentUser) -> ManagedApiKey:
    """Set the rate limit of an API key. Requires `users:write`."""
    return administration.set_rate_limit(db, caller, who, key_id, body)


@admin.delete(
    "/{key_id}",
    status_code=204,
    dependencies=[requires("users:write")],
    responses=documented(errors.NotFound, errors.ValidationFailed),
)
def end_api_key(key_id: KeyId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Delete an API key of any user. Requires `users:write`."""
    administration.end(db, caller, who, key_id)
