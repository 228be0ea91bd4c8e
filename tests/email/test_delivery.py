"""Email delivery: priorities, failures of the mail server, and emails that are no longer sent."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

import database
import email_utils
import models
import tables
from credentials import lookup
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from delivery import holds, smtp
from delivery.holds import ServerProblem
from delivery.leases import Undeliverable
from delivery.models import DeliveryHold
from models import Mail
from people import Client, Person, new_password, token_in
from servers import Mailbox
from waiting import until


@pytest.fixture
def zoe(service, configure):
    """A new user, about to sign up and get a verification email."""
    configure(email_verification="optional")
    return Person(service, "zoe")


def request_reset(person):
    assert Client(person.service.url).post("/auth/reset-password/request", {"email": person.email}).status_code == 202


def notify(person):
    """Queue an email without a link."""
    with database.transaction() as db:
        account = lookup.lock(db, person.me()["id"])
        email_utils.queue(db, "password_changed", account, verified=True)


def outbox_of(person):
    return database.read_all(select(Mail.__table__).where(Mail.recipient == person.email).order_by(Mail.id))


def held():
    return database.read(select(DeliveryHold.failures, DeliveryHold.reason))


class TestPriorities:
    def test_links_do_not_wait_behind_notices(self, service, alice, bob, mailbox):
        """Mallory causes forty notices; Bob's link is sent before most of them."""
        tables.wait_for_outbox()
        mark, mailbox.seconds_to_answer = mailbox.mark(), 0.4
        with database.transaction() as db:
            account = db.get(models.User, alice.me()["id"])
            for _ in range(40):
                db.add(Mail(template="password_changed", account_id=account.id, recipient=alice.email, priority=1))
        until(lambda: alice.email in mailbox.heard)
        request_reset(bob)
        mailbox.wait_for(bob.email, containing="/reset-password")
        assert len(mailbox.all_to(alice.email, since=mark)) < 20
        database.write_only(Mail.__table__.delete().where(Mail.template == "password_changed"))

    @SQLITE_ONLY
    def test_many_emails_use_few_connections_and_each_is_sent_once(self, service, zoe, mailbox):
        mailbox.close()
        people = [Person(service, f"p{number}") for number in range(30)]
        assert {person.sign_up().status_code for person in people} == {201}
        before = mailbox.connections
        mailbox.open()
        for person in people:
            person.verification_mail()
        tables.wait_for_outbox()
        assert [mailbox.heard.count(person.email) for person in people] == [1] * 30
        assert mailbox.connections - before <= 2 * email_utils.SENDERS

    @POSTGRESQL_ONLY
    def test_several_are_sent_concurrently(self, service, zoe, mailbox):
        mailbox.seconds_to_answer = 0.5
        people = [Person(service, f"p{number}") for number in range(8)]
        for person in people:
            person.sign_up()
        until(lambda: mailbox.open_connections >= email_utils.SENDERS)
        for person in people:
            person.verification_mail()

    def test_email_does_not_wait_for_a_slow_delivery_of_another_one(self, alice, bob, mailbox):
        tables.wait_for_outbox()
        mark, mailbox.seconds_to_answer = mailbox.mark(), 5
        notify(alice)
        until(lambda: mailbox.delayed)
        mailbox.seconds_to_answer = 0
        notify(bob)
        mailbox.wait_for(bob.email, since=mark, seconds=4)
        assert not mailbox.all_to(alice.email, since=mark)

    def test_email_of_a_crashed_worker_is_sent_within_forty_five_seconds(self, alice, bob, mailbox, clock):
        tables.wait_for_outbox()
        mark, leased = mailbox.mark(), models.now() + email_utils.LEASE
        with database.transaction() as db:  # claimed by a worker that has crashed since
            account = alice.me()["id"]
            db.add(
                Mail(template="password_changed", account_id=account, recipient=alice.email, due_at=leased, attempts=1)
            )
        assert email_utils.LEASE + timedelta(seconds=10) <= timedelta(seconds=45)
        request_reset(bob)
        mailbox.wait_for(bob.email, since=mark)  # a worker has polled
        assert mailbox.all_to(alice.email, since=mark) == []
        clock.shift(email_utils.LEASE.total_seconds() + 1)
        mailbox.wait_for(alice.email, since=mark)

    def test_lease_of_a_slow_delivery_is_renewed(self, zoe, mailbox, monkeypatch):
        """Two workers poll while the mail server takes longer than a lease: the email is sent once."""
        monkeypatch.setattr(email_utils.OUTBOX, "lease", timedelta(seconds=0.6))
        mailbox.seconds_to_greet = 0.4
        mailbox.seconds_to_answer = 0.4
        zoe.sign_up()
        zoe.verification_mail()
        tables.wait_for_outbox()
        assert [row.attempts for row in outbox_of(zoe)] == [1]
        assert mailbox.heard.count(zoe.email) == 1


class TestFailingMailServer:
    @POSTGRESQL_ONLY
    def test_holds_the_outbox_with_one_probe_and_no_attempts_are_counted(self, service, zoe, mailbox, anonymous):
        mailbox.close()
        people = [Person(service, f"p{number}") for number in range(10)]
        for person in people:
            person.sign_up()
        until(lambda: held() and held().failures > 2)
        assert {row.attempts for person in people for row in outbox_of(person)} <= {0, 1}
        assert anonymous.get("/health/ready").json()["status"] == "degraded"
        mailbox.open()
        for person in people:
            assert person.verify_email(token_in(person.verification_mail())).status_code == 200
        until(lambda: not held())
        time.sleep(1.1)  # a readiness state is cached for a second
        assert anonymous.get("/health/ready").json()["status"] == "ready"

    @POSTGRESQL_ONLY
    @pytest.mark.filterwarnings("ignore:Requiring AUTH")
    def test_failing_login_is_retried_by_one_probe(self, service, zoe, configure, anonymous):
        box = Mailbox(login=("service", "right"))
        configure(smtp_port=box.port, smtp_user="service", smtp_password="wrong")
        people = [Person(service, f"p{number}") for number in range(20)]
        for person in people:
            person.sign_up()
        until(held)
        time.sleep(0.5)  # attempts that had begun end
        tried, since = box.logins, time.monotonic()
        time.sleep(1.5)
        probes = (time.monotonic() - since) / 0.4 + 2
        assert box.logins - tried <= 2 * probes  # with two login methods each
        time.sleep(1.1)
        assert anonymous.get("/health/ready").json()["checks"]["smtp"] == "out of reach"
        configure(smtp_password="right")
        for person in people:
            assert box.wait_for(person.email)
        box.close()

    @POSTGRESQL_ONLY
    @pytest.mark.parametrize(
        ("command", "answer"),
        [("MAIL", "550 5.7.1 sender not allowed"), ("DATA", "554 5.3.0 out of order"), ("MAIL", "451 4.3.2 closed"),
         ("MAIL", "530 authentication required")],
    )  # fmt: skip
    def test_rejecting_all_emails_holds_the_outbox_and_gives_nothing_up(self, zoe, mailbox, command, answer):
        mailbox.answers_to[command] = answer
        zoe.sign_up()
        until(held)
        assert zoe.email not in held().reason
        time.sleep(0.3)
        assert {row.gave_up_at for row in outbox_of(zoe)} == {None}
        mailbox.answers_to.clear()
        zoe.verification_mail()

    @POSTGRESQL_ONLY
    def test_an_email_that_is_always_rejected_does_not_block_others(self, service, zoe, mailbox):
        mailbox.answers[zoe.email] = "550 5.7.1 not to this one"
        zoe.sign_up()
        mailbox.wait_until_heard(zoe.email)
        others = [Person(service, f"p{number}") for number in range(5)]
        for other in others:
            other.sign_up()
            other.verification_mail()

    @POSTGRESQL_ONLY
    def test_process_that_crashes_during_its_probe_only_delays_the_next(self, zoe, clock):
        holds.begin("another queue", ServerProblem("away"))
        clock.shift(2)
        assert holds.begin_probe("another queue") == 1
        assert holds.begin_probe("another queue") is None
        clock.shift(holds.PROBE_LEASE.total_seconds() + 1)
        assert holds.begin_probe("another queue") == 1
        holds.lift("another queue")

    @POSTGRESQL_ONLY
    def test_clock_that_was_set_back_does_not_hold_forever(self, zoe, clock):
        clock.shift(86400)
        holds.begin("another queue", ServerProblem("away"))
        clock.shift(-86400)
        assert holds.begin_probe("another queue") == 1
        holds.lift("another queue")


# Command, code and text of a reply; what it means.
REPLIES = [
    ("RCPT", 550, "5.1.1 no such mailbox", Undeliverable),
    ("DATA", 550, "5.1.1 no such mailbox", Undeliverable),
    ("MAIL", 552, "5.2.2 mailbox full", Undeliverable),
    ("RCPT", 550, "5.4.1 recipient rejected", Undeliverable),
    ("DATA", 554, "5.6.0 cannot be converted", Undeliverable),
    ("RCPT", 550, "5.7.1 relaying denied", ServerProblem),
    ("RCPT", 554, "5.7.1 Relay access denied", ServerProblem),
    ("RCPT", 504, "5.5.2 <x>: Helo command rejected: need fully-qualified hostname", ServerProblem),
    ("DATA", 554, "5.7.1 Message rejected as spam", Undeliverable),
    ("DATA", 550, "5.7.0 blocked for its content", Undeliverable),
    ("DATA", 552, "5.7.3 contains a forbidden attachment", Undeliverable),
    ("DATA", 550, "5.7.26 unauthenticated email from this domain", ServerProblem),
    ("DATA", 451, "4.7.1 try again later", smtp.Refused),
    ("DATA", 530, "5.7.10 encryption needed", ServerProblem),
    ("MAIL", 550, "5.7.1 sender not allowed", ServerProblem),
    ("MAIL", 553, "5.7.1 not owned by user", ServerProblem),
    ("RCPT", 550, "5.2.1 mailbox disabled", Undeliverable),
    ("RCPT", 454, "4.7.0 too many login attempts", ServerProblem),
    ("DATA", 535, "5.7.8 credentials invalid", ServerProblem),
    ("RCPT", 553, "5.1.8 bad sender", ServerProblem),
    ("RCPT", 550, "5.3.2 not accepting", ServerProblem),
    ("RCPT", 452, "4.3.1 insufficient storage", ServerProblem),
    ("RCPT", 450, "4.2.1 try later", smtp.Refused),
    ("RCPT", 451, "4.7.1 greylisted", smtp.Refused),
    ("RCPT", 421, "4.7.0 too many from here", ServerProblem),
    ("RCPT", 550, "no such mailbox", Undeliverable),
    ("RCPT", 450, "later", smtp.Refused),
    ("RCPT", 530, "authentication required", ServerProblem),
    ("RCPT", 521, "takes no mail", ServerProblem),
    ("MAIL", 550, "who are you", ServerProblem),
    ("DATA", 554, "refused", Undeliverable),
    ("DATA", 452, "no space", ServerProblem),
    ("DATA", 503, "bad sequence", ServerProblem),
    ("RCPT", 550, "2.1.5 contradicts itself", Undeliverable),
    ("RCPT", -1, "rubbish", smtp.Refused),
]


@pytest.mark.parametrize(("command", "code", "text", "meaning"), REPLIES)
def test_reply_is_interpreted_by_its_enhanced_status(command, code, text, meaning):
    assert type(smtp.error_of(command, code, text.encode())) is meaning


class TestWithdrawnEmails:
    def test_email_of_an_account_erased_during_the_connection(self, zoe, mailbox):
        mailbox.seconds_to_greet = 0.6
        before = mailbox.connections
        zoe.sign_up()
        until(lambda: mailbox.connections > before)
        assert zoe.client.delete("/users/me", {"password": zoe.password}).status_code == 204
        tables.wait_for_outbox()
        time.sleep(1)  # longer than the greeting takes
        assert mailbox.all_to(zoe.email) == []
        assert zoe.email not in mailbox.heard

    @SQLITE_ONLY
    def test_email_with_an_invalidated_link(self, alice, mailbox):
        token = alice.request_reset()
        tables.wait_for_outbox()
        mailbox.seconds_to_greet = 0.6
        mark, before = mailbox.mark(), mailbox.connections
        alice.client.post("/users/me/email", {"new_email": alice.email.replace("alice", "alicia")})
        until(lambda: mailbox.connections > before)
        assert alice.set_new_password(token, new_password()).status_code == 200  # ends every open link
        mailbox.wait_for(alice.email, since=mark, containing="password of your account was changed")
        tables.wait_for_outbox()
        assert mailbox.all_to(alice.email.replace("alice", "alicia")) == []
        assert outbox_of(alice)[-1].gave_up_at is None


@SQLITE_ONLY
def test_age_of_the_oldest_link_is_measured(service, zoe, mailbox, clock, anonymous):
    tables.wait_for_outbox()
    mailbox.close()
    zoe.sign_up()
    until(held)
    clock.shift(300)

    def age():
        text = anonymous.get("/metrics").text
        (line,) = [line for line in text.splitlines() if line.startswith("credential_outbox_oldest_link_seconds ")]
        return float(line.split()[1])

    until(lambda: 299 <= age() < 330)  # 0 at the moment of a probe, which takes the email
    mailbox.open()
    zoe.verification_mail()


class TestClearText:
    """SMTP_SECURITY=auto sends nothing in clear text that requires encryption."""

    @pytest.fixture
    def box(self):
        """A mail server without TLS that accepts any login."""
        made = Mailbox(login=("service", "smtp-secret-value"))
        yield made
        made.close()

    @SQLITE_ONLY
    @pytest.mark.filterwarnings("ignore:Requiring AUTH")
    def test_no_password_is_sent(self, zoe, box, configure):
        configure(smtp_port=box.port, smtp_user="service", smtp_password="smtp-secret-value", smtp_security="auto")
        zoe.sign_up()
        until(lambda: held() and "STARTTLS" in held().reason)
        assert (box.logins, box.heard) == (0, [])
        configure(smtp_security="none")
        assert box.wait_for(zoe.email)

    @SQLITE_ONLY
    def test_no_link_is_sent_in_production(self, zoe, mailbox, configure):
        configure(smtp_security="auto", environment="production")
        zoe.sign_up()
        until(lambda: held() and "STARTTLS" in held().reason)
        assert zoe.email not in mailbox.heard
        configure(environment="development")
        zoe.verification_mail()

    @SQLITE_ONLY
    def test_in_development_without_a_password_tls_is_used_if_offered(self, zoe, mailbox, configure):
        configure(smtp_security="auto")
        zoe.sign_up()
        zoe.verification_mail()
