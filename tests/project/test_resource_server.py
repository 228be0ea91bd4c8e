"""The example resource server, which accepts access tokens of this service."""

import contextlib
import os
import secrets
import subprocess
import sys
import time

import httpx2
import pytest

from authenticator_app import AuthenticatorApp
from people import Client, Person
from servers import PROJECT, Process, free_port

REVOCATION_FEED_SECONDS = 5  # the default
PASSWORD = "a superuser, nothing else"


@pytest.fixture(scope="module")
def resource_server(tmp_path_factory):
    token, port, accounts_port = secrets.token_urlsafe(32), free_port(), free_port()
    accounts = Process(
        tmp_path_factory.mktemp("accounts"),
        port=accounts_port,
        PUBLIC_BASE_URL=f"http://127.0.0.1:{accounts_port}",
        ALGORITHM="ES256",
        INTERNAL_SERVICE_TOKEN=token,
        OIDC_PROVIDER="true",
        SUPERUSER_USER_ID="root",
        SUPERUSER_EMAIL="root@example.com",
        SUPERUSER_PASSWORD=PASSWORD,
    )
    example = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port)],
        cwd=PROJECT / "examples" / "resource_server",
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT / "clients" / "python"),
            "ACCOUNTS_URL": accounts.url,
            "INTERNAL_SERVICE_TOKEN": token,
            "ALGORITHM": "ES256",
        },
    )
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10) as client:
        for _ in range(100):
            with contextlib.suppress(httpx2.HTTPError):
                client.get("/docs")
                break
            time.sleep(0.1)
        yield accounts, client
    example.terminate()
    example.wait(10)
    accounts.kill()


def test_it_accepts_valid_tokens_only(resource_server):
    accounts, client = resource_server
    alice = Person(accounts, "alice")
    alice.sign_up()

    def statuses(token: str) -> list[int]:
        return [
            client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code
            for path in ("/by-keys", "/by-asking")
        ]

    assert statuses(alice.tokens["access_token"]) == [200, 200]
    for wrong in (alice.tokens["refresh_token"], "rubbish", alice.tokens["access_token"][:-4] + "AAAA"):
        assert statuses(wrong) == [401, 401]
    assert alice.client.post("/auth/logout").status_code == 204
    assert statuses(alice.tokens["access_token"])[1] == 401, "introspection reports the logout at once"
    ended_at = time.monotonic()
    while statuses(alice.tokens["access_token"])[0] == 200:
        assert time.monotonic() - ended_at < REVOCATION_FEED_SECONDS, "the list reports it within its bound"
        time.sleep(0.1)
    assert client.get("/health").json()["age_of_revocations"] < REVOCATION_FEED_SECONDS


def test_it_does_not_take_the_token_of_an_application_for_a_login(resource_server):
    accounts, client = resource_server
    root = Client(accounts.url)
    root.token = root.post("/auth/login", {"email": "root@example.com", "password": PASSWORD}).json()["access_token"]
    scopes = {"grant_types": ["client_credentials"], "redirect_uris": [], "scopes": ["users:read"]}
    job = root.post("/admin/clients", {"name": "Job", "type": "confidential", **scopes}).json()
    login = (job["client_id"], job["client_secret"])
    asked = {"grant_type": "client_credentials", "scope": "users:read"}
    token = httpx2.post(f"{accounts.url}/oauth2/token", data=asked, auth=login, trust_env=False).json()["access_token"]
    assert Client(accounts.url, token).get("/admin/users").status_code == 200
    for path in ("/by-keys", "/by-asking"):
        assert client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 401, path


def test_it_requires_a_recent_login_with_two_factors(resource_server):
    accounts, client = resource_server
    alice = Person(accounts, "alice")
    alice.sign_up()

    def pays(token: str) -> httpx2.Response:
        return client.post("/payments", headers={"Authorization": f"Bearer {token}"})

    refused = pays(alice.tokens["access_token"])
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_user_authentication", acr_values="aal2", max_age=300'
    )
    begun = alice.client.post("/users/me/factors/totp", json={}).json()
    confirm = {"code": AuthenticatorApp(begun["secret"]).code()}
    codes = alice.client.post(f"/users/me/factors/totp/{begun['id']}/confirm", json=confirm).json()["recovery_codes"]
    proof = {"password": alice.password, "recovery_code": codes[0]}
    again = alice.client.post("/auth/reauthenticate", json=proof).json()
    assert pays(again["access_token"]).status_code == 201


def test_it_rejects_users_who_must_set_up_a_second_factor(resource_server):
    accounts, client = resource_server
    accounts.stop()
    accounts.environment["MFA_REQUIRED"] = "all"  # the last test of this file
    accounts.start()
    alice = Person(accounts, "alice")
    alice.sign_up()
    for path in ("/by-keys", "/by-asking"):
        headers = {"Authorization": f"Bearer {alice.tokens['access_token']}"}
        assert client.get(path, headers=headers).status_code == 401
