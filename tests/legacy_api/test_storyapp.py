"""A client of Storyapp's credential service: verified sign-ups, password reset by email, Google and Facebook."""

import jwt
import pytest

from browser import FRONTEND, Visitor
from databases import SQLITE_ONLY
from people import Client, new_email, new_password, refusal, token_in
from proxy import ALSO_THROUGH_A_PROXY
from settings.loading import settings


@pytest.fixture(autouse=True)
def _as_there(configure):
    configure(email_verification="off")


def test_from_sign_up_to_a_new_password(client, mailbox):
    email, password = new_email("ann"), new_password()
    made = client.post("/auth/signup", {"email": email, "username": "ann", "password": password})
    assert made.status_code == 201
    assert made.json()["is_verified"] is True
    login = client.post("/auth/login", {"email": email, "password": password}).json()
    assert login["token_type"] == "bearer"
    client.token = login["access_token"]
    second = new_password()
    assert client.post("/auth/change-password", {"old_password": password, "new_password": second}).status_code == 200
    client.token = None
    assert refusal(client.post("/auth/login", {"email": email, "password": password})) == (401, "invalid_credentials")
    assert client.post("/auth/reset-password/request", {"email": email}).status_code == 202
    token, third = token_in(mailbox.wait_for(email, containing="/reset-password")), new_password()
    assert client.post("/auth/reset-password/confirm", {"token": token, "new_password": third}).status_code == 200
    assert client.post("/auth/login", {"email": email, "password": third}).status_code == 200


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
@pytest.mark.parametrize("name", ["google", "facebook"])
def test_google_and_facebook(name, base_url, sign_in_with, service, configure):
    provider = sign_in_with(name)
    configure(public_base_url=base_url)
    visitor = Visitor(service)
    came = visitor.follow(f"{base_url}/oauth/{name}", clicked_on=FRONTEND)
    assert came.json()["email"] == provider.person["email"]
    claims = jwt.decode(came.json()["access_token"], options={"verify_signature": False})
    assert claims["sub"] == came.json()["user_id"]


@SQLITE_ONLY
def test_default_superuser(base_url):
    peer = Client(base_url, settings.internal_service_token[0])
    found = peer.get("/internal/users/suvodutta").json()
    assert (found["user_id"], found["email"]) == ("suvodutta", "suvodutta.isme@gmail.com")
    assert "superuser" in found["roles"]


@SQLITE_ONLY
@ALSO_THROUGH_A_PROXY
def test_page_on_port_3000_can_send_requests(client):
    asked = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    answer = client.options("/auth/login", headers=asked)
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
