"""Decide where a login on the hosted pages leads: to a page of the account, or back to an application."""

import re
from urllib.parse import urlsplit

from oauth_login import redirects
from settings.loading import settings

HOME = "/account"
PAGES = re.compile(
    rf"{HOME}(/(profile|activity|password|email|export|delete|recovery-codes|(un)?link/[\w-]+"
    r"|factors(/(totp|passkey|[\w-]+/(name|remove)))?))?",
    re.ASCII,
)


def is_allowed(path: str) -> bool:
    """Return whether a login may lead there. Prevents open redirects."""
    return bool(PAGES.fullmatch(path)) or is_application(path)


def is_application(url: str) -> bool:
    """Return whether a URL belongs to an application of `OAUTH_REDIRECT_URIS`, and not to this service."""
    return "://" in url and not url.startswith(f"{settings.public_base_url}/") and redirects.is_allowed(url)


def origin_of(url: str) -> str:
    """Return the source expression of a URL for a content security policy: its origin, or the scheme of an app."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
