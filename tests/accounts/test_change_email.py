"""Change the email address, and undo a change."""

import pytest

import database
from accounts import cli_operations
from browser import Visitor
from credentials import passwords
from databases import SQLITE_ONLY
from people import Client, Person, at_once, new_email, new_password, refusal, statuses, text_of, token_in

INVALID, TAKEN = (400, "invalid_token"), (409, "email_taken")


def request_change(person, new_email, **more):
    return person.client.post("/users/me/email", {"new_email": new_email, "password": person.password, **more})


@SQLITE_ONLY
def test_new_email_address_applies_once_its_link_is_confirmed(alice):
    old, new = alice.email, new_email("alice-new")
    answer = alice.verify_email(alice.request_email_change(new))
    assert (answer.status_code, answer.json()["email"], answer.json()["is_verified"]) == (200, new, True)
    assert alice.can_log_in_with(alice.password, new)
    assert not alice.can_log_in_with(alice.password, old)
    assert alice.me()["email"] == new


@SQLITE_ONLY
def test_unconfirmed_change_only_notifies_the_old_email_address(alice, mailbox):
    alice.request_email_change(new := new_email("alice-new"))
    notice = text_of(mailbox.wait_for(alice.email, containing="requested to change the email address"))
    assert "token=" not in notice
    assert new not in notice
    assert alice.me()["email"] == alice.email
    assert alice.can_log_in_with(alice.password)
    assert not alice.can_log_in_with(alice.password, new)


def test_both_email_addresses_are_notified(alice, mailbox):
    old, new = alice.email, new_email("alice-new")
    alice.verify_email(alice.request_email_change(new))
    for address in (old, new):
        assert f"from {old} to {new}" in text_of(mailbox.wait_for(address, containing="was changed from"))


@SQLITE_ONLY
def test_opening_the_link_changes_nothing(alice, anonymous):
    token = alice.request_email_change(new_email())
    assert anonymous.get("/auth/verify-email", params={"token": token}).status_code == 405
    assert alice.me()["email"] == alice.email
    assert alice.verify_email(token).status_code == 200


@SQLITE_ONLY
def test_a_confirmation_link_works_once(alice):
    token = alice.request_email_change(new := new_email())
    assert alice.verify_email(token).status_code == 200
    assert refusal(alice.verify_email(token)) == INVALID
    assert alice.me()["email"] == new


@SQLITE_ONLY
def test_newer_request_invalidates_the_previous_one(alice):
    older, newer = alice.request_email_change(new_email()), alice.request_email_change(second := new_email())
    assert refusal(alice.verify_email(older)) == INVALID
    assert alice.verify_email(newer).json()["email"] == second


@SQLITE_ONLY
def test_password_change_invalidates_the_confirmation_link(alice):
    token = alice.request_email_change(new_email())
    assert alice.change_password("another horse, another staple").status_code == 200
    assert refusal(alice.verify_email(token)) == INVALID
    assert alice.me()["email"] == alice.email


@pytest.mark.parametrize(("hours", "status"), [(23.9, 200), (24.1, 400)])
def test_a_confirmation_link_expires_after_a_day(alice, anonymous, clock, hours, status):
    token = alice.request_email_change(new := new_email())
    clock.shift(hours * 3600)
    assert anonymous.post("/auth/verify-email", {"token": token}).status_code == status
    assert alice.can_log_in_with(alice.password, new) == (status == 200)


@SQLITE_ONLY
def test_change_verifies_an_unverified_account(bob):
    assert bob.verify_email(bob.request_email_change(new_email())).json()["is_verified"] is True


@SQLITE_ONLY
def test_link_to_the_old_email_address_verifies_nothing(bob):
    verification = token_in(bob.verification_mail())
    assert bob.verify_email(bob.request_email_change(new := new_email())).status_code == 200
    assert refusal(bob.verify_email(verification)) == INVALID
    assert bob.me()["email"] == new


def test_user_can_change_the_spelling_of_their_email_address(alice):
    spelling = alice.email.replace("alice", "Alice")
    assert alice.verify_email(alice.request_email_change(spelling)).json()["email"] == spelling
    assert alice.can_log_in_with(alice.password, alice.email)


REFUSALS = {
    "no address": ({"new_email": None}, (422, "validation_error")),
    "something that is no address": ({"new_email": "nobody"}, (422, "validation_error")),
    "an address that is no text": ({"new_email": ["a@example.com"]}, (422, "validation_error")),
    "a wrong password": ({"password": "not the password"}, (403, "reauthentication_required")),
    "an empty password": ({"password": ""}, (403, "reauthentication_required")),
    "a password that is no text": ({"password": 12345678}, (422, "validation_error")),
}


@SQLITE_ONLY
@pytest.mark.parametrize(("body", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_rejected_request_sends_no_email(alice, bob, mailbox, body, expected):
    mark, new = mailbox.mark(), new_email()
    assert refusal(request_change(alice, **{"new_email": new, **body})) == expected
    bob.request_reset()  # emails are sent in order, so all earlier ones arrive before this one
    assert not mailbox.all_to(new) + mailbox.all_to(alice.email, since=mark)
    assert alice.is_logged_in()


@SQLITE_ONLY
def test_change_requires_a_session(alice, anonymous):
    body = {"new_email": new_email(), "password": alice.password}
    assert refusal(anonymous.post("/users/me/email", body)) == (401, "not_authenticated")


@SQLITE_ONLY
def test_email_address_of_a_verified_account_is_rejected(alice, bob, mailbox):
    bob.verify_email(token_in(bob.verification_mail()))
    mark = mailbox.mark()
    for spelling in (bob.email, bob.email.upper(), f" {bob.email}"):
        assert refusal(request_change(alice, spelling)) == TAKEN
    alice.request_reset()
    assert not mailbox.all_to(bob.email, since=mark)


@SQLITE_ONLY
def test_response_does_not_reveal_accounts_if_verification_is_required(alice, bob, configure, mailbox):
    bob.verify_email(token_in(bob.verification_mail()))
    configure(email_verification="required")
    known, new = request_change(alice, bob.email), request_change(alice, new_email())
    assert (known.status_code, known.text, *known.headers) == (new.status_code, new.text, *new.headers)
    assert known.status_code == 202
    assert "token=" not in text_of(mailbox.wait_for(bob.email, containing="for another account"))
    configure(email_verification="optional")
    assert bob.me()["email"] == bob.email


def test_data_export_does_not_reveal_accounts_if_verification_is_required(alice, bob, configure):
    bob.verify_email(token_in(bob.verification_mail()))
    configure(email_verification="required")

    def export_after_asking_for(email):
        request_change(alice, email)
        export = alice.client.get("/users/me/export").json()
        assert email not in str(export)
        return {name: len(rows) for name, rows in export.items()}

    known = export_after_asking_for(bob.email)
    new = export_after_asking_for(new_email())
    assert new == known | {name: known[name] + 1 for name in ("mails", "activity", "events")}


@SQLITE_ONLY
@pytest.mark.parametrize("mode", ["off", "optional"])
def test_user_can_change_to_the_address_of_an_unverified_account(alice, service, configure, mailbox, mode):
    configure(email_verification=mode)
    bob = Person(service, "bob")
    assert bob.sign_up().status_code == 201
    token = alice.request_email_change(bob.email)
    assert "that account is deleted with all its data" in text_of(mailbox.wait_for(bob.email, "/confirm-email-change"))
    assert bob.me()["email"] == bob.email
    assert alice.verify_email(token).status_code == 200
    assert alice.me()["email"] == bob.email
    assert not bob.is_logged_in()
    assert not bob.can_log_in_with(bob.password)


@SQLITE_ONLY
def test_account_that_verified_the_address_in_the_meantime_keeps_it(alice, service, configure):
    configure(email_verification="optional")
    token = alice.request_email_change(new := new_email())
    carol = Person(service, "carol")
    carol.email = new
    assert carol.sign_up().status_code == 201
    assert carol.verify_email(token_in(carol.verification_mail())).status_code == 200
    assert refusal(alice.verify_email(token)) == TAKEN
    assert alice.me()["email"] == alice.email
    assert carol.me()["email"] == new


def test_two_users_cannot_change_to_the_same_address_concurrently(alice, bob):
    new = new_email()
    hers, his = alice.request_email_change(new), bob.request_email_change(new.upper())
    answers = at_once(lambda: alice.verify_email(hers), lambda: bob.verify_email(his))
    assert statuses(answers) == [200, 409]
    assert sorted(person.me()["email"].lower() == new for person in (alice, bob)) == [False, True]


def test_only_one_of_ten_concurrent_confirmations_succeeds(alice, service):
    body, clients = {"token": alice.request_email_change(new := new_email())}, [Client(service.url) for _ in range(10)]
    assert statuses(at_once(*(lambda c=c: c.post("/auth/verify-email", body) for c in clients))) == [200] + [400] * 9
    assert alice.can_log_in_with(alice.password, new)


# ----------------------------------------------------------------------------------------------------------------- undo


def move_account(alice, mailbox):
    """In Alice's session, change the email address to one of Mallory's, and return the undo token that Alice got."""
    token, mark = alice.request_email_change(new_email("mallory")), mailbox.mark()
    assert alice.verify_email(token).status_code == 200
    return token_in(mailbox.wait_for(alice.email, "/undo-email-change", since=mark), "/undo-email-change")


def undo_change(service, token):
    return Client(service.url).post("/auth/undo-email-change", {"token": token})


@SQLITE_ONLY
def test_owner_of_the_old_address_can_undo_the_change(alice, mailbox, service):
    token = move_account(alice, mailbox)
    mallory = alice.client.get("/users/me").json()["email"]
    assert undo_change(service, token).json()["email"] == alice.email
    assert not alice.is_logged_in()
    assert alice.log_in().status_code == 200
    assert refusal(undo_change(service, token)) == (400, "invalid_token")
    assert alice.log_in(email=mallory).status_code == 401


@SQLITE_ONLY
def test_undo_removes_credentials_added_after_the_change(alice, mailbox, service, google):
    token = move_account(alice, mailbox)
    thief = Visitor(service, alice.client.token)
    google.new_person(email=new_email(), email_verified=True)
    assert thief.link_provider("google").status_code == 200
    theirs = new_password()
    assert alice.change_password(theirs).status_code == 200
    assert undo_change(service, token).status_code == 200
    assert not alice.can_log_in_with(theirs)
    assert not alice.can_log_in_with(alice.password)  # it was replaced: the owner resets it by the old address
    assert Visitor(service).log_in_with("google").json()["email"] != alice.email
    token = alice.request_reset()
    Client(service.url).post("/auth/reset-password/confirm", {"token": token, "new_password": theirs})
    assert alice.can_log_in_with(theirs)


@SQLITE_ONLY
def test_secure_account_link_removes_credentials_added_before_the_change(alice, mailbox, service, google):
    """Mallory linked a provider and changed the password before she changed the email address."""
    google.new_person(email=new_email(), email_verified=True)
    assert Visitor(service, alice.client.token).link_provider("google").status_code == 200
    alice.change_password(theirs := new_password())
    alice.password = theirs
    token, mark = move_account(alice, mailbox), mailbox.mark()
    assert undo_change(service, token).status_code == 200
    mail = mailbox.wait_for(alice.email, "/secure-account", since=mark)
    assert "Google" in text_of(mail)
    body = {"token": token_in(mail, "/secure-account")}
    assert Client(service.url).post("/auth/secure-account", body).status_code == 200
    reset = alice.request_reset()
    assert alice.set_new_password(reset, new_password()).status_code == 200
    assert not alice.can_log_in_with(theirs)
    assert Visitor(service).log_in_with("google").json()["email"] != alice.email


def test_second_change_by_an_attacker_keeps_the_first_undo_link(alice, mailbox, service):
    token = move_account(alice, mailbox)
    assert alice.verify_email(alice.request_email_change(new_email("elsewhere"))).status_code == 200
    assert undo_change(service, token).json()["email"] == alice.email


@SQLITE_ONLY
@pytest.mark.parametrize("mode", ["off", "optional"])
def test_undo_replaces_an_unverified_account_but_not_a_verified_one(alice, mailbox, service, configure, mode):
    token = move_account(alice, mailbox)
    configure(email_verification=mode)
    squatter = Person(service, "squatter")
    squatter.email = alice.email
    assert squatter.sign_up().status_code == 201
    assert undo_change(service, token).status_code == 200
    assert not squatter.is_logged_in()
    alice.log_in()
    configure(email_verification="optional")
    token, mark = move_account(alice, mailbox), mailbox.mark()
    assert squatter.sign_up().status_code == 201
    mail = mailbox.wait_for(squatter.email, "/verify-email", since=mark)
    assert squatter.verify_email(token_in(mail)).status_code == 200
    assert refusal(undo_change(service, token)) == TAKEN


def test_undo_link_expires_after_a_week(alice, mailbox, service, clock):
    token = move_account(alice, mailbox)
    clock.shift(7 * 86400 + 60)
    assert refusal(undo_change(service, token)) == (400, "invalid_token")


def test_only_one_of_eight_concurrent_undo_requests_succeeds(alice, mailbox, service):
    token = move_account(alice, mailbox)
    assert statuses(at_once(*[lambda: undo_change(service, token)] * 8)) == [200, *[400] * 7]


TAKEOVERS = ["administrator", "provider", "command line"]


@pytest.mark.parametrize("how", TAKEOVERS)
def test_undo_link_is_invalid_after_an_account_takeover(how, alice, mailbox, service, google, root, configure):
    """Mallory changes the email address of her account to another one of hers, and keeps the undo link."""
    configure(email_verification="optional")
    token, boss = move_account(alice, mailbox), new_email("boss")
    assert root.client.patch(f"/admin/users/{alice.user_id}", {"email": boss}).status_code == 200
    if how == "provider":
        google.new_person(email=boss, email_verified=True)
        assert Visitor(service).log_in_with("google").json()["user_id"] == alice.user_id
    elif how == "command line":
        hashed = passwords.hash(password := new_password())
        with database.transaction() as db:
            assert cli_operations.promote(db, cli_operations.find(boss).id, hashed)
    assert refusal(undo_change(service, token)) == (400, "invalid_token")
    if how == "command line":
        assert alice.can_log_in_with(password, boss)
        assert root.client.put(f"/admin/users/{alice.user_id}/roles", {"roles": ["user"]}).status_code == 200


def test_secure_account_link_is_invalid_after_an_administrator_changes_the_address(
    alice, mailbox, service, google, root
):
    google.new_person(email=new_email(), email_verified=True)
    assert Visitor(service, alice.client.token).link_provider("google").status_code == 200
    reset, mark = alice.request_reset(), mailbox.mark()
    assert alice.set_new_password(reset, new_password()).status_code == 200
    token = token_in(mailbox.wait_for(alice.email, "/secure-account", since=mark), "/secure-account")
    assert root.client.patch(f"/admin/users/{alice.user_id}", {"email": new_email("boss")}).status_code == 200
    assert refusal(Client(service.url).post("/auth/secure-account", {"token": token})) == (400, "invalid_token")


def test_both_addresses_are_notified_of_an_undone_change(alice, mailbox, service):
    """Mallory changes her email address to Bob's. Bob resets the password and logs in. Mallory undoes the change."""
    bob = Person(service, "bob")
    token = alice.request_email_change(bob.email)
    assert alice.verify_email(token).status_code == 200
    undo = token_in(mailbox.wait_for(alice.email, "/undo-email-change"), "/undo-email-change")
    assert bob.set_new_password(bob.request_reset(), bob.password).status_code == 200
    assert bob.log_in().status_code == 200
    mark = mailbox.mark()
    assert undo_change(service, undo).json()["is_verified"] is True
    assert not bob.is_logged_in()
    for address in (alice.email, bob.email):
        assert alice.email in text_of(mailbox.wait_for(address, bob.email, since=mark))


def test_unverified_user_can_change_the_spelling_of_their_email_address(bob, mailbox):
    mark, spelled = mailbox.mark(), bob.email.replace("bob", "Bob", 1)
    assert bob.client.post("/users/me/email", {"new_email": spelled, "password": bob.password}).status_code == 202
    link = token_in(mailbox.wait_for(spelled, "/confirm-email-change", since=mark))
    assert bob.verify_email(link).status_code == 200
    assert bob.me()["email"] == spelled
