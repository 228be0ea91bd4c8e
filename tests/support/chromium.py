"""A real browser."""

import contextlib
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import urlsplit

import http_stubs
from browser import FRONTEND, origin_of
from missing import Missing

T = TypeVar("T")


class _EmptyPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass

    @classmethod
    def served(cls) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", 0), cls)
        server.daemon_threads = True
        server.block_on_close = False
        http_stubs.serve(server)
        return server


def program() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise Missing("a real browser: Chromium is not installed")
    return found


def launched(playwright: Any, rules: str) -> Any:
    """The installed Chromium, with these rules for resolving hosts."""
    options = [f"--host-resolver-rules={rules}"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=program(), args=options)


class Chromium:
    """The installed Chromium, with one page. The frontend's URL is an empty page.

    It runs in its own thread, because Playwright keeps an event loop running where it was started.
    """

    def __init__(self, frontend: str = FRONTEND) -> None:
        program()
        try:
            from playwright.sync_api import sync_playwright
        except ImportError:
            raise Missing("a real browser: playwright is not installed") from None
        self._frontend, self._stub = frontend, _EmptyPage.served()
        rules = f"MAP {urlsplit(frontend).netloc} 127.0.0.1:{self._stub.server_port}"
        self._thread = ThreadPoolExecutor(1, "chromium")
        self._playwright: Any = self._thread.submit(lambda: sync_playwright().start()).result()
        try:
            self._browser: Any = self._thread.submit(launched, self._playwright, rules).result()
            self.reset_profile()
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        with contextlib.suppress(AttributeError):
            self._thread.submit(self._browser.close).result()
        self._thread.submit(self._playwright.stop).result()
        self._thread.shutdown()
        self._stub.shutdown()
        self._stub.server_close()

    def reset_profile(self) -> None:
        """Return a new profile without cookies and history."""

        def begins() -> Any:
            for old in self._browser.contexts:
                old.close()
            context = self._browser.new_context()
            context.set_default_timeout(15_000)
            return context.new_page()

        self._page = self._thread.submit(begins).result()

    def run(self, act: Callable[[Any], T]) -> T:
        """Run act(page) in the thread of Playwright: `chromium.run(lambda page: page.inner_text("h1"))`."""
        return self._thread.submit(act, self._page).result()

    @property
    def url(self) -> str:
        return self.run(lambda page: page.url)

    @property
    def text(self) -> str:
        return self.run(lambda page: page.inner_text("body"))

    @property
    def cookies(self) -> dict[str, dict[str, Any]]:
        return {cookie["name"]: cookie for cookie in self.run(lambda page: page.context.cookies())}

    def visit(self, url: str) -> str:
        """Enter a URL, and return where it ended."""
        self.run(lambda page: page.goto(url))
        return self.url

    def submit(self, **fields: str) -> str:
        """Fill in the first form, submit it, and return where that ended."""

        def act(page: Any) -> None:
            for name, value in fields.items():
                page.fill(f'[name="{name}"]', value)
            with page.expect_navigation():
                page.click("form button, form [type=submit]")

        self.run(act)
        return self.url

    def landing_url(self, url: str) -> str:
        """Follow a URL until it reaches the frontend, and return that URL."""
        self.run(lambda page: (page.goto(url), page.wait_for_url(lambda at: origin_of(at) == self._frontend)))
        return self.url
