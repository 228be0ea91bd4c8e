"""Recovery codes: created with the first factor, used once, replaced."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

import database
from authenticator import Passkey, add_app, add_passkey, first_step, second_step
from databases import SQLITE_ONLY
from factors.models import RecoveryCode
from people import Client, refusal


def left(person) -> int:
    return person.client.get("/users/me/factors").json()["recovery_codes_left"]


@SQLITE_ONLY
@pytest.mark.parametrize("typed", [str.upper, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_code_is_typed_in_any_way_and_works_once(alice, typed):
    code = add_app(alice).recovery_codes[0]
    assert re.fullmatch(r"([2-9a-hjkmnp-z0]{4}-){2}[2-9a-hjkmnp-z0]{4}", code)
    assert second_step(alice, recovery_code=typed(code)).status_code == 200
    assert left(alice) == 9
    assert refusal(second_step(alice, recovery_code=code)) == (401, "invalid_code")


@SQLITE_ONLY
def test_owner_is_told_of_each_use_and_how_many_are_left(alice):
    codes = add_app(alice).recovery_codes
    mark = alice.service.mailbox.mark()
    assert second_step(alice, recovery_code=codes[0]).status_code == 200
    email = alice.service.mailbox.wait_for(alice.email, since=mark, containing="recovery code")
    assert "9 codes are left" in email.get_body(("plain",)).get_content()


def test_one_of_ten_concurrent_uses_succeeds(alice):
    code = add_app(alice).recovery_codes[0]
    logins = [first_step(alice) for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda begun: second_step(alice, begun, recovery_code=code).status_code, logins))
    assert answers.count(200) == 1


@SQLITE_ONLY
def test_code_logs_in_to_an_account_with_only_a_passkey(alice):
    begun = alice.client.post("/users/me/factors/passkeys/options", {}).json()
    body = {"ceremony": begun["ceremony"], "credential": Passkey().create(begun["options"])}
    codes = alice.client.post("/users/me/factors/passkeys", body).json()["recovery_codes"]
    assert second_step(alice, recovery_code=codes[0]).status_code == 200


@SQLITE_ONLY
def test_login_with_a_recovery_code_is_aal2(alice, another_service):
    tokens = second_step(alice, recovery_code=add_app(alice).recovery_codes[0]).json()
    said = another_service.post("/oauth2/introspect", data={"token": tokens["access_token"]}).json()
    assert (said["acr"], set(said["amr"])) == ("aal2", {"pwd", "recovery", "mfa"})


@SQLITE_ONLY
def test_new_codes_end_the_old_ones(alice):
    app = add_app(alice)
    new = alice.client.post("/users/me/recovery-codes", {}).json()["recovery_codes"]
    assert len(set(new) - set(app.recovery_codes)) == 10
    assert refusal(second_step(alice, recovery_code=app.recovery_codes[0])) == (401, "invalid_code")
    assert second_step(alice, recovery_code=new[0]).status_code == 200


@SQLITE_ONLY
def test_account_without_factors_gets_no_codes(alice):
    assert refusal(alice.client.post("/users/me/recovery-codes", {})) == (404, "not_found")
    assert left(alice) == 0


@SQLITE_ONLY
def test_codes_of_alice_do_not_work_for_bob(alice, bob):
    codes = add_app(alice).recovery_codes
    add_app(bob)
    assert refusal(second_step(bob, recovery_code=codes[0])) == (401, "invalid_code")


@SQLITE_ONLY
def test_codes_go_with_the_last_factor(alice, clock):
    app = add_app(alice)
    passkey = add_passkey(alice)
    for factor, number in ((app.id, 10), (passkey.factor["id"], 0)):
        assert alice.client.delete(f"/users/me/factors/{factor}").status_code == 204
        assert left(alice) == number
    assert database.read_all(select(RecoveryCode.account_id).where(RecoveryCode.account_id == alice.me()["id"])) == []
    assert alice.log_in().status_code == 200


def test_codes_are_in_no_response_event_or_database_row(alice):
    app = add_app(alice)
    stored = database.read_all(select(RecoveryCode.code_hash).where(RecoveryCode.account_id == alice.me()["id"]))
    shown = alice.client.get("/users/me/activity").text + alice.client.get("/users/me/export").text + repr(stored)
    assert not any(code in shown or code.replace("-", "") in shown for code in app.recovery_codes)


@SQLITE_ONLY
def test_anyone_else_cannot_create_codes(alice):
    add_app(alice)
    assert refusal(Client(alice.service.url).post("/users/me/recovery-codes", {})) == (401, "not_authenticated")
