"""A real Chromium for each process of a run, and people who have a browser of their own in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser_suite import OURS, Somebody
from chromium import launched


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Nothing that is done with it leaves this machine."""
    rules = ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in OURS)])
    with sync_playwright() as playwright:
        browser = launched(playwright, rules)
        yield browser
        browser.close()


@pytest.fixture
def comes(chromium: Browser) -> Iterator[Callable[..., Somebody]]:
    """comes(OnOurPages, url, "alice"): somebody of this kind, until the end of the test."""
    with ExitStack() as open_ones:
        yield lambda kind, *given, **more: open_ones.enter_context(closing(kind(chromium, *given, **more)))
