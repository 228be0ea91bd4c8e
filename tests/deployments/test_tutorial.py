"""The tutorial and the guide to protecting an API: their commands and code work as printed."""

import contextlib
import importlib.util
import os
import re
import secrets
import subprocess
import sys
import time

import httpx2
import pytest
from fastapi import HTTPException

from servers import PROJECT, free_port

BLOCK = re.compile(r"```(\w+)(?: title=(\S+))?\n(.*?)```", re.S)
# These start a server or install something.
ELSEWHERE = ("make", "python3 -m venv")


def blocks(page: str) -> list[tuple[str, str, str]]:
    return BLOCK.findall((PROJECT / "docs" / page).read_text("utf-8"))


@pytest.fixture
def accounts(start):
    """The service as the pages configure it, with its real URL as the issuer."""
    token = secrets.token_urlsafe(32)
    running = start(EMAIL_VERIFICATION="required", ALGORITHM="ES256", INTERNAL_SERVICE_TOKEN=token, wait=False)
    running.stop()
    running.environment["PUBLIC_BASE_URL"] = running.url
    running.start()
    return running


def script_of(page: str) -> str:
    bash = (text for language, _, text in blocks(page) if language == "bash")
    return "".join(text for text in bash if not text.startswith(ELSEWHERE))


def run(script: str, accounts, **variables: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail"], input=script.replace("http://localhost:8000", accounts.url), env={**os.environ, **variables},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def notes(accounts, tmp_path):
    ((_, name, code),) = [block for block in blocks("getting-started.md") if block[1]]
    (tmp_path / name).write_text(code.replace("http://localhost:8000", accounts.url), "utf-8")
    url = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "uvicorn", "notes:app", "--port", url.rpartition(":")[2]]
    running = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    for _ in range(100):
        with contextlib.suppress(httpx2.HTTPError):
            httpx2.get(f"{url}/docs", trust_env=False)
            break
        time.sleep(0.1)
    yield url
    running.terminate()
    running.wait(10)


def test_tutorial(accounts, notes):
    script = script_of("getting-started.md").replace("http://localhost:8001", notes)
    assert script.count("curl") == 7
    printed = run(script, accounts)
    for part in ("message", '"is_verified":true', '"username":"Alice"', '"notes":[]'):
        assert part in printed
    assert printed.count("Log in first") == 1, "only the last request has a token that was changed"


def test_guide_to_protecting_an_api(accounts, tmp_path):
    code = {name: text for _, name, text in blocks("protect-an-api.md") if name}

    def module(name):
        path = tmp_path / f"{name}.py"
        path.write_text(code[path.name].replace("http://localhost:8000", accounts.url), "utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
        return found

    tokens, step_up = module("tokens"), module("step_up")

    run(script_of("getting-started.md").partition("curl -s http://localhost:8001")[0], accounts)
    login = httpx2.post(
        f"{accounts.url}/auth/login",
        json={"email": "alice@example.com", "password": "a horse, a battery"},
        trust_env=False,
    ).json()
    access = login["access_token"]
    assert tokens.claims(access)["email"] == "alice@example.com"
    for wrong in (login["refresh_token"], "rubbish", f"{access}x"):
        with pytest.raises(tokens.Unauthorized):
            tokens.claims(wrong)
    with pytest.raises(HTTPException) as refused:
        step_up.for_payments(tokens.claims(access))
    assert refused.value.headers["WWW-Authenticate"].startswith('Bearer error="insufficient_user_authentication"')
    now = time.time()
    assert step_up.for_payments({"acr": "aal2", "auth_time": now})
    for late in ({"auth_time": now - 301}, {"auth_time": now, "acr_time": now - 301}):
        with pytest.raises(HTTPException):
            step_up.for_payments({"acr": "aal2", **late})

    token = accounts.environment["INTERNAL_SERVICE_TOKEN"]
    assert '"active":true' in run(script_of("protect-an-api.md"), accounts, SERVICE_TOKEN=token, ACCESS_TOKEN=access)
