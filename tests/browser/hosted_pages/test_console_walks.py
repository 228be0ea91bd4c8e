"""Every task of the administration console, with the keyboard alone and without scripts."""

import re
import secrets
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Page, expect

CONSOLE = "/admin/console"
EMAIL = "suvodutta.isme@gmail.com"
# The name of the focused element, without the text that is for screen readers only.
FOCUSED = """() => {
    const here = document.activeElement, copy = (here.labels?.[0] ?? here).cloneNode(true)
    copy.querySelectorAll('.unseen, small').forEach(part => part.remove())
    return { name: here.getAttribute('aria-label') ?? copy.textContent.trim(),
             outlined: getComputedStyle(here).outlineStyle != 'none' }
}"""
MAX_TABS = 150


class Keyboard:
    """An administrator who uses no mouse."""

    context: ClassVar[dict[str, Any]] = {}

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, page.keyboard

    def _tab_to(self, name: str) -> None:
        self.page.wait_for_load_state()
        for _ in range(MAX_TABS):
            self.keys.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if focused["name"] == name:
                assert focused["outlined"], f"{name} does not show its focus"
                return
        raise AssertionError(f"Tab does not lead to {name} on {self.page.url}")

    def press(self, name: str) -> None:
        self._tab_to(name)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    follow = press

    def download(self, name: str) -> Path:
        self._tab_to(name)
        with self.page.expect_download() as download:
            self.keys.press("Enter")
        return Path(download.value.path())

    def enter(self, label: str, text: str) -> None:
        self._tab_to(label)
        self.keys.press("Control+A")
        self.keys.type(text)

    def check(self, label: str) -> None:
        self._tab_to(label)
        self.keys.press("Space")

    def choose(self, label: str, option: str) -> None:
        self._tab_to(label)
        self.keys.type(option)

    def upload(self, label: str, file: Path) -> None:
        self._tab_to(label)  # the dialog of the browser belongs to the operating system
        self.page.locator("input[type=file]").set_input_files(file)


class WithoutScripts:
    """An administrator whose browser runs no scripts."""

    context: ClassVar[dict[str, Any]] = {"java_script_enabled": False}

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=re.compile(rf"^{re.escape(name)}( ?:|$)")).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def enter(self, label: str, text: str) -> None:
        self.page.locator("main").get_by_label(label, exact=True).fill(text)

    def check(self, label: str) -> None:
        self.page.locator("main").get_by_label(label).first.check()

    def choose(self, label: str, option: str) -> None:
        self.page.locator("main").get_by_label(label, exact=True).select_option(label=option)

    def download(self, name: str) -> Path:
        with self.page.expect_download() as download:
            self.follow(name)
        return Path(download.value.path())

    def upload(self, label: str, file: Path) -> None:
        self.page.get_by_label(label, exact=True).set_input_files(file)


@pytest.fixture(params=[Keyboard, WithoutScripts], ids=["keyboard", "without-scripts"])
def admin(request, person):
    """The superuser, who uses the console in one of the two ways."""
    user = person("root", **request.param.context)
    user.email = EMAIL
    user.open(f"/login?next={CONSOLE}")
    user.fill(email=user.email, password=user.password)
    user.press("Log in")
    user.expect_heading("Overview")
    user.by = request.param(user.page)
    return user


@pytest.fixture
def carol(person):
    carol = person("carol")
    carol.sign_up()
    carol.expect_heading("Your account")
    return carol


def is_told(admin, text):
    expect(admin.page.locator(".said")).to_contain_text(text)


def find(admin, user):
    """Go to the page of a user, from any page."""
    admin.by.follow("Users")
    admin.expect_heading("Users")
    admin.by.enter("Search", user.email)
    admin.by.press("Search")
    expect(admin.page.get_by_text("1 user", exact=True)).to_be_visible()
    admin.by.follow(user.name)
    admin.expect_heading(user.name)


def test_actions_on_an_account(admin, carol):
    find(admin, carol)
    for action, button, message in (
        ("Send a password reset", "Send the email", "A link to set a new password"),
        ("Mark the email address as verified", "Mark as verified", "marked as verified"),
        ("Mark the email address as not verified", "Mark as not verified", "marked as not verified"),
        ("Disable the account", "Disable the account", "has been disabled"),
        ("Enable the account", "Enable the account", "has been enabled"),
        ("Log out of all devices", "Log the user out", "All sessions of the user have ended"),
    ):
        admin.by.follow(action)
        admin.expect_heading(action)
        admin.by.press(button)
        is_told(admin, message)
    carol.log_in()
    carol.expect_heading("Your account")
    admin.page.reload()
    admin.by.press("Log out device")
    is_told(admin, "The session has ended.")
    admin.by.follow("Delete the account")
    admin.by.enter("Confirmation", carol.email)
    admin.by.press("Delete the account")
    is_told(admin, "have been deleted")


def test_profile_roles_and_impersonation_of_a_user(admin, carol):
    find(admin, carol)
    admin.by.follow("Change profile")
    carol.name = f"Carol {secrets.token_hex(3)}"
    admin.by.enter("Name", carol.name)
    admin.by.press("Save")
    is_told(admin, "The changes have been saved.")
    admin.expect_heading(carol.name)
    admin.by.follow("Change roles")
    admin.by.check("moderator" if admin.page.get_by_text("moderator").count() else "admin")
    admin.by.press("Save")
    is_told(admin, "The roles of the user have been saved.")
    admin.by.follow("Impersonate")
    admin.by.enter("Reason", "Ticket 4711")
    admin.by.press("Impersonate")
    admin.expect_heading("Your account")
    admin.page.get_by_role("button", name="Stop and return to your account").press("Enter")
    admin.expect_heading(carol.name)


def test_several_accounts_at_once_and_an_invitation(admin, carol):
    admin.by.follow("Users")
    admin.by.enter("Search", carol.email)
    admin.by.press("Search")
    expect(admin.page.get_by_text("1 user", exact=True)).to_be_visible()
    admin.by.check(f"Choose {carol.email}")
    admin.by.choose("With the chosen users", "Log out of all devices")
    admin.by.press("Continue")
    admin.expect_heading("Log out of all devices")
    admin.by.press("Continue with 1 user")
    expect(admin.page.get_by_text("done", exact=True)).to_be_visible()
    carol.open("/account")
    carol.page.wait_for_url("**/login**")
    admin.by.follow("Users")
    admin.by.follow("Invite a user")
    dave = f"dave-{secrets.token_hex(4)}@example.com"
    admin.by.enter("Email address", dave)
    admin.by.press("Invite")
    is_told(admin, "has been created and invited")
    assert carol.mail("/accept-invitation", to=dave)


def test_api_key_is_limited_and_deleted(admin, carol):
    name = f"Report {secrets.token_hex(4)}"
    carol.open("/account/api-keys/new")
    carol.page.get_by_label("Name", exact=True).fill(name)
    carol.page.locator("input[value=profile]").check()
    carol.press("Create an API key")
    carol.expect_heading("Save your API key")
    find(admin, carol)
    admin.by.follow("API keys of this user")
    admin.by.follow(name)
    admin.by.enter("Rate limit", "5/hour")
    admin.by.press("Set the rate limit")
    is_told(admin, "The rate limit of the API key has been changed.")
    admin.by.press("Delete")
    is_told(admin, "The API key has been deleted.")


def test_role_from_its_creation_to_its_deletion(admin):
    name = f"role-{secrets.token_hex(4)}"
    admin.by.follow("Roles")
    admin.by.follow("Create a role")
    admin.by.enter("Name", name)
    admin.by.check("users:read")
    admin.by.press("Create the role")
    is_told(admin, "The role has been created.")
    admin.by.follow(name)
    admin.by.check("audit:read")
    admin.by.press("Save")
    is_told(admin, "The role has been saved.")
    admin.by.follow(name)
    admin.by.follow("Delete the role")
    admin.by.enter("Confirmation", name)
    admin.by.press("Delete the role")
    is_told(admin, "The role has been deleted.")


def test_audit_log_emails_and_settings_are_found(admin, carol):
    admin.by.follow("Audit log")
    admin.by.enter("User ID or email address", carol.email)
    admin.by.choose("Event", "user.signed_up")
    admin.by.press("Filter")
    expect(admin.page.get_by_role("row").filter(has_text="user.signed_up")).to_have_count(1)
    assert "user.signed_up" in admin.by.download("Export as CSV").read_text("utf-8")
    admin.by.follow("Emails")
    admin.by.follow("Sent")
    expect(admin.page.get_by_text(carol.email).first).to_be_visible()
    admin.by.follow("Settings")
    expect(admin.page.get_by_text("BCRYPT_ROUNDS").first).to_be_attached()


def test_import_of_a_file(admin, tmp_path):
    admin.by.follow("Import")
    file = tmp_path / "users.csv"
    file.write_text(f"email\nimported-{secrets.token_hex(4)}@example.com\nnobody\n", "utf-8")
    admin.by.upload("File", file)
    admin.by.press("Check the file")
    admin.expect_heading("Check of users.csv")
    for _ in range(50):
        if admin.page.get_by_text("This is running").is_hidden():
            break
        admin.page.wait_for_timeout(100)
        admin.page.reload()
    expect(admin.page.get_by_text("Record 3")).to_be_visible()
    admin.by.press("Import 1 user")
    admin.expect_heading("Import of users.csv")
