"""/internal: what other services of ours may ask, with their service token."""

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


@router.post("/introspect", response_model_exclude_none=True, responses=documented(errors.ValidationFailed))
def introspect(body: schemas.TokenOnly) -> schemas_service.Introspection:
    """Whether an access token is good now, and whose it is (RFC 7662). Its session and account are looked up."""
    return services.introspect(body.token)


@router.get("/users/{user_id}", responses=documented(errors.NotFound, errors.ValidationFailed))
def read_user(user_id: Annotated[schemas.PublicId, Path()]) -> schemas.ManagedUser:
    """One account by its `user_id`."""
    return user_queries.by_user_id(user_id)


@router.post("/users/lookup", responses=documented(errors.ValidationFailed))
def lookup_users(body: schemas_admin.Lookup) -> schemas_admin.Users:
    """The accounts with these ids or addresses, 500 at most, all together. Whoever is unknown is left out."""
    return schemas_admin.Users(items=user_queries.lookup(body))
