"""Moving to another address."""

import pytest

from people import Client, Person, at_once, new_email, refusal, statuses, text_of, token_in

INVALID, TAKEN = (400, "invalid_token"), (409, "email_taken")


def asks(person, new_email, **more):
    return person.client.post("/users/me/email", {"new_email": new_email, "password": person.password, **more})


def test_the_new_address_takes_over_once_its_link_is_confirmed(alice):
    old, new = alice.email, new_email("alice-new")
    answer = alice.confirms(alice.asks_to_move_to(new))
    assert (answer.status_code, answer.json()["email"], answer.json()["is_verified"]) == (200, new, True)
    assert alice.can_log_in_with(alice.password, new)
    assert not alice.can_log_in_with(alice.password, old)
    assert alice.me()["email"] == new


def test_until_then_nothing_changes_but_the_old_address_hears_of_it(alice, mailbox):
    alice.asks_to_move_to(new := new_email("alice-new"))
    notice = text_of(mailbox.wait_for(alice.email, containing="asked to move your account"))
    assert "token=" not in notice
    assert new not in notice
    assert alice.me()["email"] == alice.email
    assert alice.can_log_in_with(alice.password)
    assert not alice.can_log_in_with(alice.password, new)


def test_both_addresses_hear_of_the_change(alice, mailbox):
    old, new = alice.email, new_email("alice-new")
    alice.confirms(alice.asks_to_move_to(new))
    for address in (old, new):
        assert f"from {old} to {new}" in text_of(mailbox.wait_for(address, containing="was changed from"))


def test_opening_the_link_changes_nothing(alice, anonymous):
    token = alice.asks_to_move_to(new_email())
    assert anonymous.get("/auth/verify-email", params={"token": token}).status_code == 405
    assert alice.me()["email"] == alice.email
    assert alice.confirms(token).status_code == 200


def test_a_link_works_once(alice):
    token = alice.asks_to_move_to(new := new_email())
    assert alice.confirms(token).status_code == 200
    assert refusal(alice.confirms(token)) == INVALID
    assert alice.me()["email"] == new


def test_a_newer_request_ends_the_one_before(alice):
    older, newer = alice.asks_to_move_to(new_email()), alice.asks_to_move_to(second := new_email())
    assert refusal(alice.confirms(older)) == INVALID
    assert alice.confirms(newer).json()["email"] == second


def test_a_new_password_stops_it(alice):
    token = alice.asks_to_move_to(new_email())
    assert alice.changes_password("another horse, another staple").status_code == 200
    assert refusal(alice.confirms(token)) == INVALID
    assert alice.me()["email"] == alice.email


@pytest.mark.parametrize(("hours", "status"), [(23.9, 200), (24.1, 400)])
def test_a_link_is_good_for_a_day(alice, anonymous, clock, hours, status):
    token = alice.asks_to_move_to(new := new_email())
    clock.shift(hours * 3600)
    assert anonymous.post("/auth/verify-email", {"token": token}).status_code == status
    assert alice.can_log_in_with(alice.password, new) == (status == 200)


def test_an_address_that_was_never_proven_is_proven_by_moving(bob):
    assert bob.confirms(bob.asks_to_move_to(new_email())).json()["is_verified"] is True


def test_the_link_to_the_old_address_proves_nothing_any_more(bob):
    verification = token_in(bob.verification_mail())
    assert bob.confirms(bob.asks_to_move_to(new := new_email())).status_code == 200
    assert refusal(bob.confirms(verification)) == INVALID
    assert bob.me()["email"] == new


def test_another_spelling_of_ones_own_address_is_taken_over(alice):
    spelling = alice.email.replace("alice", "Alice")
    assert alice.confirms(alice.asks_to_move_to(spelling)).json()["email"] == spelling
    assert alice.can_log_in_with(alice.password, alice.email)


REFUSALS = {
    "no address": ({"new_email": None}, (422, "validation_error")),
    "something that is no address": ({"new_email": "nobody"}, (422, "validation_error")),
    "an address that is no text": ({"new_email": ["a@example.com"]}, (422, "validation_error")),
    "a wrong password": ({"password": "not the password"}, (403, "reauthentication_required")),
    "an empty password": ({"password": ""}, (403, "reauthentication_required")),
    "a password that is no text": ({"password": 12345678}, (422, "validation_error")),
}


@pytest.mark.parametrize(("body", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused_sends_no_mail(alice, bob, mailbox, body, expected):
    mark, new = mailbox.mark(), new_email()
    assert refusal(asks(alice, **{"new_email": new, **body})) == expected
    bob.asks_for_a_reset()  # mails go out in order: what comes before this one is all there is
    assert not mailbox.all_to(new) + mailbox.all_to(alice.email, since=mark)
    assert alice.is_in()


def test_nobody_asks_without_a_session(alice, anonymous):
    body = {"new_email": new_email(), "password": alice.password}
    assert refusal(anonymous.post("/users/me/email", body)) == (401, "not_authenticated")


def test_an_address_that_somebody_has_is_taken(alice, bob, mailbox):
    bob.verification_mail()
    mark = mailbox.mark()
    for spelling in (bob.email, bob.email.upper(), f" {bob.email}"):
        assert refusal(asks(alice, spelling)) == TAKEN
    alice.asks_for_a_reset()
    assert not mailbox.all_to(bob.email, since=mark)


def test_where_a_proof_is_required_nobody_learns_who_has_an_account(alice, bob, configure, mailbox):
    configure(email_verification="required")
    known, new = asks(alice, bob.email), asks(alice, new_email())
    assert (known.status_code, known.text, *known.headers) == (new.status_code, new.text, *new.headers)
    assert known.status_code == 202
    assert "token=" not in text_of(mailbox.wait_for(bob.email, containing="the address of another account"))
    assert bob.me()["email"] == bob.email


def test_whoever_is_there_first_has_it(alice, service):
    token = alice.asks_to_move_to(new := new_email())
    carol = Person(service, "carol")
    assert carol.signs_up(email=new).status_code == 201
    assert refusal(alice.confirms(token)) == TAKEN
    assert alice.me()["email"] == alice.email
    assert carol.me()["email"] == new


def test_of_two_who_want_it_at_once_one_gets_it(alice, bob):
    new = new_email()
    hers, his = alice.asks_to_move_to(new), bob.asks_to_move_to(new.upper())
    answers = at_once(lambda: alice.confirms(hers), lambda: bob.confirms(his))
    assert statuses(answers) == [200, 409]
    assert sorted(person.me()["email"].lower() == new for person in (alice, bob)) == [False, True]


def test_of_ten_confirmations_at_once_one_wins(alice, service):
    body, clients = {"token": alice.asks_to_move_to(new := new_email())}, [Client(service.url) for _ in range(10)]
    assert statuses(at_once(*(lambda c=c: c.post("/auth/verify-email", body) for c in clients))) == [200] + [400] * 9
    assert alice.can_log_in_with(alice.password, new)
