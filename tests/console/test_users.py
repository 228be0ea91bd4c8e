"""Users in the console: search, the page of a user, actions with their confirmations, bulk actions, impersonation."""

import re
import secrets
from html import unescape

import tables
from databases import SQLITE_ONLY
from people import new_email, with_roles
from reader import heading, notice

CONSOLE = "/admin/console"
SCRIPT = '<script>alert("1")</script>'


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def user_page(admin, person):
    return admin.console(f"/users/{person.user_id}")


def test_search_stands_in_the_address_and_pages_are_stable(admin, alice, root, service):
    page = admin.console(f"/users?query={alice.email}&role=&is_active=")
    assert "1 user" in text_of(page)
    assert f"{CONSOLE}/users/{alice.user_id}" in page.text
    assert "No user matches" in admin.console(f"/users?query={alice.email}&is_active=false").text
    first = admin.console("/users?limit=1")
    older = unescape(re.search(r'href="([^"]*cursor=[^"]*)"', first.text)[1])
    assert "limit=1" in older
    with_roles(service, root, "newer", "user")
    shown = set(re.findall(r"/users/([\w-]+)\"", first.text))
    second = admin.open(older)
    assert second.status_code == 200
    assert not shown & set(re.findall(r"/users/([\w-]+)\"", second.text))


@SQLITE_ONLY
def test_filter_that_is_not_valid_is_ignored(admin):
    for query in ("role=%00&is_active=maybe", "limit=9999&cursor=x", "query=%0a"):
        assert admin.console(f"/users?{query}").status_code == 200
    for query in ("since=yesterday&action=<script>", "user_id=%20&cursor=-1"):
        assert admin.console(f"/audit?{query}").status_code == 200
    assert admin.console("/emails?state=lost").status_code == 200


def test_page_of_a_user_says_why_they_cannot_log_in(admin, alice, configure):
    assert "Yes: nothing prevents a login." in user_page(admin, alice).text
    for _ in range(6):
        alice.client.post("/auth/login", {"email": alice.email, "password": "a wrong password"})
    page = text_of(user_page(admin, alice))
    assert "the next attempt has to wait until" in page
    assert re.search(r"The last failed login was on .+: wrong password\.", page)
    tables.set_active(alice.user_id, False)
    page = user_page(admin, alice)
    assert "The account is disabled." in page.text
    assert f"/users/{alice.user_id}/enable" in page.text


@SQLITE_ONLY
def test_unverified_user_is_diagnosed_and_marked_as_verified(admin, bob, configure):
    configure(email_verification="required")
    assert "The email address is not verified, and the service requires it" in user_page(admin, bob).text
    admin.console(f"/users/{bob.user_id}/verify")
    page = admin.send_form(to=f"{CONSOLE}/users/{bob.user_id}/verify")
    assert notice(page) == "The email address has been marked as verified."
    assert "Yes: nothing prevents a login." in page.text


@SQLITE_ONLY
def test_account_is_disabled_and_enabled_after_a_confirmation(admin, alice, clock):
    page = admin.console(f"/users/{alice.user_id}/disable")
    assert "All sessions end" in page.text
    clock.shift(360)
    page = admin.send_form(to=f"{CONSOLE}/users/{alice.user_id}/disable")
    assert (page.status_code, heading(page)) == (403, "Disable the account")
    assert alice.client.get("/users/me").status_code == 200
    page = admin.send_form(to=f"{CONSOLE}/users/{alice.user_id}/disable", password=admin.password)
    assert notice(page) == "The account has been disabled, and all its sessions have ended."
    assert alice.client.get("/users/me").status_code == 401
    admin.console(f"/users/{alice.user_id}/enable")
    admin.send_form(to=f"{CONSOLE}/users/{alice.user_id}/enable")
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
def test_account_is_deleted_only_if_its_email_address_is_typed(admin, alice):
    path = f"{CONSOLE}/users/{alice.user_id}/delete"
    page = admin.open(path)
    assert alice.email in page.text
    page = admin.send_form(to=path, confirmation="alice@example.com")
    assert page.status_code == 422
    assert "Confirmation does not match" in text_of(page)
    assert alice.client.get("/users/me").status_code == 200
    page = admin.send_form(to=path, confirmation=alice.email.upper())
    assert (page.url.path, notice(page)) == (
        f"{CONSOLE}/users",
        "The account and all data about its user have been deleted.",
    )
    assert admin.console(f"/users/{alice.user_id}").status_code == 404


@SQLITE_ONLY
def test_invited_user_gets_an_email_and_a_wrong_address_is_kept_in_the_form(admin, service):
    admin.console("/invite")
    page = admin.send_form(to=f"{CONSOLE}/invite", email="nobody")
    assert (page.status_code, 'value="nobody"' in page.text) == (422, True)
    email = new_email("invited")
    page = admin.send_form(to=f"{CONSOLE}/invite", email=email)
    assert "invited by email" in notice(page)
    assert service.mailbox.wait_for(email, containing="/accept-invitation")
    assert "has not chosen a password yet" in page.text or "has no password" in page.text


@SQLITE_ONLY
def test_profile_and_roles_are_changed(admin, alice, root):
    admin.console(f"/users/{alice.user_id}/edit")
    page = admin.send_form(to=f"{CONSOLE}/users/{alice.user_id}/edit", username="Alicia")
    assert (heading(page), alice.me()["email"]) == ("<bdi>Alicia</bdi>", alice.email)
    role = f"support-{secrets.token_hex(4)}"
    root.client.post("/admin/roles", {"name": role, "permissions": ["users:read"]})
    page = admin.console(f"/users/{alice.user_id}/roles")
    assert f'value="{role}"' in page.text
    admin.post(f"/users/{alice.user_id}/roles", roles=["user", role])
    assert alice.me()["roles"] == sorted(["user", role])
    admin.post(f"/users/{alice.user_id}/roles")
    assert alice.me()["roles"] == []


@SQLITE_ONLY
def test_session_of_a_user_is_ended(admin, alice):
    (session,) = alice.client.get("/users/me/sessions").json()
    user_page(admin, alice)
    page = admin.send_form(to=f"{CONSOLE}/users/{alice.user_id}/sessions/{session['id']}")
    assert notice(page) == "The session has ended."
    assert alice.client.get("/users/me").status_code == 401
    (event,) = [e for e in tables.events(0, alice.user_id) if e.action == "session.ended"]
    assert event.actor_id != alice.user_id


def test_bulk_action_names_the_accounts_and_skips_those_that_may_not_be_changed(helper, root, alice, bob):
    admin = helper("users:read", "users:write")
    page = admin.post("/bulk", action="disable", user_ids=[alice.user_id, bob.user_id, root.user_id])
    assert all(person.email in page.text for person in (alice, bob, root))
    assert alice.client.get("/users/me").status_code == 200
    page = admin.post("/bulk/run", action="disable", user_ids=[alice.user_id, bob.user_id, root.user_id])
    assert text_of(page).count(" done") - text_of(page).count("not done") == 2
    assert (alice.client.get("/users/me").status_code, bob.client.get("/users/me").status_code) == (401, 401)
    assert root.client.get("/users/me").status_code == 200
    page = admin.post("/bulk", action="disable")
    assert (page.status_code, notice(page)) == (422, "Choose at least one user.")
    assert admin.post("/bulk", action="delete", user_ids=[alice.user_id]).status_code == 422
    assert admin.post("/bulk/run", action="disable", user_ids=[alice.user_id] * 201).status_code == 422


@SQLITE_ONLY
def test_bulk_action_asks_for_the_password_again(admin, alice, clock):
    clock.shift(360)
    page = admin.post("/bulk/run", action="disable", user_ids=[alice.user_id])
    assert (page.status_code, alice.email in page.text) == (403, True)
    assert alice.client.get("/users/me").status_code == 200
    admin.post("/bulk/run", action="disable", user_ids=[alice.user_id], password=admin.password)
    assert alice.client.get("/users/me").status_code == 401


def test_superuser_impersonates_a_user_and_returns(admin, alice):
    path = f"{CONSOLE}/users/{alice.user_id}/impersonate"
    admin.open(path)
    page = admin.send_form(to=path, reason="Ticket 4711")
    assert (page.url.path, "You see this service as" in page.text) == ("/account", True)
    for other in ("/account/profile", "/account/activity", "/account/nothing", "/reset-password", "/signup"):
        assert "You see this service as" in admin.open(other).text, other
    assert admin.open("/account").status_code == 200
    assert "/admin/console" not in admin.page.text
    assert admin.console().url.path == "/account"
    admin.open("/account/password")
    page = admin.submit(admin.page, to="/account/password", old_password="x", new_password="a horse, a stable")
    assert page.status_code == 403
    admin.open("/account")
    page = admin.send_form(to="/account/logout")
    assert (page.url.path, page.status_code) == (f"{CONSOLE}/users/{alice.user_id}", 200)
    assert "You see this service as" not in page.text
    events = [event for event in tables.events(0, alice.user_id) if event.action.startswith("user.impersonat")]
    assert [event.action for event in events] == ["user.impersonated", "user.impersonation_ended"]


@SQLITE_ONLY
def test_factors_are_removed(admin, alice, clock):
    from authenticator import add_app

    add_app(alice)
    assert "The login needs a second factor" in user_page(admin, alice).text
    path = f"{CONSOLE}/users/{alice.user_id}/reset-factors"
    admin.open(path)
    assert notice(admin.send_form(to=path)) == "All second factors of the user have been removed."
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
def test_what_users_write_is_escaped(admin, alice, root, mallory):
    mallory.client.headers["User-Agent"] = SCRIPT
    mallory.sign_up(username='Mallory <img src=x onerror="alert(1)">')
    role = f"role-{secrets.token_hex(4)}"
    root.client.post("/admin/roles", {"name": role, "description": SCRIPT, "permissions": []})
    root.client.put(f"/admin/users/{mallory.user_id}/roles", {"roles": ["user", role]})
    mallory.client.post("/auth/login", {"email": mallory.email, "password": "wrong"})
    paths = [
        f"/users?query={mallory.email}", f"/users/{mallory.user_id}", f"/users/{mallory.user_id}/roles", "/roles", f"/roles/{role}",
        f"/roles/{role}/delete", f"/users/{mallory.user_id}/delete", "/audit", f"/audit?user_id={SCRIPT}", f"/users?query={SCRIPT}",
    ]  # fmt: skip
    for path in paths:
        page = admin.console(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text, path
        assert "<img src=x" not in page.text, path
        assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "<script>alert" not in admin.post("/invite", email=SCRIPT, username=SCRIPT).text
