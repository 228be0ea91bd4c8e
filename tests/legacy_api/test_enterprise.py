"""A client of the Enterprise Authentication Microservice: /api/v1, tokens at registration, roles."""

import pytest

from databases import SQLITE_ONLY
from people import Client, new_email, new_password, refusal
from proxy import ALSO_THROUGH_A_PROXY

PASSWORD = new_password()


@pytest.fixture
def registered(base_url):
    """Register with only an email address and a password, and return the response."""
    body = {"email": new_email("ann"), "password": PASSWORD}
    answer = Client(f"{base_url}/api/v1").post("/auth/signup", body)
    assert answer.status_code == 201
    return answer.json()


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
def test_registration_returns_valid_tokens(base_url, registered):
    assert {"access_token", "refresh_token", "token_type"} <= registered.keys()
    client = Client(f"{base_url}/api/v1", registered["access_token"])
    assert client.get("/users/me").json()["email"] == registered["email"]


@SQLITE_ONLY
def test_login_and_refresh_return_new_tokens(base_url, registered):
    client = Client(f"{base_url}/api/v1")
    login = client.post("/auth/login", {"email": registered["email"], "password": PASSWORD}).json()
    fresh = client.post("/auth/refresh", {"refresh_token": login["refresh_token"]}).json()
    assert fresh["refresh_token"] != login["refresh_token"]
    assert Client(f"{base_url}/api/v1", fresh["access_token"]).get("/users/me").status_code == 200
    assert refusal(client.post("/auth/refresh", {"refresh_token": "x"})) == (401, "invalid_refresh_token")


@SQLITE_ONLY
def test_access_and_refresh_tokens_are_not_interchangeable(base_url, registered):
    client = Client(f"{base_url}/api/v1")
    answer = client.post("/auth/refresh", {"refresh_token": registered["access_token"]})
    assert refusal(answer) == (401, "invalid_refresh_token")
    assert Client(f"{base_url}/api/v1", registered["refresh_token"]).get("/users/me").status_code == 401


def test_list_of_users_requires_an_administrator(base_url, registered, root):
    mine = Client(f"{base_url}/api/v1", registered["access_token"])
    assert refusal(mine.get("/admin/users")) == (403, "forbidden")
    listed = Client(f"{base_url}/api/v1", root.client.token).get("/admin/users").json()
    assert registered["user_id"] in {user["user_id"] for user in listed["items"]}
