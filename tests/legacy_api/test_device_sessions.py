"""A client of the Authentication Service: a verification link that acts on GET, sessions by device, /change."""

import httpx2
import pytest

from databases import SQLITE_ONLY
from people import Client, new_email, new_password, refusal, token_in
from proxy import ALSO_THROUGH_A_PROXY


@pytest.fixture(autouse=True)
def _as_there(configure):
    configure(email_verification="required")


@pytest.fixture
def account(base_url, mailbox):
    """A user who registered and opened the link."""
    client, email, password = Client(base_url), new_email("ann"), new_password()
    assert client.post("/auth/register", {"email": email, "username": "ann", "password": password}).status_code == 202
    assert refusal(client.post("/auth/login", {"email": email, "password": password})) == (403, "email_not_verified")
    token = token_in(mailbox.wait_for(email, containing="/verify-email"))
    assert client.get("/email/confirm-email", params={"token": token, "email": email}).json()["is_verified"] is True
    return email, password


def device(base_url, account, agent):
    client = Client(base_url, headers={"User-Agent": agent})
    tokens = client.post("/auth/login", {"email": account[0], "password": account[1]}).json()
    assert {"access_token", "refresh_token"} <= tokens.keys()
    client.token = tokens["access_token"]
    return client


@SQLITE_ONLY
def test_each_device_has_its_own_session(base_url, account):
    laptop, phone = device(base_url, account, "Laptop"), device(base_url, account, "Phone")
    assert {s["user_agent"] for s in laptop.get("/users/me/sessions").json()} == {"Laptop", "Phone"}
    assert laptop.post("/auth/logout").status_code == 204
    assert refusal(laptop.get("/users/get-current-user")) == (401, "not_authenticated")
    assert phone.get("/users/get-current-user").json()["email"] == account[0]


@SQLITE_ONLY
def test_oauth_password_grant(base_url, account):
    form = {"grant_type": "password", "username": account[0], "password": account[1]}
    answer = Client(base_url).post("/auth/token", data=form).json()
    assert Client(base_url, answer["access_token"]).get("/users/get-current-user").json()["email"] == account[0]


def test_profile_changes(base_url, account, mailbox):
    client = device(base_url, account, "Laptop")
    assert client.patch("/change/change-username", {"username": "Annie"}).json()["username"] == "Annie"
    second, moved = new_password(), new_email("annie")
    body = {"old_password": account[1], "new_password": second}
    assert client.patch("/change/change-password", body).status_code == 200
    assert client.patch("/change/change-email", {"new_email": moved}).status_code == 202
    token = token_in(mailbox.wait_for(moved, containing="/confirm-email-change"))
    assert client.get("/email/confirm-email", params={"token": token, "email": moved}).json()["email"] == moved
    assert Client(base_url).post("/auth/login", {"email": moved, "password": second}).status_code == 200


@SQLITE_ONLY
def test_account_deletion(base_url, account):
    client = device(base_url, account, "Laptop")
    assert client.delete("/change/delete-user").status_code == 204
    answer = Client(base_url).post("/auth/login", {"email": account[0], "password": account[1]})
    assert refusal(answer) == (401, "invalid_credentials")


@SQLITE_ONLY
def test_later_deletion_requires_the_password(base_url, account, clock):
    client = device(base_url, account, "Laptop")
    clock.shift(6 * 60)
    assert refusal(client.delete("/change/delete-user")) == (403, "reauthentication_required")
    assert client.delete("/change/delete-user", {"password": account[1]}).status_code == 204


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
def test_reset_returns_a_new_password(base_url, account, mailbox, configure):
    configure(password_require=("upper", "lower", "digit", "symbol"), password_min_length=64)
    client = Client(base_url)
    assert client.post("/change/request-password-reset", params={"email": account[0]}).status_code == 202
    token = token_in(mailbox.wait_for(account[0], containing="/reset-password"))
    query = {"token_check_redis": token, "email": account[0]}
    answer = client.get("/change/reset-password", params=query)
    assert answer.json().keys() == {"new_password", "message"}
    body = {"email": account[0], "password": answer.json()["new_password"]}
    assert client.post("/auth/login", body).status_code == 200
    assert refusal(client.get("/change/reset-password", params=query)) == (400, "invalid_token")


def test_users_by_id_and_list(base_url, account, service, configure):
    client = device(base_url, account, "Laptop")
    me = client.get("/users/get-current-user").json()
    for known_as in (me["id"], me["user_id"]):
        assert client.get(f"/users/get-user-by-id/{known_as}").json() == me
    assert refusal(client.get("/users/get-user-by-id/suvodutta")) == (403, "forbidden")
    assert refusal(client.get("/users/get-all-users")) == (403, "forbidden")
    assert refusal(Client(base_url).get("/users/get-user-by-id/1")) == (401, "not_authenticated")


def test_administrator_lists_all_users(base_url, account, root):
    mine = device(base_url, account, "Laptop").get("/users/get-current-user").json()
    admin = Client(base_url, root.client.token)
    everybody = admin.get("/users/get-all-users").json()
    assert isinstance(everybody, list)
    assert mine in everybody
    assert admin.get(f"/users/get-user-by-id/{mine['id']}").json() == mine
    assert refusal(admin.get("/users/get-user-by-id/999999999")) == (404, "not_found")
    assert refusal(admin.get(f"/users/get-user-by-id/{'9' * 30}")) == (404, "not_found")


@SQLITE_ONLY
def test_opened_link_ends_other_sessions_but_not_that_in_the_cookies(base_url, mailbox, configure):
    configure(email_verification="optional")
    page, mallory, email, password = (
        {"Origin": "http://localhost:3000"},
        Client(base_url),
        new_email("ann"),
        new_password(),
    )
    with httpx2.Client(base_url=base_url, trust_env=False) as browser:
        new = {"email": email, "username": "ann", "password": password}
        assert browser.post("/auth/register?use_cookies=true", json=new, headers=page).status_code == 201
        elsewhere = mallory.post("/auth/login", {"email": email, "password": password}).json()["access_token"]
        token = token_in(mailbox.wait_for(email, containing="/verify-email"))
        assert (
            browser.get("/email/confirm-email", params={"token": token, "email": email}).json()["is_verified"] is True
        )
        assert browser.get("/users/me").json()["is_verified"] is True
        assert refusal(Client(base_url, token=elsewhere).get("/users/me")) == (401, "not_authenticated")


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/email/confirm-email", "/change/reset-password"])
def test_get_actions_can_be_disabled(base_url, account, mailbox, configure, path):
    client = Client(base_url)
    client.post("/change/request-password-reset", params={"email": account[0]})
    token = token_in(mailbox.wait_for(account[0], containing="/reset-password"))
    configure(legacy_get_actions=False)
    query = {"token": token, "token_check_redis": token, "email": account[0]}
    assert refusal(client.get(path, params=query)) == (404, "not_found")
    configure(legacy_get_actions=True)
    assert client.get("/change/reset-password", params=query).status_code == 200, "nothing was used up"


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
def test_link_with_the_email_address_of_another_account_is_rejected_and_stays_valid(base_url, mailbox):
    """Also of the canonical routes, whose body may contain the address."""
    client, email, password = Client(base_url), new_email("ann"), new_password()
    client.post("/auth/register", {"email": email, "username": "ann", "password": password})
    token = token_in(mailbox.wait_for(email, containing="/verify-email"))
    query = {"token": token, "email": new_email("bob")}
    assert refusal(client.get("/email/confirm-email", params=query)) == (400, "invalid_token")
    assert refusal(client.post("/auth/verify-email", query)) == (400, "invalid_token")
    query["email"] = email.upper()
    assert client.get("/email/confirm-email", params=query).json()["is_verified"] is True
    client.post("/change/request-password-reset", params={"email": email})
    token = token_in(mailbox.wait_for(email, containing="/reset-password"))
    query = {"token_check_redis": token, "email": new_email("bob")}
    assert refusal(client.get("/change/reset-password", params=query)) == (400, "invalid_token")
    body = {"token": token, "email": new_email("bob"), "new_password": new_password()}
    assert refusal(client.post("/auth/reset-password/confirm", body)) == (400, "invalid_token")
    assert client.post("/auth/login", {"email": email, "password": password}).status_code == 200
    assert refusal(client.get("/change/reset-password", params=query | {"email": ""})) == (422, "validation_error")
    query["email"] = email
    assert client.get("/change/reset-password", params=query).json()["new_password"]


@SQLITE_ONLY
@pytest.mark.parametrize(
    "query", [{}, {"token": ""}, {"token": "x", "email": "y"}, {"token": "\0"}, {"email": "x" * 9000}]
)
def test_invalid_links(base_url, query):
    for path in ("/email/confirm-email", "/change/reset-password"):
        assert Client(base_url).get(path, params=query).status_code in (400, 422)
    assert Client(base_url).post("/change/request-password-reset", params=query).status_code == 422


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("method", "path", "field"),
    [("GET", "/change/reset-password", "token"), ("POST", "/change/request-password-reset", "email")],
)
def test_missing_parameter_is_reported_as_missing(base_url, method, path, field):
    answer = Client(base_url)._request(method, path, None)
    assert answer.status_code == 422
    assert (field, "missing") in [(each["field"], each["code"]) for each in answer.json()["errors"]]


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
def test_head_requests_use_nothing_up(base_url, mailbox):
    client, email = Client(base_url), new_email("ann")
    client.post("/auth/register", {"email": email, "username": "ann", "password": new_password()})
    token = token_in(mailbox.wait_for(email, containing="/verify-email"))
    looked = httpx2.head(f"{base_url}/email/confirm-email", params={"token": token}, trust_env=False)
    assert looked.status_code in (404, 405)
    assert client.get("/email/confirm-email", params={"token": token}).status_code == 200
