"""Re-authentication of administrators for sensitive changes, and notices about new superusers and changes."""

import pytest

import tables
from databases import SQLITE_ONLY
from people import Person, link_in, new_email, new_password, refusal, text_of, token_in, with_roles
from settings.loading import settings

MINUTE = 60
DENIED = (403, "reauthentication_required")

ACTS = {
    "an address": lambda admin, at, **body: admin.client.patch(at, {"email": new_email(), **body}),
    "no verification": lambda admin, at, **body: admin.client.patch(at, {"is_verified": False, **body}),
    "roles": lambda admin, at, **body: admin.client.put(f"{at}/roles", {"roles": ["user"], **body}),
    "a reset": lambda admin, at, **body: admin.client.post(f"{at}/reset-password", body or None),
    "an end": lambda admin, at, **body: admin.client.delete(at, body or None),
}


def at(person):
    return f"/admin/users/{person.user_id}"


@SQLITE_ONLY
@pytest.mark.parametrize("act", ACTS)
def test_sensitive_changes_require_the_password_after_five_minutes(root, alice, clock, act):
    clock.shift(6 * MINUTE)
    assert refusal(ACTS[act](root, at(alice))) == DENIED
    assert refusal(ACTS[act](root, at(alice), password="not the password")) == DENIED
    assert alice.log_in().status_code == 200
    assert ACTS[act](root, at(alice), password=root.password).is_success


@SQLITE_ONLY
def test_role_change_requires_the_password_after_five_minutes(root, clock):
    assert root.client.post("/admin/roles", {"name": "watcher", "permissions": ["users:read"]}).status_code == 201
    clock.shift(6 * MINUTE)
    wider = {"permissions": ["users:read", "users:write"]}
    assert refusal(root.client.patch("/admin/roles/watcher", wider)) == DENIED
    assert root.client.get("/admin/roles/watcher").json()["permissions"] == ["users:read"]
    assert root.client.patch("/admin/roles/watcher", {**wider, "password": root.password}).status_code == 200
    assert root.client.delete("/admin/roles/watcher").is_success


@SQLITE_ONLY
def test_other_changes_do_not_require_the_password(root, alice, clock):
    clock.shift(6 * MINUTE)
    for body in ({"username": "Alicia"}, {"is_active": False}, {"is_active": True}):
        assert root.client.patch(at(alice), body).status_code == 200


@SQLITE_ONLY
def test_every_superuser_is_notified_of_a_new_superuser(root, alice, mailbox):
    tables.forget_outbox()
    mark = mailbox.mark()
    assert root.client.put(f"{at(alice)}/roles", {"roles": ["user", "superuser"]}).status_code == 200
    for person in (root, alice):
        mail = mailbox.wait_for(person.email, since=mark, containing="superuser")
        assert mail["subject"] == "A new superuser was added" and alice.email in text_of(mail)
    mark = mailbox.mark()
    assert root.client.put(f"{at(alice)}/roles", {"roles": ["superuser"]}).status_code == 200  # it was one before
    tables.wait_for_outbox()
    assert mailbox.all_to(root.email, since=mark) == []
    assert root.client.put(f"{at(alice)}/roles", {"roles": ["user"]}).status_code == 200


def test_every_superuser_is_notified_if_a_role_inherits_superuser(service, root, bob, mailbox):
    assert root.client.post("/admin/roles", {"name": "heir", "permissions": ["users:read"]}).status_code == 201
    olga = with_roles(service, root, "olga", "heir")
    tables.mark_email_verified(olga)
    tables.forget_outbox()
    mark = mailbox.mark()
    assert root.client.patch("/admin/roles/heir", {"inherits": ["superuser"]}).status_code == 200
    for person in (root, olga):
        assert olga.email in text_of(mailbox.wait_for(person.email, since=mark, containing="superuser"))
    tables.mark_email_verified(bob)
    assert root.client.put(f"{at(bob)}/roles", {"roles": ["superuser"]}).status_code == 200
    mailbox.wait_for(olga.email, since=mark, containing=bob.email)  # who inherits it hears of others too
    for person in (olga, bob):
        assert root.client.put(f"{at(person)}/roles", {"roles": ["user"]}).status_code == 200
    assert root.client.delete("/admin/roles/heir").status_code == 204


class TestAddressesSetByAnAdministrator:
    """They give access to no account until their owner has verified them."""

    @SQLITE_ONLY
    def test_reset_sends_a_verification_link_until_the_address_is_verified(self, root, alice, mailbox, configure):
        configure(email_verification="optional")
        new, mark = new_email("alice-new"), mailbox.mark()
        assert root.client.patch(at(alice), {"email": new}).status_code == 200
        assert "/verify-email" in link_in(mailbox.wait_for(new, since=mark))
        for ask in (
            lambda: root.client.post(f"{at(alice)}/reset-password"),
            lambda: alice.client.post("/auth/reset-password/request", {"email": new}),
        ):
            mark = mailbox.mark()
            assert ask().status_code == 202
            mail = mailbox.wait_for(new, since=mark)
            assert "/verify-email" in link_in(mail) and "/reset-password" not in text_of(mail)
        assert alice.verify_email(token_in(mail)).status_code == 200
        alice.email = new
        token = alice.request_reset()
        assert alice.set_new_password(token, new_password()).status_code == 200

    def test_owner_of_the_verified_address_can_undo_the_change(self, root, amy, alice, mailbox, configure):
        """Amy sets her own address twice, verifies it, and resets the password. Alice undoes all of this."""
        configure(email_verification="optional")
        mark, evil = mailbox.mark(), Person(alice.service, "evil")
        for address in (new_email("first"), evil.email):
            change = {"email": address, "password": amy.password, "is_verified": True}
            assert amy.client.patch(at(alice), change).status_code == 200
        undo = token_in(mailbox.wait_for(alice.email, "/undo-email-change", since=mark), "/undo-email-change")
        assert amy.client.patch(at(alice), {"is_verified": False, "password": amy.password}).status_code == 200
        evil.client.post("/auth/resend-verification", {"email": evil.email})
        assert evil.verify_email(token_in(mailbox.wait_for(evil.email, "/verify-email", since=mark))).status_code == 200
        assert evil.set_new_password(evil.request_reset(), evil.password).status_code == 200
        assert evil.log_in().status_code == 200
        assert amy.client.patch(at(alice), {"email": new_email("third"), "password": amy.password}).status_code == 200
        answer = evil.client.post("/auth/undo-email-change", {"token": undo})
        assert (answer.json()["email"], answer.json()["is_verified"]) == (alice.email, True)
        assert not evil.is_logged_in()
        assert alice.set_new_password(alice.request_reset(), alice.password).status_code == 200
        assert alice.log_in().status_code == 200
        assert not alice.can_log_in_with(evil.password)

    def test_account_without_a_password_gets_no_invitation_at_the_new_address(self, root, alice, mailbox, configure):
        """Such as one whose password was removed when its owner undid a change."""
        configure(email_verification="optional")
        tables.store_hash(alice, None)
        new, mark = new_email("evil"), mailbox.mark()
        assert root.client.patch(at(alice), {"email": new}).status_code == 200
        assert root.client.post(f"{at(alice)}/reset-password").status_code == 202
        assert tables.no_email_follows(mailbox, new, "/accept-invitation", since=mark)
        assert not tables.no_email_follows(mailbox, new, "/verify-email", since=mark)
        mailbox.wait_for(alice.email, "/undo-email-change", since=mark)

    @SQLITE_ONLY
    def test_unverified_old_address_cannot_undo_the_change(self, root, bob, mailbox):
        assert root.client.patch(at(bob), {"email": new_email()}).status_code == 200
        assert tables.no_email_follows(mailbox, bob.email, "/undo-email-change")


class TestAnAccountThatAnAdministratorUnmarks:
    """Its owner still gets all notices: otherwise an attacker could suppress them before a takeover."""

    @pytest.fixture
    def unmarked(self, root, alice, mailbox, configure):
        configure(email_verification="optional")
        tables.forget_outbox()
        mark = mailbox.mark()
        assert root.client.patch(at(alice), {"is_verified": False}).json()["is_verified"] is False
        assert "not verified" in text_of(mailbox.wait_for(alice.email, "administrator", since=mark))
        return alice

    @SQLITE_ONLY
    def test_old_address_is_notified_of_a_new_address(self, root, unmarked, mailbox):
        mark, new = mailbox.mark(), new_email("evil")
        assert root.client.patch(at(unmarked), {"email": new}).status_code == 200
        mailbox.wait_for(unmarked.email, new, since=mark)

    @SQLITE_ONLY
    def test_owner_is_notified_of_a_new_password_even_if_marked_as_verified_again(self, root, unmarked, mailbox):
        for marked in (False, True):
            root.client.patch(at(unmarked), {"is_verified": marked})
            mark, new = mailbox.mark(), new_password()
            assert unmarked.change_password(new).status_code == 200
            unmarked.password = new
            mailbox.wait_for(unmarked.email, "password of your account was changed", since=mark)

    @SQLITE_ONLY
    def test_unverified_email_address_gets_no_notice(self, root, unmarked, mailbox):
        """The owner never verified this address."""
        new, newer = new_email("new"), new_email("newer")
        for address in (new, newer):
            assert root.client.patch(at(unmarked), {"email": address}).status_code == 200
        assert root.client.patch(at(unmarked), {"is_verified": False}).status_code == 200
        assert tables.no_email_follows(mailbox, new, newer)

    @SQLITE_ONLY
    def test_unmarked_superuser_is_notified_of_a_new_superuser(self, root, unmarked, bob, mailbox):
        people = (unmarked, bob)
        for person in people:
            mark = mailbox.mark()
            assert root.client.put(f"{at(person)}/roles", {"roles": ["superuser"]}).status_code == 200
        mailbox.wait_for(unmarked.email, bob.email, since=mark)
        for person in people:
            assert root.client.put(f"{at(person)}/roles", {"roles": ["user"]}).status_code == 200


@SQLITE_ONLY
def test_last_superuser_who_may_log_in_cannot_be_removed(root, alice, bob, configure):
    """With EMAIL_VERIFICATION=required a superuser who is not verified cannot log in."""
    with tables.superusers(settings.superuser_user_id, alice, bob):
        configure(email_verification="required")  # Bob has not verified his address
        for body in ({"is_verified": False}, {"is_active": False}):
            assert refusal(alice.client.patch(at(alice), body)) == (409, "last_superuser")
        assert refusal(alice.client.put(f"{at(alice)}/roles", {"roles": ["user"]})) == (409, "last_superuser")
        assert alice.client.patch(at(bob), {"is_verified": True}).status_code == 200
        assert alice.client.patch(at(alice), {"is_verified": False}).status_code == 200


@SQLITE_ONLY
def test_response_contains_only_the_changes_without_the_permission_to_read(service, root, alice):
    assert root.client.post("/admin/roles", {"name": "blind", "permissions": ["users:write"]}).status_code == 201
    olga = with_roles(service, root, "olga", "blind")
    assert olga.client.patch(at(alice), {"username": "Alicia"}).json() == {
        "user_id": alice.user_id,
        "username": "Alicia",
    }
    nothing = {"email": None, "username": None, "is_active": None, "is_verified": None}
    assert olga.client.patch(at(alice), nothing).json() == {"user_id": alice.user_id}
    assert olga.client.put(f"{at(alice)}/roles", {"roles": ["user"]}).json() == {
        "user_id": alice.user_id,
        "roles": ["user"],
    }
    assert refusal(olga.client.get(at(alice))) == (403, "forbidden")
    root.client.put(f"{at(olga)}/roles", {"roles": ["user"]})
    assert root.client.delete("/admin/roles/blind").is_success
