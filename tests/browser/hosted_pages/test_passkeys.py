"""Second factors and passkeys on the hosted pages, with Chromium's virtual authenticator."""

import re

import pytest
from playwright.sync_api import expect

from authenticator_app import AuthenticatorApp
from waiting import until

PHONE = {"viewport": {"width": 375, "height": 720}, "has_touch": True}
DARK = {"viewport": {"width": 900, "height": 700}, "color_scheme": "dark"}
CANCELED = "The passkey was not used, because the request was canceled or took too long. Try again."


class VirtualAuthenticator:
    """An authenticator of the browser, through the Chrome DevTools Protocol."""

    def __init__(self, user, *, verifies=True, resident=True, transport="internal"):
        self._cdp = user.context.new_cdp_session(user.page)
        self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": resident,
            "hasUserVerification": verifies,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }
        self.id = self._send("addVirtualAuthenticator", options=options, of_all=True)["authenticatorId"]

    def _send(self, command, of_all=False, **more):
        return self._cdp.send(f"WebAuthn.{command}", more if of_all else {"authenticatorId": self.id, **more})

    @property
    def credentials(self):
        return self._send("getCredentials")["credentials"]

    def verify_users(self, verifies):
        self._send("setUserVerified", isUserVerified=verifies)

    def answer(self, enabled):
        """Answer requests by itself, or not."""
        self._send("setAutomaticPresenceSimulation", enabled=enabled)

    def turn_counter_back(self):
        credential = self.credentials[0]
        self._send("removeCredential", credentialId=credential["credentialId"])
        self._send("addCredential", credential=credential | {"signCount": 0})


def looks_at(user, name):
    user.page.wait_for_timeout(300)  # the colors of a button change slowly
    user.check_accessibility()
    user.check_layout()
    user.check_visibility()
    user.take_screenshot(name)


def save_codes(user):
    """Go on from the recovery codes, and return them."""
    user.expect_heading("Save your recovery codes")
    codes = user.page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    user.page.get_by_label("I have saved these codes").check()
    user.press("Continue")
    user.expect_heading("Second factors and passkeys")
    assert codes[0] not in user.page.url
    return codes


def add_passkey(user, name=""):
    user.open("/account/factors/passkey")
    user.press("Continue")
    user.expect_heading("Create your passkey")
    if name:
        user.fill(name=name)
    user.press("Create passkey")


def add_app(user):
    """Set up an authenticator app by the key on the page, and return it."""
    user.open("/account/factors/totp")
    user.press("Continue")
    user.expect_heading("Connect your authenticator app")
    app = app_on_page(user)
    user.fill(code=app.code())
    user.press("Turn on")
    user.expect_heading("Save your recovery codes")
    return app


def app_on_page(user):
    return AuthenticatorApp(re.sub(r"\s", "", user.page.locator(".key code").inner_text()))


def log_out(user):
    user.open("/account")
    user.press("Log out")
    user.page.wait_for_url("**/login*")


def passkey_says(user, text):
    expect(user.page.locator("[data-passkey] [role=status]")).to_have_text(text)


@pytest.fixture
def alice(person):
    """Alice, whose browser offers no autofill: the virtual authenticator would answer it at once."""
    alice = person("alice")
    alice.page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false;")
    alice.sign_up()
    alice.expect_heading("Your account")
    return alice


@pytest.fixture
def autofilled(person):
    """Alice, whose browser offers autofill."""
    alice = person("alice")
    alice.sign_up()
    alice.expect_heading("Your account")
    return alice


# -------------------------------------------------------------------------------------------------------------- passkeys


def test_passkey_is_created_and_logs_in_with_the_button(alice):
    key = VirtualAuthenticator(alice)
    add_passkey(alice, "Laptop")
    save_codes(alice)
    expect(alice.page.locator(".devices")).to_contain_text("Laptop")
    assert len(key.credentials) == 1
    log_out(alice)
    alice.press("Log in with a passkey")
    alice.expect_heading("Your account")


def test_passkey_logs_in_by_autofill(autofilled):
    alice = autofilled
    key = VirtualAuthenticator(alice)
    add_passkey(alice)
    save_codes(alice)
    key.answer(False)
    log_out(alice)
    alice.open("/forgot-password")  # the page before offered the passkey too, and would use it at once
    key.answer(True)
    alice.open("/login?next=/account/profile")
    alice.expect_heading("Your profile")


def test_button_stops_autofill_and_starts_it_again(autofilled):
    alice = autofilled
    key = VirtualAuthenticator(alice)
    key.answer(False)
    alice.page.add_init_script("""
      window.asked = [];
      const get = CredentialsContainer.prototype.get;
      CredentialsContainer.prototype.get = function (options) {
        const request = { mediation: options.mediation ?? "button", aborted: false };
        asked.push(request);
        options.signal?.addEventListener("abort", () => { request.aborted = true; });
        return request.mediation === "button" ? Promise.reject(new DOMException("", "NotAllowedError")) : get.call(this, options);
      };
    """)
    log_out(alice)
    assert alice.page.get_attribute("#password", "autocomplete") == "current-password webauthn"
    until(lambda: alice.page.evaluate("asked.length") == 1)
    alice.press("Log in with a passkey")
    passkey_says(alice, CANCELED)
    until(lambda: alice.page.evaluate("asked.length") == 3)
    assert alice.page.evaluate("asked.map(({ mediation, aborted }) => mediation + aborted)") == [
        "conditionaltrue", "buttonfalse", "conditionalfalse",
    ]  # fmt: skip


def test_challenge_of_autofill_is_renewed_before_it_expires(person):
    alice = person("alice")
    VirtualAuthenticator(alice).answer(False)
    alice.page.clock.install()
    alice.open("/login")
    alice.page.wait_for_timeout(300)
    assert not [request for request in alice.requests if request.url.endswith("/auth/passkeys/options")]
    with alice.page.expect_response("**/auth/passkeys/options") as answer:
        alice.page.clock.fast_forward(245_000)
    assert answer.value.status == 200


def test_passkey_of_a_deleted_account_is_refused_and_reported(alice):
    VirtualAuthenticator(alice)
    add_passkey(alice)
    save_codes(alice)
    alice.open("/account/delete")
    alice.fill(confirmation=alice.email)
    alice.press("Delete my account")
    alice.is_told("Your account and all data about you have been deleted")
    alice.press("Log in with a passkey")
    alice.is_told("This passkey does not work on this site.")
    expect(alice.page.locator("body")).to_have_attribute("data-unknown", re.compile(r"[\w-]{20,}"))


def test_second_passkey_on_the_same_device_is_refused(alice):
    VirtualAuthenticator(alice)
    add_passkey(alice)
    save_codes(alice)
    add_passkey(alice)
    passkey_says(alice, "This device already has a passkey for your account.")
    looks_at(alice, "passkey-refused")


def test_refused_user_verification_can_be_tried_again(alice):
    key = VirtualAuthenticator(alice)
    add_passkey(alice)
    save_codes(alice)
    log_out(alice)
    key.verify_users(False)
    alice.press("Log in with a passkey")
    passkey_says(alice, CANCELED)
    looks_at(alice, "login-passkey-refused")
    key.verify_users(True)
    alice.press("Log in with a passkey")
    alice.expect_heading("Your account")


def test_copied_passkey_is_removed(alice):
    key = VirtualAuthenticator(alice, transport="usb")
    add_passkey(alice)
    save_codes(alice)
    log_out(alice)
    key.turn_counter_back()
    alice.press("Log in with a passkey")
    alice.is_told("This passkey does not work on this site.")
    alice.log_in()
    alice.expect_heading("Confirm that it's you")
    assert alice.page.locator("[data-passkey]").count() == 0, "only recovery codes are left"


# ----------------------------------------------------------------------------------------------------- second factor


def test_security_key_without_user_verification_is_a_second_factor(alice):
    VirtualAuthenticator(alice, verifies=False, resident=False, transport="usb")
    add_passkey(alice, "Key ring")
    save_codes(alice)
    log_out(alice)
    alice.log_in()
    alice.expect_heading("Confirm that it's you")
    looks_at(alice, "second-step-key")
    alice.press("Use a passkey")
    alice.expect_heading("Your account")


def test_authenticator_app_and_remembered_device(alice):
    app = add_app(alice)
    looks_at(alice, "recovery-codes")
    codes = save_codes(alice)
    log_out(alice)
    alice.log_in()
    alice.expect_heading("Confirm that it's you")
    looks_at(alice, "second-step")
    alice.fill(code=app.wrong())
    alice.press("Log in")
    alice.is_told("is wrong")
    alice.page.get_by_text("Use a recovery code").click()
    looks_at(alice, "second-step-wrong")
    alice.page.get_by_label("Remember this device for 30 days").check()
    alice.fill(code=app.code())
    alice.press("Log in")
    alice.expect_heading("Your account")
    log_out(alice)
    alice.log_in()
    alice.expect_heading("Your account")
    alice.open("/account/factors")
    looks_at(alice, "factors")
    alice.press("Remove")
    alice.is_told("The device is no longer trusted.")
    log_out(alice)
    alice.log_in()
    alice.page.get_by_text("Use a recovery code").click()
    alice.fill(recovery_code=codes[0])
    alice.press("Log in with the recovery code")
    alice.expect_heading("Your account")


def test_recovery_codes_are_copied_and_downloaded(alice):
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    add_app(alice)
    alice.expect_heading("Save your recovery codes")
    codes = alice.page.locator(".codes code").all_inner_texts()
    alice.press("Copy")
    expect(alice.page.get_by_text("The codes have been copied.")).to_be_visible()
    assert alice.page.evaluate("navigator.clipboard.readText()").split() == codes
    with alice.page.expect_download() as download:
        alice.follow("Download")
    assert download.value.path().read_text("utf-8").split("\n")[2:12] == codes
    alice.page.evaluate("window.print = () => { document.title = 'printed'; }")
    alice.press("Print")
    assert alice.page.title() == "printed"
    alice.press("Continue")
    alice.expect_heading("Save your recovery codes")  # the box is not checked


def test_everything_but_passkeys_works_without_scripts(person):
    alice = person("alice", java_script_enabled=False)
    alice.sign_up()
    app = add_app(alice)
    for name in ("Copy", "Print"):
        expect(alice.page.get_by_role("button", name=name)).to_be_hidden()
    save_codes(alice)
    alice.follow("Add a passkey")
    alice.press("Continue")
    expect(alice.page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(alice.page.get_by_role("button", name="Create passkey")).to_be_hidden()
    log_out(alice)
    expect(alice.page.get_by_role("button", name="Log in with a passkey")).to_be_hidden()
    alice.log_in()
    alice.fill(code=app.code())
    alice.press("Log in")
    alice.expect_heading("Your account")


# --------------------------------------------------------------------------------------------------- re-authentication


def test_account_with_a_passkey_confirms_with_it(alice):
    key = VirtualAuthenticator(alice)
    add_passkey(alice)
    save_codes(alice)
    log_out(alice)
    alice.log_in()
    alice.page.get_by_label("Remember this device for 30 days").check()
    alice.press("Use a passkey")
    alice.expect_heading("Your account")
    log_out(alice)
    alice.log_in()  # with the password alone, as the device is trusted
    alice.open("/account/email")
    alice.press("Confirm with a passkey")  # nothing is asked: the new email address is missing
    expect(alice.page.locator("[data-passkey] [role=status]")).to_be_empty()
    alice.fill(new_email=f"new-{alice.email}")
    looks_at(alice, "change-email-passkey")
    alice.expire_access_token()
    with alice.page.expect_event("load"):
        alice.press("Confirm with a passkey")  # the page renews the session first
    alice.fill(new_email=f"new-{alice.email}")
    alice.press("Confirm with a passkey")
    alice.is_told("We have sent a link to the new email address.")
    assert key.credentials[0]["signCount"] >= 2


def test_removed_passkey_is_reported_to_the_authenticator(alice):
    VirtualAuthenticator(alice)
    alice.page.add_init_script("""
      for (const name of ["signalUnknownCredential", "signalAllAcceptedCredentials", "signalCurrentUserDetails"])
        PublicKeyCredential[name] = async details => {
          sessionStorage.told = JSON.stringify([...JSON.parse(sessionStorage.told ?? "[]"), [name, details]]);
        };
    """)

    def told():
        found = dict(alice.page.evaluate("JSON.parse(sessionStorage.told ?? '[]')"))
        alice.page.evaluate("delete sessionStorage.told")
        return found

    add_passkey(alice)
    save_codes(alice)
    said = told()
    accepted = said["signalAllAcceptedCredentials"]
    assert (accepted["rpId"], len(accepted["allAcceptedCredentialIds"])) == ("localhost", 1)
    assert said["signalCurrentUserDetails"]["name"] == alice.email
    assert said["signalCurrentUserDetails"]["userId"] == accepted["userId"]
    alice.follow("Remove")
    alice.press("Remove")
    alice.is_told("The factor has been removed.")
    assert told()["signalUnknownCredential"]["credentialId"] == accepted["allAcceptedCredentialIds"][0]


# ------------------------------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("screen", [DARK, PHONE], ids=["dark", "phone"])
def test_pages_are_accessible(person, screen):
    name = "dark" if screen is DARK else "phone"
    alice = person("alice", **screen)
    alice.sign_up()
    VirtualAuthenticator(alice).answer(False)
    alice.open("/account/factors")
    looks_at(alice, f"{name}-factors-none")
    alice.open("/account/factors/totp")
    looks_at(alice, f"{name}-totp")
    alice.press("Continue")
    looks_at(alice, f"{name}-totp-key")
    app = app_on_page(alice)
    alice.fill(code=app.wrong())
    alice.press("Turn on")
    alice.is_told("The code is wrong.")
    alice.fill(code=app.code())
    alice.press("Turn on")
    alice.expect_heading("Save your recovery codes")
    looks_at(alice, f"{name}-recovery-codes")
    save_codes(alice)
    alice.open("/account/factors/passkey")
    looks_at(alice, f"{name}-passkey")
    alice.press("Continue")
    looks_at(alice, f"{name}-passkey-create")
    for path in ("/account", "/account/factors", "/account/password", "/account/delete", "/account/recovery-codes"):
        alice.open(path)
        looks_at(alice, f"{name}-with-factor-{path.rpartition('/')[2]}")
    alice.open("/account/factors")
    alice.follow("Remove")
    looks_at(alice, f"{name}-remove")
    log_out(alice)
    looks_at(alice, f"{name}-login")
    alice.log_in()
    looks_at(alice, f"{name}-second-step")
