"""The hosted pages, in a browser without scripts. `tests/browser/hosted_pages/` tests them in a real browser."""

import itertools
import re
import time
from contextlib import closing
from html import unescape

import pytest

import main
import tables
from browser import Cookie
from core import capability
from databases import SQLITE_ONLY
from hosted_pages import activity_texts
from people import Client, Person, another_code, code_in, link_in, new_email, new_password, refusal, token_in
from reader import Reader, heading, notice
from routes import hosted_account, hosted_pages
from settings.loading import settings

ROUTES = [*hosted_pages.router.routes, *hosted_account.router.routes]
POSTS = sorted(r.path for r in ROUTES if r.methods == {"POST"})
GETS = sorted(r.path for r in ROUTES if r.methods == {"GET"})
OPEN = ["/login", "/signup", "/verify-email", "/verify-email?token=x", "/reset-password", "/reset-password?token=x", "/accept-invitation?token=x", "/confirm-email-change?token=x", "/not-me?token=x"]  # fmt: skip
SHUT = [
    "/account",
    "/account/profile",
    "/account/password",
    "/account/email",
    "/account/delete",
    "/account/unlink/google",
]


# --------------------------------------------------------------------------------------------------------- the whole flow


@SQLITE_ONLY
def test_sign_up_verification_and_login(reader, configure):
    configure(email_verification="required")
    page = reader.sign_up()
    assert (page.status_code, heading(page)) == (202, "Verify your email address")
    assert not reader.cookies
    page = reader.log_in()
    assert (page.status_code, notice(page)) == (403, "Verify your email address first, with the link or the code in the email that we sent you.")  # fmt: skip
    reader.open(link_in(reader.mail("/verify-email"), "/verify-email"))
    page = reader.send_form()
    assert (page.url.path, notice(page)) == ("/login", "Your email address is verified.")
    page = reader.send_form(email=reader.email, password=reader.password)
    assert (page.url.path, heading(page)) == ("/account", "Your account")
    assert reader.email in page.text


@SQLITE_ONLY
def test_sign_up_asks_to_accept_the_terms_and_records_when(reader, configure):
    assert "accepted_terms" not in reader.open("/signup").text
    configure(terms_url="https://acme.example/terms")
    page = reader.sign_up()
    assert (page.status_code, "Terms must be accepted." in page.text) == (422, True)
    page = reader.send_form(password=reader.password, accepted_terms="true")
    assert page.url.path == "/account"
    (account,) = reader.open("/account/export").json()["account"]
    assert account["terms_accepted_at"]


@SQLITE_ONLY
def test_api_does_not_ask_to_accept_the_terms(service, configure):
    configure(terms_url="https://acme.example/terms")
    for accepted in ({}, {"accepted_terms": True}):
        answer = Client(service.url).post("/auth/signup", {"email": new_email(), "password": new_password()} | accepted)
        assert answer.status_code == 201
        export = Client(service.url, answer.json()["access_token"]).get("/users/me/export").json()
        assert bool(export["account"][0]["terms_accepted_at"]) == bool(accepted)


@SQLITE_ONLY
def test_code_verifies_the_email_address(member):
    member.open("/verify-email")
    page = member.send_form(code=code_in(member.mail("/verify-email")))
    assert (page.url.path, notice(page)) == ("/account", "Your email address is verified.")
    assert "not confirmed" not in page.text


@SQLITE_ONLY
def test_wrong_code_is_reported_and_a_new_email_is_sent(member):
    wrong = another_code(code_in(member.mail("/verify-email")))  # the first email has arrived
    mark = member.service.mailbox.mark()
    member.open("/verify-email")
    assert member.send_form(code=wrong).status_code == 400
    assert member.send_form(to="/verify-email/resend").status_code == 202
    member.send_form(code=code_in(member.service.mailbox.wait_for(member.email, since=mark)))
    assert member.page.url.path == "/account"


@SQLITE_ONLY
def test_password_reset_by_email(member):
    member.open("/reset-password")
    page = member.send_form(email=member.email)
    assert (page.status_code, "an email with a link is on its way" in notice(page)) == (202, True)
    member.open(link_in(member.mail("/reset-password"), "/reset-password"))
    page = member.send_form(new_password="password")
    assert (page.status_code, heading(page)) == (422, "Choose your password")
    old, member.password = member.password, new_password()
    page = member.send_form(new_password=member.password)
    assert (page.url.path, notice(page)) == ("/login", "Your password has been set. You can now log in.")
    assert not member.is_logged_in
    assert member.log_in(password=old).status_code == 401
    assert member.log_in().url.path == "/account"


@SQLITE_ONLY
def test_name_password_and_email_address_can_be_changed(member):
    old_address, old = member.email, member.password
    member.open("/account/profile")
    assert "<b>Al</b>" not in member.send_form(username="<b>Al</b>").text
    assert "&lt;b&gt;Al&lt;/b&gt;" in member.page.text
    member.open("/account/password")
    page = member.send_form(old_password="wrong", new_password=new_password())
    assert (page.status_code, heading(page)) == (403, "Change your password")
    member.password = new_password()
    assert "Your password has been changed" in notice(member.send_form(old_password=old, new_password=member.password))
    member.open("/account/email")
    member.email = new_email("alice")
    assert "We have sent a link" in notice(member.send_form(new_email=member.email, password=member.password))
    member.open(link_in(member.mail("/confirm-email-change")))
    page = member.send_form()
    assert (page.url.path, member.email in page.text, old_address in page.text) == ("/account", True, False)


@SQLITE_ONLY
def test_another_device_can_be_logged_out(member):
    with closing(Reader(member.service, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1")) as phone:  # fmt: skip
        phone.email, phone.password = member.email, member.password
        assert phone.log_in().url.path == "/account"
        there = re.search(r'action="(/account/sessions/[\w-]+)"', member.open("/account").text)[1]
        assert "iPhone" in member.page.text
        assert notice(member.send_form(to=there)) == "The device has been logged out."
        assert not phone.is_logged_in
        assert member.is_logged_in


@SQLITE_ONLY
def test_logout_ends_the_session_and_removes_the_cookies(member):
    token = member.cookie("access_token").value
    page = member.press("/account/logout")
    assert (page.url.path, notice(page)) == ("/login", "You have been logged out.")
    assert [cookie.name for cookie in member.cookies] == ["account"]  # the email address, for the next login
    assert refusal(Client(member.service.url, token).get("/users/me")) == (401, "not_authenticated")


@SQLITE_ONLY
def test_all_devices_are_logged_out_at_once(member):
    with closing(Reader(member.service)) as phone:
        phone.email, phone.password = member.email, member.password
        phone.log_in()
        assert member.press("/account/logout-all").url.path == "/login"
        assert not phone.is_logged_in


@SQLITE_ONLY
def test_data_export_and_account_deletion(member):
    answer = member.open("/account/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="account.json"'
    assert answer.json()["account"][0]["email"] == member.email
    member.open("/account/delete")
    page = member.send_form(password=member.password, confirmation="alice")
    assert (page.status_code, "Confirmation must be your email address." in page.text) == (422, True)
    assert member.send_form(password="wrong", confirmation=member.email).status_code == 403
    page = member.send_form(password=member.password, confirmation=member.email.upper())
    assert (page.url.path, "deleted" in notice(page), member.cookies) == ("/login", True, [])
    assert member.log_in().status_code == 401


@SQLITE_ONLY
def test_invited_user_sets_a_password(here, reader, root):
    assert root.client.post("/admin/users", {"email": reader.email}).status_code == 201
    reader.open(link_in(reader.mail("/accept-invitation")))
    assert reader.send_form(new_password=reader.password).url.path == "/login"
    assert reader.log_in().url.path == "/account"


@SQLITE_ONLY
def test_unrequested_account_can_be_deleted(member):
    mail = member.mail("/not-me")
    member.open(link_in(mail, "/not-me"))
    page = member.send_form()
    assert (page.url.path, "deleted" in notice(page)) == ("/signup", True)
    assert member.log_in().status_code == 401


# ---------------------------------------------------------------------------------------------------------- with a provider


@SQLITE_ONLY
def test_login_with_a_provider_and_unlinking(reader, google):
    google.person = {"sub": "alice-there", "email": reader.email, "email_verified": True, "name": "Alice"}
    page = reader.open("/login")
    button = unescape(re.search(r'href="(/oauth/google[^"]+)"', page.text)[1])
    page = reader.follow(reader.service.url + button, clicked_on=str(page.url))
    assert (page.url.path, reader.email in page.text) == ("/account", True)
    assert "Unlink" in page.text
    tables.as_if_just_authenticated()
    reader.open("/account/unlink/google")
    assert reader.send_form().status_code == 409


@SQLITE_ONLY
def test_user_without_a_password_confirms_with_the_provider(reader, google):
    google.new_person(email=reader.email, auth_time=int(time.time()))
    reader.follow(f"{reader.service.url}/oauth/google?use_cookies=true&redirect_to={reader.service.url}/login")
    page = reader.open("/account/factors/totp")
    assert reader.send_form().status_code == 403
    button = unescape(re.search(r'href="(/oauth/google[?]prompt=login[^"]+)"', page.text)[1])
    reader.page = reader.follow(reader.service.url + button, clicked_on=str(page.url))
    assert (reader.page.url.path, "/oauth/google" in reader.page.text) == ("/account/factors/totp", False)
    assert reader.send_form().status_code == 200


@SQLITE_ONLY
def test_provider_can_be_linked(member, google):
    google.person = {
        "sub": f"{member.email} there",
        "email": new_email("work"),
        "email_verified": True,
        "name": "Alice",
    }
    member.open("/account/link/google")
    page = member.send_form()
    there = unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)[1])
    page = member.follow(there, clicked_on=str(page.url))
    assert (page.url.path, "Unlink" in page.text) == ("/account", True)
    assert notice(page) == "You can now log in with Google."
    assert notice(member.open("/account?linked=github")) == ""
    member.open("/account/unlink/google")
    assert notice(member.send_form(password=member.password)) == "The provider has been unlinked from your account."
    assert notice(member.open("/account?linked=google")) == ""


@SQLITE_ONLY
def test_declined_provider_login_leads_back_to_the_login(reader, google):
    google.person = {"sub": "x", "email": None, "email_verified": False, "name": None}
    reader.open("/login")
    page = reader.follow(f"{reader.service.url}/oauth/google?use_cookies=true&redirect_to={reader.service.url}/login")
    assert (page.url.path, notice(page)) == ("/login", "Login with this provider failed. Start again.")


@SQLITE_ONLY
def test_unknown_provider_cannot_be_linked(member):
    assert member.open("/account/link/nobody").status_code == 404


# ------------------------------------------------------------------------------------------------------------------ access


@SQLITE_ONLY
@pytest.mark.parametrize("path", SHUT)
def test_anonymous_visitor_reaches_the_page_after_the_login(member, path):
    assert member.open(path).url.path == path
    member.cookies = []
    page = member.open(path)
    assert (page.status_code, page.url.path) == (200, "/login")
    assert member.send_form(email=member.email, password=member.password).url.path == path


@SQLITE_ONLY
def test_account_pages_require_a_login(reader):
    for path in [*GETS, *POSTS]:
        if path.startswith("/account"):
            method = "GET" if path in GETS else "POST"
            answer = reader._http.request(method, reader.service.url + path.format(session_id="x", provider="google"), headers={"Origin": reader.service.url})  # fmt: skip
            assert answer.status_code == 307, path
            assert answer.headers["location"].startswith("/auth/continue?next=/account")


@SQLITE_ONLY
def test_logged_in_user_is_redirected_from_the_login(member):
    assert member.open("/login").url.path == "/account"
    assert member.open("/signup").url.path == "/account"
    assert member.open("/.well-known/change-password").url.path == "/account/password"


@SQLITE_ONLY
def test_expired_access_token_is_renewed(member, clock):
    before = member.cookie("refresh_token").value
    clock.shift(60 * settings.access_token_expire_minutes + 1)
    assert member.is_logged_in
    assert member.cookie("refresh_token").value != before


@SQLITE_ONLY
def test_form_submitted_with_an_expired_access_token_is_processed(member, clock):
    member.open("/account/profile")
    clock.shift(60 * settings.access_token_expire_minutes + 1)
    page = member.send_form(username="Alice in time")
    assert (page.url.path, "Alice in time" in page.text) == ("/account", True)


@SQLITE_ONLY
def test_ended_session_redirects_to_the_login_and_removes_cookies(member):
    page = member.open("/account/profile")
    device = Client(member.service.url, member.cookie("access_token").value)
    assert device.post("/auth/logout-all").status_code == 204
    member.page = page
    page = member.send_form(username="Too late")
    assert (page.url.path, [cookie.name for cookie in member.cookies]) == ("/login", ["account"])


def plants(member, name, value="planted", path="/account"):
    """Plant a cookie as a sibling domain can, where cookies have no prefix."""
    member.cookies.append(Cookie(name, value, "127.0.0.1", path, False, False, "lax", None))


@SQLITE_ONLY
def test_planted_cookie_redirects_to_the_login_without_a_loop(member):
    plants(member, "access_token")
    page = member.open("/account/profile")
    assert page.url.path == "/login"
    assert page.url.params["next"] == "/account/profile"
    assert len(member.hops) == 4  # the page, one renewal, the page again, and the login
    assert [cookie.value for cookie in member.cookies if cookie.name != "account"] == ["planted"]


@SQLITE_ONLY
def test_planted_refresh_token_does_not_log_the_user_in(member, mallory):
    mallory.sign_up()
    plants(member, "refresh_token", mallory.tokens["refresh_token"], "/auth/continue")
    member.cookies = [cookie for cookie in member.cookies if cookie.name != "access_token"]
    assert member.open("/account").url.path == "/login"


@SQLITE_ONLY
def test_page_opened_after_a_renewal_is_renewed_again(member, clock):
    for _ in range(3):
        clock.shift(60 * settings.access_token_expire_minutes + 1)
        assert member.is_logged_in


@SQLITE_ONLY
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Referer": "https://evil.example/page"}],
    ids=str,
)
def test_another_site_uses_no_refresh_token_up(member, clock, headers):
    """It would open the URL and drop the response, so that the owner's next refresh looks like reuse."""
    refresh = f"refresh_token={member.cookie('refresh_token').value}"
    url = f"{member.service.url}/auth/continue?next=/account/profile"
    answer = member._http.get(url, headers={**headers, "Cookie": refresh})
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert '<meta http-equiv="refresh" content="0; url=/auth/continue?next=/account/profile">' in answer.text
    clock.shift(60 * settings.access_token_expire_minutes + 1)
    assert member.is_logged_in
    renewed = member._http.get(url, headers={"Sec-Fetch-Site": "same-origin", "Cookie": f"refresh_token={member.cookie('refresh_token').value}"})  # fmt: skip
    assert (renewed.status_code, renewed.headers["location"]) == (307, "/account/profile")


# ----------------------------------------------------------------------------------------------- unauthenticated requests


def alike(text, *secret):
    for word in secret:
        text = text.replace(word, "…")
    return text


@SQLITE_ONLY
def test_known_and_unknown_email_addresses_get_the_same_page(here, reader, alice, configure):
    configure(email_verification="required")
    known, unknown = alice.email, new_email("nobody")

    def page(path, to, email, **fields):
        reader.open(path)
        answer = reader.send_form(to=to, email=email, **fields)
        return answer.status_code, str(answer.url), alike(answer.text, email)

    for path, to, fields in [
        ("/login", "/login", {"password": "not the password"}),
        ("/signup", "/signup", {"password": new_password()}),
        ("/reset-password", "/reset-password/request", {}),
        ("/verify-email", "/verify-email/resend", {}),
        ("/verify-email", "/verify-email", {"code": "123456"}),
    ]:
        assert page(path, to, known, **fields) == page(path, to, unknown, **fields), to


@SQLITE_ONLY
def test_wrong_passwords_count_for_login_throttling(member):
    member.press("/account/logout")
    for _ in range(5):
        assert member.log_in(password="wrong password").status_code == 401
    page = member.log_in()
    assert (page.status_code, int(page.headers["retry-after"]) >= 1) == (429, True)
    assert re.fullmatch(r"Too many attempts\. Wait for \d+ seconds?, then try again\.", notice(page))
    body = {"email": member.email, "password": member.password}
    assert refusal(Client(member.service.url).post("/auth/login", body)) == (429, "rate_limited")


@SQLITE_ONLY
def test_rate_limits_equal_those_of_the_api(here, reader, configure):
    configure(rate_limit_enabled=True, rate_limit_signup="1/hour", trusted_proxies=())
    assert reader.sign_up(password="short").status_code == 422
    page = reader.sign_up()
    assert (page.status_code, heading(page)) == (429, "Sign up")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    answer = Client(here.url).post("/auth/signup", {"email": reader.email, "password": reader.password})
    assert refusal(answer) == (429, "rate_limited")


# Each form, the API operation that does the same, and the limit of both.
ALIKE = {
    "/login": ("POST /auth/login", "login"),
    "/signup": ("POST /auth/signup", "signup"),
    "/verify-email": ("POST /auth/verify-email", "token"),
    "/verify-email/resend": ("POST /auth/resend-verification", "email"),
    "/reset-password": ("POST /auth/reset-password/confirm", "token"),
    "/reset-password/request": ("POST /auth/reset-password/request", "email"),
    "/accept-invitation": ("POST /auth/reset-password/confirm", "token"),
    "/confirm-email-change": ("POST /auth/verify-email", "token"),
    "/not-me": ("POST /auth/disown", "token"),
    "/secure-account": ("POST /auth/secure-account", "token"),
    "/undo-email-change": ("POST /auth/undo-email-change", "token"),
    "/auth/continue": ("POST /auth/refresh", "token"),
    "/account/profile": ("PATCH /users/me", ""),
    "/account/password": ("POST /auth/change-password", "login"),
    "/account/email": ("POST /users/me/email", "email"),
    "/account/delete": ("DELETE /users/me", "login"),
    "/account/link/{provider}": ("POST /oauth/google/link", "login"),
    "/account/unlink/{provider}": ("DELETE /users/me/identities/google", "login"),
    "/account/logout": ("POST /auth/logout", ""),
    "/account/logout-all": ("POST /auth/logout-all", ""),
    "/account/sessions/{session_id}": ("DELETE /users/me/sessions/x", ""),
    "/language": ("PATCH /users/me", ""),
    "/account/language": ("PATCH /users/me", ""),
}


def policies_of(answer):
    return set(re.findall(r'"(\w+)"', answer.headers["ratelimit-policy"])) - {"default"}


@SQLITE_ONLY
def test_each_form_shares_the_limit_of_the_api(here, reader, configure):
    assert ALIKE.keys() - {"/auth/continue"} == set(POSTS)
    limits = {limit for _, limit in ALIKE.values() if limit}
    configure(rate_limit_enabled=True, **{f"rate_limit_{policy}": "1/hour" for policy in limits})
    for number, (path, (call, limit)) in enumerate(ALIKE.items()):
        headers = {"Origin": here.url, "X-Forwarded-For": f"198.51.100.{number}"}
        page = reader._http.post(here.url + path.format(provider="google", session_id="x"), headers=headers)
        method, there = call.split()
        answer = reader._http.request(method, here.url + there, headers=headers)
        assert page.status_code != 429, path
        # Ten times as many emails are allowed for an IP address alone.
        assert (answer.status_code == 429) == (limit not in ("", "email")), path
        assert policies_of(page) == policies_of(answer) == ({limit} if limit else set()), path


MAILS = {
    "/signup": ("/auth/signup", "email"),
    "/verify-email/resend": ("/auth/resend-verification", "email"),
    "/reset-password/request": ("/auth/reset-password/request", "email"),
    "/account/email": ("/users/me/email", "new_email"),
}


@SQLITE_ONLY
def test_emails_of_each_form_count_as_those_of_the_api(member, configure):
    """They count by recipient, from any IP address; the notice of an email change counts too."""
    configure(rate_limit_enabled=True, rate_limit_email="1/hour")
    token = member.cookie("access_token").value
    numbers = itertools.count(100)

    def send_form(path, **sent):
        headers = {"Origin": member.service.url, "X-Forwarded-For": f"198.51.100.{next(numbers)}"}
        headers["Accept"] = "text/html" if "data" in sent else "*/*"
        if path != "/signup":  # a sign-up would replace the session of the browser
            headers |= {"Cookie": f"access_token={token}"} if "data" in sent else {"Authorization": f"Bearer {token}"}
        return member._http.post(member.service.url + path, headers=headers, **sent)

    for path, (call, field) in MAILS.items():
        body = {field: new_email("new"), "password": member.password}
        assert send_form(path, data=body).status_code in (202, 303), path
        assert refusal(send_form(call, json=body)) == (429, "rate_limited"), call
    body = {"new_email": new_email("another"), "password": member.password}
    assert refusal(send_form("/users/me/email", json=body)) == (429, "rate_limited")


@SQLITE_ONLY
def test_rate_limit_error_is_a_page(here, reader, configure):
    configure(rate_limit_enabled=True, rate_limit_default="1/hour", trusted_proxies=())
    pages = [reader.open("/login") for _ in range(3)]
    assert pages[-1].status_code == 429
    assert "<h1>" in pages[-1].text


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/verify-email", "/reset-password", "/not-me"])
def test_scanner_that_opens_a_link_uses_nothing_up(member, path):
    if path == "/reset-password":
        member.open(path)
        member.send_form(email=member.email)
    link = link_in(member.mail(path), path)
    for _ in range(3):
        assert member.open(link).status_code == 200
    assert (
        member.send_form(**({"new_password": new_password()} if path == "/reset-password" else {})).status_code == 200
    )
    assert notice(member.page)


# --------------------------------------------------------------------------------------------------------------- every page


def pages_of(member):
    for path in (*SHUT, *OPEN):
        if path == OPEN[0]:
            member.cookies = []
        yield path, member.open(path)
    yield "refused", member.log_in(email="nobody", password="x")
    yield "unknown", member.open("/account/nothing")


# Events that their user cannot see, or that end the account.
WITHOUT_MEANING = {"user.deleted", "user.disowned", "user.expired"}


def test_each_event_of_an_account_has_a_meaning_for_its_owner():
    assert activity_texts.MEANINGS.keys() | WITHOUT_MEANING == capability.account_events().keys()


@SQLITE_ONLY
def test_every_page_of_a_logged_in_user_has_a_logout_button(member):
    for path in [*SHUT, "/account/activity", "/account/factors", "/account/recovery-codes"]:
        page = member.open(path)
        assert page.text.count('action="/account/logout"') == 1, path
    member.send_form(to="/account/logout")
    assert not member.is_logged_in


@SQLITE_ONLY
def test_password_fields_are_masked_and_open_to_password_managers(member):
    fields = [field for _, page in pages_of(member) for field in re.findall(r"<input[^>]*password[^>]*>", page.text)]
    assert len(fields) > 5
    for field in fields:
        if 'type="hidden"' in field:
            continue  # the path of the page
        assert re.search(r' type="(password|email)"', field), field
        assert re.search(r' autocomplete="(current-password|new-password|username)"', field), field
        assert "onpaste" not in field


@SQLITE_ONLY
def test_every_page_has_security_headers_and_a_title(member):
    titles = set()
    for path, page in pages_of(member):
        policy = page.headers["content-security-policy"]
        assert policy.startswith(
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        ), path
        assert not re.search(r"unsafe|http|\*", policy)
        assert "frame-ancestors 'none'" in policy
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["cross-origin-opener-policy"] == "same-origin"
        assert not re.search(r"<script>|\son\w+=|\sstyle=|<style", page.text), path
        assert '<html lang="en" dir="ltr">' in page.text
        assert '<meta name="viewport"' in page.text
        titles.add(re.search("<title>(.*?)</title>", page.text)[1])
        for source in re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', page.text):
            assert source.startswith("/docs/assets/")
            assert member._http.get(member.service.url + source).status_code == 200
        for kind, name in re.findall(r'<input id="(\w+)" name="(\w+)"', page.text):
            assert f'<label for="{kind}">' in page.text, (path, name)
    assert len(titles) >= 11


@SQLITE_ONLY
def test_invalid_field_is_marked_and_summarized(reader):
    page = reader.sign_up(email="nobody", password="12345678")
    assert "<title>Error: Sign up" in page.text
    assert '<a href="#email">Email address</a>' in page.text
    assert 'aria-invalid="true" aria-describedby="email-wrong"' in page.text
    assert 'value="nobody"' in page.text
    page = reader.send_form(email=reader.email, password="12345678")
    assert 'aria-describedby="password-wrong password-hint"' in page.text


@SQLITE_ONLY
def test_invalid_email_address_is_reported_in_its_form(reader):
    reader.open("/verify-email")
    page = reader.send_form(to="/verify-email/resend", email="nobody")
    assert page.status_code == 422
    other, own = page.text.split("<details open>")
    assert '<a href="#email">Email address</a>' in other
    assert 'aria-invalid="true"' not in other
    assert re.search('<input id="email" name="email"[^>]* aria-invalid="true" aria-describedby="email-wrong"', own)
    assert len(re.findall('id="email"', page.text)) == 1
    page = reader.send_form(to="/verify-email", email="nobody", code="123456")
    other, own = page.text.split("<details>")
    assert re.search('<input id="email" name="email"[^>]* aria-invalid="true"', other)
    assert 'aria-invalid="true"' not in own


@SQLITE_ONLY
def test_empty_name_is_rejected(member):
    member.open("/account/profile")
    page = member.send_form(username="")
    assert (page.status_code, heading(page)) == (422, "Your profile")
    assert '<a href="#username">Name</a>' in page.text


@SQLITE_ONLY
def test_token_appears_only_in_the_form(member):
    link = link_in(member.mail("/verify-email"), "/verify-email")
    token = token_in(member.mail("/verify-email"))
    page = member.open(link)
    assert page.text.count(token) == 1
    assert f'<input type="hidden" name="token" value="{token}">' in page.text
    member.send_form()
    assert not [hop for hop in member.hops if token in str(hop.url) or token in hop.headers.get("location", "")]


BY_LINK = ["/verify-email", "/confirm-email-change", "/reset-password", "/accept-invitation", "/not-me", "/secure-account", "/undo-email-change"]  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("path", BY_LINK)
def test_form_of_an_email_link_posts_to_a_url_without_the_token(reader, path):
    page = reader.open(f"{path}?token=a-secret")
    forms = re.findall(r"<form[^>]*>", page.text)
    assert f'<form method="post" action="{path}">' in forms
    assert not [form for form in forms if "action=" not in form or "?" in form]
    reader.send_form(new_password=new_password())
    assert (reader.page.status_code, str(reader.page.url)) == (400, reader.service.url + path)
    assert f'<form method="post" action="{path}">' in reader.page.text


@SQLITE_ONLY
@pytest.mark.parametrize(
    "path", ["/confirm-email-change", "/accept-invitation", "/not-me", "/secure-account", "/undo-email-change"]
)
def test_page_of_an_email_link_without_a_token_asks_for_the_link(reader, path):
    page = reader.open(path)
    assert page.status_code == 200
    assert "Open the link in the email again." in page.text
    assert re.findall(r'<form[^>]* action="([^"]+)"', page.text) == ["/language"]


@SQLITE_ONLY
def test_pages_are_not_in_the_openapi_document(here):
    assert not [path for path in main.app.openapi()["paths"] if path.startswith(("/account", "/login", "/signup"))]
    for path in ("/api/v1/login", "/api/v1/account", "/api/v1/auth/continue"):
        answer = Reader(here).open(path)
        assert (answer.status_code, "text/html" in answer.headers["content-type"]) == (404, True)


@SQLITE_ONLY
def test_wrong_method_and_unknown_page_get_an_error_page(member):
    assert member.open("/account/logout").status_code == 405
    assert member.page.headers["allow"] == "POST"
    assert member.open("/account/nothing").status_code == 404
    assert heading(member.page) == "Something went wrong"


@pytest.mark.parametrize("accept", ["*/*", "text/*", "application/json", "application/json, text/html;q=0.5"])
@SQLITE_ONLY
def test_clients_that_do_not_ask_for_html_get_problems(service, accept):
    client = Client(service.url, headers={"Accept": accept})
    for path in ("/login", "/signup", "/reset-password", "/verify-email", "/accept-invitation", "/not-me"):
        refusal(client.post(path, {}))
    assert refusal(client.delete("/account")) == (405, "method_not_allowed")
    assert refusal(client.delete("/account/password")) == (405, "method_not_allowed")


@SQLITE_ONLY
def test_emails_link_to_these_pages_without_a_frontend(here, bob):
    assert link_in(bob.verification_mail()).startswith(f"{here.url}/verify-email?token=")
    assert Person(here, "bob").client.get("/users/me").status_code == 401


@SQLITE_ONLY
def test_all_links_have_the_path_prefix_of_the_proxy(member, configure):
    configure(public_base_url=f"{member.service.url}/id", frontend_base_url=f"{member.service.url}/id", smtp_host="")
    for path in ("/account", "/account/password", "/signup", "/reset-password", "/docs", "/redoc", "/dev/mailbox"):
        member.open(path)
        led = re.findall(r'(?:href|src|action|url)="(/[^"]*)"', member.page.text)
        led += [hop.headers["location"] for hop in member.hops if "location" in hop.headers]
        assert led
        assert not [place for place in led if not place.startswith("/id/")], path


@SQLITE_ONLY
def test_page_works_by_localhost_and_by_127_0_0_1(reader, configure):
    configure(public_base_url=reader.service.url.replace("127.0.0.1", "localhost"))
    assert reader.sign_up().url.path == "/account"


@SQLITE_ONLY
@pytest.mark.parametrize(
    "path", ["/confirm-email-change", "/accept-invitation", "/not-me", "/secure-account", "/undo-email-change"]
)
def test_with_a_frontend_email_link_pages_are_not_found(reader, configure, path):
    configure(frontend_base_url="http://localhost:3000")
    page = reader.open(f"{path}?token=x")
    assert page.status_code == 404
    assert f'action="{path}"' not in page.text, "a form that cannot work"
