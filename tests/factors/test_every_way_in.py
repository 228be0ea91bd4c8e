"""Every way to log in, with every state of factors. The ways are found in the routes: a new one fails until it is here."""

import ast
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

import tables
from authenticator import App, Passkey, add_app, add_passkey, log_in_with, second_step
from browser import FRONTEND, Visitor, query_of
from databases import SQLITE_ONLY
from emailed_login import EmailedLogin
from legacy_api.legacy_routes import BALANCE_HUB, LEGACY_ROUTES
from people import Client, Person, code_in
from servers import PROJECT

SENDS_TOKENS = {
    "_callback_response",
    "carrier.deliver",
    "cookies.set_tokens",
    "rendering.log_in",
    "rendering.renew_cookies",
}
# They complete a login that is tested here, continue a session, or create the account.
NO_LOGIN = {
    "auth.logout",  # returns from an impersonation, with the refresh token
    "auth.refresh", "auth.signup", "factors.complete_login", "hosted_factors.complete_login",
    "hosted_pages.continue_login", "passwordless.sign_up_with_passkey",
}  # fmt: skip


class Attempt(NamedTuple):
    """A user who logs in, with the token of a trusted device or none, and with a passkey or none."""

    person: Person
    visitor: Visitor
    device: str | None
    passkey: Passkey | None

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return Client(self.person.service.url).post(path, body | {"device_token": self.device})

    @property
    def credentials(self) -> dict[str, str]:
        return {"email": self.person.email, "password": self.person.password}


def by_form(attempt: Attempt) -> Any:
    form = {"grant_type": "password", "username": attempt.person.email, "password": attempt.person.password}
    form |= {"device_token": attempt.device} if attempt.device else {}
    return Client(attempt.person.service.url).post("/auth/token", data=form)


def by_page(attempt: Attempt) -> Any:
    url = f"{attempt.person.service.url}/login"
    if attempt.device:
        attempt.visitor.keep("trusted_device", attempt.device)
    return attempt.visitor.submit(attempt.visitor.get(url), until=lambda response: True, **attempt.credentials)


def by_passkey_page(attempt: Attempt) -> Any:
    url, visitor = attempt.person.service.url, attempt.visitor
    begun = Client(url).post("/auth/passkeys/options").json()
    form = {"ceremony": begun["ceremony"], "credential": json.dumps(attempt.passkey.get(begun["options"]))}
    return visitor._sends("POST", f"{url}/login/passkey", [url], navigates=True, data=form, headers={"Origin": url})


def by_provider(name: str) -> Callable[[Attempt], Any]:
    def log_in(attempt: Attempt) -> Any:
        if attempt.device:
            attempt.visitor.keep("trusted_device", attempt.device)
        return attempt.visitor.log_in_with(name)

    return log_in


def by_exchange(attempt: Attempt) -> Any:
    landed = attempt.visitor.log_in_with("google", redirect_to=f"{FRONTEND}/signed-in")
    return attempt.post("/oauth/exchange", {"code": query_of(landed)["code"]})


def by_exchange_after_cookies(attempt: Attempt) -> Any:
    landed = attempt.visitor.log_in_with("google", redirect_to=f"{FRONTEND}/signed-in", use_cookies="true")
    found = query_of(landed)
    return attempt.post("/oauth/exchange", {"code": found["code"]}) if "code" in found else landed


def by_emailed_link(attempt: Attempt) -> Any:
    asked = EmailedLogin(attempt.person.service, attempt.person.email)
    return asked.by_link(device_token=attempt.device)


def by_emailed_page(attempt: Attempt) -> Any:
    service, visitor = attempt.person.service, attempt.visitor
    if attempt.device:
        visitor.keep("trusted_device", attempt.device)
    mark = service.mailbox.mark()
    page = visitor.submit(visitor.get(f"{service.url}/login/magic-link"), email=attempt.person.email)
    mail = service.mailbox.wait_for(attempt.person.email, since=mark, containing="/magic-link")
    return visitor.submit(page, until=lambda response: True, email=attempt.person.email, code=code_in(mail))


def by_emailed_code(attempt: Attempt) -> Any:
    asked = EmailedLogin(attempt.person.service, attempt.person.email)
    return asked.by_code(device_token=attempt.device)


WAYS: dict[str, Callable[[Attempt], Any]] = {
    "auth.login": lambda attempt: attempt.post("/auth/login", attempt.credentials),
    "auth.login, legacy": lambda attempt: attempt.post(f"{BALANCE_HUB}/auth/login", attempt.credentials),
    "auth.token": by_form,
    "hosted_pages.log_in": by_page,
    "oauth.callback": by_provider("google"),
    "oauth.posted_callback": by_provider("apple"),
    "oauth.exchange": by_exchange,
    "oauth.exchange, with cookies": by_exchange_after_cookies,
    "passwordless.confirm_magic_link": by_emailed_link,
    "passwordless.confirm_magic_link, with the code": by_emailed_code,
    "hosted_passwordless.confirm_magic_link": by_emailed_page,
    "factors.log_in_with_passkey": lambda attempt: log_in_with(attempt.person, attempt.passkey),
    "hosted_factors.log_in_with_passkey": by_passkey_page,
}
WITH_A_PASSKEY = ("factors.log_in_with_passkey", "hosted_factors.log_in_with_passkey")


def login_routes() -> set[str]:
    """Return the route functions that send tokens, as their source or their annotation says."""
    found = set()
    for path in (PROJECT / "routes").glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.decorator_list:
                calls = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
                returns = ast.unparse(function.returns) if function.returns else ""
                if calls & SENDS_TOKENS or returns.endswith(("Tokens", "LoggedIn")):
                    found.add(f"{path.stem}.{function.name}")
    return found


def test_each_login_route_is_in_this_table():
    ways = {name.partition(",")[0] for name in WAYS}
    assert login_routes() == ways | NO_LOGIN
    assert {row.route for row in LEGACY_ROUTES} & ways == {"auth.login"}


# ------------------------------------------------------------------------------------------------------ states of factors


def unconfirmed(person: Person) -> None:
    assert person.client.post("/users/me/factors/totp", {}).status_code == 201


def trusted(person: Person) -> str:
    app: App = add_app(person)
    return second_step(person, code=app.at(1), remember_device=True).json()["device_token"]


# What sets up the state, whether the password or a provider alone logs in, and whether the passkey does, if there is one.
STATES: dict[str, tuple[Callable[[Person], Any], bool, bool | None]] = {
    "none": (lambda _person: None, True, None),
    "an unconfirmed app": (unconfirmed, True, None),
    "an app": (add_app, False, None),
    "a passkey": (add_passkey, False, True),
    "a key that verifies no one": (lambda person: add_passkey(person, Passkey(verifies=False)), False, False),
    "a trusted device": (trusted, True, None),
}


def is_logged_in(answer: Any, visitor: Visitor) -> bool:
    """Return whether the login sent tokens; otherwise it must have asked for the second factor."""
    if visitor.cookie("access_token") or "access_token" in answer.text:
        return True
    asked = "mfa_required" in answer.text or "/login/second-step" in answer.headers.get("location", "")
    assert asked, f"{answer.status_code} {answer.text[:300]}"
    return False


@SQLITE_ONLY
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", WAYS)
def test_way_in(alice, sign_in_with, visitor, configure, way, state):
    set_up, enters, passkey_enters = STATES[state]
    if way in WITH_A_PASSKEY and passkey_enters is None:
        pytest.skip("there is no passkey")
    if way.startswith("oauth"):
        provider = "apple" if way == "oauth.posted_callback" else "google"
        sign_in_with(provider).new_person(email=alice.email, email_verified=True)
    else:
        configure(public_base_url=alice.service.url)
    found = set_up(alice)
    device, passkey = (found if isinstance(found, str) else None), (found if isinstance(found, Passkey) else None)
    before = tables.sessions_of(alice.user_id)
    # A browser does not send the cookie with a form that another site posts.
    enters = enters and not (device and way == "oauth.posted_callback")
    entered = is_logged_in(WAYS[way](Attempt(alice, visitor, device, passkey)), visitor)
    assert entered is (passkey_enters if way in WITH_A_PASSKEY else enters)
    assert tables.sessions_of(alice.user_id) - before == int(entered)
