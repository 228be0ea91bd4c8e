"""Verify the stand-in providers and the test browser with an independent relying party."""

import hashlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import jwt
import pytest

import http_stubs
import missing
from browser import FRONTEND, Browser, parsed_cookie
from certified import CertifiedProvider
from chromium import Chromium
from oauth_server import RUBBISH, base64url, moved_to
from providers import DISCOVERY, Apple, Facebook, GitHub, OpenIdProvider
from servers import free_port

CALLBACK = f"{FRONTEND}/callback"
http = httpx2.Client(trust_env=False, verify=False, timeout=1)


@pytest.fixture
def openid() -> Iterator[OpenIdProvider]:
    with closing(OpenIdProvider()) as provider:
        yield provider


@pytest.fixture
def browser() -> Iterator[Browser]:
    with closing(Browser()) as one:
        yield one


class RelyingParty:
    """A relying party by RFC 6749, RFC 7636 and OpenID Connect Core 1.0."""

    def __init__(self, provider: Any, *, way: str = "basic", **doors: str) -> None:
        self.client = (provider.client_id, provider.client_secret)
        self.doors = doors or http.get(provider.issuer + DISCOVERY).json()
        self.way, self.verifier, self.nonce, self.state = way, *(secrets.token_urlsafe(32) for _ in range(3))

    def url(self, **changes: str) -> str:
        challenge = base64url(hashlib.sha256(self.verifier.encode()).digest())
        asked = {
            "client_id": self.client[0], "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid email profile",
            "state": self.state, "nonce": self.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{self.doors['authorization_endpoint']}?{urlencode(asked | changes)}"

    def redeems(self, landed: str, **changes: str) -> httpx2.Response:
        told = {name: values[0] for name, values in parse_qs(urlsplit(landed).query).items()}
        assert told["state"] == self.state
        form = {"grant_type": "authorization_code", "code": told["code"], "redirect_uri": CALLBACK}
        form |= {"code_verifier": self.verifier, **changes}
        if self.way == "basic":
            return http.post(self.doors["token_endpoint"], data=form, auth=self.client)
        shown = {"client_id": self.client[0], "client_secret": self.client[1], **form}
        return http.post(self.doors["token_endpoint"], data=shown, headers={"Accept": "application/json"})

    def claims(self, id_token: str, issuer: str | None = None) -> dict[str, Any]:
        """Return the claims of an ID token after checking its signature. Raises PyJWTError."""
        keys = jwt.PyJWKSet.from_dict(http.get(self.doors["jwks_uri"]).json())
        key = keys[jwt.get_unverified_header(id_token)["kid"]]
        claims = jwt.decode(id_token, key, ["RS256", "ES256"], audience=self.client[0])
        assert (claims["nonce"], claims["iss"]) == (self.nonce, issuer or self.doors["issuer"])
        return claims


def signs_in(provider: Any, browser: Browser, **changes: str) -> httpx2.Response:
    """Return the response of the token endpoint."""
    party = RelyingParty(provider)
    return party.redeems(browser.landing_url(party.url()), **changes)


# -------------------------------------------------------------------------------------------------------- OpenID Connect


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
@pytest.mark.parametrize("way", ["basic", "post"])
def test_openid_provider_returns_the_user(openid, browser, way, algorithm):
    openid.signs_with = algorithm
    alice = openid.new_person(email="alice@example.com", name="Alice")
    party = RelyingParty(openid, way=way)
    landed = browser.landing_url(party.url())
    tokens = party.redeems(landed).json()
    assert party.claims(tokens["id_token"]).items() >= alice.items()
    assert f"iss={openid.url}" in landed.replace("%3A", ":").replace("%2F", "/")
    shown = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert http.get(party.doors["userinfo_endpoint"], headers=shown).json() == alice
    assert http.get(party.doors["userinfo_endpoint"]).status_code == 401
    assert party.redeems(landed).json() == {"error": "invalid_grant"}, "a code is good once"
    assert (openid.hits["/token"], openid.seen["/token"].form["redirect_uri"]) == (2, CALLBACK)


@pytest.mark.parametrize("changes", [{"code_verifier": "x" * 43}, {"redirect_uri": FRONTEND}, {"code": "y"}], ids=str)
def test_code_is_bound_to_its_verifier_and_redirect_uri(openid, browser, changes):
    answer = signs_in(openid, browser, **changes)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_client_needs_its_secret(openid, browser):
    party = RelyingParty(openid)
    landed = browser.landing_url(party.url())
    party.client = (openid.client_id, "wrong")
    assert party.redeems(landed).status_code == 401


@pytest.mark.parametrize("wrong", ["response_type", "scope", "state", "nonce", "code_challenge_method", "client_id"])
def test_incomplete_authorization_request_is_rejected(openid, wrong):
    answer = http.get(RelyingParty(openid).url(**{wrong: "x"}))
    assert (answer.status_code, answer.text) == (400, f"wrong or missing: {wrong}")


FORGERIES = ["none", "HS256-with-secret", "HS256-with-public-key", "another-key"]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_id_token_is_rejected(openid, browser, forgery):
    openid.signs_with = forgery
    raw = signs_in(openid, browser).json()["id_token"]
    assert json.loads(jwt.utils.base64url_decode(raw.split(".")[1]))["sub"] == openid.person["sub"]
    with pytest.raises(jwt.PyJWTError):
        RelyingParty(openid).claims(raw)


def test_claims_can_be_changed(openid, browser):
    openid.changes = {"aud": "another client", "email": None}
    openid.changes_at = {"/userinfo": {"sub": "another"}, "/authorize": {"iss": "http://mallory.example"}}
    raw = signs_in(openid, browser).json()["id_token"]
    told = jwt.decode(raw, options={"verify_signature": False})
    assert (told["aud"], "email" in told) == ("another client", False)
    assert "iss=http%3A%2F%2Fmallory.example" in browser.hops[-1].headers["location"]
    openid.says_no = "access_denied"
    assert "error=access_denied" in browser.landing_url(RelyingParty(openid).url())
    openid.behaves()
    assert "code=" in browser.landing_url(RelyingParty(openid).url())


def test_rotated_key_is_published_and_the_old_one_removed(openid, browser):
    old = signs_in(openid, browser).json()["id_token"]
    openid.rotates_keys()
    party = RelyingParty(openid)
    assert (
        party.claims(party.redeems(browser.landing_url(party.url())).json()["id_token"])["sub"] == openid.person["sub"]
    )
    with pytest.raises(KeyError):
        party.claims(old)


def test_each_tenant_has_its_own_issuer(browser):
    with closing(OpenIdProvider(templated_issuer=True)) as microsoft:
        party = RelyingParty(microsoft)
        raw = party.redeems(browser.landing_url(party.url())).json()["id_token"]
        assert party.doors["issuer"] == f"{microsoft.url}/{{tenantid}}/v2.0"
        tenant = microsoft.person["tid"]
        assert party.claims(raw, issuer=f"{microsoft.url}/{tenant}/v2.0")["tid"] == tenant


# ---------------------------------------------------------------------------------------------------------- misbehavior


def test_hanging_request_is_released(openid):
    openid.hangs = {DISCOVERY}
    threading.Timer(0.2, openid.behaves).start()
    begun = time.monotonic()
    assert http.get(openid.url + DISCOVERY).status_code == 200
    assert time.monotonic() - begun >= 0.2


def test_slow_response_sends_one_byte_at_a_time(openid):
    openid.drips, openid.seconds_a_byte = {"/jwks"}, 0.05
    with socket.create_connection(("127.0.0.1", urlsplit(openid.url).port), 5) as wire:
        wire.sendall(b"GET /jwks HTTP/1.1\r\n\r\n")
        assert [wire.recv(1000) for _ in range(4)] == [b"H", b"T", b"T", b"P"]


@pytest.mark.parametrize("name", RUBBISH)
def test_invalid_response_is_sent_unchanged(openid, name):
    openid.breaks = {"/token": RUBBISH[name]}
    with http.stream("POST", f"{openid.url}/token") as answer:
        raw = b"".join(answer.iter_raw())
    assert raw == RUBBISH[name].body


def test_it_redirects(openid):
    openid.breaks = {"/token": moved_to("http://mallory.example/")}
    assert http.post(f"{openid.url}/token").headers["location"] == "http://mallory.example/"


# ------------------------------------------------------------------------------------------------- Facebook and GitHub


def test_facebook_requires_appsecret_proof(browser):
    with closing(Facebook()) as facebook:
        base = f"{facebook.url}/v26.0"
        doors = {"authorization_endpoint": f"{base}/dialog/oauth", "token_endpoint": f"{base}/oauth/access_token"}
        party = RelyingParty(facebook, way="post", **doors)
        token = party.redeems(browser.landing_url(party.url())).json()["access_token"]
        asked = {"access_token": token, "fields": "id,name,email"}
        assert http.get(f"{base}/me", params=asked).json()["error"]["type"] == "OAuthException"
        asked["appsecret_proof"] = hmac.new(party.client[1].encode(), token.encode(), "sha256").hexdigest()
        told = http.get(f"{base}/me", params=asked).json()
        assert told == {"id": facebook.person["sub"], **{name: facebook.person[name] for name in ("name", "email")}}


def test_github_responds_as_documented(browser):
    with closing(GitHub()) as github:
        login = f"{github.url}/login/oauth"
        doors = {"authorization_endpoint": f"{login}/authorize", "token_endpoint": f"{login}/access_token"}
        party = RelyingParty(github, way="post", **doors)
        landed = browser.landing_url(party.url())
        token = party.redeems(landed).json()["access_token"]
        refused = party.redeems(landed)
        assert (refused.status_code, refused.json()["error"]) == (200, "bad_verification_code")
        assert http.post(doors["token_endpoint"]).text.startswith("error=incorrect_client_credentials")
        shown = {"Authorization": f"Bearer {token}"}
        told = http.get(f"{github.url}/user", headers=shown).json()
        assert (told["id"], told["email"]) == (int(github.person["sub"]), None)
        emails = http.get(f"{github.url}/user/emails", headers=shown).json()
        assert {"email": github.person["email"], "primary": True, "verified": True} in emails
        assert http.get(f"{github.url}/user").status_code == 401


# ------------------------------------------------------------------------------------------------------------- browsers


class _Page(BaseHTTPRequestHandler):
    """A server that sets a cookie of each kind, and returns those that it receives."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/sets":
            for cookie in ("lax=1; SameSite=Lax; Secure; HttpOnly", "strict=1; SameSite=Strict", "none=1; SameSite=None; Secure"):  # fmt: skip
                self.send_header("Set-Cookie", f"{cookie}; Path=/")
            self.send_header("Set-Cookie", "elsewhere=1; Path=/auth")
            self.send_header("Set-Cookie", "refused=1; SameSite=None")
        self.end_headers()
        names = sorted(pair.partition("=")[0] for pair in self.headers.get("Cookie", "").split("; "))
        self.wfile.write(" ".join([*names, self.headers.get("Sec-Fetch-Site", "-")]).strip().encode())

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def page() -> Iterator[str]:
    """A page at 127.0.0.1, which is cross-site to Apple's at localhost."""
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), _Page)
    http_stubs.serve(server)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with closing(missing.started(Chromium)) as running:
        yield running


def test_test_browser_handles_cookies_like_a_real_one(page, browser, chromium):
    with closing(Apple()) as apple:
        real, party = chromium, RelyingParty(apple)

        def posted() -> str:
            return party.url(redirect_uri=f"{page}/callback", response_mode="form_post")

        browser.get(f"{page}/sets")
        real.visit(f"{page}/sets")
        assert browser.get(f"{page}/").text == "lax none strict none"
        assert browser.get(f"{page}/auth/x").text == "elsewhere lax none strict none"
        assert browser.get(posted()).text == "none cross-site"
        assert browser.follow(f"{page}/", clicked_on=apple.url).text == "lax none cross-site"
        assert {hop.url.host for hop in browser.hops} == {"127.0.0.1"}
        real.visit(f"{page}/")
        assert real.text == "lax none strict none"
        real.visit(f"{page}/auth/x")
        assert real.text == "elsewhere lax none strict none"
        real.run(lambda seen: (seen.goto(posted()), seen.wait_for_url(f"{page}/callback")))
        assert real.text == "none cross-site"
        assert sorted(real.cookies) == sorted(cookie.name for cookie in browser.cookies)


def test_apple_sends_the_name_once_and_in_the_form(page, browser):
    with closing(Apple()) as apple:
        apple.new_person(name="Alice Liddell")
        told = []
        for _ in range(2):
            party = RelyingParty(apple, way="post")
            asked = party.url(redirect_uri=f"{page}/callback", response_mode="form_post", scope="openid email name")
            form = browser.follow(asked, until=lambda answer: "document.forms" in answer.text).text
            told.append("Alice" in form)
        assert told == [True, False]
        assert http.get(party.url(scope="openid email")).text == "wrong or missing: response_mode"


def test_cross_site_script_sends_no_lax_cookie(page, browser):
    browser.get(f"{page}/sets")
    assert browser.fetch("POST", f"{page}/").text == "none cross-site"
    assert browser.fetch("POST", f"{page}/", frontend="http://127.0.0.1:1").text == "lax none strict same-site"


@pytest.mark.parametrize(
    "line", ["__Host-a=1; Secure; Path=/auth", "__Secure-a=1", "a=1; Domain=example.com", "a=1; SameSite=None"]
)
def test_cookie_that_browsers_reject_is_rejected(line):
    assert parsed_cookie(line, "http://127.0.0.1/") is None


# ----------------------------------------------------------------------------------------------- the certified provider


@pytest.fixture(scope="module")
def certified() -> Iterator[CertifiedProvider]:
    with closing(missing.started(CertifiedProvider, CALLBACK)) as running:
        yield running


@pytest.mark.parametrize("way", ["basic", "post"])
def test_certified_provider_logs_in_the_user_of_the_test(certified, browser, way):
    party = RelyingParty(certified.client(way), way=way)
    login = browser.get(party.url())
    consent = browser.submit(login, login=certified.new_person(email="alice@example.com", email_verified=False))
    tokens = party.redeems(browser.landing(browser.submit(consent))).json()
    claims = party.claims(tokens["id_token"])
    shown = {"Authorization": f"Bearer {tokens['access_token']}"}
    told = http.get(party.doors["userinfo_endpoint"], headers=shown).json()
    assert told == {
        "sub": claims["sub"],
        "email": "alice@example.com",
        "email_verified": False,
        "name": "A Person",
    }
    assert "email" not in claims


def test_pages_of_the_certified_provider_work_in_a_real_browser(certified, chromium):
    chromium.reset_profile()
    party = RelyingParty(certified.client("basic"))
    chromium.visit(party.url())
    chromium.submit(login=certified.new_person())
    assert party.claims(party.redeems(chromium.submit()).json()["id_token"])["sub"]
