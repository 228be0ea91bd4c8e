"""Authenticator apps: set up, used once, replaced."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

import database
from authenticator import App, add_app, add_passkey, first_step, second_step, wait_for_mid_step
from databases import SQLITE_ONLY
from factors.models import Totp
from people import refusal


@SQLITE_ONLY
def test_unconfirmed_app_counts_for_nothing(alice):
    begun = alice.client.post("/users/me/factors/totp", {"password": alice.password}).json()
    assert alice.client.get("/users/me/factors").json()["items"] == []
    assert alice.log_in().status_code == 200
    confirm = f"/users/me/factors/totp/{begun['id']}/confirm"
    assert refusal(alice.client.post(confirm, {"code": App(begun["secret"]).wrong()})) == (400, "invalid_code")
    assert alice.client.post(confirm, {"code": App(begun["secret"]).at()}).status_code == 200
    assert set(first_step(alice)["factors"]) == {"totp", "recovery_code"}


@SQLITE_ONLY
def test_newer_app_replaces_an_unconfirmed_one_which_also_lapses(alice, clock):
    first = alice.client.post("/users/me/factors/totp", {"password": alice.password}).json()
    second = alice.client.post("/users/me/factors/totp", {"password": alice.password}).json()
    for begun, wait in ((first, 0), (second, 15 * 60 + 1)):
        clock.shift(wait)
        confirm = f"/users/me/factors/totp/{begun['id']}/confirm"
        assert refusal(alice.client.post(confirm, {"code": App(begun["secret"]).at()})) == (404, "not_found")


@SQLITE_ONLY
def test_codes_are_those_of_oathtool(alice, clock):
    app = add_app(alice)
    clock.shift(60)
    command = ["oathtool", "--totp", "--base32", app.secret]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except FileNotFoundError:
        pytest.skip("oathtool is not installed")
    # It runs outside of the moved clock: compare at the same moment, without the shift.
    clock.shift(-60)
    assert said in {app.at(step) for step in (-1, 0, 1)}


@SQLITE_ONLY
@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_code_of_a_neighboring_step_is_valid_once(alice, clock, steps):
    app = add_app(alice)
    wait_for_mid_step(clock)
    code = app.at(steps)
    assert second_step(alice, code=f"{code[:3]} {code[3:]}").status_code == 200
    assert refusal(second_step(alice, code=code)) == (401, "invalid_code")


@SQLITE_ONLY
@pytest.mark.parametrize("steps", [-2, 2])
def test_code_of_another_step_is_wrong(alice, clock, steps):
    app = add_app(alice)
    wait_for_mid_step(clock)
    assert refusal(second_step(alice, code=app.at(steps))) == (401, "invalid_code")


@SQLITE_ONLY
def test_earlier_code_is_dead_after_a_later_one(alice, clock):
    app = add_app(alice)
    wait_for_mid_step(clock)
    assert second_step(alice, code=app.at()).status_code == 200
    assert refusal(second_step(alice, code=app.at(-1))) == (401, "invalid_code")


@SQLITE_ONLY
def test_code_that_confirmed_the_app_is_used_up(alice, clock):
    begun = alice.client.post("/users/me/factors/totp", {"password": alice.password}).json()
    code = App(begun["secret"]).at()
    assert alice.client.post(f"/users/me/factors/totp/{begun['id']}/confirm", {"code": code}).status_code == 200
    assert refusal(second_step(alice, code=code)) == (401, "invalid_code")


@SQLITE_ONLY
@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "12345a", " ", "-" * 64])
def test_malformed_code_is_wrong(alice, code):
    add_app(alice)
    assert refusal(second_step(alice, code=code)) == (401, "invalid_code")


def test_one_of_fifty_equal_codes_logs_in(alice, clock):
    app = add_app(alice)
    clock.shift(120)
    code, logins = app.at(), [first_step(alice) for _ in range(50)]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda begun: second_step(alice, begun, code=code).status_code, logins))
    assert answers.count(200) == 1
    assert set(answers) <= {200, 401, 429}


@SQLITE_ONLY
def test_two_apps_work_side_by_side(alice, clock):
    phone = add_app(alice)
    clock.shift(120)
    tablet = add_app(alice, password=alice.password, code=phone.code())
    assert tablet.recovery_codes == []
    clock.shift(120)
    for app in (phone, tablet):
        assert second_step(alice, code=app.code()).status_code == 200


def test_secret_is_not_in_the_database(alice):
    app = add_app(alice)
    stored = database.read(select(Totp.sealed_secret).where(Totp.id == app.id)).sealed_secret
    assert app.secret not in stored
    assert app.secret not in alice.client.get("/users/me/export").text
    assert app.secret not in alice.client.get("/users/me/factors").text


def test_account_has_at_most_twenty_factors(alice, clock, monkeypatch):
    monkeypatch.setattr("factors.management.MAX_FACTORS", 2)
    add_app(alice)
    add_passkey(alice)
    assert refusal(alice.client.post("/users/me/factors/totp", {})) == (409, "conflict")
    assert refusal(alice.client.post("/users/me/factors/passkeys/options", {})) == (409, "conflict")
