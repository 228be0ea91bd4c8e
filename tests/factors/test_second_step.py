"""The second step of a login: which answers it takes, how often, and what ends it."""

import time

import pytest
from sqlalchemy import select

import database
import tables
from authenticator import Passkey, add_app, add_passkey, first_step, log_in_with, second_step
from credentials import throttling
from databases import SQLITE_ONLY
from models import Guesses
from people import Client, new_password, refusal


@SQLITE_ONLY
def test_password_alone_starts_no_session(alice):
    app = add_app(alice)
    before = len(alice.client.get("/users/me/sessions").json())
    answer = Client(alice.service.url).post("/auth/login", {"email": alice.email, "password": alice.password})
    assert refusal(answer) == (403, "mfa_required")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert answer.json()["expires_in"] == 300
    assert len(alice.client.get("/users/me/sessions").json()) == before
    assert second_step(alice, answer.json(), code=app.code()).json()["user_id"] == alice.user_id


@SQLITE_ONLY
def test_wrong_password_does_not_show_the_factors(alice):
    add_app(alice)
    answer = Client(alice.service.url).post("/auth/login", {"email": alice.email, "password": new_password()})
    assert refusal(answer) == (401, "invalid_credentials")


@SQLITE_ONLY
def test_mfa_token_works_once(alice, clock):
    app, begun = add_app(alice), None
    begun = first_step(alice)
    assert second_step(alice, begun, code=app.code()).status_code == 200
    clock.shift(60)
    assert refusal(second_step(alice, begun, code=app.code())) == (401, "invalid_mfa_token")


@SQLITE_ONLY
def test_two_tabs_can_log_in(alice, clock):
    app, tabs = add_app(alice), []
    tabs = [first_step(alice), first_step(alice)]
    for tab in tabs:
        assert second_step(alice, tab, code=app.code()).status_code == 200
        clock.shift(60)


@SQLITE_ONLY
def test_mfa_token_dies_after_five_wrong_answers_and_after_five_minutes(alice, clock):
    app = add_app(alice)
    begun = first_step(alice)
    for _ in range(5):
        assert refusal(second_step(alice, begun, code=app.wrong())) == (401, "invalid_code")
    clock.shift(60)
    assert refusal(second_step(alice, begun, code=app.code())) == (401, "invalid_mfa_token")
    late = first_step(alice)
    clock.shift(301)
    assert refusal(second_step(alice, late, code=app.code())) == (401, "invalid_mfa_token")


@SQLITE_ONLY
@pytest.mark.parametrize("token", ["", "x", "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50.5f0c", "é.x", "a" * 4096])
def test_forged_mfa_token_is_rejected(alice, token):
    add_app(alice)
    body = {"mfa_token": token, "code": "123456"}
    assert refusal(Client(alice.service.url).post("/auth/mfa", body)) == (401, "invalid_mfa_token")
    options = Client(alice.service.url).post("/auth/mfa/options", {"mfa_token": token})
    assert refusal(options) == (401, "invalid_mfa_token")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "answer",
    [{}, {"code": "123456", "recovery_code": "x"}, {"ceremony": "x"}, {"credential": {}}, {"code": 123456}],
    ids=["nothing", "two answers", "no credential", "no ceremony", "a number"],
)
def test_incomplete_answer_is_reported_and_costs_no_attempt(alice, answer):
    app = add_app(alice)
    begun = first_step(alice)
    for _ in range(6):
        assert refusal(second_step(alice, begun, **answer)) == (422, "validation_error")
    assert second_step(alice, begun, code=app.code()).status_code == 200


@SQLITE_ONLY
def test_mfa_token_of_alice_does_not_accept_the_code_of_bob(alice, bob, clock):
    add_app(alice)
    app = add_app(bob)
    clock.shift(60)
    assert refusal(second_step(alice, code=app.code())) == (401, "invalid_code")


@SQLITE_ONLY
@pytest.mark.parametrize("change", ["password", "disabled", "reset", "factor removed"])
def test_change_of_credentials_ends_a_login_in_progress(alice, root, clock, change):
    app = add_app(alice)
    begun = first_step(alice)
    clock.shift(60)
    if change == "password":
        assert alice.client.post(
            "/auth/change-password",
            {"old_password": alice.password, "new_password": new_password(), "code": app.code()},
        ).status_code == 200  # fmt: skip
    elif change == "disabled":
        assert root.client.patch(f"/admin/users/{alice.user_id}", {"is_active": False}).status_code == 200
    elif change == "reset":
        alice.set_new_password(alice.request_reset(), new_password())
    else:
        body = {"password": alice.password, "code": app.code()}
        assert alice.client.delete(f"/users/me/factors/{app.id}", body).status_code == 204
    clock.shift(60)
    assert refusal(second_step(alice, begun, code=app.code())) == (401, "invalid_mfa_token")


def test_wrong_codes_are_throttled_by_account_and_network(alice, clock):
    app = add_app(alice)
    for _ in range(throttling.FREE_ATTEMPTS):
        assert refusal(second_step(alice, code=app.wrong())) == (401, "invalid_code")
    waiting = second_step(alice, code=app.at())
    assert refusal(waiting) == (429, "rate_limited")
    clock.shift(int(waiting.headers["retry-after"]) + 60)
    assert second_step(alice, code=app.code()).status_code == 200
    assert second_step(alice, code=app.at(1)).status_code == 200, "the counter is reset"


def test_after_a_hundred_wrong_codes_the_right_one_is_wrong_until_the_factors_are_reset(alice, root, clock):
    app = add_app(alice)
    clock.shift(120)
    assert second_step(alice, code=app.code()).status_code == 200  # the network is known from now on
    subject = throttling.of_factors(alice.user_id)
    mark = alice.service.mailbox.mark()
    tables.set_guesses(subject, throttling.CAP - 1)
    assert refusal(second_step(alice, code=app.wrong())) == (401, "invalid_code")
    alice.service.mailbox.wait_for(alice.email, since=mark, containing="wrong codes")
    clock.shift(3600)
    assert refusal(second_step(alice, code=app.code())) == (401, "invalid_code")
    alice.password = new_password()
    alice.set_new_password(alice.request_reset(), alice.password)
    clock.shift(3600)
    assert refusal(second_step(alice, code=app.code())) == (401, "invalid_code"), "a password reset clears no count"
    root.log_in()
    assert root.client.delete(f"/admin/users/{alice.user_id}/factors").status_code == 204
    assert database.read(select(Guesses.id).where(Guesses.subject == subject)) is None
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
def test_passkey_as_the_second_factor(alice):
    passkey = add_passkey(alice, Passkey(verifies=False))
    begun = first_step(alice)
    options = Client(alice.service.url).post("/auth/mfa/options", {"mfa_token": begun["mfa_token"]}).json()
    answer = {"ceremony": options["ceremony"], "credential": passkey.get(options["options"], handle=None)}
    assert second_step(alice, begun, **answer).status_code == 200
    assert refusal(second_step(alice, **answer)) == (401, "invalid_code"), "a ceremony belongs to one login"


@SQLITE_ONLY
def test_passkey_that_was_the_first_factor_is_not_the_second(alice):
    passkey = add_passkey(alice, Passkey(verifies=False))
    begun = log_in_with(alice, passkey)
    assert refusal(begun) == (403, "mfa_required")
    assert begun.json()["factors"] == ["recovery_code"]
    options = Client(alice.service.url).post("/auth/mfa/options", {"mfa_token": begun.json()["mfa_token"]}).json()
    assert options["options"]["allowCredentials"] == []
    answer = {"ceremony": options["ceremony"], "credential": passkey.get(options["options"])}
    assert refusal(second_step(alice, begun.json(), **answer)) == (401, "invalid_code")


def test_login_without_the_second_step_makes_no_network_known(alice):
    app = add_app(alice)
    before = tables.networks_of(alice.user_id)
    elsewhere = Client(alice.service.url, headers={"X-Forwarded-For": "198.51.100.7"})
    body = {"email": alice.email, "password": alice.password}
    begun = elsewhere.post("/auth/login", body).json()
    assert tables.networks_of(alice.user_id) == before
    assert elsewhere.post("/auth/mfa", {"mfa_token": begun["mfa_token"], "code": app.code()}).status_code == 200
    assert len(tables.networks_of(alice.user_id)) == len(before) + 1


@SQLITE_ONLY
def test_oauth_grant_asks_for_the_second_factor(alice):
    app = add_app(alice)
    form = {"grant_type": "password", "username": alice.email, "password": alice.password}
    answer = Client(alice.service.url).post("/auth/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (403, "mfa_required")
    assert second_step(alice, answer.json(), code=app.code()).status_code == 200


@SQLITE_ONLY
def test_claims_say_how_the_user_authenticated(alice, another_service, clock):
    app = add_app(alice)
    clock.shift(600)
    tokens = second_step(alice, code=app.code()).json()
    said = another_service.post("/oauth2/introspect", data={"token": tokens["access_token"]}).json()
    assert (said["acr"], set(said["amr"])) == ("aal2", {"pwd", "otp", "mfa"})
    assert abs(said["auth_time"] - time.time()) < 10
    clock.shift(120)
    refreshed = alice.refresh(tokens["refresh_token"]).json()
    again = another_service.post("/oauth2/introspect", data={"token": refreshed["access_token"]}).json()
    assert [again[name] for name in ("acr", "amr", "auth_time")] == [said[name] for name in ("acr", "amr", "auth_time")]
