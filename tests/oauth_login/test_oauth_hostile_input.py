"""Hostile input to /oauth, by each method: it is rejected without using up a state, and never causes a 5xx."""

import re

import pytest

import tables
from databases import SQLITE_ONLY
from people import refusal

# Requests that are rejected before any look-up run on one database only.
pytestmark = SQLITE_ONLY

REFUSED = (400, "oauth_error")


def way_back(browser):
    """Log in at the provider, and return the callback URL to which it redirects, before the browser requests it."""
    url = f"{browser.service.url}/oauth/google"
    return browser.follow(url, until=lambda a: f"{url}/callback" in a.headers.get("location", "")).headers["location"]


def test_post_to_the_callback_of_a_query_provider_is_rejected(google, visitor):
    before = tables.rows()
    answer = visitor._http.post(way_back(visitor))
    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"
    assert tables.rows() == before


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE"])
def test_other_methods_use_no_state_up(google, visitor, method):
    """A scanner that opens a URL in advance must not complete the flow."""
    back = way_back(visitor)
    cookie = {"Cookie": f"oauth_state_google={visitor.cookie('oauth_state_google').value}"}
    before = tables.rows()
    assert visitor._http.request(method, back, headers=cookie).status_code == 405
    assert tables.rows() == before
    assert visitor.get(back).status_code == 200


def test_too_large_form_is_not_read(sign_in_with, anonymous):
    sign_in_with("apple")
    before = tables.rows()
    answer = anonymous.post("/oauth/apple/callback", data={"state": "x" * 65_000, "user": "y" * 1000})
    assert refusal(answer) == (413, "body_too_large")
    assert tables.rows() == before


GARBAGE = ["%00", "%ED%A0%80", "%ff%fe", "%0d%0aSet-Cookie:%20a=b", "x" * 60_000, "%F0%9F%98%80", "%25%30%30", "[", "a&state=b&state="]  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda text: text[:12])
def test_malformed_callback_is_rejected_without_a_5xx(sign_in_with, alice, garbage):
    for name in ("google", "apple"):
        sign_in_with(name)
    for path in ("/oauth/google", "/oauth/google/link"):
        method = "POST" if path.endswith("link") else "GET"
        for field, status in (("redirect_to", 400), ("use_cookies", 422)):
            answer = alice.client._request(method, f"{path}?{field}={garbage}")
            assert answer.status_code in ({status} if method == "GET" else {200, status}), f"{path} {field}"
            assert "a=b" not in str(answer.headers)
    everywhere = "&".join(f"{field}={garbage[:9000]}" for field in ("code", "state", "error", "iss", "user"))
    for said in (f"state={garbage}", everywhere):
        assert refusal(alice.client.get(f"/api/v1/oauth/google/callback/?{said}")) == REFUSED
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert refusal(alice.client.post("/oauth/apple/callback", content=said, headers=form)) == REFUSED
    for path in (f"/oauth/{garbage}", f"/oauth/{garbage}/callback"):
        assert alice.client.get(path).status_code in (400, 404), path
    assert alice.client.post("/oauth/exchange", {"code": garbage}).status_code in (400, 422)


@pytest.mark.parametrize("secret", ["", "x", "x" * 8000, '"\\777"', "ä".encode("latin-1"), "é" * 43, "a=b", "\\ud800"])
def test_malformed_cookie_is_not_accepted(google, visitor, secret):
    back = way_back(visitor)
    raw = secret if isinstance(secret, bytes) else secret.encode()
    assert refusal(visitor._http.get(back, headers={b"Cookie": b"oauth_state_google=" + raw})) == REFUSED
    left = visitor._http.get(f"{visitor.service.url}/oauth/google", headers={b"Cookie": b"oauth_state_google=" + raw})
    assert re.search(r"oauth_state_google=[\w-]{43};", left.headers["set-cookie"]), "it gets a generated one"
