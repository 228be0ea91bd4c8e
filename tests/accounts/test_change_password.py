"""Change the password while logged in."""

import pytest

import tables
from databases import SQLITE_ONLY
from people import Client, at_once, new_password, refusal, statuses, text_of


@SQLITE_ONLY
def test_new_password_replaces_the_old_one(alice):
    answer = alice.change_password(password := new_password())
    assert (answer.status_code, answer.json().keys()) == (200, {"message"})
    assert alice.can_log_in_with(password)
    assert not alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_change_keeps_the_current_session_and_ends_the_others(alice):
    phone = alice.other_device()
    assert alice.change_password(new_password()).status_code == 200
    assert alice.is_logged_in()
    assert not phone.is_logged_in()


@SQLITE_ONLY
def test_owner_is_notified_by_an_email_without_the_password(alice, mailbox):
    alice.change_password(password := new_password())
    mail = text_of(mailbox.wait_for(alice.email, containing="password of your account was changed"))
    assert password not in mail
    assert alice.password not in mail


REFUSALS = {
    "a wrong old one": ({"old_password": "not the password"}, (403, "reauthentication_required")),
    "an empty old one": ({"old_password": ""}, (403, "reauthentication_required")),
    "no old one": ({"old_password": None}, (422, "validation_error")),
    "an old one that is no text": ({"old_password": 12345678}, (422, "validation_error")),
    "a short new one": ({"new_password": "xk3-9qz"}, (422, "weak_password")),
    "a common new one": ({"new_password": "princess"}, (422, "weak_password")),
    "no new one": ({"new_password": None}, (422, "validation_error")),
    "a new one that is no text": ({"new_password": ["long enough"]}, (422, "validation_error")),
    "a new one too long": ({"new_password": "x" * 257}, (422, "validation_error")),
}


@SQLITE_ONLY
@pytest.mark.parametrize(("body", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_rejected_request_changes_nothing(alice, bob, mailbox, body, expected):
    phone, mark = alice.other_device(), mailbox.mark()
    whole = {"old_password": alice.password, "new_password": new_password(), **body}
    assert refusal(alice.client.post("/auth/change-password", whole)) == expected
    assert alice.is_logged_in()
    assert phone.is_logged_in()
    assert alice.can_log_in_with(alice.password)
    bob.request_reset()  # emails are sent in order, so all earlier ones arrive before this one
    assert not mailbox.all_to(alice.email, since=mark)


@SQLITE_ONLY
def test_change_requires_a_session(alice, anonymous):
    body = {"old_password": alice.password, "new_password": new_password()}
    assert refusal(anonymous.post("/auth/change-password", body)) == (401, "not_authenticated")
    assert alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_recent_login_does_not_replace_the_old_password(alice):
    assert alice.log_in().status_code == 200
    assert refusal(alice.change_password(new_password(), old="not the password")) == (403, "reauthentication_required")
    assert tables.events(user_id=alice.user_id)[-1].action == "user.reauthentication_failed"


@SQLITE_ONLY
def test_account_without_a_password_cannot_change_it(alice):
    tables.store_hash(alice, None)
    for old in ("", "None", alice.password):
        assert refusal(alice.change_password(new_password(), old=old)) == (403, "reauthentication_required")
    assert tables.hash_of(alice) is None


def test_only_one_of_twenty_concurrent_changes_succeeds(alice, service):
    passwords = [new_password() for _ in range(20)]
    bodies = [{"old_password": alice.password, "new_password": password} for password in passwords]
    clients = [Client(service.url, alice.client.token) for _ in passwords]
    path = "/auth/change-password"
    answers = at_once(*(lambda c=c, b=b: c.post(path, b) for c, b in zip(clients, bodies, strict=True)))
    # To the others it is a wrong password by then, and after five of those the next ones wait.
    assert statuses(answers).count(200) == 1
    assert {refusal(answer) for answer in answers if answer.status_code != 200} <= {
        (403, "reauthentication_required"),
        (429, "rate_limited"),
    }
    won = [password for password, answer in zip(passwords, answers, strict=True) if answer.status_code == 200]
    tables.set_failures(alice.email, 0)  # the last of the others may have been late, and make everybody wait
    assert alice.can_log_in_with(won[0])
    assert alice.is_logged_in()


def test_concurrent_change_and_reset_leave_one_password(alice):
    token, changed, reset = alice.request_reset(), new_password(), new_password()
    answers = at_once(lambda: alice.change_password(changed), lambda: alice.set_new_password(token, reset))
    assert {answer.status_code for answer in answers} <= {200, 400, 401, 403}
    by_reset = answers[1].status_code == 200
    assert [alice.can_log_in_with(password) for password in (alice.password, changed, reset)] == [
        False,
        not by_reset,
        by_reset,
    ]
    assert alice.is_logged_in() == (not by_reset)
