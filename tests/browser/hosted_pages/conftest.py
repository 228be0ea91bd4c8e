"""The service with no frontend, a provider to sign in with, and people with a real browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import providers
import pytest
from playwright.sync_api import Browser, sync_playwright
from servers import Process, free_port

from tests.browser.hosted_pages.readers import Reader


@pytest.fixture(scope="session")
def provider() -> Iterator[Any]:
    with closing(providers.STAND_INS["google"]()) as running:
        yield running


@pytest.fixture(scope="session")
def pages(provider: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """As `make run` starts it, but with no frontend: mails lead to its own pages, and wait in the development mailbox."""
    port = free_port()
    settings = {name.upper(): value for name, value in providers.settings_of("google", provider).items()}
    settings |= {
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "FRONTEND_BASE_URL": "",
        "EMAIL_VERIFICATION": "optional",
    }
    running = Process(tmp_path_factory.mktemp("pages"), port=port, **settings)
    running.url = settings["PUBLIC_BASE_URL"]
    yield running
    running.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is not installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield browser
        browser.close()


@pytest.fixture
def person(chromium: Browser, pages: Process) -> Iterator[Callable[..., Reader]]:
    """person("alice", color_scheme="dark"): somebody with a browser of their own."""
    with ExitStack() as open_ones:

        def comes(name: str, **more: Any) -> Reader:
            return open_ones.enter_context(closing(Reader(chromium, pages.url, name, **more)))

        yield comes


@pytest.fixture
def alice(person: Callable[..., Reader]) -> Reader:
    return person("alice")
