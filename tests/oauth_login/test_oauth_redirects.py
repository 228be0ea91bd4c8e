"""Redirects of an OAuth login: neither the browser nor a token is sent to a URL that is not allowed."""

from urllib.parse import quote

import pytest

from browser import Visitor, query_of
from databases import SQLITE_ONLY
from people import Client, refusal
from settings.loading import settings

# These tests need no database row, so they run on one database only.
pytestmark = SQLITE_ONLY

ORIGIN, EXACT, APP = "https://app.example.com", "https://www.example.org/signed-in", "com.example.app:/signed-in"

GOOD = [ORIGIN, f"{ORIGIN}/", f"{ORIGIN}/signed-in", f"{ORIGIN}/a/b?next=%2Fhome&x=1", f"{ORIGIN}?x=1", f"{ORIGIN}/#/home", f"{ORIGIN}#x", f"{ORIGIN}/@evil.example", f"{ORIGIN}//evil.example", EXACT, APP]  # fmt: skip

EVIL = [
    "https://evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "\\/evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example", "https:\\\\evil.example",
    "/", "/signed-in", "signed-in", "?x=1", "#x", ".", "..", "", " ",
    # Look-alike hosts
    f"{ORIGIN}@evil.example", f"{ORIGIN}:x@evil.example/", f"{ORIGIN}%40evil.example", f"{ORIGIN}\\@evil.example",
    f"{ORIGIN}.evil.example", f"{ORIGIN}evil.example", f"{ORIGIN}.", f"{ORIGIN}./x", f"{ORIGIN}-x.example/",
    "https://evil.example/https://app.example.com", "https://evil.example?https://app.example.com",
    "https://evil.example#https://app.example.com", "https://evil.example\\.app.example.com", "https://x.app.example.com",
    "https://evilapp.example.com", "https://app.example.co", "https://app.example.comx/", "https://xapp.example.com/",
    "https://app.example.com@evil.example:443/", "https://user:pw@app.example.com/", "https://@app.example.com/",
    # Another port, another scheme, another spelling
    f"{ORIGIN}:443/", f"{ORIGIN}:8443/", f"{ORIGIN}:/", f"{ORIGIN}:80@evil.example/", "http://app.example.com/",
    "HTTPS://app.example.com/", "Https://App.Example.Com/", "https://APP.example.com/", "https:app.example.com/x",
    "https:/app.example.com/x", "//app.example.com/x", "app.example.com/x", "ftp://app.example.com/", "ws://app.example.com/",
    "view-source:https://app.example.com/", "blob:https://app.example.com/x", "https://https://app.example.com/",
    "javascript:alert(1)", "javascript://app.example.com/%0aalert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>1</script>",
    "vbscript:x", "file:///etc/passwd", "about:blank", "mailto:a@example.com",
    "https://[::1]/", "https://[::ffff:127.0.0.1]", "https://127.0.0.1", "https://0x7f000001", "https://2130706433",
    # What browsers strip, normalize or parse differently
    f" {ORIGIN}/", f"{ORIGIN}/ ", f"\t{ORIGIN}/", f"{ORIGIN}/\t", "https://app.exa\tmple.com/", f"{ORIGIN}\n.evil.example/",
    f"{ORIGIN}/\r\nSet-Cookie: a=b", f"{ORIGIN}/\n", f"{ORIGIN}/\0", f"\0{ORIGIN}/", f"{ORIGIN}/\\..\\evil", f"{ORIGIN}/\x7f",
    f"{ORIGIN}\\evil.example", f"{ORIGIN}/\u2028x", f"{ORIGIN}/\u00a0", "https://app。example。com/", "https://app．example．com/",
    "https://ａpp.example.com/", "https://app.example.com／evil.example", "https://evil.example／.app.example.com",
    "https://app.example.com\u2044evil.example", "https://аpp.example.com/", f"{ORIGIN}/ä", f"\ufeff{ORIGIN}/", f"{ORIGIN}/\u202e",
    f"{ORIGIN}/\"><script>", f"{ORIGIN}/<", f"{ORIGIN}/{'x' * 1000}", "x" * 60_000,
    # Exact URLs and slight variations
    f"{EXACT}/", f"{EXACT}?", f"{EXACT}?x=1", f"{EXACT}#", f"{EXACT}#x", f"{EXACT}/..", f"{EXACT}x", f"{EXACT}%00", EXACT[:-1],
    EXACT.upper(), EXACT.replace("signed", "Signed"), EXACT.replace("/signed", "//signed"), EXACT.replace("-", "%2d"),
    "https://www.example.org", "https://www.example.org/", f"{APP}x", f"{APP}/", f"{APP}?x=1", "com.example.app:/",
    "com.example.app://signed-in", "com.example.app:signed-in", "Com.Example.App:/signed-in", "com.example.apps:/signed-in",
]  # fmt: skip


@pytest.fixture
def allowed(google, configure):
    configure(oauth_redirect_uris=(ORIGIN, EXACT, APP))


def test_other_redirect_uris_are_rejected(allowed, service, google, anonymous):
    assert len(set(EVIL)) == len(EVIL) > 100
    for evil in EVIL:
        answer = anonymous.get(f"/oauth/google?redirect_to={quote(evil, safe='')}")
        assert refusal(answer) == (400, "oauth_error"), ascii(evil)
        assert not {"location", "set-cookie"} & answer.headers.keys(), ascii(evil)
        assert len(evil) < 8 or evil not in answer.text, ascii(evil)


def test_other_redirect_uris_are_rejected_for_linking(allowed, alice, google):
    for evil in EVIL:
        answer = alice.client.post(f"/oauth/google/link?redirect_to={quote(evil, safe='')}")
        assert refusal(answer) == (400, "oauth_error"), ascii(evil)
        assert "set-cookie" not in answer.headers, ascii(evil)


@pytest.mark.parametrize("raw", ["%00", "%0d%0a", "%09", "%5c", "%20", "%ED%A0%80", "%ff"])
def test_invalid_utf8_in_a_redirect_uri_is_rejected(allowed, anonymous, raw):
    for address in (f"{raw}{ORIGIN}/", f"{ORIGIN}{raw}/", f"{ORIGIN}/{raw}", f"{ORIGIN}/x{raw}//evil.example"):
        assert refusal(anonymous.get(f"/oauth/google?redirect_to={address}")) == (400, "oauth_error"), address


@pytest.mark.parametrize("good", GOOD)
def test_allowed_redirect_uri_is_used_unchanged(allowed, visitor, google, good):
    """The redirect goes to the requested URL, with the code appended to its query and nothing else changed."""
    answer = visitor.follow(
        f"{visitor.service.url}/oauth/google?redirect_to={quote(good, safe='')}",
        until=lambda a: "/callback" in str(a.url),
    )
    assert answer.status_code == 302
    address, hash_, fragment = good.partition("#")
    led = answer.headers["location"]
    assert led.startswith(f"{address}{'&' if '?' in address else '?'}code=")
    assert led.endswith(hash_ + fragment)
    assert query_of(answer)["code"]


def test_the_checked_redirect_uri_is_the_one_used(allowed, visitor, google):
    twice = f"{visitor.service.url}/oauth/google?redirect_to={ORIGIN}/good&redirect_to=https://evil.example"
    assert refusal(visitor.get(twice)) == (400, "oauth_error")
    once = f"{visitor.service.url}/oauth/google?redirect_to=https://evil.example&redirect_to={ORIGIN}/good"
    answer = visitor.follow(once, until=lambda a: "/callback" in str(a.url))
    assert answer.headers["location"].startswith(f"{ORIGIN}/good?code=")


def test_callback_ignores_redirect_uris_in_its_query(visitor, google):
    answer = visitor.follow(
        f"{visitor.service.url}/oauth/google", until=lambda a: "/callback?" in a.headers.get("location", "")
    )
    came = visitor.get(f"{answer.headers['location']}&redirect_to=https://evil.example&use_cookies=true")
    assert (came.status_code, visitor.cookie("refresh_token")) == (200, None)


HOSTS = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.example", "X-Original-URL": "//evil.example", "X-Rewrite-URL": "//evil.example"}  # fmt: skip


def test_headers_do_not_change_the_callback_url(service, google, anonymous):
    started = anonymous.get("/oauth/google", headers=HOSTS)
    assert "evil" not in str(started.headers)
    assert "gopher" not in str(started.headers)
    assert started.headers["location"].startswith(google.issuer)
    assert anonymous.get("/oauth/providers", headers=HOSTS).json()[0]["login_url"] == f"{service.url}/oauth/google"
    visitor = Visitor(service)
    visitor._http.headers.update({name: value for name, value in HOSTS.items() if name != "Host"})
    assert visitor.log_in_with("google").status_code == 200
    assert google.seen["/token"].form["redirect_uri"] == f"{service.url}/oauth/google/callback"


# ------------------------------------------------------------------------------------------------------------- the cookie

OWN = {
    "http://localhost:8000": False,
    "http://127.0.0.1:8000": False,
    "http://[::1]:8000": False,
    "http://localhost.evil.example": True,
    "http://accounts.example.com": True,
    "https://accounts.example.com": True,
    "https://example.com/accounts": True,
}


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_flow_cookie_cannot_be_planted_by_a_sibling_domain(google, anonymous, configure, own, prefix):
    configure(public_base_url=own)
    secure = OWN[own]
    (line,) = anonymous.get(f"{prefix}/oauth/google").headers.get_list("set-cookie")
    pair, *attributes = line.split("; ")
    assert pair.startswith("__Host-oauth_state_google=" if secure else "oauth_state_google=")
    assert len(pair.partition("=")[2]) == 43
    told = {"HttpOnly", "Max-Age=600", "Path=/", "SameSite=lax", *(["Secure"] if secure else [])}
    assert set(attributes) == told, "and no Domain"


def test_only_the_apple_cookie_is_sent_with_a_cross_site_form(sign_in_with, alice):
    sign_in_with("apple")
    asked = [alice.client.get("/oauth/apple"), alice.client.post("/oauth/apple/link")]
    for answer in asked:
        (line,) = answer.headers.get_list("set-cookie")
        attributes = {"HttpOnly", "Max-Age=600", "Path=/", "SameSite=none", "Secure"}
        assert set(line.split("; ")[1:]) == attributes


def test_responses_of_a_flow_are_not_cached_and_send_no_referer(allowed, visitor, google):
    visitor.follow(
        f"{visitor.service.url}/oauth/google?redirect_to={ORIGIN}/x", until=lambda a: "/callback" in str(a.url)
    )
    ours = [hop for hop in visitor.hops if str(hop.url).startswith(visitor.service.url)]
    assert len(ours) == 2
    for hop in ours:
        assert (hop.headers["cache-control"], hop.headers["referrer-policy"]) == ("no-store", "no-referrer")
        assert hop.text == ""


def test_other_origins_cannot_read_responses(google, service, alice):
    for path in ("/oauth/google", "/oauth/google/callback"):
        answer = Client(service.url).get(path, headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers
    assert settings.cors_origins
    asked = Client(service.url).post("/oauth/google/link", headers={"Origin": "https://evil.example", "Cookie": f"access_token={alice.client.token}"})  # fmt: skip
    assert refusal(asked) == (403, "cross_site_request")
    assert "set-cookie" not in asked.headers
