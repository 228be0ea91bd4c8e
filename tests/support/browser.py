"""What people have in front of them: a browser that keeps to the rules on cookies and sites, as `chromium` shows.

It is quick, shows every hop and answers httpx2 responses.
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

from people import checked

T = TypeVar("T")

FRONTEND = "http://localhost:3000"
ASKS_FOR_A_CLICK = "Another website opened this page"
SUBMITS_ITSELF = "document.forms[0].submit()"
LOOPBACK = ("localhost", "127.0.0.1")


def origin_of(url: str) -> str:
    parts = urlsplit(str(url))
    return f"{parts.scheme}://{parts.netloc}"


def site_of(url: str) -> str:
    """Scheme and host; the port does not count, and each loopback name is a site of its own."""
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
        """Whether it goes with this request (RFC 6265bis, 5.8.3)."""
        parts = urlsplit(url)
        beneath = (parts.path or "/") == self.path or (parts.path or "/").startswith(self.path.rstrip("/") + "/")
        crosses = self.same_site == "none" or (self.same_site == "lax" and navigates and safe)
        here = parts.hostname == self.host and beneath and (not self.secure or _is_safe_place(url))
        return here and (same_site or crosses) and (self.expires is None or self.expires > time.time())


def _is_safe_place(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in LOOPBACK


def parsed_cookie(line: str, url: str) -> Cookie | None:
    """The cookie of a Set-Cookie line from this address, or None where a browser would not take it."""
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
    """The first form of a page, or the first one that goes to this address."""

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
    """Keeps cookies by host and path, follows redirects from host to host, and submits forms, also those that submit
    themselves. `hops` are the answers to the last thing that was done, the oldest first.
    """

    def __init__(self, **headers: str) -> None:
        self.cookies: list[Cookie] = []
        self.hops: list[httpx2.Response] = []
        nobody_elses = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx2.Client(
            cookies=nobody_elses, headers=headers, follow_redirects=False, timeout=30, trust_env=False, verify=False
        )

    def close(self) -> None:
        self._http.close()

    def get(self, url: str) -> httpx2.Response:
        """Types an address: the page where all redirects end."""
        return self.follows(url)

    def follows(
        self, url: str, *, clicked_on: str | None = None, until: Callable[[httpx2.Response], bool] | None = None
    ) -> httpx2.Response:
        """Types an address, or clicks on a link of the page `clicked_on`.

        Stops early at the answer that `until` names: by default one that leads to the frontend, where nothing runs.
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
        """Sends the first form of this page, or the one that goes `to` an address, its hidden fields included, with these fields filled in."""
        method, url, filled = _form_of(response, fields, to)
        return self._goes(method, url, str(response.url), filled, until, _says_origin(response))

    def lands_on(self, url: str, *, frontend: str = FRONTEND, clicked_on: str | None = None) -> str:
        """Follows an address until a redirect leads to the frontend: that address, which is not asked for."""
        return self.landing(self.follows(url, clicked_on=clicked_on, until=leads_to(frontend)), frontend)

    def landing(self, response: httpx2.Response, frontend: str = FRONTEND) -> str:
        """Where this answer leads to: an address of the frontend."""
        assert leads_to(frontend)(response), f"{response.url} -> {response.status_code} {response.text[:300]}"
        return response.headers["location"]

    def fetch(self, method: str, url: str, *, frontend: str = FRONTEND, **more: Any) -> httpx2.Response:
        """What a script on a page of the frontend sends, with `credentials: "include"`. No redirect is followed."""
        more["headers"] = {"Origin": origin_of(frontend), **more.get("headers", {})}
        self.hops = [self._sends(method, url, [frontend], navigates=False, **more)]
        return self.hops[0]

    def cookie(self, name: str) -> Cookie | None:
        """The cookie of this name, or of a name that ends so (`__Host-` and the like)."""
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
        """`chain` is the page that causes it and the redirects since; empty where a person typed the address."""
        # As in Chrome, cookies ask for the page alone; Sec-Fetch-Site asks for every step.
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
    """Somebody who comes to our service with a browser. Our answers are `checked`, as a Client's are."""

    def __init__(self, service: Any, token: str | None = None) -> None:
        super().__init__(**{"User-Agent": "A visitor's browser"})
        self.service, self.token = service, token

    def _sends(self, method: str, url: str, chain: list[str], *, navigates: bool, **more: Any) -> httpx2.Response:
        response = super()._sends(method, url, chain, navigates=navigates, **more)
        return checked(response, None, ()) if url.startswith(self.service.url) else response

    def goes_to(self, path: str, **query: str) -> httpx2.Response:
        """Clicks on a link of the frontend to our service: where all redirects end, or the one to the frontend."""
        return self.follows(self.service.url + path + (f"?{urlencode(query)}" if query else ""), clicked_on=FRONTEND)

    def signs_in_with(self, provider: str, **query: str) -> httpx2.Response:
        return self.goes_to(f"/oauth/{provider}", **query)

    def links(self, provider: str, body: Any = None, **query: str) -> httpx2.Response:
        """A script of the frontend asks where to go for linking, and the browser goes there."""
        url = f"{self.service.url}/oauth/{provider}/link" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        asked = self.fetch("POST", url, headers=headers, **({"json": body} if body else {}), frontend=self.frontend)
        return self.follows(asked.json()["authorization_url"]) if asked.status_code == 200 else asked

    @property
    def frontend(self) -> str:
        """A page of the same site as the service: only there do its cookies stick to what a script fetches."""
        return f"http://{urlsplit(self.service.url).hostname}:3000"


def query_of(response: httpx2.Response) -> dict[str, str]:
    """What an answer that leads elsewhere says in the address."""
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
    """The Origin header of a form on this page (Fetch, "append a request Origin header")."""
    silent = response.headers.get("referrer-policy") == "no-referrer" and '<meta name="referrer"' not in response.text
    return "null" if silent else origin_of(str(response.url))


def _relation(chain: list[str], url: str) -> str:
    if not chain:
        return "none"
    if all(origin_of(page) == origin_of(url) for page in chain):
        return "same-origin"
    return "same-site" if all(site_of(page) == site_of(url) for page in chain) else "cross-site"
