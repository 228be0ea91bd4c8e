"""The steps of users on the factors page of the examples."""

from typing import Any

from playwright.sync_api import expect

from authenticator_app import AuthenticatorApp


def open_factors(person: Any) -> None:
    person.open("/account/factors")
    person.expect_heading("Two-factor authentication")


def begin_app(person: Any) -> None:
    person.opens_card("Add an authenticator app")
    person.press("Set up an app")


def add_app(person: Any) -> tuple[AuthenticatorApp, list[str]]:
    """Set up an authenticator app. Returns it, and the recovery codes."""
    open_factors(person)
    begin_app(person)
    expect(person.page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    app = AuthenticatorApp(person.page.locator("code.secret").inner_text().replace(" ", ""))
    person.fill(code=app.code())
    person.press("Confirm")
    return app, save_recovery_codes(person)


def add_passkey(person: Any) -> None:
    open_factors(person)
    person.opens_card("Add a passkey")
    person.press("Add a passkey")
    person.reads("The passkey is added.")


def save_recovery_codes(person: Any) -> list[str]:
    codes = person.page.locator(".codes code")
    expect(codes).to_have_count(10)
    shown = list(codes.all_inner_texts())
    with person.page.expect_download() as download:
        person.follow("Download")
    assert download.value.path().read_text("utf-8").split() == shown
    person.page.emulate_media(media="print")
    expect(person.page.get_by_role("navigation")).to_be_hidden()
    expect(codes.first).to_be_visible()
    person.take_screenshot("recovery-codes-in-print")
    person.page.emulate_media(media="screen")
    person.press("I have saved them")
    return shown
