"""A fast stand-in for a browser that applies the rules on cookies and sites; `chromium` verifies it.

It records every hop and returns httpx2 responses.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx2

from people import NO_TLS, checked

T = TypeVar("T")

FRONTEND = "http://localhost:3000"
ASKS_FOR_A_CLICK = "Another website opened this page"
SUBMITS_ITSELF = "document.forms[0].submit()"
LOOPBACK = ("localhost", "127.0.0.1")


def origin_of(url: str) -> str:
    parts = urlsplit(str(url))
    return f"{parts.scheme}://{parts.netloc}"


def site_of(url: str) -> str:
    """Return scheme and host; the port does not count, and each loopback name is a separate site."""
    parts = urlsplit(str(url))
    return f"{parts.scheme}://{parts.hostname}"


# --------------------------------------------------------------------------------------------------------------- cookies


@dataclass(frozen=True)
class Cookie:
    name: str
    value: str
    host: str
    path: str
    secure: bool
    http_only: bool
    same_site: str
    expires: float | None

    def is_for(self, url: str, *, same_site: bool, navigates: bool, safe: bool) -> bool:
        """Return whether the cookie is sent with this request (RFC 6265bis, 5.8.3)."""
        parts = urlsplit(url)
        beneath = (parts.path or "/") == self.path or (parts.path or "/").startswith(self.path.rstrip("/") + "/")
        crosses = self.same_site == "none" or (self.same_site == "lax" and navigates and safe)
        here = parts.hostname == self.host and beneath and (not self.secure or _is_safe_place(url))
        return here and (same_site or crosses) and (self.expires is None or self.expires > time.time())


def _is_safe_place(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in LOOPBACK


def parsed_cookie(line: str, url: str) -> Cookie | None:
    """Return the cookie of a Set-Cookie line from this URL, or None if browsers reject it."""
    pair, *attributes = [part.strip() for part in line.split(";")]
    name, _, value = pair.partition("=")
    told = {key.strip().lower(): text.strip() for key, _, text in (a.partition("=") for a in attributes)}
    parts = urlsplit(url)
    path = told.get("path", "")
    if not path.startswith("/"):
        path = parts.path.rpartition("/")[0] or "/"
    same_site, secure = told.get("samesite", "lax").lower(), "secure" in told
    refused = [
        secure and not _is_safe_place(url),
        same_site == "none" and not secure,
        name.startswith(("__Secure-", "__Host-")) and not secure,
        name.startswith("__Host-") and (path != "/" or "domain" in told),
        told.get("domain", "").lstrip(".") not in ("", parts.hostname),
    ]
    if any(refused):
        return None
    return Cookie(name, value, str(parts.hostname), path, secure, "httponly" in told, same_site, _end_of(told))


def _end_of(told: dict[str, str]) -> float | None:
    if "max-age" in told:
        return time.time() + int(told["max-age"])
    return parsedate_to_datetime(told["expires"]).timestamp() if "expires" in told else None


# ----------------------------------------------------------------------------------------------------------------- forms


class _FirstForm(HTMLParser):
    """Return the first form of a page, or the first one that posts to this URL."""

    def __init__(self, page: str, wanted: str | None = None) -> None:
        super().__init__()
        self._wanted = wanted
        self.action, self.method, self.fields = "", "get", dict[str, str]()
        self._is_in, self.found = False, False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form" and not self.found and self._wanted in (None, told.get("action", "")):
            self._is_in = self.found = True
            self.action, self.method = told.get("action", ""), told.get("method", "get").lower()
        left_out = told.get("type") in ("submit", "button", "image", "reset") or (
            told.get("type") in ("checkbox", "radio") and "checked" not in told
        )
        if tag == "input" and self._is_in and told.get("name") and not left_out:
            self.fields[told["name"]] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in = False


# --------------------------------------------------------------------------------------------------------------- browser


class Browser:
    """Store cookies by host and path, follow redirects across hosts, and submit forms, including self-submitting ones.

    `hops` contains the responses to the last action, oldest first.
    """

    def __init__(self, **headers: str) -> None:
        self.cookies: list[Cookie] = []
        self.hops: list[httpx2.Response] = []
        nobody_elses = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx2.Client(
            cookies=nobody_elses, headers=headers, follow_redirects=False, timeout=30, trust_env=False, verify=NO_TLS
        )

    def close(self) -> None:
        self._http.close()

    def get(self, url: str) -> httpx2.Response:
        """Enter a URL, and return the page where all redirects end."""
        return self.follow(url)

    def follow(
        self, url: str, *, clicked_on: str | None = None, until: Callable[[httpx2.Response], bool] | None = None
    ) -> httpx2.Response:
        """Enter a URL, or click a link on the page `clicked_on`.

        Stop at the response that `until` matches: by default one that redirects to the frontend, where no server runs.
        """
        return self._goes("GET", url, clicked_on, None, until)

    def submit(
        self,
        response: httpx2.Response,
        *,
        until: Callable[[httpx2.Response], bool] | None = None,
        to: str | None = None,
        **fields: str,
    ) -> httpx2.Response:
        """Submit the first form of this page, or the one that posts `to` a URL, with these values."""
        method, url, filled = _form_of(response, fields, to)
        return self._goes(method, url, str(response.url), filled, until, _says_origin(response))

    def landing_url(self, url: str, *, frontend: str = FRONTEND, clicked_on: str | None = None) -> str:
        """Follow a URL until a redirect leads to the frontend, and return that URL without requesting it."""
        return self.landing(self.follow(url, clicked_on=clicked_on, until=leads_to(frontend)), frontend)

    def landing(self, response: httpx2.Response, frontend: str = FRONTEND) -> str:
        """Return the URL of the frontend to which this response redirects."""
        assert leads_to(frontend)(response), f"{response.url} -> {response.status_code} {response.text[:300]}"
        return response.headers["location"]

    def fetch(self, method: str, url: str, *, frontend: str = FRONTEND, **more: Any) -> httpx2.Response:
        """Send a request as a script of the frontend does, with `credentials: "include"`.

        Redirects are not followed.
        """
        more["headers"] = {"Origin": origin_of(frontend), **more.get("headers", {})}
        self.hops = [self._sends(method, url, [frontend], navigates=False, **more)]
        return self.hops[0]

    def cookie(self, name: str) -> Cookie | None:
        """Return the cookie with this name, also with a prefix such as `__Host-`."""
        return next((cookie for cookie in self.cookies if cookie.name.endswith(name)), None)

    def _goes(
        self,
        method: str,
        url: str,
        initiator: str | None,
        form: dict[str, str] | None,
        until: Callable[[httpx2.Response], bool] | None,
        origin: str | None = None,
    ) -> httpx2.Response:
        self.hops, chain = [], [initiator] if initiator else []
        until = until or leads_to(FRONTEND)
        while True:
            assert len(self.hops) < 20, f"goes round in a circle: {[str(hop.url) for hop in self.hops]}"
            sent = {"params" if method == "GET" else "data": form} if form else {}
            headers = {"Origin": origin} if origin and method != "GET" else {}
            response = self._sends(method, url, chain, navigates=True, headers=headers, **sent)
            self.hops.append(response)
            if until(response):
                return response
            if response.has_redirect_location:
                chain = [*chain, url] if chain else []
                url = urljoin(url, response.headers["location"])
                if response.status_code not in (307, 308):
                    method, form = "GET", None
            elif SUBMITS_ITSELF in response.text:
                chain, origin = [str(response.url)], _says_origin(response)
                method, url, form = _form_of(response, {})
            elif ASKS_FOR_A_CLICK in response.text:
                chain, method, form = [str(response.url)], "GET", None
            else:
                return response

    def _sends(self, method: str, url: str, chain: list[str], *, navigates: bool, **more: Any) -> httpx2.Response:
        """`chain` contains the initiating page and the redirects since; it is empty if the user entered the URL."""
        # As in Chrome, cookies consider the page only; Sec-Fetch-Site considers every step.
        same_site = not chain or site_of(chain[0]) == site_of(url)
        asks = {"same_site": same_site, "navigates": navigates, "safe": method in ("GET", "HEAD")}
        shown = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._sorted() if cookie.is_for(url, **asks))
        headers = {"Sec-Fetch-Site": _relation(chain, url), "Sec-Fetch-Mode": "navigate" if navigates else "cors"}
        headers |= {"Cookie": shown} if shown else {}
        response = self._http.request(method, url, **{**more, "headers": {**headers, **more.get("headers", {})}})
        for line in response.headers.get_list("set-cookie"):
            self._keep(parsed_cookie(line, str(response.url)), third_party=not navigates and not same_site)
        return response

    def _sorted(self) -> list[Cookie]:
        return sorted(self.cookies, key=lambda cookie: -len(cookie.path))

    def _keep(self, cookie: Cookie | None, *, third_party: bool) -> None:
        if cookie is None or (third_party and cookie.same_site != "none"):
            return
        key = (cookie.name, cookie.host, cookie.path)
        self.cookies = [other for other in self.cookies if (other.name, other.host, other.path) != key]
        if cookie.expires is None or cookie.expires > time.time():
            self.cookies.append(cookie)


class Visitor(Browser):
    """A visitor of the service with a browser. Responses of the service are `checked`, as those of a Client are."""

    def __init__(self, service: Any, token: str | None = None) -> None:
        super().__init__(**{"User-Agent": "A visitor's browser"})
        self.service, self.token = service, token

    def _sends(self, method: str, url: str, chain: list[str], *, navigates: bool, **more: Any) -> httpx2.Response:
        response = super()._sends(method, url, chain, navigates=navigates, **more)
        return checked(response, None, ()) if url.startswith(self.service.url) else response

    def keep(self, name: str, value: str) -> None:
        """Keep a cookie that the service has set in another test step."""
        host = urlsplit(self.service.url).hostname or ""
        self._keep(Cookie(name, value, host, "/", False, True, "lax", None), third_party=False)

    def go_to(self, path: str, **query: str) -> httpx2.Response:
        """Click a login link of the frontend, and return where all redirects end, or the redirect to the frontend."""
        return self.follow(self.service.url + path + (f"?{urlencode(query)}" if query else ""), clicked_on=FRONTEND)

    def log_in_with(self, provider: str, **query: str) -> httpx2.Response:
        return self.go_to(f"/oauth/{provider}", **query)

    def link_provider(self, provider: str, body: Any = None, **query: str) -> httpx2.Response:
        """Start linking by a script of the frontend, and follow the URL in the browser."""
        url = f"{self.service.url}/oauth/{provider}/link" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        asked = self.fetch("POST", url, headers=headers, **({"json": body} if body else {}), frontend=self.frontend)
        return self.follow(asked.json()["authorization_url"]) if asked.status_code == 200 else asked

    @property
    def frontend(self) -> str:
        """A page on the same site as the service, where the browser sends cookies with a script's requests."""
        return f"http://{urlsplit(self.service.url).hostname}:3000"


def query_of(response: httpx2.Response) -> dict[str, str]:
    """Return the query of the URL to which a response redirects."""
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


def leads_to(frontend: str) -> Callable[[httpx2.Response], bool]:
    return lambda response: (
        response.has_redirect_location
        and origin_of(urljoin(str(response.url), response.headers["location"])) == origin_of(frontend)
    )


def _form_of(
    response: httpx2.Response, fields: dict[str, str], to: str | None = None
) -> tuple[str, str, dict[str, str]]:
    form = _FirstForm(response.text, to)
    assert form.found, f"{response.url} has no form: {response.status_code} {response.text[:300]}"
    return form.method.upper(), urljoin(str(response.url), form.action), {**form.fields, **fields}


def _says_origin(response: httpx2.Response) -> str:
    """Return the Origin header of a form on this page (Fetch, "append a request Origin header")."""
    silent = response.headers.get("referrer-policy") == "no-referrer" and '<meta name="referrer"' not in response.text
    return "null" if silent else origin_of(str(response.url))


def _relation(chain: list[str], url: str) -> str:
    if not chain:
        return "none"
    if all(origin_of(page) == origin_of(url) for page in chain):
        return "same-origin"
    return "same-site" if all(site_of(page) == site_of(url) for page in chain) else "cross-site"
