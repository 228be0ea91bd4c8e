"""Second factors and passkeys in the Next.js example."""

import pytest
from playwright.sync_api import expect

from factor_steps import adds_a_passkey, adds_an_app, begins_an_app, opens_factors, saves_recovery_codes
from virtual_authenticator import VirtualAuthenticator


def has_an_account(user, stack, **more):
    alice = user(stack, "alice", **more)
    alice.signs_up()
    alice.is_home()
    return alice


def test_authenticator_app_recovery_code_and_trusted_device(user, next_stack):
    alice = has_an_account(user, next_stack)
    app, codes = adds_an_app(alice)
    assert len(codes) == 10
    alice.presses("Log out")
    alice.is_at("Log in")

    alice.logs_in()
    alice.is_at("Confirm that it is you")
    expect(alice.page).to_have_title("Confirm that it is you · Example")
    alice.finds_it_accessible()
    alice.takes_a_picture("light-second-step")
    alice.types(code="000000")
    alice.presses("Continue")
    alice.is_told("This code is wrong")
    alice.follows("Use a recovery code")
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
    assert alice.cookie("trusted_device")
    alice.presses("Log out")
    alice.is_at("Log in")
    alice.logs_in()
    alice.is_home()

    # On the trusted device she has shown only her password: removing the factor asks for it.
    opens_factors(alice)
    expect(alice.page.get_by_role("button", name="Remove trusted device: ")).to_be_visible()
    alice.presses("Rename")
    alice.types(name="Old phone")
    alice.presses("Save name")
    alice.presses("Remove: Old phone")
    dialog = alice.page.get_by_role("dialog", name="Confirm that it is you")
    dialog.locator("[name=password]").fill(alice.password)
    dialog.locator("[name=code]").fill("abc")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    alice.finds_it_accessible()
    alice.takes_a_picture("light-factors-dialog")
    dialog.locator("[name=code]").fill(codes[1])
    dialog.get_by_role("button", name="Continue").click()
    alice.reads("You have none yet")


def test_passkey_replaces_the_password(user, next_stack):
    alice = has_an_account(user, next_stack)
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


def test_browser_offers_the_passkey_in_the_email_field(user, next_stack):
    alice = has_an_account(user, next_stack)
    VirtualAuthenticator(alice.page)
    adds_a_passkey(alice)
    alice.presses("Log out")  # the authenticator approves at once
    alice.is_home()


def test_provider_login_meets_the_second_step(user, next_stack, next_provider):
    alice = user(next_stack, "alice")
    login = next_provider[0].new_person(email=alice.email, name=alice.name)
    alice.opens("/login")
    alice.follows("Continue with Company")
    alice.page.fill("[name=login]", login)
    alice.presses("Continue")
    alice.presses("Continue")
    alice.is_home()

    # She has no password: a new login with the provider confirms that it is her.
    opens_factors(alice)
    begins_an_app(alice)
    alice.is_told("Enter your current password")
    alice.follows("Log in again with Company")
    alice.page.fill("[name=login]", login)
    alice.presses("Continue")
    alice.is_home()
    app, _ = adds_an_app(alice)
    alice.presses("Log out")
    alice.is_at("Log in")
    alice.follows("Continue with Company")
    alice.is_at("Confirm that it is you")
    alice.types(code=app.code())
    alice.presses("Continue")
    alice.is_home()


def test_account_that_must_set_up_a_factor_is_led_there(user, mfa_next_stack):
    alice = user(mfa_next_stack, "alice")
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
def test_pages_of_factors_are_accessible(user, next_stack, looks, context):
    alice = has_an_account(user, next_stack, reduced_motion="reduce", **context)
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
