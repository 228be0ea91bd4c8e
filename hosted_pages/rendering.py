"""Render the hosted pages: their context, error messages, and redirects.

`routes/hosted_pages.py` calls the same services as the API. No page needs JavaScript.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

import errors
import schemas
from settings import oauth_providers
from settings.loading import settings
from web import cookies, error_pages, error_responses, templates

HOME = "/account"
PAGES = re.compile(rf"{HOME}(/(name|password|email|export|delete|(un)?link/[\w-]+))?", re.ASCII)
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
}
# Form fields that are rendered again, never a password. Of a query, only what links in emails contain.
REPEATED_FIELDS = ("email", "username", "new_email", "code", "token", "next")
REPEATED_PARAMETERS = ("token", "next")
# The messages after a redirect, by a word in the URL, so that a link cannot show any other text.
MESSAGES = {
    "verified": "Your email address is verified.",
    "moved": "Your new email address is confirmed. Use it to log in from now on.",
    "reset": "Your password has been set. You can now log in.",
    "renamed": "Your name has been changed.",
    "password": "Your password has been changed. All other devices have been logged out.",
    "moving": "We have sent a link to the new email address. Nothing changes until you open it.",
    "session": "The device has been logged out.",
    "unlinked": "The provider has been unlinked from your account.",
    "secured": "Your account is secured. You can now log in only with your password.",
    "undone": "Your email address has been restored. If you cannot log in, or someone else may know your password, "
    "reset it. We have sent you an email with a link that ends everything else that opens your account.",
    "logged_out": "You are logged out.",
    "logged_out_everywhere": "You are logged out on all devices.",
    "deleted": "Your account and all data about you have been deleted.",
    "disowned": "The account has been deleted.",
}
# The labels of form fields.
LABELS = {
    "email": "Email address",
    "new_email": "New email address",
    "username": "Name",
    "password": "Password",
    "old_password": "Current password",
    "new_password": "New password",
    "code": "Code",
}
# The messages after a failed OAuth flow, by error code.
FLOW_ERRORS = {
    error.code: error.detail
    for error in (
        errors.OauthError,
        errors.LinkRequired,
        errors.AlreadyLinked,
        errors.AccountDisabled,
        errors.EmailNotVerified,
        errors.Overloaded,
        errors.Unavailable,
    )
}


def show(
    request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: object
) -> Response:
    """Render a page with the context that all pages need: repeated input, messages and providers."""
    query = request.query_params
    common = {
        "base": templates.base_path(),
        "host": urlsplit(settings.public_base_url).netloc,
        "typed": _repeated_input(request),
        "said": MESSAGES.get(query.get("said", "")),
        "brought_back": FLOW_ERRORS.get(query.get("error", "")),
        "providers": oauth_providers.configured().values(),
        "here": settings.public_base_url,
        "title_of": oauth_providers.title_of,
        "labels": LABELS,
        "least": settings.password_min_length,
        "who": None,
        "mailbox": settings.development_mailbox,
        "error": None,
        "code": "",
        "wrong": {},
    }
    response_headers = {
        "Content-Security-Policy": templates.POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        **(headers or {}),
    }
    response: Response = templates.pages().TemplateResponse(
        request, f"{template}.html", common | context, status, response_headers
    )
    return response


def _repeated_input(request: Request) -> dict[str, str]:
    # Not request.form(), which would read the body: it may have been rejected as too large, or be incomplete.
    form: FormData | None = getattr(request, "_form", None)
    source, names = (form, REPEATED_FIELDS) if form else (request.query_params, REPEATED_PARAMETERS)
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
    if isinstance(service_error, errors.NotAuthenticated):
        # Renew only once: otherwise a page that rejects the new token would redirect in a loop.
        return _redirect_to_login(path) if cookies.was_renewed(request) else _redirect_to_renewal(path)
    if isinstance(service_error, errors.InvalidRefreshToken):
        return _redirect_to_login(request.query_params.get("next", ""))
    if not error_pages.accepts_html(request):
        return await error_responses.handle(request, service_error)
    template = FORMS.get(getattr(request.scope.get("route"), "path", ""), "refused")
    # A page, with the headers that belong to the status.
    headers = error_responses.response_for(service_error, request, getattr(error, "headers", None)).headers
    kept = {name: headers[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in headers}
    return show(
        request,
        template,
        service_error.status,
        kept,
        error=_message(service_error),
        code=service_error.code,
        wrong=_field_errors(service_error),
        **_provider_context(request),
    )


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
            minutes = -(-seconds // 60)
            wait = f"{seconds} second{'s' * (seconds > 1)}" if seconds < 100 else f"{minutes} minutes"
            return f"Too many attempts. Wait for {wait}, then try again."
        case errors.CrossSiteRequest():
            return f"The form was not sent from this site. Open {settings.public_base_url}/login and try again."
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
