"""Turnstile, hCaptcha and reCAPTCHA: what is asked, what is accepted, and that a failure lets nothing through."""

import time
from contextlib import closing

import pytest

from captcha import siteverify
from captchas import Siteverify
from databases import SQLITE_ONLY
from oauth_server import RUBBISH
from people import Client, at_once, new_email, new_password, refusal
from telemetry import metrics

PROVIDERS = list(siteverify.PROVIDERS)
REJECTED, UNAVAILABLE = (403, "captcha_required"), (503, "unavailable")
pytestmark = SQLITE_ONLY


@pytest.fixture
def verifier():
    with closing(Siteverify()) as running:
        yield running


@pytest.fixture
def turnstile(verifier, configure):
    configure(**verifier.settings_of("turnstile"))
    return verifier


def reset(service, token=None, **headers):
    body = {"email": new_email(), "captcha_token": token}
    return Client(service.url, headers=headers, allowed=[503]).post("/auth/reset-password/request", body)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_token_of_a_provider_is_accepted_once(service, verifier, configure, provider):
    configure(**verifier.settings_of(provider))
    missing = reset(service)
    assert refusal(missing) == REJECTED
    assert (missing.json()["provider"], missing.json()["site_key"]) == (provider, verifier.site_key)
    assert not verifier.hits
    token = verifier.new_token()
    assert reset(service, token, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 202
    asked = verifier.seen[provider]
    more = {"sitekey": verifier.site_key} if provider == "hcaptcha" else {}
    assert asked.form == {"secret": verifier.secret, "response": token, "remoteip": "203.0.113.9", **more}
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert refusal(reset(service, token)) == REJECTED
    assert refusal(reset(service, "made up")) == REJECTED


def test_token_that_the_provider_accepts_twice_is_accepted_once(service, turnstile):
    turnstile.says = {"twice": True}
    token = turnstile.new_token()
    answers = at_once(*[lambda: reset(service, token)] * 10)
    assert sorted(answer.status_code for answer in answers) == [202] + [403] * 9
    sign_up = {"email": new_email(), "password": new_password(), "captcha_token": token}
    assert refusal(Client(service.url).post("/auth/signup", sign_up)) == REJECTED


@pytest.mark.parametrize(
    ("provider", "said", "accepted"),
    [
        ("turnstile", {"hostname": "evil.example"}, False),
        ("turnstile", {"hostname": "LOCALHOST"}, True),
        ("turnstile", {"hostname": None}, True),
        ("recaptcha", {"score": 0.1}, False),
        ("recaptcha", {"score": 0.9}, True),
        ("hcaptcha", {"score": 0.1}, True),  # of hCaptcha, where 0 is a human
    ],
)
def test_host_and_score_are_checked(service, verifier, configure, provider, said, accepted):
    configure(**verifier.settings_of(provider))
    verifier.says = said
    assert reset(service, verifier.new_token()).status_code == (202 if accepted else 403)


@pytest.mark.parametrize("answer", [*RUBBISH, "no success", "text for success", "success with an error status"])
def test_invalid_response_lets_nothing_through(service, turnstile, answer):
    more = {
        "no success": (200, b'{"hostname": "localhost"}', {}),
        "text for success": (200, b'{"success": "true"}', {}),
        "success with an error status": (400, b'{"success": true}', {}),
    }
    token = turnstile.new_token()
    turnstile.breaks = {"turnstile": more.get(answer) or RUBBISH[answer]}
    assert refusal(reset(service, token)) == UNAVAILABLE
    turnstile.behaves()
    assert reset(service, token).status_code == 202  # the token was not used up


def test_slow_or_unreachable_provider_lets_nothing_through(service, turnstile, monkeypatch):
    monkeypatch.setattr(siteverify, "SECONDS_TO_VERIFY", 0.3)
    for problem in ("hangs", "drips"):
        setattr(turnstile, problem, {"turnstile"})
        started = time.monotonic()
        assert refusal(reset(service, turnstile.new_token())) == UNAVAILABLE
        assert time.monotonic() - started < 2
        turnstile.behaves()
    turnstile.goes_down()
    answer = reset(service, turnstile.new_token())
    assert refusal(answer) == UNAVAILABLE
    assert answer.headers["Retry-After"]
    turnstile.comes_up()
    assert reset(service, turnstile.new_token()).status_code == 202


def test_other_requests_go_on_while_the_provider_hangs(service, alice, turnstile, monkeypatch):
    monkeypatch.setattr(siteverify, "SECONDS_TO_VERIFY", 1.5)
    turnstile.hangs = {"turnstile"}
    seconds = []

    def read_profile():
        time.sleep(0.3)
        started = time.monotonic()
        alice.me()
        seconds.append(time.monotonic() - started)

    at_once(*[lambda: reset(service, turnstile.new_token())] * 25, read_profile)  # more than there are threads
    assert seconds[0] < 0.7


def test_wrong_secret_is_not_the_users_fault(service, turnstile, configure):
    configure(captcha_secret="wrong")
    assert refusal(reset(service, turnstile.new_token())) == UNAVAILABLE


def test_outcomes_are_counted(service, turnstile):
    def counted(outcome):
        return metrics.CAPTCHAS.labels("turnstile", outcome)._value.get()

    outcomes = ("accepted", "missing", "refused", "replayed", "unavailable")
    before = {outcome: counted(outcome) for outcome in outcomes}
    turnstile.says = {"twice": True}
    token = turnstile.new_token()
    for sent in (token, token, None, "made up"):
        reset(service, sent)
    turnstile.breaks = {"turnstile": RUBBISH["html"]}
    reset(service, "made up")
    assert {outcome: counted(outcome) - before[outcome] for outcome in outcomes} == dict.fromkeys(outcomes, 1)
