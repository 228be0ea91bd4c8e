"""The one-time code with which an OAuth login returns to the frontend: valid once, for a minute."""

from contextlib import closing

import pytest

import tables
from browser import FRONTEND, Visitor, query_of
from databases import SQLITE_ONLY
from people import Client, Person, at_once, new_password, refusal, statuses, token_in

RETURN = f"{FRONTEND}/signed-in"
INVALID = (400, "invalid_token")


def code_for(browser):
    return query_of(browser.log_in_with("google", redirect_to=RETURN))["code"]


@pytest.fixture
def exchanges(anonymous):
    return lambda code: anonymous.post("/oauth/exchange", {"code": code})


def sessions_of(tokens, service):
    return Client(service.url, tokens["access_token"]).get("/users/me/sessions").json()


def test_fifty_concurrent_exchanges_of_one_code_start_one_session(google, service, visitor):
    google.new_person()
    code = code_for(visitor)
    clients = [Client(service.url) for _ in range(50)]
    answers = at_once(*(lambda c=c: c.post("/oauth/exchange", {"code": code}) for c in clients))
    assert statuses(answers) == [200] + [400] * 49
    assert {refusal(answer) for answer in answers if answer.status_code == 400} == {INVALID}
    (tokens,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(sessions_of(tokens, service)) == 1


def test_code_expires_after_a_minute(google, visitor, exchanges, clock):
    code = code_for(visitor)
    clock.shift(58)
    assert exchanges(code).status_code == 200
    code = code_for(visitor)
    clock.shift(61)
    assert refusal(exchanges(code)) == INVALID


@SQLITE_ONLY
def test_newer_code_of_a_user_invalidates_the_older(google, service, visitor, exchanges):
    google.new_person()
    older = code_for(visitor)
    with closing(Visitor(service)) as other:
        newer = code_for(other)
    before = tables.rows()
    assert refusal(exchanges(older)) == INVALID
    assert tables.rows() == before
    assert exchanges(newer).status_code == 200


@SQLITE_ONLY
def test_code_of_another_kind_is_rejected(google, alice, visitor, exchanges, mailbox, configure):
    configure(email_verification="optional")
    code = code_for(visitor)
    reset = alice.request_reset()
    newcomer = Person(alice.service, "zoe")
    newcomer.sign_up()
    proof = token_in(newcomer.verification_mail())
    token_id = code.partition(".")[0]
    others = [reset, proof, token_id, f"{token_id}.", f"{code}x", code[:-1], code.upper(), f" {code}", "", "\0", alice.tokens["refresh_token"], alice.tokens["access_token"], f"{reset.partition('.')[0]}.{code.partition('.')[2]}"]  # fmt: skip
    for other in others:
        assert refusal(exchanges(other)) == INVALID, other
    assert refusal(alice.set_new_password(code, new_password())) == INVALID
    assert refusal(alice.verify_email(code)) == INVALID
    assert exchanges(code).status_code == 200
    assert alice.set_new_password(reset, new_password()).status_code < 300


@SQLITE_ONLY
def test_password_change_invalidates_codes(alice, google, visitor, exchanges):
    google.new_person(email=alice.email)
    code = code_for(visitor)
    alice.set_new_password(alice.request_reset(), new_password())
    assert refusal(exchanges(code)) == INVALID
    code = code_for(visitor)
    alice.password = new_password()
    assert alice.set_new_password(alice.request_reset(), alice.password).status_code < 300
    assert alice.log_in().status_code == 200
    assert alice.change_password(new_password()).status_code < 300
    assert refusal(exchanges(code)) == INVALID


@SQLITE_ONLY
def test_code_of_a_disabled_account_is_rejected(google, visitor, exchanges):
    google.new_person()
    user_id = visitor.log_in_with("google").json()["user_id"]
    code = code_for(visitor)
    tables.set_active(user_id, False)
    mark = tables.newest_event()
    answer = exchanges(code)
    assert refusal(answer) == (403, "account_disabled")
    assert "set-cookie" not in answer.headers
    (event,) = tables.events(mark)
    assert (event.action, event.user_id, event.detail) == (
        "user.login_failed", user_id, {"provider": "google", "reason": "account_disabled"},
    )  # fmt: skip
    tables.set_active(user_id, True)
    assert refusal(exchanges(code)) == INVALID, "it was used up"


@SQLITE_ONLY
def test_code_of_a_deleted_account_is_rejected(google, service, visitor, exchanges):
    google.new_person()
    tokens = visitor.log_in_with("google").json()
    code = code_for(visitor)
    tables.as_if_just_authenticated()
    assert Client(service.url, tokens["access_token"]).delete("/users/me").status_code == 204
    assert refusal(exchanges(code)) == INVALID


@SQLITE_ONLY
def test_without_an_exchange_no_session_starts(google, service, visitor):
    google.new_person()
    tokens = visitor.log_in_with("google").json()
    for _ in range(3):
        code_for(visitor)
    assert len(sessions_of(tokens, service)) == 1


@SQLITE_ONLY
@pytest.mark.parametrize("body", [{}, {"code": None}, {"code": 7}, {"code": ["x"]}, {"code": "x" * 5000}, [], "x"], ids=str)  # fmt: skip
def test_malformed_code_is_named(anonymous, body):
    assert refusal(anonymous.post("/oauth/exchange", body)) == (422, "validation_error")
