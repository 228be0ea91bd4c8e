"""Somebody in front of our pages: what they do, in words, and what must hold wherever they are."""

import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Request, expect

HERE = Path(__file__).parent
AXE = HERE.parent / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = HERE.parent.parent.parent / ".artefacts" / "screenshots"
PASSWORD = "a horse, a battery"
EXPECTED = "Failed to load resource: the server responded with a status of"  # a refusal, which a test asked for
FAINT = """() => {
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const contrast = (one, other) => Math.max(light(one) / light(other), light(other) / light(one));
  const clear = colour => /^rgba.* 0\\)$/.test(colour);
  const paper = e => clear(getComputedStyle(e).backgroundColor) ? paper(e.parentElement) : getComputedStyle(e).backgroundColor;
  return [...document.querySelectorAll('button, input:not([type=hidden]), .button')].filter(e => e.offsetParent).map(e => {
    const { borderTopColor: edge, backgroundColor: own } = getComputedStyle(e), around = paper(e.parentElement);
    return [e.outerHTML, Math.max(contrast(edge, around), clear(own) ? 1 : contrast(own, around)).toFixed(2)];
  }).filter(([, ratio]) => ratio < 3);
}"""
expect.set_options(timeout=10_000)


class Reader:
    """What is given beside a name goes to the browser, such as `color_scheme`."""

    def __init__(self, chromium: Browser, url: str, name: str, *, watched: bool = True, **context: Any) -> None:
        self.url, self.watched = url, watched
        self.email, self.name, self.password = f"{name}-{secrets.token_hex(4)}@example.com", name.title(), PASSWORD
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        self.context = chromium.new_context(base_url=url, **context)
        self.context.set_default_timeout(10_000)
        self.context.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108, Playwright marks what it is given
        self.context.on("console", self._notes)
        self.page = self.context.new_page()

    def _notes(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.complaints.append(message.text)

    def close(self) -> None:
        """What must hold after every story: nothing left the machine, no token in a Referer, no word of the policy."""
        hosts = {urlsplit(request.url).hostname for request in self.requests}
        tokens = {token for r in self.requests for token in parse_qs(urlsplit(r.url).query).get("token", [])}
        referers = [request.headers.get("referer", "") for request in self.requests]
        self.context.close()
        if self.watched:
            assert hosts <= {"localhost", "127.0.0.1"}
            assert not [referer for referer in referers if any(token in referer for token in tokens)]
            assert self.complaints == []

    # ------------------------------------------------------------------------------------------------ what a person does

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def types(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]:visible").fill(text)

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=re.compile(rf"^{button}( ?:|$)")).click()

    def follows(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def signs_up(self) -> None:
        self.opens("/signup")
        self.types(email=self.email, username=self.name, password=self.password)
        self.presses("Sign up")

    def logs_in(self) -> None:
        self.opens("/login")
        self.types(email=self.email, password=self.password)
        self.presses("Log in")

    def opens_the_mail(self, subject: str, to: str | None = None) -> Any:
        """The newest mail to them in the development mailbox."""
        mails = self.page.locator("article", has_text=f"to {to or self.email}").filter(has_text=subject)
        self.opens("/dev/mailbox")
        for _ in range(50):
            if mails.count():
                return mails.first
            self.page.reload()
        raise AssertionError(f"no mail {subject!r}")

    def follows_the_mail(self, subject: str, page: str, to: str | None = None) -> None:
        self.opens_the_mail(subject, to).locator(f"a[href*='{page}?token=']").click()

    def reads_the_code(self) -> str:
        return str(re.search(r"\b(\d{6})\b", self.opens_the_mail("Confirm").inner_text()).group(1))

    def waits_too_long(self) -> None:
        """As if the access token had expired."""
        self.context.clear_cookies(name="access_token")

    # --------------------------------------------------------------------------------------------------- what must be so

    def is_at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def is_told(self, sentence: str) -> None:
        """On top, and read out: it has the focus."""
        told = self.page.locator(".refusal, .said").first
        expect(told).to_contain_text(sentence)
        expect(told).to_be_focused()

    def finds_it_accessible(self) -> None:
        # By the debugger, which the page's policy does not bind: the policy stays as it is.
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run({ resultTypes: ['violations'] })")
        told = [f"{fault['id']}: {[node['html'] for node in fault['nodes']]}" for fault in found["violations"]]
        assert not told, f"{self.page.url}: {told}"

    def finds_it_fitting(self) -> None:
        """Nothing sticks out to the side, and whatever is pressed is large enough for a finger (WCAG 2.2, 2.5.8)."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        small = self.page.evaluate(
            "[...document.querySelectorAll('button, main input:not([type=hidden]), .button')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
        )
        assert not small, f"{self.page.url}: {small}"

    def finds_it_visible(self) -> None:
        """What is typed in or pressed stands out from what is around it, by its edge or as a whole (WCAG 2.2, 1.4.11)."""
        faint = self.page.evaluate(FAINT)
        assert not faint, f"{self.page.url}: {faint}"

    def takes_a_picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
