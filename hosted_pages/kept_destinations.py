"""Keep the destination of a login while the user sets up a second factor, or opens a link in an email.

It is kept in a cookie: setting up a factor takes several pages, and a link in an email contains only its token. Those
of two tabs are not confused, because one is kept for each page that continues the login. The next login or logout
deletes all of them.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from hosted_pages import destinations
from web import cookies, templates

MAX_LENGTH = 4000  # browsers reject a cookie whose name and value have more than 4096 bytes
SECONDS_KEPT = 3600  # as long as an authorization request is stored
_ENROLMENT = "factors"


def begin_enrolment(request: Request, path: str) -> Response:
    """Redirect a user who must first set up a second factor to the page of the factors.

    path: where the user was going, with its query.
    """
    return _keep(request, _redirect(destinations.FACTORS), _ENROLMENT, path)


def end_enrolment(request: Request) -> Response | None:
    """Redirect a user who has set up a factor to where they were going, or return None if that is not known."""
    path = _kept(request).get(_ENROLMENT)
    return _keep(request, _redirect(path), _ENROLMENT, None) if path else None


def of_new_login(request: Request, path: str) -> dict[str, str]:
    """Return the fields of the destination of the login to a page whose session has ended.

    For the pages of the factors, it is where the enrolment leads to, which begins again after the login.
    """
    kept = _kept(request).get(_ENROLMENT) if path.startswith(destinations.FACTORS) else None
    return destinations.going_to(kept or destinations.safe_path(path))


def keep_for_link(request: Request, response: Response, page: str, going: Mapping[str, str]) -> Response:
    """Keep a destination until the link of an email is opened, and return the response.

    page: the template of the page that the link opens. The destination of an earlier link to it is deleted.
    going: the fields of the destination, or nothing for the account page.
    """
    return _keep(request, response, page, destinations.path_after_login(going) if going else None)


def follow_link(request: Request, page: str, url: str | None = None) -> Response | None:
    """Redirect from the page of a link to the same page with the destination of the login, which its form then repeats.

    url: the destination that was stored with the link.
    Returns None if there is none, or if the URL of the page contains one.
    """
    going = {"next": url} if url else destinations.going_to(_kept(request).get(page, ""))
    if "next" in request.query_params or not destinations.is_allowed(going.get("next", "")):
        return None
    return _redirect(f"{request.scope['path']}?{urlencode({**request.query_params, **going})}")


def forget(request: Request, response: Response) -> Response:
    """Delete all kept destinations after a login, and return the response."""
    if cookies.mark_of(request, cookies.GOING):
        cookies.mark(response, cookies.GOING, 0)
    return response


def _keep(request: Request, response: Response, page: str, path: str | None) -> Response:
    """Keep a path for a page, or none, and return the response. A path that no login leads to is not kept."""
    others = {name: kept for name, kept in _kept(request).items() if name != page}
    kept = {**others, page: path} if path and destinations.continues(path) else others
    if len(urlencode(kept)) > MAX_LENGTH:
        kept = others
    if not kept:
        return forget(request, response)
    cookies.mark(response, cookies.GOING, SECONDS_KEPT, urlencode(kept))
    return response


def _kept(request: Request) -> dict[str, str]:
    """Return the kept path for each page. The cookie proves nothing: another site may have set it."""
    found = parse_qsl(cookies.mark_of(request, cookies.GOING) or "")
    return {page: path for page, path in found if destinations.continues(path)}


def _redirect(path: str) -> Response:
    return RedirectResponse(f"{templates.base_path()}{path}", 303)
