"""The service without a frontend, an OpenID Connect provider, and users on the hosted pages."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import expect

import providers
from browser_suite import PASSWORD, BrowserUser
from servers import Process, free_port

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


class OnOurPages(BrowserUser):
    pictures = "hosted-pages"

    def log_in(self) -> None:
        self.open("/login")
        other = self.page.get_by_role("link", name="Use another account")
        if other.is_visible():
            other.click()
        self.fill(email=self.email, password=self.password)
        self.press("Log in")

    def follows_the_mail(self, subject: str, page: str, to: str | None = None) -> None:
        """Click the link of the newest email in the development mailbox."""
        self.link(page, to)  # it has arrived
        self.open("/dev/mailbox")
        mails = self.page.locator("article", has_text=f"to {to or self.email}").filter(has_text=subject)
        mails.first.locator(f"a[href*='{page}?token=']").click()

    def is_told(self, sentence: str) -> None:
        """Check that the message is at the top and announced, because it has the focus."""
        told = self.page.locator(".refusal, .said").first
        expect(told).to_contain_text(sentence)
        expect(told).to_be_focused()

    def check_visibility(self) -> None:
        """Check that form controls have enough contrast to their surroundings (WCAG 2.2, 1.4.11)."""
        faint = self.page.evaluate(FAINT)
        assert not faint, f"{self.page.url}: {faint}"


@pytest.fixture(scope="session")
def provider() -> Iterator[Any]:
    with closing(providers.STAND_INS["google"]()) as running:
        yield running


@pytest.fixture(scope="session")
def pages(provider: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Start it as `make run` does, without a frontend; emails go to the development mailbox."""
    port = free_port()
    settings = {name.upper(): value for name, value in providers.settings_of("google", provider).items()}
    settings |= {
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "FRONTEND_BASE_URL": "",
        "EMAIL_VERIFICATION": "optional",
        "SUPERUSER_PASSWORD": PASSWORD,
        "ALGORITHM": "EdDSA",
        "OAUTH_REDIRECT_URIS": "http://localhost:3000",
        "SMS_PROVIDER": "http",
        "SMS_URL": "http://localhost:9/",
        "SMS_SECRET": "a secret of the tests",
        "SMS_COUNTRIES": "AT",
    }
    running = Process(tmp_path_factory.mktemp("pages"), port=port, **settings)
    running.url = settings["PUBLIC_BASE_URL"]
    yield running
    running.kill()


@pytest.fixture
def person(comes: Callable[..., Any], pages: Process) -> Callable[..., OnOurPages]:
    """person("alice", color_scheme="dark"): a user with their own browser profile."""
    return lambda name, **more: comes(OnOurPages, pages.url, name, **more)


@pytest.fixture
def person_at(comes: Callable[..., Any]) -> Callable[..., OnOurPages]:
    """person_at(url, "alice"): a user of another service with hosted pages."""
    return lambda url, name, **more: comes(OnOurPages, url, name, **more)


@pytest.fixture
def alice(person: Callable[..., OnOurPages]) -> OnOurPages:
    return person("alice")
