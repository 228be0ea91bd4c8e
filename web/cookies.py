"""Cookie mode: tokens that no script in a page ever sees, and the refusal of what other sites send along with them."""

from collections.abc import Iterable
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Query, Request, Response

import errors
import schemas
from settings.loading import settings

Answer = TypeVar("Answer", bound=schemas.Tokens)

ACCESS, REFRESH, RENEWED = "access_token", "refresh_token", "renewed"
# With __Host- no sibling domain can plant a cookie (RFC 6265bis, 4.1.3.2). It asks for the path /, which the refresh
# token's cookie must not have; with __Secure- no page on plain HTTP can plant one.
PREFIXES = {REFRESH: "__Secure-"}
SECONDS_A_RENEWAL_IS_REMEMBERED = 10
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")


def require_same_site(request: Request) -> None:
    """Refuse a call that changes something unless a page of ours made it. Raises CrossSiteRequest.

    A browser sends cookies along with whatever any page asks for; only `Origin`, or in its absence `Sec-Fetch-Site`,
    tells which page that was, and neither can be set by a script.
    """
    if not is_same_site(request):
        raise errors.CrossSiteRequest()


def is_same_site(request: Request) -> bool:
    """Return whether a call changes nothing, or was made by a page of ours."""
    if request.method in CHANGES_NOTHING:
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return origin in (*settings.cors_origins, *_own_origins())


def _own_origins() -> list[str]:
    """Our own; on the own machine by each of its names, for what is printed at the start is not what is in the
    settings.
    """
    parts = urlsplit(settings.public_base_url)
    names = LOOPBACK if _on_this_machine() else (parts.netloc,)
    port = f":{parts.port}" if _on_this_machine() and parts.port else ""
    return [f"{parts.scheme}://{name}{port}" for name in names]


def names_this_machine(request: Request) -> bool:
    """Whether the Host header names this machine, or the service's own URL.

    A page on the internet can make its own name resolve to this machine (DNS rebinding), and read what it serves.
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return host in ("localhost", "127.0.0.1", "::1", urlsplit(settings.public_base_url).hostname)


def access_token(request: Request) -> str | None:
    """Return the access token of the cookie."""
    return _value(request, _named(ACCESS))


def refresh_token(request: Request) -> str | None:
    """Return the refresh token of the cookie, which comes along to /auth alone."""
    return _value(request, _named(REFRESH))


def was_renewed(request: Request) -> bool:
    """Return whether the tokens were renewed a moment ago."""
    return bool(_values(request, _named(RENEWED)))


def _named(name: str) -> str:
    return name if _on_this_machine() else f"{PREFIXES.get(name, '__Host-')}{name}"


def _values(request: Request, name: str) -> list[str]:
    """Return the value of each cookie with this name, in one pass: the client decides how many there are."""
    parts = (part.partition("=") for header in request.headers.getlist("cookie") for part in header.split(";"))
    return [value.strip() for sent, mark, value in parts if mark and sent.strip() == name]


def _value(request: Request, name: str) -> str | None:
    """Return the value of a cookie. Of two with one name neither counts: another site may have planted one of them."""
    values = _values(request, name)
    return values[0].strip('"') if len(values) == 1 else None


class TokenCarrier:
    """How the tokens of this request come and go: in bodies, or in cookies where the client asks for them or sent
    them.
    """

    def __init__(self, request: Request, response: Response, *, use_cookies: bool) -> None:
        self._request, self._response, self._cookies = request, response, use_cookies
        if use_cookies:
            require_same_site(request)

    def refresh_token(self, body: schemas.Refresh | None) -> str | None:
        """The refresh token of the body or, where it holds none, of the cookie.

        What came in a cookie is renewed in a cookie.
        """
        if body and body.refresh_token is not None:
            return body.refresh_token
        if raw := refresh_token(self._request):
            require_same_site(self._request)
            self._cookies = True
        return raw

    def deliver(self, answer: Answer) -> Answer:
        """The answer as it goes out: in cookie mode its tokens move into cookies."""
        return set_tokens(self._response, self._prefix, answer) if self._cookies else answer

    def came_in_cookies(self) -> bool:
        """Whether the request shows our cookies, and nothing else. Raises CrossSiteRequest."""
        if "authorization" in self._request.headers or not self._which_came():
            return False
        require_same_site(self._request)
        return True

    def clear(self) -> None:
        """Take away the cookies that the browser sent."""
        clear(self._response, self._prefix, self._which_came())

    def _which_came(self) -> set[str]:
        return {name for name in (ACCESS, REFRESH) if _values(self._request, _named(name))}

    @property
    def _prefix(self) -> str:
        return prefix_of(self._request)


def prefix_of(request: Request) -> str:
    """The prefix under which a route was called, such as /api/v1."""
    return str(getattr(request.state, "prefix", ""))


def set_tokens(response: Response, prefix: str, answer: Answer) -> Answer:
    """The answer with its tokens in cookies of the response.

    The refresh token's goes to the routes under that prefix alone.
    """
    if not (answer.access_token and answer.refresh_token):
        return answer
    _set(response, ACCESS, answer.access_token, answer.expires_in, _path_of(ACCESS, prefix))
    _set(response, REFRESH, answer.refresh_token, answer.refresh_expires_in, _path_of(REFRESH, prefix))
    return answer.model_copy(update={"access_token": None, "refresh_token": None})


def remember_renewal(response: Response) -> None:
    """Tell the browser that its tokens were renewed just now, so that a page that refuses them is not asked again."""
    _set(response, RENEWED, "1", SECONDS_A_RENEWAL_IS_REMEMBERED, "/")


def clear(response: Response, prefix: str = "", names: Iterable[str] = (ACCESS, REFRESH, RENEWED)) -> None:
    """Let the browser forget these cookies of the routes under that prefix."""
    for name in names:
        _set(response, name, "", 0, _path_of(name, prefix))


def comes_from_elsewhere(request: Request) -> bool:
    """Return whether a page of another origin leads here, as far as the browser says."""
    site, referer = request.headers.get("sec-fetch-site"), request.headers.get("referer")
    if site is not None:
        return site not in ("same-origin", "none")
    return referer is not None and not referer.startswith(tuple(f"{own}/" for own in _own_origins()))


def browser_of(request: Request, provider: str) -> str | None:
    """The secret by which a browser that went to a provider is known again."""
    return _value(request, _browser_cookie(provider))


def remember_browser(response: Response, secret: str, provider: str, seconds: int, *, across_sites: bool) -> None:
    """Give the browser a secret to come back with. `across_sites`: it comes back with a form that another site
    sends.
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
    return f"{urlsplit(settings.public_base_url).path}{prefix}/auth" if name == REFRESH else "/"


def _set(response: Response, name: str, value: str, seconds: int, path: str) -> None:
    response.set_cookie(
        _named(name), value, max_age=seconds, path=path, secure=not _on_this_machine(), httponly=True, samesite="lax"
    )


def _on_this_machine() -> bool:
    """Plain HTTP, only here: a browser would not keep a Secure cookie."""
    own = urlsplit(settings.public_base_url)
    return own.scheme == "http" and own.hostname in ("localhost", "127.0.0.1", "::1")


async def _carrier(
    request: Request,
    response: Response,
    use_cookies: Annotated[
        bool, Query(description="Answer with `HttpOnly` cookies in place of tokens in the body.")
    ] = False,
) -> TokenCarrier:
    return TokenCarrier(request, response, use_cookies=use_cookies)


Carrier = Annotated[TokenCarrier, Depends(_carrier)]
