"""MFA_REQUIRED: who needs a factor, and which calls are open to an account without one."""

import pytest
from fastapi.routing import APIRoute

from authenticator import Passkey, add_app, add_passkey, log_in_with, second_step
from core import capability
from databases import SQLITE_ONLY
from people import Client, refusal
from sessions.current_user import EnrollingUser, MaybeCurrentUser
from settings.loading import settings
from web.openapi import OPEN_DURING_ENROLLMENT

# Authentication is optional there.
OPTIONAL = {"auth.logout", "auth.logout_all", "auth.verify_email"}


def of(person, another_service):
    return another_service.post("/oauth2/introspect", data={"token": person.tokens["access_token"]}).json()


def routes() -> list[APIRoute]:
    records = [record for record in capability.installed() if record.name != "hosted_pages"]
    return [route for record in records for router in capability.routers(record) for route in router.routes]


def test_only_these_routes_are_open_to_an_account_that_must_set_up_a_factor():
    lenient = {EnrollingUser.__metadata__[0].dependency, MaybeCurrentUser.__metadata__[0].dependency}
    found = {
        route.unique_id
        for route in routes()
        if isinstance(route, APIRoute)
        and route.include_in_schema
        and lenient & {each.call for each in route.dependant.dependencies}
    }
    assert found == OPEN_DURING_ENROLLMENT | OPTIONAL


CALLS = [
    ("PATCH", "/users/me", {"username": "X"}), ("DELETE", "/users/me", {}), ("GET", "/users/me/sessions", None),
    ("GET", "/users/me/export", None), ("GET", "/users/me/trusted-devices", None), ("GET", "/users", None),
    ("POST", "/users/me/recovery-codes", {}), ("GET", "/admin/users", None),
]  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_everything_else_is_refused(alice, configure, method, path, body):
    configure(mfa_required="all")
    answer = alice.client._request(method, path, body)
    assert refusal(answer) == (403, "mfa_enrolment_required")


@SQLITE_ONLY
def test_token_without_a_factor_has_no_roles_and_is_inactive(amy, configure, another_service):
    configure(mfa_required="admins")
    amy.log_in()
    assert of(amy, another_service) == {"active": False}
    assert amy.client.get("/users/me").status_code == 200
    assert amy.client.get("/users/me/factors").json()["mfa_required"] is True
    add_app(amy)
    amy.tokens = amy.refresh().json()
    said = of(amy, another_service)
    assert (said["active"], said["acr"]) == (True, "aal2"), "confirming a factor raises the session"
    assert "admin" in said["roles"]


@SQLITE_ONLY
def test_policy_for_administrators_covers_who_gains_a_permission(alice, root, configure):
    configure(mfa_required="admins")
    assert alice.client.patch("/users/me", {"username": "Free"}).status_code == 200
    add_app(root)
    assert root.client.put(f"/admin/users/{alice.user_id}/roles", {"roles": ["user", "admin"]}).status_code == 200
    assert refusal(alice.client.patch("/users/me", {"username": "X"})) == (403, "mfa_enrolment_required")
    configure(mfa_required="off")
    assert root.client.delete(f"/admin/users/{root.user_id}/factors").status_code == 204


@SQLITE_ONLY
def test_permission_needs_a_session_with_two_factors(amy, bob, configure):
    app = add_app(amy)
    trusted = second_step(amy, code=app.at(1), remember_device=True).json()["device_token"]
    body = {"email": amy.email, "password": amy.password, "device_token": trusted}
    weak = Client(amy.service.url).post("/auth/login", body).json()
    amy.client.token = weak["access_token"]
    assert amy.client.get("/admin/users").status_code == 200
    configure(mfa_required="admins")
    for path in ("/admin/users", f"/users/{bob.user_id}"):
        answer = amy.client.get(path)
        assert refusal(answer) == (403, "reauthentication_required")
        assert answer.json()["acr_values"] == "aal2"
    assert amy.client.get("/users/me").status_code == 200


@SQLITE_ONLY
def test_last_factor_of_a_covered_account_stays(alice, configure):
    app = add_app(alice)
    configure(mfa_required="all")
    remove = f"/users/me/factors/{app.id}"
    assert refusal(alice.client.delete(remove)) == (403, "mfa_required_by_policy")
    add_passkey(alice)
    assert alice.client.delete(remove).status_code == 204


@SQLITE_ONLY
def test_passkey_with_user_verification_is_enough(amy, configure):
    configure(mfa_required="admins")
    passkey = add_passkey(amy, Passkey())
    amy.client.token = log_in_with(amy, passkey).json()["access_token"]
    assert amy.client.get("/admin/users").status_code == 200


def test_policy_is_off_by_default():
    assert settings.mfa_required == "off"
