"""Keep where a user was going while they set up a second factor, or open a link in an email.

It is kept in a cookie: setting up a factor takes several pages, and a link in an email contains only its token.
"""

from urllib.parse import quote, unquote, urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from hosted_pages import destinations
from web import cookies, templates

_NAME, MAX_LENGTH = "going", 4000  # browsers reject a cookie whose name and value have more than 4096 bytes
SECONDS_KEPT = 3600  # as long as an authorization request is stored


def begin_enrolment(path: str) -> Response:
    """Redirect a user who must first set up a second factor to the page of the factors.

    path: where the user was going, with its query.
    """
    return keep(RedirectResponse(f"{templates.base_path()}{destinations.FACTORS}", 303), path)


def keep(response: Response, path: str) -> Response:
    """Keep a path in the browser, and return the response. A path that no login leads to is not kept."""
    kept = quote(path, safe="")
    if destinations.continues(path) and len(kept) <= MAX_LENGTH:
        cookies.mark(response, _NAME, SECONDS_KEPT, kept)
    return response


def go_on(request: Request) -> Response | None:
    """Redirect to the path that is kept, once, or return None if there is none."""
    path = _kept(request)
    return forget(RedirectResponse(f"{templates.base_path()}{path}", 303)) if path else None


def resume(request: Request) -> Response | None:
    """Redirect from the page of a link to the same page with the destination of the login, which its form then repeats.

    Returns None if there is none, or if the URL of the page contains one.
    """
    going = destinations.going_to(_kept(request) or "")
    if "next" in request.query_params or not destinations.is_allowed(going.get("next", "")):
        return None
    query = urlencode({**request.query_params, **going})
    return RedirectResponse(f"{templates.base_path()}{request.scope['path']}?{query}", 303)


def forget(response: Response, request: Request | None = None) -> Response:
    """Delete the path, and return the response.

    request: if given, the path is deleted only if the browser has sent one.
    """
    if request is None or cookies.mark_of(request, _NAME):
        cookies.mark(response, _NAME, 0)
    return response


def _kept(request: Request) -> str | None:
    path = unquote(cookies.mark_of(request, _NAME) or "")
    return path if destinations.continues(path) else None
