"""Define the pages of the administration console about OAuth clients."""

from typing import Annotated

from fastapi import Form, Path, Request, Response

import routes
import schemas
from audit import Caller
from console import client_forms, client_pages, rendering
from console.actions import ActionForm
from console.client_forms import ClientForm
from console.guards import Administrator, requires
from credentials import passwords
from database import Db
from hosted_pages import destinations
from oauth_provider import clients
from web.rate_limits import limit

router = routes.router(prefix=f"{destinations.CONSOLE}/clients", tags=["console"], include_in_schema=False)
ClientPk = Annotated[schemas.PublicId, Path()]
reads = [requires("clients:read")]
writes = [requires("clients:write")]


@router.get("", dependencies=reads, name="clients")
def list_clients(request: Request, who: Administrator) -> Response:
    return client_pages.all_clients(request, who)


@router.get("/new", dependencies=writes)
def new_client_page(request: Request, who: Administrator) -> Response:
    return client_pages.new_client(request, who)


@router.post("/new", dependencies=writes)
def create_client(
    body: Annotated[ClientForm, Form()], request: Request, db: Db, caller: Caller, who: Administrator
) -> Response:
    return client_pages.created(request, who, clients.create(db, caller, who, body.body()))


@router.get("/{client_pk}", dependencies=reads)
def client(client_pk: ClientPk, request: Request, who: Administrator) -> Response:
    return client_pages.client(request, who)


@router.get("/{client_pk}/edit", dependencies=writes)
def edit_client_page(client_pk: ClientPk, request: Request, who: Administrator) -> Response:
    return client_pages.edit_client(request, who)


@router.post("/{client_pk}/edit", dependencies=writes)
def edit_client(
    client_pk: ClientPk, body: Annotated[ClientForm, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    clients.change(db, caller, who, clients.client_id_of(client_pk), body.given())
    return rendering.redirect_to(who, "clients:read", f"/clients/{client_pk}", "client_changed")


@router.get("/{client_pk}/rotate-secret", dependencies=writes)
def rotate_client_secret_page(client_pk: ClientPk, request: Request, who: Administrator) -> Response:
    return client_pages.rotate_secret(request, who)


@router.post("/{client_pk}/rotate-secret", dependencies=[*writes, limit("login")])
@passwords.hashes
def rotate_client_secret(
    client_pk: ClientPk,
    body: Annotated[client_forms.RotationForm, Form()],
    request: Request,
    db: Db,
    caller: Caller,
    who: Administrator,
) -> Response:
    return client_pages.created(request, who, client_forms.rotate_secret(db, caller, who, client_pk, body))


@router.get("/{client_pk}/delete", dependencies=writes)
def delete_client_page(client_pk: ClientPk, request: Request, who: Administrator) -> Response:
    return client_pages.delete_client(request, who)


@router.post("/{client_pk}/delete", dependencies=[*writes, limit("login")])
@passwords.hashes
def delete_client(
    client_pk: ClientPk, body: Annotated[ActionForm, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    client_forms.delete(db, caller, who, clients.client_id_of(client_pk), body)
    return rendering.redirect_to(who, "clients:read", "/clients", "client_deleted")
