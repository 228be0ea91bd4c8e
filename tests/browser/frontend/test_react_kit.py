"""What the components of the React example do in the browser: passwords, codes, waiting buttons, focus and theme."""

import json
import re

import pytest
from playwright.sync_api import expect

from servers import PROJECT

KIT = PROJECT / "examples" / "react" / "src" / "kit"
README = PROJECT / "examples" / "react" / "README.md"


def home(visitor, stack, **more):
    alice = visitor(stack, "alice", **more)
    alice.sign_up()
    alice.is_home()
    return alice


# ------------------------------------------------------------------------------------------------------------- passwords


@pytest.mark.parametrize("path", ["/login", "/signup", "/reset-password?token=abc"])
def test_password_can_be_shown_and_hidden_by_keyboard(visitor, stack, path):
    alice = visitor(stack, "alice")
    alice.open(path)
    field = alice.page.locator("input[type=password]")
    name = field.get_attribute("name")
    field.fill("a horse, a battery")
    field.press("Tab")
    alice.page.keyboard.press("Space")
    shown = alice.page.locator(f"input[name={name}]")
    expect(shown).to_have_attribute("type", "text")
    expect(shown).to_have_value("a horse, a battery")
    expect(alice.page.get_by_role("button", name=re.compile("^Hide: "))).to_be_focused()
    alice.page.keyboard.press("Space")
    expect(shown).to_have_attribute("type", "password")


def test_new_password_shows_which_rules_it_meets(visitor, stack):
    alice = visitor(stack, "alice")
    alice.open("/signup")
    long, other = (alice.page.locator(".rules li", has_text=rule) for rule in ("At least 8", "Not your email"))
    password = alice.page.locator("[name=password]")
    expect(password).to_have_accessible_description(re.compile(r"At least 8 characters \(not yet met\)"))
    alice.fill(email=alice.email, username="Alice Liddell", password="short")
    expect(long).to_contain_text("(not yet met)")
    expect(other).to_contain_text("(met)")
    for forbidden in (alice.email.upper(), alice.email.partition("@")[0], "alice liddell"):
        alice.fill(password=forbidden)
        expect(long).to_contain_text("(met)")
        expect(other).to_contain_text("(not yet met)")
    alice.fill(username="Bob")  # the rule follows the other fields
    expect(other).to_contain_text("(met)")
    expect(password).to_have_accessible_description(re.compile(r"Not your email address or name \(met\)"))


@pytest.mark.parametrize(
    ("password", "strength"),
    [
        ("short", "Weak"),
        ("aaaaaaaaaaaa", "Weak"),
        ("Password1!", "Weak"),
        ("P@ssw0rd2024", "Weak"),
        ("Summer2026", "Weak"),
        ("12345678", "Weak"),
        ("alice1234", "Weak"),
        ("hunter2x", "Fair"),
        ("dkfjghtuwpzm", "Good"),
        ("a horse, a battery", "Strong"),
        ("馬とバッテリーと正しい", "Strong"),
    ],
)
def test_strength_of_a_new_password_is_estimated(visitor, stack, password, strength):
    alice = visitor(stack, "alice")
    alice.open("/signup")
    meter = alice.page.get_by_role("meter", name="Estimated strength")
    expect(meter).to_have_count(0)
    alice.fill(email=alice.email, password=password)
    expect(meter).to_have_attribute("aria-valuetext", strength)
    expect(alice.page.locator(".strength strong")).to_have_text(strength)


# ----------------------------------------------------------------------------------------------------------------- codes


def code_field(alice):
    """The field with six boxes on the page that asks for the code of an email, and its boxes."""
    alice.open("/verify-email")
    return alice.page.get_by_label("Six-digit code"), alice.page.locator(".digit")


def test_code_is_one_field_with_six_boxes(visitor, stack):
    alice = visitor(stack, "alice")
    field, boxes = code_field(alice)
    expect(field).to_have_count(1)
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    expect(field).to_have_attribute("inputmode", "numeric")
    expect(boxes).to_have_count(6)
    alice.page.locator("[name=email]").press("Tab")  # one stop of the keyboard
    expect(field).to_be_focused()
    alice.page.keyboard.press("Tab")
    expect(alice.page.get_by_role("button", name="Verify")).to_be_focused()


@pytest.mark.parametrize("pasted", ["123456", "123 456", " 123-456\n", "Your code: 123456", "12345678"])
def test_code_can_be_pasted(visitor, stack, pasted):
    alice = visitor(stack, "alice", permissions=["clipboard-read", "clipboard-write"])
    field, boxes = code_field(alice)
    alice.page.evaluate("text => navigator.clipboard.writeText(text)", pasted)
    field.focus()
    alice.page.keyboard.press("Control+V")
    expect(boxes).to_have_text([*"123456"])
    field.press("Control+A")
    alice.page.keyboard.press("Control+V")  # again, instead of what was there
    expect(field).to_have_value("123456")


def test_code_can_be_typed_and_corrected_by_keyboard(visitor, stack):
    alice = visitor(stack, "alice")
    field, boxes = code_field(alice)
    press, marked = alice.page.keyboard.press, alice.page.locator(".digit.marked")
    field.focus()
    alice.page.keyboard.type("12a3 45")  # what is no digit is ignored
    expect(boxes).to_have_text([*"12345", ""])
    press("Backspace")
    press("Backspace")
    expect(boxes).to_have_text([*"123", "", "", ""])
    alice.page.keyboard.type("987")
    expect(boxes).to_have_text([*"123987"])

    # The last digit is marked: it can be corrected at once.
    expect(marked).to_have_text("7")
    press("Backspace")
    alice.page.keyboard.type("6")
    expect(boxes).to_have_text([*"123986"])

    # A digit in the middle is replaced, without the others being moved.
    press("Home")
    press("ArrowRight")
    press("ArrowRight")
    press("ArrowLeft")
    expect(marked).to_have_text("2")
    alice.page.keyboard.type("5")
    expect(boxes).to_have_text([*"153986"])
    expect(marked).to_have_text("3")
    press("Delete")
    expect(boxes).to_have_text([*"15986", ""])
    press("End")
    alice.page.keyboard.type("0")
    expect(boxes).to_have_text([*"159860"])


def test_code_can_be_corrected_by_pointer(visitor, stack):
    alice = visitor(stack, "alice", direction="rtl")
    field, boxes = code_field(alice)
    field.fill("123456")
    box = boxes.nth(4).bounding_box()
    alice.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(alice.page.locator(".digit.marked")).to_have_text("5")
    alice.page.keyboard.type("0")
    expect(boxes).to_have_text([*"123406"])


# --------------------------------------------------------------------------------------------------------------- account


def test_deletion_needs_the_typed_email_address(visitor, stack):
    alice = home(visitor, stack)
    card = alice.opens_card("Delete account")
    card.locator("[name=password]").fill(alice.password)
    confirmation = card.locator("[name=confirmation]")
    for typed in ("", "yes", f"x{alice.email}"):
        confirmation.fill(typed)
        alice.press("Delete my account")
        alice.is_told("Check the marked fields.")
        expect(confirmation).to_be_focused()
        expect(confirmation).to_have_accessible_description("Type your email address exactly as it is shown.")
    assert not [request for request in alice.requests if request.method == "DELETE"]
    confirmation.fill(f" {alice.email.upper()} ")
    alice.press("Delete my account")
    alice.expect_heading("Sign up")
    alice.reads("Your account is deleted.")


def test_data_is_downloaded(visitor, stack):
    alice = home(visitor, stack)
    with alice.page.expect_download() as download:
        alice.press("Download your data")
        alice.reads("Your data is downloaded.")
    assert download.value.suggested_filename == "account.json"
    data = json.loads(download.value.path().read_text("utf-8"))
    assert data["account"][0]["email"] == alice.email


def test_focus_stays_in_the_section_of_a_removed_row(visitor, stack):
    alice, elsewhere = home(visitor, stack), visitor(stack, "alice")
    elsewhere.email = alice.email
    elsewhere.log_in()
    elsewhere.is_home()
    alice.page.reload()
    alice.press("Log out device: HeadlessChrome on Linux")
    expect(alice.page.get_by_role("heading", name="Devices")).to_be_focused()


def test_section_that_failed_to_load_can_be_loaded_again(visitor, stack):
    alice = home(visitor, stack)
    alice.page.route("**/users/me/sessions", lambda route: route.abort())
    alice.page.reload()
    section = alice.page.get_by_role("region", name="Devices")
    expect(section).to_contain_text("We cannot reach the service.")
    alice.check_accessibility()
    alice.page.unroute_all()
    section.get_by_role("button", name="Try again").click()
    expect(section).to_contain_text("this device")


# --------------------------------------------------------------------------------------------------------------- waiting


def press_and_hold(alice, route, button):
    """Press a button, and hold its request. Returns the button and the requests that are held."""
    held = []
    alice.page.route(route, lambda request: held.append(request))  # noqa: PLW0108, Playwright marks what it is given
    pressed = alice.page.get_by_role("button", name=button, exact=True)
    pressed.focus()
    pressed.press("Enter")
    expect(pressed).to_be_disabled()
    expect(pressed).to_have_attribute("aria-busy", "true")
    expect(pressed).to_be_focused()  # the attribute `disabled` would move it
    pressed.press("Enter")
    pressed.dispatch_event("click")
    alice.page.wait_for_timeout(100)
    return pressed, held


def test_button_of_a_form_waits_for_its_request(visitor, stack):
    alice = visitor(stack, "alice", reduced_motion="reduce")
    alice.open("/login")
    alice.fill(email=alice.email, password="wrong")
    button, held = press_and_hold(alice, "**/auth/login", "Log in")
    assert len(held) == 1
    alice.check_accessibility()
    alice.take_screenshot("light-login-waiting")
    assert button.evaluate("button => getComputedStyle(button, '::before').animationName") == "none"
    held[0].continue_()
    alice.is_told("The email address or the password is wrong.")
    expect(button).to_be_enabled()
    expect(button).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize(
    ("path", "route", "name"),
    [
        ("/account", "**/users/me", "Save"),
        ("/account", "**/users/me/export", "Download your data"),
        ("/account", "**/auth/logout", "Log out"),
        ("/account/factors", "**/users/me/factors/totp", "Set up an app"),
    ],
    ids=["form", "export", "header", "factor"],
)
def test_every_button_waits(visitor, stack, path, route, name):
    alice = home(visitor, stack)
    alice.open(path)
    alice.page.locator("h1").wait_for()
    if name == "Set up an app":
        alice.opens_card("Add an authenticator app")
    _, held = press_and_hold(alice, route, name)
    assert len(held) == 1
    held[0].abort()


def test_button_of_a_provider_waits_until_the_browser_has_left(visitor, stack):
    alice = visitor(stack, "alice")
    asked = []
    alice.page.route("**/oauth/company?*", lambda route: (asked.append(route.request.url), route.fulfill(status=204)))
    alice.open("/login")
    button = alice.page.get_by_role("button", name="Continue with Company")
    button.click()
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("aria-busy", "true")
    button.dispatch_event("click")
    alice.page.wait_for_timeout(100)
    assert len(asked) == 1


# ----------------------------------------------------------------------------------------------------------------- theme


def test_theme_is_made_by_variables(visitor, stack):
    alice = visitor(stack, "alice", color_scheme="light")
    alice.open("/login")
    button = alice.page.get_by_role("button", name="Log in", exact=True)
    for name, value in {"--kit-accent": "rgb(1, 2, 3)", "--kit-radius": "7px", "--kit-font": "serif"}.items():
        alice.page.evaluate("([name, value]) => document.documentElement.style.setProperty(name, value)", [name, value])
    expect(button).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(button).to_have_css("border-radius", "7px")
    expect(button).to_have_css("font-family", "serif")


def test_every_variable_is_used_and_explained():
    theme, styles = ((KIT / name).read_text("utf-8") for name in ("theme.css", "kit.css"))
    variables = set(re.findall(r"^  (--kit-[\w-]+):", theme, re.MULTILINE))
    assert set(re.findall(r"var\((--kit-[\w-]+)\)", styles)) == variables
    assert set(re.findall(r"`(--kit-[\w-]+)`", README.read_text("utf-8"))) == variables
    assert not re.findall(r"#[0-9a-f]{6}", styles), "colors are in theme.css"


def test_styles_use_logical_properties_only():
    physical = re.compile(
        r"(?<![\w-])(left|right|top|bottom|width|height|(min|max)-(width|height)"
        r"|(margin|padding|border|inset)-(left|right|top|bottom)[\w-]*)\s*:|text-align:\s*(left|right)|float:"
    )
    for file in (*KIT.glob("*.css"), KIT.parent / "app.css"):
        lines = file.read_text("utf-8").splitlines()
        found = [line for line in lines if physical.search(line) and not line.startswith("@media")]
        assert not found, f"{file.name}: {found}"
