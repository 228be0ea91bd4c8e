"""Cookie mode: a browser that never holds a token in JavaScript."""

from http.cookies import SimpleCookie

import pytest

from people import Client, Person, refusal
from settings.loading import settings

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
    """Keeps cookies, and sends them with whatever page it shows."""

    def __init__(self, service, prefix=""):
        super().__init__(service.url, headers=ORIGIN)
        self.prefix = prefix

    def logs_in(self, person: Person):
        return self.post(
            f"{self.prefix}/auth/login?use_cookies=true", {"email": person.email, "password": person.password}
        )

    @property
    def jar(self) -> dict[str, str]:
        return {cookie.name: cookie.value for cookie in self._http.cookies.jar}


@pytest.fixture
def browser(service, alice):
    browser = Browser(service)
    assert browser.logs_in(alice).status_code == 200
    return browser


def cookies_of(response):
    jar = SimpleCookie()
    for line in response.headers.get_list("set-cookie"):
        jar.load(line)
    return jar


def test_the_tokens_are_where_no_script_reads_them(service, alice):
    answer = Browser(service).logs_in(alice)
    cookies = cookies_of(answer)
    assert answer.json()["user_id"] == alice.user_id
    assert not {"access_token", "refresh_token"} & answer.json().keys()
    assert {name: cookies[name]["path"] for name in cookies} == {"access_token": "/", "refresh_token": "/auth"}
    assert all((c["httponly"], c["samesite"], c["domain"]) == (True, "lax", "") for c in cookies.values())


def test_the_cookies_open_the_door(browser, alice):
    assert browser.get("/users/me").json()["user_id"] == alice.user_id


def test_signing_up_with_cookies(service):
    browser, bob = Browser(service), Person(service, "bob")
    answer = browser.post("/auth/signup?use_cookies=true", {"email": bob.email, "password": bob.password})
    assert answer.status_code == 201
    assert not {"access_token", "refresh_token"} & answer.json().keys()
    assert browser.get("/users/me").json()["email"] == bob.email


def test_a_token_that_came_in_a_cookie_is_renewed_in_a_cookie(browser):
    before = browser.jar
    answer = browser.post("/auth/refresh")
    assert answer.status_code == 200
    assert not {"access_token", "refresh_token"} & answer.json().keys()
    assert all(browser.jar[name] != before[name] for name in ("access_token", "refresh_token"))
    assert browser.get("/users/me").status_code == 200


def test_logging_out_takes_the_cookies_away(browser, alice):
    stolen = Client(browser.url, headers={"Cookie": f"access_token={browser.jar['access_token']}"})
    assert stolen.get("/users/me").status_code == 200
    assert browser.post("/auth/logout").status_code == 204
    assert browser.jar == {}
    assert refusal(stolen.get("/users/me")) == (401, "not_authenticated")
    assert alice.is_in()


def test_the_refresh_cookie_logs_out_when_the_access_token_has_expired(browser, clock):
    clock.shift(16 * 60)
    assert browser.get("/users/me").status_code == 401
    assert browser.post("/auth/logout").status_code == 204
    assert browser.jar == {}


@pytest.mark.parametrize("path", ["/auth/logout", "/auth/logout-all"])
def test_the_cookies_of_a_dead_session_can_be_taken_away(browser, alice, path):
    assert alice.client.post("/auth/logout-all").status_code == 204
    assert browser.get("/users/me").status_code == 401
    assert browser.post(path).status_code == 204
    assert browser.jar == {}


def test_a_foreign_page_does_not_take_the_cookies_of_a_dead_session_away(browser, alice, mallory):
    assert mallory.signs_up().status_code == 201
    assert alice.client.post("/auth/logout-all").status_code == 204
    browser.headers = {"Origin": "https://evil.example"}
    answer = browser.post("/auth/logout", {"refresh_token": mallory.tokens["refresh_token"]})
    assert refusal(answer) == (403, "cross_site_request")
    assert browser.jar.keys() == {"access_token", "refresh_token"}


@pytest.mark.parametrize("headers", STRANGERS, ids=str)
def test_a_foreign_page_changes_nothing(browser, alice, headers):
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
    assert alice.is_in()


@pytest.mark.parametrize("headers", STRANGERS, ids=str)
@pytest.mark.parametrize("path", ["/auth/login", "/auth/signup", "/auth/refresh"])
def test_a_foreign_page_logs_nobody_in(service, alice, path, headers):
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
def test_our_own_page_may(browser, headers):
    browser.headers = headers
    assert browser.patch("/users/me", {"username": "Renamed"}).json()["username"] == "Renamed"


def test_a_bearer_needs_no_origin(alice):
    alice.client.headers = {"Origin": "https://elsewhere.example"}
    assert alice.client.patch("/users/me", {"username": "Mobile"}).status_code == 200


def test_no_cookie_is_set_unless_asked_for(alice):
    assert "set-cookie" not in alice.logs_in().headers
    assert "set-cookie" not in alice.refreshes().headers


def test_the_refresh_cookie_stays_under_the_prefix_that_was_called(service, alice):
    browser = Browser(service, prefix="/api/v1")
    assert cookies_of(browser.logs_in(alice))["refresh_token"]["path"] == "/api/v1/auth"
    assert browser.post("/api/v1/auth/refresh").status_code == 200


def test_the_cookies_are_secure_everywhere_but_on_this_machine(service, alice, configure):
    assert not any(cookie["secure"] for cookie in cookies_of(Browser(service).logs_in(alice)).values())
    configure(public_base_url="https://accounts.example.com/base")
    cookies = cookies_of(Browser(service).logs_in(alice))
    assert all(cookie["secure"] for cookie in cookies.values())
    assert cookies["refresh_token"]["path"] == "/base/auth"
