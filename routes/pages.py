"""Pages of our own for whoever has no frontend: each calls the same verb as the API. `pages.py` has what they look like."""

from typing import Annotated

from fastapi import Depends, Form, Path, Request, Response
from fastapi.responses import JSONResponse

import accounts
import auth
import cookies
import errors
import linking
import oauth
import oauth_providers
import pages
import passwords
import privacy
import rate_limits
import routes
import schemas
from audit import Caller
from auth import CurrentUser, MaybeCurrentUser
from database import Db
from oauth import asks_a_provider
from rate_limits import limit
from routes import oauth as oauth_routes
from routes import users
from routes.auth import RESET_REQUESTED, VERIFICATION_SENT
from settings import settings


async def _from_our_pages(request: Request) -> None:
    """Refuse a form that another site sends, also where nobody is logged in: it could log somebody in as its own author."""
    if cookies.prefix_of(request):
        raise errors.NotFound()
    cookies.demand_same_site(request)


async def _where_mails_lead_here() -> None:
    if settings.frontend_base_url != settings.public_base_url:
        raise errors.NotFound()


# Nobody comes to these but by a mail.
for_links = [Depends(_where_mails_lead_here)]
router = routes.router(tags=["pages"], include_in_schema=False, dependencies=[Depends(_from_our_pages)])
Provider = Annotated[schemas.PublicId, Path()]
Presence = Annotated[schemas.Presence, Form()]


async def _wish(provider: Provider, request: Request) -> oauth.Wish:
    return oauth.Wish(provider, f"{settings.public_base_url}/account", cookies.browser_of(request, provider), "")


Wish = Annotated[oauth.Wish, Depends(_wish)]


# --------------------------------------------------------------------------------------------------- sign up, log in


@router.get("/login")
def login_page(request: Request, who: MaybeCurrentUser, next: str = "") -> Response:
    return pages.lead(pages.safe(next)) if who else pages.show(request, "login")


@router.post("/login", dependencies=[limit("login")])
@passwords.hashes
def log_in(
    body: Annotated[schemas.LogIn, Form()], db: Db, caller: Caller, next: Annotated[str, Form()] = ""
) -> Response:
    return pages.let_in(auth.sign_in(db, caller, body.email, body.password), next)


@router.get("/signup")
def signup_page(request: Request, who: MaybeCurrentUser) -> Response:
    return pages.lead(pages.HOME) if who else pages.show(request, "signup")


@router.post("/signup", dependencies=[limit("signup")])
@rate_limits.mails_to("email", scope="sign-up", when=lambda: settings.email_verification != "off")
@passwords.hashes
def sign_up(body: Annotated[schemas.SignUp, Form()], request: Request, db: Db, caller: Caller) -> Response:
    made = accounts.register(db, caller, body)
    if isinstance(made, schemas.SignUpAccepted):
        return pages.show(request, "verify_email", 202, said=made.message)
    return pages.let_in(made, pages.HOME)


@router.api_route("/auth/continue", methods=["GET", "POST"], dependencies=[limit("token")])
def go_on(request: Request, caller: Caller, next: str = "") -> Response:
    """Renew the cookies of somebody on the way to a page. It is here because the refresh token's cookie goes to /auth alone.

    A GET may do so: all that another site can bring about by it is that somebody who is logged in stays so.
    """
    return pages.renew(auth.refresh(request.cookies.get(cookies.REFRESH), caller), next)


# ----------------------------------------------------------------------------------------------- what mails lead to


@router.get("/verify-email")
def verify_email_page(request: Request, who: MaybeCurrentUser) -> Response:
    return pages.show(request, "verify_email", who=who.user if who else None)


@router.post("/verify-email", dependencies=[limit("token")])
def verify_email(
    body: Annotated[schemas.EmailProof, Form()], db: Db, caller: Caller, who: MaybeCurrentUser
) -> Response:
    accounts.verify(db, caller, who, body)
    return pages.lead(pages.HOME if who else "/login", "verified")


@router.post("/verify-email/resend", dependencies=[limit("email")])
@rate_limits.mails_to("email", scope="verification")
def resend_verification(
    body: Annotated[schemas.EmailOnly, Form()], request: Request, db: Db, caller: Caller
) -> Response:
    accounts.resend_verification(db, caller, body.email)
    return pages.show(request, "verify_email", 202, said=VERIFICATION_SENT)


@router.get("/confirm-email-change", dependencies=for_links)
def confirm_email_change_page(request: Request) -> Response:
    return pages.show(request, "confirm_email_change")


@router.post("/confirm-email-change", dependencies=[*for_links, limit("token")])
def confirm_email_change(
    body: Annotated[schemas.TokenOnly, Form()], db: Db, caller: Caller, who: MaybeCurrentUser
) -> Response:
    accounts.verify(db, caller, who, schemas.EmailProof(token=body.token))
    return pages.lead(pages.HOME if who else "/login", "moved")


@router.get("/not-me", dependencies=for_links)
def not_me_page(request: Request) -> Response:
    return pages.show(request, "not_me")


@router.post("/not-me", dependencies=[*for_links, limit("token")])
def not_me(body: Annotated[schemas.TokenOnly, Form()], db: Db, caller: Caller) -> Response:
    accounts.disown(db, caller, body.token)
    return pages.lead("/signup", "disowned")


@router.get("/reset-password")
def reset_password_page(request: Request, token: str = "") -> Response:
    return pages.show(request, "new_password" if token else "reset_password")


@router.post("/reset-password/request", dependencies=[limit("email")])
@rate_limits.mails_to("email", scope="reset")
def request_password_reset(
    body: Annotated[schemas.EmailOnly, Form()], request: Request, db: Db, caller: Caller
) -> Response:
    accounts.request_reset(db, caller, body.email)
    return pages.show(request, "reset_password", 202, said=RESET_REQUESTED)


@router.get("/accept-invitation", dependencies=for_links)
def accept_invitation_page(request: Request) -> Response:
    return pages.show(request, "new_password")


@router.post("/accept-invitation", dependencies=[*for_links, limit("token")])
@router.post("/reset-password", dependencies=[limit("token")])
@passwords.hashes
def set_password(body: Annotated[schemas.ResetPassword, Form()], db: Db, caller: Caller) -> Response:
    accounts.reset_password(db, caller, body.token, body.new_password)
    return pages.lead("/login", "reset")


# -------------------------------------------------------------------------------------------------- one's own account


@router.get("/account")
def account_page(request: Request, who: CurrentUser) -> Response:
    devices, linked = users.list_sessions(who), users.list_identities(who)
    return pages.show(request, "account", who=who.user, devices=devices, linked=linked)


@router.post("/account/logout")
def log_out(db: Db, caller: Caller, who: CurrentUser) -> Response:
    auth.sign_out(db, caller, who, None)
    return pages.let_go("logged_out")


@router.post("/account/logout-all")
def log_out_everywhere(db: Db, caller: Caller, who: CurrentUser) -> Response:
    auth.sign_out(db, caller, who, None, everywhere=True)
    return pages.let_go("logged_out_everywhere")


@router.post("/account/sessions/{session_id}")
def end_session(session_id: Annotated[schemas.PublicId, Path()], db: Db, caller: Caller, who: CurrentUser) -> Response:
    auth.end_session(db, caller, who, session_id)
    return pages.lead(pages.HOME, "session")


@router.get("/account/name")
def name_page(request: Request, who: CurrentUser) -> Response:
    return pages.show(request, "change_name", who=who.user)


@router.post("/account/name")
def change_name(body: Annotated[schemas.NewName, Form()], db: Db, caller: Caller, who: CurrentUser) -> Response:
    accounts.rename(db, caller, who, body.username)
    return pages.lead(pages.HOME, "renamed")


@router.get("/.well-known/change-password")
def change_password_address() -> Response:
    """Where password managers look for the page to change a password (W3C, A Well-Known URL for Changing Passwords)."""
    return pages.lead("/account/password")


@router.get("/account/password")
def password_page(request: Request, who: CurrentUser) -> Response:
    return pages.show(request, "change_password", who=who.user)


@router.post("/account/password", dependencies=[limit("login")])
@passwords.hashes
def change_password(
    body: Annotated[schemas.ChangePassword, Form()], db: Db, caller: Caller, who: CurrentUser
) -> Response:
    accounts.change_password(db, caller, who, body.old_password, body.new_password)
    return pages.lead(pages.HOME, "password")


@router.get("/account/email")
def email_page(request: Request, who: CurrentUser) -> Response:
    return pages.show(request, "change_email", who=who.user)


@router.post("/account/email", dependencies=[limit("email")])
@rate_limits.mails_to("new_email", scope="move", tells_caller=True)
@passwords.hashes
def change_email(body: Annotated[schemas.ChangeEmail, Form()], db: Db, caller: Caller, who: CurrentUser) -> Response:
    accounts.request_email_change(db, caller, who, body.new_email, body.password)
    return pages.lead(pages.HOME, "moving")


@router.get("/account/link/{provider}")
def link_page(provider: Provider, request: Request, who: CurrentUser) -> Response:
    return pages.show(request, "link", who=who.user, provider=provider, title=oauth.provider_named(provider).title)


@router.post("/account/link/{provider}", dependencies=[limit("login")])
@asks_a_provider
def link_provider(wish: Wish, body: Presence, request: Request, db: Db, caller: Caller, who: CurrentUser) -> Response:
    departure = oauth.start_linking(db, caller, who, wish, body.password)
    page = pages.show(request, "leaving", url=departure.url, title=departure.provider.title)
    return oauth_routes.known(page, departure)


@router.get("/account/unlink/{provider}")
def unlink_page(provider: Provider, request: Request, who: CurrentUser) -> Response:
    return pages.show(request, "unlink", who=who.user, provider=provider, title=oauth_providers.title_of(provider))


@router.post("/account/unlink/{provider}", dependencies=[limit("login")])
@passwords.hashes
def unlink_provider(provider: Provider, body: Presence, db: Db, caller: Caller, who: CurrentUser) -> Response:
    linking.unlink(db, caller, who, provider, body.password)
    return pages.lead(pages.HOME, "unlinked")


@router.get("/account/export")
def export(who: CurrentUser) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="account.json"'}
    return JSONResponse(privacy.export(who.user).model_dump(mode="json"), headers=headers)


@router.get("/account/delete")
def delete_page(request: Request, who: CurrentUser) -> Response:
    return pages.show(request, "delete", who=who.user)


@router.post("/account/delete", dependencies=[limit("login")])
@passwords.hashes
def delete(body: Presence, db: Db, caller: Caller, who: CurrentUser) -> Response:
    accounts.close(db, caller, who, body.password)
    return pages.let_go("deleted")
