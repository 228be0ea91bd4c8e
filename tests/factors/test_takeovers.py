"""What an attacker with a part of the credentials tries: a copied key, a stolen session, a silent provider, a cookie."""

import base64
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from sqlalchemy import select

import database
import tables
from authenticator import App, Passkey, add_app, add_passkey, first_step, log_in_with, second_step, wait_for_mid_step
from databases import SQLITE_ONLY
from factors.models import PendingLogin
from people import Client, new_email, refusal, token_in

REQUIRED = (403, "reauthentication_required")


def with_a_copied_key(person):
    """The person's only factor is removed as a copy. Returns the recovery codes, which remain."""
    key = Passkey(counter=4)
    begun = person.client.post("/users/me/factors/passkeys/options", {}).json()
    body = {"ceremony": begun["ceremony"], "credential": key.create(begun["options"])}
    codes = person.client.post("/users/me/factors/passkeys", body).json()["recovery_codes"]
    assert log_in_with(person, key).status_code == 200
    assert refusal(log_in_with(person, key, counter=1)) == (401, "invalid_credentials")
    return codes


@SQLITE_ONLY
def test_policy_requires_another_factor_after_the_only_key_was_copied(alice, configure):
    codes = with_a_copied_key(alice)
    configure(mfa_required="all")
    tokens = second_step(alice, recovery_code=codes[0]).json()
    assert jwt.decode(tokens["access_token"], options={"verify_signature": False})["enrolment"] is True
    alice.client.token = tokens["access_token"]
    assert refusal(alice.client.patch("/users/me", {"username": "Alice"})) == (403, "mfa_enrolment_required")
    add_app(alice)
    assert alice.client.patch("/users/me", {"username": "Alice"}).status_code == 200


@SQLITE_ONLY
def test_recovery_codes_do_not_renew_themselves_and_the_last_one_ends_the_second_step(alice):
    codes = with_a_copied_key(alice)
    alice.client.token = second_step(alice, recovery_code=codes[0]).json()["access_token"]
    assert refusal(alice.client.post("/users/me/recovery-codes", {})) == (404, "not_found")
    for code in codes[1:]:
        assert second_step(alice, recovery_code=code).status_code == 200
    assert alice.can_log_in_with(alice.password), "no login could be completed"


@SQLITE_ONLY
@pytest.mark.parametrize("way", ["login", "second step"])
def test_old_copy_of_the_only_key_does_not_remove_the_second_factor(alice, way):
    begun = alice.client.post("/users/me/factors/passkeys/options", {}).json()
    key = Passkey(counter=4)
    body = {"ceremony": begun["ceremony"], "credential": key.create(begun["options"])}
    codes = alice.client.post("/users/me/factors/passkeys", body).json()["recovery_codes"]
    assert log_in_with(alice, key).status_code == 200
    if way == "login":
        assert refusal(log_in_with(alice, key, counter=1)) == (401, "invalid_credentials")
    else:
        started = first_step(alice)
        options = Client(alice.service.url).post("/auth/mfa/options", {"mfa_token": started["mfa_token"]}).json()
        credential = key.get(options["options"], counter=1)
        assert refusal(second_step(alice, started, ceremony=options["ceremony"], credential=credential)) == (
            401, "invalid_code",
        )  # fmt: skip
    assert first_step(alice)["factors"] == ["recovery_code"]
    alice.client.token = second_step(alice, recovery_code=codes[0]).json()["access_token"]
    add_passkey(alice)
    assert set(first_step(alice)["factors"]) == {"passkey", "recovery_code"}


def test_one_of_four_equal_counters_logs_in(alice):
    key = add_passkey(alice, Passkey(counter=4))
    add_app(alice)
    client = Client(alice.service.url)
    options = [client.post("/auth/passkeys/options").json() for _ in range(4)]
    bodies = [{"ceremony": o["ceremony"], "credential": key.get(o["options"], counter=9)} for o in options]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda body: Client(alice.service.url).post("/auth/passkeys", body).status_code, bodies)
        )
    assert sorted(answers) == [200, 401, 401, 401]


@SQLITE_ONLY
def test_undo_of_an_email_change_ends_what_the_attacker_prepared(alice, clock):
    phone = add_app(alice)
    begun = alice.client.post("/users/me/factors/totp", {}).json()
    mark, before, after = alice.service.mailbox.mark(), alice.email, new_email("evil")
    assert alice.client.post("/users/me/email", {"new_email": after}).status_code == 202
    clock.shift(1)
    assert alice.verify_email(token_in(alice.service.mailbox.wait_for(after))).status_code == 200
    evil = App(begun["secret"])
    assert alice.client.post(f"/users/me/factors/totp/{begun['id']}/confirm", {"code": evil.at()}).status_code == 200
    codes = alice.client.post("/users/me/recovery-codes", {}).json()["recovery_codes"]
    undo = token_in(alice.service.mailbox.wait_for(before, since=mark, containing="/undo-email-change"))
    assert Client(alice.service.url).post("/auth/undo-email-change", {"token": undo}).status_code == 200
    wait_for_mid_step(clock)
    assert refusal(second_step(alice, code=evil.at())) == (401, "invalid_code")
    assert refusal(second_step(alice, recovery_code=codes[0])) == (401, "invalid_code")
    assert second_step(alice, code=phone.at()).status_code == 200


@SQLITE_ONLY
def test_silent_login_with_a_provider_and_a_code_is_no_recent_authentication(alice, google, visitor):
    app = add_app(alice)
    google.new_person(email=alice.email, email_verified=True)
    begun = visitor.log_in_with("google")
    tokens = second_step(alice, begun.json(), code=app.at(1)).json()
    assert jwt.decode(tokens["access_token"], options={"verify_signature": False})["acr"] == "aal2"
    client = Client(alice.service.url, tokens["access_token"])
    assert refusal(client.post("/users/me/email", {"new_email": new_email()})) == REQUIRED


@SQLITE_ONLY
def test_adding_and_removing_a_factor_does_not_keep_a_stolen_session_fresh(alice, clock):
    for _ in range(4):
        begun = alice.client.post("/users/me/factors/totp", {})
        if begun.status_code != 201:
            break
        clock.shift(200)
        confirm = f"/users/me/factors/totp/{begun.json()['id']}/confirm"
        assert alice.client.post(confirm, {"code": App(begun.json()["secret"]).at()}).status_code == 200
        assert alice.client.delete(f"/users/me/factors/{begun.json()['id']}").status_code == 204
    assert refusal(begun) == REQUIRED


@SQLITE_ONLY
def test_two_security_keys_without_a_pin_are_two_factors(alice):
    first, second = add_passkey(alice, Passkey(verifies=False)), add_passkey(alice, Passkey(verifies=False))
    begun = log_in_with(alice, first).json()
    options = Client(alice.service.url).post("/auth/mfa/options", {"mfa_token": begun["mfa_token"]}).json()
    answer = second_step(alice, begun, ceremony=options["ceremony"], credential=second.get(options["options"]))
    assert answer.status_code == 200
    said = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert (said["acr"], said["amr"]) == ("aal2", ["pop", "mfa"])


@SQLITE_ONLY
@pytest.mark.parametrize("grant", ["login", "token"])
def test_device_that_came_in_a_cookie_stays_in_one(alice, grant):
    app, browser = add_app(alice), Client(alice.service.url, headers={"Origin": "http://localhost:3000"})
    body = {"email": alice.email, "password": alice.password}
    begun = browser.post("/auth/login", body).json()
    answer = {"mfa_token": begun["mfa_token"], "code": app.at(1), "remember_device": True}
    assert browser.post("/auth/mfa", answer, params={"use_cookies": "true"}).status_code == 200
    form = {"grant_type": "password", "username": alice.email, "password": alice.password}
    for _ in range(3):
        sent = browser.post("/auth/login", body) if grant == "login" else browser.post("/auth/token", data=form)
        assert sent.status_code == 200
        assert "device_token" not in sent.json()
        assert sent.headers["set-cookie"].startswith("trusted_device=")


@SQLITE_ONLY
def test_link_of_an_email_does_not_use_up_the_attempts_of_the_owner(alice):
    app = add_app(alice)
    mark = alice.service.mailbox.mark()
    assert alice.set_new_password(alice.request_reset(), alice.password + "!").status_code == 200
    alice.password += "!"
    token = token_in(alice.service.mailbox.wait_for(alice.email, since=mark, containing="/secure-account"))
    for _ in range(5):
        answer = Client(alice.service.url).post("/auth/secure-account", {"token": token, "code": app.wrong()})
        assert refusal(answer) == (401, "invalid_code")
    assert second_step(alice, code=app.at(1)).status_code == 200


@SQLITE_ONLY
def test_administrator_cannot_reset_the_own_factors_where_one_is_required(amy, configure):
    add_app(amy)
    configure(mfa_required="admins")
    path = f"/admin/users/{amy.user_id}/factors"
    assert refusal(amy.client.delete(path)) == (403, "mfa_required_by_policy")


def test_logins_in_progress_are_bounded(alice):
    add_app(alice)
    for _ in range(25):
        first_step(alice)
    account = alice.me()["id"]
    assert len(database.read_all(select(PendingLogin.id).where(PendingLogin.account_id == account))) <= 20


@SQLITE_ONLY
def test_forged_ceremony_is_no_event(alice):
    since = tables.newest_event()
    body = {"ceremony": "forged", "credential": {}}
    assert refusal(Client(alice.service.url).post("/auth/passkeys", body)) == (401, "invalid_credentials")
    assert tables.events(since) == []


@SQLITE_ONLY
def test_weak_or_oversized_credential_is_not_added(alice):
    key = Passkey()
    key.id = bytes(1024)
    begun = alice.client.post("/users/me/factors/passkeys/options", {}).json()
    body = {"ceremony": begun["ceremony"], "credential": key.create(begun["options"])}
    assert refusal(alice.client.post("/users/me/factors/passkeys", body)) == (400, "invalid_credential")
    off_curve = Passkey()
    begun = alice.client.post("/users/me/factors/passkeys/options", {}).json()
    credential = off_curve.create(begun["options"])
    numbers = off_curve.key.public_key().public_numbers()
    raw = base64.urlsafe_b64decode(credential["response"]["attestationObject"] + "==")
    wrong = raw.replace(numbers.y.to_bytes(32, "big"), bytes(31) + b"\x05")
    credential["response"]["attestationObject"] = base64.urlsafe_b64encode(wrong).decode().rstrip("=")
    body = {"ceremony": begun["ceremony"], "credential": credential}
    assert refusal(alice.client.post("/users/me/factors/passkeys", body)) == (400, "invalid_credential")
