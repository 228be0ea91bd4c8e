"""Account administration, privilege rules, and protection of the last superuser."""

import secrets
import urllib.parse

import pytest

import database
import tables
from authorization import roles
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import (
    Client,
    Person,
    at_once,
    link_in,
    new_email,
    new_password,
    refusal,
    statuses,
    token_in,
    with_roles,
)
from settings.loading import settings

FORBIDDEN, UNKNOWN, INVALID = (403, "forbidden"), (404, "not_found"), (422, "validation_error")
LAST, OUT = (409, "last_superuser"), (401, "not_authenticated")


def at(person):
    return f"/admin/users/{person.user_id}"


def patch(admin, person, **body):
    return admin.client.patch(at(person), body)


def assign_roles(admin, person, *names):
    return admin.client.put(f"{at(person)}/roles", {"roles": list(names)})


def actions(person, since=0):
    return [event.action for event in tables.events(since=since, user_id=person.user_id)]


# ------------------------------------------------------------------------------------------------------------ invitations


@pytest.fixture
def invited(amy, mailbox):
    """A user invited by Amy, and the token of the invitation."""
    person = Person(amy.service, "ivan")
    person.tokens = amy.client.post("/admin/users", {"email": person.email, "username": "Ivan"}).json()
    return person, mailbox.wait_for(person.email, containing="/accept-invitation")


@SQLITE_ONLY
def test_invited_user_chooses_a_password(invited):
    ivan, mail = invited
    assert mail["subject"] == f"You have been invited to {settings.app_name}"
    link = urllib.parse.urlsplit(link_in(mail))
    assert (f"{link.scheme}://{link.netloc}", link.path) == (settings.frontend_base_url, "/accept-invitation")
    assert ivan.tokens["roles"] == ["user"]
    assert ivan.set_new_password(token_in(mail), "princess").status_code == 422
    assert ivan.set_new_password(token_in(mail), ivan.password).status_code == 200
    assert ivan.log_in().status_code == 200
    assert ivan.me()["is_verified"] is True
    assert refusal(ivan.set_new_password(token_in(mail), new_password())) == (400, "invalid_token")


def test_invitation_token_has_one_purpose_and_expires(invited, clock):
    ivan, mail = invited
    for path in ("/auth/verify-email", "/auth/disown"):
        answer = Client(ivan.service.url).post(path, {"token": token_in(mail)})
        assert refusal(answer) == (400, "invalid_token")
    clock.shift(settings.invitation_ttl_hours * 3600 + 1)
    assert refusal(ivan.set_new_password(token_in(mail), ivan.password)) == (400, "invalid_token")
    assert not ivan.can_log_in_with(ivan.password)
    assert ivan.set_new_password(ivan.request_reset(), ivan.password).status_code == 200


@SQLITE_ONLY
def test_invitation_verifies_nothing_until_it_is_accepted(amy, configure):
    configure(email_verification="required")
    person = Person(amy.service, "ivan")
    answer = amy.client.post("/admin/users", {"email": person.email, "roles": ["superuser"], "is_verified": True})
    assert (answer.json()["is_verified"], answer.json()["roles"]) == (False, ["user"])
    assert answer.json()["username"] == person.email.partition("@")[0]


@SQLITE_ONLY
@pytest.mark.parametrize("spelling", [str, str.upper])
def test_registered_email_address_cannot_be_invited(amy, alice, mailbox, spelling):
    mark = mailbox.mark()
    assert refusal(amy.client.post("/admin/users", {"email": spelling(alice.email)})) == (409, "email_taken")
    assert tables.no_email_follows(mailbox, alice.email, since=mark)


def test_corrected_email_address_gets_a_new_invitation(amy, invited, mailbox):
    ivan, mail = invited
    wrong, mark = ivan.email, mailbox.mark()
    ivan.email = new_email("ivan-right")
    assert patch(amy, ivan, email=ivan.email).json()["email"] == ivan.email
    right = mailbox.wait_for(ivan.email, since=mark)
    assert right["subject"] == f"You have been invited to {settings.app_name}"
    tables.wait_for_outbox()
    assert mailbox.all_to(wrong, since=mark) == []  # it was never verified, so it gets no notice
    assert refusal(ivan.set_new_password(token_in(mail), ivan.password)) == (400, "invalid_token")
    assert ivan.set_new_password(token_in(right), ivan.password).status_code == 200
    assert ivan.log_in().status_code == 200


# ----------------------------------------------------------------------------------------------------------------- change


@SQLITE_ONLY
def test_account_can_be_read_and_renamed(amy, alice):
    assert amy.client.get(at(alice)).json() == alice.managed()
    assert patch(amy, alice, username="Alicia").json() == alice.managed()
    assert alice.me()["username"] == "Alicia"
    before = alice.me()
    assert patch(amy, alice, user_id="x", id=1, roles=["superuser"], password="a password of mine").status_code == 200
    assert patch(amy, alice, username="Alicia", is_active=True).status_code == 200
    assert alice.me() == before
    assert alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_disabled_account_loses_access_until_it_is_enabled(amy, alice):
    link, mark = alice.request_reset(), tables.newest_event()
    assert patch(amy, alice, is_active=False).json()["is_active"] is False
    assert not alice.is_logged_in()
    assert refusal(alice.set_new_password(link, new_password())) == (400, "invalid_token")
    assert refusal(alice.log_in()) == (403, "account_disabled")
    assert patch(amy, alice, is_active=True).status_code == 200
    assert alice.log_in().status_code == 200
    assert actions(alice, mark) == ["user.disabled", "user.login_failed", "user.enabled", "user.logged_in"]


@SQLITE_ONLY
def test_new_email_address_ends_sessions_and_links_and_notifies_the_old_address(amy, alice, mailbox):
    link, phone, new, mark = alice.request_reset(), alice.other_device(), new_email("alice-new"), mailbox.mark()
    assert patch(amy, alice, email=new).json()["email"] == new
    assert not phone.is_logged_in()
    assert refusal(alice.set_new_password(link, new_password())) == (400, "invalid_token")
    assert mailbox.wait_for(alice.email, since=mark)["subject"] == "Your email address has changed"
    tables.wait_for_outbox()
    assert mailbox.all_to(new, containing="changed from", since=mark) == []  # it is not verified yet
    assert alice.can_log_in_with(alice.password, email=new)
    assert not alice.can_log_in_with(alice.password)


def test_another_spelling_of_the_email_address_keeps_sessions(amy, alice):
    assert patch(amy, alice, email=alice.email.upper()).json()["email"] == alice.email.upper()
    assert alice.is_logged_in()
    assert alice.me()["is_verified"]


@SQLITE_ONLY
def test_own_email_address_cannot_be_changed_without_reauthentication(root, amy):
    for person in (amy, root):
        before = person.me()
        for address in (new_email(), person.email.upper()):
            assert refusal(patch(person, person, username="X", email=address)) == FORBIDDEN
        assert person.me() == before
        assert patch(person, person, username=person.name, email=before["email"]).status_code == 200


@SQLITE_ONLY
def test_email_address_set_by_an_administrator_is_not_verified(amy, alice, configure, mailbox):
    configure(email_verification="required")
    new = new_email("alice-new")
    assert patch(amy, alice, email=new).json()["is_verified"] is False
    assert refusal(alice.log_in(email=new)) == (403, "email_not_verified")
    assert alice.verify_email(token_in(mailbox.wait_for(new, containing="/verify-email"))).status_code == 200
    assert alice.log_in(email=new).status_code == 200


@SQLITE_ONLY
def test_marking_an_account_verified_does_not_verify_its_email_address(amy, configure, mailbox):
    configure(email_verification="required")
    stranger = Person(amy.service, "stranger")
    stranger.sign_up()
    stranger.tokens = amy.client.get("/admin/users", params={"query": stranger.email}).json()["items"][0]
    assert patch(amy, stranger, is_verified=True).json()["is_verified"] is True
    assert stranger.log_in().status_code == 200
    mark = mailbox.mark()
    Person(amy.service, "owner").sign_up(email=stranger.email)
    assert (
        mailbox.wait_for(stranger.email, since=mark, containing="/reset-password")["subject"]
        == f"Finish signing up for {settings.app_name}"
    )


@SQLITE_ONLY
def test_unmarking_an_account_removes_the_verification(amy, alice, configure):
    configure(email_verification="required")
    assert patch(amy, alice, is_verified=False).json()["is_verified"] is False
    assert refusal(alice.log_in()) == (403, "email_not_verified")
    assert patch(amy, alice, is_verified=True).status_code == 200
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
def test_registered_email_address_is_rejected_with_the_whole_request(amy, alice, bob):
    before = alice.me()
    assert refusal(patch(amy, alice, username="X", email=bob.email.upper())) == (409, "email_taken")
    assert alice.me() == before


@SQLITE_ONLY
@pytest.mark.parametrize(
    "body", [{"email": "x"}, {"email": "a\0@example.com"}, {"username": ""}, {"username": "x" * 65}, {"is_active": "maybe"},
             {"is_verified": 1}, []], ids=str
)  # fmt: skip
def test_invalid_change_is_rejected(amy, alice, body):
    mark = tables.newest_event()
    assert refusal(amy.client.patch(at(alice), body)) == INVALID
    assert tables.events(since=mark) == []


@SQLITE_ONLY
def test_administrator_can_log_a_user_out_and_send_a_reset(amy, alice, mailbox):
    phone, mark = alice.other_device(), mailbox.mark()
    assert amy.client.post(f"{at(alice)}/logout").status_code == 204
    assert not alice.is_logged_in()
    assert not phone.is_logged_in()
    answer = amy.client.post(f"{at(alice)}/reset-password")
    token = token_in(mailbox.wait_for(alice.email, since=mark, containing="/reset-password"))
    assert (answer.status_code, token in answer.text) == (202, False)
    assert alice.set_new_password(token, new := new_password()).status_code == 200
    assert alice.can_log_in_with(new)


@SQLITE_ONLY
def test_invitation_reset_and_logout_do_not_wait_for_role_changes(amy, alice):
    if database.engine.dialect.name == "sqlite":
        pytest.skip("on SQLite all that write wait for each other")
    with database.transaction() as db, roles.serialized(db):
        assert amy.client.post("/admin/users", {"email": new_email()}).status_code == 201
        assert amy.client.post(f"{at(alice)}/reset-password").status_code == 202
        assert amy.client.post(f"{at(alice)}/logout").status_code == 204


def test_logout_sees_a_concurrent_promotion(root, amy, alice):
    """Either the logout succeeds before the promotion, or it is rejected after it."""
    for _ in range(8):
        mark = tables.newest_event()
        promoted, logged_out = at_once(
            lambda: assign_roles(root, alice, "superuser"), lambda: amy.client.post(f"{at(alice)}/logout")
        )
        assert (promoted.status_code, logged_out.status_code) in ((200, 204), (200, 403))
        first = ["user.logged_out_everywhere"] if logged_out.status_code == 204 else []
        assert actions(alice, mark) == [*first, "user.roles_changed"]
        assign_roles(root, alice, "user")


@SQLITE_ONLY
def test_disabled_account_gets_no_reset_email(amy, alice, mailbox):
    patch(amy, alice, is_active=False)
    mark = mailbox.mark()
    answer = amy.client.post(f"{at(alice)}/reset-password")
    assert (answer.status_code, answer.json()["message"]) == (202, "The account is disabled. No email was sent.")
    assert tables.no_email_follows(mailbox, alice.email, since=mark)


@POSTGRESQL_ONLY
def test_deletion_is_audited_with_its_actor(amy, alice):
    assert amy.client.delete(at(alice)).status_code == 204
    assert not alice.is_logged_in()
    assert alice.email not in tables.everything()
    assert refusal(amy.client.get(at(alice))) == refusal(amy.client.delete(at(alice))) == UNKNOWN
    *before, last = tables.events(user_id=alice.user_id)
    assert (last.action, last.actor_id, last.user_agent) == ("user.deleted", amy.user_id, "Amy's browser")
    assert {(event.ip, event.user_agent) for event in before} == {(None, None)}


@SQLITE_ONLY
def test_unknown_user_is_not_found(amy):
    for odd in ["no-such-user", "0", "-1", "9" * 30, "%00", "%ED%A0%80", "' OR 1=1--", "x" * 3000]:
        for method, path, body in (
            ("GET", "", None), ("PATCH", "", {"username": "X"}), ("DELETE", "", None), ("PUT", "/roles", {"roles": []}),
            ("POST", "/logout", None), ("POST", "/reset-password", None),
        ):  # fmt: skip
            assert refusal(amy.client._request(method, f"/admin/users/{odd}{path}", body)) in (UNKNOWN, INVALID)


# ------------------------------------------------------------------------------------------------------- privilege rules


CHANGES = {
    "rename": lambda admin, person: patch(admin, person, username="Evil"),
    "disable": lambda admin, person: patch(admin, person, is_active=False),
    "move": lambda admin, person: patch(admin, person, email=new_email()),
    "demote": lambda admin, person: assign_roles(admin, person, "user"),
    "log out": lambda admin, person: admin.client.post(f"{at(person)}/logout"),
    "send a reset": lambda admin, person: admin.client.post(f"{at(person)}/reset-password"),
    "delete": lambda admin, person: admin.client.delete(at(person)),
}


@SQLITE_ONLY
@pytest.mark.parametrize("act", CHANGES.values(), ids=CHANGES)
def test_more_privileged_account_cannot_be_changed(service, root, amy, act):
    strong = f"r{secrets.token_hex(5)}"
    root.client.post("/admin/roles", {"name": strong, "permissions": ["roles:write"]})
    above = with_roles(service, root, "ada", "user", strong)
    mark = tables.newest_event()
    for higher in (root, above):
        before = higher.me()
        assert refusal(act(amy, higher)) == FORBIDDEN
        assert higher.me() == before
    assert tables.events(since=mark) == []


@SQLITE_ONLY
@pytest.mark.parametrize("act", CHANGES.values(), ids=CHANGES)
def test_equally_privileged_account_can_be_changed(service, root, amy, act):
    assert act(amy, with_roles(service, root, "ann", "user", "admin")).status_code in (200, 202, 204)


@SQLITE_ONLY
def test_permissions_that_the_actor_lacks_cannot_be_assigned(root, amy, alice):
    for person in (amy, alice):
        for names in (["superuser"], ["user", "admin", "superuser"]):
            assert refusal(assign_roles(amy, person, *names)) == FORBIDDEN
    assert assign_roles(amy, alice, "user", "admin").json()["roles"] == ["admin", "user"]
    assert assign_roles(amy, alice).json()["roles"] == []
    assert assign_roles(root, alice, "superuser", "user").json()["roles"] == ["superuser", "user"]


@SQLITE_ONLY
def test_unknown_role_cannot_be_assigned(amy, alice):
    for names in ([f"r{secrets.token_hex(5)}"], ["User"], [1], [None], "admin"):
        assert refusal(amy.client.put(f"{at(alice)}/roles", {"roles": names})) == INVALID
    assert alice.me()["roles"] == ["user"]


@SQLITE_ONLY
def test_demoted_administrator_loses_access_immediately(service, root, alice):
    """Demotion and change are concurrent: the change either happens before the demotion, or is rejected."""
    for _ in range(6):
        anna, mark = with_roles(service, root, "anna", "user", "admin"), tables.newest_event()
        at_once(
            lambda a=anna: assign_roles(root, a, "user"), lambda a=anna: assign_roles(a, alice, "user", "admin"),
            lambda a=anna: patch(a, alice, username=secrets.token_hex(4)),
        )  # fmt: skip
        order = [(event.action, event.actor_id) for event in tables.events(since=mark)]
        demoted = order.index(("user.roles_changed", root.user_id))
        assert anna.user_id not in [actor for _, actor in order[demoted:]]
        assign_roles(root, alice, "user")


def test_concurrent_role_assignments_are_not_mixed(root, amy, alice):
    for _ in range(5):
        at_once(lambda: assign_roles(root, alice, "user", "admin"), lambda: assign_roles(amy, alice))
        assert alice.me()["roles"] in ([], ["admin", "user"])


# ----------------------------------------------------------------------------------------------------- the last superuser


REMOVALS = {
    "disable": lambda admin, person: patch(admin, person, is_active=False),
    "demote": lambda admin, person: assign_roles(admin, person, "user"),
    "take everything": assign_roles,
    "delete": lambda admin, person: admin.client.delete(at(person)),
    "delete themselves": lambda admin, person: person.client.delete("/users/me", {"password": person.password}),
}


@SQLITE_ONLY
@pytest.mark.parametrize("remove", REMOVALS.values(), ids=REMOVALS)
def test_last_active_superuser_cannot_be_removed(root, alice, remove):
    with tables.superusers(root.user_id, alice):
        before = alice.me()
        assert refusal(remove(alice, alice)) == LAST
        assert alice.me() == before
        assert patch(alice, alice, username="Alicia").status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("remove", REMOVALS.values(), ids=REMOVALS)
def test_superuser_can_be_removed_if_there_is_another(root, alice, bob, remove):
    with tables.superusers(root.user_id, alice, bob):
        assert remove(alice, alice).status_code in (200, 204)
        assert refusal(remove(bob, bob)) == LAST


@pytest.mark.parametrize(
    ("one_way", "other_way"), [("demote", "demote"), ("disable", "delete"), ("delete themselves", "demote")]
)
def test_two_superusers_cannot_remove_each_other_concurrently(service, root, one_way, other_way):
    for _ in range(4):
        pair = [with_roles(service, root, name, "superuser") for name in ("castor", "pollux")]
        with tables.superusers(root.user_id, *pair):
            one, other = pair
            answers = at_once(
                lambda a=one, b=other: REMOVALS[one_way](a, b), lambda a=one, b=other: REMOVALS[other_way](b, a)
            )
            assert len([answer for answer in answers if answer.status_code >= 400]) == 1
            left = [p for p in pair if p.client.get("/users/me").status_code == 200 and "superuser" in p.me()["roles"]]
            assert len(left) == 1


def test_repeated_concurrent_demotions_always_leave_one_superuser(service, root):
    pair = [with_roles(service, root, name, "superuser", "user") for name in ("castor", "pollux")]
    with tables.superusers(root.user_id, *pair):
        for _ in range(20):
            tables.make_superusers(*pair)
            answers = at_once(
                lambda: assign_roles(pair[0], pair[1], "user"), lambda: assign_roles(pair[1], pair[0], "user")
            )
            assert statuses(answers) in ([200, 403], [200, 409])
            assert sorted("superuser" in person.me()["roles"] for person in pair) == [False, True]


@SQLITE_ONLY
def test_unauthenticated_requests_cannot_invalidate_an_invitation(root, anonymous, mailbox, configure):
    configure(email_verification="optional")
    invited = new_email("dora")
    assert root.client.post("/admin/users", {"email": invited}).status_code == 201
    mailbox.wait_for(invited, containing="/accept-invitation")
    mark = mailbox.mark()
    assert anonymous.post("/auth/resend-verification", {"email": invited}).status_code == 202
    token = token_in(mailbox.wait_for(invited, containing="/accept-invitation", since=mark))
    body = {"token": token, "new_password": new_password()}
    assert anonymous.post("/auth/reset-password/confirm", body).status_code == 200
