"""Decide where a login on the hosted pages redirects to: a page of the account, or an application."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request

import errors
from oauth_login import redirects
from operations import forward_auth
from sessions import refresh_tokens
from settings.loading import settings
from web import authorization_references, cookies

HOME = "/account"
RETURN = "/auth/return"
SECOND_STEP, FACTORS = "/login/second-step", f"{HOME}/factors"
GOING = ("next", "code_challenge", "via")  # the fields that contain the destination of a login
ENDED = "ended"  # in the query of the login page: the session has ended
SOURCE_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+", re.ASCII)
PAGES = re.compile(
    rf"{HOME}(/(profile|activity|password|email|export|delete|recovery-codes|(un)?link/[\w-]+"
    r"|api-keys(/new)?|applications(/[\w-]+)?|factors(/(totp|passkey|[\w-]+/(name|remove)))?))?",
    re.ASCII,
)


DEVICE = "/auth/device"
DEVICE_PAGES = re.compile(rf"{DEVICE}(\?user_code=[A-Z]{{1,64}})?", re.ASCII)
CONSOLE = "/admin/console"
# With the filters of a page in its query. No slash follows another one, which would name another host.
CONSOLE_PAGES = re.compile(rf"{CONSOLE}(/[\w.~!$&'()*+,;=:@%-]+)*(\?[\w.~!$&'()*+,;=:@%/?-]*)?", re.ASCII)
# Browsers remove them together with the segment before (URL Standard, section 4.1).
DOT_SEGMENT = re.compile(r"/(\.|%2e){1,2}(?=[/?#]|\Z)", re.ASCII | re.IGNORECASE)


def kept(values: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form or a query that contain the destination of a login; none for the account page."""
    found = {name: values[name] for name in GOING if values.get(name) and values[name] != HOME}
    return found if "next" in found else {}


def path_after_login(going: Mapping[str, str]) -> str:
    """Return the path of a page that a login leads to, or the path that returns to an application."""
    path = going.get("next", "")
    if is_application(path) or leads_behind_proxy(going):
        return f"{RETURN}?{urlencode({name: going[name] for name in GOING if name in going})}"
    return safe_path(path)


def going_to(path: str) -> dict[str, str]:
    """Return the fields that lead to a path of `path_after_login`."""
    return kept(dict(parse_qsl(path.partition("?")[2])) if path.startswith(f"{RETURN}?") else {"next": path})


def is_allowed(path: str) -> bool:
    """Return whether a login may redirect to a path or URL. Prevents open redirects."""
    return is_page(path) or is_elsewhere(path)


def safe_path(path: str) -> str:
    """Return the path if it is that of a page for logged-in users, else the account page. Prevents open redirects."""
    return path if is_page(path) else HOME


def is_page(path: str) -> bool:
    """Return whether a path is that of a page for logged-in users, or continues an authorization request."""
    if PAGES.fullmatch(path) or DEVICE_PAGES.fullmatch(path) or is_in_console(path):
        return True
    return authorization_references.redirect_uri_of(path) is not None


def is_in_console(path: str) -> bool:
    """Return whether a path, with its query, is that of a page of the admin console."""
    return CONSOLE_PAGES.fullmatch(path) is not None and not leaves_its_folder(path)


def leaves_its_folder(path: str) -> bool:
    """Return whether a path, with its query, contains a segment such as `..`, so that browsers open another one."""
    return DOT_SEGMENT.search(path.partition("?")[0]) is not None


def continues(path: str) -> bool:
    """Return whether a path is that of a page, or continues a login that leads to an application."""
    return is_page(path) or path.startswith(f"{RETURN}?")


def leads_to(path: str) -> str | None:
    """Return the URL of the application that a login leads to, or None if it leads to a page of this service."""
    return path if is_elsewhere(path) else authorization_references.redirect_uri_of(path)


def is_application(url: str) -> bool:
    """Return whether a URL belongs to an application of `OAUTH_REDIRECT_URIS`, and not to this service."""
    return "://" in url and not url.startswith(f"{settings.public_base_url}/") and redirects.is_allowed(url)


def is_behind_proxy(url: str) -> bool:
    """Return whether a URL belongs to an allowed application that gets the access cookie, through forward auth."""
    if "://" not in url or not redirects.is_at_allowed_origin(url):
        return False
    return forward_auth.gets_cookie(urlsplit(url).hostname or "")


def is_elsewhere(url: str) -> bool:
    """Return whether a URL belongs to an allowed application, behind a proxy or not."""
    return is_application(url) or is_behind_proxy(url)


def leads_behind_proxy(going: Mapping[str, str]) -> bool:
    """Return whether a login leads to an application behind a proxy, which needs cookies instead of a code."""
    return going.get("via") == forward_auth.VIA and is_behind_proxy(going.get("next", ""))


def origin_of(url: str) -> str:
    """Return the source expression of a URL for a content security policy: its origin, or the scheme of an app.

    Returns nothing for a host with characters that are not valid in a host name, because they could end the expression.
    An IPv6 address has no source expression (CSP Level 3, section 2.3.1), so of an application on this device only the
    scheme and port are named.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme}:"
    if parts.hostname == "::1":
        return f"{parts.scheme}://*:{parts.port or ('443' if parts.scheme == 'https' else '80')}"
    return f"{parts.scheme}://{parts.netloc}" if SOURCE_HOST.fullmatch(parts.netloc) else "'none'"


def may_be_logged_in(request: Request) -> bool:
    """Return whether a user who goes to an application may have a session whose access token has expired.

    The browser sends the refresh token's cookie, which shows whether it does, only to paths below /auth: see
    `redirect_to_login`.
    """
    query = request.query_params
    leads_away = is_application(query.get("next", "")) or leads_behind_proxy(query)
    return leads_away and cookies.known_account(request) is not None


def owner_of_session(request: Request) -> tuple[int, str] | None:
    """Return the account and session id of the refresh token's cookie, or None if the session has ended."""
    try:
        return refresh_tokens.owner_of(cookies.refresh_token(request) or "")
    except errors.InvalidRefreshToken:
        return None
