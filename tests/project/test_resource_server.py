"""The example resource server, which accepts access tokens of this service."""

import contextlib
import os
import secrets
import subprocess
import sys
import time

import httpx2
import pytest

from people import Person
from servers import PROJECT, free_port


@pytest.fixture
def resource_server(start):
    token, port = secrets.token_urlsafe(32), free_port()
    accounts = start(ALGORITHM="ES256", INTERNAL_SERVICE_TOKEN=token, wait=False)
    accounts.stop()
    accounts.environment["PUBLIC_BASE_URL"] = accounts.url
    accounts.start()
    example = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port)],
        cwd=PROJECT / "examples" / "resource_server",
        env={**os.environ, "ACCOUNTS_URL": accounts.url, "INTERNAL_SERVICE_TOKEN": token, "ALGORITHM": "ES256"},
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
    assert statuses(alice.tokens["access_token"]) == [200, 401], "introspection reports the logout at once"
