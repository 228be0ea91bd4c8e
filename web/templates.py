"""Render HTML pages from the templates in templates/pages."""

import functools
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response

from settings.loading import settings

# Of pages: nothing but our own style, pictures and forms.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@functools.cache
def pages() -> Any:
    """Return the environment of the page templates. Loaded at the first page, so that a worker starts faster
    without.
    """
    from fastapi.templating import Jinja2Templates

    made = Jinja2Templates(directory=Path(__file__).parent.parent / "templates" / "pages")
    made.env.trim_blocks = made.env.lstrip_blocks = True
    return made


def page(request: Request, name: str, **context: object) -> Response:
    """Return a page that stands alone, outside the hosted pages."""
    common = {"base": base_path(), "host": urlsplit(settings.public_base_url).netloc}
    headers = {"Content-Security-Policy": POLICY}
    response: Response = pages().TemplateResponse(request, name, common | context, headers=headers)
    return response


def base_path() -> str:
    """Return the path that a proxy puts in front of every URL of the service, and takes away again."""
    return urlsplit(settings.public_base_url).path
