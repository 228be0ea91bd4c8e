"""Password reset: the link by email, and the new password."""

import pytest

import tables
from browser import Visitor
from databases import SQLITE_ONLY
from people import Client, at_once, link_in, new_email, new_password, refusal, statuses, text_of, token_in
from settings.loading import settings

INVALID = (400, "invalid_token")


def test_password_is_reset_through_the_link_in_the_email(alice):
    answer = alice.sets_a_new_password(alice.asks_for_a_reset(), password := new_password())
    assert (answer.status_code, answer.json().keys()) == (200, {"message"})
    assert alice.can_log_in_with(password)
    assert not alice.can_log_in_with(alice.password)


def test_the_owner_is_told(alice, mailbox):
    alice.sets_a_new_password(alice.asks_for_a_reset(), password := new_password())
    mail = mailbox.wait_for(alice.email, containing="password of your account was changed")
    assert password not in text_of(mail)
    assert "token=" not in text_of(mail)


def test_asking_changes_nothing_yet(alice):
    alice.asks_for_a_reset()
    assert alice.can_log_in_with(alice.password)
    assert alice.is_in()


def test_opening_the_link_changes_nothing(alice, anonymous):
    token = alice.asks_for_a_reset()
    assert anonymous.get("/auth/reset-password/confirm", params={"token": token}).status_code == 405
    assert alice.can_log_in_with(alice.password)
    assert alice.sets_a_new_password(token, new_password()).status_code == 200


def test_response_is_always_the_same_and_a_disabled_account_gets_no_email(alice, bob, mallory, anonymous, mailbox):
    assert mallory.signs_up().status_code == 201
    tables.disable(mallory)
    mallory.verification_mail()
    tables.wait_for_outbox()  # Bob's own verification email counts for nothing below
    mark, emails = mailbox.mark(), (mallory.email, new_email(), alice.email, bob.email.upper())
    answers = [anonymous.post("/auth/reset-password/request", {"email": email}) for email in emails]
    assert {(answer.status_code, answer.text, *answer.headers) for answer in answers} == {
        (202, answers[0].text, *answers[0].headers)
    }
    tables.wait_for_outbox()
    assert [len(mailbox.all_to(person.email, since=mark)) for person in (mallory, alice, bob)] == [0, 1, 1]


@SQLITE_ONLY
@pytest.mark.parametrize(
    "body", [{}, {"email": None}, {"email": ["a@example.com"]}, {"email": "nobody"}, {"email": ""}]
)
def test_something_that_is_no_address_is_refused(anonymous, body):
    assert refusal(anonymous.post("/auth/reset-password/request", body)) == (422, "validation_error")


def test_no_header_changes_where_the_link_leads(alice, anonymous, mailbox):
    evil = dict.fromkeys(("Host", "X-Forwarded-Host", "X-Original-Host", "X-Forwarded-Server"), "evil.example")
    evil |= {"Origin": "https://evil.example", "Referer": "https://evil.example/", "Forwarded": "host=evil.example"}
    mark = mailbox.mark()
    assert anonymous.post("/auth/reset-password/request", {"email": alice.email}, headers=evil).status_code == 202
    mail = mailbox.wait_for(alice.email, since=mark)
    assert link_in(mail).startswith(f"{settings.frontend_base_url}/reset-password?token=")
    assert "evil" not in mail.as_string()


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "weak_password"), ("password1", "weak_password"), ("", "weak_password"), ("ALICE", "weak_password"),
     ("x" * 257, "validation_error"), ("a\0 long one", "validation_error"), (None, "validation_error"), (12345678, "validation_error")],
    ids=ascii,
)  # fmt: skip
def test_a_password_that_will_not_do_is_refused_and_the_link_stays_good(alice, password, code):
    token = alice.asks_for_a_reset()
    answer = alice.sets_a_new_password(token, password)
    assert refusal(answer) == (422, code)
    assert {error["field"] for error in answer.json()["errors"]} == {"new_password"}
    assert alice.is_in()
    assert alice.sets_a_new_password(token, new_password()).status_code == 200


def test_a_link_works_once(alice):
    token = alice.asks_for_a_reset()
    assert alice.sets_a_new_password(token, password := new_password()).status_code == 200
    assert refusal(alice.sets_a_new_password(token, new_password())) == INVALID
    assert alice.can_log_in_with(password)


def test_a_new_link_ends_the_one_before(alice):
    older, newer = alice.asks_for_a_reset(), alice.asks_for_a_reset()
    assert refusal(alice.sets_a_new_password(older, new_password())) == INVALID
    assert alice.can_log_in_with(alice.password)
    assert alice.sets_a_new_password(newer, new_password()).status_code == 200


def test_of_fifty_at_once_one_wins_and_its_password_counts(alice, service):
    token, passwords = alice.asks_for_a_reset(), [new_password() for _ in range(50)]
    clients, path = [Client(service.url) for _ in passwords], "/auth/reset-password/confirm"
    bodies = [{"token": token, "new_password": password} for password in passwords]
    answers = at_once(*(lambda c=c, b=b: c.post(path, b) for c, b in zip(clients, bodies, strict=True)))
    assert statuses(answers) == [200] + [400] * 49
    winner = passwords[[answer.status_code for answer in answers].index(200)]
    assert alice.can_log_in_with(winner)
    assert not alice.can_log_in_with(next(password for password in passwords if password != winner))


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 400)])
def test_a_link_is_good_for_half_an_hour(alice, clock, minutes, status):
    token = alice.asks_for_a_reset()
    clock.shift(minutes * 60)
    assert alice.sets_a_new_password(token, password := new_password()).status_code == status
    assert alice.can_log_in_with(password) == (status == 200)


def test_reset_verifies_the_email_address(bob, configure):
    configure(email_verification="required")
    assert refusal(bob.logs_in()) == (403, "email_not_verified")
    assert bob.sets_a_new_password(bob.asks_for_a_reset(), password := new_password()).status_code == 200
    assert bob.logs_in(password).json()["is_verified"] is True


def test_reset_ends_every_session(alice):
    phone = alice.other_device()
    assert alice.sets_a_new_password(alice.asks_for_a_reset(), new_password()).status_code == 200
    assert not alice.is_in()
    assert not phone.is_in()


def test_a_link_of_an_account_that_was_disabled_since_is_refused(alice):
    token = alice.asks_for_a_reset()
    stored = tables.hash_of(alice)
    tables.disable(alice)
    assert refusal(alice.sets_a_new_password(token, new_password())) == INVALID
    assert tables.hash_of(alice) == stored


def test_an_account_without_a_password_gets_its_first_one_so(alice):
    tables.store_hash(alice, None)
    assert not alice.can_log_in_with(alice.password)
    assert alice.sets_a_new_password(alice.asks_for_a_reset(), password := new_password()).status_code == 200
    assert alice.can_log_in_with(password)


def test_a_login_with_the_old_password_at_the_same_moment_leaves_no_session(alice, service):
    token, clients = alice.asks_for_a_reset(), [Client(service.url) for _ in range(10)]
    body = {"email": alice.email, "password": alice.password}
    answers = at_once(
        lambda: alice.sets_a_new_password(token, new_password()),
        *(lambda c=c: c.post("/auth/login", body) for c in clients),
    )
    assert answers[0].status_code == 200
    entered = [answer.json()["access_token"] for answer in answers[1:] if answer.status_code == 200]
    assert {Client(service.url, token).get("/users/me").status_code for token in entered} <= {401}


# ------------------------------------------------------------------------------------------- what else opens the account


def resets(person, password):
    body = {"token": person.asks_for_a_reset(), "new_password": password}
    return Client(person.service.url).post("/auth/reset-password/confirm", body)


def test_the_email_after_a_reset_lists_what_else_opens_the_account_and_ends_it(alice, mailbox, google):
    google.new_person(email=new_email(), email_verified=True)
    assert Visitor(alice.service, alice.client.token).links("google").status_code == 200
    assert resets(alice, alice.password).status_code == 200
    alice.logs_in()
    mail = mailbox.wait_for(alice.email, "/secure-account")
    assert "Google" in text_of(mail)
    token = token_in(mail, "/secure-account")
    assert Visitor(alice.service).signs_in_with("google").status_code == 200

    def secures():
        return Client(alice.service.url).post("/auth/secure-account", {"token": token})

    assert statuses(at_once(*[secures] * 8)) == [200, *[400] * 7]
    assert not alice.is_in()
    assert Visitor(alice.service).signs_in_with("google").json()["user_id"] != alice.user_id
    assert alice.can_log_in_with(alice.password)


def test_the_link_outlives_what_a_thief_does_to_the_account(alice, mailbox, google):
    google.new_person(email=new_email(), email_verified=True)
    assert Visitor(alice.service, alice.client.token).links("google").status_code == 200
    assert resets(alice, alice.password).status_code == 200
    token = token_in(mailbox.wait_for(alice.email, "/secure-account"), "/secure-account")
    thief = Visitor(alice.service).signs_in_with("google").json()
    client = Client(alice.service.url, thief["access_token"])
    assert client.post("/auth/logout-all").status_code == 204
    alice.logs_in()
    assert alice.changes_password(new_password()).status_code == 200
    assert Client(alice.service.url).post("/auth/secure-account", {"token": token}).status_code == 200


def test_where_nothing_else_opens_it_the_email_asks_for_no_click(alice, mailbox):
    mark = mailbox.mark()
    resets(alice, alice.password)
    assert "token=" not in text_of(mailbox.wait_for(alice.email, "password of your account was changed", since=mark))
