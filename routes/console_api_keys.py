"""Define the pages of the administration console about API keys."""

from typing import Annotated

from fastapi import Form, Path, Request, Response

import routes
import schemas
from api_keys import administration
from audit import Caller
from console import api_key_pages, rendering
from console.guards import Administrator, requires
from database import Db
from hosted_pages import destinations

router = routes.router(prefix=destinations.CONSOLE, tags=["console"], include_in_schema=False)
KeyId = Annotated[schemas.PublicId, Path()]


@router.get("/api-keys", dependencies=[requires("users:read")])
def api_keys(request: Request, who: Administrator) -> Response:
    return api_key_pages.listed(request, who)


@router.get("/api-keys/{key_id}", dependencies=[requires("users:read")])
def api_key(key_id: KeyId, request: Request, who: Administrator) -> Response:
    return api_key_pages.one(request, who)


@router.post("/api-keys/{key_id}", dependencies=[requires("users:write")])
def limit_api_key(
    key_id: KeyId,
    body: Annotated[api_key_pages.RateLimitForm, Form()],
    db: Db,
    caller: Caller,
    who: Administrator,
) -> Response:
    administration.set_rate_limit(db, caller, who, key_id, body)
    return rendering.redirect_to(who, "users:read", f"/api-keys/{key_id}", "api_key_limited")


@router.post("/api-keys/{key_id}/delete", dependencies=[requires("users:write")])
def delete_api_key(key_id: KeyId, db: Db, caller: Caller, who: Administrator) -> Response:
    administration.end(db, caller, who, key_id)
    return rendering.redirect_to(who, "users:read", "/api-keys", "api_key_deleted")
