"""Which language and time zone a reader gets."""

import re
from datetime import UTC, datetime

import httpx2
import pytest

from databases import SQLITE_ONLY
from languages import catalogs, moments, negotiation, reader
from operations import appearance_checks
from people import Client, new_email, new_password, refusal, text_of

ACCEPTED = {
    "de": "de",
    "de-AT,de;q=0.9,en;q=0.8": "de",
    "en;q=0.5, fr;q=0.8, de;q=0.1": "fr",
    "sv, nl;q=0.2": "nl",
    "pt": "pt-BR",
    "pt-PT": "pt-BR",
    "zh-Hans-CN": "zh-CN",
    "zh-TW": "zh-CN",
    "JA": "ja",
    "ko_KR": "ko",
    "fr;q=0, de;q=0.1": "de",
    "fr;q=0": None,
    "*": "en",
    "sv, *;q=0.1": "en",
    "sv": None,
    "": None,
    ";;;,,q=,": None,
    "de;q=x, it": "it",
    "de;q=nan": None,
    "x" * 5000: None,
    "de" + "-x" * 2000: "de",
}


@pytest.mark.parametrize("header", ACCEPTED, ids=lambda header: repr(header[:40]))
def test_accept_language_is_weighed(header):
    assert negotiation.accepted(header) == ACCEPTED[header]


ENGLISH = "Log in first: the access token is missing, invalid or expired."


@SQLITE_ONLY
def test_error_is_in_the_language_of_the_request_and_keeps_its_code(service):
    client = Client(service.url)
    seen = set()
    for language in catalogs.names():
        answer = client.get("/users/me", headers={"Accept-Language": language})
        assert refusal(answer) == (401, "not_authenticated")
        assert answer.json()["title"] == "Unauthorized"
        seen.add(answer.json()["detail"])
    assert len(seen) == len(catalogs.names()) == 14
    assert ENGLISH in seen


@SQLITE_ONLY
def test_field_errors_are_translated(service):
    answer = Client(service.url).post(
        "/auth/signup", {"email": "x", "password": "x"}, headers={"Accept-Language": "de"}
    )
    (email,) = answer.json()["errors"]
    assert email["field"] == "email"
    assert "gültig" in email["message"]


@SQLITE_ONLY
def test_order_of_what_decides(here, member):
    """The account, `ui_locales`, the choice on a page, the browser's list, `DEFAULT_LOCALE`."""

    def language(path="/account", **headers):
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in member.cookies)
        page = member._http.get(here.url + path, headers={"Cookie": cookies, **headers})
        return re.search(r'<html lang="([\w-]+)"', page.text)[1]

    assert language() == "en"
    assert language(**{"Accept-Language": "fr"}) == "fr"
    member.open("/account")
    member.send_form(to="/account/language", language="it")
    assert language(**{"Accept-Language": "fr"}) == "it"  # of the account now
    assert language("/account?ui_locales=nl", **{"Accept-Language": "fr"}) == "it"
    member.press("/account/logout")
    assert language("/login", **{"Accept-Language": "fr"}) == "it"  # of the cookie
    assert language("/login?ui_locales=sv+nl", **{"Accept-Language": "fr"}) == "nl"
    member.cookies = []
    assert language("/login?ui_locales=sv", **{"Accept-Language": "fr"}) == "fr"
    assert language("/login") == "en"


@SQLITE_ONLY
def test_long_tags_are_cut_before_they_are_looked_up(service, monkeypatch):
    """Each of the 60,000 parts of a tag would cost a lookup of all that is before it."""
    looked_up = []
    monkeypatch.setattr(negotiation, "_match", lambda tag: looked_up.append(len(tag)))
    long = "a-" * 30_000
    for headers in (
        {"Cookie": f"language={long}"},
        {"Cookie": f"time_zone={long}; language=de"},
        {"Accept-Language": long},
    ):
        Client(service.url).get("/users/me", headers=headers)
    Client(service.url).get(f"/users/me?ui_locales={long[:5000]}")
    assert max(looked_up) <= 35


@SQLITE_ONLY
def test_choice_on_a_page_of_the_account_is_not_lost_when_the_access_token_has_expired(member):
    member.open("/account")
    member.cookies = [cookie for cookie in member.cookies if cookie.name != "access_token"]
    page = member.send_form(to="/account/language", language="it")
    assert page.url.path == "/account"
    assert '<html lang="it"' in page.text


@SQLITE_ONLY
@pytest.mark.parametrize("tag", ["tr", "TR", "tr-TR"])
def test_default_locale(service, configure, tag):
    configure(default_locale=tag)
    client = Client(service.url)
    turkish = client.get("/users/me").json()["detail"]
    assert turkish == client.get("/users/me", headers={"Accept-Language": "tr"}).json()["detail"] != ENGLISH
    assert client.get("/users/me", headers={"Accept-Language": "en"}).json()["detail"] == ENGLISH


def test_default_locale_without_a_catalog_stops_the_start(configure):
    configure(default_locale="sv")
    assert appearance_checks.problems() == ["DEFAULT_LOCALE: there is no catalog for sv"]


@SQLITE_ONLY
@pytest.mark.parametrize("other", ['x={"a": 1}', "ü=1", "x", "a[b]=1", "my_language=fr"])
def test_cookies_of_other_applications_do_not_hide_the_choice(service, other):
    headers = {"Cookie": f"{other}; language=de".encode()}
    assert '<html lang="de"' in httpx2.get(f"{service.url}/nothing", headers={"Accept": "text/html", **headers}).text


@SQLITE_ONLY
@pytest.mark.parametrize("language", ["../../etc/passwd", "sv", "", "de\r\nSet-Cookie: x=y"], ids=repr)
def test_unknown_choice_is_rejected(reader, language):
    reader.open("/login")
    page = reader.send_form(to="/language", language=language)
    assert page.status_code == 422
    assert not reader.cookies


@SQLITE_ONLY
@pytest.mark.parametrize(
    "back",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "login", "/a b", "", "/account/../oauth/x"],
    ids=repr,
)
def test_choice_does_not_lead_elsewhere(here, reader, back):
    answer = reader._http.post(
        f"{here.url}/language", data={"language": "de", "back": back}, headers={"Origin": here.url}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


# ------------------------------------------------------------------------------------------------------------- accounts


def test_sign_up_takes_over_the_language_and_zone_of_the_browser(service, mailbox):
    body = {"email": new_email(), "username": "Alice", "password": new_password()}
    headers = {"Accept-Language": "de-AT,de;q=0.9", "Cookie": "time_zone=Europe/Vienna"}
    user = Client(service.url).post("/auth/signup", body, headers=headers).json()
    assert (user["locale"], user["time_zone"], user["picture_url"]) == ("de", "Europe/Vienna", None)


@SQLITE_ONLY
def test_email_is_in_the_language_of_the_account_and_not_of_the_request(alice, mailbox):
    alice.client.patch("/users/me", {"locale": "de-CH"})
    mark = mailbox.mark()
    french = Client(alice.service.url)
    french.post("/auth/reset-password/request", {"email": alice.email}, headers={"Accept-Language": "fr"})
    text = text_of(mailbox.wait_for(alice.email, since=mark))
    assert "Passwort" in text
    assert "password" not in text.replace("reset-password", "")


@SQLITE_ONLY
def test_first_login_sets_the_language_of_an_account_without_one(alice, mailbox):
    assert alice.me()["locale"] is None
    body = {"email": alice.email, "password": alice.password}
    Client(alice.service.url).post(
        "/auth/reset-password/request", {"email": alice.email}, headers={"Accept-Language": "fr"}
    )
    assert alice.me()["locale"] is None, "anyone can request a reset"
    Client(alice.service.url).post("/auth/login", body, headers={"Accept-Language": "it-CH"})
    Client(alice.service.url).post("/auth/login", body, headers={"Accept-Language": "ja"})
    assert alice.me()["locale"] == "it"


PROFILES = {
    "locale": {"de": "de", "DE_at": "de-AT", "zh-hans-cn": "zh-Hans-CN", "es-419": "es-419", "xx": "xx"},
    "time_zone": {"Europe/Vienna": "Europe/Vienna", "UTC": "UTC"},
    "picture_url": {"https://example.com/a.png?b=c": "https://example.com/a.png?b=c"},
}
REJECTED = {
    "locale": ["", "d", "de-", "-", "de--AT", "1", "de\n", "x" * 36, 5, "日本"],
    "time_zone": ["", "Mars/Phobos", "europe/vienna ", "../UTC", "localtime", "Factory", 3],
    "picture_url": [
        "",
        "http://example.com/a.png",
        "javascript:alert(1)",
        "https://",
        "https://a b",
        "https://u:p@example.com/",
        "https://a;sandbox",
        "https://a,b/",
        "https://[::1]/",
        "https://é.example/",
        "https://a:99999999/",
        'https://example.com/"onerror=x',
        "https://ex\x00",
        "data:image/png;base64,x",
    ],
}


def test_profile_is_changed_and_cleared(alice):
    for field, values in PROFILES.items():
        for given, stored in values.items():
            answer = alice.client.patch("/users/me", {field: given})
            assert (answer.status_code, answer.json()[field]) == (200, stored)
        assert alice.client.patch("/users/me", {"username": "Alice"}).json()[field] == stored
        assert alice.client.patch("/users/me", {field: None}).json()[field] is None


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in REJECTED.items() for value in values], ids=repr
)
def test_profile_rejects_what_no_page_could_show(alice, field, value):
    assert refusal(alice.client.patch("/users/me", {field: value})) == (422, "validation_error")
    assert alice.me()[field] is None


# ---------------------------------------------------------------------------------------------------------------- times

AT = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "zone", "written"),
    [
        ("en", "America/New_York", "Mar 14, 2026, 5:26:00\u202fAM"),
        ("de", "Europe/Vienna", "14.03.2026, 10:26:00"),
        ("de", None, "14.03.2026, 09:26:00 UTC"),
        ("ja", "Asia/Tokyo", "2026/03/14 18:26:00"),
    ],
)
def test_times_are_in_the_zone_of_the_reader(locale, zone, written):
    with reader.use(locale, zone):
        assert moments.moment(AT) == moments.moment(AT.isoformat()) == written
        assert moments.moment("2026-03-14 09:26 UTC") == "2026-03-14 09:26 UTC"  # of an older version
