"""A login on the hosted pages that returns to an application: `?next=` and the one-time code."""

import base64
import dataclasses
import hashlib
import re
from contextlib import closing
from types import SimpleNamespace
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from authenticator import add_app, set_up_app, wait_for_mid_step
from browser import FRONTEND
from databases import SQLITE_ONLY
from people import Client, Person, code_in, link_in, new_email, new_password, refusal, token_in
from proxy import Proxy
from reader import Reader, notice
from sessions import sessions

SHOP = f"{FRONTEND}/after"
WITH_STATE = f"{SHOP}?state=s1"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def shop(here, configure):
    configure(oauth_redirect_uris=(SHOP, WITH_STATE))
    return Client(here.url)


@pytest.fixture
def alice(reader, shop):
    reader.sign_up()
    reader.press("/account/logout-all")
    return reader


def logs_in(reader, next_url, **more):
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in {"next": next_url, **more}.items())
    reader.open(f"/login?{query}")
    return reader.send_form(email=reader.email, password=reader.password)


def query_at_shop(page):
    """Return the query with which the browser is sent to the application."""
    assert page.status_code == 303
    location = page.headers["location"]
    assert location.startswith(SHOP)
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def code_of(page):
    return query_at_shop(page)["code"]


@SQLITE_ONLY
def test_application_exchanges_the_code_once(alice, shop):
    page = logs_in(alice, WITH_STATE)
    assert query_at_shop(page)["state"] == "s1"
    code = code_of(page)
    answer = shop.post("/oauth/exchange", {"code": code})
    assert (answer.status_code, answer.json()["email"]) == (200, alice.email)
    assert refusal(shop.post("/oauth/exchange", {"code": code})) == (400, "invalid_token")
    me = Client(shop.url, answer.json()["access_token"])
    assert len(me.get("/users/me/sessions").json()) == 2  # the application has one of its own


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/login", "/signup"])
def test_user_who_is_logged_in_is_not_asked_again(alice, shop, path):
    logs_in(alice, SHOP)
    page = alice.open(f"{path}?next={quote(SHOP)}")
    assert shop.post("/oauth/exchange", {"code": code_of(page)}).status_code == 200


@SQLITE_ONLY
def test_code_belongs_to_the_verifier(alice, shop):
    for verifier, status in ((None, 400), ("w" * 43, 400), (VERIFIER, 200)):
        page = logs_in(alice, SHOP, code_challenge=CHALLENGE)
        body = {"code": code_of(page)} | ({"code_verifier": verifier} if verifier else {})
        assert shop.post("/oauth/exchange", body).status_code == status
        alice.press("/account/logout")


@SQLITE_ONLY
def test_code_dies_with_the_session_of_the_pages(alice, shop):
    code = code_of(logs_in(alice, SHOP))
    alice.press("/account/logout")
    assert refusal(shop.post("/oauth/exchange", {"code": code})) == (400, "invalid_token")


@SQLITE_ONLY
def test_code_is_valid_for_a_minute(alice, shop, clock):
    code = code_of(logs_in(alice, SHOP))
    clock.shift(61)
    assert refusal(shop.post("/oauth/exchange", {"code": code})) == (400, "invalid_token")


@SQLITE_ONLY
def test_sign_up_leads_to_the_application_after_the_code_of_the_email(reader, shop, configure):
    configure(email_verification="required")
    reader.open(f"/signup?next={quote(SHOP)}")
    reader.send_form(email=reader.email, username="Alice", password=reader.password)
    page = reader.send_form(code=code_in(reader.mail("/verify-email")))
    assert (page.url.path, notice(page)) == ("/login", "Your email address is verified.")
    page = reader.send_form(email=reader.email, password=reader.password)
    assert shop.post("/oauth/exchange", {"code": code_of(page)}).status_code == 200


def test_second_factor_is_asked_for_once_and_counts_in_the_application(alice, shop, clock):
    person = Person(alice.service, "alice")
    person.email, person.password = alice.email, alice.password
    person.log_in()
    app = add_app(person, password=alice.password)
    wait_for_mid_step(clock)
    page = logs_in(alice, SHOP)
    assert page.url.path == "/login/second-step"
    page = alice.send_form(code=app.code())
    answer = shop.post("/oauth/exchange", {"code": code_of(page)})
    sessions = Client(shop.url, answer.json()["access_token"]).get("/users/me/sessions").json()
    assert [each["acr"] for each in sessions if each["current"]] == ["aal2"]


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    f"{SHOP}.evil.example/",
    f"{SHOP}wards",
    "http://localhost:3000@evil.example/after",
    f"{SHOP}?code=1",
    "javascript:alert(1)",
    "http://localhost:3000\\@evil.example/after",
    f"{SHOP}\r\nX: y",
    "x" * 5000,
]


@SQLITE_ONLY
@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_other_url_is_led_to(alice, shop, url):
    page = logs_in(alice, url)
    assert (page.url.host, page.url.path) == ("127.0.0.1", "/account")
    for path in ("/login", "/auth/return"):
        page = alice.open(f"{path}?next={quote(url, safe='')}")
        assert (page.url.host, page.url.path) == ("127.0.0.1", "/account")


@SQLITE_ONLY
def test_page_may_send_its_form_to_this_application_alone(alice, shop):
    policy = alice.open(f"/login?next={quote(SHOP)}").headers["content-security-policy"]
    assert f"form-action 'self' {FRONTEND};" in policy
    policy = alice.open("/login?next=https%3A%2F%2Fevil.example%2F").headers["content-security-policy"]
    assert "form-action 'self';" in policy


@SQLITE_ONLY
def test_login_page_knows_who_logged_in_last_and_forgets(alice, shop):
    alice.log_in()
    page = alice.press("/account/logout")
    assert f'value="{alice.email}"' in page.text
    assert "Use another account" in page.text
    page = alice.open(re.search(r'href="(/login\?other=1[^"]*)"', page.text)[1])
    assert alice.email not in page.text
    assert alice.email not in alice.open("/login").text
    with closing(Reader(alice.service)) as another:
        another.cookies = []
        assert "Use another account" not in another.open("/login").text


# --------------------------------------------------------------------------------------------------------------- attacks


def without(reader, *names):
    reader.cookies = [cookie for cookie in reader.cookies if cookie.name not in names]


def test_session_whose_access_token_has_expired_is_enough(alice, shop):
    alice.log_in()
    without(alice, "access_token")
    page = alice.open(f"/login?next={quote(SHOP)}")
    assert shop.post("/oauth/exchange", {"code": code_of(page)}).status_code == 200


@SQLITE_ONLY
def test_access_token_alone_is_not_enough(alice, shop):
    """Mallory, who has read one, would otherwise get a session that outlives it."""
    alice.log_in()
    without(alice, "refresh_token")
    page = alice.open(f"/auth/return?next={quote(SHOP)}")
    assert (page.url.path, page.url.params["next"]) == ("/login", SHOP)
    token = alice.cookie("access_token").value
    answer = alice._http.get(
        f"{shop.url}/auth/return", params={"next": SHOP}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.headers["location"].startswith("/login?")


@SQLITE_ONLY
def test_ended_session_leads_to_the_login_once(alice, shop):
    alice.log_in()
    token = alice.cookie("access_token").value
    Client(shop.url, token).post("/auth/logout-all")
    without(alice, "access_token")
    page = alice.open(f"/login?next={quote(SHOP)}")
    assert (page.url.path, page.status_code, len(alice.hops)) == ("/login", 200, 3)
    page = alice.send_form(email=alice.email, password=alice.password)
    assert code_of(page)


@SQLITE_ONLY
def test_verifier_without_a_challenge_is_rejected(alice, shop):
    code = code_of(logs_in(alice, SHOP))
    body = {"code": code, "code_verifier": VERIFIER}
    assert refusal(shop.post("/oauth/exchange", body)) == (400, "invalid_token")


@SQLITE_ONLY
def test_sessions_of_applications_count_for_the_limit(alice, shop, monkeypatch):
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 3)
    for _ in range(5):
        page = alice.open(f"/login?next={quote(SHOP)}")
        if page.status_code == 200:  # the session of the pages was the oldest
            page = alice.send_form(email=alice.email, password=alice.password)
        answer = shop.post("/oauth/exchange", {"code": code_of(page)})
    account = Client(shop.url, answer.json()["access_token"])
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 100)
    assert len(account.get("/users/me/sessions").json()) == 3


@SQLITE_ONLY
def test_account_that_must_enroll_does_so_first(alice, shop, configure):
    alice.log_in()
    configure(mfa_required="all")
    page = alice.open(f"/login?next={quote(SHOP)}")
    assert page.url.path == "/account/factors"
    set_up_app(alice)
    assert code_of(alice.send_form())
    assert alice.open("/account/factors").url.path == "/account/factors"


@SQLITE_ONLY
def test_login_during_the_setup_of_a_factor_still_leads_to_the_application(alice, shop, configure):
    configure(mfa_required="all")
    assert logs_in(alice, SHOP).url.path == "/account/factors"
    Client(shop.url, alice.cookie("access_token").value).post("/auth/logout-all")  # on another device
    assert alice.open("/account/factors/totp").url.path == "/login"
    page = alice.send_form(email=alice.email, password=alice.password)
    assert page.url.path == "/account/factors"
    set_up_app(alice)
    assert code_of(alice.send_form())


def kept(reader):
    return [each for each in reader.cookies if each.name == "going"]


@SQLITE_ONLY
def test_factors_of_a_user_are_shown_whatever_links_were_requested(alice, shop):
    alice.log_in()
    requests_email(alice, "/reset-password", SHOP)
    assert kept(alice)
    assert alice.open("/account/factors").status_code == 200


def opens_email(reader, page):
    """Open the link of an email as the browser does that requested it, and return its page."""
    return reader.open(link_in(reader.mail(page), page))


def test_sign_up_leads_to_the_application_after_the_link_of_the_email(reader, shop, configure):
    configure(email_verification="required")
    reader.open(f"/signup?next={quote(SHOP)}&code_challenge={CHALLENGE}")
    reader.send_form(email=reader.email, password=reader.password)
    opens_email(reader, "/verify-email")
    page = reader.send_form()
    assert (page.url.path, "verified" in notice(page)) == ("/login", True)
    assert f"form-action 'self' {FRONTEND};" in page.headers["content-security-policy"], "browsers block the redirect"
    code = code_of(reader.send_form(email=reader.email, password=reader.password))
    answer = shop.post("/oauth/exchange", {"code": code, "code_verifier": VERIFIER})
    assert answer.json()["email"] == reader.email
    assert not kept(reader), "the next login leads elsewhere"


@SQLITE_ONLY
def test_link_leads_to_the_application_behind_a_path_prefix(here, shop, configure):
    with closing(Proxy(here.url)) as proxy:
        configure(email_verification="required", public_base_url=proxy.url, frontend_base_url=proxy.url)
        with closing(Reader(SimpleNamespace(url=proxy.url, mailbox=here.mailbox))) as carol:
            carol.open(f"/signup?next={quote(SHOP)}")
            carol.send_form(email=carol.email, password=carol.password)
            page = carol.page = carol.follow(link_in(carol.mail("/verify-email"), "/verify-email"))
            assert str(page.url).startswith(f"{proxy.url}/verify-email?token=")
            carol.send_form()
            assert code_of(carol.send_form(email=carol.email, password=carol.password))


@SQLITE_ONLY
def test_new_email_for_the_sign_up_leads_to_the_application_too(reader, shop, configure):
    configure(email_verification="required")
    reader.open("/signup")
    reader.send_form(email=reader.email, password=reader.password)
    reader.mail("/verify-email")  # the first one
    mark = reader.service.mailbox.mark()
    reader.open(f"/verify-email?next={quote(SHOP)}")
    assert reader.send_form("/verify-email/resend", email=reader.email).status_code == 202
    mail = reader.service.mailbox.wait_for(reader.email, since=mark, containing="/verify-email")
    reader.open(link_in(mail, "/verify-email"))
    reader.send_form()
    assert code_of(reader.send_form(email=reader.email, password=reader.password))


@SQLITE_ONLY
def test_forgotten_password_leads_to_the_application(alice, shop):
    alice.log_in()
    alice.press("/account/logout")  # the browser knows her
    page = alice.open(f"/login?next={quote(SHOP)}&ended=1")
    alice.open(re.search(r'href="(/reset-password[^"]*)"', page.text)[1].replace("&amp;", "&"))
    assert alice.send_form(email=alice.email).status_code == 202
    opens_email(alice, "/reset-password")
    assert alice.send_form(new_password="short").status_code == 422
    page = alice.send_form(new_password=(password := new_password()))
    assert (page.url.path, "password" in notice(page)) == ("/login", True)
    assert code_of(alice.send_form(email=alice.email, password=password))


@SQLITE_ONLY
def test_new_password_of_alice_does_not_log_bob_in(alice, shop):
    email = alice.email
    alice.email = new_email("bob")
    alice.sign_up()
    alice.open(f"/reset-password?next={quote(SHOP)}")
    alice.send_form(email=email)
    alice.email = email
    opens_email(alice, "/reset-password")
    page = alice.send_form(new_password=(password := new_password()))
    assert (page.url.path, "password" in notice(page)) == ("/login", True)
    code = code_of(alice.send_form(email=email, password=password))
    assert shop.post("/oauth/exchange", {"code": code}).json()["email"] == email


def requests_email(reader, page, next_url=None):
    """Request an email on a page, and return its link."""
    mark = reader.service.mailbox.mark()
    reader.open(f"{page}?next={quote(next_url)}" if next_url else page)
    reader.send_form(email=reader.email)
    link = page.removeprefix("/login")
    return link_in(reader.service.mailbox.wait_for(reader.email, since=mark, containing=link), link)


@SQLITE_ONLY
def test_links_of_two_emails_lead_to_two_applications(alice, shop, configure):
    configure(magic_link="on", email_verification="optional")
    login = requests_email(alice, "/login/magic-link", SHOP)
    password = requests_email(alice, "/reset-password", WITH_STATE)
    assert alice.open(password).url.params["next"] == WITH_STATE
    assert alice.open(login).url.params["next"] == SHOP
    assert "state" not in query_at_shop(alice.send_form())
    assert "next" not in alice.open(password).url.params, "she has been logged in since"


@SQLITE_ONLY
@pytest.mark.parametrize("page", ["/reset-password", "/login/magic-link"])
def test_later_email_does_not_lead_to_the_application_of_an_earlier_one(alice, shop, configure, page):
    configure(magic_link="on", email_verification="optional")
    requests_email(alice, page, SHOP)
    assert "next" not in alice.open(requests_email(alice, page)).url.params


@SQLITE_ONLY
def test_link_opened_in_another_browser_leads_to_the_account(reader, shop, configure):
    configure(email_verification="required")
    reader.open(f"/signup?next={quote(SHOP)}")
    reader.send_form(email=reader.email, password=reader.password)
    link = link_in(reader.mail("/verify-email"), "/verify-email")
    with closing(Reader(reader.service)) as phone:
        phone.open(link)
        assert phone.send_form().url.query.decode() == "message=verified"
        assert phone.send_form(email=reader.email, password=reader.password).url.path == "/account"


@SQLITE_ONLY
@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_other_url_is_kept_until_the_link_is_opened(reader, shop, configure, url):
    """Another site may have set the cookie, or the settings have changed since."""
    configure(email_verification="required")
    reader.open(f"/signup?next={quote(SHOP)}")
    reader.send_form(email=reader.email, password=reader.password)
    assert kept(reader)
    for path in (url, f"/auth/return?next={quote(url, safe='')}"):
        forged = dataclasses.replace(reader.cookie("going"), value=f"verify_email={quote(path, safe='')}")
        reader.cookies = [forged if each.name == forged.name else each for each in reader.cookies]
        assert "next" not in opens_email(reader, "/verify-email").url.params


@SQLITE_ONLY
def test_login_with_a_provider_deletes_the_destination(alice, shop, google):
    google.person = {"sub": "alice-there", "email": new_email("carol"), "email_verified": True, "name": "Carol"}
    requests_email(alice, "/reset-password", SHOP)
    assert kept(alice)
    page = alice.follow(f"{shop.url}/oauth/google?use_cookies=true&redirect_to={shop.url}/login")
    assert page.url.path == "/account"
    assert not kept(alice)


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/account/logout", "/auth/logout"])
def test_logout_deletes_the_destination(alice, shop, configure, path):
    alice.log_in()
    configure(mfa_required="all")
    alice.open(f"/login?next={quote(SHOP)}")
    assert kept(alice)
    alice.goes("POST", path, {})
    assert not kept(alice)


def test_profile_of_a_squatter_does_not_stay(shop, configure, mailbox):
    """The picture would tell its host when the owner looks at the account."""
    configure(email_verification="optional")
    mallory = Person(shop, "mallory")
    mallory.sign_up()
    mallory.client.patch("/users/me", {"picture_url": "https://evil.example/pixel.png", "locale": "de"})
    owner = Client(shop.url)
    owner.post("/auth/reset-password/request", {"email": mallory.email})
    token = token_in(mailbox.wait_for(mallory.email, containing="/reset-password"))
    password = new_password()
    assert owner.post("/auth/reset-password/confirm", {"token": token, "new_password": password}).status_code == 200
    tokens = owner.post("/auth/login", {"email": mallory.email, "password": password}).json()
    me = Client(shop.url, tokens["access_token"]).get("/users/me").json()
    assert (me["picture_url"], me["locale"]) == (None, None)
