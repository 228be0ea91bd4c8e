"""The React example in a real browser, from sign-up to account deletion."""

import re

import pytest
from playwright.sync_api import expect


def test_sign_up_and_email_verification(visitor, stack, cookies):
    alice = visitor(stack, "alice", cookies=cookies)

    # Errors appear at their fields, and her input is kept.
    alice.open("/signup")
    alice.fill(email="alice", username="Alice", password="short")
    alice.press("Sign up")
    alice.is_told("Check the marked fields")
    expect(alice.page.get_by_label("Email address")).to_be_focused()
    expect(alice.page.get_by_label("Email address")).to_have_accessible_description("Is not a valid email address.")
    expect(alice.page.locator("[name=username]")).to_have_value("Alice")
    alice.fill(email=alice.email)
    alice.press("Sign up")
    alice.is_told("Choose a different password")
    alice.fill(password=alice.password)
    alice.press("Show: Password")
    expect(alice.page.locator("[name=password]")).to_have_attribute("type", "text")
    expect(alice.page.get_by_role("button", name="Hide: Password", exact=True)).to_have_text("Hide")
    alice.press("Sign up")
    alice.is_home()
    alice.check_accessibility()

    # A wrong code does no harm, and the right one can contain a space.
    alice.fill(code="000000" if alice.code() != "000000" else "111111")
    alice.press("Verify")
    alice.is_told("wrong, expired or already used")
    alice.fill(code=f"{alice.code()[:3]} {alice.code()[3:]}")
    alice.press("Verify")
    expect(alice.page.get_by_role("heading", name="Verify your email address")).to_have_count(0)
    alice.is_confirmed()


def test_login_and_changes_of_name_and_email_address(visitor, stack, cookies):
    alice = visitor(stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.is_home()
    alice.expire_access_token()
    alice.page.reload()
    alice.is_home()
    alice.fill(username="Alice Liddell")
    alice.press("Save")
    alice.expect_heading("Hello, Alice Liddell")
    alice.name = "Alice Liddell"

    card, new_address = alice.opens_card("Change email address"), f"new-{alice.email}"
    card.locator("[name=new_email]").fill(new_address)
    card.locator("[name=password]").fill("not my password")
    alice.press("Send the link")
    alice.is_told("Enter your current password")
    expect(card.locator("[name=new_email]")).to_have_value(new_address)
    card.locator("[name=password]").fill(alice.password)
    alice.press("Send the link")
    alice.reads(f"We have sent a link to {new_address}")
    alice.open(alice.link("/confirm-email-change", to=new_address))
    alice.press("Confirm new email address")
    alice.is_home()
    alice.reads(f"Your email address is now {new_address}")


def test_password_change_and_logout_of_another_device(visitor, stack, cookies):
    alice, elsewhere = visitor(stack, "alice", cookies=cookies), visitor(stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.is_home()
    elsewhere.email, elsewhere.password = alice.email, "another horse, another battery"
    card = alice.opens_card("Change password")
    card.locator("[name=old_password]").fill(alice.password)
    card.locator("[name=new_password]").fill(elsewhere.password)
    card.get_by_role("button", name="Change password").click()
    alice.reads("Your password is changed")
    elsewhere.log_in()
    elsewhere.is_home()
    alice.page.reload()
    alice.press("Log out device: HeadlessChrome on Linux")
    expect(alice.page.get_by_role("button", name="Log out device")).to_have_count(0)
    elsewhere.fill(username="Still here?")
    elsewhere.press("Save")
    elsewhere.expect_heading("Log in")
    elsewhere.reads("You have been logged out.")
    alice.page.reload()
    alice.is_home()


def test_password_reset_and_account_deletion(visitor, stack, cookies):
    alice = visitor(stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.is_home()
    alice.press("Log out")
    alice.expect_heading("Log in")
    assert not [cookie for cookie in alice.context.cookies() if "token" in cookie["name"]]
    alice.follow("Forgot your password?")
    alice.fill(email=alice.email)
    alice.press("Send the link")
    alice.reads("we have sent an email")
    alice.open(alice.link("/reset-password"))
    alice.password = "a third horse, no battery"
    alice.fill(new_password=alice.password)
    alice.press("Set password")
    alice.expect_heading("Log in")
    alice.reads("Your password is set")
    alice.log_in()
    alice.is_home()

    card = alice.opens_card("Delete account")
    card.locator("[name=confirmation]").fill(alice.email)
    card.locator("[name=password]").fill(alice.password)
    alice.press("Delete my account")
    alice.expect_heading("Sign up")
    alice.reads("Your account is deleted.")
    alice.log_in()
    alice.is_told("The email address or the password is wrong.")


def test_with_required_verification_the_code_logs_in(visitor, strict_stack, cookies):
    alice = visitor(strict_stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.expect_heading("Verify your email address")
    alice.check_accessibility()
    alice.fill(code=alice.code())
    alice.press("Verify")
    alice.is_home()
    alice.reads("Your email address is verified.")


def test_with_required_verification_the_link_logs_in(visitor, strict_stack):
    bob = visitor(strict_stack, "bob")
    bob.sign_up()
    bob.expect_heading("Verify your email address")
    bob.log_in()  # he returns before he has read the email
    bob.expect_heading("Verify your email address")
    bob.page.get_by_text("No email?").click()
    bob.press("Send a new email")
    bob.reads("We have sent you a new email.")
    bob.open(bob.link("/verify-email"))
    assert "token" not in bob.page.url
    bob.press("Verify email address")
    bob.expect_heading("Log in")
    bob.log_in()
    bob.is_home()
    bob.open(bob.link("/verify-email"))
    bob.press("Verify email address")
    bob.is_told("already used")


def test_invalid_link_blocks_nothing(visitor, strict_stack):
    alice = visitor(strict_stack, "alice")
    alice.sign_up()
    alice.expect_heading("Verify your email address")
    alice.open("/verify-email?token=cut-off-by-a-mail-progr")
    alice.press("Verify email address")
    alice.is_told("wrong, expired or already used")
    alice.follow("Log in")
    alice.fill(email=alice.email, password=alice.password)
    alice.press("Log in")
    alice.reads("Your email address is not verified yet.")
    alice.fill(code=alice.code())
    alice.press("Verify")
    alice.is_home()


def test_link_opened_by_a_logged_in_user_keeps_the_session(visitor, stack, cookies):
    bob = visitor(stack, "bob", cookies=cookies)
    bob.sign_up()
    bob.is_home()
    first, bob.page = bob.page, bob.context.new_page()
    bob.open(bob.link("/verify-email"))
    bob.press("Verify email address")
    bob.is_home()
    bob.is_confirmed()
    bob.page = first
    first.reload()
    bob.is_confirmed()


def test_opening_a_link_changes_nothing_and_the_report_deletes_the_account(visitor, stack):
    mallory, owner = visitor(stack, "mallory"), visitor(stack, "alice")
    mallory.email = owner.email
    mallory.sign_up()
    mallory.is_home()
    owner.open(owner.link("/not-me"))
    owner.expect_heading("Was this not you?")
    mallory.page.reload()
    mallory.is_home()
    owner.press("Delete that account")
    owner.expect_heading("Sign up")
    owner.reads("Your email address is free again")
    mallory.page.reload()
    mallory.expect_heading("Log in")


def test_email_change_can_be_undone(visitor, stack, cookies):
    alice = visitor(stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.is_home()
    alice.fill(code=alice.code())
    alice.press("Verify")
    alice.is_confirmed()
    card, new_address = alice.opens_card("Change email address"), f"new-{alice.email}"
    card.locator("[name=new_email]").fill(new_address)
    card.locator("[name=password]").fill(alice.password)
    alice.press("Send the link")
    alice.reads(f"We have sent a link to {new_address}")
    alice.open(alice.link("/confirm-email-change", to=new_address))
    alice.press("Confirm new email address")
    alice.reads(f"Your email address is now {new_address}")

    alice.open(alice.link("/undo-email-change"))
    alice.expect_heading("Undo the change of your email address")
    alice.press("Undo the change")
    alice.expect_heading("Log in")
    alice.reads(f"Your email address is {alice.email} again")
    alice.log_in()
    alice.is_home()


def test_account_can_be_secured_after_a_reset(visitor, stack, provider):
    alice = visitor(stack, "alice")
    alice.open("/login")
    alice.press("Continue with Company")
    sign_in_there(alice, provider)
    alice.is_home()
    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.follow("Forgot your password?")
    alice.fill(email=alice.email)
    alice.press("Send the link")
    alice.open(alice.link("/reset-password"))
    alice.fill(new_password=alice.password)
    alice.press("Set password")
    alice.expect_heading("Log in")
    alice.log_in()
    alice.is_home()

    alice.open(alice.link("/secure-account"))
    alice.expect_heading("Secure your account")
    alice.press("Secure my account")
    alice.expect_heading("Log in")
    alice.reads("Your account is secured")
    alice.log_in()
    alice.is_home()
    expect(alice.page.get_by_role("button", name="Unlink Company")).to_have_count(0)


def test_invited_user_sets_a_password(visitor, stack):
    from credential_client import Service, models

    root = Service(stack.url)
    root.auth.login(body=models.LogIn(email="suvodutta.isme@gmail.com", password=stack.superuser_password))
    charlie = visitor(stack, "charlie")
    root.admin.invite_user(body=models.NewUser(email=charlie.email, username="Charlie"))
    charlie.open(charlie.link("/accept-invitation"))
    charlie.expect_heading("Welcome")
    charlie.fill(new_password=charlie.password)
    charlie.press("Set password")
    charlie.expect_heading("Log in")
    charlie.log_in()
    charlie.is_home()


def sign_in_there(person, provider, **claims):
    """Log in on the company's pages, and consent. Returns what was typed there."""
    login = provider[0].new_person(email=person.email, name=person.name, **claims)
    person.page.fill("[name=login]", login)
    person.press("Continue")
    person.press("Continue")
    return login


def test_login_with_a_provider(visitor, stack, provider, cookies):
    alice = visitor(stack, "alice", cookies=cookies)
    alice.open("/login")
    alice.press("Continue with Company")
    login = sign_in_there(alice, provider)
    alice.is_home()
    assert alice.page.url == f"{stack.frontend}/account"
    alice.expire_access_token()
    alice.page.reload()
    alice.is_home()
    alice.press("Unlink Company")
    alice.is_told("Enter your current password")
    alice.check_accessibility()

    # She has no password, so she confirms the change by a new login there.
    card, new_address = alice.opens_card("Change email address"), f"new-{alice.email}"
    card.locator("[name=new_email]").fill(new_address)
    alice.press("Send the link")
    card.get_by_role("button", name="Log in again with Company").click()
    alice.page.fill("[name=login]", login)
    alice.press("Continue")
    alice.is_home()
    started = [request.url for request in alice.requests if "/oauth/company?" in request.url][-1]
    assert "prompt=login" in started
    assert ("use_cookies=true" in started) == cookies
    alice.opens_card("Change email address").locator("[name=new_email]").fill(new_address)
    alice.press("Send the link")
    alice.reads(f"We have sent a link to {new_address}")


def test_linking_a_provider(visitor, stack, provider, cookies):
    bob = visitor(stack, "bob", cookies=cookies)
    bob.sign_up()
    bob.is_home()
    with bob.page.expect_response("**/users/me/identities"):
        bob.open("/account?linked=company")  # a link made by another user
    expect(bob.page.get_by_text("not linked")).to_be_visible()
    expect(bob.page.get_by_text("The provider is linked.")).to_have_count(0)
    bob.press("Link Company")
    sign_in_there(bob, provider)
    bob.is_home()
    bob.reads("The provider is linked. You can log in with it from now on.")
    bob.press("Unlink Company")
    expect(bob.page.get_by_role("button", name="Link Company", exact=True)).to_be_visible()


def test_disabled_provider_can_be_unlinked(visitor, stack, provider):
    bob = visitor(stack, "bob")
    bob.sign_up()
    bob.is_home()
    bob.press("Link Company")
    sign_in_there(bob, provider)
    bob.reads("The provider is linked. You can log in with it from now on.")
    bob.page.route("**/oauth/providers", lambda route: route.fulfill(response=route.fetch(), json=[]))
    bob.page.reload()
    bob.press("Unlink Company")
    expect(bob.page.get_by_role("heading", name="Login methods")).to_have_count(0)


def test_unverified_email_address_of_a_provider(visitor, stack, provider):
    alice, mallory = visitor(stack, "alice"), visitor(stack, "mallory")
    alice.sign_up()
    alice.is_home()
    mallory.email = alice.email
    mallory.open("/login")
    mallory.press("Continue with Company")
    sign_in_there(mallory, provider, email_verified=False)
    mallory.expect_heading("That did not work")
    mallory.is_told("This email address already has an account")


def test_login_started_elsewhere_is_rejected(visitor, stack):
    alice = visitor(stack, "alice")
    alice.open("/signed-in?code=abc")
    alice.is_told("This login was not started in this tab")
    assert not [request for request in alice.requests if "exchange" in request.url]


# ------------------------------------------------------------------------------------------------------------------ tabs


def test_two_tabs_share_one_refresh(visitor, stack, cookies):
    alice = visitor(stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.is_home()
    tabs = [alice.page, alice.context.new_page(), alice.context.new_page()]
    for _ in range(3):
        for tab in tabs:
            tab.goto("/icon.svg")  # no script runs there that answers the token's end before all tabs load
        alice.expire_access_token()
        before = len(alice.requests)
        for tab in tabs:
            tab.evaluate("location.assign('/account')")
        for tab in tabs:
            expect(tab.get_by_text("this device")).to_be_visible()
        refreshes = [
            request
            for request in alice.requests[before:]
            if request.url.endswith(("/auth/refresh", "/auth/refresh?use_cookies=true"))
        ]
        assert len([request for request in refreshes if request.method == "POST"]) == 1
    assert alice.page.locator(".rows li", has_text="this device").count() == 1
    expect(alice.page.get_by_role("button", name="Log out device")).to_have_count(0)


def test_tabs_follow_logins_and_logouts_in_each_other(visitor, stack, cookies):
    alice = visitor(stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.is_home()
    first, alice.page = alice.page, alice.context.new_page()
    alice.open("/account")
    alice.is_home()
    alice.press("Log out")
    expect(first.get_by_role("heading", level=1)).to_have_text("Log in")
    alice.log_in()
    expect(first.get_by_role("heading", level=1)).to_have_text("Hello, Alice")


# --------------------------------------------------------------------------------------------------------------- attacks


def test_name_is_escaped(visitor, stack):
    mallory = visitor(stack, "mallory")
    mallory.name = '<img src=x onerror="alert(1)">{{7*7}}'
    mallory.sign_up()
    mallory.is_home()
    assert mallory.page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/verify-email",
        "/reset-password",
        "/accept-invitation",
        "/confirm-email-change",
        "/not-me",
        "/secure-account",
        "/undo-email-change",
    ],
)
def test_token_is_in_no_url_history_or_referer(visitor, stack, path):
    alice, token = visitor(stack, "alice"), "a-very-secret-token"
    alice.open(f"{path}?token={token}&from=mail")
    alice.page.locator("h1").wait_for()
    assert alice.page.url == f"{stack.frontend}{path}?from=mail"
    assert (
        alice.page.evaluate(
            "document.referrer + performance.getEntriesByType('navigation')[0].name + JSON.stringify(history.state)"
        ).count(token)
        <= 1
    )
    alice.follow("Log in")
    alice.expect_heading("Log in")
    alice.page.go_back()
    assert token not in alice.page.url
    told = [request for request in alice.requests[1:] if token in request.url or token in str(request.headers)]
    assert told == []


# ---------------------------------------------------------------------------------------------------------------- faults

CORS = {"Access-Control-Allow-Credentials": "true", "Access-Control-Expose-Headers": "Retry-After"}


def problem(status, code, **headers):
    """A route that returns this response."""

    def answers(route):
        origin = {"Access-Control-Allow-Origin": route.request.headers["origin"]}
        body = {"status": status, "code": code, "detail": "In the service's words."}
        route.fulfill(status=status, json=body, headers={**CORS, **origin, **headers})

    return answers


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda route: route.abort(), "We cannot reach the service."),
        (problem(429, "rate_limited", **{"Retry-After": "42"}), "Wait 42 seconds, then try again."),
        (problem(429, "rate_limited", **{"Retry-After": "180"}), "Wait 3 minutes, then try again."),
        (problem(503, "unavailable", **{"Retry-After": "1"}), "The service is temporarily unavailable."),
        (problem(503, "overloaded", **{"Retry-After": "1"}), "Many users are logging in right now."),
        (problem(418, "teapot"), "In the service's words."),
        (lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>", headers={**CORS, "Access-Control-Allow-Origin": route.request.headers["origin"]}), "The service is temporarily unavailable."),
    ],
    ids=["away", "42 s", "3 min", "unavailable", "overloaded", "unknown", "a proxy"],
)  # fmt: skip
def test_errors_say_what_to_do_and_keep_the_input(visitor, stack, answer, sentence):
    alice = visitor(stack, "alice")
    alice.open("/signup")
    alice.fill(email=alice.email, username=alice.name, password=alice.password)
    alice.page.route("**/auth/signup", answer)
    alice.press("Sign up")
    alice.is_told(sentence)
    expect(alice.alert).to_be_focused()
    for name, typed in (("email", alice.email), ("username", alice.name), ("password", alice.password)):
        expect(alice.page.locator(f"[name={name}]")).to_have_value(typed)
    alice.page.unroute_all()
    alice.press("Sign up")
    alice.is_home()


def test_page_works_without_browser_storage(visitor, stack):
    alice = visitor(stack, "alice")
    alice.page.add_init_script(
        'Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });'
    )
    alice.sign_up()
    alice.is_home()
    alice.press("Log out")
    alice.keep_tokens_in_cookies()
    alice.expect_heading("Log in")
    alice.page.goto("about:blank")


def test_outage_logs_no_user_out(visitor, stack, cookies):
    alice = visitor(stack, "alice", cookies=cookies)
    alice.sign_up()
    alice.is_home()
    alice.expire_access_token()
    alice.page.route(f"{stack.url}/**", lambda route: route.abort())
    alice.page.reload()
    alice.is_told("We cannot reach the service.")
    alice.page.unroute_all()
    alice.press("Try again")
    alice.is_home()
    alice.page.route("**/auth/logout", problem(503, "unavailable"))
    alice.press("Log out")
    alice.is_told("The service is temporarily unavailable.")
    alice.page.unroute_all()
    alice.press("Log out")
    alice.expect_heading("Log in")


# ----------------------------------------------------------------------------------------------------------- all pages

PAGES = [
    "/signup", "/login", "/forgotten-password", "/verify-email", "/verify-email?token=abc", "/reset-password?token=abc",
    "/accept-invitation?token=abc", "/confirm-email-change?token=abc", "/not-me?token=abc", "/reset-password",
    "/secure-account?token=abc", "/undo-email-change?token=abc",
    "/signed-in?error=oauth_error", "/nowhere",
]  # fmt: skip


@pytest.mark.parametrize(
    ("looks", "context"),
    [
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"color_scheme": "light", "viewport": {"width": 360, "height": 740}}),
        ("rtl", {"color_scheme": "light", "direction": "rtl"}),
    ],
    ids=["light", "dark", "phone", "rtl"],
)
def test_every_page_is_accessible(visitor, stack, looks, context):
    alice = visitor(stack, "alice", reduced_motion="reduce", **context)

    def looks_at(name):
        alice.check_accessibility()
        alice.check_layout()
        alice.take_screenshot(f"{looks}-{name}")

    for path in PAGES:
        alice.open(path)
        alice.page.locator("h1").wait_for()
        looks_at(re.sub(r"\W+", "-", path).strip("-"))
    alice.open("/login")
    alice.fill(email="nobody@example.com", password="wrong")
    alice.press("Log in")
    alice.is_told("wrong")
    looks_at("login-refused")
    alice.open("/signup")
    alice.fill(email=alice.email, username=alice.name, password="a horse")
    looks_at("signup-rules")
    alice.sign_up()
    alice.is_home()
    alice.reads("this device")
    alice.take_screenshot(f"{looks}-account")
    for card in ("Change password", "Change email address", "Delete account"):
        alice.opens_card(card)
    alice.page.locator("[name=new_password]").fill("two horses and a cart")
    alice.fill(code="123")
    alice.press("Delete my account")
    alice.is_told("Check the marked fields.")
    looks_at("account-open")


def test_every_page_works_by_keyboard(visitor, stack):
    alice = visitor(stack, "alice")
    alice.open("/login")
    alice.page.locator("h1").wait_for()
    press, type_in = alice.page.keyboard.press, alice.page.keyboard.type
    for _ in range(3):
        press("Tab")
    press("Enter")  # Example, Log in, Sign up
    alice.expect_heading("Sign up")
    expect(alice.page.get_by_role("heading", level=1)).to_be_focused()
    for text in (alice.email, alice.name, alice.password):
        press("Tab")
        type_in(text)
    press("Enter")
    alice.is_home()
