"""Accounts that nobody ever verified expire where verification is required, and their addresses are free again."""

import database
import tables
from models import User
from operations import cleanup
from people import Person, code_in, refusal
from settings.loading import settings

DAY = 86400


def stranger(service, name):
    person = Person(service, name)
    assert person.signs_up().status_code == 202
    return person


def held(person):
    return database.read(User.__table__.select().where(User.email == person.email)) is not None


def test_an_account_that_is_never_verified_expires_and_says_so(service, configure, clock):
    configure(email_verification="required")
    cleanup.run()
    mallory, mark = stranger(service, "mallory"), tables.newest_event()
    clock.shift(settings.unverified_account_days * DAY - 60)
    cleanup.run()
    assert held(mallory)
    clock.shift(120)
    cleanup.run()
    assert not held(mallory)
    assert [event.action for event in tables.events(since=mark)].count("user.expired") == 1
    owner = Person(service, "owner")
    assert owner.signs_up(email=mallory.email).status_code == 202


def test_accounts_from_before_verification_was_required_stay(service, configure, clock):
    configure(email_verification="optional")
    bob = Person(service, "bob")
    assert bob.signs_up().status_code == 201
    cleanup.run()
    configure(email_verification="required")
    for _ in range(2):
        clock.shift(100 * DAY)
        cleanup.run()
    assert held(bob)


def test_whoever_has_verified_or_was_marked_stays(service, amy, configure, clock):
    configure(email_verification="required")
    cleanup.run()
    verified, marked = stranger(service, "verified"), stranger(service, "marked")
    assert verified.types_code(code_in(verified.verification_mail())).status_code == 200
    marked.tokens = amy.client.get("/admin/users", params={"query": marked.email}).json()["items"][0]
    assert amy.client.patch(f"/admin/users/{marked.user_id}", {"is_verified": True}).status_code == 200
    clock.shift(100 * DAY)
    cleanup.run()
    assert verified.logs_in().status_code == marked.logs_in().status_code == 200


def test_where_verification_is_not_required_or_the_days_are_zero_nothing_expires(service, configure, clock):
    configure(email_verification="required", unverified_account_days=0)
    cleanup.run()
    bob = stranger(service, "bob")
    clock.shift(100 * DAY)
    cleanup.run()
    configure(email_verification="optional", unverified_account_days=30)
    cleanup.run()
    assert held(bob)
    configure(email_verification="required", unverified_account_days=0)
    assert refusal(bob.logs_in()) == (403, "email_not_verified")
