"""Send a user who must first set up a second factor to the page for it, and afterwards where they were going."""

from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from hosted_pages import destinations
from web import cookies, templates

# As long as an authorization request is kept. In a cookie, because setting up a factor takes several pages.
_NAME, SECONDS_KEPT, MAX_LENGTH = "after_enrolment", 600, 2048


def begin(path: str) -> Response:
    """Redirect to the page of the factors.

    path: where the user was going, with its query.
    """
    response = RedirectResponse(f"{templates.base_path()}{destinations.FACTORS}", 303)
    kept = quote(path, safe="")
    if destinations.continues(path) and len(kept) <= MAX_LENGTH:
        cookies.mark(response, _NAME, SECONDS_KEPT, kept)
    return response


def go_on(request: Request) -> Response | None:
    """Redirect a user who has set up a factor to where they were going, once, or return None."""
    path = unquote(cookies.mark_of(request, _NAME) or "")
    if not destinations.continues(path):
        return None
    response = RedirectResponse(f"{templates.base_path()}{path}", 303)
    cookies.mark(response, _NAME, 0)
    return response
