"""What users of the examples do on the page of their factors."""

from typing import Any

from playwright.sync_api import expect

from authenticator_app import AuthenticatorApp


def opens_factors(person: Any) -> None:
    person.opens("/account/factors")
    person.is_at("Two-factor authentication")


def begins_an_app(person: Any) -> None:
    person.opens_card("Add an authenticator app")
    person.presses("Set up an app")


def adds_an_app(person: Any) -> tuple[AuthenticatorApp, list[str]]:
    """Set up an authenticator app. Returns it, and the recovery codes."""
    opens_factors(person)
    begins_an_app(person)
    expect(person.page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    app = AuthenticatorApp(person.page.locator("code.secret").inner_text().replace(" ", ""))
    person.types(code=app.code())
    person.presses("Confirm")
    return app, saves_recovery_codes(person)


def adds_a_passkey(person: Any) -> None:
    opens_factors(person)
    person.opens_card("Add a passkey")
    person.presses("Add a passkey")
    person.reads("The passkey is added.")


def saves_recovery_codes(person: Any) -> list[str]:
    codes = person.page.locator(".codes code")
    expect(codes).to_have_count(10)
    shown = list(codes.all_inner_texts())
    with person.page.expect_download() as download:
        person.follows("Download")
    assert download.value.path().read_text("utf-8").split() == shown
    person.presses("I have saved them")
    return shown
