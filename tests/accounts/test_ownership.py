"""An account with a verified email address keeps its credentials when an administrator changes or unmarks the address."""

import pytest

import tables
from browser import Visitor
from databases import SQLITE_ONLY
from people import Client, Person, new_email, refusal, text_of, token_in


@pytest.fixture
def linked(alice, google):
    """Alice has verified her address, and linked a Google identity with another one that does not vouch for hers."""
    google.new_person(email=new_email("alice-private"), email_verified=True)
    assert Visitor(alice.service, alice.client.token).link_provider("google").status_code == 200
    return alice


def change_email_address(amy, alice):
    alice.email = new_email("alice-new")
    assert amy.client.patch(f"/admin/users/{alice.user_id}", {"email": alice.email}).status_code == 200


def mark_unverified(amy, alice):
    assert amy.client.patch(f"/admin/users/{alice.user_id}", {"is_verified": False}).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("change", [change_email_address, mark_unverified])
def test_second_verification_keeps_linked_identities(amy, linked, google, mailbox, configure, change):
    configure(email_verification="optional")
    change(amy, linked)
    tables.wait_for_outbox()  # the link of the move itself is not the newest one
    mark = mailbox.mark()
    assert linked.client.post("/auth/resend-verification", {"email": linked.email}).is_success
    assert linked.verify_email(token_in(mailbox.wait_for(linked.email, "/verify-email", since=mark))).status_code == 200
    assert Visitor(linked.service).log_in_with("google").json()["user_id"] == linked.user_id
    assert linked.log_in().status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("change", [change_email_address, mark_unverified])
def test_second_sign_up_keeps_the_credentials_of_the_account(amy, linked, mailbox, configure, change):
    change(amy, linked)
    tables.wait_for_outbox()
    configure(email_verification="required")
    mark = mailbox.mark()
    mallory = Person(linked.service, "mallory")
    assert mallory.sign_up(email=linked.email).status_code == 202
    mail = mailbox.wait_for(linked.email, since=mark)
    assert "Finish signing up" not in text_of(mail)
    configure(email_verification="optional")
    assert linked.log_in().status_code == 200
    assert not mallory.can_log_in_with(mallory.password)


@SQLITE_ONLY
def test_old_report_of_an_unauthorized_sign_up_does_not_delete_the_account(amy, service, mailbox, configure):
    configure(email_verification="optional")
    bob, mark = Person(service, "bob"), mailbox.mark()
    bob.sign_up()
    mail = mailbox.wait_for(bob.email, since=mark)
    (report,) = (part for part in text_of(mail).split() if "/not-me?token=" in part)
    assert bob.verify_email(token_in(mail)).status_code == 200
    mark_unverified(amy, bob)
    answer = Client(service.url).post("/auth/disown", {"token": report.partition("token=")[2]})
    assert refusal(answer) == (400, "invalid_token")
    assert bob.log_in().status_code == 200


def test_owner_of_the_new_address_takes_over_the_account_with_a_provider(amy, linked, google):
    """Nobody verified the new address here, and its owner did not link what the account has."""
    hers = google.person
    change_email_address(amy, linked)
    google.new_person(email=linked.email, email_verified=True)
    assert Visitor(linked.service).log_in_with("google").json()["user_id"] == linked.user_id
    assert not linked.can_log_in_with(linked.password)
    google.person = hers
    answer = Visitor(linked.service).log_in_with("google")
    assert answer.status_code != 200 or answer.json()["user_id"] != linked.user_id
