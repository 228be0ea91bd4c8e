"""API keys: their form, what they may do, and what ends them."""

import re
import zlib
from datetime import timedelta

import httpx2
import pytest
import sqlalchemy

import access
import database
import models
from api_keys import keys, scopes
from api_keys.models import ApiKey
from core import capability, rate_limit_counters
from databases import SQLITE_ONLY
from operations import cleanup
from people import Client, at_once, refusal, statuses, text_of, with_roles
from settings.loading import settings

FAR = "2099-01-01T00:00:00Z"
INSUFFICIENT = (403, "insufficient_scope")
GONE = (401, "not_authenticated")
VERIFY = {"auth.verify", "auth.verify_any", "auth.verify_path"}  # for proxies: any key is one


def create(person, *granted, **more):
    answer = person.client.post(
        "/users/me/api-keys", {"name": "Nightly report", "scopes": [*(granted or ("profile",))], **more}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def with_key(person, *granted, **more):
    return Client(person.service.url, create(person, *granted, **more)["key"])


def is_valid(client):
    answer = client.get("/users/me")
    assert answer.status_code == 200 or refusal(answer) == GONE
    return answer.status_code == 200


def test_key_ends_with_its_checksum():
    raw = keys.create()
    text, checksum = re.fullmatch(r"csk_([0-9A-Za-z]{30})([0-9A-Za-z]{6})", raw).groups()
    value = 0
    for character in checksum:
        value = value * 62 + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".index(character)
    assert value == zlib.crc32(text.encode())


@SQLITE_ONLY
def test_mistyped_key_costs_no_query(alice, monkeypatch):
    raw = create(alice)["key"]
    typo = raw[:10] + ("a" if raw[10] != "a" else "b") + raw[11:]
    asked = []
    monkeypatch.setattr("api_keys.authentication._FIND.first", asked.append)
    assert refusal(Client(alice.service.url, typo).get("/users/me")) == GONE
    assert refusal(Client(alice.service.url, headers={"X-API-Key": typo}).get("/users/me")) == GONE
    assert asked == []


def closed_and_open(client):
    """Request every route of the API with a key, and return the operations that reject it and those that do not."""
    closed, let_in = set(), set()
    for operation, route in access.served().items():
        is_of_users = access.declared()[operation] not in (capability.ANYONE, capability.SERVICE, capability.CLIENT)
        is_open = operation in capability.open_to_keys()
        if operation.startswith(("pages.", "console.")) or not (is_of_users or is_open):
            continue
        method = min(route.methods - {"HEAD"})
        answer = client._request(
            method, re.sub(r"\{[\w:]+\}", "no-such-thing", route.path), None if method == "GET" else {}
        )
        rejected = answer.status_code == 403 and answer.json()["code"] == "insufficient_scope"
        (closed if rejected else let_in).add(operation)
        if rejected:
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"], operation
    return closed, let_in


@SQLITE_ONLY
def test_key_with_all_scopes_calls_the_routes_that_are_open_to_keys_and_no_other(service, root):
    """A new route is closed to keys until its record opens it."""
    _, let_in = closed_and_open(with_key(root, *scopes.ALL))
    assert let_in == capability.open_to_keys().keys() | VERIFY


@SQLITE_ONLY
@pytest.mark.parametrize("kind", ["pages.", "console."])
def test_pages_are_closed_to_keys(here, root, kind):
    key = with_key(root, *scopes.ALL)
    pages = {name: route for name, route in access.served().items() if name.startswith(kind)}
    of_users = {name: route for name, route in pages.items() if access.declared()[name] != capability.ANYONE}
    assert len(of_users) > 10
    for operation, route in of_users.items():
        headers = {"Authorization": f"Bearer {key.token}", "Origin": here.url, "Accept": "text/html"}
        path = re.sub(r"\{[\w:]+\}", "x", route.path)
        answer = httpx2.request(min(route.methods - {"HEAD"}), here.url + path, headers=headers, trust_env=False)
        assert answer.status_code == (403 if kind == "pages." else 404), operation  # the console hides itself


@SQLITE_ONLY
def test_key_without_scopes_for_them_calls_none_of_the_routes_of_others(alice):
    _, let_in = closed_and_open(with_key(alice, "sessions"))
    assert let_in == {"users.list_sessions"} | VERIFY


def test_scope_of_a_route_is_the_permission_that_its_users_need():
    declared = access.declared()
    for operation, scope in capability.open_to_keys().items():
        assert scope in scopes.ALL
        assert declared[operation] in (scope, capability.USER, capability.SERVICE), operation


@SQLITE_ONLY
def test_key_has_no_permission_that_its_owner_lacks(service, root, alice, another_service):
    amy = with_roles(service, root, "amy", "user", "admin")
    key = with_key(amy, "users:read", "users:write", "profile")
    assert key.get("/admin/users").status_code == 200
    assert key.patch(f"/admin/users/{alice.user_id}", {"username": "By a program"}).status_code == 200
    event = root.client.get(f"/admin/audit?user_id={alice.user_id}&action=user.renamed").json()["items"][0]
    assert (event["actor_id"], set(event["detail"])) == (amy.user_id, {"api_key_id"})
    for change in ({"email": "other@example.com"}, {"is_verified": False}, {"is_verified": True}):
        assert refusal(key.patch(f"/admin/users/{alice.user_id}", change)) == INSUFFICIENT
    assert refusal(key.patch(f"/admin/users/{amy.user_id}", {"username": "Itself"})) == INSUFFICIENT
    # An administrator manages another one; a key with fewer rights does not.
    other = with_roles(service, root, "abe", "user", "admin")
    assert refusal(key.patch(f"/admin/users/{other.user_id}", {"username": "Abe"})) == (403, "forbidden")
    root.client.put(f"/admin/users/{amy.user_id}/roles", {"roles": ["user"]})
    assert refusal(key.get("/admin/users")) == INSUFFICIENT
    assert another_service.post("/internal/introspect", {"token": key.token}).json()["scope"] == "profile"
    assert amy.client.post("/users/me/api-keys", {"name": "x", "scopes": ["users:read"]}).status_code == 403


@SQLITE_ONLY
def test_key_is_used_from_its_networks_only(alice, another_service):
    made = create(alice, allowed_ips=["198.51.100.0/24", "2001:db8::/32"])
    assert made["allowed_ips"] == ["198.51.100.0/24", "2001:db8::/32"]

    def is_valid_from(ip):
        return is_valid(Client(alice.service.url, made["key"], {"X-Forwarded-For": ip}))

    mapped = create(alice, allowed_ips=["::ffff:198.51.100.0/120", "::ffff:203.0.113.9"])
    assert mapped["allowed_ips"] == ["198.51.100.0/24", "203.0.113.9/32"]
    zone = alice.client.post("/users/me/api-keys", {"name": "x", "scopes": ["profile"], "allowed_ips": ["fe80::1%a"]})
    assert refusal(zone) == (422, "validation_error")
    assert is_valid_from("198.51.100.7")
    assert is_valid_from("2001:db8::1")
    assert not is_valid_from("203.0.113.9")
    assert not is_valid_from("198.51.100.7, 203.0.113.9")
    assert (
        another_service.post("/internal/introspect", {"token": made["key"]}).json()["allowed_ips"]
        == made["allowed_ips"]
    )


def test_last_use_is_written_once_a_minute_by_many_at_once(alice, clock):
    made = create(alice)
    key = Client(alice.service.url, made["key"])
    assert statuses(at_once(*[lambda: key.get("/users/me")] * 8)) == [200] * 8
    first = alice.client.get("/users/me/api-keys").json()["items"][0]["last_used_at"]
    key.get("/users/me")
    assert alice.client.get("/users/me/api-keys").json()["items"][0]["last_used_at"] == first
    clock.shift(61)
    key.get("/users/me")
    assert alice.client.get("/users/me/api-keys").json()["items"][0]["last_used_at"] > first


def test_fifty_keys_at_most_also_at_once(alice):
    with database.transaction() as db:
        account = db.scalar(sqlalchemy.select(models.User.id).where(models.User.user_id == alice.user_id))
        for _ in range(48):
            db.add(ApiKey(account_id=account, name="Old", prefix="csk_", scopes="profile", key_hash=models.new_id()))
    body = {"name": "New", "scopes": ["profile"]}
    answers = at_once(*[lambda: Client(alice.service.url, alice.client.token).post("/users/me/api-keys", body)] * 4)
    assert statuses(answers) == [201, 201, 409, 409]
    assert {refusal(answer) for answer in answers if answer.status_code == 409} == {(409, "conflict")}


def test_rotation_keeps_the_old_key_for_the_overlap(alice, clock):
    made = create(alice, expires_at=FAR)
    first = Client(alice.service.url, made["key"])
    path = f"/users/me/api-keys/{made['id']}/rotate"
    rotated = alice.client.post(path, {"overlap_seconds": 600}).json()
    assert (rotated["id"], rotated["expires_at"]) == (made["id"], made["expires_at"])
    second = Client(alice.service.url, rotated["key"])
    assert is_valid(first)
    assert is_valid(second)
    clock.shift(601)
    assert not is_valid(first)
    third = Client(alice.service.url, alice.client.post(path, {"password": alice.password}).json()["key"])
    assert not is_valid(second)
    assert is_valid(third)


def test_reset_and_logout_with_the_parameter_end_keys_and_a_new_password_does_not(service, alice, root):
    key, new = with_key(alice), "a new horse 7 staple"
    assert alice.change_password(new).status_code == 200
    alice.password = new
    assert alice.other_device().client.post("/auth/logout-all").status_code == 204
    assert is_valid(key)
    alice.log_in()
    root.client.post(f"/admin/users/{alice.user_id}/logout")
    assert is_valid(key)
    root.client.post(f"/admin/users/{alice.user_id}/logout?api_keys=true")
    assert not is_valid(key)
    alice.log_in()
    key = with_key(alice)
    assert alice.client.post("/auth/logout-all?api_keys=true").status_code == 204
    assert not is_valid(key)
    alice.log_in()
    key = with_key(alice)
    assert alice.set_new_password(alice.request_reset(), "one more horse 8").status_code == 200
    assert not is_valid(key)


@SQLITE_ONLY
def test_disabled_owner_and_first_verification_end_keys(service, root, alice, bob):
    key = with_key(alice)
    root.client.patch(f"/admin/users/{alice.user_id}", {"is_active": False})
    assert not is_valid(key)
    root.client.patch(f"/admin/users/{alice.user_id}", {"is_active": True})
    assert not is_valid(key), "a key came back to life"
    # Mallory signed up with Bob's address: his key must not survive that Bob verifies it.
    key = with_key(bob)
    token = bob.verification_mail()
    link = re.search(r"token=([\w.~-]+)", text_of(token))[1]
    assert Client(service.url).post("/auth/verify-email", {"token": link}).status_code == 200
    assert not is_valid(key)


@SQLITE_ONLY
def test_owner_is_told_of_a_new_key_and_once_a_week_before_its_end(service, alice, clock):
    mark = service.mailbox.mark()
    end = (models.now() + timedelta(days=30)).isoformat()
    made = create(alice, expires_at=end)
    mail = service.mailbox.wait_for(alice.email, containing="Nightly report", since=mark)
    assert made["key"] not in text_of(mail)
    short = (models.now() + timedelta(days=5)).isoformat()
    create(alice, expires_at=short)
    cleanup.run()
    clock.shift(24 * 86_400)
    alice.log_in()
    assert cleanup.run()["api_keys_reminded"] >= 1
    assert cleanup.run()["api_keys_reminded"] == 0
    mail = service.mailbox.wait_for(alice.email, containing="expires", since=mark)
    assert "Nightly report" in text_of(mail)
    clock.shift(7 * 86_400)
    assert not is_valid(Client(alice.service.url, made["key"]))
    cleanup.run()
    of_alice = sqlalchemy.select(ApiKey.id).join(models.User).where(models.User.user_id == alice.user_id)
    assert database.read_all(of_alice) == []


@SQLITE_ONLY
def test_key_survives_the_replacement_of_the_root_secret(alice, configure):
    key, old = with_key(alice), settings.jwt_secret
    configure(jwt_secret="the next root secret, which is long enough", jwt_secret_previous=old)
    assert is_valid(key)  # and is hashed with the new secret
    configure(jwt_secret_previous="")
    assert is_valid(key)


@SQLITE_ONLY
def test_each_key_has_its_own_rate_limit(alice, root, configure):
    one, other = create(alice), with_key(alice)
    answer = root.client.patch(f"/admin/api-keys/{one['id']}", {"rate_limit": "3/minute"})
    assert (answer.status_code, answer.json()["rate_limit"]) == (200, "3/minute")
    assert root.client.patch(f"/admin/api-keys/{one['id']}", {"rate_limit": "often"}).status_code == 422
    configure(rate_limit_enabled=True, rate_limit_api_key="5/minute", rate_limit_user="4/minute")
    rate_limit_counters._local.reset()
    limited = Client(alice.service.url, one["key"])
    assert [limited.get("/users/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert [other.get("/users/me").status_code for _ in range(6)] == [200] * 5 + [429]
    for ip in ("198.18.7.1", "198.18.7.2"):  # a user is limited from all addresses together
        alice.client.headers["X-Forwarded-For"] = ip
        found = [alice.client.get("/users/me").status_code for _ in range(3)]
    assert found == [200, 429, 429]


@SQLITE_ONLY
def test_administrators_list_and_end_keys_of_users_they_manage(service, root, alice, amy):
    made, roots = create(alice), create(root)
    page = amy.client.get(f"/admin/api-keys?user_id={alice.user_id}").json()
    assert [(key["id"], key["user_id"]) for key in page["items"]] == [(made["id"], alice.user_id)]
    first = amy.client.get("/admin/api-keys?limit=1").json()
    second = amy.client.get(f"/admin/api-keys?limit=1&cursor={first['next_cursor']}").json()
    assert first["items"][0]["id"] > second["items"][0]["id"]
    assert refusal(amy.client.delete(f"/admin/api-keys/{roots['id']}")) == (403, "forbidden")
    assert amy.client.delete(f"/admin/api-keys/{made['id']}").status_code == 204
    assert not is_valid(Client(service.url, made["key"]))


@SQLITE_ONLY
def test_each_change_of_a_key_is_in_the_audit_log_and_in_the_export(alice, root):
    made = create(alice, "profile", "sessions")
    path = f"/users/me/api-keys/{made['id']}"
    assert alice.client.patch(path, {"name": "Büro", "scopes": ["users:read"]}).json()["scopes"] == [
        "profile",
        "sessions",
    ]
    alice.client.post(f"{path}/rotate", {"overlap_seconds": 60})
    root.client.patch(f"/admin/api-keys/{made['id']}", {"rate_limit": "9/minute"})
    export = alice.client.get("/users/me/export").json()
    assert [(key["name"], key["rate_limit"]) for key in export["api_keys"]] == [("Büro", "9/minute")]
    assert alice.client.delete(path).status_code == 204
    events = [event for event in export["activity"] if event["action"].startswith("api_key.")]
    assert [event["action"].partition(".")[2] for event in events] == ["created", "renamed", "rotated", "limited"]
    assert {event["detail"]["key_id"] for event in events} == {made["id"]}
    assert alice.client.get("/users/me/activity").json()["items"][0]["action"] == "api_key.deleted"
    for change in ({"name": "a\x00b"}, {"name": None}):
        assert alice.client.patch(path, change).status_code == 422
    assert made["key"] not in str(export)
