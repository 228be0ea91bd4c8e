"""Login: the response to the right password, and that failures disclose nothing about accounts."""

import json

import pytest
from sqlalchemy import select

import database
import tables
from audit import CallerInfo
from credentials import lookup, passwords
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from models import KnownNetwork
from people import Client, Person, new_email, new_password, refusal
from sessions import known_networks

WRONG = (401, "invalid_credentials")
TOKENS = {"access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in"}
ACCOUNT = {"user_id", "email", "username", "is_active", "is_verified"}


def shape(answer):
    """Return everything in a response that an attacker could compare, without the request id."""
    body = {name: value for name, value in answer.json().items() if name != "request_id"}
    return answer.status_code, body, sorted(answer.headers), answer.headers.get("www-authenticate")


@SQLITE_ONLY
def test_the_right_password_gives_tokens(alice):
    answer = alice.log_in()
    assert (answer.status_code, answer.json().keys()) == (200, TOKENS | ACCOUNT)
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("bearer", 15 * 60)
    assert answer.json()["refresh_expires_in"] == pytest.approx(7 * 24 * 3600, abs=2)
    assert {field: answer.json()[field] for field in ACCOUNT} == {field: alice.me()[field] for field in ACCOUNT}
    assert alice.is_logged_in()


@SQLITE_ONLY
def test_each_login_starts_a_new_session(alice):
    phone = alice.other_device()
    assert phone.tokens["refresh_token"] != alice.tokens["refresh_token"]
    assert phone.client.post("/auth/logout").status_code == 204
    assert alice.is_logged_in()


@pytest.mark.parametrize("spelling", [str.upper, str.title, "  {}\n".format, lambda e: e.replace("@", "＠")])
def test_any_spelling_of_the_email_address_works(alice, spelling):
    assert alice.log_in(email=spelling(alice.email)).json()["email"] == alice.email


def test_both_forms_of_an_international_domain_work(service):
    zoe = Person(service, "zoe")
    zoe.email = zoe.email.replace("example.com", "exämple.com")
    assert zoe.sign_up().status_code == 201
    assert zoe.can_log_in_with(zoe.password, zoe.email.replace("exämple", "xn--exmple-cua"))
    assert zoe.log_in().json()["email"] == zoe.email


@SQLITE_ONLY
def test_wrong_password_and_unknown_email_address_get_the_same_response(alice, anonymous):
    wrong = anonymous.post("/auth/login", {"email": alice.email, "password": new_password()})
    unknown = anonymous.post("/auth/login", {"email": new_email(), "password": new_password()})
    assert refusal(wrong) == WRONG
    assert shape(wrong) == shape(unknown)


@SQLITE_ONLY
@pytest.mark.parametrize("known", [True, False])
def test_failure_is_audited_without_email_address_and_password(alice, anonymous, known):
    email, mark = alice.email if known else new_email(), tables.newest_event()
    assert refusal(anonymous.post("/auth/login", {"email": email, "password": "not the password"})) == WRONG
    [event] = tables.events(since=mark)
    assert (event.action, event.user_id) == ("user.login_failed", alice.user_id if known else None)
    assert (event.actor_id, event.detail) == (None, {"reason": "invalid_credentials"})
    assert email not in str(event)
    assert "not the password" not in str(event)


@SQLITE_ONLY
def test_failure_starts_no_session(alice):
    assert refusal(alice.log_in(password="not the password")) == WRONG
    assert len(alice.client.get("/users/me/sessions").json()) == 1


@SQLITE_ONLY
@pytest.mark.parametrize(("mode", "may"), [("off", True), ("optional", True), ("required", False)])
def test_before_verification_the_setting_decides(bob, configure, mode, may):
    configure(email_verification=mode)
    assert refusal(bob.log_in(password="not the password")) == WRONG
    answer = bob.log_in()
    assert answer.status_code == 200 if may else refusal(answer) == (403, "email_not_verified")
    assert ("access_token" in answer.json()) == may


@SQLITE_ONLY
def test_only_the_right_password_discloses_that_an_account_is_disabled(alice, anonymous):
    tables.disable(alice)
    wrong = anonymous.post("/auth/login", {"email": alice.email, "password": "not the password"})
    unknown = anonymous.post("/auth/login", {"email": new_email(), "password": "not the password"})
    assert shape(wrong) == shape(unknown)
    assert refusal(alice.log_in()) == (403, "account_disabled")
    assert tables.events(user_id=alice.user_id)[-1].detail == {"reason": "account_disabled"}
    tables.set_active(alice.user_id, True)
    assert len(alice.client.get("/users/me/sessions").json()) == 1


@SQLITE_ONLY
@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize("value", [0, True, None, [], {}, ["a@example.com"]], ids=ascii)
def test_types_are_strict(alice, field, value):
    body = {"email": alice.email, "password": alice.password, field: value}
    answer = alice.client.post("/auth/login", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert refusal(answer) == (422, "validation_error")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@SQLITE_ONLY
@pytest.mark.parametrize("missing", ["email", "password"])
def test_missing_field_is_named(alice, missing):
    body = {"email": alice.email, "password": alice.password}
    answer = alice.client.post("/auth/login", {name: value for name, value in body.items() if name != missing})
    assert (refusal(answer), answer.json()["errors"][0]["field"]) == ((422, "validation_error"), missing)


@POSTGRESQL_ONLY
@pytest.mark.parametrize(
    "password",
    ["", " ", "x", "x" * 72, "x" * 73, "x" * 256, "🙂" * 256, "x\ny", "\u202e", "ß" * 200, "%s' OR 1=1 --", "null"],
    ids=ascii,
)  # fmt: skip
def test_long_or_odd_password_is_wrong_for_known_and_unknown_accounts(alice, anonymous, password):
    known = anonymous.post("/auth/login", {"email": alice.email, "password": password})
    unknown = anonymous.post("/auth/login", {"email": new_email(), "password": password})
    assert refusal(known) == WRONG
    assert shape(known) == shape(unknown)


@SQLITE_ONLY
@pytest.mark.parametrize("password", ["x" * 257, "x" * 5000, "\0", "long enough\0"], ids=lambda p: ascii(p[:12]))
def test_impossible_password_discloses_nothing_about_the_account(alice, anonymous, password):
    known = anonymous.post("/auth/login", {"email": alice.email, "password": password})
    unknown = anonymous.post("/auth/login", {"email": new_email(), "password": password})
    assert known.status_code in (401, 422)
    assert shape(known) == shape(unknown)


@SQLITE_ONLY
def test_extra_fields_have_no_effect(alice, service):
    body = {"email": alice.email, "password": "not the password", "is_verified": True, "user_id": alice.user_id}
    assert refusal(Client(service.url).post("/auth/login", body)) == WRONG
    answer = Client(service.url).post("/auth/login", body | {"password": alice.password, "roles": ["superuser"]})
    assert Client(service.url, answer.json()["access_token"]).get("/users/me").json()["roles"] == ["user"]


@SQLITE_ONLY
def test_login_concurrent_with_a_password_change_reads_known_networks_again(alice, monkeypatch):
    found, chosen = lookup.by_email, "the new one of Alice"

    def find_just_before_the_reset(address, caller):
        monkeypatch.setattr(lookup, "by_email", found)
        before = found(address, caller)
        with database.transaction() as db:
            user = lookup.lock(db, before.id)
            user.hashed_password = passwords.hash(chosen)
            known_networks.forget(db, user)
            known_networks.note(db, user, CallerInfo("203.0.113.9", "Phone"))
        return before

    monkeypatch.setattr(lookup, "by_email", find_just_before_the_reset)
    assert alice.log_in(chosen).status_code == 200
    hers = select(KnownNetwork.network).where(KnownNetwork.account_id == alice.me()["id"])
    assert {network for (network,) in database.read_all(hers)} == {"127.0.0.0/24", "203.0.113.0/24"}
