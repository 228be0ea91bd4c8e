"""Define the routes of OAuth clients for administrators, and of the grants of the current user."""

from typing import Annotated, Any

from fastapi import Path, Query

import errors
import routes
from audit import Caller
from database import Db
from oauth_provider import clients, grants
from oauth_provider.schemas import (
    ClientChange,
    ClientFields,
    ClientFilters,
    ClientOut,
    Clients,
    CreatedClient,
    Grants,
    SecretRotation,
)
from sessions.current_user import CurrentUser, requires
from web.openapi import documented

admin = routes.router(
    prefix="/admin/clients", tags=["admin"], responses=documented(errors.NotAuthenticated, errors.Forbidden)
)
own = routes.router(prefix="/users/me/grants", tags=["users"], responses=documented(errors.NotAuthenticated))
ClientId = Annotated[
    str, Path(min_length=1, max_length=2048, description="The `client_id`.", examples=["photo-printer"])
]
FOUND: dict[str, Any] = {"responses": documented(errors.NotFound, errors.ValidationFailed)}
reads, writes = [requires("clients:read")], [requires("clients:write")]


@admin.get("", dependencies=reads, responses=documented(errors.ValidationFailed))
def list_clients(filters: Annotated[ClientFilters, Query()]) -> Clients:
    """List the OAuth clients, newest first, without their secrets. Requires `clients:read`."""
    return clients.search(filters)


@admin.post("", status_code=201, dependencies=writes, responses=documented(errors.ValidationFailed))
def create_client(body: ClientFields, db: Db, caller: Caller, who: CurrentUser) -> CreatedClient:
    """Create an OAuth client: an application that logs users in with this service. Requires `clients:write`.

    The response contains its secret, which is not shown again. You can grant it only permissions that you hold.
    """
    return clients.create(db, caller, who, body)


@admin.get("/{client_id:path}", dependencies=reads, **FOUND)
def read_client(client_id: ClientId) -> ClientOut:
    """Get an OAuth client, without its secret. Requires `clients:read`."""
    return clients.get(client_id)


@admin.patch(
    "/{client_id:path}",
    dependencies=writes,
    responses=documented(errors.NotFound, errors.ClientTypeIsFixed, errors.ValidationFailed),
)
def change_client(client_id: ClientId, body: ClientChange, db: Db, caller: Caller, who: CurrentUser) -> ClientOut:
    """Change some fields of an OAuth client. Its `type` cannot change. Requires `clients:write`."""
    return clients.change(db, caller, who, client_id, body.model_dump(exclude_unset=True))


@admin.delete("/{client_id:path}", status_code=204, dependencies=writes, **FOUND)
def delete_client(client_id: ClientId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Delete an OAuth client, with all its grants and tokens. Requires `clients:write`."""
    clients.remove(db, caller, who, client_id)


@admin.post(
    "/{client_id:path}/rotate-secret",
    dependencies=writes,
    responses=documented(errors.NotFound, errors.ClientHasNoSecret, errors.ValidationFailed),
)
def rotate_client_secret(
    client_id: ClientId, db: Db, caller: Caller, who: CurrentUser, body: SecretRotation | None = None
) -> CreatedClient:
    """Replace the secret of an OAuth client. Requires `clients:write`.

    The old secret remains valid for `overlap_seconds`: none unless given, a day at most.
    """
    return clients.rotate_secret(db, caller, who, client_id, body.overlap_seconds if body else 0)


@own.get("")
def list_grants(who: CurrentUser) -> Grants:
    """List the applications that you have granted access to, newest first."""
    return grants.list_of(who)


@own.delete("/{client_id:path}", status_code=204, responses=documented(errors.NotFound, errors.ValidationFailed))
def end_grant(client_id: ClientId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """End the access of an application, and all its tokens for you."""
    grants.end(db, caller, who, client_id)
