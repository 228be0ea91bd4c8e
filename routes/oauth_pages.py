"""Define the pages of the OAuth provider: authorization with consent, and logout."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

import routes
from audit import Caller
from core import client_address, thread_pools
from database import Db
from hosted_pages import consent_context, destinations, impersonation, kept_destinations, rendering
from oauth_provider import client_documents, codes, consent, logout, questions, requests
from oauth_provider.authorization import Asked
from oauth_provider.consent import Visitor
from routes import hosted_pages
from web import authorization_references, cookies, oauth_forms, rate_limits, step_up

router = routes.router(tags=["pages"], include_in_schema=False, dependencies=hosted_pages.same_site)
protocol = routes.router(tags=["oauth2"])
Parameters = Mapping[str, Sequence[str]]


async def _query(request: Request) -> Parameters:
    return {name: request.query_params.getlist(name) for name in request.query_params}


async def _limit_fetches(request: Request) -> None:
    """Limit the metadata documents that are fetched for an IP address. Raises RateLimited."""
    client_id, reference = request.query_params.get("client_id", ""), request.query_params.get("request", "")
    if request.method == "POST":
        reference = str((await request.form()).get("request", ""))
    if reference:
        client_id = await thread_pools.run_in_request_pool(requests.client_id_of, reference)
    if client_documents.is_url(client_id) and not client_documents.is_cached(client_id):
        address = rate_limits.address_block(client_address.of_request(request.scope))
        await rate_limits.count_caller(request.scope, "default", f"metadata {address}", client_documents.FETCHES)


# -------------------------------------------------------------------------------------------------------- authorization


@protocol.get("/oauth2/authorize", include_in_schema=False, dependencies=[Depends(_limit_fetches)])
def authorize(parameters: Annotated[Parameters, Depends(_query)]) -> Response:
    """Check an authorization request, and continue below /auth, where the browser sends its session."""
    return rendering.redirect(requests.begin(parameters))


@protocol.post("/oauth2/authorize", include_in_schema=False)
def post_authorize(parameters: Annotated[Parameters, Depends(oauth_forms.read)]) -> Response:
    """Accept an authorization request as a form (OpenID Connect Core 1.0, section 3.1.2.1).

    The browser repeats it with GET, because it does not send cookies with a form of another site.
    """
    return rendering.redirect(f"/oauth2/authorize?{urlencode(parameters, doseq=True)}")


@router.get(authorization_references.PATH, dependencies=[Depends(_limit_fetches)])
def continue_authorization(
    parameters: Annotated[Parameters, Depends(_query)], request: Request, db: Db, caller: Caller
) -> Response:
    """Continue an authorization request: log in, ask for consent, or return to the application with a code."""
    asked = requests.of(parameters)
    who = _visitor(request, asked)
    step = consent.next_step(asked, who)
    if step == consent.CODE and who:
        return _to_application(codes.issue(db, caller, asked, who))
    if asked.stored is None:  # from here on, a page is shown
        return rendering.redirect(requests.store(asked, parameters))
    if step == consent.ENROLL:
        return kept_destinations.begin_enrolment(request, _path(request.query_params["request"]))
    if step == consent.LOGIN or who is None:
        return _to_login(request, asked)
    return _consent_page(request, asked, who)


def _visitor(request: Request, asked: Asked) -> Visitor | None:
    if "none" in asked.prompt and impersonation.shown_as(request):  # no page may be shown
        return None
    impersonation.reject(request)
    return consent.visitor(destinations.owner_of_session(request))


def _path(reference: str) -> str:
    return f"{authorization_references.PATH}?{urlencode({'request': reference})}"


def _to_application(url: str) -> Response:
    response = RedirectResponse(url, 303)
    step_up.forget(response)
    return response


def _to_login(request: Request, asked: Asked) -> Response:
    """Redirect to the login page, also if the browser has a session that is not sufficient."""
    given = request.query_params
    query = {"next": _path(given["request"]), destinations.ENDED: "1"}
    query |= {"other": "1"} if "select_account" in asked.prompt else {}
    query |= {"ui_locales": asked.ui_locales} if asked.ui_locales else {}
    query |= {requests.HINT: given[requests.HINT]} if given.get(requests.HINT) else {}
    response = rendering.redirect(f"/login?{urlencode(query)}")
    if consent.wants_two_factors(asked):
        step_up.demand(response)
    return response


def _consent_page(request: Request, asked: Asked, who: Visitor) -> Response:
    context = consent_context.of(asked, who, request.query_params["request"])
    return rendering.show(request, "consent", forms=[asked.redirect_uri], images=[asked.client.logo_uri], **context)


@router.post(authorization_references.PATH, dependencies=[Depends(_limit_fetches)])
def answer_consent(
    request: Request,
    db: Db,
    caller: Caller,
    reference: Annotated[str, Form(alias="request", max_length=4096)],
    shown: Annotated[str, Form(max_length=questions.MAX_LENGTH)],
    decision: Annotated[str, Form(max_length=16)] = "deny",
) -> Response:
    """Allow or decline what an application asks for."""
    asked = requests.load(reference)
    who = _visitor(request, asked)
    # The answer counts only for the session to which the page was shown.
    seen = consent_context.shown_scopes(shown, asked, who) if who else None
    if who is None or seen is None:
        return rendering.redirect(_path(reference))
    if decision != "allow":
        return _to_application(codes.decline(db, caller, asked, who))
    return _to_application(codes.issue(db, caller, asked, who, consented=seen))


# --------------------------------------------------------------------------------------------------------------- logout


@protocol.get("/oauth2/logout", include_in_schema=False)
def end_session(request: Request) -> Response:
    """Check a request to log out, and continue below /auth, where the browser sends its session."""
    given = {name: request.query_params[name] for name in logout.PARAMETERS if name in request.query_params}
    logout.read(given)
    return rendering.redirect(f"{LOGOUT}?{urlencode(given)}")


@protocol.post("/oauth2/logout", include_in_schema=False)
def post_end_session(parameters: Annotated[Parameters, Depends(oauth_forms.read)]) -> Response:
    """Accept a request to log out as a form."""
    given = {name: values[0] for name, values in parameters.items() if name in logout.PARAMETERS}
    return rendering.redirect(f"/oauth2/logout?{urlencode(given)}")


LOGOUT = "/auth/end-session"


@router.get(LOGOUT)
def logout_page(request: Request, db: Db, caller: Caller) -> Response:
    """Log out, or ask the user first if the application did not send an ID token of this user."""
    asked = logout.read(dict(request.query_params))
    owner = destinations.owner_of_session(request)
    if logout.must_ask(asked, owner) and owner is not None:
        given = {name: value for name, value in request.query_params.items() if name in logout.PARAMETERS}
        forms = [asked.return_to] if asked.return_to else []
        return rendering.show(request, "end_session", forms=forms, given=given, application=asked.client)
    return _logged_out(db, caller, asked, owner)


@router.post(LOGOUT)
def confirm_logout(
    parameters: Annotated[Parameters, Depends(oauth_forms.read)], request: Request, db: Db, caller: Caller
) -> Response:
    """Log out after the user has confirmed it."""
    asked = logout.read({name: values[0] for name, values in parameters.items()})
    return _logged_out(db, caller, asked, destinations.owner_of_session(request))


def _logged_out(db: Any, caller: Any, asked: logout.LogoutRequest, owner: tuple[int, str] | None) -> Response:
    logout.end(db, caller, asked, owner)
    response = RedirectResponse(asked.return_to, 303) if asked.return_to else rendering.redirect("/login", "logged_out")
    cookies.clear(response)
    return response
