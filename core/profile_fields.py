"""Validate the fields of a profile, except the display name."""

import re
from urllib.parse import urlsplit

from languages import zones

HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?", re.ASCII)
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-[a-z0-9]{4,8})*", re.ASCII)


def locale(value: str) -> str:
    """Return a language tag in its usual spelling: `DE_at` becomes `de-AT` (RFC 5646, 2.1.1). Raises ValueError."""
    language, *subtags = value.replace("_", "-").split("-")
    tag = "-".join([language.lower(), *map(_spelled, subtags)])
    if not LOCALE.fullmatch(tag):
        raise ValueError("must be a language tag such as de or pt-BR")
    return tag


def _spelled(subtag: str) -> str:
    return subtag.upper() if len(subtag) == 2 else subtag.title() if len(subtag) == 4 else subtag.lower()


def time_zone(value: str) -> str:
    """Return a name of the IANA time zone database. Raises ValueError."""
    if not zones.is_zone(value):
        raise ValueError("must be a time zone such as Europe/Vienna")
    return value


def picture_url(value: str) -> str:
    """Return an `https` URL without a user name. Raises ValueError."""
    parts = urlsplit(value)
    # The host becomes part of a content security policy.
    plain = value.isascii() and value.isprintable() and not set(value) & set(" \"'<>\\")
    if not plain or parts.scheme != "https" or not HOST.fullmatch(parts.netloc):
        raise ValueError("must be an https URL")
    return value
