"""Define the hosted pages, for deployments without a custom frontend.

Each page calls the same service function as the API. `hosted_pages/rendering.py` renders them.
"""

from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

import auth
import errors
import routes
import schemas
from accounts import email_change, password_changes, registration, verification
from audit import Caller
from credentials import passwords
from database import Db
from hosted_pages import captcha_context, destinations, forms, impersonation, kept_destinations, proxied, rendering
from oauth_login import handover
from routes.auth import RESET_REQUESTED, VERIFICATION_SENT
from sessions.current_user import MaybeCurrentUser
from settings.loading import settings
from web import bots, cookies, rate_limits
from web.rate_limits import limit


async def _require_same_site(request: Request) -> None:
    """Reject a form that another site submits.

    This also applies without a login: the form could log the user in to the attacker's account.
    """
    if cookies.prefix_of(request):
        raise errors.PageNotFound()
    cookies.require_same_site(request)


async def _require_hosted_links() -> None:
    if settings.frontend_base_url != settings.public_base_url:
        raise errors.PageNotFound()


# These pages are reached only from a link in an email.
for_links = [Depends(_require_hosted_links)]
same_site = [Depends(_require_same_site)]
router = routes.router(tags=["pages"], include_in_schema=False, dependencies=same_site)


# --------------------------------------------------------------------------------------------------- sign up, log in


@router.get("/login")
def login_page(request: Request, who: MaybeCurrentUser, code: str = "", other: bool = False) -> Response:
    """Show the login page. `other` forgets the account that was used last.

    A user who is logged in does not see it, unless it shows a message: a new password may be that of another user.
    """
    if code and not who:
        return rendering.continue_provider_login(request, code)
    is_shown = other or not {"message", destinations.ENDED}.isdisjoint(request.query_params)
    if not is_shown and (who or destinations.may_be_logged_in(request)):
        return kept_destinations.forget(request, rendering.go_on(request.query_params))
    page = rendering.show(request, "login", captcha=captcha_context.at_login(request, None))
    if other:
        cookies.forget_account(page)
    return page


@router.post("/login", dependencies=[limit("login")])
@bots.guarded("login")
@passwords.hashes
def log_in(body: Annotated[schemas.LogIn, Form()], request: Request, db: Db, caller: Caller) -> Response:
    return rendering.log_in(request, auth.log_in(db, caller, body.email, body.password))


@router.get("/auth/return", dependencies=[limit("token")])
def return_to_application(request: Request, db: Db, next: str = "", code_challenge: str | None = None) -> Response:
    """Return to an application with a one-time code for `POST /oauth/exchange`, or with a new access cookie to one
    behind a proxy (`via=proxy`).

    The path is below /auth because the refresh token's cookie is sent only there. It is required: an access token
    alone, which is valid for minutes, must not become a session.
    """
    behind_proxy = destinations.leads_behind_proxy(request.query_params)
    if not (behind_proxy or destinations.is_application(next)):
        return rendering.redirect(rendering.HOME)
    impersonation.reject(request)
    owner = destinations.owner_of_session(request)
    if owner is None:
        return rendering.redirect_to_login(request)
    if behind_proxy:
        return proxied.with_cookie(next, *owner)
    code = handover.issue_code(db, *owner, code_challenge)
    return RedirectResponse(errors.with_query(next, code=code), 303)


@router.get("/signup")
def signup_page(request: Request, who: MaybeCurrentUser) -> Response:
    if who:
        return kept_destinations.forget(request, rendering.go_on(request.query_params))
    return rendering.show(request, "signup")


@router.post("/signup", dependencies=[limit("signup")])
@bots.guarded("signup")
@rate_limits.limit_emails(
    "email", scope="sign-up", when=lambda: settings.email_verification != "off" or settings.password_optional
)
@passwords.hashes
def sign_up(body: Annotated[forms.SignUpForm, Form()], request: Request, db: Db, caller: Caller) -> Response:
    body.require_terms()
    return rendering.signed_up(request, registration.sign_up(db, caller, body))


@router.post("/language")
def choose_language(body: Annotated[forms.LanguageForm, Form()]) -> Response:
    """Show the pages in another language."""
    response = rendering.redirect(body.safe_back())
    cookies.choose_language(response, body.chosen())
    return response


@router.api_route("/auth/continue", methods=["GET", "POST"], dependencies=[limit("token")])
def continue_login(request: Request, caller: Caller, next: str = "") -> Response:
    """Refresh the cookies and redirect to a page of this service.

    The path is below /auth because the refresh token's cookie is sent only there. A request from another site gets a
    page that links here instead: a site that discards the response would make the next use of the old refresh token
    look like reuse.
    """
    if cookies.is_cross_origin(request):
        return rendering.show(request, "continue", url=rendering.path_to_continue(next))
    return rendering.renew_cookies(auth.refresh(cookies.refresh_token(request), caller), next)


# ----------------------------------------------------------------------------------------------- links in emails


@router.get("/verify-email")
def verify_email_page(request: Request, who: MaybeCurrentUser) -> Response:
    followed = kept_destinations.follow_link(request, "verify_email") if request.query_params.get("token") else None
    return followed or rendering.show(request, "verify_email", current_user=who.user if who else None)


@router.post("/verify-email", dependencies=[limit("token")])
def verify_email(
    body: Annotated[schemas.EmailProof, Form()], request: Request, db: Db, caller: Caller, who: MaybeCurrentUser
) -> Response:
    verification.verify(db, caller, who, body)
    return rendering.after_verification(request, who)


@router.post("/verify-email/resend", dependencies=[limit("email")])
@rate_limits.limit_emails("email", scope="verification")
def resend_verification(
    body: Annotated[schemas.EmailOnly, Form()], request: Request, db: Db, caller: Caller
) -> Response:
    verification.resend_verification(db, caller, body.email)
    return rendering.show_sent(request, "verify_email", VERIFICATION_SENT)


@router.get("/confirm-email-change", dependencies=for_links)
def confirm_email_change_page(request: Request) -> Response:
    return rendering.show(request, "confirm_email_change")


@router.post("/confirm-email-change", dependencies=[*for_links, limit("token")])
def confirm_email_change(
    body: Annotated[schemas.TokenOnly, Form()], db: Db, caller: Caller, who: MaybeCurrentUser
) -> Response:
    verification.verify(db, caller, who, schemas.EmailProof(token=body.token))
    return rendering.redirect(rendering.HOME if who else "/login", "moved")


@router.get("/not-me", dependencies=for_links)
def not_me_page(request: Request) -> Response:
    return rendering.show(request, "not_me")


@router.post("/not-me", dependencies=[*for_links, limit("token")])
def not_me(body: Annotated[schemas.TokenOnly, Form()], db: Db, caller: Caller) -> Response:
    verification.report_unauthorized_sign_up(db, caller, body.token)
    return rendering.redirect("/signup", "disowned")


@router.get("/secure-account", dependencies=for_links)
def secure_account_page(request: Request) -> Response:
    return rendering.show(request, "secure_account")


@router.post("/secure-account", dependencies=[*for_links, limit("token")])
def secure_account(body: Annotated[schemas.SecureAccount, Form()], db: Db, caller: Caller) -> Response:
    password_changes.secure_account(db, caller, body)
    return rendering.log_out("secured")


@router.get("/undo-email-change", dependencies=for_links)
def undo_email_change_page(request: Request) -> Response:
    return rendering.show(request, "undo_email_change")


@router.post("/undo-email-change", dependencies=[*for_links, limit("token")])
def undo_email_change(body: Annotated[schemas.TokenOnly, Form()], db: Db, caller: Caller) -> Response:
    email_change.undo(db, caller, body.token)
    return rendering.log_out("undone")


@router.get("/reset-password")
def reset_password_page(request: Request, token: str = "") -> Response:
    followed = kept_destinations.follow_link(request, "reset_password") if token else None
    return followed or rendering.show(request, "new_password" if token else "reset_password")


@router.post("/reset-password/request", dependencies=[limit("email")])
@bots.guarded("reset")
@rate_limits.limit_emails("email", scope="reset")
def request_password_reset(
    body: Annotated[schemas.ResetRequest, Form()], request: Request, db: Db, caller: Caller
) -> Response:
    password_changes.request_reset(db, caller, body.email)
    return rendering.show_sent(request, "reset_password", RESET_REQUESTED)


@router.get("/accept-invitation", dependencies=for_links)
def accept_invitation_page(request: Request) -> Response:
    return rendering.show(request, "new_password")


@router.post("/accept-invitation", dependencies=[*for_links, limit("token")])
@router.post("/reset-password", dependencies=[limit("token")])
@passwords.hashes
def set_password(body: Annotated[schemas.ResetPassword, Form()], request: Request, db: Db, caller: Caller) -> Response:
    password_changes.reset_password(db, caller, body)
    return rendering.redirect("/login", "reset", rendering.going(request))
