"""Cookie mode: a browser session without tokens in JavaScript."""

import time
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
import sqlalchemy
from starlette.requests import Request

import database
import models
import tables
from databases import SQLITE_ONLY
from people import Client, Person, at_once, refusal, statuses
from sessions import sessions
from settings.loading import settings
from web import cookies

pytestmark = SQLITE_ONLY

ORIGIN = {"Origin": "http://localhost:3000"}
OURSELVES = [
    {"Origin": "http://localhost:8000"},
    {"Origin": "http://127.0.0.1:8000"},
    {"Origin": "http://[::1]:8000"},
    {"Sec-Fetch-Site": "same-origin"},
]
STRANGERS = [
    {"Origin": "https://localhost:8000"},
    {"Origin": "http://localhost"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "http://127.0.0.1:80000"},
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000.evil.example"},
    {"Origin": "http://localhost:30001"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Referer": "http://localhost:3000/page"},
]


class Browser(Client):
    """A browser that stores cookies and sends them with requests from any page."""

    def __init__(self, service, prefix=""):
        super().__init__(service.url, headers=ORIGIN)
        self.prefix = prefix

    def log_in(self, person: Person):
        return self.post(
            f"{self.prefix}/auth/login?use_cookies=true", {"email": person.email, "password": person.password}
        )

    @property
    def jar(self) -> dict[str, str]:
        return {cookie.name: cookie.value for cookie in self._http.cookies.jar}


@pytest.fixture
def browser(service, alice):
    browser = Browser(service)
    assert browser.log_in(alice).status_code == 200
    return browser


def cookies_of(response):
    jar = SimpleCookie()
    for line in response.headers.get_list("set-cookie"):
        jar.load(line)
    return jar


def test_tokens_are_not_readable_by_scripts(service, alice):
    answer = Browser(service).log_in(alice)
    cookies = cookies_of(answer)
    assert answer.json()["user_id"] == alice.user_id
    assert not {"access_token", "refresh_token"} & answer.json().keys()
    assert {name: cookies[name]["path"] for name in cookies} == {"access_token": "/", "refresh_token": "/auth"}
    assert all((c["httponly"], c["samesite"], c["domain"]) == (True, "lax", "") for c in cookies.values())


def test_cookies_authenticate(browser, alice):
    assert browser.get("/users/me").json()["user_id"] == alice.user_id


def test_sign_up_with_cookies(service):
    browser, bob = Browser(service), Person(service, "bob")
    answer = browser.post("/auth/signup?use_cookies=true", {"email": bob.email, "password": bob.password})
    assert answer.status_code == 201
    assert not {"access_token", "refresh_token"} & answer.json().keys()
    assert browser.get("/users/me").json()["email"] == bob.email


def test_refresh_token_from_a_cookie_is_renewed_in_a_cookie(browser):
    before = browser.jar
    answer = browser.post("/auth/refresh")
    assert answer.status_code == 200
    assert not {"access_token", "refresh_token"} & answer.json().keys()
    assert all(browser.jar[name] != before[name] for name in ("access_token", "refresh_token"))
    assert browser.get("/users/me").status_code == 200


def test_logout_removes_the_cookies(browser, alice):
    stolen = Client(browser.url, headers={"Cookie": f"access_token={browser.jar['access_token']}"})
    assert stolen.get("/users/me").status_code == 200
    assert browser.post("/auth/logout").status_code == 204
    assert browser.jar == {}
    assert refusal(stolen.get("/users/me")) == (401, "not_authenticated")
    assert alice.is_logged_in()


def test_refresh_cookie_logs_out_when_the_access_token_has_expired(browser, clock):
    clock.shift(16 * 60)
    assert browser.get("/users/me").status_code == 401
    assert browser.post("/auth/logout").status_code == 204
    assert browser.jar == {}


@pytest.mark.parametrize("path", ["/auth/logout", "/auth/logout-all"])
def test_cookies_of_an_ended_session_can_be_removed(browser, alice, path):
    assert alice.client.post("/auth/logout-all").status_code == 204
    assert browser.get("/users/me").status_code == 401
    assert browser.post(path).status_code == 204
    assert browser.jar == {}


def test_foreign_page_does_not_remove_cookies_of_an_ended_session(browser, alice, mallory):
    assert mallory.sign_up().status_code == 201
    assert alice.client.post("/auth/logout-all").status_code == 204
    browser.headers = {"Origin": "https://evil.example"}
    answer = browser.post("/auth/logout", {"refresh_token": mallory.tokens["refresh_token"]})
    assert refusal(answer) == (403, "cross_site_request")
    assert browser.jar.keys() == {"access_token", "refresh_token"}


@pytest.mark.parametrize("headers", STRANGERS, ids=str)
def test_foreign_page_changes_nothing(browser, alice, headers):
    browser.headers = headers
    for answer in (
        browser.patch("/users/me", {"username": "Mallory"}),
        browser.post("/auth/logout"),
        browser.post("/auth/logout-all"),
        browser.post("/auth/refresh"),
        browser.delete("/users/me"),
    ):
        assert refusal(answer) == (403, "cross_site_request")
    assert browser.get("/users/me").json()["username"] == "Alice"
    assert alice.is_logged_in()


@pytest.mark.parametrize("headers", STRANGERS, ids=str)
@pytest.mark.parametrize("path", ["/auth/login", "/auth/signup", "/auth/refresh"])
def test_foreign_page_logs_no_user_in(service, alice, path, headers):
    stranger, newcomer = Client(service.url, headers=headers), Person(service, "bob")
    body = {
        "/auth/login": {"email": alice.email, "password": alice.password},
        "/auth/signup": {"email": newcomer.email, "password": newcomer.password},
        "/auth/refresh": {"refresh_token": alice.tokens["refresh_token"]},
    }[path]
    answer = stranger.post(f"{path}?use_cookies=true", body)
    assert refusal(answer) == (403, "cross_site_request")
    assert "set-cookie" not in answer.headers
    assert not newcomer.can_log_in_with(newcomer.password)


@pytest.mark.parametrize("headers", [ORIGIN, {"Origin": settings.public_base_url}, *OURSELVES], ids=str)
def test_allowed_origin_can_change_data(browser, headers):
    browser.headers = headers
    assert browser.patch("/users/me", {"username": "Renamed"}).json()["username"] == "Renamed"


def test_bearer_token_needs_no_origin(alice):
    alice.client.headers = {"Origin": "https://elsewhere.example"}
    assert alice.client.patch("/users/me", {"username": "Mobile"}).status_code == 200


def test_no_cookie_is_set_unless_requested(alice):
    assert "set-cookie" not in alice.log_in().headers
    assert "set-cookie" not in alice.refresh().headers


def test_refresh_cookie_path_has_the_called_prefix(service, alice):
    browser = Browser(service, prefix="/api/v1")
    assert cookies_of(browser.log_in(alice))["refresh_token"]["path"] == "/api/v1/auth"
    assert browser.post("/api/v1/auth/refresh").status_code == 200


def test_cookies_are_secure_except_on_localhost(service, alice, configure):
    assert not any(cookie["secure"] for cookie in cookies_of(Browser(service).log_in(alice)).values())
    configure(public_base_url="https://accounts.example.com/base")
    cookies = cookies_of(Browser(service).log_in(alice))
    assert all(cookie["secure"] for cookie in cookies.values())
    assert {name: cookies[name]["path"] for name in cookies} == {
        "__Host-access_token": "/",
        "__Secure-refresh_token": "/base/auth",
    }


@pytest.fixture
def production(service, alice, configure):
    """Alice's cookies if the service is on HTTPS."""
    configure(public_base_url="https://accounts.example.com", cors_origins=(ORIGIN["Origin"],))
    cookies = cookies_of(Browser(service).log_in(alice))
    return {name: cookie.value for name, cookie in cookies.items()}


def shows(service, *cookies):
    return Client(service.url, headers={**ORIGIN, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies)})


def test_on_https_cookie_names_have_the_host_prefix(service, production):
    access, refresh = production["__Host-access_token"], production["__Secure-refresh_token"]
    assert shows(service, ("__Host-access_token", access)).get("/users/me").status_code == 200
    assert shows(service, ("access_token", access)).get("/users/me").status_code == 401
    assert shows(service, ("__Secure-access_token", access)).get("/users/me").status_code == 401
    assert shows(service, ("refresh_token", refresh)).post("/auth/refresh").status_code == 401
    assert shows(service, ("__Secure-refresh_token", refresh)).post("/auth/refresh").status_code == 200


def test_on_https_cookies_are_removed_by_the_same_names(service, production):
    answer = shows(service, *production.items()).post("/auth/logout")
    assert (answer.status_code, cookies_of(answer).keys()) == (204, production.keys())
    assert all(cookie["max-age"] == "0" and cookie["secure"] for cookie in cookies_of(answer).values())


@pytest.mark.parametrize("planted", ["first", "last", "the same"])
def test_of_two_cookies_with_one_name_neither_counts(browser, mallory, planted, service):
    """A sibling domain plants its own cookie: the victim must not continue as the attacker."""
    mallory.sign_up()
    jar = browser.jar
    for name, path, method in (("access_token", "/users/me", "get"), ("refresh_token", "/auth/refresh", "post")):
        other = jar[name] if planted == "the same" else mallory.tokens[name]
        pair = [(name, other), (name, jar[name])]
        both = shows(service, *(pair if planted == "first" else pair[::-1]))
        assert getattr(both, method)(path).status_code == 401
    assert shows(service, ("access_token", jar["access_token"])).get("/users/me").status_code == 200


def test_response_that_sets_a_cookie_is_not_cached(service, browser):
    for answer in (browser.post("/auth/refresh"), browser.post("/auth/logout")):
        assert "set-cookie" in answer.headers
        assert answer.headers.get_list("cache-control") == ["no-store"]


# ---------------------------------------------------------------------------------------- login with an existing session


def sessions_of(person):
    return [session["id"] for session in person.client.get("/users/me/sessions").json()]


def test_login_ends_the_session_whose_cookie_was_sent(browser, alice):
    before = sessions_of(alice)
    for _ in range(3):
        old = Client(browser.url, browser.jar["access_token"])
        assert browser.log_in(alice).status_code == 200
        assert old.get("/users/me").status_code == 401
    assert len(sessions_of(alice)) == len(before)
    assert alice.is_logged_in()  # on another device, without a cookie
    assert [event.action for event in tables.events(user_id=alice.user_id)].count("session.replaced") == 3


def test_login_ends_that_session_also_with_an_expired_access_token(browser, alice, clock):
    clock.shift(16 * 60)
    alice.log_in()
    before = sessions_of(alice)
    assert browser.log_in(alice).status_code == 200
    assert len(sessions_of(alice)) == len(before)


def test_login_ends_that_session_also_of_another_user(service, browser, alice, bob):
    """Bob logs in where Alice was logged in: her session in that browser ends, also for a copy of its token."""
    old = Client(browser.url, browser.jar["access_token"])
    assert browser.log_in(bob).status_code == 200
    assert old.get("/users/me").status_code == 401
    assert browser.get("/users/me").json()["email"] == bob.email
    assert alice.is_logged_in()


def test_foreign_page_or_forged_cookie_ends_no_session(service, browser, alice, mallory):
    mallory.sign_up()
    body = {"email": mallory.email, "password": mallory.password}
    for headers in ({"Origin": "https://evil.example"}, {}):
        shown = Client(service.url, headers={**headers, "Cookie": f"access_token={browser.jar['access_token']}"})
        assert shown.post("/auth/login", body).status_code == 200
    for made_up in ("x", "a.b.c", browser.jar["access_token"][:-3] + "xyz"):
        assert shows(service, ("access_token", made_up), ("refresh_token", made_up)).post("/auth/login", body).status_code == 200  # fmt: skip
    assert browser.get("/users/me").status_code == 200


def test_two_users_who_swap_browsers_do_not_deadlock(service, alice, bob):
    hers, his = Browser(service), Browser(service)
    for _ in range(3):
        assert statuses(at_once(lambda: hers.log_in(alice), lambda: his.log_in(bob))) == [200, 200]
        assert statuses(at_once(lambda: hers.log_in(bob), lambda: his.log_in(alice))) == [200, 200]


def test_account_keeps_its_newest_hundred_sessions(alice, monkeypatch):
    assert sessions.MAX_SESSIONS == 100
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 3)
    alice.log_in()
    devices = [alice.other_device() for _ in range(5)]
    assert [device.is_logged_in() for device in devices] == [False, False, True, True, True]
    assert len(sessions_of(devices[-1])) == 3
    dropped = [event.detail for event in tables.events(user_id=alice.user_id) if event.action == "session.replaced"]
    assert {"oldest": 1} in dropped


def test_excess_sessions_are_listed_within_a_limit_and_end_at_the_next_login(alice):
    account = alice.me()["id"]
    now = models.now()
    row = {"account_id": account, "refresh_counter": 0, "ip": "192.0.2.1", "user_agent": "x", "created_at": now, "last_used_at": now, "expires_at": now + timedelta(days=1), "ends_at": now + timedelta(days=1)}  # fmt: skip
    with database.transaction() as db:
        db.execute(sqlalchemy.insert(models.Session), [{"id": models.new_id(), **row} for _ in range(250)])
    assert len(sessions_of(alice)) == 100
    phone = alice.other_device()
    assert len(sessions_of(phone)) == 100
    assert database.read(sqlalchemy.select(sqlalchemy.func.count()).where(models.Session.account_id == account))[0] == 100  # fmt: skip


def test_many_cookies_cost_no_more_than_few(service):
    """As many as fit into the headers of a request: each was once compared with all the others."""
    request = Request({"type": "http", "headers": [(b"cookie", ";".join(f"{n}=" for n in range(40_000)).encode())]})
    begun = time.process_time()
    assert cookies.access_token(request) is None
    assert time.process_time() - begun < 0.5
    many = {"Cookie": ";".join(f"{number}=" for number in range(45_000))}
    assert refusal(Client(service.url).get("/users/me", headers=many)) == (431, "headers_too_large")


def test_the_cookie_is_found_among_others(service, alice):
    browser = Browser(service)
    browser.log_in(alice)
    token = browser.jar["access_token"]
    for others, status in (("a=1; ; b; =; c=access_token", 200), ("access_token=", 401)):
        sent = {"Cookie": f"{others}; access_token={token}"}
        assert Client(service.url).get("/users/me", headers=sent).status_code == status
