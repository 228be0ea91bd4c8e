"""Errors as pages for browsers, and as problems (RFC 9457) for everybody else: by the `Accept` of the request."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from fastapi import Request, Response

import errors
from settings.loading import settings
from web import templates

KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
LONGEST_ACCEPT = 1000
HTML, JSON = ("text/html",), ("application/json", "application/problem+json")


def _accepted(request: Request) -> Iterator[tuple[str, float]]:
    """The media types that a request accepts, each with its weight (RFC 9110, 12.5.1)."""
    for part in request.headers.get("accept", "")[:LONGEST_ACCEPT].lower().split(","):
        name, *parameters = (text.strip() for text in part.split(";"))
        weights = [text[2:] for text in parameters if text.startswith("q=")]
        try:
            yield name, float(weights[0]) if weights else 1.0
        except ValueError:
            yield name, 0.0


def prefers_html(request: Request) -> bool:
    """Return whether a client asks for HTML by name, and not rather for JSON. Browsers do; scripts and tools do not."""
    accepted = list(_accepted(request))
    html = max((weight for name, weight in accepted if name in HTML), default=0.0)
    return html > 0 and html >= max((weight for name, weight in accepted if name in JSON), default=0.0)


def accepts_html(request: Request) -> bool:
    """Return whether a client takes HTML where the route is a page: by name, by a wildcard, or by saying nothing."""
    wildcards = ("text/html", "text/*", "*/*")
    return "accept" not in request.headers or any(w > 0 for name, w in _accepted(request) if name in wildcards)


async def handle(request: Request, error: Exception) -> Response:
    """The exception handler of the whole service: `errors.handle`, and a page for browsers."""
    response = await errors.handle(request, error)
    if response.status_code < 400 or errors.uses_oauth_errors(request.scope["path"]) or not prefers_html(request):
        return response
    problem = json.loads(bytes(response.body))
    page: Response = templates.pages().TemplateResponse(
        request,
        "error.html",
        {
            "base": templates.base_path(),
            "host": urlsplit(settings.public_base_url).netloc,
            "refusal": problem["detail"],
            "code": problem["code"],
            "request_id": problem["request_id"],
            "wrong": {each["field"]: [each["message"]] for each in problem.get("errors", [])},
            "labels": {},
        },
        response.status_code,
        {"Content-Security-Policy": templates.POLICY, "Vary": "Accept"}
        | {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
    )
    return page
