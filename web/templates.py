"""Render HTML pages from the templates in templates/pages."""

import functools
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response

from core import brand, templating
from languages import reader
from settings.loading import settings
from telemetry import logs

log = logs.logger()
STATIC = Path(__file__).parent.parent / "static"
# The resources that a page may load: styles and scripts of this service, and the images of the brand.
POLICY = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "connect-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "form-action": ("'self'",),
    "base-uri": ("'none'",),
    "frame-ancestors": ("'none'",),
}


@functools.cache
def pages(*, replaces: bool = True) -> Any:
    """Return the environment of the page templates, loaded at the first page so that a worker starts faster.

    replaces: whether the templates in `TEMPLATES_DIR` are used.
    """
    from fastapi.templating import Jinja2Templates

    env = templating.environment("pages") if replaces else templating.environment("pages", replaces=False)
    return Jinja2Templates(env=env)


def policy(
    *, images: Iterable[str] = (), forms: Iterable[str] = (), widget: Mapping[str, Iterable[str]] | None = None
) -> str:
    """Return the content security policy of a page.

    images: additional origins of images.
    forms: additional origins that a response to a form may redirect to.
    widget: the sources that a CAPTCHA loads, by directive.
    """
    loaded = dict.fromkeys((*brand.current().image_origins, *images))
    added = {**(widget or {}), "img-src": loaded, "form-action": forms}
    directives = {name: (*POLICY.get(name, ()), *added.get(name, ())) for name in (POLICY | added)}
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


def page(
    request: Request,
    name: str,
    context: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Render a page in the language of the reader. If one in `TEMPLATES_DIR` fails, the default page is shown."""
    common = {
        "base": base_path(),
        "host": urlsplit(settings.public_base_url).netloc,
        "branded": settings.is_set("brand_color"),
        "labels": {},
        "asset": _asset,
    }
    response_headers = {
        "Content-Security-Policy": policy(),
        "Content-Language": reader.language(),
        "Cross-Origin-Opener-Policy": "same-origin",
        **(headers or {}),
    }
    found = {**common, **context}
    try:
        response: Response = pages().TemplateResponse(request, name, found, status, response_headers)
    except Exception as error:
        if not settings.templates_dir:
            raise
        log.error("a template in TEMPLATES_DIR failed; the default page is shown", page=name, error=str(error))
        response = pages(replaces=False).TemplateResponse(request, name, found, status, response_headers)
    return response


def _asset(name: str) -> str:
    """Return the URL of a file in `static/`. It changes with the files, because browsers keep them for a day."""
    return f"{base_path()}/docs/assets/{name}?v={_version()}"


@functools.cache
def _version() -> str:
    files = sorted(path for path in STATIC.iterdir() if path.suffix in (".css", ".js", ".svg"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def base_path() -> str:
    """Return the path prefix that a proxy adds to all URLs of the service and strips from requests."""
    return urlsplit(settings.public_base_url).path


def brand_styles() -> str:
    """Return the style sheet with the colors of the brand, because the policy forbids inline styles."""
    colors = brand.current()
    return (
        f":root {{ --brand: {colors.color}; --brand-text: {colors.color_on}; "
        f"--brand-dark: {colors.color_dark}; --brand-dark-text: {colors.color_dark_on}; }}\n"
    )
