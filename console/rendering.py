"""Render the pages of the console, their forms after an error, and redirects with a message."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData

import audit
import errors
from console import guards, texts
from core import capability, thread_pools
from hosted_pages import destinations, error_messages, factor_context, impersonation
from hosted_pages import rendering as hosted
from sessions.current_user import Current
from settings.version import VERSION
from web import cookies, error_pages, error_responses, templates

HOME = destinations.CONSOLE
FAILED = "failed"  # in the state of a request: the error with which its form is shown again
MAX_REPEATED = 4096  # characters of a field that is shown again
NOT_REPEATED = {"password", "code", "recovery_code", "ceremony", "credential"}
Page = Callable[[Request, Current], Response]
PageAfter = Callable[[Request, Current, errors.ServiceError], Response]
# The function that renders the form of a route again after an error, by the path of the route. See `form`.
_forms: dict[str, tuple[Page, str | None]] = {}


def form(path: str, page: Page, permission: str | None = None) -> None:
    """Declare the page with the form that is sent to a path below the console.

    permission: what the page requires besides the permission of the route, such as to read what it shows.
    """
    _forms[f"{HOME}{path}"] = (page, permission)


def show(request: Request, who: Current, template: str, section: str, **context: Any) -> Response:
    """Render a page for an administrator."""
    permissions = who.permissions
    error = request.scope["state"].get(FAILED)
    query = request.query_params
    everything = {
        **hosted.common(request),
        "form_values": _form_values(request),
        "sent": sent_by(request),
        "labels": texts.LABELS,
        "message": texts.MESSAGES.get(query.get("message", "")),
        "flow_error": None,
        "current_user": who.user,
        "factor_types": factor_context.types_of(who),
        "recently_authenticated": who.is_present,
        "permissions": permissions,
        "sections": [each for each in sections() if each.permission is None or each.permission in permissions],
        "section": section,
        "console": f"{templates.base_path()}{HOME}",
        "version": VERSION,
        **_shown_error(error),
        **context,
    }
    page = templates.page(request, f"console/{template}.html", everything, error.status if error else 200)
    if not cookies.mark_of(request, guards.MARK):
        cookies.mark(page, guards.MARK)
    return page


def sections() -> list[capability.ConsoleSection]:
    """Return the sections of all enabled capabilities, in the order of the navigation: first those of the console."""
    records = sorted(capability.enabled(), key=lambda record: record.name != "console")
    return [section for record in records for section in record.console]


def _shown_error(error: errors.ServiceError | None) -> dict[str, Any]:
    if error is None:
        return {}
    return {
        "error": error_messages.for_user(error),
        "code": error.code,
        "field_errors": error_messages.by_field(error),
    }


def _form_values(request: Request) -> dict[str, str]:
    """Return what was typed into a form that is shown again, without secrets."""
    sent = hosted.form_of(request) or FormData()
    return {
        name: value[:MAX_REPEATED]
        for name, value in sent.items()
        if isinstance(value, str) and name not in NOT_REPEATED
    }


def sent_by(request: Request) -> dict[str, list[str]] | None:
    """Return all values of each field of a form that is shown again, for its checkboxes; None for a new form."""
    sent = hosted.form_of(request)
    if sent is None:
        return None
    return {name: [value for value in sent.getlist(name) if isinstance(value, str)] for name in sent}


def redirect(path: str, message: str = "", **query: str) -> Response:
    """Redirect to another page of the console, which shows a message."""
    parameters = {**query, **({"message": message} if message else {})}
    url = f"{templates.base_path()}{HOME}{path}{f'?{urlencode(parameters)}' if parameters else ''}"
    return RedirectResponse(url, 303)


def redirect_to(who: Current, permission: str, path: str, message: str, **query: str) -> Response:
    """Redirect to a page of the console, or to the overview if the administrator lacks its permission."""
    return redirect(path, message, **query) if permission in who.permissions else redirect("", message)


def redirect_to_user(who: Current, user_id: str, message: str) -> Response:
    """Redirect to the page of a user, or to the overview if the administrator may not read it.

    user_id: nothing for a user who was deleted.
    """
    path = f"/users/{quote(user_id, safe='')}" if user_id else "/users"
    return redirect_to(who, "users:read", path, message)


# --------------------------------------------------------------------------------------------------------------- errors


async def handle(request: Request, error: Exception) -> Response:
    """Handle every exception of the service: in the console, show the form again, or a page with the error."""
    path = request.scope["path"]
    if path != HOME and not path.startswith(f"{HOME}/"):
        request.scope["state"]["impersonated"] = impersonation.shown_as(request)  # for the page of the error
        return await hosted.handle(request, error)
    if isinstance(error, RequestValidationError) and any(each["loc"][0] == "path" for each in error.errors()):
        return await _handle(request, errors.NotFound(), _refusal)  # a form would read the same path
    return await _handle(request, error_responses.from_exception(error, request), _page_after)


async def _handle(request: Request, error: errors.ServiceError, page_after: PageAfter) -> Response:
    state, who = request.scope["state"], guards.admitted(request)
    if response := _redirect_for(request, error, who):
        return response
    if who is None:
        limited = isinstance(error, errors.RateLimited | errors.Overloaded | errors.Unavailable)
        return await error_pages.handle(request, error if limited else errors.NotFound())
    state[FAILED] = error
    headers = error_responses.response_for(error, request).headers
    try:
        page = await thread_pools.run_in_request_pool(page_after, request, who, error)
    except (errors.ServiceError, SQLAlchemyError):  # such as an outage of the database, which the page needs
        return await error_pages.handle(request, error)
    page.headers.update({name: headers[name] for name in ("Allow", "Retry-After") if name in headers})
    return page


def _redirect_for(request: Request, error: errors.ServiceError, who: Current | None) -> Response | None:
    """Redirect to the page on which the user can continue after this error, if there is one."""
    match error:
        case errors.NotAuthenticated():
            return _log_in_again(request)
        case errors.NotFound() if audit.IMPERSONATION in request.scope["state"]:
            return hosted.redirect(destinations.HOME)
        case errors.MfaEnrolmentRequired() if who:
            return hosted.redirect(hosted.FACTORS)
        case errors.ReauthenticationRequired() if who and error.members and "factors" not in error.members:
            return redirect("/confirm", next=_address_of(request))
    return None


def _page_after(request: Request, who: Current, error: errors.ServiceError) -> Response:
    """Return the page on which an administrator can continue after an error."""
    render, permission = _forms.get(getattr(request.scope.get("route"), "path", ""), (None, None))
    may_read = permission is None or permission in who.permissions
    # A form shows an account, which may be forbidden too.
    if render and may_read and request.method == "POST" and not isinstance(error, errors.Forbidden):
        try:
            return render(request, who)
        except errors.ServiceError as another:  # such as an account that was deleted since the form was opened
            request.scope["state"][FAILED] = another
    return _refusal(request, who, error)


def _refusal(request: Request, who: Current, _error: errors.ServiceError) -> Response:
    """Return a page that only shows the error."""
    return show(request, who, "refused", "")


def _log_in_again(request: Request) -> Response:
    address = _address_of(request)
    if cookies.was_renewed(request):
        response = hosted.redirect("/login", going={"next": address})
        cookies.clear(response)
        return response
    # 307: the browser repeats a form that was sent, so that no input is lost.
    return RedirectResponse(hosted.path_to_continue(address), 307)


def _address_of(request: Request) -> str:
    """Return the path and query of the page, to which a login returns."""
    query: Mapping[str, str] = {name: value for name, value in request.query_params.items() if name != "message"}
    address = f"{request.scope['path']}{f'?{urlencode(query)}' if query and request.method == 'GET' else ''}"
    return address if destinations.is_in_console(address) else HOME
