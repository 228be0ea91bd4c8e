"""Somebody in front of the React example: what they do, in words, and what must hold wherever they are."""

import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, expect

HERE = Path(__file__).parent
AXE = (HERE.parent / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
SCREENSHOTS = HERE.parent.parent.parent / ".artefacts" / "screenshots"
PASSWORD = "a horse, a battery"
OURS = ("localhost", "127.0.0.1")
expect.set_options(timeout=10_000)


class Visitor:
    """`cookies`: keeps tokens in cookies. Everything else goes to the browser context, such as `color_scheme`."""

    def __init__(self, chromium: Browser, stack: Any, name: str, *, cookies: bool = False, **context: Any) -> None:
        self.stack, self.cookies = stack, cookies
        self.email, self.name, self.password = f"{name}-{secrets.token_hex(4)}@example.com", name.capitalize(), PASSWORD
        self.requests: list[Request] = []
        self.faults: list[str] = []
        self.context = chromium.new_context(base_url=stack.frontend, **context)
        self.context.set_default_timeout(10_000)
        self.context.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108, Playwright marks what it is given
        self.context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.context.on("dialog", lambda dialog: self.faults.append(dialog.message) or dialog.dismiss())
        self.page = self.context.new_page()
        if cookies:
            self.opens("/login")
            self.page.get_by_role("switch", name="Keep tokens in cookies").check()

    def close(self) -> None:
        """What must hold after every story."""
        strangers = {urlsplit(request.url).hostname for request in self.requests} - {*OURS, None}
        kept = "" if self.page.url == "about:blank" else self.page.evaluate("JSON.stringify(localStorage)")
        self.context.close()
        assert not strangers, f"requests left this machine: {strangers}"
        assert not self.faults, self.faults
        assert not (self.cookies and re.search('eyJ|refreshToken":"', kept)), f"a script can read a token: {kept}"

    # ------------------------------------------------------------------------------------------------ what a person does

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def types(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f"[name={name}]:visible").fill(text)

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def follows(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def is_at(self, title: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def reads(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def is_confirmed(self) -> None:
        expect(self.page.get_by_text("confirmed", exact=True)).to_be_visible()

    def is_told(self, sentence: str) -> None:
        """Read out as soon as it is there."""
        expect(self.alert).to_contain_text(sentence)

    @property
    def alert(self) -> Locator:
        return self.page.get_by_role("alert")

    # ----------------------------------------------------------------------------------------------------------- stories

    def signs_up(self) -> None:
        self.opens("/signup")
        self.types(email=self.email, username=self.name, password=self.password)
        self.presses("Sign up")

    def logs_in(self) -> None:
        self.opens("/login")
        self.types(email=self.email, password=self.password)
        self.presses("Log in")

    def is_home(self) -> None:
        self.is_at(f"Hello, {self.name}")

    def opens_card(self, title: str) -> Locator:
        card = self.page.locator("details.card", has=self.page.get_by_role("heading", name=title))
        card.locator("summary").click()
        return card

    def code(self) -> str:
        found = re.search(r"\b(\d{6})\b", self.stack.mail(self.email, "/verify-email?token="))
        assert found
        return found.group(1)

    def link(self, path: str, to: str | None = None) -> str:
        """The link of the newest mail that has one to this page."""
        found = re.search(rf"http\S+{path}\?token=\S+", self.stack.mail(to or self.email, f"{path}?token="))
        assert found
        return found.group(0)

    # --------------------------------------------------------------------------------------------------- what must be so

    def finds_it_accessible(self) -> None:
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run({ resultTypes: ['violations'] })")
        told = [f"{fault['id']}: {[node['html'] for node in fault['nodes']]}" for fault in found["violations"]]
        assert not told, f"{self.page.url}: {told}"

    def takes_a_picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def loses_the_access_token(self) -> None:
        """As if fifteen minutes had passed."""
        self.context.clear_cookies(name="access_token")
        expire_session(self.page)


def expire_session(page: Page) -> None:
    page.evaluate(
        """() => {
          const kept = JSON.parse(localStorage.getItem("credential-session"));
          const expired = { ...kept, expiresAt: 0, ...(kept.accessToken && { accessToken: "e.x.pired" }) };
          localStorage.setItem("credential-session", JSON.stringify(expired));
        }"""
    )
