"""Define the first pages of the administration console, roles, and the step that raises a session to two factors."""

from typing import Annotated

from fastapi import Form, Path, Request, Response
from fastapi.responses import RedirectResponse

import auth
import routes
import schemas
import schemas_admin
from administration import users
from audit import Caller
from authorization import roles
from console import pages, rendering, role_forms
from console.actions import ActionForm
from console.guards import Administrator, SteppingUp, requires
from credentials import passwords
from database import Db
from hosted_pages import destinations
from sessions import reauthentication, sessions, tokens
from web import cookies, templates
from web.rate_limits import limit

router = routes.router(prefix=destinations.CONSOLE, tags=["console"], include_in_schema=False)
Name = Annotated[schemas_admin.RoleName, Path()]


@router.get("")
def overview(request: Request, who: Administrator) -> Response:
    return pages.home(request, who)


@router.get("/confirm")
def confirm_page(request: Request, who: SteppingUp) -> Response:
    return pages.confirm(request, who)


@router.post("/confirm", dependencies=[limit("login")])
@passwords.hashes
def confirm(
    body: Annotated[schemas.Presence, Form()],
    db: Db,
    caller: Caller,
    who: SteppingUp,
    next: Annotated[str, Form(max_length=4096)] = "",
) -> Response:
    """Raise the session to two factors, and return to the page that requires them."""
    authentication = reauthentication.renew(db, caller, who, body)
    user = auth.lock_current(db, who)
    token = tokens.access_token(user, who.session_id, authentication, sessions.expiry_of(db, who.session_id))
    path = next if destinations.is_in_console(next) else destinations.CONSOLE
    response = RedirectResponse(f"{templates.base_path()}{path}", 303)
    cookies.set_access_token(response, token)
    return response


# ---------------------------------------------------------------------------------------------------------------- roles


@router.get("/roles", dependencies=[requires("roles:read")], name="roles")
def list_roles(request: Request, who: Administrator) -> Response:
    return pages.all_roles(request, who)


@router.get("/new-role", dependencies=[requires("roles:write")])
def new_role_page(request: Request, who: Administrator) -> Response:
    return pages.new_role(request, who)


@router.post("/new-role", dependencies=[requires("roles:write")])
def create_role(body: Annotated[schemas_admin.Role, Form()], db: Db, caller: Caller, who: Administrator) -> Response:
    roles.create(db, caller, who.user.user_id, body)
    return rendering.redirect_to(who, "roles:read", "/roles", "role_created")


@router.get("/roles/{name}", dependencies=[requires("roles:read")])
def role(name: Name, request: Request, who: Administrator) -> Response:
    return pages.role(request, who)


@router.post("/roles/{name}", dependencies=[requires("roles:write"), limit("login")])
@passwords.hashes
def change_role(
    name: Name, body: Annotated[role_forms.RoleForm, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    users.change_role(db, caller, who, name, body)
    return rendering.redirect_to(who, "roles:read", "/roles", "role_changed")


@router.get("/roles/{name}/delete", dependencies=[requires("roles:write")])
def delete_role_page(name: Name, request: Request, who: Administrator) -> Response:
    return pages.delete_role(request, who)


@router.post("/roles/{name}/delete", dependencies=[requires("roles:write"), limit("login")])
@passwords.hashes
def delete_role(
    name: Name, body: Annotated[ActionForm, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    role_forms.delete(db, caller, who, name, body)
    return rendering.redirect_to(who, "roles:read", "/roles", "role_deleted")
