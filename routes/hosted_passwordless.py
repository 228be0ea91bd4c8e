"""Define the hosted pages of login by email and of sign-up with a passkey."""

from typing import Annotated

from fastapi import Depends, Form, Request, Response

import routes
import schemas
from audit import Caller
from database import Db
from hosted_pages import forms, kept_destinations, rendering
from passwordless import confirmation, magic_links, passkey_sign_up
from passwordless.schemas import LinkProof, NewLink
from routes import hosted_pages
from settings.loading import settings
from web import bots, cookies, rate_limits
from web.rate_limits import limit

LINKS = Depends(magic_links.require_enabled)
router = routes.router(tags=["pages"], include_in_schema=False, dependencies=[*hosted_pages.same_site, LINKS])
sign_up = routes.router(tags=["pages"], include_in_schema=False, dependencies=hosted_pages.same_site)


@router.get("/login/magic-link")
def magic_link_request_page(request: Request) -> Response:
    return rendering.show(request, "magic_link_request")


@router.post("/login/magic-link", dependencies=[limit("magic_link")])
@bots.guarded("magic-link")
@rate_limits.limit_emails("email", scope="magic-link", rate="5/hour")
def request_magic_link(
    body: Annotated[schemas.ResetRequest, Form()],
    request: Request,
    db: Db,
    caller: Caller,
) -> Response:
    return rendering.show_magic_link(request, magic_links.request(db, caller, NewLink(email=body.email)))


@router.get("/magic-link")
def magic_link_page(request: Request, token: str = "") -> Response:
    url = confirmation.redirect_to_of(token) if token and not rendering.going(request) else None
    followed = kept_destinations.follow_link(request, "magic_link", url) if token else None
    return followed or rendering.show(request, "magic_link", forms=[url])


@router.post("/magic-link", dependencies=[limit("token")])
def confirm_magic_link(body: Annotated[LinkProof, Form()], request: Request, db: Db, caller: Caller) -> Response:
    logged_in = confirmation.confirm(db, caller, body, cookies.login_flow(request))
    response = rendering.log_in(request, logged_in, None if rendering.going(request) else logged_in.redirect_to)
    cookies.forget_login_flow(request, response)
    return response


@sign_up.post("/signup/passkey", dependencies=[limit("token")])
def begin_passkey_sign_up(body: Annotated[forms.PasskeySignUpForm, Form()], request: Request) -> Response:
    body.require_terms()
    options = passkey_sign_up.options(body.request(), accepted_terms=body.accepted_terms).model_dump_json()
    return rendering.show(request, "create_account_passkey", passkey_options=options)


@sign_up.post("/signup/passkey/new", dependencies=[limit("signup")])
@bots.guarded("signup")
@rate_limits.limit_emails(passkey_sign_up.email_of, scope="sign-up", when=lambda: settings.email_verification != "off")
def sign_up_with_passkey(
    body: Annotated[forms.NewAccountPasskeyForm, Form()], request: Request, db: Db, caller: Caller
) -> Response:
    return rendering.signed_up(request, passkey_sign_up.sign_up(db, caller, body.passkey()))
