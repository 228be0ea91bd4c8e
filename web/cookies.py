"""Implement cookie mode: tokens in `HttpOnly` cookies, and the rejection of cross-site requests that carry them."""

from collections.abc import Iterable
from typing import Annotated, TypeVar
from urllib.parse import quote, unquote, urlsplit

from fastapi import Depends, Query, Request, Response
from starlette.types import Scope

import errors
import schemas
from languages import reader
from settings.loading import settings

Body = TypeVar("Body", bound=schemas.Tokens)

ACCESS, REFRESH, RENEWED, DEVICE = "access_token", "refresh_token", "renewed", "trusted_device"
PENDING, LOGIN_FLOW = "pending_login", "login_flow"
ACCOUNT, GOING = "account", "going"
SECONDS_ACCOUNT_IS_KNOWN = 180 * 86_400
# With __Host- no sibling domain can set a cookie (RFC 6265bis, 4.1.3.2). It requires the path /, which the cookies of
# the refresh token and of a pending login must not have; with __Secure- no page on plain HTTP can set one.
PREFIXES = {REFRESH: "__Secure-", PENDING: "__Secure-"}
SECONDS_AFTER_RENEWAL = 10
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def require_same_site(request: Request) -> None:
    """Require that an unsafe request comes from an allowed origin. Raises CrossSiteRequest.

    A browser sends cookies with the requests of any page. `Origin` or, without it, `Sec-Fetch-Site` identifies the
    page, and scripts cannot set either.
    """
    if not is_same_site(request):
        raise errors.CrossSiteRequest()


def is_same_site(request: Request) -> bool:
    """Return whether a request has a safe method or comes from an allowed origin."""
    if request.method in SAFE_METHODS:
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return origin in (*settings.cors_origins, *_own_origins())


def _own_origins() -> list[str]:
    """Return the origins of this service. In development, these include all names of the machine."""
    parts = urlsplit(settings.public_base_url)
    names = LOOPBACK if _on_this_machine() else (parts.netloc,)
    port = f":{parts.port}" if _on_this_machine() and parts.port else ""
    return [f"{parts.scheme}://{name}{port}" for name in names]


def names_this_machine(request: Request) -> bool:
    """Return whether the Host header names this machine, or the service's own URL.

    A page on the internet can make its own name resolve to this machine (DNS rebinding) and read what it serves.
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return host in ("localhost", "127.0.0.1", "::1", urlsplit(settings.public_base_url).hostname)


def access_token(request: Request) -> str | None:
    """Return the access token from the cookie."""
    return _value(request, _named(ACCESS))


def refresh_token(request: Request) -> str | None:
    """Return the refresh token from the cookie, which is sent only to /auth."""
    return _value(request, _named(REFRESH))


def keep_device_in_cookie(scope: Scope) -> None:
    """Send the new token of a trusted device as a cookie, because the old one was in a cookie."""
    scope["state"]["device_in_cookie"] = True


def move_device_token(request: Request, response: Response, body: Body) -> Body:
    """Return the body without the token of a trusted device. If it was in a cookie, set the new one there."""
    if not (body.device_token and request.scope["state"].get("device_in_cookie")):
        return body
    _set(response, DEVICE, body.device_token, settings.trusted_device_days * 86_400, "/")
    return body.model_copy(update={"device_token": None})


def device_token(request: Request) -> str | None:
    """Return the token of a trusted device from the cookie."""
    return _value(request, _named(DEVICE))


def was_renewed(request: Request) -> bool:
    """Return whether the tokens were renewed just now."""
    return bool(_values(request, _named(RENEWED)))


def _named(name: str) -> str:
    if _on_this_machine():
        return name
    return f"{'__Secure-' if _domain_of(name) else PREFIXES.get(name, '__Host-')}{name}"


def _domain_of(name: str) -> str | None:
    # Only the access token is sent to other hosts.
    return settings.cookie_domain or None if name == ACCESS and not _on_this_machine() else None


def _values(request: Request, name: str) -> list[str]:
    """Return the value of each cookie with this name, in a single pass, because the client determines their number."""
    parts = (part.partition("=") for header in request.headers.getlist("cookie") for part in header.split(";"))
    return [value.strip() for sent, mark, value in parts if mark and sent.strip() == name]


def _value(request: Request, name: str) -> str | None:
    """Return the value of a cookie. Duplicates are ignored: another site may have set one of them."""
    values = _values(request, name)
    return values[0].strip('"') if len(values) == 1 else None


class TokenCarrier:
    """Read and send the tokens of a request: in bodies, or in cookies if the client requests or sends them."""

    def __init__(self, request: Request, response: Response, *, use_cookies: bool) -> None:
        self._request, self._response, self._cookies = request, response, use_cookies
        if use_cookies:
            require_same_site(request)

    def refresh_token(self, body: schemas.Refresh | None) -> str | None:
        """Return the refresh token from the body or, without one, from the cookie.

        A token from a cookie is renewed in a cookie.
        """
        if body and body.refresh_token is not None:
            return body.refresh_token
        if raw := refresh_token(self._request):
            require_same_site(self._request)
            self._cookies = True
        return raw

    def deliver(self, body: Body) -> Body:
        """Return the response body. In cookie mode its tokens are moved to cookies."""
        if self._cookies:
            return set_tokens(self._response, self._prefix, body)
        return move_device_token(self._request, self._response, body)

    def deliver_access_token(self, body: schemas.BearerToken) -> schemas.BearerToken:
        """Return the response body with a new access token of this session, in a cookie if the old one came in one."""
        if not self.came_in_cookies():
            return body
        set_access_token(self._response, body)
        return body.model_copy(update={"access_token": None})

    def came_in_cookies(self) -> bool:
        """Return whether the request authenticates with cookies only. Raises CrossSiteRequest."""
        if "authorization" in self._request.headers or not self._sent(ACCESS, REFRESH):
            return False
        require_same_site(self._request)
        return True

    def clear(self) -> None:
        """Delete the cookies that the browser sent."""
        clear(self._response, self._prefix, self._sent(ACCESS, REFRESH, GOING))

    def _sent(self, *names: str) -> set[str]:
        return {name for name in names if _values(self._request, _named(name))}

    @property
    def _prefix(self) -> str:
        return prefix_of(self._request)


def prefix_of(request: Request) -> str:
    """Return the prefix of the request path, such as /api/v1."""
    return str(getattr(request.state, "prefix", ""))


def set_tokens(response: Response, prefix: str, body: Body) -> Body:
    """Set the tokens as cookies of the response, and return the body without them.

    The refresh token's cookie is sent only to /auth below that prefix.
    """
    if not (body.access_token and body.refresh_token):
        return body
    _set(response, ACCESS, body.access_token, body.expires_in, _path_of(ACCESS, prefix))
    _set(response, REFRESH, body.refresh_token, body.refresh_expires_in, _path_of(REFRESH, prefix))
    if body.device_token:
        _set(response, DEVICE, body.device_token, settings.trusted_device_days * 86_400, "/")
    return body.model_copy(update={"access_token": None, "refresh_token": None, "device_token": None})


def set_access_token(response: Response, body: schemas.BearerToken) -> None:
    """Set a new access token as a cookie. The cookie of the refresh token remains."""
    _set(response, ACCESS, str(body.access_token), body.expires_in, _path_of(ACCESS, ""))


def remember_renewal(response: Response) -> None:
    """Record in a cookie that the tokens were renewed just now, so that a page that rejects them does not loop."""
    _set(response, RENEWED, "1", SECONDS_AFTER_RENEWAL, "/")


def pending_login(request: Request) -> tuple[str, list[str]] | None:
    """Return the `mfa_token` of the login that is waiting for a second factor, and the account's types of factors.

    The types come from the browser, so they may only decide which fields a page shows.
    """
    types, mark, mfa_token = (_value(request, _named(PENDING)) or "").partition(":")
    return (mfa_token, types.split("+")) if mark else None


def remember_pending_login(response: Response, mfa_token: str, factors: Iterable[str], seconds: int) -> None:
    """Keep a login that waits for a second factor in a cookie, which is sent only to the login pages.

    seconds: the lifetime of the cookie.
    """
    _set(response, PENDING, f"{'+'.join(factors)}:{mfa_token}", seconds, _path_of(PENDING, ""))


def forget_pending_login(response: Response) -> None:
    """Delete the cookie of the login that waits for a second factor."""
    _set(response, PENDING, "", 0, _path_of(PENDING, ""))


def login_flow(request: Request) -> str | None:
    """Return the flow of the browser that requested a login link. Raises CrossSiteRequest."""
    if flow := _value(request, _named(LOGIN_FLOW)):
        require_same_site(request)
    return flow


def remember_login_flow(response: Response, flow: str, seconds: int) -> None:
    """Keep the flow of a login link in the browser that requested it.

    seconds: the lifetime of the link.
    """
    _set(response, LOGIN_FLOW, flow, seconds, "/")


def forget_login_flow(request: Request, response: Response) -> None:
    """Delete the flow of a login link, if the browser has sent one."""
    if _values(request, _named(LOGIN_FLOW)):
        _set(response, LOGIN_FLOW, "", 0, "/")


def known_account(request: Request) -> str | None:
    """Return the email address of the last login on the hosted pages in this browser."""
    known = unquote(_value(request, _named(ACCOUNT)) or "")
    return known if "@" in known and len(known) <= schemas.EMAIL_MAX_LENGTH else None


def remember_account(response: Response, email: str) -> None:
    """Keep the email address for the next login on the hosted pages."""
    _set(response, ACCOUNT, quote(email, safe="@"), SECONDS_ACCOUNT_IS_KNOWN, "/")


def forget_account(response: Response) -> None:
    """Delete the email address of the last login."""
    _set(response, ACCOUNT, "", 0, "/")


def mark_of(request: Request, name: str) -> str | None:
    """Return the value that `mark` has set in the browser, or None."""
    return _value(request, _named(name))


def mark(response: Response, name: str, seconds: int = SECONDS_ACCOUNT_IS_KNOWN, value: str = "1") -> None:
    """Set a cookie that says that this browser has been somewhere. It proves nothing: another site may have set it."""
    _set(response, name, value, seconds, "/")


def choose_language(response: Response, language: str) -> None:
    """Keep the language that was chosen on a page."""
    response.set_cookie(
        reader.LANGUAGE_COOKIE,  # without a prefix, because it needs no protection and `languages` reads no settings
        language,
        max_age=SECONDS_ACCOUNT_IS_KNOWN,
        secure=not _on_this_machine(),
        httponly=True,
        samesite="lax",
    )


def clear(response: Response, prefix: str = "", names: Iterable[str] = (ACCESS, REFRESH, RENEWED, GOING)) -> None:
    """Delete these cookies of the routes below that prefix."""
    for name in names:
        _set(response, name, "", 0, _path_of(name, prefix))


def is_cross_origin(request: Request) -> bool:
    """Return whether the request was started by a page of another origin, as far as the browser reports it."""
    site, referer = request.headers.get("sec-fetch-site"), request.headers.get("referer")
    if site is not None:
        return site not in ("same-origin", "none")
    return referer is not None and not referer.startswith(tuple(f"{own}/" for own in _own_origins()))


def browser_of(request: Request, provider: str) -> str | None:
    """Return the secret that identifies the browser in an OAuth flow with this provider."""
    return _value(request, _browser_cookie(provider))


def remember_browser(response: Response, secret: str, provider: str, seconds: int, *, across_sites: bool) -> None:
    """Set the cookie that identifies the browser in an OAuth flow.

    seconds: the lifetime of the cookie.
    across_sites: whether the provider posts a form, so that the cookie must be sent cross-site.
    """
    response.set_cookie(
        _browser_cookie(provider),
        secret,
        max_age=seconds,
        path="/",
        secure=across_sites or not _on_this_machine(),
        httponly=True,
        samesite="none" if across_sites else "lax",
    )


def _browser_cookie(provider: str) -> str:
    return _named(f"oauth_state_{provider}")


def _path_of(name: str, prefix: str) -> str:
    base = urlsplit(settings.public_base_url).path
    return {REFRESH: f"{base}{prefix}/auth", PENDING: f"{base}/login"}.get(name, "/")


def _set(response: Response, name: str, value: str, seconds: int, path: str) -> None:
    secure, domain = not _on_this_machine(), _domain_of(name)
    response.set_cookie(_named(name), value, seconds, None, path, domain, secure, httponly=True, samesite="lax")


def _on_this_machine() -> bool:
    """Return whether the service runs on plain HTTP on this machine, where browsers would reject Secure cookies."""
    own = urlsplit(settings.public_base_url)
    return own.scheme == "http" and own.hostname in ("localhost", "127.0.0.1", "::1")


async def _carrier(
    request: Request,
    response: Response,
    use_cookies: Annotated[
        bool, Query(description="Set the tokens as `HttpOnly` cookies instead of returning them in the body.")
    ] = False,
) -> TokenCarrier:
    return TokenCarrier(request, response, use_cookies=use_cookies)


Carrier = Annotated[TokenCarrier, Depends(_carrier)]
