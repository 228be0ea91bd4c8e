"""Define the hosted pages of API keys: list, create, rename, replace and delete them."""

from typing import Annotated

from fastapi import Form, Path, Request, Response

import routes
import schemas
from api_keys import service
from audit import Caller
from credentials import passwords
from database import Db
from hosted_pages import api_key_forms, rendering
from hosted_pages.api_key_forms import ApiKeyForm, ApiKeyRotationForm, RenamedApiKeyForm
from routes import hosted_pages
from sessions.current_user import CurrentUser
from web.rate_limits import limit

router = routes.router(tags=["pages"], include_in_schema=False, dependencies=hosted_pages.same_site)
KEYS = "/account/api-keys"
KeyId = Annotated[schemas.PublicId, Path()]


@router.get(KEYS)
def api_keys_page(request: Request, who: CurrentUser) -> Response:
    return rendering.show(request, "api_keys", current_user=who.user, keys=service.list_of(who).items)


@router.get(f"{KEYS}/new")
def new_api_key_page(request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "new_api_key", who, scopes=api_key_forms.grantable(who))


@router.post(f"{KEYS}/new", dependencies=[limit("login")])
@passwords.hashes
def create_api_key(
    body: Annotated[ApiKeyForm, Form()], request: Request, db: Db, caller: Caller, who: CurrentUser
) -> Response:
    created = service.create(db, caller, who, body.body(who))
    return rendering.show(request, "api_key_created", current_user=who.user, key=created)


@router.get(f"{KEYS}/{{key_id}}/rename")
def rename_api_key_page(key_id: KeyId, request: Request, who: CurrentUser) -> Response:
    return rendering.show(request, "rename_api_key", current_user=who.user, key=service.named(who, key_id))


@router.post(f"{KEYS}/{{key_id}}/rename")
def rename_api_key(
    key_id: KeyId, body: Annotated[RenamedApiKeyForm, Form()], db: Db, caller: Caller, who: CurrentUser
) -> Response:
    service.rename(db, caller, who, key_id, body.name)
    return rendering.redirect(KEYS, "api_key_renamed")


@router.get(f"{KEYS}/{{key_id}}/rotate")
def rotate_api_key_page(key_id: KeyId, request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "rotate_api_key", who, key=service.named(who, key_id))


@router.post(f"{KEYS}/{{key_id}}/rotate", dependencies=[limit("login")])
@passwords.hashes
def rotate_api_key(
    key_id: KeyId,
    body: Annotated[ApiKeyRotationForm, Form()],
    request: Request,
    db: Db,
    caller: Caller,
    who: CurrentUser,
) -> Response:
    rotated = service.rotate(db, caller, who, key_id, body.body())
    return rendering.show(request, "api_key_created", current_user=who.user, key=rotated)


@router.get(f"{KEYS}/{{key_id}}/delete")
def api_key_deletion_page(key_id: KeyId, request: Request, who: CurrentUser) -> Response:
    return rendering.show(request, "delete_api_key", current_user=who.user, key=service.named(who, key_id))


@router.post(f"{KEYS}/{{key_id}}/delete")
def delete_api_key(key_id: KeyId, db: Db, caller: Caller, who: CurrentUser) -> Response:
    service.remove(db, caller, who, key_id)
    return rendering.redirect(KEYS, "api_key_deleted")
