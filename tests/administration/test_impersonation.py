"""An administrator impersonates a user: who may, what the session may do, and how it ends."""

import base64
import json

import pytest

import tables
from databases import SQLITE_ONLY
from people import Client, at_once, refusal, text_of, with_roles
from settings.loading import settings

REASON = {"reason": "Ticket 4711"}
FOR_PROXIES = {"auth.verify_any", "auth.verify_path"}  # reject impersonation with every method, also safe ones
NOT_ALLOWED = "An administrator who impersonates a user cannot do this."


def start(root, user, **body):
    return root.client.post(f"/admin/users/{user.user_id}/impersonate", {**REASON, **body})


@pytest.fixture
def as_alice(service, root, alice):
    """The client of an administrator who impersonates Alice."""
    answer = start(root, alice)
    assert answer.status_code == 200, answer.text
    return Client(service.url, token=answer.json()["access_token"])


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_superuser_sees_the_service_as_the_user(root, alice, as_alice, another_service, service):
    before = tables.newest_event()
    assert as_alice.get("/users/me").json()["user_id"] == alice.user_id
    claims = claims_of(as_alice.token)
    assert claims["act"] == {"sub": root.user_id}
    assert claims["acr"] == "aal1"
    assert claims["exp"] - claims["iat"] in (30 * 60, 30 * 60 - 1)  # a second may end after the session has started
    assert "auth_time" not in claims
    found = another_service.post("/oauth2/introspect", data={"token": as_alice.token}).json()
    assert (found["active"], found["act"]) == (True, {"sub": root.user_id})
    assert as_alice.patch("/users/me", {"username": "Alicia"}).status_code == 200
    (event,) = tables.events(before, alice.user_id)
    assert (event.actor_id, event.detail["impersonated"]) == (root.user_id, alice.user_id)
    assert len(alice.client.get("/users/me/sessions").json()) == 1
    mail = service.mailbox.wait_for(alice.email, containing="logged in as you")
    assert REASON["reason"] in text_of(mail)


@SQLITE_ONLY
def test_response_has_only_an_access_token_and_the_reason_is_recorded(root, alice):
    before = tables.newest_event()
    answer = start(root, alice)
    assert answer.json().keys() == {"access_token", "token_type", "expires_in"}
    assert answer.json()["expires_in"] <= 1800
    (event,) = [e for e in tables.events(before, alice.user_id) if e.action == "user.impersonated"]
    assert (event.actor_id, event.detail) == (root.user_id, REASON)


CHANGES = [
    ("POST", "/auth/change-password", {"old_password": "x", "new_password": "a horse, a stable"}),
    ("POST", "/auth/reauthenticate", {}),
    ("POST", "/auth/logout-all", None),
    ("POST", "/users/me/email", {"new_email": "mallory@example.com"}),
    ("DELETE", "/users/me", {}),
    ("DELETE", "/users/me/sessions/x", None),
    ("POST", "/users/me/factors/totp", {}),
    ("POST", "/users/me/factors/passkeys/options", {}),
    ("DELETE", "/users/me/factors/x", None),
    ("POST", "/users/me/recovery-codes", {}),
    ("POST", "/oauth/google/link", {}),
    ("DELETE", "/users/me/identities/google", None),
    ("POST", "/auth/verify-email", {"token": "x"}),
    ("POST", "/admin/users/suvodutta/impersonate", REASON),
]


def test_no_credential_factor_address_or_deletion_may_be_touched(alice, as_alice):
    for method, path, body in CHANGES:
        answer = as_alice._request(method, path, body)
        assert answer.status_code in (403, 404, 405), (path, answer.text)
        if answer.status_code != 403:
            assert alice.client._request(method, path, body).status_code == answer.status_code, path
    assert alice.is_logged_in()


@SQLITE_ONLY
def test_every_other_route_that_changes_something_is_rejected(alice, as_alice):
    """Also routes that are added later: the list in sessions/impersonation.py names those that are allowed."""
    import access
    from sessions import impersonation

    for name, who in access.declared().items():
        route = access.served()[name]
        if who in access.OF_USERS and name not in impersonation.ALLOWED and min(route.methods) not in ("GET", "HEAD"):
            path = route.path.replace("{", "").replace("}", "")
            headers = {"Authorization": f"Bearer {as_alice.token}", "Origin": settings.public_base_url}
            answer = as_alice._http.request(min(route.methods), path, json={}, headers=headers)
            assert answer.status_code == 403, (name, answer.text)
            assert NOT_ALLOWED in answer.text or name in FOR_PROXIES, (name, answer.text)
    assert alice.is_logged_in()


def test_who_may_impersonate_whom(service, root, amy, alice, bob):
    assert refusal(start(amy, bob)) == (403, "forbidden")
    assert refusal(start(root, root)) == (403, "forbidden")
    assert refusal(root.client.post("/admin/users/nobody/impersonate", REASON)) == (404, "not_found")
    assert refusal(root.client.post(f"/admin/users/{alice.user_id}/impersonate", {"reason": " "}))[0] == 422
    role = f"helper-{alice.user_id[-6:]}"
    body = {"name": role, "permissions": ["users:read", "users:impersonate"]}
    assert root.client.post("/admin/roles", body).status_code == 201
    helper = with_roles(service, root, "helper", "user", role)
    assert start(helper, bob).status_code == 200
    assert refusal(start(helper, amy)) == (403, "forbidden")
    assert refusal(start(helper, root)) == (403, "forbidden")
    tables.set_active(bob.user_id, False)
    assert refusal(start(root, bob)) == (409, "conflict")


@SQLITE_ONLY
def test_recent_authentication_is_required(root, alice, clock):
    clock.shift(360)
    assert refusal(start(root, alice)) == (403, "reauthentication_required")
    assert start(root, alice, password=root.password).status_code == 200


def test_session_ends_after_thirty_minutes_and_with_the_administrators_sessions_and_roles(service, root, alice, clock):
    def helper():
        return with_roles(service, root, "helper", "user", "superuser")

    amy = helper()
    first = Client(service.url, token=start(amy, alice).json()["access_token"])
    amy.client.post("/auth/logout-all")
    assert first.get("/users/me").status_code == 401
    bert = helper()
    second = Client(service.url, token=start(bert, alice).json()["access_token"])
    root.client.put(f"/admin/users/{bert.user_id}/roles", {"roles": ["user"]})
    assert second.get("/users/me").status_code == 401
    third = Client(service.url, token=start(root, alice).json()["access_token"])
    clock.shift(31 * 60)
    assert third.get("/users/me").status_code == 401


def test_session_ends_when_a_role_changes(service, root, alice):
    helping, helped = (f"{kind}-{alice.user_id[-6:]}" for kind in ("helper", "helped"))
    for name, permissions in ((helping, ["users:read", "users:impersonate"]), (helped, [])):
        assert root.client.post("/admin/roles", {"name": name, "permissions": permissions}).status_code == 201
    helper, user = (
        with_roles(service, root, "helper", "user", helping),
        with_roles(service, root, "cal", "user", helped),
    )
    for role, permissions in ((helped, ["audit:read"]), (helping, ["users:read", "audit:read", "users:impersonate"])):
        as_user = Client(service.url, token=start(helper, user).json()["access_token"])
        assert as_user.get("/admin/audit").status_code == 403
        assert root.client.patch(f"/admin/roles/{role}", {"permissions": permissions}).status_code == 200
        assert as_user.get("/admin/audit").status_code == 401
        if role == helped:
            assert root.client.patch(f"/admin/roles/{role}", {"permissions": []}).status_code == 200


@SQLITE_ONLY
def test_notice_can_be_switched_off(service, root, alice, configure):
    configure(impersonation_notice=False)
    mark = service.mailbox.mark()
    start(root, alice)
    assert tables.no_email_follows(service.mailbox, alice.email, "logged in as you", mark)


def test_logout_in_cookie_mode_returns_to_the_administrator(service, root, alice):
    browser = Client(service.url, headers={"Origin": "http://localhost:3000"})
    browser.post("/auth/login?use_cookies=true", {"email": root.email, "password": root.password})
    answer = browser.post(f"/admin/users/{alice.user_id}/impersonate", REASON)
    assert (answer.status_code, "access_token" in answer.json()) == (200, False)
    assert browser.get("/users/me").json()["user_id"] == alice.user_id
    assert browser.post("/auth/logout").status_code == 204
    assert browser.get("/users/me").json()["user_id"] == root.user_id
    ended = [e for e in tables.events(0, alice.user_id) if e.action == "user.impersonation_ended"]
    assert [e.actor_id for e in ended] == [root.user_id]


@SQLITE_ONLY
def test_owner_sees_the_impersonation_without_the_administrators_address(alice, as_alice):
    (event,) = [e for e in alice.client.get("/users/me/activity").json()["items"] if e["action"] == "user.impersonated"]
    assert (event["ip"], event["user_agent"]) == (None, None)
    assert len(alice.client.get("/users/me/export").json()["sessions"]) == 1


def test_session_ends_with_the_administrators_own_session(service, root, alice):
    amy, other = with_roles(service, root, "helper", "user", "superuser"), with_roles(service, root, "al", "superuser")
    kept = Client(service.url, token=start(other, alice).json()["access_token"])
    for end in ("log out", "another administrator"):
        as_alice = Client(service.url, token=start(amy, alice).json()["access_token"])
        if end == "log out":
            assert amy.client.post("/auth/logout").status_code == 204
            amy.log_in()
        else:
            (session,) = amy.client.get("/users/me/sessions").json()
            browser_path = f"/users/me/sessions/{session['id']}"
            assert amy.client._request("DELETE", browser_path, None).status_code == 204
        assert as_alice.get("/users/me").status_code == 401, end
    assert kept.post("/auth/logout").status_code == 204
    assert alice.is_logged_in()


@SQLITE_ONLY
def test_impersonation_ends_no_session_of_the_user(root, alice, monkeypatch):
    monkeypatch.setattr("sessions.sessions.MAX_SESSIONS", 2)
    for _ in range(3):
        assert start(root, alice).status_code == 200
    Client(alice.service.url).post("/auth/login", {"email": alice.email, "password": alice.password})
    assert alice.is_logged_in()


def test_session_ends_when_the_administrators_account_is_deleted_or_disabled(service, root, alice):
    for end in ("delete", "disable"):
        amy = with_roles(service, root, "helper", "user", "superuser")
        as_alice = Client(service.url, token=start(amy, alice).json()["access_token"])
        if end == "delete":
            assert root.client._request("DELETE", f"/admin/users/{amy.user_id}", {}).status_code == 204
        else:
            assert root.client.patch(f"/admin/users/{amy.user_id}", {"is_active": False}).status_code == 200
        assert as_alice.get("/users/me").status_code == 401, end


@SQLITE_ONLY
@pytest.mark.parametrize("by", ["a login in the same browser", "many logins"])
def test_session_ends_when_that_of_the_administrator_is_replaced(service, root, alice, monkeypatch, by):
    monkeypatch.setattr("sessions.sessions.MAX_SESSIONS", 2)
    amy = with_roles(service, root, "helper", "user", "superuser")
    as_alice = Client(service.url, token=start(amy, alice).json()["access_token"])
    cookie = {"Cookie": f"access_token={amy.tokens['access_token']}", "Sec-Fetch-Site": "same-origin"}
    browser = cookie if by == "a login in the same browser" else {}
    for _ in range(1 if browser else 2):
        Client(service.url, headers=browser).post("/auth/login", {"email": amy.email, "password": amy.password})
    assert amy.client.get("/users/me").status_code == 401
    assert as_alice.get("/users/me").status_code == 401


def test_session_that_starts_while_that_of_the_administrator_ends_ends_too(service, root, alice):
    for _ in range(6):
        amy = with_roles(service, root, "helper", "user", "superuser")
        owner = amy.other_device()
        started, _ended = at_once(
            lambda thief=amy: start(thief, alice), lambda owner=owner: owner.client.post("/auth/logout-all")
        )
        assert started.status_code in (200, 401)
        if started.status_code == 200:
            assert Client(service.url, token=started.json()["access_token"]).get("/users/me").status_code == 401
