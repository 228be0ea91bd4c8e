"""Account linking: which account an OAuth login creates, joins, takes over or is denied; linking and unlinking."""

from typing import Any, NamedTuple

import pytest

import tables
from browser import Visitor
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import Client, Person, at_once, new_email, new_password, refusal, statuses, text_of, token_in


def visitor_for(person: Person) -> Visitor:
    """This user's browser, whose scripts send the access token."""
    return Visitor(person.service, person.tokens["access_token"])


def identities_of(person: Person) -> list[str]:
    return [identity["provider"] for identity in person.client.get("/users/me/identities").json()]


class Case(NamedTuple):
    """The state of the account with the email address, whether the provider verified it, and the outcome."""

    account: str
    vouches: bool
    outcome: str


CASES = [
    Case("none", True, "made"),
    Case("none", False, "made"),
    Case("proven", True, "joined"),
    Case("proven", False, "link_required"),
    Case("never proven", True, "claimed"),
    Case("never proven", False, "link_required"),
    Case("never proven, verification off", True, "claimed"),
    Case("never proven, verification off", False, "link_required"),
    Case("proven, another identity there", True, "link_required"),
    Case("proven, another identity there", False, "link_required"),
    Case("never proven, another identity there", True, "claimed"),
    Case("never proven, another identity there", False, "link_required"),
    Case("proven, disabled", True, "account_disabled"),
    Case("never proven, disabled", True, "account_disabled"),
    Case("never proven, disabled", False, "link_required"),
]


def made_ready(person: Person, case: Case, google: Any) -> None:
    if "another identity" in case.account:
        google.new_person(email=person.email, email_verified=case.account.startswith("proven"))
        assert visitor_for(person).link_provider("google").json() == {"linked": "google"}
        tables.wait_for_outbox()
    if "disabled" in case.account:
        tables.disable(person)


@POSTGRESQL_ONLY
@pytest.mark.parametrize(
    "case", CASES, ids=lambda c: f"{c.account}, {'vouched for' if c.vouches else 'not vouched for'}"
)
def test_account_of_an_oauth_login(case, alice, bob, google, visitor, configure, mailbox):
    configure(email_verification="off" if "verification off" in case.account else "optional")
    person = alice if case.account.startswith("proven") else bob
    made_ready(person, case, google)
    mark, hash_before = mailbox.mark(), tables.hash_of(person)
    google.new_person(email=new_email() if case.account == "none" else person.email, email_verified=case.vouches)
    answer = visitor.log_in_with("google")
    if case.outcome == "made":
        assert answer.json()["email"] == google.person["email"]
        assert answer.json()["is_verified"] == case.vouches
        assert identities_of(person) == []
    elif case.outcome in ("joined", "claimed"):
        assert (answer.json()["user_id"], answer.json()["is_verified"]) == (person.user_id, True)
        assert person.is_logged_in() == person.can_log_in_with(person.password) == (case.outcome == "joined")
        subject = {
            "joined": "Google has been linked to your account",
            "claimed": "Your email address has been verified",
        }[case.outcome]
        assert mailbox.wait_for(person.email, containing="Google", since=mark)["Subject"] == subject
        assert visitor.log_in_with("google").json()["user_id"] == person.user_id
    else:
        assert refusal(answer) == (403 if case.outcome == "account_disabled" else 409, case.outcome)
        assert tables.hash_of(person) == hash_before
        assert "disabled" in case.account or person.is_logged_in()


@SQLITE_ONLY
def test_pre_hijacked_account_gives_the_attacker_nothing(service, google, visitor, mallory, configure, mailbox):
    """The whole attack: a password, a session, another provider, and links of every kind, made before Alice arrives."""
    configure(email_verification="optional")
    victim = mallory.email
    mallory.sign_up(username="Alice")
    google.new_person(email=new_email("mallory"))
    assert visitor_for(mallory).link_provider("google").status_code == 200
    his_google = google.person
    links = [token_in(mallory.verification_mail()), mallory.request_email_change(new_email("mallory"))]
    reset = mallory.request_reset()
    google.new_person(email=victim)
    hers = visitor.log_in_with("google").json()
    assert (hers["user_id"], hers["email"], hers["is_verified"]) == (mallory.user_id, victim, True)
    assert not mallory.is_logged_in()
    assert not mallory.can_log_in_with(mallory.password)
    for token in links:
        assert refusal(mallory.verify_email(token)) == (400, "invalid_token")
    assert refusal(mallory.set_new_password(reset, new_password())) == (400, "invalid_token")
    google.person = his_google
    attacker = Visitor(service).log_in_with("google").json()
    assert attacker["user_id"] != hers["user_id"]
    assert Client(service.url, hers["access_token"]).get("/users/me").json()["email"] == victim
    assert "password no longer works" in text_of(mailbox.wait_for(victim, containing="password no longer works"))


@SQLITE_ONLY
def test_provider_linked_before_verification_is_removed_by_a_password_reset(
    service, google, visitor, configure, mailbox
):
    """Mallory claims Alice's email address at a provider that does not verify it.

    She resets the password of that account.
    """
    configure(email_verification="off")
    google.new_person(email_verified=False)
    assert visitor.log_in_with("google").status_code == 200
    alice = Person(service, "alice")
    alice.email = google.person["email"]
    alice.set_new_password(alice.request_reset(), alice.password)
    assert refusal(Visitor(service).log_in_with("google")) == (409, "link_required")
    assert alice.log_in().status_code == 200
    assert identities_of(alice) == []
    assert (
        mailbox.wait_for(alice.email, containing="was unlinked")["Subject"]
        == "Google has been unlinked from your account"
    )
    actions = [event.action for event in tables.events(user_id=alice.user_id)]
    assert actions[-3:] == ["identity.unlinked", "password.reset", "user.logged_in"]


def test_provider_that_verified_the_email_address_survives_a_first_password(service, google, visitor):
    google.new_person()
    came = visitor.log_in_with("google").json()
    alice = Person(service, "alice")
    alice.email = google.person["email"]
    alice.set_new_password(alice.request_reset(), alice.password)
    assert alice.log_in().json()["user_id"] == came["user_id"]
    assert identities_of(alice) == ["google"]


def test_spelling_of_an_email_address_makes_no_other_user(alice, google, visitor):
    google.new_person(email=alice.email.upper())
    assert visitor.log_in_with("google").json()["user_id"] == alice.user_id
    assert alice.me()["email"] == alice.email, "a joined account keeps the spelling that its owner chose"


@SQLITE_ONLY
def test_linked_identity_is_recognized_with_another_email_address_or_none(service, google, visitor):
    google.new_person()
    came = visitor.log_in_with("google").json()
    for email in (new_email(), None, "no address at all"):
        google.new_person(sub=google.person["sub"], email=email)
        again = Visitor(service).log_in_with("google").json()
        assert (again["user_id"], again["email"]) == (came["user_id"], came["email"])


def test_email_address_verified_by_the_provider_is_verified_at_a_later_login_too(google, visitor, configure):
    configure(email_verification="optional")
    google.new_person(email_verified=False)
    assert not visitor.log_in_with("google").json()["is_verified"]
    google.person["email_verified"] = True
    assert visitor.log_in_with("google").json()["is_verified"]


def test_twenty_concurrent_first_logins_create_one_account(service, google):
    google.new_person()
    visitors = [Visitor(service) for _ in range(20)]
    answers = at_once(*(lambda v=v: v.log_in_with("google") for v in visitors))
    assert statuses(answers) == [200] * 20
    assert len({answer.json()["user_id"] for answer in answers}) == 1


def test_concurrent_oauth_login_and_sign_up_create_one_account(service, google, configure):
    configure(email_verification="optional")
    for _ in range(5):
        person = Person(service, "alice")
        google.new_person(email=person.email)
        signed_up, came = at_once(person.sign_up, lambda: Visitor(service).log_in_with("google"))
        assert signed_up.status_code in (201, 409)
        assert came.status_code == 200
        assert not person.can_log_in_with(person.password), "only the provider verified it"


# ------------------------------------------------------------------------------------------------ linking and unlinking


@SQLITE_ONLY
def test_linking_google_notifies_the_owner(alice, google, mailbox):
    google.new_person(email=new_email("elsewhere"), email_verified=False)
    assert visitor_for(alice).link_provider("google").json() == {"linked": "google"}
    assert (
        mailbox.wait_for(alice.email, containing="linked to your account")["Subject"]
        == "Google has been linked to your account"
    )
    (identity,) = alice.client.get("/users/me/identities").json()
    assert (identity["provider"], identity["email"]) == ("google", google.person["email"])
    assert Visitor(alice.service).log_in_with("google").json()["user_id"] == alice.user_id
    assert alice.is_logged_in()
    assert alice.can_log_in_with(alice.password)


def test_linking_redirects_to_the_page_that_started_it(alice, google):
    answer = visitor_for(alice).link_provider("google", redirect_to="http://localhost:3000/settings?tab=logins")
    assert answer.headers["location"] == "http://localhost:3000/settings?tab=logins&linked=google"


@SQLITE_ONLY
def test_linking_twice_changes_nothing(alice, google, mailbox):
    assert visitor_for(alice).link_provider("google").status_code == 200
    mailbox.wait_for(alice.email, containing="linked to your account")
    mark = mailbox.mark()
    assert visitor_for(alice).link_provider("google").json() == {"linked": "google"}
    assert identities_of(alice) == ["google"]
    assert tables.no_email_follows(mailbox, alice.email, since=mark)


@SQLITE_ONLY
def test_identity_belongs_to_one_account(alice, bob, google):
    assert visitor_for(alice).link_provider("google").status_code == 200
    assert refusal(visitor_for(bob).link_provider("google")) == (409, "conflict")
    google.new_person()
    assert refusal(visitor_for(alice).link_provider("google")) == (409, "conflict")
    assert (identities_of(alice), identities_of(bob)) == (["google"], [])


@SQLITE_ONLY
def test_linking_requires_reauthentication(alice, google, clock):
    clock.shift(6 * 60)
    asked = visitor_for(alice)
    assert refusal(asked.link_provider("google")) == (403, "reauthentication_required")
    assert refusal(asked.link_provider("google", {"password": "not hers"})) == (403, "reauthentication_required")
    assert asked.link_provider("google", {"password": alice.password}).json() == {"linked": "google"}


@SQLITE_ONLY
def test_linking_requires_a_session(google, visitor):
    assert refusal(visitor.link_provider("google")) == (401, "not_authenticated")


@SQLITE_ONLY
@pytest.mark.parametrize("ends", ["logs out", "is disabled", "deletes the account"])
def test_linking_ends_with_the_session_that_started_it(alice, google, ends):
    browser = visitor_for(alice)
    url = f"{alice.service.url}/oauth/google/link"
    asked = browser.fetch("POST", url, headers={"Authorization": f"Bearer {browser.token}"}, frontend=browser.frontend)
    if ends == "logs out":
        alice.client.post("/auth/logout")
    elif ends == "is disabled":
        tables.disable(alice)
    else:
        alice.client.delete("/users/me", {"password": alice.password})
    assert refusal(browser.follow(asked.json()["authorization_url"])) == (400, "oauth_error")
    assert google.person["sub"] not in tables.everything()


@SQLITE_ONLY
def test_linking_a_verified_email_address_verifies_it_and_ends_other_sessions(bob, google):
    phone = bob.other_device()
    google.new_person(email=bob.email)
    assert visitor_for(bob).link_provider("google").status_code == 200
    assert bob.me()["is_verified"]
    assert bob.is_logged_in()
    assert not phone.is_logged_in()
    assert bob.can_log_in_with(bob.password)


@SQLITE_ONLY
def test_linking_started_by_another_user_cannot_be_finished_in_this_browser(alice, mallory, google):
    """Mallory starts linking and sends Alice the URL: her Google identity must not be linked to his account."""
    mallory.sign_up()
    his = visitor_for(mallory)
    url = f"{mallory.service.url}/oauth/google/link"
    asked = his.fetch("POST", url, headers={"Authorization": f"Bearer {his.token}"}, frontend=his.frontend)
    hers = Visitor(alice.service)
    assert refusal(hers.follow(asked.json()["authorization_url"])) == (400, "oauth_error")
    assert identities_of(mallory) == []


# ------------------------------------------------------------------------------------------------------------- unlinking


@SQLITE_ONLY
def test_unlinking_notifies_the_owner(alice, google, mailbox):
    assert visitor_for(alice).link_provider("google").status_code == 200
    assert alice.client.delete("/users/me/identities/google", {"password": alice.password}).status_code == 204
    assert (
        mailbox.wait_for(alice.email, containing="was unlinked")["Subject"]
        == "Google has been unlinked from your account"
    )
    assert identities_of(alice) == []
    assert refusal(alice.client.delete("/users/me/identities/google")) == (404, "not_found")


@SQLITE_ONLY
def test_disabled_provider_can_be_unlinked_by_its_name(alice, sign_in_with, configure, mailbox):
    sign_in_with("github")
    assert visitor_for(alice).link_provider("github").status_code == 200
    configure(github_client_id="")
    assert alice.client.delete("/users/me/identities/github").status_code == 204
    assert (
        mailbox.wait_for(alice.email, containing="was unlinked")["Subject"]
        == "GitHub has been unlinked from your account"
    )


@SQLITE_ONLY
def test_last_login_method_cannot_be_unlinked(service, google, visitor):
    google.new_person()
    came = visitor.log_in_with("google").json()
    client = Client(service.url, came["access_token"])
    tables.as_if_just_authenticated()
    assert refusal(client.delete("/users/me/identities/google")) == (409, "last_credential")
    assert Visitor(service).log_in_with("google").status_code == 200


def test_of_two_providers_unlinked_concurrently_one_stays(service, sign_in_with, visitor):
    google, github = sign_in_with("google"), sign_in_with("github")
    google.new_person()
    visitor.token = visitor.log_in_with("google").json()["access_token"]
    tables.as_if_just_authenticated()
    github.new_person(email=google.person["email"])
    assert visitor.link_provider("github").json() == {"linked": "github"}
    client = Client(service.url, visitor.token)
    calls = [lambda name=name: client.delete(f"/users/me/identities/{name}") for name in ("google", "github")]
    assert statuses(at_once(*calls)) == [204, 409]
    assert len(client.get("/users/me/identities").json()) == 1


@SQLITE_ONLY
def test_unlinking_requires_reauthentication(alice, google, clock):
    assert visitor_for(alice).link_provider("google").status_code == 200
    clock.shift(6 * 60)
    assert refusal(alice.client.delete("/users/me/identities/google")) == (403, "reauthentication_required")
    body = {"password": alice.password}
    assert alice.client.delete("/users/me/identities/google", body).status_code == 204


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["facebook", "nobody", "%00", "%2e%2e%2f", "Google", "x" * 400])
def test_unlinking_a_provider_that_is_not_linked_causes_no_5xx(alice, name):
    assert alice.client.delete(f"/users/me/identities/{name}").status_code in (404, 405, 422)


@SQLITE_ONLY
def test_deleting_an_account_deletes_its_identities(service, google, visitor):
    google.new_person()
    visitor.token = visitor.log_in_with("google").json()["access_token"]
    tables.as_if_just_authenticated()
    assert Client(service.url, visitor.token).delete("/users/me").status_code == 204
    assert google.person["sub"] not in tables.everything()
    assert Visitor(service).log_in_with("google").status_code == 200


@SQLITE_ONLY
def test_identities_of_other_users_are_not_accessible(alice, bob, google):
    assert visitor_for(alice).link_provider("google").status_code == 200
    assert identities_of(bob) == []
    assert refusal(bob.client.delete("/users/me/identities/google")) == (404, "not_found")
    assert identities_of(alice) == ["google"]
