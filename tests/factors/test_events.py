"""Each change of factors is one audit event and one email to the owner; and what recovers an account that lost them."""

from collections.abc import Callable

import pytest

import tables
from authenticator import App, Passkey, add_app, add_passkey, first_step, log_in_with, second_step
from credentials import throttling
from databases import SQLITE_ONLY
from operations import cleanup
from people import Client, Person, new_password, refusal, token_in

REMOVED_LATER = 72 * 3600 + 60


def owner(person: Person) -> tuple[Person, App]:
    return person, add_app(person)


def copy_a_passkey(person: Person, _app: App) -> None:
    passkey = add_passkey(person, Passkey(counter=4))
    log_in_with(person, passkey, counter=9)
    log_in_with(person, passkey, counter=2)


def reuse_a_device(person: Person, app: App) -> None:
    device = second_step(person, code=app.at(1), remember_device=True).json()["device_token"]
    body = {"email": person.email, "password": person.password}
    client = Client(person.service.url)
    newer = client.post("/auth/login", body | {"device_token": device}).json()["device_token"]
    client.post("/auth/login", body | {"device_token": newer})
    client.post("/auth/login", body | {"device_token": device})


def remove_a_device(person: Person, app: App) -> None:
    second_step(person, code=app.at(1), remember_device=True)
    (device,) = person.client.get("/users/me/trusted-devices").json()["items"]
    person.client.delete(f"/users/me/trusted-devices/{device['id']}")


def guess(person: Person, app: App) -> None:
    second_step(person, code=app.wrong())
    tables.set_guesses(throttling.of_factors(person.user_id), throttling.CAP - 1)
    second_step(person, code=app.wrong())


def confirm_wrongly(person: Person, app: App) -> None:
    begun = person.client.post("/users/me/factors/totp", {}).json()
    person.client.post(f"/users/me/factors/totp/{begun['id']}/confirm", {"code": app.wrong()})


def rename(person: Person, app: App) -> None:
    person.client.patch(f"/users/me/factors/{app.id}", {"name": "Old phone"})


def secure(person: Person, _app: App) -> None:
    report(person)


def reauthenticate(person: Person, app: App) -> None:
    person.client.post("/auth/reauthenticate", {"password": person.password, "code": app.at(1)})


# What the owner or an attacker does, the event that it records, and what the email to the owner contains, if there is one.
CHANGES: dict[str, tuple[Callable[[Person, App], object], str | None]] = {
    "factor.added": (lambda person, _app: add_passkey(person), "Type: Passkey"),
    "factor.confirmation_failed": (confirm_wrongly, None),
    "factor.renamed": (rename, None),
    "factor.removed": (lambda person, app: person.client.delete(f"/users/me/factors/{app.id}"), "was removed from"),
    "factor.copied": (copy_a_passkey, "may have been copied"),
    "factors.locked": (guess, "a hundred wrong codes"),
    "factors.removal_scheduled": (secure, "are removed in 72 hours"),
    "recovery_code.used": (lambda person, app: second_step(person, recovery_code=app.recovery_codes[0]), "9 codes are"),
    "recovery_codes.replaced": (
        lambda person, _app: person.client.post("/users/me/recovery-codes", {}),
        "new recovery",
    ),
    "trusted_device.removed": (remove_a_device, None),
    "trusted_device.token_reused": (reuse_a_device, "It may have been copied"),
    "user.reauthenticated": (reauthenticate, None),
}
OTHERS = {"factors.reset"}  # below


@SQLITE_ONLY
@pytest.mark.parametrize("action", CHANGES)
def test_change_is_one_event_and_one_email(alice, action):
    person, app = owner(alice)
    change, told = CHANGES[action]
    tables.wait_for_outbox()
    mark, since = alice.service.mailbox.mark(), tables.newest_event()
    change(person, app)
    events = [event for event in tables.events(since, alice.user_id) if event.action == action]
    assert len(events) == 1
    assert not [code for code in (app.secret, *app.recovery_codes) if code in str(events[0].detail)]
    if told:
        email = alice.service.mailbox.wait_for(alice.email, since=mark, containing=told)
        assert not [code for code in (app.secret, *app.recovery_codes) if code in email.as_string()]


@SQLITE_ONLY
def test_administrator_resets_the_factors_of_a_user(alice, root):
    person, app = owner(alice)
    mark, since = alice.service.mailbox.mark(), tables.newest_event()
    listed = root.client.get(f"/admin/users/{alice.user_id}/factors")
    assert [factor["id"] for factor in listed.json()["items"]] == [app.id]
    assert root.client.delete(f"/admin/users/{alice.user_id}/factors").status_code == 204
    assert person.client.get("/users/me").status_code == 401
    (event,) = [event for event in tables.events(since, alice.user_id) if event.action == "factors.reset"]
    assert event.actor_id == root.user_id
    alice.service.mailbox.wait_for(alice.email, since=mark, containing="were removed from your account")
    assert person.log_in().status_code == 200
    assert person.client.get("/users/me/factors").json()["items"] == []


@SQLITE_ONLY
def test_administrator_cannot_reset_a_superuser(amy, root, alice):
    add_app(root)
    try:
        path = f"/admin/users/{root.user_id}/factors"
        assert refusal(amy.client.delete(path)) == (403, "forbidden")
        assert refusal(alice.client.get(path)) == (403, "forbidden")
    finally:
        assert root.client.delete(path).status_code == 204
    assert refusal(amy.client.delete("/admin/users/nobody/factors")) == (404, "not_found")


@SQLITE_ONLY
def test_reset_needs_recent_authentication_with_two_factors_of_an_administrator_who_has_them(amy, alice, clock):
    app = add_app(amy)
    clock.shift(301)
    path = f"/admin/users/{alice.user_id}/factors"
    answer = amy.client.delete(path, {"password": amy.password})
    assert refusal(answer) == (403, "reauthentication_required")
    assert answer.json()["factors"] == ["totp", "recovery_code"]
    assert amy.client.delete(path, {"password": amy.password, "code": app.code()}).status_code == 204


# ------------------------------------------------------------------------------------------- who has the mailbox alone


def report(person: Person, **proof: str):
    """Reset the password, as someone with access to the mailbox can, and report it with the link in the notice."""
    mark = person.service.mailbox.mark()
    person.password = new_password()
    assert person.set_new_password(person.request_reset(), person.password).status_code == 200
    token = token_in(person.service.mailbox.wait_for(person.email, since=mark, containing="/secure-account"))
    return Client(person.service.url).post("/auth/secure-account", {"token": token, **proof})


def test_mailbox_alone_does_not_get_in(alice):
    add_app(alice)
    assert report(alice).status_code == 200
    first_step(alice)


@SQLITE_ONLY
def test_factors_are_removed_after_three_days_without_a_login(alice, clock):
    add_app(alice)
    report(alice)
    clock.shift(REMOVED_LATER - 3600)
    cleanup.run()
    first_step(alice)
    clock.shift(3600)
    cleanup.run()
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
def test_login_with_a_factor_cancels_the_removal(alice, clock):
    app = add_app(alice)
    report(alice)
    assert second_step(alice, code=app.at(1)).status_code == 200
    clock.shift(REMOVED_LATER)
    cleanup.run()
    first_step(alice)


def test_report_with_a_code_removes_the_other_factors_at_once(alice):
    app = add_app(alice)
    add_passkey(alice)
    assert report(alice, code=app.at(1)).status_code == 200
    assert set(first_step(alice)["factors"]) == {"totp"}, "an attacker may have copied the recovery codes"


@SQLITE_ONLY
def test_report_with_a_recovery_code_removes_all_factors(alice):
    app = add_app(alice)
    assert report(alice, recovery_code=app.recovery_codes[0]).status_code == 200
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
def test_report_with_a_wrong_code_changes_nothing_and_keeps_the_link(alice):
    app = add_app(alice)
    mark = alice.service.mailbox.mark()
    alice.set_new_password(alice.request_reset(), new_password())
    token = token_in(alice.service.mailbox.wait_for(alice.email, since=mark, containing="/secure-account"))
    client = Client(alice.service.url)
    wrong = client.post("/auth/secure-account", {"token": token, "code": app.wrong()})
    assert refusal(wrong) == (401, "invalid_code")
    assert client.post("/auth/secure-account", {"token": token, "code": app.at(1)}).status_code == 200


@SQLITE_ONLY
def test_password_reset_lists_the_factors_that_remain(alice):
    add_app(alice)
    mark = alice.service.mailbox.mark()
    alice.set_new_password(alice.request_reset(), new_password())
    email = alice.service.mailbox.wait_for(alice.email, since=mark, containing="/secure-account")
    assert "Authenticator app (“Authenticator app”)" in email.get_body(("plain",)).get_content()


# ------------------------------------------------------------------------------------------------- who owns the account


@SQLITE_ONLY
def test_first_verification_removes_the_factors_of_a_pre_hijacker(service, mallory, configure):
    configure(email_verification="optional")
    assert mallory.sign_up().status_code == 201
    link = token_in(mallory.verification_mail())
    app = add_app(mallory)
    second_step(mallory, code=app.at(1), remember_device=True)
    assert Client(service.url).post("/auth/verify-email", {"token": link}).status_code == 200
    assert mallory.log_in().status_code == 200
    assert mallory.client.get("/users/me/factors").json() == {
        "items": [], "recovery_codes_left": 0, "mfa_required": False,
    }  # fmt: skip


@SQLITE_ONLY
def test_owner_who_verifies_in_the_own_session_keeps_the_factors(bob):
    add_app(bob)
    assert bob.verify_email(token_in(bob.verification_mail())).status_code == 200
    assert len(bob.client.get("/users/me/factors").json()["items"]) == 1


def test_undo_of_an_email_change_removes_the_factors_that_were_added_since(alice, clock):
    phone = add_app(alice)
    clock.shift(60)
    mark, before, after = alice.service.mailbox.mark(), alice.email, f"new-{alice.email}"
    token = alice.client.post("/users/me/email", {"new_email": after})
    assert token.status_code == 202
    confirm = token_in(alice.service.mailbox.wait_for(after, containing="/confirm-email-change"))
    assert alice.verify_email(confirm).status_code == 200
    clock.shift(1)
    add_passkey(alice)
    undo = token_in(alice.service.mailbox.wait_for(before, since=mark, containing="/undo-email-change"))
    assert Client(alice.service.url).post("/auth/undo-email-change", {"token": undo}).status_code == 200
    assert second_step(alice, code=phone.at(1)).status_code == 200
    assert set(first_step(alice)["factors"]) == {"totp", "recovery_code"}
