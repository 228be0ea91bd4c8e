"""Keep where a user was going while they set up a second factor, or open a link in an email.

It is kept in a cookie: setting up a factor takes several pages, and a link in an email contains only its token.
"""

from urllib.parse import quote, unquote, urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from hosted_pages import destinations
from web import cookies, templates

_NAME, MAX_LENGTH = "going", 2048
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
    return forget(request, RedirectResponse(f"{templates.base_path()}{path}", 303)) if path else None


def resume(request: Request) -> Response | None:
    """Redirect from the page of a link to the same page with the destination of the login, which its form then repeats.

    Returns None if there is none, or if the URL of the page contains one.
    """
    going = destinations.going_to(_kept(request) or "")
    if "next" in request.query_params or not destinations.is_allowed(going.get("next", "")):
        return None
    query = urlencode({**request.query_params, **going})
    return RedirectResponse(f"{templates.base_path()}{request.scope['path']}?{query}", 303)


def forget(request: Request, response: Response) -> Response:
    """Delete the path, if the browser has sent one, and return the response."""
    if cookies.mark_of(request, _NAME):
        cookies.mark(response, _NAME, 0)
    return response


def _kept(request: Request) -> str | None:
    path = unquote(cookies.mark_of(request, _NAME) or "")
    return path if destinations.continues(path) else None
