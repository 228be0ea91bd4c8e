"""The base of the suites in tests/browser: a user with a real browser, and what must hold on every page."""

import json
import re
import secrets
import time
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Request, expect

from servers import PROJECT

AXE = PROJECT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = PROJECT / ".artefacts" / "screenshots"
PASSWORD = "a horse, a battery"
OURS = ("localhost", "127.0.0.1")
EXPECTED = "Failed to load resource: "  # an error or an outage that a test caused
SCREENS = {
    "light": {"viewport": {"width": 900, "height": 700}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 900, "height": 700}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 375, "height": 720}, "has_touch": True, "device_scale_factor": 2},
    "narrow": {"viewport": {"width": 320, "height": 480}},  # a screen of 1280 at 400 % (WCAG 1.4.10)
}
expect.set_options(timeout=20_000)


class BrowserUser:
    """A user on the pages at `url`; their emails go to the development mailbox of `service`.

    Use `watched=False` for pages of Mallory, about which the browser logs errors. Other arguments go to the browser,
    such as `color_scheme`.
    """

    pictures = ""  # the folder for them

    def __init__(
        self, chromium: Browser, url: str, name: str, *, service: str = "", watched: bool = True, **context: Any
    ) -> None:
        self.url, self.service, self.watched = url, service or url, watched
        self.email, self.name, self.password = f"{name}-{secrets.token_hex(4)}@example.com", name.title(), PASSWORD
        self.requests: list[Request] = []
        self.faults: list[str] = []
        self.context = chromium.new_context(base_url=url, **context)
        self.context.set_default_timeout(20_000)
        self.context.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108, Playwright marks what it is given
        self.context.on("console", self._notes)
        self.context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.context.on("dialog", lambda dialog: self.faults.append(dialog.message) or dialog.dismiss())
        self.page = self.context.new_page()

    def _notes(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.faults.append(message.text)

    def close(self) -> None:
        """Check that no request left the machine, no Referer contained a token, and no error was logged."""
        hosts = {urlsplit(request.url).hostname for request in self.requests}
        tokens = {token for r in self.requests for token in parse_qs(urlsplit(r.url).query).get("token", [])}
        referers = [request.headers.get("referer", "") for request in self.requests]
        self.context.close()
        if self.watched:
            assert hosts <= {*OURS, None}
            assert not [referer for referer in referers if any(token in referer for token in tokens)]
            assert self.faults == []

    # ------------------------------------------------------------------------------------------------------ user actions

    def open(self, path: str) -> None:
        self.page.goto(path)

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]:visible").fill(text)

    def press(self, button: str) -> None:
        """Return the element with this name, to which screen-reader text may be appended after a colon or a space."""
        self.page.get_by_role("button", name=re.compile(rf"^{re.escape(button)}( ?:|$)")).click()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def sign_up(self) -> None:
        self.open("/signup")
        self.fill(email=self.email, username=self.name, password=self.password)
        self.press("Sign up")

    def log_in(self) -> None:
        self.open("/login")
        self.fill(email=self.email, password=self.password)
        self.press("Log in")

    def expire_access_token(self) -> None:
        """Pretend that the access token expired long after its renewal."""
        for name in ("access_token", "renewed"):
            self.context.clear_cookies(name=name)

    # ------------------------------------------------------------------------------------------------------------ emails

    def mail(self, containing: str, to: str | None = None, seconds: float = 30) -> str:
        """Return the newest email to them, or to another email address, with these words."""
        to, deadline = to or self.email, time.monotonic() + seconds
        while True:
            with urllib.request.urlopen(f"{self.service}/dev/mailbox?format=json") as answer:
                texts = [mail["text"] for mail in json.load(answer) if mail["to"] == to]
            found = [text for text in texts if containing in text]
            if found:
                return str(found[0])
            assert time.monotonic() < deadline, f"no mail to {to} containing {containing!r}: {texts}"
            time.sleep(0.05)

    def code(self) -> str:
        return re.search(r"\b(\d{6})\b", self.mail("/verify-email?token=")).group(1)

    def link(self, page: str, to: str | None = None) -> str:
        """Return the link of the newest email that has one to this page."""
        return re.search(rf"http\S+{page}\?token=\S+", self.mail(f"{page}?token=", to)).group(0)

    # -------------------------------------------------------------------------------------------------------- invariants

    def expect_heading(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def check_accessibility(self) -> None:
        expect(self.page).to_have_title(re.compile("."))  # Next.js sets it after the content
        # By the debugger, which ignores the page's content security policy and leaves it unchanged.
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run({ resultTypes: ['violations'] })")
        told = [f"{fault['id']}: {[node['html'] for node in fault['nodes']]}" for fault in found["violations"]]
        assert not told, f"{self.page.url}: {told}"

    def check_layout(self) -> None:
        """Check that nothing overflows horizontally, and that targets are large enough (WCAG 2.2, 2.5.8)."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        small = self.page.evaluate(
            "[...document.querySelectorAll('button, main input:not([type=hidden]), .button')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
        )
        assert not small, f"{self.page.url}: {small}"

    def take_screenshot(self, name: str) -> None:
        self.page.screenshot(path=SCREENSHOTS / self.pictures / f"{name}.png", full_page=True)
