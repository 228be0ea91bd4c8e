"""Unverified accounts expire if verification is required, and their email addresses become available again."""

import database
import tables
from databases import SQLITE_ONLY
from models import User
from operations import cleanup
from people import Person, code_in, link_in, refusal, token_in
from settings.loading import settings

DAY = 86400


def sign_up_unverified(service, name):
    person = Person(service, name)
    assert person.sign_up().status_code == 202
    return person


def account_of(person):
    return database.read(User.__table__.select().where(User.email == person.email))


def exists(person):
    return account_of(person) is not None


def test_unverified_account_expires_and_is_audited(service, configure, clock):
    configure(email_verification="required")
    cleanup.run()
    mallory, mark = sign_up_unverified(service, "mallory"), tables.newest_event()
    user_id = account_of(mallory).user_id
    clock.shift(settings.unverified_account_days * DAY - 60)
    cleanup.run()
    assert exists(mallory)
    clock.shift(120)
    cleanup.run()
    assert not exists(mallory)
    expired = [event.user_id for event in tables.events(since=mark) if event.action == "user.expired"]
    assert expired.count(user_id) == 1  # beside those that other tests have left
    clock.shift(-2 * settings.unverified_account_days * DAY)  # so that no other test counts a sign-up of next month
    owner = Person(service, "owner")
    assert owner.sign_up(email=mallory.email).status_code == 202


def test_accounts_from_before_verification_was_required_do_not_expire(service, configure, clock):
    configure(email_verification="optional")
    bob = Person(service, "bob")
    assert bob.sign_up().status_code == 201
    cleanup.run()
    configure(email_verification="required")
    for _ in range(2):
        clock.shift(100 * DAY)
        cleanup.run()
    assert exists(bob)


def test_accounts_verified_by_their_owner_or_an_administrator_do_not_expire(service, amy, configure, clock):
    configure(email_verification="required")
    cleanup.run()
    verified, marked = sign_up_unverified(service, "verified"), sign_up_unverified(service, "marked")
    assert verified.enter_code(code_in(verified.verification_mail())).status_code == 200
    marked.tokens = amy.client.get("/admin/users", params={"query": marked.email}).json()["items"][0]
    assert amy.client.patch(f"/admin/users/{marked.user_id}", {"is_verified": True}).status_code == 200
    clock.shift(100 * DAY)
    cleanup.run()
    assert verified.log_in().status_code == marked.log_in().status_code == 200


def test_accounts_do_not_expire_if_verification_is_optional_or_the_days_are_zero(service, configure, clock):
    configure(email_verification="required", unverified_account_days=0)
    cleanup.run()
    bob = sign_up_unverified(service, "bob")
    clock.shift(100 * DAY)
    cleanup.run()
    configure(email_verification="optional", unverified_account_days=30)
    cleanup.run()
    assert exists(bob)
    configure(email_verification="required", unverified_account_days=0)
    assert refusal(bob.log_in()) == (403, "email_not_verified")


def test_account_that_an_administrator_marks_unverified_does_not_expire(service, amy, configure, clock):
    configure(email_verification="required")
    cleanup.run()
    alice, bob = sign_up_unverified(service, "alice"), sign_up_unverified(service, "bob")
    for person in (alice, bob):
        assert person.enter_code(code_in(person.verification_mail())).status_code == 200
        assert person.log_in().status_code == 200
    assert amy.client.patch(f"/admin/users/{alice.user_id}", {"is_verified": False}).status_code == 200
    assert amy.client.patch(f"/admin/users/{bob.user_id}", {"email": bob.email.replace("bob", "robert")}).is_success
    clock.shift(100 * DAY)
    cleanup.run()
    bob.email = bob.email.replace("bob", "robert")
    assert exists(alice) and exists(bob)


@SQLITE_ONLY
def test_sign_up_with_an_address_set_by_an_administrator_keeps_the_account(service, amy, configure, mailbox):
    configure(email_verification="required")
    alice = sign_up_unverified(service, "alice")
    assert alice.enter_code(code_in(alice.verification_mail())).status_code == 200
    assert alice.log_in().status_code == 200
    alice.email = alice.email.replace("alice", "alicia")
    assert amy.client.patch(f"/admin/users/{alice.user_id}", {"email": alice.email}).status_code == 200
    tables.wait_for_outbox()
    mark = mailbox.mark()
    assert Person(service, "mallory").sign_up(email=alice.email).status_code == 202
    mail = mailbox.wait_for(alice.email, since=mark)
    assert link_in(mail, "/verify-email")
    assert refusal(alice.client.post("/auth/disown", {"token": token_in(mail, "/not-me")})) == (400, "invalid_token")
    assert alice.verify_email(token_in(mail)).status_code == 200
    assert alice.log_in().status_code == 200


def test_last_superuser_does_not_expire_but_other_accounts_do(service, root, configure, clock):
    configure(email_verification="required")
    cleanup.run()
    mallory_first, last, mallory = (
        sign_up_unverified(service, "mallory"),
        Person(service, "last"),
        Person(service, "mallory"),
    )
    configure(email_verification="optional")
    assert last.sign_up().status_code == 201
    configure(email_verification="required")
    assert mallory.sign_up().status_code == 202
    configure(email_verification="optional")
    with tables.superusers(root.user_id, last):
        configure(email_verification="required")
        clock.shift(100 * DAY)
        cleanup.run()
    assert exists(last) and not exists(mallory_first) and not exists(mallory)
