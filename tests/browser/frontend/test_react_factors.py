"""Second factors and passkeys in the React example."""

import pytest
from playwright.sync_api import expect

from factor_steps import adds_a_passkey, adds_an_app, begins_an_app, opens_factors, saves_recovery_codes
from virtual_authenticator import VirtualAuthenticator


def has_an_account(visitor, stack, **more):
    alice = visitor(stack, "alice", **more)
    alice.signs_up()
    alice.is_home()
    return alice


def test_authenticator_app_recovery_code_and_trusted_device(visitor, stack, cookies):
    alice = has_an_account(visitor, stack, cookies=cookies)
    app, codes = adds_an_app(alice)
    assert len(codes) == 10
    expect(alice.page.get_by_text("Authenticator app ·")).to_be_visible()
    alice.presses("Log out")
    alice.is_at("Log in")

    # A wrong code can be corrected.
    alice.logs_in()
    alice.is_at("Confirm that it is you")
    alice.finds_it_accessible()
    alice.finds_it_fitting()
    alice.takes_a_picture("light-second-step")
    alice.types(code="000000")
    alice.presses("Continue")
    alice.is_told("This code is wrong")
    alice.types(code=app.code())
    alice.presses("Continue")
    alice.is_home()
    alice.presses("Log out")
    alice.is_at("Log in")

    # With a recovery code, too; and then this device is trusted.
    alice.logs_in()
    alice.is_at("Confirm that it is you")
    alice.presses("Use a recovery code")
    alice.types(recovery_code=codes[0].upper())
    alice.presses("Continue")
    alice.is_home()
    alice.reads("one factor, and 9 recovery codes")
    alice.presses("Log out")
    alice.is_at("Log in")
    alice.logs_in()
    alice.is_at("Confirm that it is you")
    alice.page.get_by_label("Do not ask again on this device").check()
    alice.types(code=app.code())
    alice.presses("Continue")
    alice.is_home()
    alice.presses("Log out")
    alice.is_at("Log in")
    alice.logs_in()
    alice.is_home()

    renames_and_removes_the_app(alice, codes[1])


def renames_and_removes_the_app(alice, recovery_code):
    """On the trusted device she has shown only her password, so a dialog asks for the factor."""
    opens_factors(alice)
    expect(alice.page.get_by_role("button", name="Remove trusted device: HeadlessChrome on Linux")).to_be_visible()
    alice.presses("Rename")
    alice.types(name="Old phone")
    alice.presses("Save name")
    alice.presses("Remove: Old phone")
    dialog = alice.page.get_by_role("dialog", name="Confirm that it is you")
    alice.finds_it_accessible()
    dialog.locator("[name=password]").fill(alice.password)
    dialog.locator("[name=code]").fill("abc")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.locator("[name=code]").fill(recovery_code)
    dialog.get_by_role("button", name="Continue").click()
    alice.reads("You have none yet")


def test_passkey_replaces_the_password(visitor, stack, cookies):
    alice = has_an_account(visitor, stack, cookies=cookies)
    device = VirtualAuthenticator(alice.page)
    alice.page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false;")
    adds_a_passkey(alice)
    saves_recovery_codes(alice)
    assert len(device.passkeys) == 1
    alice.presses("Add a passkey")
    alice.is_told("This device has a passkey for your account already.")

    alice.presses("Log out")
    alice.is_at("Log in")
    alice.presses("Log in with a passkey")
    alice.is_home()

    # As the second factor after the password.
    alice.presses("Log out")
    alice.is_at("Log in")
    alice.logs_in()
    alice.is_at("Confirm that it is you")
    alice.presses("Use a passkey")
    alice.is_home()


def test_browser_offers_the_passkey_in_the_email_field(visitor, stack):
    alice = has_an_account(visitor, stack)
    VirtualAuthenticator(alice.page)
    adds_a_passkey(alice)
    alice.presses("Log out")  # the authenticator approves at once
    alice.is_home()


def test_dialog_accepts_a_passkey(visitor, stack):
    alice = has_an_account(visitor, stack)
    VirtualAuthenticator(alice.page)
    adds_a_passkey(alice)
    alice.page.route("**/users/me/recovery-codes", refused_once())
    alice.presses("Create new codes")
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
    alice.opens("/login")
    alice.presses("Continue with Company")
    alice.page.fill("[name=login]", login)
    alice.presses("Continue")
    alice.presses("Continue")
    alice.is_home()

    # She has no password: a new login with the provider confirms that it is her.
    opens_factors(alice)
    begins_an_app(alice)
    alice.presses("Log in again with Company")
    alice.page.fill("[name=login]", login)
    alice.presses("Continue")
    alice.is_home()
    app, _ = adds_an_app(alice)
    alice.presses("Log out")
    alice.is_at("Log in")
    alice.presses("Continue with Company")
    alice.is_at("Confirm that it is you")
    alice.types(code=app.code())
    alice.presses("Continue")
    alice.is_home()


def test_account_that_must_set_up_a_factor_is_led_there(visitor, mfa_stack, cookies):
    alice = visitor(mfa_stack, "alice", cookies=cookies)
    alice.signs_up()
    alice.is_at("Two-factor authentication")
    alice.reads("Your account needs a second factor.")
    alice.finds_it_accessible()
    adds_an_app(alice)
    alice.follows("Back to your account")
    alice.is_home()
    alice.reads("this device")


@pytest.mark.parametrize(
    ("looks", "context"),
    [
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"color_scheme": "light", "viewport": {"width": 360, "height": 740}}),
    ],
    ids=["light", "dark", "phone"],
)
def test_pages_of_factors_are_accessible(visitor, stack, looks, context):
    alice = has_an_account(visitor, stack, reduced_motion="reduce", **context)
    VirtualAuthenticator(alice.page)

    def looks_at(name):
        alice.finds_it_accessible()
        alice.finds_it_fitting()
        alice.takes_a_picture(f"{looks}-factors-{name}")

    opens_factors(alice)
    looks_at("none")
    begins_an_app(alice)
    expect(alice.page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    looks_at("app")
    adds_a_passkey(alice)
    expect(alice.page.locator(".codes code")).to_have_count(10)
    looks_at("recovery-codes")
    alice.presses("I have saved them")
    alice.presses("Rename")
    looks_at("list")
    alice.page.route("**/users/me/recovery-codes", refused_once())
    alice.presses("Create new codes")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    looks_at("dialog")
