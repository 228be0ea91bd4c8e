"""The hosted pages in a real browser, each flow from beginning to end."""

from playwright.sync_api import expect

PHONE = {
    "viewport": {"width": 375, "height": 720},
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
}


def test_sign_up_and_email_verification_by_link(alice):
    alice.open("/login")
    alice.follow("Sign up")
    alice.expect_heading("Sign up")
    alice.sign_up()
    alice.expect_heading("Your account")
    expect(alice.page.get_by_text("Your email address is not verified")).to_be_visible()
    alice.follows_the_mail("Verify", "/verify-email")
    alice.expect_heading("Verify your email address")
    alice.press("Verify email address")
    alice.is_told("Your email address is verified.")
    alice.expect_heading("Your account")
    alice.press("Log out")
    alice.page.wait_for_url("**/login*")
    alice.is_told("You have been logged out")


def test_password_reset(alice):
    alice.sign_up()
    alice.press("Log out of all devices")
    alice.is_told("You have been logged out of all devices.")
    alice.password = "not this one"
    alice.log_in()
    alice.is_told("The email address or the password is wrong.")
    assert alice.page.input_value("#email") == alice.email
    assert alice.page.input_value("#password") == ""
    alice.follow("Forgot your password?")
    alice.fill(email=alice.email)
    alice.press("Send link")
    alice.is_told("an email with a link is on its way")
    alice.follows_the_mail("password", "/reset-password")
    alice.expect_heading("Choose your password")
    alice.fill(new_password="password")
    alice.press("Set password")
    alice.is_told("New password")
    alice.password = "a cart, a stable"
    alice.fill(new_password=alice.password)
    alice.press("Set password")
    alice.is_told("Your password has been set.")
    alice.log_in()
    alice.expect_heading("Your account")


def test_changes_of_password_and_email_address(alice, person):
    alice.sign_up()
    phone = person("alice", **PHONE)
    phone.email = alice.email
    phone.log_in()
    phone.expect_heading("Your account")
    alice.open("/account/password")
    alice.fill(old_password=alice.password, new_password="a cart, a stable")
    alice.press("Change password")
    alice.is_told("Your password has been changed.")
    phone.page.reload()
    phone.expect_heading("Log in")
    alice.open("/account/email")
    alice.fill(new_email=f"new-{alice.email}", password="a cart, a stable")
    alice.press("Send link")
    alice.is_told("does not change until you confirm it there.")
    alice.follows_the_mail("Confirm", "/confirm-email-change", to=f"new-{alice.email}")
    alice.press("Confirm email address")
    alice.is_told("Your new email address is confirmed.")
    expect(alice.page.get_by_text(f"new-{alice.email}", exact=True)).to_be_visible()


def test_logout_of_another_device_and_account_deletion(alice, person):
    alice.sign_up()
    phone = person("alice", **PHONE)
    phone.email = alice.email
    phone.log_in()
    alice.page.reload()
    expect(alice.page.get_by_text("Mobile Safari on iPhone").first).to_be_visible()
    alice.press("Log out device")
    alice.is_told("The device has been logged out.")
    phone.page.reload()
    phone.expect_heading("Log in")
    with alice.page.expect_download() as download:
        alice.follow("Download all data about you")
    assert alice.email in download.value.path().read_text("utf-8")
    alice.follow("Delete your account")
    alice.fill(password=alice.password, confirmation=alice.email)
    alice.press("Delete my account")
    alice.is_told("Your account and all data about you have been deleted")
    alice.log_in()
    alice.is_told("The email address or the password is wrong.")


def test_two_tabs_renew_an_expired_access_token(alice):
    alice.sign_up()
    alice.expect_heading("Your account")
    other = alice.context.new_page()
    other.goto("/account/profile")
    for _ in range(3):
        alice.expire_access_token()
        # Both requests are sent before either has a response.
        for tab in (alice.page, other):
            tab.evaluate("location.reload()")
        expect(other.get_by_role("heading", level=1)).to_have_text("Your profile")
        alice.expect_heading("Your account")
    alice.expire_access_token()
    other.fill("#username", "Alice in two tabs")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("Alice in two tabs", exact=True)).to_be_visible()
    assert other.get_by_text("this device").count() == 1


def test_back_button_shows_nothing_after_logout(alice):
    alice.sign_up()
    alice.expect_heading("Your account")
    alice.press("Log out")
    alice.page.wait_for_url("**/login*")
    for path in ("/account", "/account/profile"):
        alice.open(path)
        alice.expect_heading("Log in")
    alice.page.go_back()
    alice.page.go_back()
    alice.expect_heading("Log in")
    assert alice.name not in alice.page.content()


def test_pages_work_without_scripts(person):
    alice = person("alice", java_script_enabled=False)
    alice.sign_up()
    alice.expect_heading("Your account")
    alice.follow("Change your profile")
    alice.fill(username="Alice without scripts")
    alice.press("Save")
    expect(alice.page.get_by_text("Alice without scripts", exact=True)).to_be_visible()
    alice.press("Log out")
    alice.page.wait_for_url("**/login*")
    alice.log_in()
    alice.expect_heading("Your account")


def test_provider_is_linked_used_and_unlinked(alice, provider):
    provider.person = {"sub": alice.email, "email": f"work-{alice.email}", "email_verified": True, "name": "Alice"}
    alice.sign_up()
    alice.follow("Link Google")
    alice.fill(password=alice.password)
    alice.press("Continue with Google")
    expect(alice.page.get_by_role("link", name="Unlink Google")).to_be_visible()
    alice.press("Log out")
    alice.page.wait_for_url("**/login*")
    alice.follow("Continue with Google")
    expect(alice.page.get_by_role("link", name="Unlink Google")).to_be_visible()
    alice.follow("Unlink Google")
    alice.fill(password=alice.password)
    alice.press("Unlink Google")
    alice.is_told("The provider has been unlinked from your account.")


def test_authorize_button_of_the_documentation_logs_in(alice):
    alice.sign_up()
    alice.open("/docs")
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
