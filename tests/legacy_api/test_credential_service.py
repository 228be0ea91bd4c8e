"""A client of the Credential Management Service: a token in the sign-up response, hyphenated paths, and curl."""

import json
import shlex
import subprocess
from typing import Any

import pytest

from databases import SQLITE_ONLY
from people import Client, new_email, new_password, token_in
from proxy import ALSO_THROUGH_A_PROXY
from settings.loading import settings

JSON = '-H "Content-Type: application/json"'
SIGN_UP = {"id", "user_id", "email", "username", "is_active", "is_verified", "verificationToken"}
LOGIN = {"access_token", "token_type", "user_id", "email", "username", "is_active", "is_verified"}


@pytest.fixture(autouse=True)
def _as_there(configure):
    configure(email_verification="optional", expose_verification_token=True)


def test_from_sign_up_to_a_new_password(client, mailbox):
    email, password = new_email("ann"), new_password()
    made = client.post("/auth/signup", {"email": email, "username": "john_doe", "password": password}).json()
    assert made.keys() >= SIGN_UP
    assert (made["is_active"], made["is_verified"]) == (True, False)
    assert isinstance(made["id"], int)
    verified = client.post("/auth/verify-email", {"token": made["verificationToken"]})
    assert verified.json()["is_verified"] is True
    login = client.post("/auth/login", {"email": email, "password": password}).json()
    assert login.keys() >= LOGIN
    assert (login["token_type"], login["is_verified"]) == ("bearer", True)
    client.token, second = login["access_token"], new_password()
    assert client.post("/auth/change-password", {"old_password": password, "new_password": second}).status_code == 200
    assert client.post("/auth/reset-password-request", {"email": email}).status_code == 202
    token, third = token_in(mailbox.wait_for(email, containing="/reset-password")), new_password()
    assert client.post("/auth/reset-password-confirm", {"token": token, "new_password": third}).status_code == 200
    assert Client(client.url).post("/auth/login", {"email": email, "password": third}).status_code == 200


def curl(base_url: str, line: str) -> Any:
    """Return the response of a curl command written for http://localhost:8001, with only the host changed."""
    words = shlex.split(line.replace("http://localhost:8001", base_url))
    said = subprocess.run([*words, "--silent", "--noproxy", "*"], capture_output=True, text=True, check=True).stdout
    return json.loads(said)


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
def test_documented_curl_commands(base_url):
    email = new_email("test")
    curl(base_url, f"""curl -X POST "http://localhost:8001/auth/signup" {JSON} -d '{{"email":"{email}","username":"testuser","password":"testpass123"}}'""")  # fmt: skip
    login = curl(base_url, f"""curl -X POST "http://localhost:8001/auth/login" {JSON} -d '{{"email":"{email}","password":"testpass123"}}'""")  # fmt: skip
    assert login["email"] == email
    changed = curl(base_url, f"""curl -X POST "http://localhost:8001/auth/change-password" -H "Authorization: Bearer {login["access_token"]}" {JSON} -d '{{"old_password":"testpass123","new_password":"newpass123"}}'""")  # fmt: skip
    assert changed == {"message": "Your password has been changed."}
    again = curl(base_url, f"""curl -X POST "http://localhost:8001/auth/login" {JSON} -d '{{"email":"{email}","password":"newpass123"}}'""")  # fmt: skip
    assert again["user_id"] == login["user_id"]


@SQLITE_ONLY
def test_welcome_and_requests_of_other_services(base_url):
    assert Client(base_url).get("/").json()["message"] == "Welcome to the Credential Management Service"
    peer = Client(base_url, headers={"X-Service-Token": settings.internal_service_token[0]})
    assert peer.post("/internal/introspect", {"token": "none"}).json() == {"active": False}
