"""Refer to a stored authorization request in the URLs of the hosted pages, which then lead to the application."""

import base64
import re

from core import signing
from settings.loading import settings

PATH = "/auth/authorize"
_LABEL = "authorization_request"
_URL = re.compile(rf"{PATH}\?request=([\w.-]{{1,4096}})", re.ASCII)


def url(request_id: str, redirect_uri: str) -> str:
    """Return the path at which the request continues. It contains the redirect URI for `redirect_uri_of`."""
    packed = base64.urlsafe_b64encode(redirect_uri.encode()).decode().rstrip("=")  # `=` would be escaped in a query
    return f"{PATH}?request={signing.sign(_LABEL, f'{request_id}.{packed}', salted=True)}"


def request_id(raw: str) -> str | None:
    """Return the id of the request, or None."""
    signed = signing.unsign(_LABEL, raw)
    return signed.value.partition(".")[0] if signed and not signed.unsalted else None


def redirect_uri_of(path: str) -> str | None:
    """Return the redirect URI of the application that a path of `url` leads to, or None for another path."""
    found = _URL.fullmatch(path) if settings.oidc_provider else None
    signed = signing.unsign(_LABEL, found[1]) if found else None
    if signed is None or signed.unsalted:
        return None
    return base64.urlsafe_b64decode(signed.value.partition(".")[2] + "==").decode()
