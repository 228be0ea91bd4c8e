"""Validate the settings of the brand: its color, and the URLs of images and pages."""

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator

from settings import colors

DEFAULT_COLOR = "#1a4fd0"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Without quotes, spaces, `;` and `,`, because the origins of these URLs are part of a content security policy.
PATH = re.compile(r"/(?![/\\])[A-Za-z0-9._~!$&()*+=:@%/?#-]*", re.ASCII)
ABSOLUTE = re.compile(
    r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?([/?#][A-Za-z0-9._~!$&()*+=:@%/?#-]*)?", re.ASCII
)
URLS = ("brand_logo_url", "brand_logo_dark_url", "brand_favicon_url", "terms_url", "privacy_url")


def _color(value: str) -> str:
    """Return a color as `#rrggbb`."""
    digits = value.removeprefix("#")
    if not re.fullmatch(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", value):
        raise ValueError("must be a color such as #1a4fd0 or #14d")
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits).lower()


def _link(value: str) -> str:
    if not (PATH.fullmatch(value) or (ABSOLUTE.fullmatch(value) and _has_a_port(value))) or _is_plain_and_far(value):
        raise ValueError("must be an https:// URL, or a path of this service such as /docs/assets/logo.svg")
    return value


def _has_a_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _is_plain_and_far(url: str) -> bool:
    return url.startswith("http://") and urlsplit(url).hostname not in LOOPBACK


BrandColor = Annotated[str, AfterValidator(_color)]
BrandUrl = Annotated[str, AfterValidator(_link)]


def warnings(found: Any) -> list[str]:
    """Return a line if text in the color of the brand would be hard to read, so that another shade is used."""
    color = found.brand_color
    ratio = colors.contrast(color, colors.LIGHT)
    if ratio >= colors.LEAST_CONTRAST:
        return []
    light, dark = colors.readable_on(color, colors.LIGHT), colors.readable_on(color, colors.DARK)
    return [
        f"BRAND_COLOR: {color} has a contrast of {ratio:.1f}:1 with light pages; text needs {colors.LEAST_CONTRAST}:1 "
        f"(WCAG AA); light pages and emails use {light}, dark ones {dark}"
    ]
