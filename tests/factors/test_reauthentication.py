"""Re-authentication of an account with a factor: two of them, at most five minutes ago or in the call itself."""

import time
from collections.abc import Callable

import jwt
import pytest

import tables
from authenticator import App, Passkey, add_app, add_passkey, second_step, wait_for_mid_step
from databases import SQLITE_ONLY
from people import Client, Person, new_email, new_password, refusal

REQUIRED = (403, "reauthentication_required")


def claims(answer):
    return jwt.decode(answer.json()["access_token"], options={"verify_signature": False})


def by_passkey(person: Person, passkey: Passkey) -> dict[str, object]:
    begun = person.client.post("/auth/reauthenticate/options").json()
    return {"ceremony": begun["ceremony"], "credential": passkey.get(begun["options"])}


# Every call that needs recent authentication, with a body that is complete but for the proof.
CALLS: dict[str, Callable[[Person, App], tuple[str, str, dict[str, str]]]] = {
    "email": lambda *_: ("POST", "/users/me/email", {"new_email": new_email()}),
    "delete": lambda *_: ("DELETE", "/users/me", {}),
    "app": lambda *_: ("POST", "/users/me/factors/totp", {}),
    "passkey": lambda *_: ("POST", "/users/me/factors/passkeys/options", {}),
    "remove": lambda _person, app: ("DELETE", f"/users/me/factors/{app.id}", {}),
    "codes": lambda *_: ("POST", "/users/me/recovery-codes", {}),
    "password": lambda person, _app: (
        "POST", "/auth/change-password", {"old_password": person.password, "new_password": new_password()},
    ),
}  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("call", CALLS)
def test_call_takes_two_factors_in_its_body_or_in_the_last_five_minutes(alice, clock, call):
    app = add_app(alice)
    clock.shift(301)
    method, path, body = CALLS[call](alice, app)
    password = {} if call == "password" else {"password": alice.password}
    for proof in ({}, password, {"code": app.wrong()} if call == "password" else {}):
        answer = alice.client._request(method, path, body | proof)
        assert refusal(answer) == REQUIRED
        assert (answer.json()["acr_values"], answer.json()["factors"]) == ("aal2", ["totp", "recovery_code"])
    answer = alice.client._request(method, path, body | password | {"code": app.code()})
    assert answer.status_code < 300, answer.text


@SQLITE_ONLY
@pytest.mark.parametrize("proof", ["code", "recovery_code", "passkey"])
def test_each_factor_confirms_beside_the_password(alice, clock, proof):
    app = add_app(alice)
    passkey = add_passkey(alice, Passkey(verifies=False))
    clock.shift(301)
    shown = {"code": app.code()} if proof == "code" else {"recovery_code": app.recovery_codes[0]}
    shown = by_passkey(alice, passkey) if proof == "passkey" else shown
    body = {"new_email": new_email(), "password": alice.password, **shown}
    assert alice.client.post("/users/me/email", body).status_code == 202


@SQLITE_ONLY
def test_right_code_changes_nothing_right_after_a_login_with_two_factors(alice, clock):
    app = add_app(alice)
    wait_for_mid_step(clock)
    clock.shift(30)
    assert alice.client.post("/users/me/recovery-codes", {"code": app.code()}).status_code == 200
    assert refusal(alice.client.post("/users/me/recovery-codes", {"code": app.wrong()})) == REQUIRED
    assert refusal(alice.client.post("/users/me/recovery-codes", {"password": alice.password})) == REQUIRED
    clock.shift(301)
    assert refusal(alice.client.post("/users/me/recovery-codes", {"code": app.code()})) == REQUIRED


@SQLITE_ONLY
def test_verified_passkey_confirms_alone_and_a_code_alone_does_not(alice, clock):
    app, passkey = add_app(alice), add_passkey(alice)
    clock.shift(301)
    assert refusal(alice.client.post("/users/me/email", {"new_email": new_email(), "code": app.code()})) == REQUIRED
    body = {"new_email": new_email(), **by_passkey(alice, passkey)}
    assert alice.client.post("/users/me/email", body).status_code == 202


@SQLITE_ONLY
def test_renewal_keeps_the_session_and_its_refresh_token(alice, clock):
    app = add_app(alice)
    before = claims(alice.refresh())
    clock.shift(600)
    answer = alice.client.post("/auth/reauthenticate", {"password": alice.password, "code": app.code()})
    said = claims(answer)
    assert (said["sid"], said["acr"], set(said["amr"])) == (before["sid"], "aal2", {"pwd", "otp", "mfa"})
    assert abs(said["auth_time"] - time.time()) < 10
    assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
    assert alice.client.post("/users/me/recovery-codes", {}).status_code == 200


def test_two_single_factors_within_five_minutes_are_two(alice, clock):
    app = add_app(alice)
    clock.shift(301)
    assert claims(alice.client.post("/auth/reauthenticate", {"password": alice.password}))["amr"] == ["pwd"]
    clock.shift(240)
    assert "mfa" in claims(alice.client.post("/auth/reauthenticate", {"code": app.code()}))["amr"]


@SQLITE_ONLY
def test_one_factor_alone_never_renews_the_second(alice, clock):
    app = add_app(alice)
    client = Client(alice.service.url, second_step(alice, code=app.at(1)).json()["access_token"])
    for _ in range(3):
        clock.shift(240)
        said = claims(client.post("/auth/reauthenticate", {"password": alice.password}))
    assert (said["acr"], said["amr"]) == ("aal2", ["pwd"])
    assert said["acr_time"] < said["auth_time"] - 600, "a resource server sees how old the second factor is"
    assert refusal(client.post("/users/me/recovery-codes", {})) == REQUIRED


def test_account_without_factors_shows_its_password(bob, clock):
    clock.shift(600)
    assert refusal(bob.client.post("/auth/reauthenticate", {})) == REQUIRED
    assert refusal(bob.client.post("/auth/reauthenticate", {"password": new_password()})) == REQUIRED
    said = claims(bob.client.post("/auth/reauthenticate", {"password": bob.password}))
    assert (said["acr"], said["amr"]) == ("aal1", ["pwd"])
    assert bob.client.post("/users/me/email", {"new_email": new_email()}).status_code == 202


def test_wrong_code_is_an_event_and_is_throttled(alice, clock):
    app = add_app(alice)
    clock.shift(301)
    since = tables.newest_event()
    body = {"password": alice.password, "code": app.wrong()}
    for _ in range(5):
        assert refusal(alice.client.post("/auth/reauthenticate", body)) == REQUIRED
    assert refusal(alice.client.post("/auth/reauthenticate", body)) == (429, "rate_limited")
    assert [event.action for event in tables.events(since, alice.user_id)] == ["user.reauthentication_failed"] * 5
    assert alice.client.get("/users/me").status_code == 200, "the session continues"


@SQLITE_ONLY
def test_wrong_password_uses_up_no_code(alice, clock):
    app = add_app(alice)
    clock.shift(301)
    code = app.at()
    wrong = {"password": new_password(), "code": code}
    assert refusal(alice.client.post("/auth/reauthenticate", wrong)) == REQUIRED
    assert alice.client.post("/auth/reauthenticate", {"password": alice.password, "code": code}).status_code == 200


def test_code_works_in_one_of_two_calls(alice, clock):
    app = add_app(alice)
    clock.shift(301)
    body = {"password": alice.password, "code": app.at()}
    assert alice.client.post("/auth/reauthenticate", body).status_code == 200
    assert refusal(alice.client.post("/auth/reauthenticate", body)) == REQUIRED


@SQLITE_ONLY
def test_browser_gets_the_new_token_in_its_cookie(alice):
    browser = Client(alice.service.url, headers={"Origin": "http://localhost:3000"})
    login = {"email": alice.email, "password": alice.password}
    assert browser.post("/auth/login", login, params={"use_cookies": "true"}).status_code == 200
    answer = browser.post("/auth/reauthenticate", {"password": alice.password})
    assert answer.json() == {"token_type": "bearer", "expires_in": 900}
    assert answer.headers["set-cookie"].startswith("access_token=")
    evil = {"Origin": "https://evil.example"}
    foreign = browser.post("/auth/reauthenticate", {"password": alice.password}, headers=evil)
    assert refusal(foreign) == (403, "cross_site_request")


@SQLITE_ONLY
def test_code_alone_confirms_after_a_recent_login_with_a_provider(alice, google, visitor, clock):
    app = add_app(alice)
    tables.store_hash(alice, None)
    google.new_person(email=alice.email, email_verified=True, auth_time=int(time.time()))
    begun = visitor.log_in_with("google", prompt="login")
    assert refusal(begun) == (403, "mfa_required")
    tokens = second_step(alice, begun.json(), code=app.at(1)).json()
    client = Client(alice.service.url, tokens["access_token"])
    assert client.post("/users/me/recovery-codes", {}).status_code == 200
    clock.shift(301)
    assert refusal(client.post("/users/me/recovery-codes", {"code": app.code()})) == REQUIRED
