"""Roles: created through the API, with inheritance, effective from the next request on."""

import secrets

import jwt
import pytest

import tables
from authorization import roles
from databases import SQLITE_ONLY
from people import at_once, refusal, statuses, with_roles
from sessions import access_tokens

FORBIDDEN, UNKNOWN, INVALID = (403, "forbidden"), (404, "not_found"), (422, "validation_error")
USED = (409, "conflict")


def new_role(maker, *permissions, inherits=(), **more):
    name = f"r{secrets.token_hex(5)}"
    body = {"name": name, "permissions": list(permissions), "inherits": list(inherits), **more}
    assert maker.client.post("/admin/roles", body).status_code == 201
    return name


def change(maker, name, **body):
    return maker.client.patch(f"/admin/roles/{name}", body)


def may_read_users(person):
    answer = person.client.get("/admin/users?limit=1")
    assert answer.status_code == 200 or refusal(answer) == FORBIDDEN
    return answer.status_code == 200


@SQLITE_ONLY
def test_three_roles_exist_initially(root):
    first, second, third, *_ = root.client.get("/admin/roles").json()["items"]
    assert [role["name"] for role in (first, second, third)] == ["user", "admin", "superuser"]
    assert first["permissions"] == []
    only_superuser = {"roles:write", "users:impersonate"}
    assert {*second["permissions"], *only_superuser} == set(third["permissions"]) == set(roles.PERMISSIONS)
    assert root.client.get("/admin/roles/admin").json() == second


def test_role_is_created_read_changed_and_deleted(root):
    name = new_role(root, "users:read", "users:read", inherits=["user"], description="Answers the phone")
    made = {"name": name, "description": "Answers the phone", "permissions": ["users:read"], "inherits": ["user"]}
    assert root.client.get(f"/admin/roles/{name}").json() == made
    assert change(root, name, description="Answers letters").json() == made | {"description": "Answers letters"}
    assert made | {"description": "Answers letters"} in root.client.get("/admin/roles").json()["items"]
    assert root.client.delete(f"/admin/roles/{name}").status_code == 204
    assert refusal(root.client.get(f"/admin/roles/{name}")) == UNKNOWN
    assert refusal(root.client.delete(f"/admin/roles/{name}")) == UNKNOWN


def long_roles(maker, number):
    names = [f"r{secrets.token_hex(31)}" for _ in range(number)]
    for name in names:
        assert maker.client.post("/admin/roles", {"name": name}).status_code == 201
    return names


@SQLITE_ONLY
def test_roles_that_do_not_fit_in_a_token_are_rejected(service, root):
    """Otherwise the token would be too long, which would lock out the account and even the last superuser."""
    person = with_roles(service, root, "rita", "user")
    names = long_roles(root, 14)
    answer = root.client.put(f"/admin/users/{person.user_id}/roles", {"roles": names})
    assert refusal(answer) == INVALID
    assert answer.json()["errors"][0]["field"] == "roles"
    assert "800" in answer.json()["errors"][0]["message"]
    assert root.client.put(f"/admin/users/{person.user_id}/roles", {"roles": names[:12]}).status_code == 200
    assert person.log_in().status_code == 200
    assert len(person.tokens["access_token"]) < 2000
    assert person.is_logged_in()


@SQLITE_ONLY
def test_token_with_all_roles_of_an_earlier_release_is_accepted(service, root, configure, monkeypatch):
    person = with_roles(service, root, "rita", "user")
    monkeypatch.setattr(roles, "MAX_CHARACTERS_IN_TOKEN", 10_000)
    names = long_roles(root, 50)
    assert root.client.put(f"/admin/users/{person.user_id}/roles", {"roles": names}).status_code == 200
    assert person.log_in().status_code == 200
    assert 4096 < len(person.tokens["access_token"]) < 6144
    assert person.is_logged_in()


@SQLITE_ONLY
def test_token_without_room_for_roles_omits_them_and_is_accepted(service, root, monkeypatch):
    person = with_roles(service, root, "rita", "user", "admin")
    monkeypatch.setattr(access_tokens, "MAX_LENGTH", len(person.log_in().json()["access_token"]) - 1)
    assert person.log_in().status_code == 200
    assert jwt.decode(person.tokens["access_token"], options={"verify_signature": False})["roles"] == []
    assert may_read_users(person)  # by the roles in the database


@SQLITE_ONLY
def test_change_applies_to_the_next_request(service, root):
    reader = new_role(root, "users:read")
    person = with_roles(service, root, "rita", "user", reader)
    assert may_read_users(person)
    change(root, reader, permissions=["audit:read"])
    assert not may_read_users(person)
    assert person.client.get("/admin/audit?limit=1").status_code == 200
    root.client.put(f"/admin/users/{person.user_id}/roles", {"roles": ["user"]})
    assert refusal(person.client.get("/admin/audit")) == FORBIDDEN


@SQLITE_ONLY
def test_role_names_are_in_the_access_token(service, root):
    reader = new_role(root, "users:read")
    person = with_roles(service, root, "rita", "user", reader)
    person.log_in()
    claims = jwt.decode(person.client.token, options={"verify_signature": False})
    assert claims["roles"] == person.me()["roles"] == sorted(["user", reader])


def test_permissions_are_inherited_over_any_number_of_levels(service, root):
    lowest = new_role(root, "users:read")
    highest = lowest
    for _ in range(5):
        highest = new_role(root, inherits=[highest, "user"])
    person = with_roles(service, root, "rita", highest)
    assert may_read_users(person)
    change(root, lowest, permissions=[])
    assert not may_read_users(person)


@SQLITE_ONLY
def test_role_cannot_gain_permissions_through_an_inherited_role(service, root):
    view = new_role(root, "users:read")
    big = new_role(root, "users:write", inherits=[view])
    keeper = with_roles(service, root, "kate", "user", new_role(root, "roles:read", "roles:write", "users:read"))
    for permissions in ([], ["roles:write"]):
        assert refusal(change(keeper, view, permissions=permissions)) == FORBIDDEN
    assert root.client.get(f"/admin/roles/{view}").json()["permissions"] == ["users:read"]
    assert change(root, view, permissions=[]).status_code == 200
    assert root.client.get(f"/admin/roles/{big}").status_code == 200


def test_inheritance_cycle_is_rejected_and_changes_nothing(root):
    lowest = new_role(root, "users:read")
    middle = new_role(root, inherits=[lowest])
    highest = new_role(root, inherits=[middle])
    for circle in ([lowest], [middle], [highest], ["user", highest]):
        answer = change(root, lowest, inherits=circle)
        assert (refusal(answer), answer.json()["errors"][0]["field"]) == (INVALID, "inherits")
    itself = root.client.post("/admin/roles", {"name": "narcissus", "inherits": ["narcissus"]})
    assert refusal(itself) == INVALID
    assert root.client.get(f"/admin/roles/{lowest}").json()["inherits"] == []


def test_one_of_two_concurrent_changes_that_form_a_cycle_is_rejected(root):
    for _ in range(5):
        one, other = new_role(root), new_role(root)
        answers = at_once(
            lambda a=one, b=other: change(root, a, inherits=[b]), lambda a=one, b=other: change(root, b, inherits=[a])
        )
        assert statuses(answers) == [200, 422]


@SQLITE_ONLY
@pytest.mark.parametrize("name", roles.BUILT_IN)
def test_built_in_role_cannot_be_changed(root, name):
    before = root.client.get(f"/admin/roles/{name}").json()
    for body in ({"permissions": ["users:read"]}, {"inherits": []}, {"description": "Mine"}, {}):
        assert refusal(change(root, name, **body)) == FORBIDDEN
    answer = root.client.delete(f"/admin/roles/{name}")
    assert (refusal(answer), answer.json()["detail"]) == (FORBIDDEN, "A built-in role cannot be changed or deleted.")
    assert refusal(root.client.post("/admin/roles", {"name": name})) == (409, "conflict")
    assert root.client.get(f"/admin/roles/{name}").json() == before


@SQLITE_ONLY
def test_assigned_role_cannot_be_deleted(service, root):
    held, inherited = new_role(root), new_role(root)
    heir = new_role(root, inherits=[inherited])
    person = with_roles(service, root, "rita", "user", held)
    assert refusal(root.client.delete(f"/admin/roles/{held}")) == USED
    assert refusal(root.client.delete(f"/admin/roles/{inherited}")) == USED
    assert person.client.delete("/users/me", {"password": person.password}).status_code == 204
    for name in (held, heir, inherited):
        assert root.client.delete(f"/admin/roles/{name}").status_code == 204


def test_role_cannot_be_assigned_and_deleted_concurrently(root, alice):
    for _ in range(8):
        name = new_role(root)
        given, deleted = at_once(
            lambda n=name: root.client.put(f"/admin/users/{alice.user_id}/roles", {"roles": [n]}),
            lambda n=name: root.client.delete(f"/admin/roles/{n}"),
        )
        assert (given.status_code, deleted.status_code) in ((200, 409), (422, 204))
        assert (name in alice.me()["roles"]) == (given.status_code == 200)


def test_of_ten_concurrent_creations_of_a_role_one_succeeds(root):
    name = f"r{secrets.token_hex(5)}"
    answers = at_once(*[lambda: root.client.post("/admin/roles", {"name": name})] * 10)
    assert statuses(answers) == [201] + [409] * 9


@SQLITE_ONLY
@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": "A B"}, {"name": "a,b"}, {"name": "a" * 65}, {"name": "rÿ"}, {"name": 5},
     {"name": "r1", "permissions": ["users:*"]}, {"name": "r1", "permissions": "users:read"},
     {"name": "r1", "inherits": ["no-such-role"]}, {"name": "r1", "description": "a\u202eb"},
     {"name": "r1", "description": "x" * 257}, {"name": "r1", "inherits": ["user"] * 51}],
    ids=lambda body: str(body)[:40],
)  # fmt: skip
def test_invalid_role_is_rejected(root, body):
    assert refusal(root.client.post("/admin/roles", body)) == INVALID
    assert refusal(root.client.get("/admin/roles/r1")) == UNKNOWN


class TestPrivilegeRules:
    """A role manager, who can read accounts and change roles, and nothing else."""

    @pytest.fixture
    def own(self, root):
        return new_role(root, "roles:read", "roles:write", "users:read")

    @pytest.fixture
    def maker(self, service, root, own):
        return with_roles(service, root, "max", "user", own)

    @SQLITE_ONLY
    def test_created_role_cannot_have_permissions_that_its_creator_lacks(self, maker):
        for more in ({"permissions": ["audit:read"]}, {"inherits": ["admin"]}, {"inherits": ["superuser"]}):
            assert refusal(maker.client.post("/admin/roles", {"name": "ladder", **more})) == FORBIDDEN
        assert refusal(maker.client.get("/admin/roles/ladder")) == UNKNOWN
        assert new_role(maker, "users:read")

    @SQLITE_ONLY
    def test_own_role_cannot_gain_permissions(self, maker, own):
        for more in ({"permissions": ["roles:write", "users:write"]}, {"inherits": ["admin"]}):
            assert refusal(change(maker, own, **more)) == FORBIDDEN
        assert refusal(maker.client.get("/admin/audit")) == FORBIDDEN

    @SQLITE_ONLY
    def test_more_privileged_role_cannot_be_changed_or_deleted(self, root, maker):
        higher = new_role(root, "users:read", "audit:read")
        assert refusal(change(maker, higher, permissions=["users:read"])) == FORBIDDEN
        assert refusal(maker.client.delete(f"/admin/roles/{higher}")) == FORBIDDEN

    @SQLITE_ONLY
    def test_all_permissions_do_not_make_a_superuser(self, service, root):
        almighty = with_roles(service, root, "zoe", new_role(root, *roles.PERMISSIONS))
        assert refusal(almighty.client.post("/admin/roles", {"name": "r2", "inherits": ["superuser"]})) == FORBIDDEN
        heir = new_role(root, inherits=["superuser"])
        for names in (["superuser"], [heir]):
            for person in (almighty, root):
                answer = almighty.client.put(f"/admin/users/{person.user_id}/roles", {"roles": names})
                assert refusal(answer) == FORBIDDEN

    @SQLITE_ONLY
    def test_inheriting_superuser_makes_a_superuser(self, service, root):
        heir = new_role(root, inherits=["superuser"])
        person = with_roles(service, root, "ida", heir)
        with tables.superusers(root.user_id):
            assert refusal(change(person, heir, inherits=[])) == (409, "last_superuser")
            assert refusal(person.client.delete("/users/me", {"password": person.password})) == (409, "last_superuser")
            assert may_read_users(person)
        assert change(person, heir, inherits=[]).status_code == 200
        assert not may_read_users(person)
