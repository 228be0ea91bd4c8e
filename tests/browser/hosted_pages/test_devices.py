"""The pages with which a user allows a device access: on a phone, without JavaScript, by keyboard, in the dark."""

import httpx2
import pytest
from playwright.sync_api import expect

from browser_suite import SCREENS
from databases import SQLITE_ONLY
from oauth_application import register
from oauth_provider.schemas import DEVICE, REFRESH
from people import Person, superuser


@pytest.fixture
def device(oidc, configure):
    """A device that waits for its user."""
    configure(email_verification="off")
    made = register(
        superuser(oidc), name="Kitchen Display", type="public", redirect_uris=[], grant_types=[DEVICE, REFRESH]
    )
    asked = {"client_id": made["client_id"], "scope": "openid email"}
    return httpx2.post(f"{oidc.url}/oauth2/device_authorization", data=asked, trust_env=False).json()


@SQLITE_ONLY
@pytest.mark.parametrize("screen", ["light", "dark", "phone", "narrow"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_user_allows_a_device(oidc, device, person_at, screen, scripts):
    if not scripts and screen != "phone":
        pytest.skip("one screen is enough without scripts")
    person = Person(oidc, "alice")
    person.sign_up()
    alice = person_at(oidc.url, "alice", java_script_enabled=scripts, **SCREENS[screen])
    alice.open("/device")
    alice.fill(email=person.email, password=person.password)
    alice.press("Log in")
    alice.expect_heading("Connect a device")
    _check(alice, scripts)
    alice.page.get_by_label("Code").fill("bcdf bcdf")
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_text("This code is wrong or has expired.")).to_be_visible()
    _check(alice, scripts)
    alice.page.get_by_label("Code").fill(device["user_code"].lower())
    alice.page.keyboard.press("Enter")
    alice.expect_heading("Allow this device?")
    expect(alice.page.get_by_text("Kitchen Display asks for access")).to_be_visible()
    _check(alice, scripts)
    alice.page.get_by_role("button", name="Allow").focus()
    alice.page.keyboard.press("Enter")
    alice.expect_heading("Device connected")
    _check(alice, scripts)


def _check(alice, scripts):
    if scripts:
        alice.check_accessibility()
        alice.check_visibility()
        alice.check_layout()
