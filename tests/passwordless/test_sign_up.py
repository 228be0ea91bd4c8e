"""Sign up without a password: with an email address, or with a passkey."""

import json

import pytest

import tables
from accounts import registration
from authenticator import Passkey, log_in_with
from core import rate_limit_counters
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from emailed_login import EmailedLogin
from people import Client, Person, new_email, refusal

REJECTED = (400, "invalid_credential")


@pytest.fixture(autouse=True)
def optional(configure):
    """Passwords are optional."""
    configure(password_optional=True, email_verification="required")


def begin(service, email, **more):
    answer = Client(service.url).post("/auth/passkeys/signup/options", {"email": email, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def create(service, begun, passkey, **lies):
    """Return the body of a sign-up with a passkey."""
    return {"ceremony": begun["ceremony"], "credential": passkey.create(begun["options"], **lies)}


def with_passkey(service, email, passkey):
    """Sign up with a passkey, and return the request for the link."""
    body = create(service, begin(service, email, username="Carol"), passkey)
    return EmailedLogin(service, email, path="/auth/passkeys/signup", **body)


@SQLITE_ONLY
@pytest.mark.parametrize("mode", ["off", "optional", "required"])
def test_carol_signs_up_with_her_email_address(service, configure, mode):
    configure(email_verification=mode)
    email = new_email("Carol")
    asked = EmailedLogin(service, email, path="/auth/signup", username="Carol", accepted_terms=True)
    assert asked.answer.keys() == {"message", "flow", "expires_in"}
    done = asked.by_link()
    assert done.status_code == 200, done.text
    assert (done.json()["email"], done.json()["username"], done.json()["is_verified"]) == (email, "Carol", True)


@SQLITE_ONLY
def test_registered_address_gets_the_same_response_and_a_link_to_its_account(service, alice):
    fresh = EmailedLogin(service, new_email(), path="/auth/signup")
    known = EmailedLogin(service, alice.email, path="/auth/signup", username="Mallory")
    assert fresh.answer.keys() == known.answer.keys()
    done = known.by_link()
    assert (done.json()["user_id"], done.json()["username"]) == (alice.user_id, "Alice")
    assert alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_new_link_of_a_sign_up_keeps_its_name(service):
    first = EmailedLogin(service, new_email(), path="/auth/signup", username="Carol")
    second = EmailedLogin(service, first.email)
    assert refusal(first.by_link()) == (400, "invalid_token")
    assert second.by_link().json()["username"] == "Carol"


@SQLITE_ONLY
@pytest.mark.parametrize("settings", [{"password_optional": False}, {"magic_link": "off"}])
def test_password_is_required_otherwise(anonymous, configure, settings):
    configure(**settings)
    answer = anonymous.post("/auth/signup", {"email": new_email()})
    assert refusal(answer) == (422, "validation_error")
    assert answer.json()["errors"] == [{"field": "password", "message": "is missing", "code": "missing"}]


# ------------------------------------------------------------------------------------------------------------- passkeys


@SQLITE_ONLY
def test_carol_signs_up_with_a_passkey(service):
    passkey, email = Passkey(), new_email("Carol")
    asked = with_passkey(service, email, passkey)
    done = asked.by_code()
    assert done.status_code == 200, done.text
    assert done.json()["username"] == "Carol"
    carol = Person(service, "carol")
    carol._remember(done)
    (factor,) = carol.client.get("/users/me/factors").json()["items"]
    assert factor["type"] == "passkey"
    assert log_in_with(carol, passkey).json()["user_id"] == done.json()["user_id"]
    assert refusal(EmailedLogin(service, email).by_link()) == (403, "mfa_required")


@SQLITE_ONLY
def test_account_with_a_passkey_does_not_exist_before_its_address_is_proven(service):
    passkey, email = Passkey(), new_email()
    with_passkey(service, email, passkey)
    assert refusal(log_in_with(Person(service, "carol"), passkey)) == (401, "invalid_credentials")


@SQLITE_ONLY
def test_passkey_does_not_come_along_with_the_link_of_another_browser(service):
    """Mallory signs up with Carol's address and a passkey; then Carol requests a link herself."""
    passkey, email = Passkey(), new_email("carol")
    with_passkey(service, email, passkey)
    assert EmailedLogin(service, email).by_link().status_code == 200
    assert refusal(log_in_with(Person(service, "mallory"), passkey)) == (401, "invalid_credentials")


@SQLITE_ONLY
def test_three_emails_an_hour_for_an_account_and_network(service, alice, configure):
    """Otherwise anyone could flood a mailbox, and end each link for a login before it is used."""
    configure(rate_limit_enabled=True, rate_limit_signup="100/minute")
    rate_limit_counters._local.reset()
    client, page = Client(service.url), {"Origin": "http://localhost:3000", "Accept": "text/html"}

    def by_passkey(email, path="/auth/passkeys/signup"):
        body = create(service, begin(service, email), Passkey())
        if path.startswith("/auth"):
            return client.post(path, body)
        return client._http.post(path, data={**body, "credential": json.dumps(body["credential"])}, headers=page)

    assert [by_passkey(alice.email).status_code for _ in range(4)] == [202] * 3 + [429]
    assert by_passkey(alice.email.upper(), "/signup/passkey/new").status_code == 429
    assert by_passkey(new_email(), "/signup/passkey/new").status_code < 400
    configure(email_verification="off")
    form = {"email": alice.email, "accepted_terms": "on"}
    assert client._http.post("/signup", data=form, headers=page).status_code == 429


@SQLITE_ONLY
def test_sign_up_with_the_address_of_alice_adds_no_passkey(service, alice):
    passkey = Passkey()
    asked = with_passkey(service, alice.email, passkey)
    assert asked.by_link().json()["user_id"] == alice.user_id
    assert alice.client.get("/users/me/factors").json()["items"] == []
    assert refusal(log_in_with(alice, passkey)) == (401, "invalid_credentials")


@SQLITE_ONLY
def test_owner_takes_an_unverified_account_over_with_a_passkey(service, mallory, configure):
    configure(email_verification="optional")
    assert mallory.sign_up().status_code == 201
    passkey = Passkey()
    done = with_passkey(service, mallory.email, passkey).by_link()
    assert done.json()["user_id"] == mallory.user_id
    assert not mallory.can_log_in_with(mallory.password)
    assert log_in_with(mallory, passkey).status_code == 200


def test_passkey_signs_up_at_once_without_verification(service, configure):
    configure(email_verification="off", magic_link="off")
    passkey, email = Passkey(), new_email()
    body = create(service, begin(service, email), passkey)
    answer = Client(service.url).post("/auth/passkeys/signup", body)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["email"], answer.json()["is_verified"]) == (email, True)
    assert log_in_with(Person(service, "carol"), passkey).json()["user_id"] == answer.json()["user_id"]
    assert refusal(Client(service.url).post("/auth/passkeys/signup", body)) == REJECTED
    other = create(service, begin(service, email), Passkey())
    assert refusal(Client(service.url).post("/auth/passkeys/signup", other)) == (409, "email_taken")


@SQLITE_ONLY
def test_passkey_that_verifies_no_one_is_rejected(service):
    body = create(service, begin(service, new_email()), Passkey(verifies=False))
    assert refusal(Client(service.url).post("/auth/passkeys/signup", body)) == REJECTED


@SQLITE_ONLY
def test_passkey_of_another_account_is_rejected(service):
    passkey = Passkey()
    assert with_passkey(service, new_email(), passkey).by_link().status_code == 200
    body = create(service, begin(service, new_email()), passkey)
    assert refusal(Client(service.url).post("/auth/passkeys/signup", body)) == REJECTED


@POSTGRESQL_ONLY
def test_passkey_of_two_concurrent_sign_ups_is_of_one_account(service, configure, monkeypatch):
    configure(email_verification="off")
    passkey, emails = Passkey(), [new_email("first"), new_email("second")]
    bodies = [create(service, begin(service, email), passkey) for email in emails]
    answers, insert = [], registration.insert

    def insert_after_the_second(*arguments):
        if len(bodies) > 1:
            answers.append(Client(service.url).post("/auth/passkeys/signup", bodies.pop()))
        return insert(*arguments)

    monkeypatch.setattr(registration, "insert", insert_after_the_second)
    assert refusal(Client(service.url).post("/auth/passkeys/signup", bodies[0])) == (409, "conflict")
    assert answers[0].status_code == 201
    assert log_in_with(Person(service, "carol"), passkey).json()["user_id"] == answers[0].json()["user_id"]
    again = create(service, begin(service, emails[0]), Passkey())
    assert Client(service.url).post("/auth/passkeys/signup", again).status_code == 201, "the first left no account"


@SQLITE_ONLY
def test_answer_to_another_ceremony_is_rejected(service, anonymous, alice):
    passkey = Passkey()
    begun = alice.client.post("/users/me/factors/passkeys/options", {"password": alice.password}).json()
    for ceremony in (begun["ceremony"], "x", "~~~.x"):
        body = {"ceremony": ceremony, "credential": passkey.create(begin(service, new_email())["options"])}
        assert refusal(anonymous.post("/auth/passkeys/signup", body)) == REJECTED


@SQLITE_ONLY
def test_answer_comes_too_late(service, anonymous, clock):
    body = create(service, begin(service, new_email()), Passkey())
    clock.shift(301)
    assert refusal(anonymous.post("/auth/passkeys/signup", body)) == REJECTED


@SQLITE_ONLY
def test_options_are_the_same_for_known_and_unknown_addresses(service, alice):
    shown = []
    for email in (alice.email, new_email("alice")):
        options = begin(service, email)["options"]
        assert options["authenticatorSelection"]["userVerification"] == "required"
        (
            options["user"].pop("id"),
            options["user"].pop("name"),
            options["user"].pop("displayName"),
            options.pop("challenge"),
        )
        shown.append(options)
    assert shown[0] == shown[1]


@SQLITE_ONLY
def test_carol_gets_recovery_codes_with_the_factor_after_her_passkey(service):
    """The sign-up came without: an account with a factor and no codes is lost with the device."""
    passkey, email = Passkey(), new_email("carol")
    assert with_passkey(service, email, passkey).by_link().status_code == 200
    carol = Client(service.url, token=log_in_with(Person(service, "carol"), passkey).json()["access_token"])
    begun = carol.post("/users/me/factors/passkeys/options", {}).json()
    body = {"ceremony": begun["ceremony"], "credential": Passkey().create(begun["options"])}
    assert len(carol.post("/users/me/factors/passkeys", body).json()["recovery_codes"]) == 10
    assert carol.get("/users/me/factors").json()["recovery_codes_left"] == 10


@SQLITE_ONLY
@pytest.mark.parametrize("settings", [{"password_optional": False}, {"magic_link": "off"}])
def test_passkey_sign_up_is_off(anonymous, configure, settings):
    configure(**settings)
    body = {"email": new_email(), "ceremony": "x", "credential": {}}
    for path in ("/auth/passkeys/signup/options", "/auth/passkeys/signup"):
        assert refusal(anonymous.post(path, body)) == (404, "not_found")


def test_erased_account_leaves_no_open_sign_up(service, configure):
    asked = with_passkey(service, new_email(), Passkey())
    done = asked.by_link().json()
    assert Client(service.url, token=done["access_token"]).delete("/users/me", {}).status_code == 204
    assert asked.email not in tables.everything()
