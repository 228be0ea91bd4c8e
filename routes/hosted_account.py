"""Define the hosted pages of the account: profile, credentials, devices, providers, activity, export and deletion."""

from typing import Annotated, Any

from fastapi import Depends, Form, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

import auth
import routes
import schemas
import schemas_admin
from accounts import deletion, email_change, password_changes, privacy, profile
from audit import Caller
from credentials import passwords
from database import Db
from hosted_pages import account_context, factor_context, forms, impersonation, rendering
from oauth_login import flow, linking
from oauth_login.flow import uses_provider
from routes import hosted_pages, users
from routes import oauth as oauth_routes
from sessions.current_user import CurrentUser, EnrollingUser
from settings import oauth_providers
from settings.loading import settings
from web import cookies, rate_limits
from web.rate_limits import limit

router = routes.router(tags=["pages"], include_in_schema=False, dependencies=hosted_pages.same_site)
Provider = Annotated[schemas.PublicId, Path()]
Presence = Annotated[schemas.Presence, Form()]


async def _start_request(provider: Provider, request: Request) -> flow.StartRequest:
    return flow.StartRequest(provider, f"{settings.public_base_url}/account", cookies.browser_of(request, provider), "")


StartRequest = Annotated[flow.StartRequest, Depends(_start_request)]


@router.get("/account")
def account_page(request: Request, who: CurrentUser) -> Response:
    context: dict[str, Any] = {"devices": users.list_sessions(who), "linked": oauth_routes.list_identities(who)}
    context |= account_context.administration(who) | account_context.security(who)
    return rendering.show(request, "account", current_user=who.user, **context, **factor_context.account_page(who))


@router.post("/account/logout")
def log_out(db: Db, caller: Caller, who: EnrollingUser) -> Response:
    auth.log_out(db, caller, who, None)
    if who.impersonator_id:
        return impersonation.return_to_own_session(who.user.user_id)
    return rendering.log_out("logged_out")


@router.post("/account/logout-all")
def log_out_everywhere(db: Db, caller: Caller, who: EnrollingUser) -> Response:
    auth.log_out(db, caller, who, None, everywhere=True)
    return rendering.log_out("logged_out_everywhere", forget=True)


@router.post("/account/sessions/{session_id}")
def end_session(session_id: Annotated[schemas.PublicId, Path()], db: Db, caller: Caller, who: CurrentUser) -> Response:
    auth.end_session(db, caller, who, session_id)
    return rendering.redirect(rendering.HOME, "session")


@router.get("/account/profile")
def profile_page(request: Request, who: CurrentUser) -> Response:
    return rendering.show(request, "profile", current_user=who.user)


@router.post("/account/profile")
def change_profile(body: Annotated[forms.ProfileForm, Form()], db: Db, caller: Caller, who: CurrentUser) -> Response:
    profile.update(db, caller, who, body.changes(who.user))
    return rendering.redirect(rendering.HOME, "profile")


@router.post("/account/language")
def change_language(
    body: Annotated[forms.LanguageForm, Form()], db: Db, caller: Caller, who: EnrollingUser
) -> Response:
    """Show the pages in another language, which becomes that of the account."""
    profile.update(db, caller, who, schemas.Profile(locale=body.chosen()))
    return hosted_pages.choose_language(body)


@router.get("/account/activity")
def activity_page(request: Request, page: Annotated[schemas_admin.Page, Query()], who: CurrentUser) -> Response:
    return rendering.show(request, "activity", current_user=who.user, **account_context.activity(who, page))


@router.get("/.well-known/change-password")
def change_password_url() -> Response:
    """Redirect password managers to the page that changes a password (W3C, A Well-Known URL for Changing Passwords)."""
    return rendering.redirect("/account/password")


@router.get("/account/password")
def password_page(request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "change_password", who)


@router.post("/account/password", dependencies=[limit("login")])
@passwords.hashes
def change_password(
    body: Annotated[schemas.ChangePassword, Form()], db: Db, caller: Caller, who: CurrentUser
) -> Response:
    password_changes.change_password(db, caller, who, body)
    return rendering.redirect(rendering.HOME, "password")


@router.get("/account/email")
def email_page(request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "change_email", who)


@router.post("/account/email", dependencies=[limit("email")])
@rate_limits.limit_emails("new_email", scope="move", tells_caller=True)
@passwords.hashes
def change_email(body: Annotated[schemas.ChangeEmail, Form()], db: Db, caller: Caller, who: CurrentUser) -> Response:
    email_change.request(db, caller, who, body)
    return rendering.redirect(rendering.HOME, "moving")


@router.get("/account/link/{provider}")
def link_page(provider: Provider, request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "link", who, provider=provider, title=flow.provider_named(provider).title)


@router.post("/account/link/{provider}", dependencies=[limit("login")])
@uses_provider
def link_provider(
    start_request: StartRequest, body: Presence, request: Request, db: Db, caller: Caller, who: CurrentUser
) -> Response:
    redirect = flow.start_linking(db, caller, who, start_request, body)
    page = rendering.show(request, "leaving", url=redirect.url, title=redirect.provider.title)
    return oauth_routes.remember_browser(page, redirect)


@router.get("/account/unlink/{provider}")
def unlink_page(provider: Provider, request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "unlink", who, provider=provider, title=oauth_providers.title_of(provider))


@router.post("/account/unlink/{provider}", dependencies=[limit("login")])
@passwords.hashes
def unlink_provider(provider: Provider, body: Presence, db: Db, caller: Caller, who: CurrentUser) -> Response:
    linking.unlink(db, caller, who, provider, body)
    return rendering.redirect(rendering.HOME, "unlinked")


@router.get("/account/export")
@rate_limits.limit_by_user("export")
def export(who: CurrentUser, caller: Caller) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="account.json"'}
    return StreamingResponse(privacy.export(who.user), media_type="application/json", headers=headers)


@router.get("/account/delete")
def delete_page(request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "delete", who)


@router.post("/account/delete", dependencies=[limit("login")])
@passwords.hashes
def delete(body: Annotated[forms.DeletionForm, Form()], db: Db, caller: Caller, who: CurrentUser) -> Response:
    body.require_confirmation(who.user)
    deletion.delete_own(db, caller, who, body)
    return rendering.log_out("deleted", forget=True)
