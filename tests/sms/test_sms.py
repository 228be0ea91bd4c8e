"""A phone as a second factor: set up, used once, limited, and sent through Twilio or a gateway."""

import base64
import functools
import itertools
import secrets
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
import standardwebhooks
from sqlalchemy import select

import database
import models
from authenticator import Passkey, add_app, add_passkey, first_step, log_in_with, second_step
from databases import SQLITE_ONLY
from delivery import leases
from models import User
from operations import cleanup
from people import Client, at_once, refusal, with_roles
from settings.loading import settings
from sms.models import TextMessage, TextMessageDay
from sms_providers import SENDER, Receiver
from waiting import until

INVALID, WRONG, LIMITED = (422, "validation_error"), (401, "invalid_code"), (429, "rate_limited")
_numbers = (f"+4366412{number:05d}" for number in itertools.count(10_001))


@pytest.fixture
def receiver(configure):
    server = Receiver()
    configure(**server.gateway)
    yield server
    server.close()


@pytest.fixture
def number():
    return next(_numbers)


def begin(person, number, **more):
    return person.client.post("/users/me/factors/sms", {"phone": number, **more})


def confirm(person, begun, code):
    return person.client.post(f"/users/me/factors/sms/{begun.json()['id']}/confirm", {"code": code})


def add_phone(person, receiver, number, **more):
    begun = begin(person, number, **more)
    assert begun.status_code == 202, begun.text
    confirmed = confirm(person, begun, receiver.to(number).code)
    assert confirmed.status_code == 200, confirmed.text
    return confirmed.json()


def send_code(person, begun, **more):
    return Client(person.service.url).post("/auth/mfa/sms", {"mfa_token": begun["mfa_token"], **more})


def another(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


class TestSetUp:
    def test_phone_becomes_a_factor_with_its_code(self, alice, receiver, number):
        added = add_phone(alice, receiver, number)
        assert (added["factor"]["type"], added["factor"]["name"]) == ("sms", f"••• {number[-2:]}")
        assert len(added["recovery_codes"]) == 10
        assert number not in alice.client.get("/users/me/factors").text
        (exported,) = alice.client.get("/users/me/export").json()["factors"]
        assert exported["phone"] == number
        assert alice.service.mailbox.wait_for(alice.email, containing=f"••• {number[-2:]}")

    @SQLITE_ONLY
    def test_message_names_the_service_and_ends_with_the_code_for_the_browser(self, alice, receiver, number):
        begin(alice, number)
        message = receiver.to(number)
        first, blank, last = message.text.split("\n")
        assert (first.split()[0], blank, last) == (message.code, "", f"@localhost #{message.code}")
        assert settings.app_name in first

    @SQLITE_ONLY
    def test_message_is_in_the_language_of_the_request(self, alice, receiver, number):
        alice.client.headers["Accept-Language"] = "de"
        begin(alice, number)
        assert "Code" in receiver.to(number).text
        assert "is your code" not in receiver.to(number).text

    @SQLITE_ONLY
    @pytest.mark.parametrize(
        ("phone", "code"),
        [
            ("0664 1234567", "invalid"),  # without its country
            ("+43", "invalid"),
            ("+4312", "invalid"),
            ("+43900123456", "invalid"),  # premium rate
            ("+43 800 123456", "invalid"),  # toll-free
            ("+43 664 1234567 ext. 12", "invalid"),
            ("tel:+436641234567;ext=1", "invalid"),
            ("not a number", "invalid"),
            ("+447400123456", "unsupported_country"),
        ],
    )
    def test_other_numbers_are_rejected(self, alice, receiver, phone, code):
        answer = begin(alice, phone)
        assert refusal(answer) == INVALID
        ((field, found),) = [(error["field"], error["code"]) for error in answer.json()["errors"]]
        assert (field, found) == ("phone", code)
        assert receiver.messages == []

    @SQLITE_ONLY
    def test_without_countries_nothing_is_sent(self, alice, receiver, configure, number):
        configure(sms_countries=())
        assert refusal(begin(alice, number)) == INVALID

    @SQLITE_ONLY
    def test_number_may_be_written_as_people_do(self, alice, receiver, number):
        written = f"{number[:3]} (664) {number[6:]}"
        assert begin(alice, written).status_code == 202
        receiver.to(number)

    def test_wrong_code_does_not_confirm_and_five_end_the_code(self, alice, receiver, number):
        begun = begin(alice, number)
        code = receiver.to(number).code
        for _ in range(5):
            assert refusal(confirm(alice, begun, another(code))) == (400, "invalid_code")
        assert refusal(confirm(alice, begun, code)) == (400, "invalid_code")
        assert alice.client.get("/users/me/factors").json()["items"] == []

    @SQLITE_ONLY
    def test_code_expires_and_a_new_one_can_be_sent(self, alice, receiver, number, clock):
        begun = begin(alice, number)
        first = receiver.to(number).code
        clock.shift(301)
        assert refusal(confirm(alice, begun, first)) == (400, "invalid_code")
        assert alice.client.post(f"/users/me/factors/sms/{begun.json()['id']}/resend").status_code == 202
        assert confirm(alice, begun, receiver.to(number, 2).code).status_code == 200

    @SQLITE_ONLY
    def test_same_number_twice_is_a_conflict(self, alice, receiver, number, clock):
        add_phone(alice, receiver, number)
        clock.shift(61)
        assert refusal(begin(alice, number)) == (409, "conflict")


class TestLogin:
    def test_code_completes_the_login_once(self, alice, receiver, number, clock):
        add_phone(alice, receiver, number)
        clock.shift(61)
        begun = first_step(alice)
        assert begun["factors"] == ["sms", "recovery_code"]
        sent = send_code(alice, begun)
        assert (sent.status_code, sent.json()) == (202, {"phone": f"••• {number[-2:]}", "expires_in": 300})
        code = receiver.to(number, 2).code
        assert refusal(second_step(alice, begun, code=another(code))) == WRONG
        done = second_step(alice, begun, code=f" {code[:3]} {code[3:]}")
        assert done.status_code == 200
        session = Client(alice.service.url, token=done.json()["access_token"])
        found = Client(alice.service.url, token=settings.internal_service_token[0]).post(
            "/internal/introspect", {"token": done.json()["access_token"]}
        )
        assert (found.json()["acr"], set(found.json()["amr"])) == ("aal2", {"pwd", "sms", "mfa"})
        assert session.get("/users/me").status_code == 200
        assert refusal(second_step(alice, first_step(alice), code=code)) == WRONG

    def test_of_fifty_uses_of_one_code_one_logs_in(self, alice, receiver, number, clock):
        add_phone(alice, receiver, number)
        clock.shift(61)
        begun = first_step(alice)
        send_code(alice, begun)
        code = receiver.to(number, 2).code
        answers = at_once(*[lambda: second_step(alice, begun, code=code)] * 50)
        assert sorted({answer.status_code for answer in answers} - {401, 429}) == [200]
        assert [answer.status_code for answer in answers].count(200) == 1

    @SQLITE_ONLY
    def test_code_belongs_to_the_login_that_requested_it(self, alice, receiver, number, clock):
        add_phone(alice, receiver, number)
        clock.shift(61)
        begun, mallorys = first_step(alice), first_step(alice)
        send_code(alice, begun)
        code = receiver.to(number, 2).code
        assert refusal(second_step(alice, mallorys, code=code)) == WRONG
        assert (
            alice.client.post("/users/me/factors/totp", {"password": alice.password, "code": code}).status_code == 403
        )
        clock.shift(61)  # after the wait that the wrong codes have caused
        assert second_step(alice, begun, code=code).status_code == 200

    @SQLITE_ONLY
    def test_stronger_factor_is_offered_first(self, alice, receiver, number):
        add_phone(alice, receiver, number)
        app = add_app(alice)
        begun = first_step(alice)
        assert begun["factors"] == ["totp", "sms", "recovery_code"]
        assert second_step(alice, begun, code=app.code()).status_code == 200

    @SQLITE_ONLY
    def test_account_without_a_phone_gets_no_message(self, alice, receiver):
        add_app(alice)
        assert refusal(send_code(alice, first_step(alice))) == (404, "not_found")
        assert refusal(send_code(alice, {"mfa_token": "x"})) == (401, "invalid_mfa_token")

    @SQLITE_ONLY
    def test_country_that_is_no_longer_served_gets_no_message(self, alice, receiver, number, configure):
        add_phone(alice, receiver, number)
        configure(sms_countries=("US",))
        assert refusal(send_code(alice, first_step(alice))) == (404, "not_found")

    @SQLITE_ONLY
    def test_phone_also_authenticates_again(self, alice, receiver, number, clock):
        add_phone(alice, receiver, number)
        clock.shift(400)
        assert refusal(alice.client.post("/users/me/factors/totp", {"password": alice.password})) == (
            403,
            "reauthentication_required",
        )
        assert alice.client.post("/auth/reauthenticate/sms").status_code == 202
        proof = {"password": alice.password, "code": receiver.to(number, 2).code}
        assert alice.client.post("/users/me/factors/totp", proof).status_code == 201


class TestLimits:
    def test_one_a_minute_and_five_an_hour_for_a_number(self, alice, bob, receiver, number, clock):
        assert {begin(alice, number).status_code, begin(bob, number).status_code} == {202, 429}
        answer = begin(bob, number)
        assert refusal(answer) == LIMITED
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        for _ in range(4):
            clock.shift(61)
            assert begin(bob, number, password=bob.password).status_code == 202
        clock.shift(61)
        answer = begin(bob, number, password=bob.password)
        assert refusal(answer) == LIMITED
        assert 3000 < int(answer.headers["retry-after"]) <= 3600

    def test_setting_up_the_phone_of_another_user_takes_none_of_their_messages(self, alice, bob, receiver, number):
        add_phone(alice, receiver, number)
        assert refusal(begin(bob, number)) == LIMITED
        begun = first_step(alice)
        assert send_code(alice, begun).status_code == 202
        assert second_step(alice, begun, code=receiver.to(number, 2).code).status_code == 200

    def test_twenty_requests_at_once_send_one_message(self, alice, receiver, number):
        answers = at_once(*[lambda: begin(alice, number)] * 20)
        assert [answer.status_code for answer in answers].count(202) == 1
        receiver.to(number)

    @SQLITE_ONLY
    def test_ten_a_day_for_an_account(self, alice, receiver):
        for _ in range(10):
            assert begin(alice, next(_numbers)).status_code == 202
        assert refusal(begin(alice, next(_numbers))) == LIMITED

    def test_daily_limit_of_the_service_leaves_some_messages_for_logins(self, alice, bob, receiver, number, configure):
        add_phone(alice, receiver, number)
        sent = database.read(select(TextMessageDay.queued).where(TextMessageDay.day == models.now().date())).queued
        configure(sms_daily_limit=next(limit for limit in itertools.count() if limit - limit // 4 == sent + 2))
        answers = at_once(*[functools.partial(begin, bob, next(_numbers)) for _ in range(8)])
        assert [answer.status_code for answer in answers].count(202) == 2
        assert {refusal(answer) for answer in answers if answer.status_code != 202} == {LIMITED}
        assert send_code(alice, first_step(alice)).status_code == 202


class TestPolicy:
    def test_administrator_may_not_rely_on_a_phone_alone(self, service, root, receiver, number, configure):
        amy = with_roles(service, root, "amy", "user", "admin")
        configure(mfa_required="admins")
        add_phone(amy, receiver, number, password=amy.password)
        assert refusal(amy.client.get("/admin/users")) == (403, "mfa_enrolment_required")
        app = add_app(amy)
        amy.client.token = second_step(amy, code=app.code()).json()["access_token"]
        assert amy.client.get("/admin/users").status_code == 200
        assert refusal(amy.client.delete(f"/users/me/factors/{app.id}")) == (403, "mfa_required_by_policy")

    @SQLITE_ONLY
    def test_phone_is_not_sufficient_when_it_remains_of_two_factors(self, service, root, receiver, number, configure):
        amy = with_roles(service, root, "amy", "user", "admin")
        key = add_passkey(amy, Passkey(counter=4), password=amy.password)
        amy.client.token = log_in_with(amy, key).json()["access_token"]
        add_phone(amy, receiver, number)
        configure(mfa_required="admins")
        assert amy.client.get("/admin/users").status_code == 200
        assert refusal(log_in_with(amy, key, counter=1)) == (401, "invalid_credentials")
        assert refusal(amy.client.get("/admin/users")) == (403, "mfa_enrolment_required")

    @SQLITE_ONLY
    def test_user_may(self, alice, receiver, number, configure):
        configure(mfa_required="all")
        add_phone(alice, receiver, number, password=alice.password)
        assert alice.client.patch("/users/me", {"username": "Alice"}).status_code == 200


class TestDelivery:
    @SQLITE_ONLY
    @pytest.mark.parametrize("answer", [(500, {}), (429, {"code": 20429}), (401, {"code": 20003})])
    def test_message_is_sent_once_twilio_accepts_it(self, alice, receiver, configure, number, answer):
        configure(**receiver.twilio)
        receiver.answer = answer
        begun = begin(alice, number)
        assert begun.status_code == 202
        receiver.wait_for_refusal()
        receiver.answer = None
        assert confirm(alice, begun, receiver.to(number).code).status_code == 200

    @SQLITE_ONLY
    @pytest.mark.parametrize(("number", "code"), [("+436641230000", "21211"), (SENDER, "21266")])
    def test_number_that_twilio_rejects_is_given_up(self, alice, receiver, configure, number, code, monkeypatch):
        logged = []
        monkeypatch.setattr(leases, "log", SimpleNamespace(error=lambda _event, **fields: logged.append(fields)))
        configure(**receiver.twilio, sms_countries=("AT", "US"))
        assert begin(alice, number).status_code == 202
        until(lambda: logged)
        found = database.read(
            select(TextMessage.gave_up_at, TextMessage.last_error).where(TextMessage.recipient == number)
        )
        assert found.gave_up_at
        assert code in found.last_error
        assert number not in found.last_error
        assert logged[0].keys() == {"text_message_id", "attempts", "error"}

    @SQLITE_ONLY
    @pytest.mark.parametrize("secret", ["plain", "whsec"])
    def test_gateway_can_verify_the_signature(self, alice, receiver, configure, number, secret):
        key = secrets.token_bytes(24)
        encoded = base64.b64encode(key).decode()
        configure(sms_secret=f"whsec_{encoded}" if secret == "whsec" else key.hex())
        begin(alice, number)
        message = receiver.to(number)
        verifier = standardwebhooks.Webhook(
            f"whsec_{encoded}" if secret == "whsec" else base64.b64encode(key.hex().encode()).decode()
        )
        assert verifier.verify(message.body, message.headers) == {"to": number, "text": message.text}
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            verifier.verify(message.body + b" ", message.headers)

    @SQLITE_ONLY
    def test_request_does_not_wait_for_the_provider(self, alice, receiver, number):
        receiver.seconds = 2
        begun = time.monotonic()
        assert begin(alice, number).status_code == 202
        assert time.monotonic() - begun < 1

    @SQLITE_ONLY
    def test_message_that_nothing_sends_is_deleted_after_a_week(self, alice, number):
        account = database.read(select(User.id).where(User.user_id == alice.user_id)).id
        age = timedelta(days=7, minutes=1)
        for old, code_id in [(age, "old"), (timedelta(days=6), "new")]:
            with database.transaction() as db:
                due, created = models.now() + age, models.now() - old
                db.add(
                    TextMessage(account_id=account, recipient=number, code_id=code_id, due_at=due, created_at=created)
                )
        cleanup.run()
        left = database.read_all(select(TextMessage.code_id).where(TextMessage.recipient == number))
        assert [row.code_id for row in left] == ["new"]
