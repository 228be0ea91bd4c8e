"""Login by email and sign-up without a password on the hosted pages, in a browser without scripts."""

import re
from contextlib import closing
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest

from authenticator import add_app, wait_for_mid_step
from browser import FRONTEND
from databases import SQLITE_ONLY
from people import Client, Person, code_in, link_in
from reader import Reader, heading, notice


@pytest.fixture
def alice(reader, configure):
    """Alice has verified her email address, and is logged out."""
    configure(email_verification="optional", magic_link="on")
    reader.sign_up()
    reader.open(link_in(reader.mail("/verify-email"), "/verify-email"))
    reader.send_form()
    reader.press("/account/logout")
    return reader


def requests_link(reader, query=""):
    mark = reader.service.mailbox.mark()
    reader.open(f"/login/magic-link{query}")
    page = reader.send_form(email=reader.email)
    assert (page.status_code, heading(page)) == (202, "Log in by email")
    assert "We have sent you an email." in notice(page)
    return reader.service.mailbox.wait_for(reader.email, since=mark, containing="/magic-link")


@SQLITE_ONLY
def test_login_with_the_code(alice):
    mail = requests_link(alice)
    page = alice.send_form(email=alice.email, code=code_in(mail))
    assert (page.url.path, heading(page)) == ("/account", "Your account")


@SQLITE_ONLY
def test_login_with_the_link(alice):
    page = alice.open(link_in(requests_link(alice), "/magic-link"))
    assert not alice.is_logged_in
    page = alice.open(str(page.url))
    assert alice.send_form().url.path == "/account"
    assert "login_flow" not in [cookie.name for cookie in alice.cookies]


@SQLITE_ONLY
def test_link_opened_elsewhere_logs_nobody_in_and_stays_valid(alice):
    link = link_in(requests_link(alice), "/magic-link")
    with closing(Reader(alice.service)) as scanner:
        for _ in range(3):
            scanner.open(link)
            page = scanner.send_form()
            assert page.status_code == 403
            assert "requested in another browser" in notice(page)
            assert '<form method="post" action="/magic-link"' not in page.text
        assert not scanner.is_logged_in
    alice.open(link)
    assert alice.send_form().url.path == "/account"


@SQLITE_ONLY
def test_wrong_code_is_asked_for_again(alice):
    requests_link(alice)
    page = alice.send_form(email=alice.email, code="000000")
    assert (page.status_code, f'value="{alice.email}"' in page.text) == (400, True)


@SQLITE_ONLY
def test_application_gets_the_user_back_from_the_link(alice, configure):
    shop = f"{FRONTEND}/after"
    configure(oauth_redirect_uris=(shop,))
    page = alice.open(link_in(requests_link(alice, f"?next={quote(shop, safe='')}"), "/magic-link"))
    assert f"form-action 'self' {FRONTEND};" in page.headers["content-security-policy"], "browsers block the redirect"
    page = alice.send_form()
    location = page.headers["location"]
    assert location.startswith(shop)
    code = parse_qs(urlsplit(location).query)["code"][0]
    assert Client(alice.service.url).post("/oauth/exchange", {"code": code}).json()["email"] == alice.email


@SQLITE_ONLY
def test_link_that_an_application_requested_leads_back_to_it(alice, configure):
    shop = f"{FRONTEND}/after"
    configure(oauth_redirect_uris=(shop,))
    mark = alice.service.mailbox.mark()
    with httpx2.Client(base_url=alice.service.url, trust_env=False) as application:
        body = {"email": alice.email, "redirect_to": shop}
        flow = application.post("/auth/magic-link", json=body).json()["flow"]
    mail = alice.service.mailbox.wait_for(alice.email, since=mark, containing="/magic-link")
    page = alice.open(link_in(mail, "/magic-link"))
    assert f"form-action 'self' {FRONTEND};" in page.headers["content-security-policy"]
    assert alice.send_form().status_code == 403, "the browser of the application has the flow"
    token = parse_qs(urlsplit(link_in(mail, "/magic-link")).query)["token"][0]
    done = Client(alice.service.url).post("/auth/magic-link/confirm", {"token": token, "flow": flow})
    assert done.json()["redirect_to"].startswith(f"{shop}?code=")


@SQLITE_ONLY
@pytest.mark.parametrize("target", ["com.example.app:/signed-in", "{service}/login?next=/account/profile"])
def test_link_that_leads_elsewhere_shows_its_page_once(alice, configure, target):
    target = target.format(service=alice.service.url)
    configure(oauth_redirect_uris=("com.example.app:/signed-in",))
    mark = alice.service.mailbox.mark()
    with httpx2.Client(base_url=alice.service.url, trust_env=False) as application:
        asked = application.post("/auth/magic-link", json={"email": alice.email, "redirect_to": target})
        assert asked.status_code == 202, asked.text
    link = link_in(alice.service.mailbox.wait_for(alice.email, since=mark, containing="/magic-link"), "/magic-link")
    page = alice.open(link)
    assert (page.status_code, heading(page)) == (200, "Log in by email")
    assert ("com.example.app:" in page.headers["content-security-policy"]) == target.startswith("com.")


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/account/password", "/admin/console/users?query=bob"])
def test_link_leads_to_the_page_that_required_the_login(alice, path):
    alice.open(link_in(requests_link(alice, f"?next={quote(path, safe='')}"), "/magic-link"))
    page = alice.send_form()
    assert (page.url.path, page.url.query.decode()) == (path.partition("?")[0], path.partition("?")[2])


@SQLITE_ONLY
def test_no_other_url_is_stored_with_a_link(alice):
    page = alice.open(link_in(requests_link(alice, "?next=https%3A%2F%2Fmallory.example%2F"), "/magic-link"))
    assert "mallory" not in page.text + str(page.headers) + str(page.url)
    assert alice.send_form().url.path == "/account"


@SQLITE_ONLY
def test_application_gets_the_user_back_after_the_second_factor(alice, configure, clock):
    shop = f"{FRONTEND}/after"
    configure(oauth_redirect_uris=(shop,))
    app = has_an_app(alice, clock)
    alice.open(link_in(requests_link(alice, f"?next={quote(shop, safe='')}"), "/magic-link"))
    page = alice.send_form()
    assert page.url.path == "/login/second-step"
    location = alice.send_form(code=app.code()).headers["location"]
    code = parse_qs(urlsplit(location).query)["code"][0]
    assert location.startswith(shop)
    assert Client(alice.service.url).post("/oauth/exchange", {"code": code}).json()["email"] == alice.email


def has_an_app(alice, clock):
    person = Person(alice.service, "alice")
    person.email, person.password = alice.email, alice.password
    person.log_in()
    app = add_app(person, password=alice.password)
    wait_for_mid_step(clock)
    return app


@SQLITE_ONLY
def test_second_factor_is_asked_for(alice, clock):
    app = has_an_app(alice, clock)
    page = requests_link(alice)
    page = alice.send_form(email=alice.email, code=code_in(page))
    assert page.url.path == "/login/second-step"
    assert alice.send_form(code=app.code()).url.path == "/account"


def test_sign_up_without_a_password(reader, configure):
    configure(email_verification="required", magic_link="on", password_optional=True)
    page = reader.open("/signup")
    assert " required" not in re.search(r'<input id="password"[^>]*>', page.text)[0]
    page = reader.send_form(email=reader.email, username="Alice", password="")
    assert (page.status_code, heading(page)) == (202, "Log in by email")
    page = reader.send_form(email=reader.email, code=code_in(reader.mail("/magic-link")))
    assert (page.url.path, "Alice" in page.text) == ("/account", True)
    assert 'href="/account/password"' not in page.text
    reader.open("/reset-password")
    reader.send_form(email=reader.email)
    reader.open(link_in(reader.mail("/reset-password"), "/reset-password"))
    reader.send_form(new_password=reader.password)
    assert 'href="/account/password"' in reader.log_in().text


@SQLITE_ONLY
def test_sign_up_without_a_password_leads_to_the_application(reader, configure):
    shop = f"{FRONTEND}/after"
    configure(email_verification="required", magic_link="on", password_optional=True, oauth_redirect_uris=(shop,))
    reader.open(f"/signup?next={quote(shop, safe='')}")
    reader.send_form(email=reader.email, password="")
    page = reader.open(link_in(reader.mail("/magic-link"), "/magic-link"))
    assert f"form-action 'self' {FRONTEND};" in page.headers["content-security-policy"]
    assert reader.send_form().headers["location"].startswith(f"{shop}?code=")


@SQLITE_ONLY
def test_pages_do_not_exist_while_login_by_email_is_off(here, reader, configure):
    configure(magic_link="off")
    assert "/login/magic-link" not in reader.open("/login").text
    for path in ("/login/magic-link", "/magic-link"):
        assert reader.open(path).status_code == 404
        assert (
            reader._http.post(here.url + path, data={"email": reader.email}, headers={"Origin": here.url}).status_code
            == 404
        )


@SQLITE_ONLY
def test_cross_site_form_requests_no_link(here, reader, configure):
    configure(magic_link="on")
    for path in ("/login/magic-link", "/magic-link"):
        answer = reader._http.post(
            here.url + path, data={"email": reader.email}, headers={"Origin": "https://evil.example"}
        )
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
