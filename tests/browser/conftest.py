"""A real Chromium for each test process, and test users with their own browser profiles."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser_suite import OURS, BrowserUser
from chromium import launched


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this process, which reaches only this machine."""
    rules = ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in OURS)])
    with sync_playwright() as playwright:
        browser = launched(playwright, rules)
        yield browser
        browser.close()


@pytest.fixture
def comes(chromium: Browser) -> Iterator[Callable[..., BrowserUser]]:
    """comes(OnOurPages, url, "alice"): a browser user of this class, until the end of the test."""
    with ExitStack() as open_ones:
        yield lambda kind, *given, **more: open_ones.enter_context(closing(kind(chromium, *given, **more)))
