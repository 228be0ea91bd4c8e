"""A client of the FastAPI Authentication System: paths below /balance_hub, a 6-digit code, tokens in cookies."""

import pytest

from databases import SQLITE_ONLY
from people import Client, another_code, code_in, new_email, new_password, refusal, token_in
from proxy import ALSO_THROUGH_A_PROXY

PAGE = {"Origin": "http://localhost:3000"}


@pytest.fixture(autouse=True)
def _as_there(configure):
    configure(email_verification="required", access_token_expire_minutes=30)


@pytest.fixture
def account(base_url, mailbox):
    """A user who registered and entered the code."""
    client, email, password = Client(f"{base_url}/balance_hub"), new_email("ann"), new_password()
    body = {"email": email, "username": "ann", "password": password}
    assert client.post("/auth/register", body).status_code == 202
    code = code_in(mailbox.wait_for(email, containing="/verify-email"))
    wrong = client.post("/auth/verify-email", {"email": email, "code": another_code(code)})
    assert refusal(wrong) == (400, "invalid_token")
    assert client.post("/auth/verify-email", {"email": email, "code": code}).json()["is_verified"] is True
    return {"email": email, "password": password}


@SQLITE_ONLY
def test_code_can_be_sent_again(base_url, mailbox):
    client, email = Client(f"{base_url}/balance_hub"), new_email("ann")
    client.post("/auth/register", {"email": email, "username": "ann", "password": new_password()})
    mailbox.wait_for(email, containing="/verify-email")
    mark = mailbox.mark()
    assert client.post("/auth/resend-verification", {"email": email}).status_code == 202
    code = code_in(mailbox.wait_for(email, containing="/verify-email", since=mark))
    assert client.post("/auth/verify-email", {"email": email, "code": code}).status_code == 200


@SQLITE_ONLY
def test_bearer_token_is_accepted(base_url, account):
    client = Client(f"{base_url}/balance_hub")
    answer = client.post("/auth/login", account)
    assert "set-cookie" not in answer.headers
    client.token = answer.json()["access_token"]
    assert client._request("PUT", "/auth/update-user", {"username": "Annie"}).json()["username"] == "Annie"
    assert client.post("/auth/logout").status_code == 204
    assert refusal(client._request("PUT", "/auth/update-user", {"username": "Ann"})) == (401, "not_authenticated")


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
@pytest.mark.parametrize("version", ["", "/api/v1"])
def test_login_sets_cookies_without_being_asked(base_url, account, version):
    page = Client(f"{base_url}{version}/balance_hub", headers=PAGE)
    answer = page.post("/auth/login", account)
    assert answer.json()["access_token"]
    set_there = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in line for line in set_there)
    path = f"{'/accounts' if 'accounts' in base_url else ''}{version}/balance_hub/auth"
    assert [f"Path={path};" in line for line in set_there] == [False, True]
    cookie = "; ".join(line.partition(";")[0] for line in set_there)
    page.headers["Cookie"] = cookie
    assert page._request("PUT", "/auth/update-user", {"username": "Annie"}).json()["username"] == "Annie"
    elsewhere = Client(f"{base_url}/balance_hub", headers={"Cookie": cookie, "Origin": "http://mallory.example"})
    assert refusal(elsewhere._request("PUT", "/auth/update-user", {"username": "M"})) == (403, "cross_site_request")
    assert page.post("/auth/logout").status_code == 204
    assert Client(base_url, headers={"Cookie": cookie}).get("/users/me").status_code == 401


@SQLITE_ONLY
def test_foreign_origin_gets_no_cookies(base_url, account):
    answer = Client(f"{base_url}/balance_hub", headers={"Origin": "http://mallory.example"}).post(
        "/auth/login", account
    )
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    wrong = Client(f"{base_url}/balance_hub", headers=PAGE).post("/auth/login", account | {"password": "wrong"})
    assert refusal(wrong) == (401, "invalid_credentials")
    assert "set-cookie" not in wrong.headers


def test_password_reset(base_url, account, mailbox):
    client = Client(f"{base_url}/balance_hub")
    assert client.post("/auth/password/forget", {"email": account["email"]}).status_code == 202
    token, password = token_in(mailbox.wait_for(account["email"], containing="/reset-password")), new_password()
    assert client.post("/auth/password/reset", {"token": token, "new_password": password}).status_code == 200
    assert client.post("/auth/login", account | {"password": password}).status_code == 200


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
def test_service_routes(base_url):
    client = Client(base_url)
    assert "message" in client.get("/").json()
    assert client.get("/health").status_code == 200
    assert "credential_logins_total" in client.get("/metrics").text
