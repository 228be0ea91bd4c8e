"""Login by email in Chromium: the browser that requested the link, a phone, and a mail scanner."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def asked(alice):
    """Alice has signed up and verified her email address, and has requested a link."""
    alice.sign_up()
    alice.open(alice.link("/verify-email"))
    alice.press("Verify email address")
    alice.open("/account")
    alice.press("Log out")
    alice.open("/login/magic-link")
    alice.fill(email=alice.email)
    alice.press("Send link")
    return alice


def has_session(user):
    return any(cookie["name"] in ("access_token", "refresh_token") for cookie in user.context.cookies())


def press_everything(user, link):
    """Open a link as a mail scanner does that runs scripts, and press each button and open each link of its pages."""
    user.page.goto(link, wait_until="networkidle")
    labels = user.page.locator("main button:visible").all_inner_texts()
    for number in range(len(labels)):
        user.page.goto(link, wait_until="networkidle")
        user.page.locator("main button:visible").nth(number).click()
        user.page.wait_for_load_state("networkidle")
        for again in user.page.locator("main button:visible").all()[:1]:
            again.click()
            user.page.wait_for_load_state("networkidle")
    user.page.goto(link, wait_until="networkidle")
    for href in {each.get_attribute("href") for each in user.page.locator("a:visible").all()}:
        if href and not href.startswith("mailto:"):
            user.page.goto(href, wait_until="networkidle")


def test_scanner_gets_no_session_and_spoils_nothing(asked, person):
    link = asked.link("/magic-link")
    for _ in range(3):
        scanner = person("scanner")
        press_everything(scanner, link)
        assert not has_session(scanner)
        for forged in ("000000", "123456"):
            scanner.open("/magic-link")
            scanner.fill(email=asked.email, code=forged)
            scanner.press("Log in")
        assert not has_session(scanner)
    asked.open(link)
    asked.press("Log in")
    asked.expect_heading("Your account")


def test_phone_shows_where_the_code_is_entered(asked, person):
    phone = person("phone", viewport={"width": 375, "height": 720}, has_touch=True)
    phone.open(asked.link("/magic-link"))
    phone.press("Log in")
    expect(phone.page.locator("main")).to_contain_text("enter its code where you requested it")
    phone.check_layout()
    phone.check_accessibility()
    assert not has_session(phone)
    code = re.search(r"\b(\d{6})\b", asked.mail("/magic-link?token="))[1]
    asked.fill(code=code)
    asked.press("Log in")
    asked.expect_heading("Your account")
