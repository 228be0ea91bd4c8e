"""Second factors and passkeys in the React example."""

import pytest
from playwright.sync_api import expect

from factor_steps import add_app, add_passkey, begin_app, open_factors, save_recovery_codes
from virtual_authenticator import VirtualAuthenticator


def sign_up(visitor, stack, **more):
    alice = visitor(stack, "alice", **more)
    alice.sign_up()
    alice.is_home()
    return alice


def test_authenticator_app_recovery_code_and_trusted_device(visitor, stack, cookies):
    alice = sign_up(visitor, stack, cookies=cookies)
    app, codes = add_app(alice)
    assert len(codes) == 10
    expect(alice.page.get_by_text("Authenticator app ·")).to_be_visible()
    alice.press("Log out")
    alice.expect_heading("Log in")

    # A wrong code can be corrected.
    alice.log_in()
    alice.expect_heading("Confirm that it's you")
    alice.check_accessibility()
    alice.check_layout()
    alice.take_screenshot("light-second-step")
    alice.fill(code="000000")
    alice.press("Continue")
    alice.is_told("This code is wrong")
    alice.fill(code=app.code())
    alice.press("Continue")
    alice.is_home()
    alice.press("Log out")
    alice.expect_heading("Log in")

    # With a recovery code, too; and then this device is trusted.
    alice.log_in()
    alice.expect_heading("Confirm that it's you")
    alice.press("Use a recovery code")
    alice.fill(recovery_code=codes[0].upper())
    alice.press("Continue")
    alice.is_home()
    alice.reads("one factor, and 9 recovery codes")
    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.log_in()
    alice.expect_heading("Confirm that it's you")
    alice.page.get_by_label("Do not ask again on this device").check()
    alice.fill(code=app.code())
    alice.press("Continue")
    alice.is_home()
    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.log_in()
    alice.is_home()

    rename_and_remove_app(alice, codes[1])


def rename_and_remove_app(alice, recovery_code):
    """On the trusted device she has shown only her password, so a dialog asks for the factor."""
    open_factors(alice)
    expect(alice.page.get_by_role("button", name="Remove trusted device: HeadlessChrome on Linux")).to_be_visible()
    alice.press("Rename")
    alice.fill(name="Old phone")
    alice.press("Save name")
    alice.press("Remove: Old phone")
    dialog = alice.page.get_by_role("dialog", name="Confirm that it's you")
    alice.check_accessibility()
    dialog.locator("[name=password]").fill(alice.password)
    dialog.locator("[name=code]").fill("abc")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.locator("[name=code]").fill(recovery_code)
    dialog.get_by_role("button", name="Continue").click()
    alice.reads("You have none yet")


def test_passkey_replaces_the_password(visitor, stack, cookies):
    alice = sign_up(visitor, stack, cookies=cookies)
    device = VirtualAuthenticator(alice.page)
    alice.page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false;")
    add_passkey(alice)
    save_recovery_codes(alice)
    assert len(device.passkeys) == 1
    alice.press("Add a passkey")
    alice.is_told("This device has a passkey for your account already.")

    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.press("Log in with a passkey")
    alice.is_home()

    # As the second factor after the password.
    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.log_in()
    alice.expect_heading("Confirm that it's you")
    alice.press("Use a passkey")
    alice.is_home()


def test_browser_offers_the_passkey_in_the_email_field(visitor, stack):
    alice = sign_up(visitor, stack)
    VirtualAuthenticator(alice.page)
    add_passkey(alice)
    alice.press("Log out")  # the authenticator approves at once
    alice.is_home()


def test_dialog_accepts_a_passkey(visitor, stack):
    alice = sign_up(visitor, stack)
    VirtualAuthenticator(alice.page)
    add_passkey(alice)
    alice.page.route("**/users/me/recovery-codes", refused_once())
    alice.press("Create new codes")
    alice.page.get_by_role("dialog").get_by_role("button", name="Use a passkey").click()
    expect(alice.page.locator(".codes code")).to_have_count(10)


def refused_once():
    """A route whose first response says that the login is too old."""
    refusals = [{"code": "reauthentication_required", "detail": "", "acr_values": "aal2", "factors": ["passkey"]}]

    def answers(route):
        if route.request.method == "POST" and refusals:
            origin = {
                "Access-Control-Allow-Origin": route.request.headers["origin"],
                "Access-Control-Allow-Credentials": "true",
            }
            return route.fulfill(status=403, json=refusals.pop(), headers=origin)
        return route.continue_()

    return answers


def test_provider_login_meets_the_second_step(visitor, stack, provider, cookies):
    alice = visitor(stack, "alice", cookies=cookies)
    login = provider[0].new_person(email=alice.email, name=alice.name)
    alice.open("/login")
    alice.press("Continue with Company")
    alice.page.fill("[name=login]", login)
    alice.press("Continue")
    alice.press("Continue")
    alice.is_home()

    # She has no password: a new login with the provider confirms that it is her.
    open_factors(alice)
    begin_app(alice)
    alice.press("Log in again with Company")
    alice.page.fill("[name=login]", login)
    alice.press("Continue")
    alice.is_home()
    app, _ = add_app(alice)
    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.press("Continue with Company")
    alice.expect_heading("Confirm that it's you")
    alice.fill(code=app.code())
    alice.press("Continue")
    alice.is_home()


def test_account_that_must_set_up_a_factor_is_led_there(visitor, mfa_stack, cookies):
    alice = visitor(mfa_stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.expect_heading("Two-factor authentication")
    alice.reads("Your account needs a second factor.")
    alice.check_accessibility()
    add_app(alice)
    alice.follow("Back to your account")
    alice.is_home()
    alice.reads("this device")


@pytest.mark.parametrize(
    ("looks", "context"),
    [
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"color_scheme": "light", "viewport": {"width": 360, "height": 740}}),
        ("rtl", {"color_scheme": "light", "direction": "rtl"}),
    ],
    ids=["light", "dark", "phone", "rtl"],
)
def test_pages_of_factors_are_accessible(visitor, stack, looks, context):
    alice = sign_up(visitor, stack, reduced_motion="reduce", **context)
    VirtualAuthenticator(alice.page)

    def check(name):
        alice.check_accessibility()
        alice.check_layout()
        alice.take_screenshot(f"{looks}-factors-{name}")

    open_factors(alice)
    check("none")
    begin_app(alice)
    expect(alice.page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    check("app")
    add_passkey(alice)
    expect(alice.page.locator(".codes code")).to_have_count(10)
    check("recovery-codes")
    alice.press("I have saved them")
    alice.press("Rename")
    check("list")
    alice.page.route("**/users/me/recovery-codes", refused_once())
    alice.press("Create new codes")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    check("dialog")
