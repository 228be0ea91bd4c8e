"""Sign-up with a passkey on the hosted pages, with Chromium's virtual authenticator."""

import pytest

from servers import Process, free_port
from virtual_authenticator import VirtualAuthenticator


@pytest.fixture(params=["off", "altcha"])
def without_passwords(request, tmp_path_factory):
    """A service on which users may sign up without a password."""
    url = f"http://localhost:{(port := free_port())}"
    settings = {"PUBLIC_BASE_URL": url, "FRONTEND_BASE_URL": "", "EMAIL_VERIFICATION": "required"}
    settings |= {"PASSWORD_OPTIONAL": "true", "CAPTCHA_PROVIDER": request.param}
    running = Process(tmp_path_factory.mktemp("passkeys"), port=port, **settings)
    running.url = url
    yield running
    running.kill()


def test_account_has_a_passkey_and_no_password(without_passwords, person_at):
    alice = person_at(without_passwords.url, "alice")
    device = VirtualAuthenticator(alice.page)
    alice.open("/signup")
    alice.fill(email=alice.email, username="Alice")
    alice.check_accessibility()
    alice.press("Sign up with a passkey")
    alice.expect_heading("Create your passkey")
    alice.check_accessibility()
    alice.check_layout()
    alice.press("Create passkey")
    alice.expect_heading("Log in by email")
    assert len(device.passkeys) == 1
    alice.open(alice.link("/magic-link"))
    alice.press("Log in")
    alice.expect_heading("Your account")
    alice.press("Log out")
    alice.expect_heading("Your account")  # the login page offers passkeys by itself, and the device approves
