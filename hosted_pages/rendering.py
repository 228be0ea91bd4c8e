"""Render the hosted pages: their context, error messages, and redirects.

`routes/hosted_pages.py` and `routes/hosted_factors.py` call the same services as the API. Only passkeys
need JavaScript.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

import errors
import schemas
from core import thread_pools
from hosted_pages import factor_context, texts
from languages import translation
from sessions.current_user import Current
from settings import oauth_providers
from settings.loading import settings
from web import cookies, error_pages, error_responses, templates

HOME = "/account"
SECOND_STEP, FACTORS = "/login/second-step", f"{HOME}/factors"
PAGES = re.compile(
    rf"{HOME}(/(name|password|email|export|delete|recovery-codes|(un)?link/[\w-]+"
    r"|factors(/(totp|passkey|[\w-]+/(name|remove)))?))?",
    re.ASCII,
)
PATHS_BELOW_HOME = re.compile(rf"{HOME}(/[\w-]+)*", re.ASCII)
# The template that renders the form of a route again after an error.
FORMS = {
    "/login": "login",
    "/signup": "signup",
    "/verify-email": "verify_email",
    "/verify-email/resend": "verify_email",
    "/reset-password": "new_password",
    "/reset-password/request": "reset_password",
    "/accept-invitation": "new_password",
    "/confirm-email-change": "confirm_email_change",
    "/not-me": "not_me",
    "/secure-account": "secure_account",
    "/undo-email-change": "undo_email_change",
    "/account/name": "change_name",
    "/account/password": "change_password",
    "/account/email": "change_email",
    "/account/link/{provider}": "link",
    "/account/unlink/{provider}": "unlink",
    "/account/delete": "delete",
    "/login/continue": "login",
    "/login/passkey": "login",
    SECOND_STEP: "second_step",
    f"{FACTORS}/totp": "new_totp",
    f"{FACTORS}/totp/{{factor_id}}": "confirm_totp",
    f"{FACTORS}/passkey": "new_passkey",
    f"{FACTORS}/passkey/new": "new_passkey",
    f"{FACTORS}/{{factor_id}}/name": "rename_factor",
    f"{FACTORS}/{{factor_id}}/remove": "remove_factor",
    "/account/recovery-codes": "new_recovery_codes",
}
# Form fields that are rendered again, never a password. Of a query, only what links in emails contain.
REPEATED_FIELDS = ("email", "username", "new_email", "token", "next", "name", "factors")
REPEATED_CODES = ("/verify-email", "/verify-email/resend")  # the code of an email, which can be used again
REPEATED_PARAMETERS = ("token", "next")


def show(
    request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: object
) -> Response:
    """Render a page with the context that all pages need: repeated input, messages and providers."""
    query = request.query_params
    common = {
        "base": templates.base_path(),
        "host": urlsplit(settings.public_base_url).netloc,
        "typed": _repeated_input(request),
        "said": texts.MESSAGES.get(query.get("said", "")),
        "brought_back": texts.FLOW_ERRORS.get(query.get("error", "")),
        "providers": oauth_providers.configured().values(),
        "here": settings.public_base_url,
        "title_of": oauth_providers.title_of,
        "labels": texts.LABELS,
        "least": settings.password_min_length,
        "who": None,
        "mailbox": settings.development_mailbox,
        "error": None,
        "code": "",
        "wrong": {},
        "offer": factor_context.login_offer() if template == "login" else None,
        "passkeys": factor_context.uses_passkeys(),
    }
    everything = common | context
    scripted = _needs_script(template, everything)
    response_headers = {
        "Content-Security-Policy": templates.POLICY_WITH_SCRIPT if scripted else templates.POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        **(headers or {}),
    }
    response: Response = templates.pages().TemplateResponse(
        request, f"{template}.html", {**everything, "scripted": scripted}, status, response_headers
    )
    return response


def show_form(request: Request, template: str, who: Current, **context: Any) -> Response:
    """Render a form that asks the current user to authenticate again."""
    factors = factor_context.types_of(who)
    return show(request, template, who=who.user, factors=factors, present=who.is_present, **context)


def show_recovery_codes(request: Request, codes: list[str], path: str, said: str) -> Response:
    """Render new recovery codes, which no other page shows again, or redirect with a message if there are none."""
    return show(request, "recovery_codes", codes=codes, said=texts.MESSAGES[said]) if codes else redirect(path, said)


def _needs_script(template: str, context: Mapping[str, Any]) -> bool:
    """Return whether a page uses passkeys, or offers to copy and print recovery codes."""
    if template == "recovery_codes":
        return True
    uses = context["offer"] or context.get("passkey_account") or "passkey" in context.get("factors", ())
    return bool(context["passkeys"] and uses)


def _repeated_input(request: Request) -> dict[str, str]:
    # Not request.form(), which would read the body: it may have been rejected as too large, or be incomplete.
    form: FormData | None = getattr(request, "_form", None)
    fields = (*REPEATED_FIELDS, "code") if request.scope["path"] in REPEATED_CODES else REPEATED_FIELDS
    source, names = (form, fields) if form else (request.query_params, REPEATED_PARAMETERS)
    return {name: text for name in names if isinstance(text := source.get(name), str)}


def redirect(path: str, said: str = "") -> Response:
    """Redirect to another page, which shows a message."""
    return RedirectResponse(f"{templates.base_path()}{path}{f'?said={said}' if said else ''}", 303)


def log_in(tokens: schemas.Tokens, path: str) -> Response:
    """Redirect to the requested page after a login, and set the cookies."""
    response = redirect(safe_path(path))
    cookies.set_tokens(response, "", tokens)
    return response


def log_out(said: str) -> Response:
    """Redirect to the login page, and delete the cookies."""
    response = redirect("/login", said)
    cookies.clear(response)
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
    return f"{templates.base_path()}/auth/continue?next={_safe_path_with_forms(path)}"


def safe_path(path: str) -> str:
    """Return the path of a page for logged-in users, or that of the account page. Prevents open redirects."""
    return path if PAGES.fullmatch(path) else HOME


def _safe_path_with_forms(path: str) -> str:
    """Return a path below the account page, including those of forms, or that of the account page."""
    return path if PATHS_BELOW_HOME.fullmatch(path) else HOME


# --------------------------------------------------------------------------------------------------------------- errors


async def handle(request: Request, error: Exception) -> Response:
    """Handle every exception of the service: on a hosted page, render the page with the error."""
    path = request.scope["path"]
    if not (path in FORMS or path == HOME or path.startswith((f"{HOME}/", "/auth/continue"))):
        return await error_pages.handle(request, error)
    service_error = error_responses.from_exception(error)
    if response := _redirect_for(request, service_error):
        return response
    if not error_pages.accepts_html(request):
        return await error_responses.handle(request, service_error)
    # A page, with the headers that belong to the status.
    headers = error_responses.response_for(service_error, request, getattr(error, "headers", None)).headers
    kept = {name: headers[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in headers}
    return await _show_error(request, service_error, kept)


def _redirect_for(request: Request, error: errors.ServiceError) -> Response | None:
    """Redirect to the page on which the user can continue after this error, if there is one."""
    path, query, response = request.scope["path"], request.query_params, None
    match error:
        case errors.NotAuthenticated() if path == HOME and query.get("code"):
            response = continue_provider_login(query["code"])
        case errors.NotAuthenticated():
            # Renew only once: otherwise a page that rejects the new token would redirect in a loop.
            response = _redirect_to_login(path) if cookies.was_renewed(request) else _redirect_to_renewal(path)
        case errors.InvalidRefreshToken():
            response = _redirect_to_login(query.get("next", ""))
        case errors.MfaRequired():
            response = _begin_second_step(request, error)
        case errors.InvalidMfaToken():
            response = _restart_login(request)
        case errors.MfaEnrolmentRequired():
            response = redirect(FACTORS)
    return response


async def _show_error(request: Request, error: errors.ServiceError, headers: Mapping[str, str]) -> Response:
    template = FORMS.get(getattr(request.scope.get("route"), "path", ""), "refused")
    message = _message(error)
    if isinstance(error, errors.NotFound) and template in texts.GONE:
        template, message = template.replace("confirm_totp", "new_totp"), texts.GONE[template]
    if isinstance(error, errors.CrossSiteRequest) and template == "second_step":
        template = "refused"  # whatever sent the form must not end the login
    try:
        more = await thread_pools.run_in_request_pool(factor_context.after_error, request, template, error)
    except errors.InvalidMfaToken:
        return _restart_login(request)
    factors = error.members.get("factors") or _repeated_input(request).get("factors", "").split()
    context = {"factors": factors, **more, **_provider_context(request)}
    return show(
        request,
        template,
        error.status,
        headers,
        error=message,
        code=error.code,
        wrong=_field_errors(error),
        **context,
    )


def continue_provider_login(code: str) -> Response:
    """Redirect to the route that continues a login with a provider, whose callback returned with a one-time code."""
    return RedirectResponse(f"{templates.base_path()}/login/continue?code={quote(code, safe='')}", 303)


def _begin_second_step(request: Request, error: errors.MfaRequired) -> Response:
    """Redirect to the second step of a login. Its token is in a cookie, not in the URL."""
    response = RedirectResponse(f"{templates.base_path()}{SECOND_STEP}{_next(request, '?')}", 303)
    members = error.members
    cookies.remember_pending_login(response, members["mfa_token"], members["factors"], members["expires_in"])
    return response


def _restart_login(request: Request) -> Response:
    """Redirect to the login, with the message that the second step took too long."""
    query = f"?error={errors.InvalidMfaToken.code}{_next(request, '&')}"
    response = RedirectResponse(f"{templates.base_path()}/login{query}", 303)
    cookies.forget_pending_login(response)
    return response


def _next(request: Request, separator: str) -> str:
    path = safe_path(_repeated_input(request).get("next", ""))
    return f"{separator}next={path}" if path != HOME else ""


def _redirect_to_renewal(path: str) -> Response:
    return RedirectResponse(path_to_continue(path), 307)


def _redirect_to_login(path: str) -> Response:
    response = RedirectResponse(f"{templates.base_path()}/login?next={safe_path(path)}", 303)
    cookies.clear(response)
    return response


def _message(error: errors.ServiceError) -> str:
    """Return the error message for users, who do not see headers."""
    match error:
        case errors.RateLimited(retry_after=int(seconds)):
            if seconds < 100:
                return translation.plural(
                    "Too many attempts. Wait for one second, then try again.",
                    "Too many attempts. Wait for %(number)d seconds, then try again.",
                    seconds,
                )
            return translation.plural(
                "Too many attempts. Wait for one minute, then try again.",
                "Too many attempts. Wait for %(number)d minutes, then try again.",
                -(-seconds // 60),
            )
        case errors.CrossSiteRequest():
            return translation.mark(
                "The form was not sent from this site. Open %(url)s and try again.",
                url=f"{settings.public_base_url}/login",
            )
    return error.detail


def _field_errors(error: errors.ServiceError) -> dict[str, list[str]]:
    """Return the error messages by field."""
    wrong: dict[str, list[str]] = {}
    for each in error.errors or []:
        wrong.setdefault(each["field"], []).append(each["message"])
    return wrong


def _provider_context(request: Request) -> dict[str, str]:
    """Return the context of a page about a provider."""
    name = request.path_params.get("provider", "")
    return {"provider": name, "title": oauth_providers.title_of(name)} if name else {}
