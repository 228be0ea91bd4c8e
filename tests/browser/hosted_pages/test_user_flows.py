"""The hosted pages in a real browser, each flow from beginning to end."""

from playwright.sync_api import expect

PHONE = {
    "viewport": {"width": 375, "height": 720},
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
}


def test_sign_up_and_email_verification_by_link(alice):
    alice.opens("/login")
    alice.follows("Sign up")
    alice.is_at("Sign up")
    alice.signs_up()
    alice.is_at("Your account")
    expect(alice.page.get_by_text("Your email address is not verified")).to_be_visible()
    alice.follows_the_mail("Verify", "/verify-email")
    alice.is_at("Verify your email address")
    alice.presses("Verify email address")
    alice.is_told("Your email address is verified.")
    alice.is_at("Your account")
    alice.presses("Log out")
    alice.page.wait_for_url("**/login*")
    alice.is_told("You are logged out")


def test_password_reset(alice):
    alice.signs_up()
    alice.presses("Log out on all devices")
    alice.is_told("You are logged out on all devices.")
    alice.password = "not this one"
    alice.logs_in()
    alice.is_told("The email address or the password is wrong.")
    assert alice.page.input_value("#email") == alice.email
    assert alice.page.input_value("#password") == ""
    alice.follows("Forgot your password?")
    alice.types(email=alice.email)
    alice.presses("Send link")
    alice.is_told("an email with a link is on its way")
    alice.follows_the_mail("password", "/reset-password")
    alice.is_at("Choose your password")
    alice.types(new_password="password")
    alice.presses("Set password")
    alice.is_told("New password")
    alice.password = "a cart, a stable"
    alice.types(new_password=alice.password)
    alice.presses("Set password")
    alice.is_told("Your password has been set.")
    alice.logs_in()
    alice.is_at("Your account")


def test_changes_of_password_and_email_address(alice, person):
    alice.signs_up()
    phone = person("alice", **PHONE)
    phone.email = alice.email
    phone.logs_in()
    phone.is_at("Your account")
    alice.opens("/account/password")
    alice.types(old_password=alice.password, new_password="a cart, a stable")
    alice.presses("Change password")
    alice.is_told("Your password has been changed.")
    phone.page.reload()
    phone.is_at("Log in")
    alice.opens("/account/email")
    alice.types(new_email=f"new-{alice.email}", password="a cart, a stable")
    alice.presses("Send link")
    alice.is_told("Nothing changes until you open it.")
    alice.follows_the_mail("Confirm", "/confirm-email-change", to=f"new-{alice.email}")
    alice.presses("Confirm email address")
    alice.is_told("Your new email address is confirmed.")
    expect(alice.page.get_by_text(f"new-{alice.email}")).to_be_visible()


def test_logout_of_another_device_and_account_deletion(alice, person):
    alice.signs_up()
    phone = person("alice", **PHONE)
    phone.email = alice.email
    phone.logs_in()
    alice.page.reload()
    expect(alice.page.get_by_text("Mobile Safari on iPhone").first).to_be_visible()
    alice.presses("Log out device")
    alice.is_told("The device has been logged out.")
    phone.page.reload()
    phone.is_at("Log in")
    with alice.page.expect_download() as download:
        alice.follows("Download all data about you")
    assert alice.email in download.value.path().read_text("utf-8")
    alice.follows("Delete your account")
    alice.types(password=alice.password)
    alice.presses("Delete my account")
    alice.is_told("Your account and all data about you have been deleted")
    alice.logs_in()
    alice.is_told("The email address or the password is wrong.")


def test_two_tabs_renew_an_expired_access_token(alice):
    alice.signs_up()
    alice.is_at("Your account")
    other = alice.context.new_page()
    other.goto("/account/name")
    for _ in range(3):
        alice.waits_too_long()
        # Both requests are sent before either has a response.
        for tab in (alice.page, other):
            tab.evaluate("location.reload()")
        expect(other.get_by_role("heading", level=1)).to_have_text("Change your name")
        alice.is_at("Your account")
    alice.waits_too_long()
    other.fill("#username", "Alice in two tabs")
    other.get_by_role("button", name="Change name").click()
    expect(other.get_by_text("Alice in two tabs")).to_be_visible()
    assert other.get_by_text("this device").count() == 1


def test_back_button_shows_nothing_after_logout(alice):
    alice.signs_up()
    alice.is_at("Your account")
    alice.presses("Log out")
    alice.page.wait_for_url("**/login*")
    for path in ("/account", "/account/name"):
        alice.opens(path)
        alice.is_at("Log in")
    alice.page.go_back()
    alice.page.go_back()
    assert alice.email not in alice.page.content()


def test_pages_work_without_scripts(person):
    alice = person("alice", java_script_enabled=False)
    alice.signs_up()
    alice.is_at("Your account")
    alice.follows("Change your name")
    alice.types(username="Alice without scripts")
    alice.presses("Change name")
    expect(alice.page.get_by_text("Alice without scripts")).to_be_visible()
    alice.presses("Log out")
    alice.page.wait_for_url("**/login*")
    alice.logs_in()
    alice.is_at("Your account")


def test_provider_is_linked_used_and_unlinked(alice, provider):
    provider.person = {"sub": alice.email, "email": f"work-{alice.email}", "email_verified": True, "name": "Alice"}
    alice.signs_up()
    alice.follows("Link Google")
    alice.types(password=alice.password)
    alice.presses("Continue with Google")
    expect(alice.page.get_by_role("link", name="Unlink Google")).to_be_visible()
    alice.presses("Log out")
    alice.page.wait_for_url("**/login*")
    alice.follows("Continue with Google")
    expect(alice.page.get_by_role("link", name="Unlink Google")).to_be_visible()
    alice.follows("Unlink Google")
    alice.types(password=alice.password)
    alice.presses("Unlink Google")
    alice.is_told("The provider has been unlinked from your account.")


def test_authorize_button_of_the_documentation_logs_in(alice):
    alice.signs_up()
    alice.opens("/docs")
    page = alice.page
    page.get_by_role("button", name="Authorize").first.click()
    form = page.locator(".auth-container", has=page.get_by_text("Password (OAuth2, password)"))
    form.locator("[name=username], #oauth_username").first.fill(alice.email)
    form.locator("[name=password], #oauth_password").first.fill(alice.password)
    form.get_by_role("button", name="Apply given OAuth2 credentials").click()
    expect(form.get_by_role("button", name="Remove authorization")).to_be_visible()
    page.locator(".modal-ux .close-modal").click()
    alice.context.clear_cookies()
    call = page.locator(".opblock-get", has=page.locator("[data-path='/users/me']"))
    call.locator("button.opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".responses-table.live-responses-table")).to_contain_text(alice.email)
