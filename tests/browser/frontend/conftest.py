"""A frontend with its service, a provider to sign in with, and people with a real browser."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import pytest
from certified import CertifiedProvider
from playwright.sync_api import Browser, sync_playwright
from servers import PROJECT, Process, free_port

from tests.browser.frontend.people_with_browsers import Visitor

REACT = PROJECT / "examples" / "react"
sys.path[:0] = [str(PROJECT / folder) for folder in ("clients", "clients/python", "examples", "postman")]


class Stack:
    """The service and the React example in front of it, built as for production, on ports of their own."""

    def __init__(self, folder: Path, *, port: int | None = None, **settings: str) -> None:
        port, frontend_port = port or free_port(), free_port()
        self.url, self.frontend = f"http://localhost:{port}", f"http://localhost:{frontend_port}"
        self.superuser_password, self.service_token = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        settings = {
            "EMAIL_VERIFICATION": "optional",
            "PUBLIC_BASE_URL": self.url,
            "FRONTEND_BASE_URL": self.frontend,
            "SUPERUSER_PASSWORD": self.superuser_password,
            "INTERNAL_SERVICE_TOKEN": self.service_token,
            **settings,
        }
        self.service = Process(folder, port=port, wait=False, **settings)
        self._preview = _preview(folder / "dist", self.url, frontend_port)
        self.service.wait_until(200)
        _wait_for(self.frontend)

    def close(self) -> None:
        self._preview.terminate()
        self._preview.wait(10)
        self.service.stop()

    def mail(self, to: str, containing: str = "", seconds: float = 10) -> str:
        """The newest mail to an address, as the development mailbox has it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with urllib.request.urlopen(f"{self.url}/dev/mailbox?format=json") as answer:
                texts = [mail["text"] for mail in json.load(answer) if mail["to"] == to]
            found = [text for text in texts if containing in text]
            if found:
                return str(found[0])
            time.sleep(0.05)
        raise AssertionError(f"no mail to {to} containing {containing!r}: {texts}")


def _preview(into: Path, service: str, port: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "VITE_SERVICE_URL": service}
    vite = [str(REACT / "node_modules" / ".bin" / "vite")]
    build = [*vite, "build", "--logLevel", "error", "--outDir", str(into), "--emptyOutDir"]
    subprocess.run(build, cwd=REACT, env=environment, check=True)
    preview = [*vite, "preview", "--outDir", str(into), "--port", str(port)]
    return subprocess.Popen(preview, cwd=REACT, env=environment, stdout=subprocess.DEVNULL)


def _wait_for(url: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer")


@pytest.fixture(scope="session")
def provider() -> Iterator[tuple[CertifiedProvider, int]]:
    """A certified OpenID Connect server, and the port of the service that it knows."""
    port = free_port()
    with closing(CertifiedProvider(f"http://localhost:{port}/oauth/company/callback")) as running:
        yield running, port


@pytest.fixture(scope="session")
def stack(provider: tuple[CertifiedProvider, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """People may log in before they prove their address, and sign in with the company's server."""
    issuer, client_id, client_secret = provider[0].client()
    company = {"ISSUER": issuer, "CLIENT_ID": client_id, "CLIENT_SECRET": client_secret}
    settings = {"OIDC_PROVIDERS": "company"} | {f"OIDC_COMPANY_{name}": value for name, value in company.items()}
    with closing(Stack(tmp_path_factory.mktemp("stack"), port=provider[1], **settings)) as running:
        yield running


@pytest.fixture(scope="session")
def strict_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Nobody logs in before they prove their address."""
    with closing(Stack(tmp_path_factory.mktemp("strict"), EMAIL_VERIFICATION="required")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is not installed"
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """visitor(stack, "alice", cookies=True): somebody with a browser of their own. Nothing they do leaves this machine."""
    with ExitStack() as open_ones:

        def comes(stack: Stack, name: str, **more: Any) -> Visitor:
            return open_ones.enter_context(closing(Visitor(chromium, stack, name, **more)))

        yield comes


@pytest.fixture(params=["page", "cookies"])
def cookies(request: pytest.FixtureRequest) -> bool:
    """A story that asks for it is told in both modes."""
    return bool(request.param == "cookies")
