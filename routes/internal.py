"""/internal: what other services of ours may ask, with their service token."""

from typing import Annotated

from fastapi import Depends, Path

import auth
import errors
import routes
import schemas
from errors import documented

router = routes.router(
    prefix="/internal",
    tags=["internal"],
    dependencies=[Depends(auth.from_a_service)],
    responses=documented(errors.NotAuthenticated),
)


@router.post("/introspect", response_model_exclude_none=True, responses=documented(errors.ValidationFailed))
def introspect(body: schemas.TokenOnly) -> schemas.Introspection:
    """Whether an access token is good now, and whose it is (RFC 7662). Its session and account are looked up."""
    return auth.introspect(body.token)


@router.get("/users/{user_id}", responses=documented(errors.NotFound, errors.ValidationFailed))
def user(user_id: Annotated[schemas.PublicId, Path()]) -> schemas.User:
    """One account by its `user_id`."""
    return auth.user_with(user_id)
