"""Re-authentication by a provider: only if it was asked to authenticate the user again, and says that it did."""

import time

import pytest

import errors
from browser import Visitor, query_of
from databases import SQLITE_ONLY
from oauth_login import redirects
from people import Client, new_email, refusal

REAUTHENTICATE = (403, "reauthentication_required")


def logged_in(service, **query):
    """Alice, logged in with Google, as a client with her access token."""
    answer = Visitor(service).log_in_with("google", **query)
    return Client(service.url, answer.json()["access_token"])


def changes_address(client):
    return client.post("/users/me/email", {"new_email": new_email()})


@SQLITE_ONLY
def test_silent_login_with_a_provider_is_no_reauthentication(service, google):
    google.new_person()
    assert refusal(changes_address(logged_in(service))) == REAUTHENTICATE


@SQLITE_ONLY
def test_requested_login_with_auth_time_is_reauthentication(service, google):
    google.new_person(auth_time=int(time.time()))
    assert changes_address(logged_in(service, prompt="login")).status_code == 202
    visitor = Visitor(service)
    visitor.log_in_with("google", prompt="login")
    asked = next(hop.url.params for hop in visitor.hops if "prompt" in hop.url.params and "nonce" in hop.url.params)
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")


@SQLITE_ONLY
@pytest.mark.parametrize("auth_time", [None, 0, "an hour ago", "now", True, 1.5, [1]])
def test_login_with_old_or_missing_auth_time_is_not(service, google, auth_time):
    claimed = int(time.time()) - 3600 if auth_time == "an hour ago" else auth_time
    google.new_person(**({} if claimed is None else {"auth_time": claimed}))
    assert refusal(changes_address(logged_in(service, prompt="login"))) == REAUTHENTICATE


@SQLITE_ONLY
def test_auth_time_without_a_request_is_not_enough(service, google):
    google.new_person(auth_time=int(time.time()))
    assert refusal(changes_address(logged_in(service))) == REAUTHENTICATE


def test_it_lasts_five_minutes_and_survives_the_exchange(service, google, clock):
    google.new_person(auth_time=int(time.time()))
    landed = Visitor(service).log_in_with("google", redirect_to="http://localhost:3000/in", prompt="login")
    code = query_of(landed)["code"]
    client = Client(service.url, Client(service.url).post("/oauth/exchange", {"code": code}).json()["access_token"])
    assert changes_address(client).status_code == 202
    clock.shift(301)
    assert refusal(changes_address(client)) == REAUTHENTICATE


VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B


@SQLITE_ONLY
def test_login_with_a_code_challenge_requires_its_verifier(service, google):
    google.new_person()
    landed = Visitor(service).log_in_with("google", redirect_to="http://localhost:3000/in", code_challenge=CHALLENGE)
    body, client = {"code": query_of(landed)["code"]}, Client(service.url)
    for wrong in ({}, {"code_verifier": VERIFIER[:-1] + "l"}, {"code_verifier": CHALLENGE}, {"code_verifier": ""}):
        assert refusal(client.post("/oauth/exchange", body | wrong)) == (400, "invalid_token")
    assert client.post("/oauth/exchange", body | {"code_verifier": VERIFIER}).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("challenge", ["", "short", CHALLENGE + "A", CHALLENGE[:-1] + "=", CHALLENGE[:-1] + "é"])
def test_malformed_code_challenge_is_rejected(service, google, challenge):
    answer = Client(service.url).get("/oauth/google", params={"code_challenge": challenge})
    assert refusal(answer) == (400, "oauth_error")


@SQLITE_ONLY
def test_another_site_starts_no_login_without_a_click(service, google):
    answer = Client(service.url)._http.get(
        f"{service.url}/oauth/google?use_cookies=true", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "set-cookie" not in answer.headers
    assert "Continue with Google" in answer.text


@pytest.mark.parametrize(
    "address", ["https://app.example.com/in", "https://app.example.com?x", "https://app.example.com/#x"]
)
def test_in_production_redirect_uris_are_exact_urls(configure, address):
    configure(environment="production", oauth_redirect_uris=("https://app.example.com", "https://app.example.com/back"))
    for allowed in ("https://app.example.com", "https://app.example.com/", "https://app.example.com/back"):
        redirects.require_allowed(allowed)
    with pytest.raises(errors.OauthError):
        redirects.require_allowed(address)


@SQLITE_ONLY
def test_another_server_with_the_same_name_gets_no_existing_account(service, google, configure, sign_in_with):
    google.new_person(sub="subject-1", email=(mine := new_email()))
    assert Visitor(service).log_in_with("google").json()["email"] == mine
    other = sign_in_with("google")  # another server, with another issuer
    other.new_person(sub="subject-1", email=(theirs := new_email()))
    assert Visitor(service).log_in_with("google").json()["email"] == theirs
