"""What the pages do with JavaScript, in other languages and other colors, and how heavy they are."""

import re

import pytest
from playwright.sync_api import expect

from languages import catalogs

MAX_COLD_BYTES = 60_000
APPLICATION = "http://localhost:3000"


def test_password_is_shown_and_hidden_again(alice):
    alice.open("/login")
    field = alice.page.get_by_label("Password", exact=True)
    button = alice.page.get_by_role("button", name="Show Password")
    field.fill("secret words")
    expect(field).to_have_attribute("type", "password")
    button.press("Space")
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    alice.check_accessibility()
    button.click()
    expect(field).to_have_attribute("type", "password")


def test_rules_of_a_new_password_are_ticked_as_they_are_met(alice):
    alice.open("/signup")
    meter = alice.page.get_by_label("Password strength")
    expect(meter).to_be_hidden()
    alice.fill(email=alice.email)
    seen = []
    for typed, met in (("short", [False, True]), (alice.email, [True, False]), ("aaaaaaaaaaaa", [True, True]), (alice.password, [True, True])):  # fmt: skip
        alice.fill(password=typed)
        rules = alice.page.locator("[data-rule]")
        assert [("met" in (rule.get_attribute("class") or "")) for rule in rules.all()] == met, typed
        seen.append(float(meter.evaluate("meter => meter.value")))
    assert seen[2] < 2 <= seen[3]
    alice.check_accessibility()
    alice.take_screenshot("password-strength")


@pytest.mark.parametrize("pasted", ["123456", " 123 456 ", "123-456", "Code: 123456.", "١٢٣٤٥٦"])
def test_code_takes_what_is_pasted(alice, pasted):
    alice.open("/verify-email")
    code = alice.page.get_by_label("Code")
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    code.focus()
    alice.page.keyboard.insert_text(pasted)
    expect(code).to_have_value("123456")


def test_button_waits_and_is_pressed_once(alice):
    alice.open("/signup")
    alice.fill(email=alice.email, username=alice.name, password=alice.password)
    sent = []

    def later(route):
        sent.append(route.request.url)
        alice.page.wait_for_timeout(300)
        route.continue_()

    alice.page.route("**/signup", later)
    button = alice.page.get_by_role("button", name="Sign up")
    button.evaluate("button => { button.click(); button.click(); }")
    alice.expect_heading("Your account")
    assert len(sent) == 1
    alice.page.go_back()
    expect(alice.page.locator("[aria-busy]")).to_have_count(0)


def test_application_gets_the_user_back(alice):
    alice.sign_up()
    alice.press("Log out")
    alice.page.route(
        f"{APPLICATION}/**", lambda route: route.fulfill(body="<h1>The shop</h1>", content_type="text/html")
    )
    alice.open(f"/login?next={APPLICATION}/cart")
    alice.follow("Use another account")
    alice.fill(email=alice.email, password=alice.password)
    alice.press("Log in")
    alice.expect_heading("The shop")
    assert re.fullmatch(rf"{APPLICATION}/cart\?code=[\w.-]+", alice.page.url)


def test_language_is_chosen_on_the_page(alice):
    alice.sign_up()
    alice.page.get_by_label("Language").last.select_option("de")
    alice.expect_heading("Ihr Konto")
    alice.open("/dev/mailbox")
    alice.open("/account")
    alice.expect_heading("Ihr Konto")
    alice.context.clear_cookies(name="access_token")
    alice.open("/login")
    expect(alice.page.locator("html")).to_have_attribute("lang", "de")


LOOKS = {
    "ar-phone": {"locale": "ar", "viewport": {"width": 375, "height": 720}, "has_touch": True},
    "ar-dark": {"locale": "ar", "viewport": {"width": 900, "height": 700}, "color_scheme": "dark"},
    "de-phone": {"locale": "de", "viewport": {"width": 320, "height": 640}},
    "hi-desktop": {"locale": "hi", "viewport": {"width": 900, "height": 700}},
    "ja-phone": {"locale": "ja", "viewport": {"width": 375, "height": 720}},
}
PAGES = ["/login", "/signup", "/verify-email", "/reset-password", "/nothing-there", "/"]
OWN = ["/account", "/account/profile", "/account/activity", "/account/factors", "/account/password", "/account/delete"]


@pytest.mark.parametrize("look", LOOKS)
def test_pages_fit_in_every_script_and_direction(person, look):
    user = person("alice", **LOOKS[look])

    def look_at(path):
        user.open(path)
        language = LOOKS[look]["locale"]
        expect(user.page.locator("html")).to_have_attribute("lang", language)
        expect(user.page.locator("html")).to_have_attribute("dir", catalogs.direction(language))
        user.check_accessibility()
        user.check_layout()
        user.take_screenshot(f"{look}-{path.strip('/').replace('/', '-') or 'start'}")

    for path in PAGES:
        look_at(path)
    user.open("/signup")
    user.fill(email=user.email, username=user.name, password=user.password)
    user.page.locator("main form button:not([type=button])").first.click()
    user.page.wait_for_url("**/account")
    for path in OWN:
        look_at(path)


def test_cold_login_page_is_light(person):
    """Everything that a first visit loads, with headers, without compression."""
    alice = person("alice")
    sizes = {}
    alice.page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()}))
    alice.page.goto("/login", wait_until="networkidle")
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
    assert len(sizes) >= 4
    assert total <= MAX_COLD_BYTES, sizes


def test_start_page_leads_everywhere(alice):
    alice.open("/")
    for link in ("Log in", "Sign up", "API documentation", "Mailbox", "Readiness"):
        expect(alice.page.get_by_role("main").get_by_role("link", name=link)).to_be_visible()
    alice.check_accessibility()
