"""The administration console in a real browser: accessibility, keyboard, without scripts, and what scripts add."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from browser_suite import SCREENS

CONSOLE = "/admin/console"
EMAIL = "suvodutta.isme@gmail.com"
PAGES = {
    "overview": "", "users": "/users", "user": "/users/{user}", "edit": "/users/{user}/edit", "roles-of-user": "/users/{user}/roles",
    "disable": "/users/{user}/disable", "delete": "/users/{user}/delete", "impersonate": "/users/{user}/impersonate", "invite": "/invite",
    "roles": "/roles", "role": "/roles/admin", "new-role": "/new-role", "audit": "/audit", "emails": "/emails?state=sent", "keys": "/keys",
    "api-keys": "/api-keys", "settings": "/settings", "import": "/import", "confirm": "/confirm", "nothing": "/nothing",
}  # fmt: skip


@pytest.fixture
def root(person):
    """root(color_scheme="dark"): the superuser, logged in."""

    def log_in(**more):
        user = person("root", **more)
        user.email = EMAIL
        user.open(f"/login?next={CONSOLE}")
        user.fill(email=user.email, password=user.password)
        user.press("Log in")
        user.expect_heading("Overview")
        return user

    return log_in


@pytest.fixture
def carol(person):
    """Carol, who needs help."""
    carol = person("carol")
    carol.sign_up()
    carol.expect_heading("Your account")
    return carol


def id_of(root, user):
    root.open(f"{CONSOLE}/users?query={user.email}")
    link = root.page.get_by_role("link", name=user.name, exact=True).get_attribute("href")
    return link.rpartition("/")[2]


@pytest.mark.parametrize("screen", SCREENS)
def test_each_page_of_the_console_fits_and_is_accessible(root, carol, screen):
    admin = root(**SCREENS[screen])
    user = id_of(admin, carol)
    for name, path in PAGES.items():
        admin.open(CONSOLE + path.format(user=user))
        if screen != "narrow":
            admin.check_accessibility()
        admin.check_layout()
        admin.check_visibility()
        admin.take_screenshot(f"console-{screen}-{name}")


def test_console_fits_in_a_language_from_right_to_left(root, carol):
    admin = root(viewport={"width": 375, "height": 720})
    user = id_of(admin, carol)
    admin.page.locator("#language").select_option("ar")
    expect(admin.page.locator("html")).to_have_attribute("dir", "rtl")
    for path in ("", "/users", f"/users/{user}", "/audit"):
        admin.open(CONSOLE + path)
        admin.check_layout()
    admin.take_screenshot("console-arabic")
    admin.page.locator("#language").select_option("en")  # other tests use this account too
    expect(admin.page.locator("html")).to_have_attribute("dir", "ltr")


def test_results_change_while_an_administrator_types(root, carol):
    admin = root()
    admin.follow("Users")
    search = admin.page.get_by_label("Search")
    search.press_sequentially(carol.email)
    expect(admin.page.locator("[data-results]")).to_contain_text("1 user")
    expect(search).to_be_focused()
    expect(admin.page).to_have_url(re.compile(r"query=carol-"))
    admin.check_accessibility()
    admin.page.reload()
    expect(admin.page.locator("[data-results]")).to_contain_text("1 user")
    admin.follow(carol.name)
    admin.expect_heading(carol.name)


def test_progress_of_an_import_is_shown_without_reloading(root, tmp_path):
    admin = root()
    admin.follow("Import")
    file = tmp_path / "many.csv"
    file.write_text("email\n" + "".join(f"p{n}-{secrets.token_hex(4)}@example.com\n" for n in range(3000)), "utf-8")
    admin.page.locator("[name=file]").set_input_files(file)
    admin.press("Check the file")
    admin.expect_heading("Check of many.csv")
    expect(admin.page.get_by_role("button", name="Import 3000 users")).to_be_visible()
    admin.check_accessibility()


def test_banner_is_on_every_page_until_the_impersonation_stops(root, carol):
    admin = root(viewport={"width": 375, "height": 720})
    admin.open(f"{CONSOLE}/users/{id_of(admin, carol)}/impersonate")
    admin.fill(reason="Ticket 4711")
    admin.press("Impersonate")
    admin.expect_heading("Your account")
    for path in ("/account", "/account/factors", "/account/activity", "/signup"):
        admin.open(path)
        expect(admin.page.get_by_text(f"You see this service as {carol.email}.")).to_be_visible()
        admin.check_accessibility()
        admin.check_layout()
    admin.press("Stop and return to your account")
    admin.expect_heading(carol.name)
