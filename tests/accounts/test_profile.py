"""The current user, and changes of the display name."""

import json

import pytest

import tables
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import refusal

USER = {"id", "user_id", "email", "username", "locale", "time_zone", "picture_url", "is_active", "is_verified", "roles", "created_at", "updated_at"}  # fmt: skip


@SQLITE_ONLY
def test_current_user_is_returned(alice, bob):
    assert alice.me().keys() == USER
    assert (alice.me()["email"], alice.me()["is_verified"]) == (alice.email, True)
    assert (bob.me()["email"], bob.me()["is_verified"]) == (bob.email, False)


@POSTGRESQL_ONLY
@pytest.mark.parametrize(
    "name", ["Alice Liddell", "x", "愛麗絲", "O'Brien & <Sons>", "a" * 64, "🙂", "Robert'); DROP TABLE users"]
)
def test_new_name_appears_in_every_response(alice, name):
    before = alice.me()
    answer = alice.client.patch("/users/me", {"username": f" {name} "})
    assert (answer.status_code, answer.json()["username"]) == (200, name)
    assert alice.me() == {**before, "username": name, "updated_at": alice.me()["updated_at"]}
    assert alice.me()["updated_at"] > before["updated_at"]
    assert alice.log_in().json()["username"] == name


@SQLITE_ONLY
def test_two_users_can_have_the_same_name(alice, bob):
    assert bob.client.patch("/users/me", {"username": alice.me()["username"]}).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("body", [{}, {"username": None}, {"name": "Mallory"}])
def test_request_without_changes_changes_nothing(alice, body):
    before, mark = alice.me(), tables.newest_event()
    assert alice.client.patch("/users/me", body).json() == before
    assert alice.me() == before
    assert not tables.events(since=mark)


@POSTGRESQL_ONLY
@pytest.mark.parametrize(
    "name", ["", "   ", "a" * 65, "a\nb", "a\0b", "a\u202eb", "\u200b", "http://evil.example", "WWW.evil.example", 1, True, [], {}], ids=ascii
)  # fmt: skip
def test_invalid_name_is_rejected(alice, name):
    before = alice.me()
    body = {"content": json.dumps({"username": name}), "headers": {"Content-Type": "application/json"}}
    answer = alice.client.patch("/users/me", **body)
    assert refusal(answer) == (422, "validation_error")
    assert [error["field"] for error in answer.json()["errors"]] == ["username"]
    assert alice.me() == before


@POSTGRESQL_ONLY
@pytest.mark.parametrize(
    "extra",
    [{"roles": ["superuser"]}, {"is_verified": True}, {"is_active": False}, {"email": "root@example.com"}, {"user_id": "root"},
     {"id": 1}, {"email_proven_at": "2020-01-01T00:00:00Z"}, {"hashed_password": "x"}, {"created_at": "2020-01-01T00:00:00Z"}],
    ids=str,
)  # fmt: skip
def test_extra_fields_are_ignored(bob, extra):
    before = bob.me()
    answer = bob.client.patch("/users/me", {"username": "Bobby", **extra})
    assert answer.json() == {**before, "username": "Bobby", "updated_at": answer.json()["updated_at"]}
    assert bob.log_in().status_code == 200


@SQLITE_ONLY
def test_current_user_requires_a_session(anonymous):
    assert refusal(anonymous.get("/users/me")) == (401, "not_authenticated")
    assert refusal(anonymous.patch("/users/me", {"username": "Mallory"})) == (401, "not_authenticated")


@SQLITE_ONLY
def test_disabled_and_deleted_users_lose_access_immediately(alice, bob):
    tables.disable(alice)
    bob.client.delete("/users/me", {"password": bob.password})
    for person in (alice, bob):
        assert refusal(person.client.get("/users/me")) == (401, "not_authenticated")
        assert refusal(person.client.patch("/users/me", {"username": "X"})) == (401, "not_authenticated")
