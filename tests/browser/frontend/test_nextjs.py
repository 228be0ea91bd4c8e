"""The Next.js example: what its server tells the service, and its pages in a real browser."""

import os
import re
import subprocess

import pytest
from playwright.sync_api import expect

from servers import PROJECT

# A server that answers with the address it would tell the service, and one visitor.
SCRIPT = """
import { createServer, request } from "node:http";
await import("./lib/client-address.ts");
const server = createServer((request, response) => response.end(request.headers["x-forwarded-for"]));
server.listen(0, "127.0.0.1", () => {
  const headers = process.env.WRITTEN ? { "X-Forwarded-For": process.env.WRITTEN } : {};
  request({ port: server.address().port, host: "127.0.0.1", headers }, (answer) => {
    answer.on("data", (told) => process.stdout.write(told)).on("end", () => server.close());
  }).end();
});
"""


@pytest.mark.parametrize(
    ("written", "behind_proxy", "told"),
    [
        ("", "", "127.0.0.1"),
        ("192.0.2.66", "", "127.0.0.1"),
        ("192.0.2.66, 198.51.100.7", "true", "198.51.100.7"),
    ],
    ids=["a visitor", "a visitor who writes an address", "behind a proxy"],
)
def test_no_visitor_chooses_the_address_that_the_service_is_told(written, behind_proxy, told):
    tsx = PROJECT / "clients" / "typescript" / "node_modules" / ".bin" / "tsx"
    done = subprocess.run(
        [tsx, "--input-type=module", "--eval", SCRIPT],
        cwd=PROJECT / "examples" / "nextjs",
        env={**os.environ, "WRITTEN": written, "BEHIND_PROXY": behind_proxy},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, told), done.stderr


# ---------------------------------------------------------------------------------------------------------- in a browser


def test_alice_signs_up_verifies_logs_out_logs_in_and_resets_her_password(user, next_stack):
    alice = user(next_stack, "alice")
    alice.open("/")
    alice.check_accessibility()
    alice.page.locator("main").get_by_role("link", name="Sign up").click()
    alice.expect_heading("Sign up")

    # Errors appear at the fields, and nothing that she typed is lost.
    alice.fill(email="alice", username="Alice", password="short")
    alice.press("Sign up")
    alice.is_told("Check the marked fields.")
    expect(alice.page.get_by_label("Email address")).to_be_focused()
    expect(alice.page.get_by_label("Email address")).to_have_accessible_description("Is not a valid email address.")
    expect(alice.page.locator("[name=username]")).to_have_value("Alice")
    expect(alice.page.locator("[name=password]")).to_have_value("short")
    alice.fill(email=alice.email, password=alice.password)
    alice.press("Sign up")
    alice.is_home()
    tokens = [cookie for cookie in alice.context.cookies() if cookie["name"].startswith("session_")]
    assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in tokens] == [(True, "Lax")] * 2

    alice.fill(code="000000" if alice.code() != "000000" else "111111")
    alice.press("Verify")
    alice.is_told("wrong, expired or already used")
    alice.fill(code=f"{alice.code()[:3]} {alice.code()[3:]}")
    alice.press("Verify")
    alice.reads("Your email address is verified.")
    expect(alice.page.get_by_text("verified", exact=True)).to_be_visible()

    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.reads("You have been logged out.")
    assert not [cookie for cookie in alice.context.cookies() if cookie["name"].startswith("session_")]
    alice.page.go_back()
    alice.expect_heading("Log in")  # no page of the session is shown again
    alice.log_in()
    alice.is_home()
    resets_her_password(alice, next_stack)


def resets_her_password(alice, next_stack):
    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.follow("Forgot your password?")
    alice.expect_heading("Forgot your password?")
    alice.fill(email=alice.email)
    alice.press("Send the link")
    alice.reads("we have sent an email")
    alice.open(alice.link("/reset-password"))
    alice.expect_heading("Set a new password")
    expect(alice.page).to_have_url(f"{next_stack.frontend}/reset-password")
    alice.fill(new_password="short")
    alice.press("Set password")
    alice.is_told("Choose a different password.")
    alice.password = "another horse, another battery"
    alice.fill(new_password=alice.password)
    alice.press("Set password")
    alice.expect_heading("Log in")
    alice.reads("Your password is set.")
    alice.log_in()
    alice.is_home()


def test_where_verification_is_required_a_code_or_a_link_comes_first(user, strict_next_stack):
    alice, bob = user(strict_next_stack, "alice"), user(strict_next_stack, "bob")
    alice.sign_up()
    alice.expect_heading("Verify your email address")
    alice.reads(alice.email)
    alice.fill(code=alice.code())
    alice.press("Verify")
    alice.expect_heading("Log in")
    expect(alice.page.get_by_label("Email address")).to_have_value(alice.email)
    alice.log_in()
    alice.is_home()

    bob.sign_up()
    bob.expect_heading("Verify your email address")
    bob.log_in()
    bob.expect_heading("Verify your email address")
    bob.reads("Your email address is not verified yet.")
    bob.open(bob.link("/verify-email"))
    bob.press("Verify email address")
    bob.expect_heading("Log in")
    bob.log_in()
    bob.is_home()


def test_alice_manages_her_account(user, next_stack):
    alice, elsewhere = user(next_stack, "alice"), user(next_stack, "alice")
    alice.sign_up()
    alice.is_home()
    alice.fill(username="Alice Liddell")
    alice.press("Save")
    alice.expect_heading("Hello, Alice Liddell")
    alice.reads("Saved.")

    elsewhere.email, elsewhere.name = alice.email, "Alice Liddell"
    elsewhere.log_in()
    elsewhere.is_home()
    alice.page.reload()
    alice.press("Log out device: HeadlessChrome on Linux")
    expect(alice.page.get_by_role("button", name="Log out device: ")).to_have_count(0)
    elsewhere.fill(username="Still here?")
    elsewhere.press("Save")
    elsewhere.expect_heading("Log in")
    elsewhere.reads("Your session has ended.")

    card = alice.opens_card("Change password")
    card.locator("[name=old_password]").fill(alice.password)
    card.locator("[name=new_password]").fill("another horse, another battery")
    card.get_by_role("button", name="Change password").click()
    alice.reads("Your password is changed")
    alice.password = "another horse, another battery"

    card, new_address = alice.opens_card("Change email address"), f"new-{alice.email}"
    card.locator("[name=new_email]").fill(new_address)
    card.locator("[name=password]").fill("not my password")
    alice.press("Send the link")
    alice.is_told("Enter your current password")
    expect(card.locator("[name=new_email]")).to_have_value(new_address)
    card.locator("[name=password]").fill(alice.password)
    alice.press("Send the link")
    alice.reads(f"We have sent a link to {new_address}")
    alice.open(alice.link("/confirm-email-change", to=new_address))
    alice.press("Confirm new email address")
    alice.reads("Your email address is changed.")
    alice.reads(new_address)

    with alice.page.expect_download() as download:
        alice.follow("Download as JSON")
    assert new_address in download.value.path().read_text("utf-8")
    alice.opens_card("Delete account").locator("[name=password]").fill(alice.password)
    alice.press("Delete my account")
    alice.expect_heading("Sign up")
    alice.reads("Your account is deleted.")


def test_a_provider_logs_in_links_and_confirms_an_action(user, next_stack, next_provider):
    alice, bob = user(next_stack, "alice"), user(next_stack, "bob")
    known = next_provider[0].new_person(email=alice.email, name=alice.name)
    alice.open("/login")
    alice.follow("Continue with Company")
    at_the_provider(alice, known)
    alice.is_home()

    # She has no password, so she confirms the deletion by a new login.
    alice.opens_card("Delete account")
    alice.press("Delete my account")
    alice.is_told("Enter your current password")
    alice.page.locator("details[open]").get_by_role("link", name="Log in again with Company").click()
    at_the_provider(alice, known, consents=False)
    alice.is_home()
    expect(alice.page.get_by_role("button", name="Log out device: ")).to_have_count(
        0
    )  # the new session replaces the old one
    alice.opens_card("Delete account")
    alice.press("Delete my account")
    alice.reads("Your account is deleted.")

    bob.sign_up()
    bob.is_home()
    bob.press("Link Company")
    at_the_provider(bob, next_provider[0].new_person(email=bob.email, name=bob.name))
    bob.reads("The provider is linked.")
    bob.press("Unlink Company")
    expect(bob.page.get_by_role("button", name="Link Company", exact=True)).to_be_visible()


def at_the_provider(person, login, *, consents=True):
    person.page.fill("[name=login]", login)
    person.press("Continue")
    if consents:
        person.press("Continue")


def test_a_code_from_another_browser_logs_nobody_in(user, next_stack):
    alice = user(next_stack, "alice")
    alice.open("/session/return?code=from-mallory")
    alice.expect_heading("Log in")
    alice.is_told("The login with this provider failed.")
    assert alice.cookie("session_access") is None


def test_parallel_requests_share_one_refresh(user, next_stack):
    alice = user(next_stack, "alice")
    alice.sign_up()
    alice.is_home()
    for _ in range(2):
        alice.expire_access_token()
        before = alice.cookie("session_refresh")
        asked = "Promise.all([1, 2, 3, 4, 5, 6].map(n => fetch('/account?n=' + n).then(r => r.text())))"
        pages = alice.page.evaluate(asked)
        assert all(f"Hello, <!-- -->{alice.name}" in page or f"Hello, {alice.name}" in page for page in pages)
        assert alice.cookie("session_refresh") != before
    alice.page.reload()
    alice.is_home()
    expect(alice.page.get_by_role("button", name="Log out device: ")).to_have_count(0)  # still the one session


def test_a_logout_after_the_access_token_has_expired_leaves_no_session(user, next_stack):
    alice = user(next_stack, "alice")
    alice.sign_up()
    alice.is_home()
    alice.expire_access_token()
    alice.press("Log out")
    alice.expect_heading("Log in")
    assert (alice.cookie("session_access"), alice.cookie("session_refresh")) == (None, None)


def test_a_visitor_does_not_choose_the_ip_address_of_a_device(user, next_stack):
    mallory = user(next_stack, "mallory", extra_http_headers={"X-Forwarded-For": "192.0.2.66"})
    mallory.sign_up()
    mallory.is_home()
    mallory.reads("127.0.0.1 · now")


def test_an_outage_of_the_service_logs_nobody_out(user, strict_next_stack):
    alice, service = user(strict_next_stack, "alice"), strict_next_stack.service
    alice.sign_up()
    alice.expect_heading("Verify your email address")
    alice.fill(code=alice.code())
    alice.press("Verify")
    alice.expect_heading("Log in")
    alice.log_in()
    alice.is_home()
    service.kill()
    for _ in ("with an access token", "without"):
        alice.page.reload()
        alice.expect_heading("Something went wrong")
        alice.expire_access_token()
    alice.faults.clear()  # React reports the error of the page
    service.start()
    alice.press("Try again")
    alice.is_home()


def test_forms_work_without_scripts(user, next_stack):
    alice = user(next_stack, "alice", java_script_enabled=False)
    alice.open("/signup")
    alice.fill(email="alice", username="Alice", password="short")
    alice.press("Sign up")
    alice.is_told("Check the marked fields.")
    expect(alice.page.locator("[name=username]")).to_have_value("Alice")
    expect(alice.page.locator("[name=password]")).to_have_value("")
    alice.fill(email=alice.email, password=alice.password)
    alice.press("Sign up")
    alice.is_home()
    alice.page.goto("about:blank")


@pytest.mark.parametrize(
    ("looks", "context"),
    [
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"color_scheme": "light", "viewport": {"width": 360, "height": 740}}),
    ],
    ids=["light", "dark", "phone"],
)
def test_every_page_is_accessible_and_fits(user, next_stack, looks, context):
    alice = user(next_stack, "alice", reduced_motion="reduce", **context)

    def looks_at(name):
        alice.check_accessibility()
        alice.check_layout()
        alice.take_screenshot(f"{looks}-{name}")

    for path in PAGES if looks == "light" else PAGES[:7]:
        alice.open(path)
        alice.page.locator("h1").wait_for()
        looks_at(re.sub(r"\W+", "-", path).strip("-") or "home")
    alice.open("/login")
    alice.fill(email="nobody@example.com", password="wrong")
    alice.press("Log in")
    alice.is_told("The email address or the password is wrong.")
    looks_at("login-error")
    alice.sign_up()
    alice.is_home()
    alice.take_screenshot(f"{looks}-account")
    for card in ("Change password", "Change email address", "Delete account"):
        alice.opens_card(card)
    looks_at("account-open")


PAGES = [
    "/", "/signup", "/login", "/forgot-password", "/verify-email", "/reset-password?token=abc", "/not-me?token=abc",
    "/verify-email?token=abc", "/reset-password", "/undo-email-change?token=abc", "/nowhere",
]  # fmt: skip


def test_the_keyboard_is_enough_in_the_next_example(user, next_stack):
    alice = user(next_stack, "alice")
    alice.open("/signup")
    alice.page.get_by_label("Email address").focus()
    alice.page.keyboard.type(alice.email)
    for text in (alice.name, alice.password):
        alice.page.keyboard.press("Tab")
        alice.page.keyboard.type(text)
    alice.page.keyboard.press("Enter")
    alice.is_home()
    expect(alice.page.get_by_role("heading", level=1)).to_be_focused()
    alice.page.keyboard.press("Shift+Tab")
    alice.page.keyboard.press("Enter")
    alice.expect_heading("Log in")
