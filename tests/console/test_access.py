"""Every page of the console: who may open it, which links it shows to whom, and forms from other sites."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

import access
from authenticator import App
from authorization import roles
from core import capability
from databases import SQLITE_ONLY
from people import with_roles

pytestmark = SQLITE_ONLY
CONSOLE = "/admin/console"
ROUTES = {name: route for name, route in access.served().items() if name.startswith("console.")}
FORBIDDEN = "Your roles do not include the permission"
LINKS = re.compile(r'(?:href|action)="(/admin/console[^"#]*)"')


def path_of(route, **ids):
    return re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "x"), route.path).removeprefix(CONSOLE)


def request(browser, route, **ids):
    path = path_of(route, **ids)
    if "POST" in route.methods:
        return browser.post(path)
    return browser.console(f"{path}?format=csv" if path.endswith("export") else path)


def test_nobody_else_learns_that_the_console_exists(service, here, root, logs_in, reader):
    """The response is that of a path without a page, for anonymous visitors and for users without permissions."""
    bob = logs_in(with_roles(service, root, "bob", "user"))
    unknown = {}
    for name, route in ROUTES.items():
        for visitor in (bob, reader):
            answer = request(visitor, route) if visitor is bob else visitor.open(CONSOLE + path_of(route))
            assert answer.status_code == 404, name
            unknown[visitor] = unknown.get(visitor) or visitor.open("/nothing-there").text
            assert without_id(answer.text) == without_id(unknown[visitor]), name
            assert visitor.cookie("console") is None


def without_id(text):
    return re.sub(r"\b[0-9a-f]{32}\b", "", text)


@pytest.mark.parametrize("permission", roles.PERMISSIONS)
def test_each_page_requires_its_permission(helper, permission, alice):
    browser = helper(permission)
    for name, route in ROUTES.items():
        required = access.declared()[name]
        answer = request(browser, route, user_id=alice.user_id)
        of_user = "{user_id}" in route.path and "GET" in route.methods
        shows_account = required != "users:read" and (of_user or name.endswith("accounts"))  # needs `users:read` too
        if required in (permission, capability.ADMINISTRATOR) and not shows_account:
            assert FORBIDDEN not in answer.text, name
        else:
            assert (answer.status_code, FORBIDDEN in answer.text, alice.email in answer.text) == (403, True, False), (
                name
            )


@pytest.mark.parametrize(
    "permissions",
    [["users:read"], ["users:read", "audit:read"], ["roles:read"], ["system:read"], ["users:read", "users:write"],
     [name for name in roles.PERMISSIONS if name not in roles.SUPERUSER_PERMISSIONS]],
)  # fmt: skip
def test_no_page_shows_a_link_or_form_that_the_administrator_may_not_use(helper, permissions, alice, amy):
    browser = helper(*permissions)
    waiting, seen = [CONSOLE, f"{CONSOLE}/users/{alice.user_id}", f"{CONSOLE}/users/{amy.user_id}"], set()
    if "users:read" not in permissions:
        waiting = [CONSOLE]
    while waiting and len(seen) < 60:
        path = waiting.pop()
        seen.add(path)
        page = browser.open(path)
        assert page.status_code == 200, path
        for link in map(unescape, LINKS.findall(page.text)):
            name = next(name for name, route in ROUTES.items() if route.path_regex.fullmatch(urlsplit(link).path))
            assert access.declared()[name] in (*permissions, capability.ADMINISTRATOR), (path, link)
        hrefs = [unescape(link) for link in re.findall(r'href="(/admin/console[^"#]*)"', page.text)]
        waiting += [link for link in hrefs if link not in seen and "cursor=" not in link and "export" not in link]
        waiting = [link for link in dict.fromkeys(waiting) if len(re.findall("/users/", link)) == 0 or alice.user_id in link or amy.user_id in link]  # fmt: skip


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if "POST" in route.methods])
def test_form_of_another_site_is_rejected(admin, alice, name):
    path = path_of(ROUTES[name], user_id=alice.user_id)
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = admin._http.request(
        "POST", f"{admin.service.url}{CONSOLE}{path}", data={"confirmation": alice.email}, headers={**evil, "Cookie": cookies_of(admin)}
    )  # fmt: skip
    assert answer.status_code in (403, 404), (name, answer.status_code)
    assert alice.is_logged_in()


def cookies_of(browser):
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)


def test_expired_access_token_is_renewed_and_a_login_returns_to_the_page(admin):
    admin.console("/users?query=alice")
    admin.cookies = [cookie for cookie in admin.cookies if not cookie.name.endswith("access_token")]
    page = admin.console("/users?query=alice")
    assert (page.status_code, page.url.path, page.url.query) == (200, f"{CONSOLE}/users", b"query=alice")
    admin.press("/account/logout")
    page = admin.console("/users?query=alice")
    assert page.url.path == "/login"
    page = admin.send_form(email=admin.email, password=admin.password)
    assert (page.url.path, page.url.query) == (f"{CONSOLE}/users", b"query=alice")


def test_session_with_one_factor_is_asked_for_the_second_one(logs_in, amy, configure):
    begun = amy.client.post("/users/me/factors/totp", {}).json()
    app = App(begun["secret"])
    browser = logs_in(amy)
    amy.client.post(f"/users/me/factors/totp/{begun['id']}/confirm", {"code": app.at()})
    configure(mfa_required="admins")
    page = browser.console("/users?query=a")
    assert page.url.path == f"{CONSOLE}/confirm"
    assert "two factors" in page.text
    page = browser.send_form(to=f"{CONSOLE}/confirm", password=amy.password, code=app.at(1))
    assert (page.status_code, page.url.path, page.url.query) == (200, f"{CONSOLE}/users", b"query=a")


def test_administrator_without_a_factor_is_sent_to_set_one_up(logs_in, amy, configure):
    browser = logs_in(amy)
    configure(mfa_required="admins")
    assert browser.console().url.path == "/account/factors"


def test_api_prefix_has_no_console(admin):
    assert admin.open(f"/api/v1{CONSOLE}").status_code == 404


def test_capability_adds_a_section_for_administrators_with_its_permission(helper, monkeypatch):
    section = capability.ConsoleSection("toys", "/toys", "audit:read", "Toys")
    record = capability.Capability(name="toys", console=(section,))
    installed = capability.installed()
    monkeypatch.setattr(capability, "installed", lambda: (record, *installed))
    titles = re.findall(r'<li><a href="[^"]*"[^>]*>(.*?)</a></li>', helper("audit:read").console().text)
    assert titles == ["Overview", "Audit log", "Toys"]
    assert "Toys" not in helper("users:read").console().text


def test_form_with_an_error_shows_no_account_that_may_not_be_read(helper, alice):
    browser = helper("users:write")
    for path in (f"/users/{alice.user_id}/edit", f"/users/{alice.user_id}/delete"):
        page = browser.post(path, email="nobody", confirmation="wrong")
        assert (page.status_code, alice.email in page.text) == (422, False)
    page = browser.post(f"/users/{alice.user_id}/log-out")
    assert (page.status_code, page.url.path) == (200, CONSOLE)
    assert "All sessions of the user have ended." in page.text
