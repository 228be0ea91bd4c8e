"""A frontend with its service, an OpenID Connect provider, and users with browsers."""

import fcntl
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser_suite import BrowserUser
from certified import CertifiedProvider
from servers import PROJECT, Process, free_port

REACT = PROJECT / "examples" / "react"
NEXT = PROJECT / "examples" / "nextjs"
EXPIRES = """() => {
  const kept = JSON.parse(localStorage.getItem("credential-session"));
  const expired = { ...kept, expiresAt: 0, ...(kept.accessToken && { accessToken: "e.x.pired" }) };
  localStorage.setItem("credential-session", JSON.stringify(expired));
}"""
DIRECTED = 'addEventListener("DOMContentLoaded", () => { document.documentElement.dir = "%s"; });'
sys.path[:0] = [str(PROJECT / folder) for folder in ("clients", "clients/python", "examples", "postman")]


class Stack:
    """The service with the React example in front of it, built for production, each on its own port."""

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


def _preview(into: Path, service: str, port: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "VITE_SERVICE_URL": service}
    vite = [str(REACT / "node_modules" / ".bin" / "vite")]
    build = [*vite, "build", "--logLevel", "error", "--outDir", str(into), "--emptyOutDir"]
    subprocess.run(build, cwd=REACT, env=environment, check=True)
    preview = [*vite, "preview", "--outDir", str(into), "--port", str(port)]
    return subprocess.Popen(preview, cwd=REACT, env=environment, stdout=subprocess.DEVNULL)


class NextStack:
    """The service and the Next.js example in front of it, built as for production, on ports of their own."""

    def __init__(self, folder: Path, *, port: int | None = None, **settings: str) -> None:
        port, site_port = port or free_port(), free_port()
        self.url, self.frontend = f"http://localhost:{port}", f"http://localhost:{site_port}"
        settings = {
            "EMAIL_VERIFICATION": "optional",
            "PUBLIC_BASE_URL": self.url,
            "FRONTEND_BASE_URL": self.frontend,
            "TRUSTED_PROXIES": "127.0.0.1",
            **settings,
        }
        self.service = Process(folder, port=port, wait=False, **settings)
        self._site = _next(self.service.url, self.frontend, site_port, folder / "next.log")
        self.service.wait_until(200)
        _wait_for(f"{self.frontend}/icon.svg")

    def close(self) -> None:
        self._site.terminate()
        self._site.wait(10)
        self.service.stop()


def _next(service: str, site: str, port: int, log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SERVICE_URL": service, "SITE_URL": site, "NEXT_TELEMETRY_DISABLED": "1"}
    command = str(NEXT / "node_modules" / ".bin" / "next")
    with (NEXT / "node_modules" / ".build-lock").open("w") as lock:  # pytest-xdist: one process builds
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_outdated(NEXT / ".next" / "BUILD_ID"):
            subprocess.run([command, "build"], cwd=NEXT, env=environment, check=True, stdout=subprocess.DEVNULL)
    with log.open("wb") as out:
        start = [command, "start", "--hostname", "127.0.0.1", "--port", str(port)]
        return subprocess.Popen(start, cwd=NEXT, env=environment, stdout=out, stderr=out)


def _is_outdated(build: Path) -> bool:
    folders = (NEXT, PROJECT / "clients" / "typescript" / "src")
    sources = [
        file for folder in folders for file in folder.rglob("*.*") if not {"node_modules", ".next"} & {*file.parts}
    ]
    written = [file.stat().st_mtime for file in sources if file.suffix in (".ts", ".tsx", ".css", ".json", ".svg")]
    return not build.exists() or max(written) > build.stat().st_mtime


def _wait_for(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer")


class OnTheExample(BrowserUser):
    """`cookies`: whether tokens are stored in cookies. `direction`: "rtl" as on a page in Arabic or Hebrew."""

    pictures = "frontend"

    def __init__(
        self,
        chromium: Browser,
        stack: Stack,
        name: str,
        *,
        cookies: bool = False,
        direction: str = "ltr",
        **context: Any,
    ) -> None:
        super().__init__(chromium, stack.frontend, name, service=stack.url, **context)
        self.cookies = cookies
        if direction != "ltr":
            self.page.add_init_script(DIRECTED % direction)
        if cookies:
            self.open("/login")
            self.keep_tokens_in_cookies()

    def close(self) -> None:
        kept = "" if self.page.url == "about:blank" else self.page.evaluate("JSON.stringify(localStorage)")
        super().close()
        assert not (self.cookies and re.search('eyJ|refreshToken":"', kept)), f"a script can read a token: {kept}"

    def keep_tokens_in_cookies(self) -> None:
        self.page.get_by_text("Developer options").click()
        self.page.get_by_role("switch", name="Keep tokens in cookies").check()

    def opens_card(self, title: str) -> Locator:
        card = self.page.locator("details", has=self.page.get_by_role("heading", name=title))
        card.locator("summary").click()
        return card

    def expire_access_token(self) -> None:
        super().expire_access_token()
        self.page.evaluate(EXPIRES)

    def is_home(self) -> None:
        self.expect_heading(f"Hello, {self.name}")
        expect(self.page.locator(".waiting")).to_have_count(0)  # what loads moves the buttons below it

    def is_confirmed(self) -> None:
        expect(self.page.get_by_text("verified", exact=True)).to_be_visible()

    def is_told(self, sentence: str) -> None:
        """Wait until the text is announced to screen readers."""
        expect(self.alert).to_contain_text(sentence)

    @property
    def alert(self) -> Locator:
        return self.page.get_by_role("alert")

    def reads(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text)


class OnTheNextExample(BrowserUser):
    """A user of the Next.js example. No script of its pages can read a token."""

    pictures = "nextjs"

    def __init__(self, chromium: Browser, stack: NextStack, name: str, **context: Any) -> None:
        super().__init__(chromium, stack.frontend, name, service=stack.url, **context)

    def close(self) -> None:
        if self.page.url.startswith(self.url):
            readable = self.page.evaluate(
                "document.cookie + JSON.stringify([localStorage, sessionStorage]) + document.documentElement.outerHTML"
            )
            assert "eyJ" not in readable
            assert "session_" not in readable
        service = [request.url for request in self.requests if request.url.startswith(self.service)]
        super().close()
        assert not [url for url in service if "/oauth/" not in url], "the browser sends requests to the site only"

    def opens_card(self, title: str) -> Locator:
        card = self.page.locator("details.card", has=self.page.get_by_role("heading", name=title))
        card.locator("summary").click()
        return card

    def cookie(self, name: str) -> str | None:
        return next((cookie["value"] for cookie in self.context.cookies(self.url) if cookie["name"] == name), None)

    def expire_access_token(self) -> None:
        """The browser deletes the access token when it has expired."""
        self.context.clear_cookies(name="session_access")

    def is_home(self) -> None:
        self.expect_heading(f"Hello, {self.name}")

    def is_told(self, sentence: str) -> None:
        """In a live region, so that screen readers announce it."""
        expect(self.page.locator("main [role=alert]")).to_contain_text(sentence)

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)


@pytest.fixture(scope="session")
def provider() -> Iterator[tuple[CertifiedProvider, int]]:
    """A certified OpenID Connect server, and the port of the service registered with it."""
    port = free_port()
    with closing(CertifiedProvider(f"http://localhost:{port}/oauth/company/callback")) as running:
        yield running, port


@pytest.fixture(scope="session")
def stack(provider: tuple[CertifiedProvider, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Users can log in before they verify their email address, and with the company's server."""
    issuer, client_id, client_secret = provider[0].client()
    company = {"ISSUER": issuer, "CLIENT_ID": client_id, "CLIENT_SECRET": client_secret}
    settings = {"OIDC_PROVIDERS": "company"} | {f"OIDC_COMPANY_{name}": value for name, value in company.items()}
    with closing(Stack(tmp_path_factory.mktemp("stack"), port=provider[1], **settings)) as running:
        yield running


@pytest.fixture(scope="session")
def strict_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Users cannot log in before they verify their email address."""
    with closing(Stack(tmp_path_factory.mktemp("strict"), EMAIL_VERIFICATION="required")) as running:
        yield running


@pytest.fixture(scope="session")
def mfa_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Every account must have a second factor."""
    with closing(Stack(tmp_path_factory.mktemp("mfa"), MFA_REQUIRED="all")) as running:
        yield running


@pytest.fixture(scope="session")
def next_provider() -> Iterator[tuple[CertifiedProvider, int]]:
    """As `provider`, for the service behind the Next.js example."""
    port = free_port()
    with closing(CertifiedProvider(f"http://localhost:{port}/oauth/company/callback")) as running:
        yield running, port


@pytest.fixture(scope="session")
def next_stack(
    next_provider: tuple[CertifiedProvider, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NextStack]:
    """Users log in at once, or with the company's server."""
    issuer, client_id, client_secret = next_provider[0].client()
    company = {"ISSUER": issuer, "CLIENT_ID": client_id, "CLIENT_SECRET": client_secret}
    settings = {"OIDC_PROVIDERS": "company"} | {f"OIDC_COMPANY_{name}": value for name, value in company.items()}
    with closing(NextStack(tmp_path_factory.mktemp("next"), port=next_provider[1], **settings)) as running:
        yield running


@pytest.fixture(scope="session")
def strict_next_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NextStack]:
    """Users verify their email address before they log in."""
    with closing(NextStack(tmp_path_factory.mktemp("next-strict"), EMAIL_VERIFICATION="required")) as running:
        yield running


@pytest.fixture(scope="session")
def mfa_next_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NextStack]:
    """Every account must have a second factor."""
    with closing(NextStack(tmp_path_factory.mktemp("next-mfa"), MFA_REQUIRED="all")) as running:
        yield running


@pytest.fixture
def user(comes: Callable[..., Any]) -> Callable[..., OnTheNextExample]:
    """user(next_stack, "alice"): a user of the Next.js example with a browser of their own."""
    return lambda stack, name, **more: comes(OnTheNextExample, stack, name, **more)


@pytest.fixture
def visitor(comes: Callable[..., Any]) -> Callable[..., OnTheExample]:
    """visitor(stack, "alice", cookies=True): a user with their own browser profile."""
    return lambda stack, name, **more: comes(OnTheExample, stack, name, **more)


@pytest.fixture(params=["page", "cookies"])
def cookies(request: pytest.FixtureRequest) -> bool:
    """Run the test in both token modes."""
    return bool(request.param == "cookies")
