"""/internal: what other services of ours may ask, with their service token."""

from typing import Annotated

from fastapi import Depends, Path

import admin_schemas
import directory
import errors
import routes
import schemas
import service_schemas
import services
from openapi import documented

router = routes.router(
    prefix="/internal",
    tags=["internal"],
    dependencies=[Depends(services.from_a_service)],
    responses=documented(errors.NotAuthenticated),
)


@router.post("/introspect", response_model_exclude_none=True, responses=documented(errors.ValidationFailed))
def introspect(body: schemas.TokenOnly) -> service_schemas.Introspection:
    """Whether an access token is good now, and whose it is (RFC 7662). Its session and account are looked up."""
    return services.introspect(body.token)


@router.get("/users/{user_id}", responses=documented(errors.NotFound, errors.ValidationFailed))
def read_user(user_id: Annotated[schemas.PublicId, Path()]) -> schemas.User:
    """One account by its `user_id`."""
    return directory.user_with(user_id)


@router.post("/users/lookup", responses=documented(errors.ValidationFailed))
def lookup_users(body: admin_schemas.Lookup) -> admin_schemas.Users:
    """The accounts with these ids or addresses, 500 at most, all together. Whoever is unknown is left out."""
    return admin_schemas.Users(items=directory.lookup(body))
