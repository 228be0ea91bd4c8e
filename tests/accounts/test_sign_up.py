"""Sign-up: validation, verification modes, and protection against account enumeration."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy
import time_machine

import database
import email_utils
import models
import schemas
import tables
from accounts import registration
from databases import SQLITE_ONLY
from models import User
from people import Client, Person, at_once, new_email, new_password, refusal, statuses, token_in

USER = {"id", "user_id", "email", "username", "locale", "time_zone", "picture_url", "is_active", "is_verified", "roles", "created_at", "updated_at"}  # fmt: skip
TOKENS = {"access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in"}


@SQLITE_ONLY
def test_sign_up_logs_in(service):
    alice = Person(service, "alice")
    answer = alice.sign_up()
    assert answer.status_code == 201
    assert answer.json().keys() == USER | TOKENS
    assert alice.me() == {field: answer.json()[field] for field in USER}
    assert alice.me()["roles"] == ["user"]
    assert uuid.UUID(alice.user_id).version == 7


def test_inserted_account_is_persistent_with_the_values_of_its_row(service):
    email = new_email()

    def account():
        return User(email=email, canonical_email=schemas.canonical_email(email), username="Alice")

    with database.transaction() as db:
        user = account()
        assert registration.insert(db, user, "user", "admin")
        assert sqlalchemy.inspect(user).persistent and not db.dirty
        assert user is db.get(User, user.id)
        assert (user.roles, user.folded_username, user.is_active) == (["admin", "user"], "alice", True)
        user.username = "Carol"
    with database.transaction() as db:
        other = account()
        assert not registration.insert(db, other, "user")
        assert sqlalchemy.inspect(other).transient
        stored = db.scalar(sqlalchemy.select(User).where(User.email == email))
        assert (stored.username, stored.folded_username, stored.roles) == ("Carol", "carol", ["admin", "user"])
        assert stored.updated_at >= stored.created_at > models.now() - timedelta(minutes=1)


@SQLITE_ONLY
def test_with_verification_off_accounts_are_verified_and_get_no_email(service, mailbox):
    alice = Person(service, "alice")
    assert alice.sign_up().json()["is_verified"] is True
    assert tables.no_email_follows(mailbox, alice.email)


def test_registered_email_address_is_rejected_in_any_spelling(service, alice):
    for spelling in (alice.email, alice.email.upper(), f"  {alice.email.title()} "):
        assert refusal(Person(service, "mallory").sign_up(email=spelling)) == (409, "email_taken")
    assert alice.can_log_in_with(alice.password)


def test_unicode_and_ascii_form_of_a_domain_are_the_same_email_address(service):
    name = new_email().partition("@")[0]
    assert Person(service, "zoe").sign_up(email=f"{name}@exämple.com").status_code == 201
    assert refusal(Person(service, "mallory").sign_up(email=f"{name}@xn--exmple-cua.com")) == (409, "email_taken")


@SQLITE_ONLY
def test_email_addresses_with_tags_and_dots_are_different_accounts(anonymous):
    name = new_email().partition("@")[0]
    for address in (f"{name}@example.com", f"{name}+shop@example.com", f"{name[:3]}.{name[3:]}@example.com"):
        assert anonymous.post("/auth/signup", {"email": address, "password": new_password()}).status_code == 201


@SQLITE_ONLY
def test_local_part_is_the_default_name(service):
    alice = Person(service, "alice")
    assert alice.sign_up(username=None).json()["username"] == alice.email.partition("@")[0]


@SQLITE_ONLY
@pytest.mark.parametrize("field", ["email", "username", "password"])
@pytest.mark.parametrize(
    "value", [0, True, 1.5, [], {}, ["a@example.com"], "", "\0", "x" * 3000, "a\nb", "\ud800"], ids=ascii
)
def test_error_names_the_invalid_field(service, field, value):
    mallory = Person(service, "mallory")
    body = {"email": mallory.email, "username": "M", "password": mallory.password, field: value}
    answer = mallory.client.post("/auth/signup", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == 422 or (field, value) == ("password", "a\nb")
    assert answer.json()["code"] in ("validation_error", "weak_password")
    assert [e["field"] for e in answer.json()["errors"]] == [field] * len(answer.json()["errors"])
    assert not mallory.can_log_in_with(mallory.password)


@pytest.mark.parametrize("odd", ["{}＠example.com", "{}@ex⒈mple.com", "{}@example․com", "{}@ＥＸＡＭＰＬＥ.com"])
def test_odd_spelling_is_rejected_or_kept_as_a_deliverable_email_address(service, odd):
    alice = Person(service, "alice")
    answer = alice.sign_up(email=odd.format(alice.email.partition("@")[0]))
    if answer.status_code == 201:
        kept = answer.json()["email"]
        assert schemas.canonical_email(email_utils._deliverable(kept)) == schemas.canonical_email(kept)
    else:
        assert refusal(answer) == (422, "validation_error")


@SQLITE_ONLY
@pytest.mark.parametrize("local", ["jürgen", "ｊohn", "ﬁnn", "mıke"])
def test_email_address_that_few_mail_servers_accept_is_rejected(service, local):
    answer = Person(service, "mallory").sign_up(email=f"{local}@example.com")
    assert refusal(answer) == (422, "validation_error")
    assert answer.json()["errors"] == [
        {"field": "email", "message": "must contain only ASCII characters before the @", "code": "invalid"}
    ]


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["http://evil.example", "see WWW.evil.example", "a\u202eb", "\u200b", "a" * 65])
def test_name_with_a_url_or_misleading_characters_is_rejected(service, name):
    assert refusal(Person(service, "mallory").sign_up(username=name)) == (422, "validation_error")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "extra", [{"roles": ["superuser"]}, {"is_superuser": True}, {"is_verified": True}, {"user_id": "root"}, {"id": 1}]
)
def test_extra_fields_are_ignored(service, configure, extra):
    configure(email_verification="optional")
    mallory = Person(service, "mallory")
    assert mallory.sign_up(**extra).status_code == 201
    assert mallory.me()["roles"] == ["user"]
    assert mallory.me()["is_verified"] is False
    assert uuid.UUID(mallory.user_id)


def test_fifty_concurrent_sign_ups_create_one_account(service):
    email = new_email()
    clients = [Client(service.url) for _ in range(50)]
    answers = at_once(
        *(lambda c=c: c.post("/auth/signup", {"email": email, "password": new_password()}) for c in clients)
    )
    assert statuses(answers) == [201] + [409] * 49


class TestRequiredVerification:
    @pytest.fixture(autouse=True)
    def _required(self, configure):
        configure(email_verification="required")

    @SQLITE_ONLY
    def test_no_tokens_before_verification(self, service):
        bob = Person(service, "bob")
        answer = bob.sign_up()
        assert (answer.status_code, answer.json().keys()) == (202, {"message"})
        assert refusal(bob.log_in()) == (403, "email_not_verified")
        assert refusal(bob.log_in(password="not the password")) == (401, "invalid_credentials")

    @SQLITE_ONLY
    def test_response_does_not_disclose_whether_an_account_exists(self, service, alice, mailbox):
        mallory, mark = Person(service, "mallory"), mailbox.mark()
        known, new = mallory.sign_up(email=alice.email), mallory.sign_up()
        assert (known.status_code, known.json()) == (new.status_code, new.json()) == (202, new.json())
        assert "token=" not in mailbox.wait_for(alice.email, since=mark).get_body(("plain",)).get_content()
        assert alice.can_log_in_with(alice.password)

    @SQLITE_ONLY
    def test_login_afterwards_does_not_disclose_it_either(self, service, alice, clock):
        mallory = Person(service, "mallory")
        mallory.sign_up(email=alice.email)
        stranger = Person(service, "stranger")
        stranger.sign_up(email=(new := new_email()))

        def answers(email, password):
            client = Client(service.url)
            form = {"grant_type": "password", "username": email, "password": password}
            answers = (
                client.post("/auth/login", {"email": email, "password": password}),
                client.post("/auth/token", data=form),
            )
            return [(a.status_code, a.json() | {"request_id": ""}) for a in answers]

        for _ in range(7):  # more than are free: such an answer is neither a success nor a failure
            assert answers(alice.email, mallory.password) == answers(new, stranger.password)
            assert answers(new, stranger.password)[0][0] == 403
        assert answers(alice.email, wrong := new_password()) == answers(new, wrong)
        assert alice.can_log_in_with(alice.password)
        clock.shift(25 * 3600)
        assert answers(alice.email, mallory.password)[0][0] == 401

    def test_sign_ups_from_many_networks_do_not_flood_the_mailbox(self, service, mailbox, configure):
        """Beyond the budget of an address no more emails go out, and the link of the last one stays good."""
        alice = Person(service, "alice")
        configure(rate_limit_enabled=True)

        def sign_up(number):
            client = Client(service.url, headers={"X-Forwarded-For": f"10.99.{number}.1"})
            answer = client.post("/auth/signup", {"email": alice.email, "username": "x", "password": new_password()})
            assert answer.status_code == 202

        for number in range(29):
            sign_up(number)
        tables.wait_for_outbox()
        mark = mailbox.mark()
        sign_up(29)
        last = mailbox.wait_for(alice.email, since=mark)
        for number in range(30, 36):
            sign_up(number)
        assert tables.no_email_follows(mailbox, alice.email, since=mark + 1)
        configure(rate_limit_enabled=False)
        assert alice.set_new_password(token_in(last, "/reset-password"), alice.password).status_code == 200
        assert alice.log_in().status_code == 200

    @SQLITE_ONLY
    @pytest.mark.parametrize("first", ["guesses", "sign-up"])
    def test_wrong_passwords_do_not_disclose_whether_an_account_exists(self, service, alice, first):
        """A new account must not be known by counters of its own in the network of its sign-up."""
        home, elsewhere = {"X-Forwarded-For": "198.18.7.1"}, {"X-Forwarded-For": "198.18.8.1"}

        def story(email):
            client, password = Client(service.url, headers=home), new_password()
            attacker = Client(service.url, headers=home if first == "guesses" else elsewhere)
            steps = [
                lambda: [attacker.post("/auth/login", {"email": email, "password": "not it"}) for _ in range(7)],
                lambda: [client.post("/auth/signup", {"email": email, "username": "x", "password": password})],
            ]
            answers = [each for step in (steps if first == "guesses" else steps[::-1]) for each in step()]
            answers.append(client.post("/auth/login", {"email": email, "password": password}))
            return [(answer.status_code, answer.json().get("code")) for answer in answers]

        # The waits grow with time: on a busy machine one story would take longer than the other.
        with time_machine.travel(datetime.now(UTC), tick=False):
            assert story(alice.email) == story(new_email())

    def test_second_sign_up_with_the_right_password_locks_no_user_out(self, service, alice):
        Person(service, "alice").sign_up(email=alice.email, password=alice.password)
        assert alice.log_in().status_code == 200

    @SQLITE_ONLY
    def test_second_sign_up_does_not_reset_the_counter_of_wrong_passwords(self, service, alice):
        mallory = Person(service, "mallory")
        mallory.sign_up(email=alice.email)
        elsewhere = {"X-Forwarded-For": "198.51.100.9"}
        codes = []
        for _ in range(6):
            body = {"email": alice.email, "password": new_password()}
            codes.append(Client(service.url).post("/auth/login", body, headers=elsewhere).status_code)
            body = {"email": alice.email, "password": mallory.password}
            codes.append(Client(service.url).post("/auth/login", body, headers=elsewhere).status_code)
        assert 429 in codes

    @SQLITE_ONLY
    def test_owner_of_the_email_address_of_an_unverified_account_takes_it_over(self, service, mailbox):
        mallory, owner = Person(service, "mallory"), Person(service, "olivia")
        mallory.email = owner.email
        assert mallory.sign_up().status_code == 202
        assert owner.sign_up().status_code == 202
        token = token_in(mailbox.wait_for(owner.email, containing="/reset-password"))
        assert (
            owner.client.post(
                "/auth/reset-password/confirm", {"token": token, "new_password": owner.password}
            ).status_code
            == 200
        )
        assert owner.log_in().json()["is_verified"] is True
        assert not mallory.can_log_in_with(mallory.password)

    @SQLITE_ONLY
    def test_password_rules_are_checked_first_for_known_and_unknown_addresses(self, service, alice):
        for email in (alice.email, new_email()):
            assert refusal(Person(service, "mallory").sign_up(email=email, password="password1")) == (
                422,
                "weak_password",
            )
