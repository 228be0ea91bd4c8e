"""Render HTML pages from the templates in templates/pages."""

import functools
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response

from core import templating
from settings.loading import settings

# Pages may load only their own styles, images and forms.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# A page that uses passkeys may also load our own script, which may send requests only to this service.
POLICY_WITH_SCRIPT = f"{POLICY}; script-src 'self'; connect-src 'self'"


@functools.cache
def pages() -> Any:
    """Return the environment of the page templates, loaded at the first page so that a worker starts faster."""
    from fastapi.templating import Jinja2Templates

    return Jinja2Templates(env=templating.environment("pages"))


def page(request: Request, name: str, **context: object) -> Response:
    """Return a standalone page, outside the hosted pages."""
    common = {"base": base_path(), "host": urlsplit(settings.public_base_url).netloc}
    headers = {"Content-Security-Policy": POLICY}
    response: Response = pages().TemplateResponse(request, name, common | context, headers=headers)
    return response


def base_path() -> str:
    """Return the path prefix that a proxy adds to all URLs of the service and strips from requests."""
    return urlsplit(settings.public_base_url).path
