"""Define the pages of the administration console about users."""

from typing import Annotated

from fastapi import Form, Path, Request, Response

import routes
import schemas
import schemas_admin
from administration import impersonation
from administration import users as services
from audit import Caller
from console import actions, bulk, pages, rendering, role_forms, user_forms
from console.guards import Administrator, requires
from credentials import passwords
from database import Db
from hosted_pages import destinations
from hosted_pages import rendering as hosted
from web import cookies, rate_limits
from web.rate_limits import limit

router = routes.router(prefix=destinations.CONSOLE, tags=["console"], include_in_schema=False)
UserId = Annotated[schemas.PublicId, Path()]
# The pages with the forms show the account, which a permission to change accounts alone does not include.
reads_and_writes = [requires("users:read"), requires("users:write")]


@router.get("/users", dependencies=[requires("users:read")])
def users(request: Request, who: Administrator) -> Response:
    return pages.users(request, who)


@router.get("/invite", dependencies=[requires("users:write")])
def invite_page(request: Request, who: Administrator) -> Response:
    return pages.invite(request, who)


@router.post("/invite", dependencies=[requires("users:write")])
@rate_limits.limit_emails("email", scope="invitation")
def invite(body: Annotated[schemas_admin.NewUser, Form()], db: Db, caller: Caller, who: Administrator) -> Response:
    invited = services.invite(db, caller, who, body)
    return rendering.redirect_to_user(who, invited.user_id, "invited")


@router.post("/bulk", dependencies=reads_and_writes)
def choose_accounts(body: Annotated[bulk.BulkForm, Form()], request: Request, who: Administrator) -> Response:
    """Show which accounts the action is for. Nothing changes yet."""
    return pages.bulk(request, who, body)


@router.post("/bulk/run", dependencies=[*reads_and_writes, limit("login")])
@passwords.hashes
def change_accounts(
    body: Annotated[bulk.BulkForm, Form()], request: Request, db: Db, caller: Caller, who: Administrator
) -> Response:
    return pages.bulk_done(request, who, body.chosen(), bulk.run(db, caller, who, body))


@router.get("/users/{user_id}", dependencies=[requires("users:read")])
def user(user_id: UserId, request: Request, who: Administrator) -> Response:
    return pages.user(request, who)


@router.get("/users/{user_id}/edit", dependencies=reads_and_writes)
def edit_user_page(user_id: UserId, request: Request, who: Administrator) -> Response:
    return pages.edit_user(request, who)


@router.post("/users/{user_id}/edit", dependencies=[requires("users:write"), limit("login")])
@rate_limits.limit_emails("email", scope="move by an administrator")
@passwords.hashes
def edit_user(
    user_id: UserId, body: Annotated[user_forms.UserForm, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    user_forms.edit(db, caller, who, user_id, body)
    return rendering.redirect_to_user(who, user_id, "changed")


@router.get("/users/{user_id}/roles", dependencies=reads_and_writes)
def roles_of_user_page(user_id: UserId, request: Request, who: Administrator) -> Response:
    return pages.roles_of_user(request, who)


@router.post("/users/{user_id}/roles", dependencies=[requires("users:write"), limit("login")])
@passwords.hashes
def set_roles_of_user(
    user_id: UserId, body: Annotated[role_forms.RolesForm, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    services.set_roles(db, caller, who, user_id, body)
    return rendering.redirect_to_user(who, user_id, "roles")


@router.post("/users/{user_id}/sessions/{session_id}", dependencies=[requires("users:write")])
def end_session(
    user_id: UserId, session_id: Annotated[schemas.PublicId, Path()], db: Db, caller: Caller, who: Administrator
) -> Response:
    services.end_session(db, caller, who, user_id, session_id)
    return rendering.redirect_to_user(who, user_id, "session_ended")


@router.get("/users/{user_id}/impersonate", dependencies=[requires("users:read"), requires("users:impersonate")])
def impersonate_page(user_id: UserId, request: Request, who: Administrator) -> Response:
    return pages.impersonate(request, who)


@router.post("/users/{user_id}/impersonate", dependencies=[requires("users:impersonate"), limit("login")])
@passwords.hashes
def impersonate(
    user_id: UserId, body: Annotated[schemas_admin.Impersonate, Form()], db: Db, caller: Caller, who: Administrator
) -> Response:
    token = impersonation.start(db, caller, who, user_id, body)
    response = hosted.redirect(hosted.HOME)
    cookies.set_access_token(response, token)
    return response


def _add(action: actions.Action) -> None:
    """Add the page that says what an action does, and the route that does it."""

    def page(user_id: UserId, request: Request, who: Administrator) -> Response:
        return pages.action(request, who, action)

    @passwords.hashes
    def run(
        user_id: UserId, body: Annotated[actions.ActionForm, Form()], db: Db, caller: Caller, who: Administrator
    ) -> Response:
        actions.require_confirmation(action, user_id, body)
        action.run(db, caller, who, user_id, body)
        return rendering.redirect_to_user(who, "" if action.typed else user_id, action.said)

    path, name = f"/users/{{user_id}}/{action.name}", action.name.replace("-", "_")
    guards = [requires("users:write"), limit("email" if action.name == "reset-password" else "login")]
    router.add_api_route(path, page, methods=["GET"], name=f"{name}_page", dependencies=reads_and_writes)
    router.add_api_route(path, run, methods=["POST"], name=name, dependencies=guards)


for each in actions.ALL.values():
    _add(each)
