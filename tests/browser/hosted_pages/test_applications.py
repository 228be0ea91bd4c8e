"""The pages on which a user lets an application in, and ends its access: on each screen, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from browser_suite import SCREENS
from databases import SQLITE_ONLY
from oauth_application import Application, register
from people import Person, superuser

NAME = "Photo Printer of the Very Long Street of Seven Printing Works"
SCOPES = ["openid", "profile", "email", "roles", "offline_access"]


def callback_of(service):
    return f"{service.url}/health"  # any page that answers


@pytest.fixture
def printer(oidc, configure):
    configure(email_verification="off")
    return Application(oidc, register(superuser(oidc), name=NAME, redirect_uris=[callback_of(oidc)], scopes=SCOPES))


@SQLITE_ONLY
@pytest.mark.parametrize("screen", ["light", "dark", "phone", "narrow"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_user_lets_an_application_in_and_ends_its_access(oidc, printer, person_at, screen, scripts):
    if not scripts and screen != "phone":
        pytest.skip("one screen is enough without scripts")
    person = Person(oidc, "alice")
    person.sign_up()
    alice = person_at(oidc.url, "alice", java_script_enabled=scripts, **SCREENS[screen])

    def looks(name):
        if scripts:
            alice.check_accessibility()
            alice.check_visibility()
            alice.check_layout()
            alice.take_screenshot(f"{screen}-application-{name}")

    alice.page.goto(printer.url(scope=" ".join(SCOPES), redirect_uri=callback_of(oidc)))
    alice.fill(email=person.email, password=person.password)
    alice.press("Log in")
    expect(alice.page.get_by_text(NAME).first).to_be_visible()
    looks("consent")
    alice.page.get_by_role("button", name="Allow").focus()
    alice.page.keyboard.press("Enter")
    alice.page.wait_for_url(f"{callback_of(oidc)}?**")
    alice.open("/account/applications")
    expect(alice.page.get_by_text(NAME).first).to_be_visible()
    looks("list")
    alice.page.locator("main a[href*='/account/applications/']").first.focus()
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_text(NAME).first).to_be_visible()
    looks("end")
    alice.page.locator("main form button").first.focus()
    alice.page.keyboard.press("Enter")
    alice.page.wait_for_url("**/account/applications?**")
    expect(alice.page.locator(f"main a:has-text('{NAME}')")).to_have_count(0)
    looks("ended")


@SQLITE_ONLY
@pytest.mark.parametrize("screen", ["light", "dark", "phone", "narrow"])
def test_each_page_of_clients_in_the_console_fits_and_is_accessible(oidc, printer, person_at, screen):
    owner = superuser(oidc)
    admin = person_at(oidc.url, "root", **SCREENS[screen])
    admin.open("/login?next=/admin/console/clients")
    admin.fill(email=owner.email, password=owner.password)
    admin.press("Log in")
    one = admin.page.get_by_role("link", name=NAME).first.get_attribute("href")
    for name, path in {
        "list": "/admin/console/clients", "new": "/admin/console/clients/new", "one": one,
        "edit": f"{one}/edit", "secret": f"{one}/rotate-secret", "delete": f"{one}/delete",
    }.items():  # fmt: skip
        admin.open(path)
        if screen != "narrow":
            admin.check_accessibility()
        admin.check_layout()
        admin.check_visibility()
        admin.take_screenshot(f"console-{screen}-clients-{name}")
