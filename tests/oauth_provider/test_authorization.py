"""Authorization requests: login, consent, the code, and everything that can be wrong."""

import re
import time
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import httpx2
import pytest

from authenticator import App
from databases import SQLITE_ONLY
from oauth_application import CALLBACK, Application, answer_of, refused, register
from people import at_once
from reader import person_of
from settings.loading import settings

pytestmark = SQLITE_ONLY
ALIVE = {"code", "state", "iss"}


def test_user_logs_in_and_allows_it_once(printer, alice, joins):
    printer.scope = "openid"
    printer.begin(alice)
    assert alice.page.url.path == "/login"
    alice.send_form(email=alice.email, password=alice.password)
    assert (
        'name="decision"' in alice.page.text and alice.email in alice.page.text and "localhost:3000" in alice.page.text
    )
    alice.send_form(to="/auth/authorize", decision="allow")
    answer = answer_of(alice.page)
    assert answer.keys() == ALIVE and answer["state"] == printer.state and answer["iss"] == settings.jwt_issuer
    assert answer_of(printer.begin(alice)).keys() == ALIVE, "asked again"
    printer.begin(alice, scope="openid email")
    assert 'name="decision"' in alice.page.text, "more was given without a question"
    bob = joins("bob")
    printer.begin(bob)
    bob.send_form(email=bob.email, password=bob.password)
    assert 'name="decision"' in bob.page.text, "Alice's answer counted for Bob"


@pytest.mark.parametrize("path", ["/a", "/ab", "/abc", "/in?tenant=a%20b", "/~bob/é".replace("é", "%C3%A9")])
def test_login_leads_to_any_redirect_uri(oidc, owner, alice, path):
    printer = Application(oidc, register(owner, redirect_uris=[f"http://localhost:3000{path}"], first_party=True))
    printer.redirect_uri = f"http://localhost:3000{path}"
    printer.begin(alice)
    page = alice.send_form(email=alice.email, password=alice.password)
    assert page.headers["location"].startswith(printer.redirect_uri)


def test_user_declines(printer, alice):
    answer = printer.authorize(alice, "deny")
    assert answer == {"error": "access_denied", "state": printer.state, "iss": settings.jwt_issuer}


def test_first_party_application_asks_nothing(connects, alice):
    printer = connects(first_party=True)
    printer.begin(alice)
    assert answer_of(alice.send_form(email=alice.email, password=alice.password)).keys() == ALIVE


def test_forms_may_redirect_to_the_application_only(printer, alice):
    printer.begin(alice)
    for _ in range(2):
        policy = alice.page.headers["content-security-policy"]
        assert "form-action 'self' http://localhost:3000;" in policy, policy
        alice.send_form(email=alice.email, password=alice.password)


def test_forms_may_redirect_to_the_port_of_an_ipv6_address(connects, alice):
    """Browsers ignore an address in brackets in a policy, and would block the redirect to a native application."""
    tool = connects(redirect_uris=["http://[::1]:7000/cb"])
    tool.redirect_uri = "http://[::1]:7000/cb"
    tool.begin(alice)
    assert "form-action 'self' http://*:7000;" in alice.page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/cb"},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": "http://localhost:3000@evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1:3000/callback"},
        {"request_uri": "urn:ietf:params:oauth:request_uri:1.2"},
    ],
)
def test_without_a_known_redirect_uri_the_error_is_a_page(printer, changes):
    page = httpx2.get(printer.url(**changes), headers={"Accept": "text/html"}, trust_env=False)
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "evil.example" not in page.text


def test_port_of_a_loopback_address_may_vary(oidc, owner, alice):
    made = register(owner, redirect_uris=["http://127.0.0.1/cb"], type="public", first_party=True)
    printer = Application(oidc, made, "http://127.0.0.1:51004/cb")
    page = httpx2.get(printer.url(), trust_env=False)
    assert page.status_code == 303, page.text
    other = httpx2.get(printer.url(redirect_uri="http://127.0.0.1:51004/other"), trust_env=False)
    assert other.status_code == 400


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"resource": "https://unknown.example/"}, "invalid_target"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "now"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"scope": "users:write"}, "invalid_scope"),
        ({"id_token_hint": "x.y.z"}, "invalid_request"),
        ({"nonce": ["a", "b"]}, "invalid_request"),
        ({"nonce": "n" * 5000}, "invalid_request"),
    ],
)
def test_other_errors_go_back_to_the_application(printer, alice, changes, error):
    answer = answer_of(printer.begin(alice, **changes))
    assert answer == {"error": error, "state": printer.state, "iss": settings.jwt_issuer}


def test_nobody_is_asked_with_prompt_none(printer, alice):
    alice.log_in()
    assert answer_of(printer.begin(alice, prompt="none"))["error"] == "consent_required"
    printer.authorize(alice)
    assert answer_of(printer.begin(alice, prompt="none")).keys() == ALIVE


def test_fresh_login_is_required(printer, alice, clock):
    printer.authorize(alice)
    clock.shift(timedelta(minutes=5))
    for changes in ({"prompt": "login"}, {"max_age": "60"}, {"max_age": "0"}, {"prompt": "select_account"}):
        printer.begin(alice, **changes)
        assert alice.page.url.path == "/login", changes
        answer = answer_of(alice.send_form(email=alice.email, password=alice.password))
        claims = printer.claims(printer.redeem(answer["code"]).json()["id_token"])
        assert abs(claims["auth_time"] - time.time()) < 5
        clock.shift(timedelta(minutes=5))
    assert answer_of(printer.begin(alice, max_age="600")).keys() == ALIVE
    printer.begin(alice, prompt="consent")
    assert 'name="decision"' in alice.page.text


def test_hint_for_another_user_asks_for_a_login(printer, alice, joins):
    tokens = printer.log_in(alice)
    bob = joins("bob")
    printer.log_in(bob)
    hint = tokens["id_token"]
    assert answer_of(printer.begin(bob, id_token_hint=hint, prompt="none"))["error"] == "login_required"
    assert answer_of(printer.begin(alice, id_token_hint=hint, prompt="none")).keys() == ALIVE


def test_login_hint_fills_in_the_email_address(printer, alice):
    printer.begin(alice, login_hint="carol@example.com")
    assert 'value="carol@example.com"' in alice.page.text


def test_answer_counts_only_in_the_session_that_saw_the_question(printer, alice, joins):
    printer.begin(alice)
    question = alice.send_form(email=alice.email, password=alice.password)
    bob = joins("bob")
    bob.log_in()
    bob.page = question
    bob.send_form(to="/auth/authorize", decision="allow")
    assert 'name="decision"' in bob.page.text and bob.email in bob.page.text, "Bob allowed what Alice was asked"


def test_another_site_cannot_answer(printer, alice):
    printer.begin(alice)
    alice.send_form(email=alice.email, password=alice.password)
    evil, url = "https://evil.example", f"{printer.service.url}/auth/authorize"
    assert alice._goes("POST", url, evil, {"decision": "allow"}, None, evil).status_code == 403


def test_pushed_request_is_good_once(connects, alice):
    printer = connects(require_par=True, first_party=True)
    assert answer_of(printer.begin(alice))["error"] == "invalid_request"
    pushed = printer.post("/oauth2/par", printer.parameters())
    assert (pushed.status_code, pushed.json()["expires_in"]) == (201, 60), pushed.text
    url = f"{printer.service.url}/oauth2/authorize?client_id={printer.client_id}&request_uri={pushed.json()['request_uri']}"
    answers = at_once(*[lambda: httpx2.get(url, trust_env=False)] * 20)
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 19
    location = next(answer.headers["location"] for answer in answers if answer.status_code == 303)
    alice.page = alice.follow(printer.service.url + location)
    code = answer_of(alice.send_form(email=alice.email, password=alice.password))["code"]
    assert printer.redeem(code).status_code == 200


def test_pushed_request_expires(connects, clock):
    printer = connects()
    uri = printer.post("/oauth2/par", printer.parameters()).json()["request_uri"]
    clock.shift(61)
    page = httpx2.get(
        f"{printer.service.url}/oauth2/authorize",
        params={"client_id": printer.client_id, "request_uri": uri},
        trust_env=False,
    )
    assert page.status_code == 400


def test_pushed_request_is_checked_at_once(connects):
    printer = connects()
    assert refused(printer.post("/oauth2/par", printer.parameters(redirect_uri="https://evil.example/"))) == (
        400,
        "invalid_request",
    )
    assert refused(printer.post("/oauth2/par", printer.parameters(resource="https://x.example/"))) == (
        400,
        "invalid_target",
    )
    assert refused(printer.post("/oauth2/par", printer.parameters(request_uri="urn:x"))) == (400, "invalid_request")
    assert refused(printer.post("/oauth2/par", printer.parameters(), authenticated=False)) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": None}, {"state": None}, {"display": "page"}, {"display": "popup"}, {"unknown": "1"}, {"ui_locales": "de"},
        {"claims_locales": "de"}, {"claims": '{"userinfo": {"name": {"essential": true}}}'}, {"acr_values": "aal2"},
        {"acr_values": "1 2"}, {"scope": "email openid"}, {"scope": "openid address phone"}, {"login_hint": "alice"},
    ],
)  # fmt: skip
def test_optional_parameters_are_accepted(connects, alice, changes):
    printer = connects(first_party=True)
    tokens = printer.redeem(printer.authorize(alice, **changes)["code"]).json()
    assert printer.claims(tokens["id_token"])["acr"] == "aal1"


def test_request_may_be_a_form(connects, alice):
    printer = connects(first_party=True)
    alice.log_in()
    page = alice._goes("POST", f"{printer.service.url}/oauth2/authorize", CALLBACK, printer.parameters(), None, "null")
    assert answer_of(page).keys() == ALIVE


def test_two_factors_are_required_also_on_a_trusted_device(connects, alice, clock):
    printer = connects(first_party=True)
    alice.log_in()
    alice.open("/account/factors/totp")
    app = App(unescape(re.search(r'name="secret" value="([^"]*)"', alice.send_form(password=alice.password).text)[1]))
    alice.send_form(code=app.code())
    alice.press("/account/logout")
    clock.shift(timedelta(minutes=1))
    alice.log_in()
    alice.send_form(to="/login/second-step", code=app.code(), remember_device="true")
    assert alice.page.url.path == "/account"
    clock.shift(timedelta(minutes=1))
    alice.press("/account/logout")
    alice.log_in()
    assert alice.page.url.path == "/account", "the device is not trusted"
    clock.shift(timedelta(minutes=1))
    printer.begin(alice, acr_values="aal2")
    assert alice.page.url.path == "/login"
    alice.send_form(email=alice.email, password=alice.password)
    assert alice.page.url.path == "/login/second-step", "the trusted device was sufficient"
    answer = answer_of(alice.send_form(to="/login/second-step", code=app.code()))
    claims = printer.claims(printer.redeem(answer["code"]).json()["id_token"])
    assert claims["acr"] == "aal2" and "otp" in claims["amr"]


def test_administrator_who_impersonates_a_user_gives_applications_nothing(
    printer, connects, joins, owner, alice, configure
):
    """Their own session would be used, although each page says that they see the service as Alice."""
    configure(oauth_redirect_uris=(CALLBACK,))
    carol = joins("carol")
    account = person_of(carol).me()["user_id"]
    assert owner.client.put(f"/admin/users/{account}/roles", {"roles": ["superuser"]}).status_code == 200
    carol.log_in()
    carol.open(f"/admin/console/users/{person_of(alice).me()['user_id']}/impersonate")
    carol.send_form(to=carol.page.url.path, reason="Ticket 4711")
    first_party = connects(first_party=True)
    for page in (
        printer.begin(carol),
        first_party.begin(carol),
        carol.open("/auth/device"),
        carol.open(f"/login?{urlencode({'next': CALLBACK})}"),
    ):
        assert (page.status_code, "You see this service as" in page.text) == (403, True), page.url
    assert answer_of(first_party.begin(carol, prompt="none"))["error"] == "login_required"
    carol.press("/account/logout")
    assert answer_of(first_party.begin(carol)).keys() == ALIVE
