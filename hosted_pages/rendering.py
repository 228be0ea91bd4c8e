"""Render the hosted pages: their context, error messages, and redirects.

The routes of the pages (`routes/hosted_*.py`) call the same services as the API. Only passkeys need JavaScript.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

import errors
import schemas
from core import thread_pools
from hosted_pages import (
    captcha_context,
    destinations,
    error_messages,
    factor_context,
    form_templates,
    impersonation,
    kept_destinations,
    page_policy,
    texts,
)
from languages import catalogs, negotiation
from sessions.current_user import Current
from settings import oauth_providers
from settings.loading import settings
from web import authorization_references, cookies, error_pages, error_responses, templates

HOME, SECOND_STEP, FACTORS = destinations.HOME, destinations.SECOND_STEP, destinations.FACTORS
PATHS_BELOW_HOME = re.compile(rf"{HOME}(/[\w-]+)*", re.ASCII)
# Form fields that are kept when a form is rendered again, and parameters that occur in links. Never add a password.
OPTIONAL = ("username", "locale", "time_zone", "picture_url", "expires_on", "allowed_ips")
REPEATED_FIELDS = (
    *destinations.GOING, *OPTIONAL, "email", "new_email", "token", "name", "phone", "factors", "confirmation",
)  # fmt: skip
REPEATED_CODES = ("/verify-email", "/verify-email/resend")  # the code of an email, which can be used again
REPEATED_PARAMETERS = ("token", *destinations.GOING)


def show(
    request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> Response:
    """Render a page with the context that all pages need, such as entered values and messages.

    `forms` and `images` in it are URLs that the policy allows: see `page_policy.headers`.
    """
    everything = common(request, template) | context
    policy = page_policy.headers(everything, context.get("forms", ()), context.get("images", ()))
    page = templates.page(request, f"{template}.html", everything, status, {**policy, **(headers or {})})
    if asked := negotiation.first_of(request.query_params.get("ui_locales", "")):
        cookies.choose_language(page, asked)  # for the following pages, whose URLs lack `ui_locales`
    return page


def common(request: Request, template: str = "") -> dict[str, Any]:
    """Return the context that all pages need."""
    query, form_values = request.query_params, _repeated_input(request)
    return {
        "form_values": form_values,
        "impersonated": impersonation.shown_as(request),
        "message": texts.MESSAGES.get(query.get("message", "")),
        "flow_error": texts.FLOW_ERRORS.get(query.get("error", "")),
        "providers": oauth_providers.configured().values(),
        "service_url": settings.public_base_url,
        "provider_title": oauth_providers.title_of,
        "labels": texts.LABELS,
        "password_min_length": settings.password_min_length,
        "password_rules": settings.password_require,
        "passkey_sign_up": factor_context.passkey_sign_up_is_offered(),
        "password_optional": settings.password_optional and settings.magic_link == "on",
        "magic_link": settings.magic_link == "on",
        "current_user": None,
        "last_account": None if query.get("other") else cookies.known_account(request),
        "mailbox": settings.development_mailbox,
        "error": None,
        "code": "",
        "field_errors": {},
        "passkey_options": factor_context.login_options() if template == "login" else None,
        "passkeys": factor_context.uses_passkeys(),
        "captcha": captcha_context.of_page(template),
        "all_languages": catalogs.names(),
        # The language form reloads the page with GET, so it is omitted after a POST. It is also omitted if there is a
        # token, which must not be repeated in a second form.
        "languages": catalogs.names() if request.method == "GET" and "token" not in form_values else None,
        "current_url": _current_url(request),
    }


def _current_url(request: Request) -> str:
    """Return the path and query of the current page, to which a change of language redirects."""
    query = {name: value for name, value in request.query_params.items() if name not in ("message", "ui_locales")}
    return f"{request.scope['path']}{f'?{urlencode(query)}' if query else ''}"


def show_form(request: Request, template: str, who: Current, **context: Any) -> Response:
    """Render a form that asks the current user to authenticate again."""
    return show(request, template, current_user=who.user, **context, **factor_context.of_reauthentication(who))


def show_sent(request: Request, template: str, message: str) -> Response:
    """Render the page that says that an email was sent, and keep the user's destination until its link is opened."""
    return kept_destinations.keep_for_link(
        request, show(request, template, 202, message=message), template, going(request)
    )


def show_magic_link(request: Request, sent: Any) -> Response:
    """Render the page to enter the code from an email, and store the login flow of the link and code in a cookie.

    sent: an object with `message`, `flow` and `expires_in`.
    """
    page = show_sent(request, "magic_link", sent.message)
    cookies.remember_login_flow(page, sent.flow, sent.expires_in)
    return page


def show_recovery_codes(request: Request, codes: list[str], path: str, message: str) -> Response:
    """Render new recovery codes, which are shown only once, or redirect with a message if there are none."""
    if not codes:
        return redirect(path, message)
    return show(request, "recovery_codes", codes=codes, message=texts.MESSAGES[message])


def form_of(request: Request) -> FormData | None:
    """Return the form that was sent, if it has been read: the body may be incomplete or too large."""
    return getattr(request, "_form", None)  # not request.form(), which would read it


def _repeated_input(request: Request) -> dict[str, str]:
    form = form_of(request)
    fields = (*REPEATED_FIELDS, "code") if request.scope["path"] in REPEATED_CODES else REPEATED_FIELDS
    source, names = (form, fields) if form else (request.query_params, REPEATED_PARAMETERS)
    found = {name: text for name in names if isinstance(text := source.get(name), str)}
    if not destinations.is_allowed(found.get("next", "")):
        found.pop("next", None)
    if form is None and "@" in (hint := request.query_params.get("login_hint", "")):  # of an application
        found["email"] = hint[: schemas.EMAIL_MAX_LENGTH]
    return found


def redirect(path: str, message: str = "", going: Mapping[str, str] | None = None) -> Response:
    """Redirect to another page, which shows a message of `texts.MESSAGES`, given by its key.

    going: the destination after a login, which is added to the URL of the page.
    """
    query = {"message": message} if message else {}
    query |= {name: going[name] for name in destinations.GOING if going and name in going}
    return RedirectResponse(f"{templates.base_path()}{path}{f'?{urlencode(query)}' if query else ''}", 303)


def signed_up(request: Request, result: schemas.SignedUp | schemas.SignUpAccepted) -> Response:
    """Log the user in after a sign-up, or ask for the link or code in the email."""
    if isinstance(result, schemas.SignedUp):
        return log_in(request, result)
    if result.flow:
        return show_magic_link(request, result)
    return show_sent(request, "verify_email", result.message)


def ask_for_code(request: Request) -> Response:
    """Redirect to the second step of the login, whose code was sent, and keep the user's destination."""
    return redirect(SECOND_STEP, "code_sent", going(request))


def log_in(request: Request, tokens: schemas.Tokens, url: str | None = None) -> Response:
    """Set the session cookies after a login, and redirect to the user's destination.

    url: the destination, if it was decided earlier.
    """
    response = RedirectResponse(url, 303) if url else go_on(going(request))
    cookies.set_tokens(response, "", tokens)
    cookies.remember_account(response, tokens.email)
    return kept_destinations.forget(request, response)


def go_on(going: Mapping[str, str]) -> Response:
    """Redirect a logged-in user to a page of the account or, with a one-time code, back to an application.

    going: `next`, and `code_challenge` if the application sent one.
    """
    return redirect(destinations.path_after_login(going))


def redirect_to_login(request: Request) -> Response:
    """Redirect to the login page, which keeps the user's destination and does not check for a session again."""
    going = {name: value for name, value in request.query_params.items() if name in destinations.GOING}
    return RedirectResponse(f"{templates.base_path()}/login?{urlencode({**going, destinations.ENDED: '1'})}", 303)


def after_verification(request: Request, who: Current | None) -> Response:
    """Redirect to the account page or the login page, and keep the destination from the sign-up."""
    return redirect(HOME if who else "/login", "verified", going(request))


def log_out(message: str, *, forget: bool = False) -> Response:
    """Redirect to the login page, and delete the cookies.

    forget: whether the login page also forgets which account was used last.
    """
    response = redirect("/login", message)
    cookies.clear(response)
    if forget:
        cookies.forget_account(response)
    return response


def renew_cookies(tokens: schemas.Tokens, path: str) -> Response:
    """Redirect to a page with renewed cookies.

    The browser repeats a submitted form (RFC 9110, section 15.4.8), so that no input is lost.
    """
    response = RedirectResponse(f"{templates.base_path()}{_safe_path_with_forms(path)}", 307)
    cookies.set_tokens(response, "", tokens)
    cookies.remember_renewal(response)
    return response


def path_to_continue(path: str) -> str:
    """Return the path that renews the cookies and redirects to a page."""
    return f"{templates.base_path()}/auth/continue?next={quote(_safe_path_with_forms(path))}"


def _safe_path_with_forms(path: str) -> str:
    """Return the path if it is under the account page, including the paths of forms, else the account page."""
    return path if PATHS_BELOW_HOME.fullmatch(path) or destinations.is_in_console(path) else HOME


# --------------------------------------------------------------------------------------------------------------- errors


async def handle(request: Request, error: Exception) -> Response:
    """Handle every exception of the service: on a hosted page, render the page with the error."""
    path = request.scope["path"]
    if not (
        path in form_templates.BY_PATH
        or path == HOME
        or path.startswith((f"{HOME}/", "/auth/continue", "/auth/return", authorization_references.PATH))
    ):
        return await error_pages.handle(request, error)
    service_error = error_responses.from_exception(error, request)
    if service_error.back_to:
        return await error_responses.handle(request, service_error)
    if response := _redirect_for(request, service_error):
        return response
    if not error_pages.prefers_html(request):
        return await error_responses.handle(request, service_error)
    if isinstance(service_error, errors.PageNotFound | errors.MethodNotAllowed):
        return await error_pages.handle(request, error)
    # Render a page, and keep the headers that the status code requires.
    headers = error_responses.response_for(service_error, request).headers
    kept = {name: headers[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in headers}
    return await _show_error(request, service_error, kept)


def _redirect_for(request: Request, error: errors.ServiceError) -> Response | None:
    """Redirect to the page on which the user can continue after this error, if there is one."""
    path, query, response = request.scope["path"], request.query_params, None
    match error:
        case errors.NotAuthenticated() if path == HOME and query.get("code"):
            response = continue_provider_login(request, query["code"])
        case errors.NotAuthenticated():
            # Renew only once: otherwise a page that rejects the new token would redirect in a loop.
            renewed = cookies.was_renewed(request)
            response = _redirect_to_login(request, path) if renewed else _redirect_to_renewal(path)
        case errors.InvalidRefreshToken():
            response = _redirect_to_login(request, query.get("next", ""))
        case errors.MfaRequired():
            response = _begin_second_step(request, error)
        case errors.InvalidMfaToken():
            response = _restart_login(request)
        case errors.MfaEnrolmentRequired():
            response = kept_destinations.begin_enrolment(request, _current_url(request))
    return response


async def _show_error(request: Request, error: errors.ServiceError, headers: Mapping[str, str]) -> Response:
    template = form_templates.BY_PATH.get(getattr(request.scope.get("route"), "path", ""), "refused")
    message = error_messages.for_user(error)
    if isinstance(error, errors.NotFound) and template in texts.GONE:
        template, message = template.replace("confirm_totp", "new_totp"), texts.GONE[template]
    if isinstance(error, errors.CrossSiteRequest) and template == "second_step":
        template = "refused"  # a cross-site request must not end the pending login
    try:
        more = await thread_pools.run_in_request_pool(_context_after_error, request, template, error)
    except errors.InvalidMfaToken:
        return _restart_login(request)
    factor_types = error.members.get("factors") or _repeated_input(request).get("factors", "").split()
    provider = request.path_params.get("provider", "")
    context = {"factor_types": factor_types, **more, "provider": provider, "title": oauth_providers.title_of(provider)}
    return show(
        request,
        template,
        error.status,
        headers,
        error=message,
        code=error.code,
        field_errors=error_messages.by_field(error),
        **context,
    )


def _context_after_error(request: Request, template: str, error: errors.ServiceError) -> dict[str, Any]:
    at_login = {"captcha": captcha_context.at_login(request, error)} if template == "login" else {}
    return {**factor_context.after_error(request, template, error), **at_login}


def continue_provider_login(request: Request, code: str) -> Response:
    """Redirect to the route that continues a login with a provider after its callback returned a one-time code."""
    path = f"/login/continue?code={quote(code, safe='')}{_next(request, '&')}"
    return RedirectResponse(f"{templates.base_path()}{path}", 303)


def _begin_second_step(request: Request, error: errors.MfaRequired) -> Response:
    """Redirect to the second step of a login. Its token is in a cookie, not in the URL."""
    response = RedirectResponse(f"{templates.base_path()}{SECOND_STEP}{_next(request, '?')}", 303)
    cookies.remember_pending_login(response, *(error.members[name] for name in ("mfa_token", "factors", "expires_in")))
    return response


def _restart_login(request: Request) -> Response:
    """Redirect to the login, with the message that the second step took too long."""
    query = f"?error={errors.InvalidMfaToken.code}{_next(request, '&')}"
    response = RedirectResponse(f"{templates.base_path()}/login{query}", 303)
    cookies.forget_pending_login(response)
    return response


def going(request: Request) -> dict[str, str]:
    """Return where a login leads to, by the form or the query; nothing for the account page."""
    return destinations.kept(_repeated_input(request))


def _next(request: Request, separator: str) -> str:
    return f"{separator}{urlencode(found)}" if (found := going(request)) else ""


def _redirect_to_renewal(path: str) -> Response:
    return RedirectResponse(path_to_continue(path), 307)


def _redirect_to_login(request: Request, path: str) -> Response:
    response = redirect("/login", going=kept_destinations.of_new_login(request, path))
    cookies.clear(response)
    return response
