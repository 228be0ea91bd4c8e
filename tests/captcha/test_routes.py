"""Every way to sign up, log in with a password, or request an email, with CAPTCHAs on. The ways are found in the routes."""

import ast
import json
from collections.abc import Callable
from typing import Any

import pytest

from authenticator import Passkey
from captchas import new_token
from databases import SQLITE_ONLY
from legacy_api.legacy_routes import LEGACY_ROUTES
from people import Client, Person, new_email, new_password, refusal
from servers import PROJECT

# What each service function does that a bot would want.
WANTED = {
    "registration.sign_up": "signup",
    "passkey_sign_up.sign_up": "signup",
    "password_changes.request_reset": "reset",
    "magic_links.request": "magic-link",
    "auth.log_in": "login",
    "auth.grant": "login",
}


def routes_that_bots_want() -> dict[str, str]:
    """Return the action of each route, by the service function that its source calls."""
    found = {}
    for path in (PROJECT / "routes").glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and function.decorator_list:
                calls = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
                found |= {f"{path.stem}.{function.name}": WANTED[call] for call in calls & WANTED.keys()}
    return found


def guarded_routes() -> dict[str, str]:
    """Return the action in the decorator of each route that has one."""
    found = {}
    for path in (PROJECT / "routes").glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            for decorator in getattr(function, "decorator_list", []):
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "bots.guarded":
                    found[f"{path.stem}.{function.name}"] = ast.literal_eval(decorator.args[0])
    return found


def test_each_route_that_bots_want_is_guarded():
    assert guarded_routes() == routes_that_bots_want()
    assert set(guarded_routes().values()) == {"signup", "reset", "magic-link", "login"}


def test_guard_runs_before_everything_else_of_a_route():
    """Otherwise a request without a token could use up the emails of an account, or the hashing queue."""
    for path in (PROJECT / "routes").glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            names = [ast.unparse(each).partition("(")[0] for each in getattr(function, "decorator_list", [])]
            if "bots.guarded" in names:
                assert all(name.startswith(("router.", "sign_up.")) for name in names[: names.index("bots.guarded")]), (
                    function.name
                )


# ------------------------------------------------------------------------------------------------- each way over HTTP


def by_passkey(service: Any, token: str | None) -> Any:
    client = Client(service.url)
    begun = client.post("/auth/passkeys/signup/options", {"email": new_email()}).json()
    body = {"ceremony": begun["ceremony"], "credential": Passkey().create(begun["options"]), "captcha_token": token}
    return client.post("/auth/passkeys/signup", body)


def by_page(path: str, to: str) -> Callable[[Any, str | None], Any]:
    def send(service: Any, token: str | None) -> Any:
        form = {"email": new_email(), "password": new_password(), "captcha_token": token or ""}
        headers = {"Origin": service.url, "Accept": "text/html"}
        return Client(service.url)._http.post(to, data=form, headers=headers)

    return send


def by_passkey_page(service: Any, token: str | None) -> Any:
    begun = Client(service.url).post("/auth/passkeys/signup/options", {"email": new_email()}).json()
    credential = json.dumps(Passkey().create(begun["options"]))
    form = {"ceremony": begun["ceremony"], "credential": credential, "captcha_token": token or ""}
    headers = {"Origin": service.url, "Accept": "text/html"}
    return Client(service.url)._http.post("/signup/passkey/new", data=form, headers=headers)


def by_json(path: str, **body: Any) -> Callable[[Any, str | None], Any]:
    def send(service: Any, token: str | None) -> Any:
        person = {"email": new_email(), "password": new_password()}
        return Client(service.url).post(path, {**person, **body, "captcha_token": token})

    return send


def by_query(path: str) -> Callable[[Any, str | None], Any]:
    return lambda service, token: Client(service.url).post(
        path, params={"email": new_email(), **({"captcha_token": token} if token else {})}
    )


WAYS: dict[str, Callable[[Any, str | None], Any]] = {
    "auth.signup": by_json("/auth/signup"),
    "passwordless.sign_up_with_passkey": by_passkey,
    "auth.request_password_reset": by_json("/auth/reset-password/request"),
    "passwordless.request_magic_link": by_json("/auth/magic-link"),
    "hosted_pages.sign_up": by_page("/signup", "/signup"),
    "hosted_passwordless.sign_up_with_passkey": by_passkey_page,
    "hosted_pages.request_password_reset": by_page("/reset-password", "/reset-password/request"),
    "hosted_passwordless.request_magic_link": by_page("/login/magic-link", "/login/magic-link"),
    **{
        f"{row.method} {row.path}": by_query(row.path) if row.build_body else by_json(row.path)
        for row in LEGACY_ROUTES
        if row.route in ("auth.signup", "auth.request_password_reset")
    },
}
LOGINS = {"auth.login", "auth.token", "hosted_pages.log_in"}


def test_each_guarded_route_is_in_this_table():
    assert guarded_routes().keys() - LOGINS == {name for name in WAYS if " " not in name}


@SQLITE_ONLY
@pytest.mark.parametrize("way", WAYS)
def test_way_needs_a_token(here, configure, way):
    configure(captcha_provider="altcha", password_optional=True, email_verification="optional")
    for token in (None, "made up"):
        answer = WAYS[way](here, token)
        assert answer.status_code == 403, answer.text
        assert "captcha" in answer.text
    assert WAYS[way](here, new_token(here.url)).status_code in (201, 202, 303)


# --------------------------------------------------------------------------------------------------------------- logins


def wrong(service, email, path="/auth/login", ip="203.0.113.1", **more):
    client = Client(service.url, headers={"X-Forwarded-For": ip})
    if path == "/auth/token":
        form = {"grant_type": "password", "username": email, "password": new_password(), **more}
        return client.post(path, data=form)
    return client.post(path, {"email": email, "password": new_password(), **more})


@pytest.fixture
def at_login(service, configure):
    configure(captcha_provider="altcha", captcha_on=("login",))


@pytest.mark.parametrize("path", ["/auth/login", "/balance_hub/auth/login", "/auth/token"])
def test_account_needs_a_token_after_three_failures(service, alice, at_login, path):
    for n, email in enumerate((alice.email, new_email())):  # the same with and without an account
        answers = [wrong(service, email, path, ip=f"198.51.{n}.{i}") for i in range(4)]
        assert [answer.status_code for answer in answers[:3]] == [400 if path == "/auth/token" else 401] * 3
        assert answers[3].status_code == 403
        assert answers[3].json()["provider"] == "altcha"
        assert answers[3].json()["error" if path == "/auth/token" else "code"] == "captcha_required"
    token = new_token(service.url)
    with_token = wrong(service, alice.email, path, password=alice.password, captcha_token=token)
    assert with_token.status_code == 200
    assert wrong(service, alice.email, path, password=alice.password).status_code == 200  # the success reset it


@SQLITE_ONLY
def test_address_needs_a_token_after_three_failures(service, alice, at_login, clock):
    ip = "2001:db8:7::1"
    for _ in range(3):
        assert wrong(service, new_email(), ip=ip).status_code == 401
    assert refusal(wrong(service, alice.email, ip="2001:db8:7::2", password=alice.password)) == (403, "captcha_required")  # fmt: skip
    assert wrong(service, alice.email, ip="2001:db8:8::1", password=alice.password).status_code == 200
    clock.shift(25 * 3600)
    assert wrong(service, alice.email, ip=ip, password=alice.password).status_code == 200


@SQLITE_ONLY
def test_login_without_failures_needs_no_token(service, at_login):
    carol = Person(service, "carol", **{"X-Forwarded-For": "203.0.113.40"})
    assert carol.sign_up().status_code == 201
    assert carol.log_in().status_code == 200
    assert wrong(service, "", path="/auth/token", grant_type="refresh_token").status_code == 400


@SQLITE_ONLY
def test_failures_of_addresses_are_not_counted_while_it_is_off(service, configure):
    for _ in range(3):
        wrong(service, new_email(), ip="203.0.113.77")
    configure(captcha_provider="altcha", captcha_on=("login",))
    assert wrong(service, new_email(), ip="203.0.113.77").status_code == 401
