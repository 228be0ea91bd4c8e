"""Define /internal: endpoints for other services, which authenticate with the service token."""

from typing import Annotated

from fastapi import Path

import errors
import routes
import schemas
import schemas_admin
import schemas_service
from accounts import user_queries
from operations import services
from web.openapi import documented

router = routes.router(
    prefix="/internal",
    tags=["internal"],
    dependencies=[services.service_token_required],
    responses=documented(errors.NotAuthenticated),
)


@router.post(
    "/introspect",
    response_model_exclude_none=True,
    responses=documented(errors.BatchTooLarge, errors.ValidationFailed),
)
def introspect(
    body: schemas_service.IntrospectionRequest,
) -> schemas_service.Introspection | schemas_service.Introspections:
    """Introspect an access token, or up to 100 in one request (RFC 7662).

    Returns whether the token is valid, and its claims; for `tokens`, the same for each in `items`, in the same order.
    The session and the account are looked up for each request.
    """
    return services.introspect_all(body.tokens) if body.tokens else services.introspect(body.token or "")


@router.get("/users/{user_id}", responses=documented(errors.NotFound, errors.ValidationFailed))
def read_user(user_id: Annotated[schemas.PublicId, Path()]) -> schemas.ManagedUser:
    """Get a user by `user_id`."""
    return user_queries.by_user_id(user_id)


@router.post("/users/lookup", responses=documented(errors.ValidationFailed))
def lookup_users(body: schemas_admin.Lookup) -> schemas_admin.Users:
    """Look up at most 500 users by id or email address. Unknown users are omitted."""
    return schemas_admin.Users(items=user_queries.lookup(body))
