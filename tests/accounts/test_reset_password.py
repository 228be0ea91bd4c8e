"""Password reset: the link by email, and the new password."""

import pytest

import tables
from browser import Visitor
from databases import SQLITE_ONLY
from people import Client, at_once, link_in, new_email, new_password, refusal, statuses, text_of, token_in
from settings.loading import settings

INVALID = (400, "invalid_token")


@SQLITE_ONLY
def test_password_is_reset_through_the_link_in_the_email(alice):
    answer = alice.set_new_password(alice.request_reset(), password := new_password())
    assert (answer.status_code, answer.json().keys()) == (200, {"message"})
    assert alice.can_log_in_with(password)
    assert not alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_owner_is_notified_by_an_email_without_the_password(alice, mailbox):
    alice.set_new_password(alice.request_reset(), password := new_password())
    mail = mailbox.wait_for(alice.email, containing="password of your account was changed")
    assert password not in text_of(mail)
    assert "token=" not in text_of(mail)


@SQLITE_ONLY
def test_request_alone_changes_nothing(alice):
    alice.request_reset()
    assert alice.can_log_in_with(alice.password)
    assert alice.is_logged_in()


@SQLITE_ONLY
def test_opening_the_link_changes_nothing(alice, anonymous):
    token = alice.request_reset()
    assert anonymous.get("/auth/reset-password/confirm", params={"token": token}).status_code == 405
    assert alice.can_log_in_with(alice.password)
    assert alice.set_new_password(token, new_password()).status_code == 200


@SQLITE_ONLY
def test_response_is_always_the_same_and_a_disabled_account_gets_no_email(alice, bob, mallory, anonymous, mailbox):
    assert mallory.sign_up().status_code == 201
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
def test_invalid_email_address_is_rejected(anonymous, body):
    assert refusal(anonymous.post("/auth/reset-password/request", body)) == (422, "validation_error")


@SQLITE_ONLY
def test_request_headers_do_not_change_the_link(alice, anonymous, mailbox):
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
def test_weak_password_is_rejected_and_the_link_stays_valid(alice, password, code):
    token = alice.request_reset()
    answer = alice.set_new_password(token, password)
    assert refusal(answer) == (422, code)
    assert {error["field"] for error in answer.json()["errors"]} == {"new_password"}
    assert alice.is_logged_in()
    assert alice.set_new_password(token, new_password()).status_code == 200


@SQLITE_ONLY
def test_a_reset_link_works_once(alice):
    token = alice.request_reset()
    assert alice.set_new_password(token, password := new_password()).status_code == 200
    assert refusal(alice.set_new_password(token, new_password())) == INVALID
    assert alice.can_log_in_with(password)


@SQLITE_ONLY
def test_new_link_invalidates_the_previous_one(alice):
    older, newer = alice.request_reset(), alice.request_reset()
    assert refusal(alice.set_new_password(older, new_password())) == INVALID
    assert alice.can_log_in_with(alice.password)
    assert alice.set_new_password(newer, new_password()).status_code == 200


def test_only_one_of_fifty_concurrent_resets_succeeds(alice, service):
    token, passwords = alice.request_reset(), [new_password() for _ in range(50)]
    clients, path = [Client(service.url) for _ in passwords], "/auth/reset-password/confirm"
    bodies = [{"token": token, "new_password": password} for password in passwords]
    answers = at_once(*(lambda c=c, b=b: c.post(path, b) for c, b in zip(clients, bodies, strict=True)))
    assert statuses(answers) == [200] + [400] * 49
    winner = passwords[[answer.status_code for answer in answers].index(200)]
    assert alice.can_log_in_with(winner)
    assert not alice.can_log_in_with(next(password for password in passwords if password != winner))


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 400)])
def test_a_reset_link_expires_after_half_an_hour(alice, clock, minutes, status):
    token = alice.request_reset()
    clock.shift(minutes * 60)
    assert alice.set_new_password(token, password := new_password()).status_code == status
    assert alice.can_log_in_with(password) == (status == 200)


@SQLITE_ONLY
def test_reset_verifies_the_email_address(bob, configure):
    configure(email_verification="required")
    assert refusal(bob.log_in()) == (403, "email_not_verified")
    assert bob.set_new_password(bob.request_reset(), password := new_password()).status_code == 200
    assert bob.log_in(password).json()["is_verified"] is True


@SQLITE_ONLY
def test_reset_ends_every_session(alice):
    phone = alice.other_device()
    assert alice.set_new_password(alice.request_reset(), new_password()).status_code == 200
    assert not alice.is_logged_in()
    assert not phone.is_logged_in()


@SQLITE_ONLY
def test_link_is_invalid_after_the_account_is_disabled(alice):
    token = alice.request_reset()
    stored = tables.hash_of(alice)
    tables.disable(alice)
    assert refusal(alice.set_new_password(token, new_password())) == INVALID
    assert tables.hash_of(alice) == stored


@SQLITE_ONLY
def test_account_without_a_password_gets_its_first_password(alice):
    tables.store_hash(alice, None)
    assert not alice.can_log_in_with(alice.password)
    assert alice.set_new_password(alice.request_reset(), password := new_password()).status_code == 200
    assert alice.can_log_in_with(password)


def test_concurrent_login_with_the_old_password_leaves_no_session(alice, service):
    token, clients = alice.request_reset(), [Client(service.url) for _ in range(10)]
    body = {"email": alice.email, "password": alice.password}
    answers = at_once(
        lambda: alice.set_new_password(token, new_password()),
        *(lambda c=c: c.post("/auth/login", body) for c in clients),
    )
    assert answers[0].status_code == 200
    entered = [answer.json()["access_token"] for answer in answers[1:] if answer.status_code == 200]
    assert {Client(service.url, token).get("/users/me").status_code for token in entered} <= {401}


# ------------------------------------------------------------------------------------------- what else opens the account


def reset_password(person, password):
    body = {"token": person.request_reset(), "new_password": password}
    return Client(person.service.url).post("/auth/reset-password/confirm", body)


@SQLITE_ONLY
def test_email_after_a_reset_lists_and_removes_linked_providers(alice, mailbox, google):
    google.new_person(email=new_email(), email_verified=True)
    assert Visitor(alice.service, alice.client.token).link_provider("google").status_code == 200
    assert reset_password(alice, alice.password).status_code == 200
    alice.log_in()
    mail = mailbox.wait_for(alice.email, "/secure-account")
    assert "Google" in text_of(mail)
    token = token_in(mail, "/secure-account")
    assert Visitor(alice.service).log_in_with("google").status_code == 200

    def secure_account():
        return Client(alice.service.url).post("/auth/secure-account", {"token": token})

    assert statuses(at_once(*[secure_account] * 8)) == [200, *[400] * 7]
    assert not alice.is_logged_in()
    assert Visitor(alice.service).log_in_with("google").json()["user_id"] != alice.user_id
    assert alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_secure_account_link_stays_valid_after_changes_by_an_attacker(alice, mailbox, google):
    google.new_person(email=new_email(), email_verified=True)
    assert Visitor(alice.service, alice.client.token).link_provider("google").status_code == 200
    assert reset_password(alice, alice.password).status_code == 200
    token = token_in(mailbox.wait_for(alice.email, "/secure-account"), "/secure-account")
    thief = Visitor(alice.service).log_in_with("google").json()
    client = Client(alice.service.url, thief["access_token"])
    assert client.post("/auth/logout-all").status_code == 204
    alice.log_in()
    assert alice.change_password(new_password()).status_code == 200
    assert Client(alice.service.url).post("/auth/secure-account", {"token": token}).status_code == 200


@SQLITE_ONLY
def test_email_after_a_reset_has_no_link_without_linked_providers(alice, mailbox):
    mark = mailbox.mark()
    reset_password(alice, alice.password)
    assert "token=" not in text_of(mailbox.wait_for(alice.email, "password of your account was changed", since=mark))
