"""Render HTML pages from the templates in templates/pages."""

import functools
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from settings.loading import settings


@functools.cache
def pages() -> Any:
    """Return the environment of the page templates. Loaded at the first page, so that a worker starts faster
    without.
    """
    from fastapi.templating import Jinja2Templates

    made = Jinja2Templates(directory=Path(__file__).parent.parent / "templates" / "pages")
    made.env.trim_blocks = made.env.lstrip_blocks = True
    return made


def base_path() -> str:
    """Return the path that a proxy puts in front of every URL of the service, and takes away again."""
    return urlsplit(settings.public_base_url).path
