"""The audit log: each action records exactly its events, without secrets or personal data."""

import io
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy.exc
from sqlalchemy import text

import database
import models
import tables
from accounts import cli_operations
from browser import Visitor
from core import capability
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from emailed_login import EmailedLogin
from operations import cleanup
from people import Client, at_once, code_in, new_email, new_password, refusal, superuser, token_in
from settings.loading import settings
from user_import import export, runs


def _verification(bob):
    return bob.verification_mail()


def _moves(bob):
    bob.verify_email(bob.request_email_change(new_email("bob-new")))


def _shows_an_old_refresh_token(bob):
    bob.refresh(bob.refresh().json()["refresh_token"])
    bob.refresh()


def _ends_the_phone(bob):
    bob.other_device()
    there = next(d["id"] for d in bob.client.get("/users/me/sessions").json() if not d["current"])
    bob.client.delete(f"/users/me/sessions/{there}")


def _asks(path, email=None):
    return lambda bob: Client(bob.service.url).post(path, {"email": email or bob.email})


def _forges_a_link(bob):
    bob.verify_email("x")
    bob.set_new_password("x", new_password())
    bob.client.post("/auth/disown", {"token": "x"})


def _is_guessed_at(bob):
    bob.log_in(password="not the password")
    tables.set_failures(bob.email, 99)
    bob.log_in(password="not that one either")


def _root(bob):
    return superuser(bob.service).client


def _is_patched(**body):
    return lambda bob: _root(bob).patch(f"/admin/users/{bob.user_id}", body)


def _is_disabled_and_enabled(bob):
    _is_patched(is_active=False)(bob)
    _is_patched(is_active=False)(bob)
    _is_patched(is_active=True)(bob)


def _is_called(method, path="", body=None):
    return lambda bob: _root(bob)._request(method, f"/admin/users/{bob.user_id}{path}", body)


def _roles_come_and_go(bob):
    root, name = _root(bob), f"r{new_password()[6:12].lower().strip('_-')}"
    root.post("/admin/roles", {"name": name})
    root.patch(f"/admin/roles/{name}", {"permissions": ["users:read"]})
    root.patch(f"/admin/roles/{name}", {"permissions": ["users:read"]})
    root.delete(f"/admin/roles/{name}")


def _is_given_a_password(bob):
    with database.transaction() as db:
        cli_operations.set_password(db, bob.me()["id"], "no hash")


def _is_imported(bob):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write(f'{{"email": "{new_email()}"}}\n')
        file.flush()
        runs.Import(print, lambda _: None).run(Path(file.name))


def _is_logged_out_by_a_service(bob):
    peer = Client(bob.service.url, settings.internal_service_token[0])
    peer.post("/oauth2/revoke", data={"token": bob.tokens["access_token"]})


def _in_cookies(bob):
    return {"Cookie": f"access_token={bob.tokens['access_token']}", "Sec-Fetch-Site": "same-origin"}


ROOT = "user.logged_in"  # the superuser comes first
# Bob's actions and their events. He has signed up, and his email address is not verified.
ACTS = {
    "signs up": (lambda b: type(b)(b.service, "bob").sign_up(), ["user.signed_up"]),
    "signs up again": (lambda b: type(b)(b.service, "bob").sign_up(email=b.email), []),
    "logs in": (lambda b: b.log_in(), ["user.logged_in"]),
    "logs in again in the same browser": (
        lambda b: b.client.post("/auth/login", {"email": b.email, "password": b.password}, headers=_in_cookies(b)),
        ["user.logged_in", "session.replaced"],
    ),
    "fails to log in": (lambda b: b.log_in(password="not the password"), ["user.login_failed"]),
    "fails with an unknown address": (lambda b: b.log_in(email=new_email()), ["user.login_failed"]),
    "is guessed at": (_is_guessed_at, ["user.login_failed"] * 2 + ["password.locked"] * 2),
    "refreshes": (lambda b: b.refresh(), []),
    "shows an old refresh token": (_shows_an_old_refresh_token, ["session.refresh_token_reused"]),
    "shows a forged refresh token": (lambda b: b.refresh("x"), []),
    "looks": (lambda b: [b.me(), b.client.get("/users/me/sessions")], []),
    "logs out": (lambda b: b.client.post("/auth/logout"), ["user.logged_out"]),
    "logs out by refresh token": (
        lambda b: Client(b.service.url).post("/auth/logout", {"refresh_token": b.tokens["refresh_token"]}),
        ["user.logged_out"],
    ),
    "logs out everywhere": (lambda b: b.client.post("/auth/logout-all"), ["user.logged_out_everywhere"]),
    "is logged out by a service": (_is_logged_out_by_a_service, ["session.revoked"]),
    "ends another session": (_ends_the_phone, ["user.logged_in", "session.ended"]),
    "asks for another email": (_asks("/auth/resend-verification"), ["email.verification_requested"]),
    "verification for an unknown user": (_asks("/auth/resend-verification", new_email()), ["email.verification_requested"]),
    "asks for a login link": (_asks("/auth/magic-link"), ["magic_link.requested"]),
    "login link for an unknown user": (_asks("/auth/magic-link", new_email()), ["magic_link.requested"]),
    "logs in by link": (
        lambda b: EmailedLogin(b.service, b.email).by_link(), ["magic_link.requested", "user.claimed", "user.logged_in"]
    ),
    "types a wrong code of a login link": (
        lambda b: EmailedLogin(b.service, b.email).by_code(code="x"), ["magic_link.requested", "magic_link.failed"]
    ),
    "opens a login link elsewhere": (
        lambda b: EmailedLogin(b.service, b.email).by_link(flow=None), ["magic_link.requested"]
    ),
    "types a wrong code": (lambda b: b.enter_code("x"), ["email.verification_failed"]),
    "types a code": (lambda b: b.enter_code(code_in(_verification(b))), ["email.verified"]),
    "follows a link": (lambda b: b.verify_email(token_in(_verification(b))), ["email.verified"]),
    "says it was not him": (
        lambda b: b.client.post("/auth/disown", {"token": token_in(_verification(b), "/not-me")}), ["user.disowned"]
    ),
    "forges a link": (_forges_a_link, []),
    "asks for a reset": (_asks("/auth/reset-password/request"), ["password.reset_requested"]),
    "reset for an unknown user": (_asks("/auth/reset-password/request", new_email()), ["password.reset_requested"]),
    "resets": (
        lambda b: b.set_new_password(b.request_reset(), new_password()), ["password.reset_requested", "password.reset"]
    ),
    "changes his password": (lambda b: b.change_password(new_password()), ["password.changed"]),
    "chooses a weak one": (lambda b: b.change_password("princess"), []),
    "shows a wrong old one": (lambda b: b.change_password(new_password(), old="x"), ["user.reauthentication_failed"]),
    "takes another name": (lambda b: b.client.patch("/users/me", {"username": "Robert"}), ["user.renamed"]),
    "takes another language": (lambda b: b.client.patch("/users/me", {"locale": "de"}), ["user.profile_changed"]),
    "keeps his language": (lambda b: b.client.patch("/users/me", {"locale": None}), []),
    "keeps his name": (lambda b: b.client.patch("/users/me", {"username": "Bob"}), []),
    "moves": (_moves, ["email.change_requested", "email.changed"]),
    "moves with a wrong password": (
        lambda b: b.client.post("/users/me/email", {"new_email": new_email(), "password": "x"}), ["user.reauthentication_failed"]
    ),
    "leaves": (lambda b: b.client.delete("/users/me", {"password": b.password}), ["user.deleted"]),
    "leaves with a wrong password": (lambda b: b.client.delete("/users/me", {"password": "x"}), ["user.reauthentication_failed"]),
    "is made by an administrator": (lambda b: _root(b).post("/admin/users", {"email": new_email()}), [ROOT, "user.created"]),
    "is renamed by an administrator": (_is_patched(username="Robert"), [ROOT, "user.renamed"]),
    "is changed twice in one call": (_is_patched(username="Robert", is_verified=True), [ROOT, "user.renamed", "email.marked_verified"]),
    "is not verified any more": (
        lambda b: [_is_patched(is_verified=True)(b), _is_patched(is_verified=False)(b)],
        [ROOT, "email.marked_verified", ROOT, "email.marked_unverified"],
    ),
    "is disabled and enabled": (_is_disabled_and_enabled, [ROOT, "user.disabled", ROOT, ROOT, "user.enabled"]),
    "is moved": (_is_patched(email=new_email()), [ROOT, "email.set"]),
    "is promoted": (_is_called("PUT", "/roles", {"roles": ["user", "admin"]}), [ROOT, "user.roles_changed"]),
    "keeps his roles": (_is_called("PUT", "/roles", {"roles": ["user"]}), [ROOT]),
    "is logged out": (_is_called("POST", "/logout"), [ROOT, "user.logged_out_everywhere"]),
    "is sent a reset": (_is_called("POST", "/reset-password"), [ROOT, "password.reset_requested"]),
    "is deleted": (_is_called("DELETE"), [ROOT, "user.deleted"]),
    "roles come and go": (_roles_come_and_go, [ROOT, "role.made", "role.changed", "role.deleted"]),
    "is given a password": (_is_given_a_password, ["password.set"]),
    "is imported": (_is_imported, ["user.imported"]),
    "all are exported": (lambda b: export.export(io.StringIO(), hashes=True), ["users.exported"]),
}  # fmt: skip


def _comes_by_google(bob, google, **claims):
    google.new_person(**claims)
    return Visitor(bob.service).log_in_with("google")


def _links_google(bob, google):
    return Visitor(bob.service, bob.tokens["access_token"]).link_provider("google")


def _links_what_is_anothers(bob, google):
    carol = Visitor(bob.service)
    carol.log_in_with("google")
    _links_google(bob, google)


def _unlinks_google(bob, google):
    _links_google(bob, google)
    bob.client.delete("/users/me/identities/google")


# The same with a provider.
ACTS_WITH_A_PROVIDER = {
    "comes by Google": (_comes_by_google, ["user.signed_up", "user.logged_in"]),
    "comes as bob": (lambda b, g: _comes_by_google(b, g, email=b.email), ["user.claimed", "user.logged_in"]),
    "comes as bob, who is not vouched for": (
        lambda b, g: _comes_by_google(b, g, email=b.email, email_verified=False), ["user.login_failed"]
    ),
    "begins and goes no further": (lambda b, g: Client(b.service.url).get("/oauth/google"), []),
    "comes back from nowhere": (
        lambda b, g: Client(b.service.url).get("/oauth/google/callback?code=x&state=y"), []
    ),
    "links": (_links_google, ["identity.linked"]),
    "links what is another's": (
        _links_what_is_anothers, ["user.signed_up", "user.logged_in", "identity.link_failed"]
    ),
    "unlinks": (_unlinks_google, ["identity.linked", "identity.unlinked"]),
}  # fmt: skip
# The actor of these is the service.
AT_THE_START, OF_KEYS = {"user.created"}, {"keys.made", "keys.rotated"}


@POSTGRESQL_ONLY
@pytest.mark.parametrize(("act", "actions"), ACTS.values(), ids=ACTS)
def test_each_action_records_its_events(bob, act, actions):
    mark = tables.newest_event()
    act(bob)
    assert [event.action for event in tables.events(since=mark)] == actions


@SQLITE_ONLY
@pytest.mark.parametrize(("act", "actions"), ACTS_WITH_A_PROVIDER.values(), ids=ACTS_WITH_A_PROVIDER)
def test_each_action_with_a_provider_records_its_events(bob, google, act, actions):
    mark = tables.newest_event()
    act(bob, google)
    found = tables.events(since=mark)
    assert [event.action for event in found] == actions
    assert {event.detail["provider"] for event in found} <= {"google"}
    assert not [secret for secret in (google.person["sub"], google.person["email"]) if secret in str(found)]


# These are tested by the tests of password resets and email changes.
BY_THEIR_EMAILS = {"user.secured", "email.change_undone"}

# These are tested in tests/factors/test_events.py.
OF_FACTORS = {action for action in capability.audit_events() if action.startswith(("factor", "recovery", "trusted"))}
OF_FACTORS |= {"user.reauthenticated"}

# This is tested in tests/credentials/test_breached_passwords.py.
OF_BREACHES = {"password.breached"}

# These are tested in tests/api_keys/test_keys.py.
OF_API_KEYS = {action for action in capability.audit_events() if action.startswith("api_key.")}

# These are tested in tests/webhooks/test_webhooks.py.
OF_WEBHOOKS = {action for action in capability.audit_events() if action.startswith("webhook.")}

# These are tested in tests/accounts/test_expiry.py.
BY_TIME = {"user.expired"}

# These are tested in tests/administration/test_impersonation.py and tests/console/.
# These in tests/oauth_provider/.
OF_CLIENTS = {name for name in capability.audit_events() if name.startswith(("client.", "grant."))}
IN_THE_CONSOLE = {"user.impersonated", "user.impersonation_ended", "email.requeued", "users.import_started"}


def test_every_event_is_in_the_tables_above():
    acts = [*ACTS.values(), *ACTS_WITH_A_PROVIDER.values()]
    assert (
        {action for _, actions in acts for action in actions}
        | OF_KEYS
        | OF_API_KEYS
        | OF_WEBHOOKS
        | OF_FACTORS
        | OF_BREACHES
        | BY_THEIR_EMAILS
        | BY_TIME
        | IN_THE_CONSOLE
        | OF_CLIENTS
        == set(capability.audit_events())
    )
    assert all(capability.audit_events().values())


@SQLITE_ONLY
def test_startup_records_the_creation_of_the_superuser(service):
    created = [event for event in tables.events(user_id=settings.superuser_user_id) if event.action in AT_THE_START]
    assert [(event.action, event.actor_id, event.ip) for event in created] == [("user.created", None, None)]


@SQLITE_ONLY
def test_event_contains_actor_action_and_ip_address(bob):
    bob.client.headers |= {"X-Forwarded-For": "203.0.113.9", "User-Agent": "Bob's \t phone" + "x" * 600}
    bob.change_password(new_password())
    event = tables.events(user_id=bob.user_id)[-1]
    assert (event.action, event.user_id, event.actor_id) == ("password.changed", bob.user_id, bob.user_id)
    assert (event.ip, event.detail) == ("203.0.113.9", {})
    assert event.user_agent.startswith("Bob's ? phone")
    assert len(event.user_agent) == 512


@SQLITE_ONLY
def test_unauthenticated_action_has_no_actor(bob):
    mark = tables.newest_event()
    _asks("/auth/reset-password/request")(bob)
    _shows_an_old_refresh_token(bob)
    assert [(event.user_id, event.actor_id) for event in tables.events(since=mark)] == [(bob.user_id, None)] * 2


def test_rollback_records_no_event(alice, bob):
    token, mark = bob.request_email_change(new := new_email()), tables.newest_event()
    carol = type(bob)(bob.service, "carol")
    carol.email = new
    assert carol.sign_up().status_code == 201
    carol.verify_email(token_in(carol.verification_mail()))
    assert bob.verify_email(token).status_code == 409
    assert [event.action for event in tables.events(since=mark)] == ["user.signed_up", "email.verified"]


def test_twenty_concurrent_failures_are_twenty_events(bob):
    mark = tables.newest_event()
    at_once(*[lambda: Client(bob.service.url).post("/auth/login", {"email": new_email(), "password": "x"})] * 20)
    assert [event.action for event in tables.events(since=mark)] == ["user.login_failed"] * 20


@SQLITE_ONLY
def test_events_contain_no_secret_email_address_or_name(bob):
    mark, mail, password = tables.newest_event(), bob.verification_mail(), new_password()
    secrets = [bob.email, bob.password, password, tables.hash_of(bob), bob.client.token, bob.tokens["refresh_token"]]
    secrets += [token_in(mail), token_in(mail, "/not-me"), code_in(mail), bob.request_reset(), "Robert", "Bobby"]
    bob.log_in(password="Bobby tables, wrong")
    bob.enter_code(code_in(mail)[::-1])
    bob.change_password(password)
    bob.password = password
    bob.client.patch("/users/me", {"username": "Robert"})
    secrets += [bob.request_email_change(new := new_email("bob-new")), new]
    bob.verify_email(secrets[-2])
    trail = "\n".join(str((event.detail, event.actor_id, event.user_id)) for event in tables.events(since=mark))
    assert trail.count("\n") >= 6
    assert not [secret for secret in secrets if secret in trail]


# ------------------------------------------------------------------------------------------------- read by administrators


def found(client, **filters):
    """Return every event that matches these filters, in pages of three."""
    items, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = client.get("/admin/audit", params={"limit": 3, **filters, **more})
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if not cursor:
            return items


def test_events_are_filtered_by_user_event_and_time(root, bob):
    for number in range(4):
        bob.client.patch("/users/me", {"username": f"Bob {number}"})
    everything = found(root.client, user_id=bob.user_id)
    assert [e["action"] for e in everything] == ["user.renamed"] * 4 + ["user.signed_up"]
    assert everything[0].keys() == {"id", "at", "action", "actor_id", "user_id", "ip", "user_agent", "detail"}
    assert found(root.client, user_id=bob.user_id, action="user.signed_up") == everything[-1:]
    assert found(root.client, user_id=bob.user_id, since=everything[1]["at"]) == everything[:2]
    assert found(root.client, user_id=bob.user_id, since="2100-01-01") == []
    assert found(root.client, action="no.such_thing") == []


def test_pages_are_stable_while_events_are_written(root, bob):
    for number in range(7):
        bob.client.patch("/users/me", {"username": f"Bob {number}"})
    before = [e["id"] for e in found(root.client, user_id=bob.user_id)]
    page = root.client.get("/admin/audit", params={"user_id": bob.user_id, "limit": 4}).json()
    bob.client.patch("/users/me", {"username": "Bob again"})
    rest = root.client.get("/admin/audit", params={"user_id": bob.user_id, "cursor": page["next_cursor"]}).json()
    assert [e["id"] for e in page["items"] + rest["items"]] == before


ODD = [{"limit": 0}, {"limit": 201}, {"limit": 2**64}, {"since": "yesterday"}, {"since": "0000-00-00"}, {"cursor": "x"},
            {"cursor": "0"}, {"cursor": str(2**64)}, {"user_id": "a b"}, {"action": "\0"}, {"since": "9999-12-31T23:59:59-23:00"}]  # fmt: skip


def test_invalid_query_is_rejected(root):
    for odd in ODD:
        assert refusal(root.client.get("/admin/audit", params=odd)) == (422, "validation_error"), odd


@SQLITE_ONLY
def test_action_of_an_administrator_names_the_administrator(amy, bob):
    amy.client.patch(f"/admin/users/{bob.user_id}", {"username": "Robert"})
    event = found(amy.client, user_id=bob.user_id)[0]
    assert (event["actor_id"], event["user_id"], event["user_agent"]) == (amy.user_id, bob.user_id, "Amy's browser")


@SQLITE_ONLY
def test_user_sees_own_events_without_the_ip_addresses_of_others(amy, bob):
    bob.client.patch("/users/me", {"username": "Robert"})
    amy.client.patch(f"/admin/users/{bob.user_id}", {"username": "Bobby"})
    first = bob.client.get("/users/me/activity", params={"limit": 1}).json()
    rest = bob.client.get("/users/me/activity", params={"cursor": first["next_cursor"]}).json()
    theirs, own, signed_up = first["items"] + rest["items"]
    assert (theirs["actor_id"], theirs["ip"], theirs["user_agent"]) == (amy.user_id, None, None)
    assert (own["action"], own["user_agent"]) == ("user.renamed", "Bob's browser")
    assert (signed_up["action"], rest["next_cursor"]) == ("user.signed_up", None)
    assert bob.client.get("/users/me/activity", params={"limit": 500}).status_code == 422


# ------------------------------------------------------------------------------------------------------------ append-only


ATTACKS = [
    "UPDATE audit_events SET action = 'user.renamed'",
    "UPDATE audit_events SET actor_id = NULL, ip = NULL, user_agent = NULL",
    "UPDATE audit_events SET detail = '{}', at = CURRENT_TIMESTAMP",
    "UPDATE audit_events SET ip = '192.0.2.1'",
    "DELETE FROM audit_events",
    "DELETE FROM audit_events WHERE id = (SELECT max(id) FROM audit_events)",
]


def test_audit_log_cannot_be_changed(bob):
    before = tables.events()
    for attack in ATTACKS:
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="audit_events: an event is"):
            database.write_only(text(attack))
    assert tables.events() == before


def test_audit_log_cannot_be_changed_by_other_means_on_postgresql(bob):
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no settings of a session")
    before = tables.events()
    ways = [
        f"SET LOCAL audit.forgotten_user = '{bob.user_id}'",
        "SET LOCAL audit.removed_before = '2100-01-01'",
        "SET LOCAL audit.removed_before = ''",
    ]
    attacks = [*ATTACKS, "UPDATE audit_events SET ip = NULL, user_agent = NULL", "TRUNCATE audit_events"]
    for way in ways:
        for attack in attacks:
            with pytest.raises(sqlalchemy.exc.DBAPIError), database.engine.begin() as connection:
                connection.execute(text(way))
                connection.execute(text(attack))
    assert tables.events() == before


def test_events_are_kept_forever_unless_a_retention_is_set(bob, configure):
    default = settings.audit_retention_days
    configure(audit_retention_days=30)
    cleanup.run()  # other tests leave events that are as old
    configure(audit_retention_days=default)
    old = models.now() - timedelta(days=100)
    with database.transaction() as db:
        db.add_all(models.AuditEvent(action="user.renamed", user_id="long-gone", at=old) for _ in range(3))
        db.add(models.AuditEvent(action="user.renamed", user_id="long-gone", at=old + timedelta(days=65)))
    cleanup.run()
    assert len(tables.events(user_id="long-gone")) == 4
    configure(audit_retention_days=90)
    assert cleanup.run()["audit_events"] == 3
    assert len(tables.events(user_id="long-gone")) == 1
    assert tables.events(user_id=bob.user_id)
    configure(audit_retention_days=30)
    assert cleanup.run()["audit_events"] == 1


REPEATED = {
    "email.verification_requested": ("/auth/resend-verification", {}),
    "password.reset_requested": ("/auth/reset-password/request", {}),
    "email.verification_failed": ("/auth/verify-email", {"code": "000000"}),
    "magic_link.requested": ("/auth/magic-link", {}),
}


@SQLITE_ONLY
@pytest.mark.parametrize("action", REPEATED)
def test_what_anyone_can_ask_for_does_not_fill_the_log_of_an_account(service, bob, alice, action, clock):
    path, more = REPEATED[action]

    def asked(person, times):
        since = tables.newest_event()
        for _ in range(times):
            if action == "email.verification_failed":  # ten wrong codes end a code
                Client(service.url).post("/auth/resend-verification", {"email": person.email})
            Client(service.url).post(path, {"email": person.email, **more})
        return [event for event in tables.events(since, person.user_id) if event.action == action]

    recorded = asked(bob, 25)
    assert len(recorded) == 20
    assert [event.detail.get("limit_reached") for event in recorded] == [None] * 19 + [True]
    assert asked(bob, 2) == []
    clock.shift(3601)
    assert len(asked(bob, 2)) == 2
    if action == "email.verification_failed":  # no code is open for a verified address
        assert asked(alice, 2) == []
