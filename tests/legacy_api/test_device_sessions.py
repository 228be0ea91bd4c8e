"""A client of the Authentication Service: a verification link that acts on GET, sessions by device, /change."""

import httpx2
import pytest

from databases import SQLITE_ONLY
from people import Client, new_email, new_password, refusal, token_in


@pytest.fixture(autouse=True)
def _as_there(configure):
    configure(email_verification="required")


@pytest.fixture
def account(door, mailbox):
    """A user who registered and opened the link."""
    client, email, password = Client(door), new_email("ann"), new_password()
    assert client.post("/auth/register", {"email": email, "username": "ann", "password": password}).status_code == 202
    assert refusal(client.post("/auth/login", {"email": email, "password": password})) == (403, "email_not_verified")
    token = token_in(mailbox.wait_for(email, containing="/verify-email"))
    assert client.get("/email/confirm-email", params={"token": token, "email": email}).json()["is_verified"] is True
    return email, password


def device(door, account, agent):
    client = Client(door, headers={"User-Agent": agent})
    tokens = client.post("/auth/login", {"email": account[0], "password": account[1]}).json()
    assert {"access_token", "refresh_token"} <= tokens.keys()
    client.token = tokens["access_token"]
    return client


def test_each_device_has_its_own_session(door, account):
    laptop, phone = device(door, account, "Laptop"), device(door, account, "Phone")
    assert {s["user_agent"] for s in laptop.get("/users/me/sessions").json()} == {"Laptop", "Phone"}
    assert laptop.post("/auth/logout").status_code == 204
    assert refusal(laptop.get("/users/get-current-user")) == (401, "not_authenticated")
    assert phone.get("/users/get-current-user").json()["email"] == account[0]


def test_oauth_password_grant(door, account):
    form = {"grant_type": "password", "username": account[0], "password": account[1]}
    answer = Client(door).post("/auth/token", data=form).json()
    assert Client(door, answer["access_token"]).get("/users/get-current-user").json()["email"] == account[0]


def test_profile_changes(door, account, mailbox):
    client = device(door, account, "Laptop")
    assert client.patch("/change/change-username", {"username": "Annie"}).json()["username"] == "Annie"
    second, moved = new_password(), new_email("annie")
    body = {"old_password": account[1], "new_password": second}
    assert client.patch("/change/change-password", body).status_code == 200
    assert client.patch("/change/change-email", {"new_email": moved}).status_code == 202
    token = token_in(mailbox.wait_for(moved, containing="/confirm-email-change"))
    assert client.get("/email/confirm-email", params={"token": token, "email": moved}).json()["email"] == moved
    assert Client(door).post("/auth/login", {"email": moved, "password": second}).status_code == 200


def test_account_deletion(door, account):
    client = device(door, account, "Laptop")
    assert client.delete("/change/delete-user").status_code == 204
    answer = Client(door).post("/auth/login", {"email": account[0], "password": account[1]})
    assert refusal(answer) == (401, "invalid_credentials")


def test_later_deletion_requires_the_password(door, account, clock):
    client = device(door, account, "Laptop")
    clock.shift(6 * 60)
    assert refusal(client.delete("/change/delete-user")) == (403, "reauthentication_required")
    assert client.delete("/change/delete-user", {"password": account[1]}).status_code == 204


def test_reset_returns_a_new_password(door, account, mailbox, configure):
    configure(password_require=("upper", "lower", "digit", "symbol"), password_min_length=64)
    client = Client(door)
    assert client.post("/change/request-password-reset", params={"email": account[0]}).status_code == 202
    token = token_in(mailbox.wait_for(account[0], containing="/reset-password"))
    query = {"token_check_redis": token, "email": account[0]}
    answer = client.get("/change/reset-password", params=query)
    assert answer.json().keys() == {"new_password", "message"}
    body = {"email": account[0], "password": answer.json()["new_password"]}
    assert client.post("/auth/login", body).status_code == 200
    assert refusal(client.get("/change/reset-password", params=query)) == (400, "invalid_token")


def test_users_by_id_and_list(door, account, service, configure):
    client = device(door, account, "Laptop")
    me = client.get("/users/get-current-user").json()
    for known_as in (me["id"], me["user_id"]):
        assert client.get(f"/users/get-user-by-id/{known_as}").json() == me
    assert refusal(client.get("/users/get-user-by-id/suvodutta")) == (403, "forbidden")
    assert refusal(client.get("/users/get-all-users")) == (403, "forbidden")
    assert refusal(Client(door).get("/users/get-user-by-id/1")) == (401, "not_authenticated")


def test_administrator_lists_all_users(door, account, root):
    mine = device(door, account, "Laptop").get("/users/get-current-user").json()
    admin = Client(door, root.client.token)
    everybody = admin.get("/users/get-all-users").json()
    assert isinstance(everybody, list)
    assert mine in everybody
    assert admin.get(f"/users/get-user-by-id/{mine['id']}").json() == mine
    assert refusal(admin.get("/users/get-user-by-id/999999999")) == (404, "not_found")
    assert refusal(admin.get(f"/users/get-user-by-id/{'9' * 30}")) == (404, "not_found")


@pytest.mark.parametrize("path", ["/email/confirm-email", "/change/reset-password"])
def test_get_actions_can_be_disabled(door, account, mailbox, configure, path):
    client = Client(door)
    client.post("/change/request-password-reset", params={"email": account[0]})
    token = token_in(mailbox.wait_for(account[0], containing="/reset-password"))
    configure(legacy_get_actions=False)
    query = {"token": token, "token_check_redis": token, "email": account[0]}
    assert refusal(client.get(path, params=query)) == (404, "not_found")
    configure(legacy_get_actions=True)
    assert client.get("/change/reset-password", params=query).status_code == 200, "nothing was used up"


@SQLITE_ONLY
@pytest.mark.parametrize(
    "query", [{}, {"token": ""}, {"token": "x", "email": "y"}, {"token": "\0"}, {"email": "x" * 9000}]
)
def test_invalid_links(door, query):
    for path in ("/email/confirm-email", "/change/reset-password"):
        assert Client(door).get(path, params=query).status_code in (400, 422)
    assert Client(door).post("/change/request-password-reset", params=query).status_code == 422


def test_head_requests_use_nothing_up(door, mailbox):
    client, email = Client(door), new_email("ann")
    client.post("/auth/register", {"email": email, "username": "ann", "password": new_password()})
    token = token_in(mailbox.wait_for(email, containing="/verify-email"))
    looked = httpx2.head(f"{door}/email/confirm-email", params={"token": token}, trust_env=False)
    assert looked.status_code in (404, 405)
    assert client.get("/email/confirm-email", params={"token": token}).status_code == 200
