"""Throttling of failed logins and codes, by account and network, equally for existing and unknown accounts."""

import functools
import itertools
import time
from datetime import UTC, datetime

import pytest
import time_machine

import database
import errors
import models
import tables
from credentials import passwords, throttling
from databases import SQLITE_ONLY
from operations import cleanup
from people import Client, Person, another_code, at_once, code_in, new_email, new_password, refusal, text_of, token_in

LIMITED, WRONG, INVALID = (429, "rate_limited"), (401, "invalid_credentials"), (400, "invalid_token")
WAITS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
HOME = "198.51.100.7"
_networks = (f"198.18.{block}.66" for block in itertools.cycle(range(256)))


def client_on_new_network(service) -> Client:
    """Return a client on a network that no other client uses."""
    return Client(service.url, headers={"X-Forwarded-For": next(_networks)})


def guess(client, email, password="not the password"):
    return client.post("/auth/login", {"email": email, "password": password})


def fail_login(client, email, times=1):
    for _ in range(times):
        assert refusal(guess(client, email)) == WRONG


@pytest.fixture
def alice(service) -> Person:
    """Alice on her home network, from which she has signed up."""
    person = Person(service, "alice", **{"X-Forwarded-For": HOME})
    assert person.sign_up().status_code == 201
    tables.mark_email_verified(person)
    return person


@pytest.fixture(params=["known", "unknown"])
def email(alice, request):
    """An email address whose password is guessed, with and without an account."""
    return alice.email if request.param == "known" else new_email()


class TestWaiting:
    @pytest.fixture(autouse=True)
    def clock(self):
        """Stop the clock between shifts: the first wait is one second, and a busy machine takes longer to guess twice."""
        with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
            yield traveller

    @SQLITE_ONLY
    def test_four_wrong_passwords_cause_no_delay(self, alice, service):
        mallory = client_on_new_network(service)
        fail_login(mallory, alice.email, 4)
        assert guess(mallory, alice.email, alice.password).status_code == 200
        fail_login(client_on_new_network(service), alice.email, 4)

    @SQLITE_ONLY
    def test_delay_doubles_from_the_fifth_wrong_password_up_to_fifteen_minutes(self, email, service, clock):
        fail_login(client_on_new_network(service), email, 4)
        for seconds in WAITS:
            fail_login(client_on_new_network(service), email)
            answer = guess(client_on_new_network(service), email)
            assert (refusal(answer), answer.headers["retry-after"]) == (LIMITED, str(seconds))
            clock.shift(seconds)

    @SQLITE_ONLY
    def test_attempt_during_the_wait_discloses_nothing_and_does_not_extend_it(self, alice, service, clock):
        mallory = client_on_new_network(service)
        fail_login(mallory, alice.email, 5)
        mark = tables.newest_event()
        assert {refusal(guess(mallory, alice.email, p)) for p in (alice.password, "x") for _ in range(9)} == {LIMITED}
        assert tables.events(since=mark) == []
        clock.shift(1)
        assert guess(mallory, alice.email, alice.password).status_code == 200

    @SQLITE_ONLY
    def test_successful_login_resets_the_counter(self, alice, service, clock):
        mallory = client_on_new_network(service)
        for _ in range(3):
            fail_login(mallory, alice.email, 4)
            assert guess(mallory, alice.email, alice.password).status_code == 200

    @SQLITE_ONLY
    def test_responses_are_the_same_for_known_and_unknown_email_addresses(self, alice, service):
        seen = []
        for email in (alice.email, new_email()):
            client = client_on_new_network(service)
            answers = [guess(client, email) for _ in range(7)]
            seen.append([(a.status_code, a.json()["detail"], sorted(a.headers)) for a in answers])
        assert seen[0] == seen[1]

    def test_both_login_routes_share_one_counter(self, alice, service):
        mallory = client_on_new_network(service)
        form = {"grant_type": "password", "username": alice.email, "password": "x"}
        assert [mallory.post("/auth/token", data=form).json()["error"] for _ in range(5)] == ["invalid_grant"] * 5
        refused = mallory.post("/auth/token", data=form)
        assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
        assert refusal(guess(mallory, alice.email)) == LIMITED

    @SQLITE_ONLY
    def test_wrong_password_in_a_valid_session_counts_as_a_failed_login(self, alice, clock):
        endpoints = [
            lambda p: alice.change_password(new_password(), old=p),
            lambda p: alice.client.delete("/users/me", {"password": p}),
            lambda p: alice.client.post("/users/me/email", {"new_email": new_email(), "password": p}),
        ]
        for endpoint in (*endpoints, *endpoints[:2]):
            assert refusal(endpoint("not the password")) == (403, "reauthentication_required")
        for endpoint in (*endpoints, lambda p: guess(alice.client, alice.email, p)):
            assert refusal(endpoint(alice.password)) == LIMITED
        assert alice.me()["email"] == alice.email
        clock.shift(2)
        assert alice.change_password(new_password()).status_code == 200


class TestConcurrentAttempts:
    def test_only_five_of_fifty_concurrent_wrong_passwords_are_compared(self, email, service):
        mark, calls = (
            tables.newest_event(),
            [functools.partial(guess, client_on_new_network(service), email) for _ in range(50)],
        )
        with time_machine.travel(models.now(), tick=False):
            answers = at_once(*calls)
        assert sorted(map(refusal, answers)) == [WRONG] * 5 + [LIMITED] * 45
        assert len(tables.events(since=mark)) == 5

    def test_two_workers_share_the_counter(self, start, postgres):
        cluster = start(workers=2, DATABASE_URL=postgres.new_database(), TRUSTED_PROXIES="127.0.0.1")
        bob = Person(cluster, "bob", **{"X-Forwarded-For": HOME})
        assert bob.sign_up().status_code == 201
        calls, begun = (
            [functools.partial(guess, client_on_new_network(cluster), bob.email) for _ in range(50)],
            time.monotonic(),
        )
        answers = [refusal(answer) for answer in at_once(*calls)]
        assert 5 <= answers.count(WRONG) <= 5 + (time.monotonic() - begun)  # the first wait is a second long
        assert set(answers) == {WRONG, LIMITED}
        assert guess(bob.client, bob.email, bob.password).status_code == 200

    def test_concurrent_logins_with_the_right_password_succeed(self, alice, service):
        calls = [
            functools.partial(guess, client_on_new_network(service), alice.email, alice.password) for _ in range(30)
        ]
        assert [answer.status_code for answer in at_once(*calls)] == [200] * 30

    def test_attempt_of_a_dead_process_counts_as_wrong(self, alice, service, clock, monkeypatch):
        monkeypatch.setattr(throttling, "SECONDS_TO_WAIT_FOR_OTHERS", 0)
        for _ in range(5):
            throttling.begin(throttling.of_passwords(alice.email), None)
        assert refusal(guess(client_on_new_network(service), alice.email)) == LIMITED
        clock.shift(61)
        fail_login(client_on_new_network(service), alice.email)
        assert 1 <= int(guess(client_on_new_network(service), alice.email).headers["retry-after"]) <= 2

    def test_lock_by_a_dead_process_is_announced_at_the_next_wrong_password(self, alice, service, clock, mailbox):
        fail_login(client_on_new_network(service), alice.email)
        tables.set_failures(alice.email, throttling.CAP - 1)
        throttling.begin(throttling.of_passwords(alice.email), None)
        clock.shift(901)
        fail_login(client_on_new_network(service), alice.email)
        mailbox.wait_for(alice.email, containing="wrong passwords")


@SQLITE_ONLY
class TestCap:
    """After a hundred wrong passwords, the password is locked."""

    def test_attackers_get_a_hundred_attempts_and_the_owner_is_never_locked_out(self, alice, service, clock, mailbox):
        looked_at = 0
        for round_ in range(108):
            answers = [
                refusal(guess(client_on_new_network(service), alice.email)) for _ in range(6 if round_ == 0 else 2)
            ]
            looked_at += answers.count(WRONG)
            assert answers[-1] == LIMITED
            assert round_ % 50 or guess(alice.client, alice.email, alice.password).status_code == 200
            clock.shift(901)
        assert looked_at > 100
        assert refusal(guess(client_on_new_network(service), alice.email, alice.password)) == WRONG
        assert guess(alice.client, alice.email, alice.password).status_code == 200
        clock.shift(901)
        assert refusal(guess(client_on_new_network(service), alice.email, alice.password)) == WRONG
        mail = mailbox.wait_for(alice.email, containing="wrong passwords")
        assert "never used" in text_of(mail)
        assert len(mailbox.all_to(alice.email, containing="wrong passwords")) == 1
        assert [e.detail for e in tables.events(user_id=alice.user_id) if e.action == "password.locked"] == [
            {"known_network": False}
        ]

    def test_hundredth_attempt_is_compared(self, alice, service):
        mallory = client_on_new_network(service)
        fail_login(mallory, alice.email)
        tables.set_failures(alice.email, 99)
        assert guess(mallory, alice.email, alice.password).status_code == 200

    def test_cap_in_a_known_network_does_not_apply_to_another_known_network(self, alice, service, mailbox):
        at_work = client_on_new_network(service)
        assert guess(at_work, alice.email, alice.password).status_code == 200
        fail_login(alice.client, alice.email)
        tables.set_failures(alice.email, 99)
        fail_login(alice.client, alice.email)
        tables.set_failures(alice.email, 100)
        assert refusal(guess(alice.client, alice.email, alice.password)) == WRONG
        assert guess(at_work, alice.email, alice.password).status_code == 200
        assert refusal(guess(client_on_new_network(service), alice.email, alice.password)) == WRONG
        mail = mailbox.wait_for(alice.email, containing="wrong passwords")
        assert "198.51.100.0/24" in text_of(mail)
        assert "never used" in text_of(mail)

    def test_cap_counts_attempts_from_all_networks(self, alice, service, mailbox):
        """Clients in Alice's network and in other networks have a hundred attempts together."""
        fail_login(alice.client, alice.email)
        tables.set_failures(alice.email, 60)
        mallory = client_on_new_network(service)
        for _ in range(40):
            fail_login(mallory, alice.email)
            tables.end_wait(alice.email)
        mailbox.wait_for(alice.email, containing="wrong passwords")
        assert refusal(guess(mallory, alice.email, alice.password)) == WRONG
        tables.end_wait(alice.email)
        assert guess(alice.client, alice.email, alice.password).status_code == 200
        # Her own login ends her own count, and not what was decided about unknown places.
        assert refusal(guess(client_on_new_network(service), alice.email, alice.password)) == WRONG
        assert len(mailbox.all_to(alice.email, containing="wrong passwords")) == 1
        password = new_password()
        assert alice.set_new_password(alice.request_reset(), password).status_code == 200
        assert guess(client_on_new_network(service), alice.email, password).status_code == 200

    def test_one_typo_a_day_in_a_known_network_locks_no_user_out(self, alice, service, clock):
        for _ in range(101):
            fail_login(alice.client, alice.email)
            assert guess(alice.client, alice.email, alice.password).status_code == 200
        assert guess(client_on_new_network(service), alice.email, alice.password).status_code == 200

    def test_password_reset_resets_the_counter(self, alice, service):
        mallory, password = client_on_new_network(service), new_password()
        fail_login(mallory, alice.email)
        tables.set_failures(alice.email, 100)
        assert refusal(guess(mallory, alice.email, alice.password)) == WRONG
        assert alice.set_new_password(alice.request_reset(), password).status_code == 200
        assert guess(mallory, alice.email, password).status_code == 200

    def test_password_change_resets_the_counter(self, alice, service):
        mallory, password = client_on_new_network(service), new_password()
        fail_login(mallory, alice.email)
        tables.set_failures(alice.email, 100)
        assert alice.change_password(password).status_code == 200
        assert guess(mallory, alice.email, password).status_code == 200

    def test_cap_applies_to_password_checks_in_a_valid_session(self, alice):
        assert refusal(alice.change_password(new_password(), old="x")) == (403, "reauthentication_required")
        tables.set_failures(alice.email, 100)
        assert refusal(alice.change_password(new_password())) == (403, "reauthentication_required")
        assert alice.is_logged_in()

    @pytest.mark.parametrize("kind", ["disabled", "without a password", "unknown"])
    def test_accounts_that_cannot_log_in_get_no_notice(self, alice, service, mailbox, kind):
        email = new_email() if kind == "unknown" else alice.email
        fail_login(client_on_new_network(service), email)
        tables.set_failures(email, 99)
        mark = tables.newest_event()
        if kind == "disabled":
            tables.disable(alice)
        if kind == "without a password":
            tables.store_hash(alice, None)
        fail_login(client_on_new_network(service), email)
        assert [event.action for event in tables.events(since=mark)] == ["user.login_failed"]
        assert not mailbox.all_to(email, containing="wrong passwords")


class TestCodes:
    @SQLITE_ONLY
    def test_only_the_link_works_after_a_hundred_wrong_codes(self, bob, mailbox):
        for number in range(1, 12):
            mail = mailbox.wait_for(bob.email, containing="/verify-email", count=number)
            for step in range(1, 11):
                assert refusal(bob.enter_code(another_code(code_in(mail), step))) == INVALID
            bob.client.post("/auth/resend-verification", {"email": bob.email})
        mail = mailbox.wait_for(bob.email, containing="/verify-email", count=12)
        assert refusal(bob.enter_code(code_in(mail))) == INVALID
        assert bob.verify_email(token_in(mail)).status_code == 200

    @SQLITE_ONLY
    def test_right_code_works_at_the_hundredth_attempt(self, bob):
        code = code_in(bob.verification_mail())
        assert refusal(bob.enter_code(another_code(code))) == INVALID
        tables.set_failures(bob.email, 99)
        assert bob.enter_code(code).status_code == 200

    @SQLITE_ONLY
    def test_right_code_is_rejected_after_a_hundred_attempts(self, bob):
        code = code_in(bob.verification_mail())
        assert refusal(bob.enter_code(another_code(code))) == INVALID
        tables.set_failures(bob.email, 100)
        assert refusal(bob.enter_code(code)) == INVALID

    def test_attempts_before_a_code_exists_do_not_count(self, alice, bob):
        for person in (alice, bob):
            person.client.token = None
        assert refusal(alice.enter_code("123456")) == INVALID
        assert counts_of(alice.email, throttling.CODES) == []
        assert refusal(bob.enter_code("x")) == INVALID
        assert len(counts_of(bob.email, throttling.CODES)) == 1

    @SQLITE_ONLY
    def test_wrong_codes_do_not_count_as_wrong_passwords(self, bob):
        for _ in range(9):
            bob.enter_code("x")
        assert bob.log_in().status_code == 200


class TestStoredData:
    def test_counters_contain_neither_email_address_nor_network(self, email, service):
        fail_login(client_on_new_network(service), email, 2)
        rows = str(database.read_all(models.Guesses.__table__.select()))
        assert email not in rows
        assert "198.18." not in rows

    @SQLITE_ONLY
    def test_counters_of_a_deleted_account_are_deleted(self, alice, service):
        fail_login(alice.client, alice.email)
        fail_login(client_on_new_network(service), alice.email)
        assert len(counts_of(alice.email)) == 2
        assert alice.client.delete("/users/me").status_code == 204
        assert counts_of(alice.email) == []

    def test_counter_expires_after_a_month(self, email, service, clock):
        fail_login(client_on_new_network(service), email, 3)
        tables.set_failures(email, 100)
        clock.shift(29 * 86400)
        cleanup.run()
        fail_login(client_on_new_network(service), email)
        assert refusal(guess(client_on_new_network(service), email)) == LIMITED
        clock.shift(31 * 86400)
        cleanup.run()
        fail_login(
            client_on_new_network(service), email, 4
        )  # alike for both, so that it does not tell who has an account

    @SQLITE_ONLY
    def test_cap_is_not_reset_by_a_pause(self, alice, service, clock, mailbox):
        for months in range(4):
            fail_login(client_on_new_network(service), alice.email)
            tables.set_failures(alice.email, 25 * (months + 1) - 1)
            assert guess(client_on_new_network(service), alice.email, alice.password + "?").status_code == 401
            assert guess(alice.client, alice.email, alice.password).status_code == 200
            clock.shift(31 * 86400)
            cleanup.run()
        assert refusal(guess(client_on_new_network(service), alice.email, alice.password)) == WRONG
        assert guess(alice.client, alice.email, alice.password).status_code == 200
        mailbox.wait_for(alice.email, containing="wrong passwords")

    def test_counters_without_an_account_are_deleted_after_a_month(self, service, clock):
        email = new_email()
        fail_login(client_on_new_network(service), email)
        tables.set_failures(email, 100)
        clock.shift(31 * 86400)
        cleanup.run()
        assert counts_of(email) == []

    @SQLITE_ONLY
    def test_counter_is_deleted_soon_after_a_successful_login(self, alice, clock):
        assert alice.log_in().status_code == 200
        clock.shift(61)
        cleanup.run()
        assert counts_of(alice.email) == []


def counts_of(email, *places):
    chosen = [models.Guesses.place.in_(places)] if places else []
    return database.read_all(
        models.Guesses.__table__.select().where(models.Guesses.subject == throttling.of_passwords(email), *chosen)
    )


class TestCounterReset:
    """Only the owner of the mailbox can cause a new code with new attempts."""

    @SQLITE_ONLY
    def test_password_change_and_new_account_do_not_reset_code_attempts(self, service, mallory, configure):
        configure(email_verification="optional")
        assert mallory.sign_up().status_code == 201
        assert mallory.enter_code("000000").status_code == 400
        spent = tables.failures(mallory.email, throttling.CODES)
        assert spent == 1
        changed = new_password()
        assert mallory.change_password(changed).status_code == 200
        assert tables.failures(mallory.email, throttling.CODES) == spent
        assert mallory.client.delete("/users/me").status_code == 204
        assert mallory.sign_up().status_code == 201
        assert tables.failures(mallory.email, throttling.CODES) == spent

    def test_attempts_before_sign_up_do_not_lock_the_new_account(self, service, alice, configure):
        configure(email_verification="optional")
        stranger = Person(service, "dora")
        Client(service.url).post("/auth/login", {"email": stranger.email, "password": "x"})
        tables.set_failures(stranger.email, throttling.CAP)
        assert stranger.sign_up().status_code == 201
        assert stranger.can_log_in_with(stranger.password)

    def test_attempt_that_was_not_compared_is_not_counted(self, service, alice, monkeypatch):
        def refuses(*_):
            raise errors.Overloaded()

        with monkeypatch.context() as busy:
            busy.setattr(passwords, "verify", refuses)
            for _ in range(6):
                body = {"email": alice.email, "password": alice.password}
                assert Client(service.url, allowed=[503]).post("/auth/login", body).status_code == 503
        assert alice.can_log_in_with(alice.password)
