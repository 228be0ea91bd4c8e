"""Render errors as pages for browsers and as problems (RFC 9457) for other clients, by the `Accept` header."""

import json
from collections.abc import Iterator

from fastapi import Request, Response

from web import error_responses, templates

FORWARDED_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
MAX_ACCEPT_LENGTH = 1000
HTML, JSON = "text/html", ("application/json", "application/problem+json")


def _accepted(request: Request) -> Iterator[tuple[str, float]]:
    """Yield the media types that a request accepts, with their weights (RFC 9110, 12.5.1)."""
    for part in request.headers.get("accept", "")[:MAX_ACCEPT_LENGTH].lower().split(","):
        name, *parameters = (text.strip() for text in part.split(";"))
        weights = [text[2:] for text in parameters if text.startswith("q=")]
        try:
            yield name, float(weights[0]) if weights else 1.0
        except ValueError:
            yield name, 0.0


def prefers_html(request: Request) -> bool:
    """Return whether a client accepts HTML explicitly and does not prefer JSON, as browsers do."""
    return accepts(request, HTML)


def accepts(request: Request, media_type: str) -> bool:
    """Return whether a client accepts a media type explicitly, and prefers it to JSON or JSON is equal."""
    accepted = list(_accepted(request))
    asked, of_json = (
        max((weight for name, weight in accepted if name in names), default=0.0) for names in ((media_type,), JSON)
    )
    return asked > 0 and asked >= of_json


async def handle(request: Request, error: Exception) -> Response:
    """Handle every exception of the service like `error_responses.handle`, with a page for browsers."""
    response = await error_responses.handle(request, error)
    if (
        response.status_code < 400
        or error_responses.uses_oauth_errors(request.scope["path"])
        or not prefers_html(request)
    ):
        return response
    problem = json.loads(bytes(response.body))
    context = {
        "error": problem["detail"],
        "code": problem["code"],
        "request_id": problem["request_id"],
        "field_errors": {each["field"]: [each["message"]] for each in problem.get("errors", [])},
    }
    kept = {name: response.headers[name] for name in FORWARDED_HEADERS if name in response.headers}
    return templates.page(request, "error.html", context, response.status_code, {"Vary": "Accept", **kept})
