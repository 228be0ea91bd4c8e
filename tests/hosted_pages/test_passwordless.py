"""Login by email and sign-up without a password on the hosted pages, in a browser without scripts."""

import re
from contextlib import closing
from urllib.parse import parse_qs, quote, urlsplit

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
    alice.open(link_in(requests_link(alice, f"?next={quote(shop, safe='')}"), "/magic-link"))
    page = alice.send_form()
    location = page.headers["location"]
    assert location.startswith(shop)
    code = parse_qs(urlsplit(location).query)["code"][0]
    assert Client(alice.service.url).post("/oauth/exchange", {"code": code}).json()["email"] == alice.email


@SQLITE_ONLY
def test_second_factor_is_asked_for(alice, clock):
    person = Person(alice.service, "alice")
    person.email, person.password = alice.email, alice.password
    person.log_in()
    app = add_app(person, password=alice.password)
    wait_for_mid_step(clock)
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
