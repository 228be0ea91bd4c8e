"""Notices: who gets them, how many per hour, and how further ones are merged."""

import functools
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

import database
import email_utils
import models
import tables
from browser import Visitor
from core import capability
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from delivery import budgets
from delivery.models import NoticeBudget
from models import Mail
from operations import cleanup
from people import Client, Person, at_once, new_email, new_password, text_of, token_in
from settings.loading import settings

CHANGED = "Your password has changed"


def change_password(person, times=1):
    for _ in range(times):
        password = new_password()
        assert person.change_password(password).status_code == 200
        person.password = password


def subjects(mailbox, person, since=0):
    tables.wait_for_outbox()
    return [mail["subject"] for mail in mailbox.all_to(person.email, since=since)]


def budget_rows():
    return database.read_all(select(NoticeBudget.__table__))


@SQLITE_ONLY
@pytest.mark.parametrize("mode", ["off", "optional"])
def test_unverified_email_address_gets_no_notice(service, mailbox, configure, mode):
    """Mallory signs up with Victor's email address: Victor only gets emails that he can act on."""
    configure(email_verification=mode)
    mallory = Person(service, "victor")
    assert mallory.sign_up().status_code == 201
    tables.wait_for_outbox()
    change_password(mallory, 3)
    away = mallory.other_device(**{"X-Forwarded-For": "203.0.113.200"})
    away.client.post("/users/me/email", {"new_email": new_email(), "password": mallory.password})
    assert subjects(mailbox, mallory) == [f"Verify your email address for {settings.app_name}"] * (mode == "optional")
    mallory.request_reset()  # which any client can request


@SQLITE_ONLY
def test_unverified_email_address_gets_no_notice_when_the_account_moves(service, bob, mailbox):
    moved = new_email("moved")
    bob.verification_mail()
    mark = mailbox.mark()
    assert bob.verify_email(bob.request_email_change(moved)).status_code == 200
    assert subjects(mailbox, bob, mark) == []
    assert mailbox.wait_for(moved, "changed from")


@SQLITE_ONLY
def test_unverified_email_address_gets_no_notice_when_an_administrator_changes_it(amy, bob, mailbox):
    tables.wait_for_outbox()
    mark, moved = mailbox.mark(), new_email("moved")
    assert amy.client.patch(f"/admin/users/{bob.user_id}", {"email": moved}).status_code == 200
    assert subjects(mailbox, bob, mark) == []


@SQLITE_ONLY
def test_ten_notices_an_hour_and_then_one_with_the_rest(alice, mailbox, clock):
    tables.wait_for_outbox()
    mark = mailbox.mark()
    change_password(alice, 13)
    alice.other_device(**{"X-Forwarded-For": "203.0.113.201"})
    assert subjects(mailbox, alice, mark) == [CHANGED] * 10
    clock.shift(timedelta(minutes=59))
    assert subjects(mailbox, alice, mark) == [CHANGED] * 10
    clock.shift(timedelta(minutes=2))
    mail = mailbox.wait_for(alice.email, since=mark, containing="separate notices")
    assert "summarizes 4 more notices" in text_of(mail)
    assert re.findall(r"- (\d+) × (.+)", text_of(mail).replace("\r", "")) == [
        ("3", "a change of your password"),
        ("1", "a login from a new network"),
    ]
    assert len(subjects(mailbox, alice, mark)) == 11


@SQLITE_ONLY
def test_clock_that_was_set_back_leaves_no_budget_used_up(service, clock):
    number = new_email()

    def wait():
        with database.transaction() as db:
            return budgets.take_or_wait(db, "a test", number, (1, timedelta(minutes=1)))

    clock.shift(86_400)
    assert wait() == 0 < wait()
    clock.shift(-86_400)
    assert wait() == 0 < wait()


@SQLITE_ONLY
def test_links_are_not_limited(alice, mailbox):
    change_password(alice, 11)
    alice.request_reset()


@POSTGRESQL_ONLY
def test_after_the_hour_notices_are_sent_separately_again(alice, mailbox, clock):
    change_password(alice, 10)
    tables.wait_for_outbox()
    clock.shift(timedelta(minutes=61))
    mark = mailbox.mark()
    alice.log_in()
    change_password(alice)
    assert subjects(mailbox, alice, mark) == [CHANGED]


@POSTGRESQL_ONLY
def test_merged_notice_counts_in_the_next_hour(alice, mailbox, clock):
    """However they are spread, no hour has more than ten."""
    tables.wait_for_outbox()
    mark = mailbox.mark()
    change_password(alice, 11)
    tables.wait_for_outbox()
    clock.shift(timedelta(minutes=61))
    mailbox.wait_for(alice.email, since=mark, containing="separate notices")
    alice.log_in()
    change_password(alice, 12)
    assert len(subjects(mailbox, alice, mark)) == 20


def test_limit_holds_for_concurrent_notices(alice, mailbox):
    tables.wait_for_outbox()
    mark = mailbox.mark()

    def queues():
        with database.transaction() as db:
            email_utils.queue(db, "session_ended", db.get(models.User, alice.me()["id"]), at="now")

    at_once(*[queues] * 30)
    assert subjects(mailbox, alice, mark) == ["One of your sessions was ended"] * 10
    (merged,) = database.read_all(select(Mail.context).where(Mail.template == email_utils.MERGED, Mail.recipient == alice.email))  # fmt: skip
    assert merged.context == {"counts": {"session_ended": 20}}


def test_repeated_sign_ups_by_an_attacker_are_merged_too(alice, mailbox, configure):
    configure(email_verification="required")
    tables.wait_for_outbox()
    mark = mailbox.mark()
    body = {"email": alice.email, "password": new_password()}
    calls = [functools.partial(Client(alice.service.url).post, "/auth/signup", body) for _ in range(12)]
    assert {call().status_code for call in calls} == {202}
    assert subjects(mailbox, alice, mark) == [f"You already have an account at {settings.app_name}"] * 10


def test_counter_contains_no_email_address_and_is_deleted_with_the_account_and_time(alice, bob, clock):
    tables.mark_email_verified(bob)
    change_password(alice)
    change_password(bob)
    assert alice.email not in str(budget_rows())
    mine = budgets._recipient(alice.email)
    assert mine in [row.recipient for row in budget_rows()]
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    assert mine not in [row.recipient for row in budget_rows()]
    clock.shift(timedelta(hours=3))
    cleanup.run()
    assert budgets._recipient(bob.email) not in [row.recipient for row in budget_rows()]


def test_each_email_without_a_link_is_declared_as_a_notice():
    without = {name for name, links in capability.emails().items() if not links}
    assert without - {email_utils.MERGED, "test_email"} == capability.notices().keys()


class TestFirstLogin:
    """The first login to an account that another party created notifies the owner."""

    def test_to_an_imported_account(self, service, mailbox):
        zoe = Person(service, "zoe")
        assert zoe.sign_up().status_code == 201
        tables.mark_email_verified(zoe)
        database.write_only(models.KnownNetwork.__table__.delete())  # as if she had been imported
        zoe.other_device(**{"X-Forwarded-For": "203.0.113.66"})
        assert "203.0.113.66" in text_of(mailbox.wait_for(zoe.email, containing="from a new network"))

    @SQLITE_ONLY
    def test_not_after_a_sign_up_or_a_reset(self, service, alice, bob, mailbox):
        password = new_password()
        assert bob.set_new_password(bob.request_reset(), password).status_code == 200
        assert bob.log_in(password=password).status_code == 200
        assert alice.log_in().status_code == 200
        tables.wait_for_outbox()
        assert not [p for p in (alice, bob) if mailbox.all_to(p.email, containing="from a new network")]

    @SQLITE_ONLY
    def test_network_unused_for_ninety_days_is_new_again(self, alice, mailbox, clock):
        away = {"X-Forwarded-For": "203.0.113.202"}
        alice.other_device(**away)
        mailbox.wait_for(alice.email, containing="203.0.113.202")
        clock.shift(timedelta(days=80))
        alice.other_device(**away)
        clock.shift(timedelta(days=80))
        cleanup.run()
        alice.other_device(**away)
        tables.wait_for_outbox()
        assert len(mailbox.all_to(alice.email, containing="203.0.113.202")) == 1
        clock.shift(timedelta(days=91))
        cleanup.run()
        alice.other_device(**away)
        mailbox.wait_for(alice.email, containing="203.0.113.202", count=2)


@SQLITE_ONLY
@pytest.mark.parametrize("way", ["sign-up", "provider"])
def test_who_signs_up_and_deletes_the_account_again_and_again_floods_no_mailbox(
    way, service, google, mailbox, configure
):
    configure(email_verification="optional")
    alice = new_email("alice")
    google.new_person(email=alice, email_verified=False)
    for _ in range(12):
        if way == "provider":
            client = Client(service.url, Visitor(service).log_in_with("google").json()["access_token"])
            tables.as_if_just_authenticated()
        else:
            mallory = Person(service, "mallory")
            assert mallory.sign_up(email=alice).status_code == 201
            client = mallory.client
        tables.wait_for_outbox()
        assert client.delete("/users/me").status_code == 204
    assert len(mailbox.all_to(alice)) == 10
    owner = Person(service, "alice")
    owner.email = alice
    assert owner.sign_up().status_code == 201
    owner.client.post("/auth/resend-verification", {"email": alice})
    assert owner.verify_email(token_in(mailbox.wait_for(alice, count=11))).status_code == 200
