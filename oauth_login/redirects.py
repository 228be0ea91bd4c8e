"""Decide where a login may return to: the allowed redirect URIs."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import errors
from settings import addresses
from settings.loading import settings

MAX_URL_LENGTH = 1000


def require_allowed(redirect_to: str | None) -> None:
    """Require that `redirect_to` is allowed, if there is one. Raises OauthError."""
    if redirect_to is not None and not is_allowed(redirect_to):
        raise errors.OauthError(
            "A login cannot return to this redirect_to. OAUTH_REDIRECT_URIS lists the allowed URLs."
        )


def is_allowed(url: str) -> bool:
    """Return whether OAUTH_REDIRECT_URIS allows a URL: it is listed, or below a listed origin.

    Compares text, because a parser could find another host in a URL than the browser does.
    """
    return _is_plain(url) and (any(_matches(url)) or _is_own_login(url)) and not _has_reserved_parameters(url)


def is_at_allowed_origin(url: str) -> bool:
    """Return whether a URL is at an origin of OAUTH_REDIRECT_URIS, or at that of one of its URLs.

    That is enough to return to without a code. Compares text, as `is_allowed` does.
    """
    parts = (
        each.split("/", 3)[:3] for each in settings.oauth_redirect_uris if each.startswith(("https://", "http://"))
    )
    origins = {"/".join(each) for each in parts}
    return _is_plain(url) and any(url == each or url.startswith((f"{each}/", f"{each}?")) for each in origins)


def _is_own_login(url: str) -> bool:
    """Return whether a URL is this service's login page, which redirects to the account or an application."""
    page, _, query = url.partition("?")
    if not settings.hosted_pages or page != f"{settings.public_base_url}/login":
        return False
    going = parse_qs(query)
    # The login page itself checks its `next`.
    return going.keys() <= {"next", "code_challenge", "via"} and all(
        url.startswith("/") or is_allowed(url) or is_at_allowed_origin(url) for url in going.get("next", [])
    )


def _is_plain(url: str) -> bool:
    """Return whether a URL contains no character that browsers may interpret differently."""
    is_ascii = re.fullmatch(r"[!-~]+", url) is not None
    return is_ascii and addresses.AMBIGUOUS_CHARACTERS.isdisjoint(url) and len(url) <= MAX_URL_LENGTH


def _has_reserved_parameters(url: str) -> bool:
    """Return whether a URL already contains a parameter of the callback, which would be ambiguous for a frontend."""
    return bool(addresses.CALLBACK_PARAMETERS & parse_qs(urlsplit(url).query, keep_blank_values=True).keys())


def _matches(url: str) -> Iterator[bool]:
    for allowed in settings.places_to_return_to:
        is_origin = "://" in allowed and "/" not in allowed.partition("://")[2]
        # Exact in production: an open redirect on the origin would leak the code (RFC 9700, 4.1).
        if settings.production:
            yield url in (allowed, f"{allowed}/" if is_origin else allowed)
        else:
            below = (f"{allowed}/", f"{allowed}?", f"{allowed}#")
            yield url == allowed or (is_origin and url.startswith(below))
