"""Accessibility of the hosted pages: keyboard, phone, dark mode, large text, and screen readers."""

import pytest
from playwright.sync_api import expect

from authenticator import App
from browser_suite import SCREENS

OPEN = ["/login", "/signup", "/verify-email", "/verify-email?token=x", "/reset-password", "/reset-password?token=x", "/accept-invitation?token=x", "/confirm-email-change?token=x", "/not-me?token=x"]  # fmt: skip
OWN = ["/account", "/account/profile", "/account/password", "/account/email", "/account/link/google", "/account/unlink/google", "/account/delete", "/account/nothing"]  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
def test_each_page_fits_and_is_accessible(person, screen):
    user = person("alice", **SCREENS[screen])

    def looks_at(name):
        if screen != "narrow":
            user.check_accessibility()
        user.check_layout()
        user.check_visibility()
        user.take_screenshot(f"{screen}-{name}")

    for path in OPEN:
        user.open(path)
        looks_at(path.strip("/").replace("?token=x", "-by-link"))
    user.open("/signup")
    user.fill(email=user.email, password="password")
    user.press("Sign up")
    user.is_told("The password does not meet the password policy.")
    looks_at("signup-refused")
    user.sign_up()
    for path in OWN:
        user.open(path)
        looks_at(path.strip("/").replace("/", "-"))
    user.open("/account/profile")
    user.fill(username="Alice Liddell")
    user.press("Save")
    user.is_told("Your profile has been updated.")
    looks_at("account-told")


def test_dark_and_light_mode(person):
    def brightness(scheme):
        reader = person("alice", color_scheme=scheme)
        reader.open("/login")
        colour = reader.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(", "))) / 3

    assert brightness("dark") < 40
    assert brightness("light") > 220


def test_every_page_works_by_keyboard(person):
    """Sign up, log in and log out with Tab, letters and Enter only."""
    bob = person("bob")
    keys = bob.page.keyboard

    def tabs_to(name):
        for _ in range(40):
            keys.press("Tab")
            here = bob.page.evaluate(
                "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.textContent"
            )
            if (here or "").startswith(name):
                visible = bob.page.evaluate("getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow")  # fmt: skip
                assert visible != "nonenone", f"nothing shows that {name} has the focus"
                return
        raise AssertionError(f"no way to {name} by Tab")

    bob.open("/login")
    keys.press("Tab")
    assert bob.page.evaluate("document.activeElement.innerText") == "Skip to main content"
    assert bob.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    keys.press("Enter")
    assert bob.page.evaluate("document.activeElement.id") == "main"
    tabs_to("Sign up")
    keys.press("Enter")
    bob.expect_heading("Sign up")
    tabs_to("Email address")
    keys.type(bob.email)
    tabs_to("Password")
    keys.type("password")
    keys.press("Enter")
    bob.is_told("The password does not meet the password policy.")
    tabs_to("Password")
    keys.press("Enter")
    expect(bob.page.locator("#password")).to_be_focused()
    keys.type(bob.password)
    keys.press("Enter")
    bob.expect_heading("Your account")
    tabs_to("Change")
    keys.press("Enter")
    bob.expect_heading("Your profile")
    tabs_to("Name")
    keys.press("Control+A")
    keys.type("Bob Builder")
    keys.press("Enter")
    bob.is_told("Your profile has been updated.")
    tabs_to("Log out")
    keys.press("Space")
    bob.page.wait_for_url("**/login*")


REACHABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter(e => e.checkVisibility() && !e.disabled && e.getBoundingClientRect().width > 1).length"""
FOCUSED = """() => {
  const here = document.activeElement, { outlineStyle, boxShadow } = getComputedStyle(here);
  here.dataset.reached = 'yes';
  return [here.tagName, here.outerHTML.slice(0, 200), outlineStyle !== 'none' || boxShadow !== 'none'];
}"""
UNREACHED = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter(e => e.checkVisibility() && !e.disabled && e.getBoundingClientRect().width > 1 && !e.dataset.reached).map(e => e.outerHTML)"""
FORMS = ["/account/activity", "/account/factors", "/account/factors/totp", "/account/factors/passkey", "/account/factors/sms", "/account/recovery-codes", "/login/magic-link", "/magic-link?token=x", "/secure-account?token=x", "/undo-email-change?token=x"]  # fmt: skip


def test_everything_on_every_page_is_reached_by_tab(alice):
    """Links, buttons and fields, each with a visible focus."""

    def walk(path):
        alice.open(path)
        for _ in range(2 * alice.page.evaluate(REACHABLE) + 3):  # a script may have shown a button meanwhile
            alice.page.keyboard.press("Tab")
            tag, html, is_visible = alice.page.evaluate(FOCUSED)
            assert is_visible or tag == "BODY", (path, html)
        assert alice.page.evaluate(UNREACHED) == [], path

    for path in [*OPEN, "/", "/nothing-there"]:
        walk(path)
    alice.sign_up()
    alice.expect_heading("Your account")
    for path in [*OWN, *FORMS]:
        walk(path)


def test_password_is_reset_and_a_factor_added_by_keyboard(alice):
    """Each form is sent with Enter from its last field, and each link opened with Enter."""
    keys = alice.page.keyboard

    def enter(name, text):
        field = alice.page.locator(f"main [name={name}]:visible").first
        field.focus()
        keys.insert_text(text)
        keys.press("Enter")

    alice.sign_up()
    alice.expect_heading("Your account")
    alice.open(alice.link("/verify-email"))
    alice.page.get_by_role("button", name="Verify email address").focus()
    keys.press("Enter")
    alice.is_told("Your email address is verified.")
    alice.page.get_by_role("link", name="Set up second factors").focus()
    keys.press("Enter")
    alice.expect_heading("Second factors and passkeys")
    alice.page.get_by_role("link", name="Add an authenticator app").focus()
    keys.press("Enter")
    alice.expect_heading("Add an authenticator app")
    alice.page.get_by_role("button", name="Continue").focus()
    keys.press("Enter")
    alice.expect_heading("Connect your authenticator app")
    enter("code", App(alice.page.locator("[name=secret]").input_value()).code())
    alice.expect_heading("Save your recovery codes")
    alice.page.get_by_label("I have saved these codes").focus()
    keys.press("Space")
    keys.press("Enter")
    alice.expect_heading("Second factors and passkeys")
    alice.open("/reset-password")
    enter("email", alice.email)
    alice.is_told("an email with a link is on its way")
    alice.open(alice.link("/reset-password"))
    enter("new_password", "a cart, a stable")
    alice.is_told("Your password has been set.")


def test_invalid_field_is_associated_with_its_error(alice):
    alice.open("/signup")
    alice.page.locator("main form").evaluate("form => form.noValidate = true")
    alice.fill(email="alice", password=alice.password)
    alice.press("Sign up")
    alice.is_told("Email address")
    field = alice.page.get_by_label("Email address")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Email address is not a valid email address.")
    expect(field).to_have_value("alice")
