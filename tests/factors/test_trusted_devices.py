"""Trusted devices: they skip the second factor, until something ends them."""

import pytest

import tables
from authenticator import add_app, add_passkey, first_step, second_step
from databases import SQLITE_ONLY
from people import Client, new_password, refusal


def trust(person, app):
    """Log in with both factors, and return the token of the trusted device."""
    answer = second_step(person, code=app.code(), remember_device=True).json()
    person.client.token = answer["access_token"]
    return answer["device_token"]


def log_in(person, device_token):
    body = {"email": person.email, "password": person.password, "device_token": device_token}
    return Client(person.service.url).post("/auth/login", body)


@SQLITE_ONLY
def test_device_skips_the_second_factor_and_its_session_is_aal1(alice, another_service):
    token = trust(alice, add_app(alice))
    answer = log_in(alice, token)
    said = another_service.post("/oauth2/introspect", data={"token": answer.json()["access_token"]}).json()
    assert (said["acr"], said["amr"]) == ("aal1", ["pwd"])
    assert answer.json()["device_token"] != token


@SQLITE_ONLY
def test_device_does_not_replace_the_password(alice):
    token = trust(alice, add_app(alice))
    body = {"email": alice.email, "password": new_password(), "device_token": token}
    assert refusal(Client(alice.service.url).post("/auth/login", body)) == (401, "invalid_credentials")


def test_previous_token_works_in_the_grace_period_and_an_older_one_ends_the_device(alice, clock):
    first = trust(alice, add_app(alice))
    second = log_in(alice, first).json()["device_token"]
    assert log_in(alice, first).json()["device_token"] == second, "a lost response"
    third = log_in(alice, second).json()["device_token"]
    mark = alice.service.mailbox.mark()
    assert refusal(log_in(alice, first)) == (403, "mfa_required")
    alice.service.mailbox.wait_for(alice.email, since=mark, containing="device")
    assert refusal(log_in(alice, third)) == (403, "mfa_required")
    assert "trusted_device.token_reused" in [event.action for event in tables.events(user_id=alice.user_id)]


def test_previous_token_after_the_grace_period_is_a_copy(alice, clock):
    first = trust(alice, add_app(alice))
    assert log_in(alice, first).status_code == 200
    clock.shift(60)
    assert refusal(log_in(alice, first)) == (403, "mfa_required")


@SQLITE_ONLY
def test_token_of_alice_is_worth_nothing_to_bob(alice, bob, clock):
    token = trust(alice, add_app(alice))
    add_app(bob)
    assert refusal(log_in(bob, token)) == (403, "mfa_required")
    assert log_in(alice, token).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("token", ["", "x.y", "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50.0.00", "é"])
def test_forged_token_is_ignored(alice, token):
    add_app(alice)
    assert refusal(log_in(alice, token)) == (403, "mfa_required")


@SQLITE_ONLY
def test_device_lapses(alice, clock):
    token = trust(alice, add_app(alice))
    clock.shift(30 * 86400 + 1)
    assert refusal(log_in(alice, token)) == (403, "mfa_required")


ENDS = [
    "password",
    "reset",
    "logout-all",
    "by administrator",
    "factor added",
    "factor removed",
    "recovery code",
    "removed",
]


@SQLITE_ONLY
@pytest.mark.parametrize("event", ENDS)
def test_event_ends_the_device(alice, root, clock, event):
    app = add_app(alice)
    passkey = add_passkey(alice) if event == "factor removed" else None
    token = trust(alice, app)
    if event == "password":
        password = new_password()
        assert alice.change_password(password).status_code == 200
        alice.password = password
    elif event == "reset":
        password = new_password()
        assert alice.set_new_password(alice.request_reset(), password).status_code == 200
        alice.password = password
    elif event == "logout-all":
        assert alice.client.post("/auth/logout-all").status_code == 204
    elif event == "by administrator":
        assert root.client.post(f"/admin/users/{alice.user_id}/logout").status_code == 204
    elif event == "factor added":
        add_passkey(alice)
    elif event == "factor removed":
        assert alice.client.delete(f"/users/me/factors/{passkey.factor['id']}").status_code == 204
    elif event == "recovery code":
        assert second_step(alice, recovery_code=app.recovery_codes[0]).status_code == 200
    else:
        (device,) = alice.client.get("/users/me/trusted-devices").json()["items"]
        assert device["device"]
        assert alice.client.delete(f"/users/me/trusted-devices/{device['id']}").status_code == 204
    assert refusal(log_in(alice, token)) == (403, "mfa_required")


@SQLITE_ONLY
def test_browser_keeps_the_token_in_a_cookie(alice):
    app, browser = add_app(alice), Client(alice.service.url, headers={"Origin": "http://localhost:3000"})
    body, cookies = {"email": alice.email, "password": alice.password}, {"use_cookies": "true"}
    begun = browser.post("/auth/login", body, params=cookies).json()
    answer = {"mfa_token": begun["mfa_token"], "code": app.code(), "remember_device": True}
    done = browser.post("/auth/mfa", answer, params=cookies)
    assert "device_token" not in done.json()
    (cookie,) = [line for line in done.headers.get_list("set-cookie") if line.startswith("trusted_device=")]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert browser.post("/auth/login", body, params=cookies).status_code == 200
    evil = {"Origin": "https://evil.example"}
    assert refusal(browser.post("/auth/login", body, headers=evil)) == (403, "mfa_required")


@SQLITE_ONLY
def test_no_device_is_trusted_if_the_setting_is_zero(alice, configure):
    configure(trusted_device_days=0)
    app = add_app(alice)
    assert "device_token" not in second_step(alice, code=app.code(), remember_device=True).json()


@SQLITE_ONLY
def test_account_with_permissions_is_never_trusted_where_it_needs_a_factor(amy, configure):
    app = add_app(amy)
    token = trust(amy, app)
    configure(mfa_required="admins")
    assert refusal(log_in(amy, token)) == (403, "mfa_required")
    assert first_step(amy)


@SQLITE_ONLY
def test_mallory_cannot_remove_the_device_of_alice(alice, bob):
    trust(alice, add_app(alice))
    (device,) = alice.client.get("/users/me/trusted-devices").json()["items"]
    assert refusal(bob.client.delete(f"/users/me/trusted-devices/{device['id']}")) == (404, "not_found")
