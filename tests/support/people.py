"""The test users: Alice (verified), Bob (unverified), Mallory (the attacker), and the HTTP client that they use.

Every response passes `checked`, so tests do not repeat that no 5xx occurs, that problems have their format, or that
errors do not echo input.
"""

import re
import secrets
import ssl
import threading
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

import httpx2
from sqlalchemy import delete, select

import database
from models import Session, User
from settings.loading import settings

# One for all clients, whose requests are plain HTTP: each new one takes as long as a request.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
SPEAK_OAUTH = ("/auth/token", "/oauth2/")
SECURITY_HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY"}


def checked(response: httpx2.Response, sent: Any, allowed: Iterable[int]) -> httpx2.Response:
    where = f"{response.request.method} {response.request.url.path} -> {response.status_code} {response.text[:300]}"
    assert response.status_code < 500 or response.status_code in allowed, where
    assert response.headers["x-request-id"], where
    assert SECURITY_HEADERS.items() <= dict(response.headers).items(), where
    path = response.request.url.path
    if path.removeprefix("/api/v1").startswith(SPEAK_OAUTH) and response.status_code >= 400:
        more = {"mfa_required": {"mfa_token", "factors", "expires_in"}, "captcha_required": {"provider", "site_key"}}
        assert response.json().keys() == {"error", "error_description"} | more.get(response.json()["error"], set()), (
            where
        )
    elif response.status_code >= 400 and not path.startswith("/health"):
        problem = response.json()
        assert response.headers["content-type"] == "application/problem+json", where
        assert {"type", "title", "status", "detail", "code", "request_id"} <= problem.keys(), where
        assert (problem["status"], problem["request_id"]) == (response.status_code, response.headers["x-request-id"]), (
            where
        )
        for value in sent.values() if isinstance(sent, dict) else ():
            assert not (isinstance(value, str) and len(value) > 7 and value in response.text), (
                f"repeats what was sent: {where}"
            )
    if "access_token" in response.text or "set-cookie" in response.headers:
        assert "no-store" in response.headers["cache-control"], where
    return response


class Client:
    """An HTTP client of the service. `token` is the access token that it sends."""

    def __init__(
        self, url: str, token: str | None = None, headers: dict[str, str] | None = None, allowed: Iterable[int] = ()
    ):
        self.url, self.token, self.headers, self.allowed = url, token, headers or {}, tuple(allowed)
        self._http = httpx2.Client(base_url=url, timeout=60, trust_env=False, verify=NO_TLS)

    def _request(self, method: str, path: str, json: Any = None, **more: Any) -> httpx2.Response:
        headers = {**self.headers, **more.pop("headers", {})}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if json is not None:
            more["json"] = json
        return checked(self._http.request(method, path, headers=headers, **more), json, self.allowed)

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self._request("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> httpx2.Response:
        return self._request("POST", path, json, **more)

    def patch(self, path: str, json: Any = None, **more: Any) -> httpx2.Response:
        return self._request("PATCH", path, json, **more)

    def delete(self, path: str, json: Any = None, **more: Any) -> httpx2.Response:
        return self._request("DELETE", path, json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> httpx2.Response:
        return self._request("PUT", path, json, **more)

    def options(self, path: str, **more: Any) -> httpx2.Response:
        return self._request("OPTIONS", path, **more)


def refusal(response: httpx2.Response) -> tuple[int, str]:
    """Return status and code of a problem."""
    return response.status_code, response.json()["code"]


def new_email(name: str = "someone") -> str:
    return f"{name}-{secrets.token_hex(6)}@example.com"


def new_password() -> str:
    # Not longer: the time to estimate its strength grows with the square of its length.
    return f"horse {secrets.token_urlsafe(9)}"


class Person:
    """A user with an email address, a password and, after a sign-up or login, tokens."""

    def __init__(self, service: Any, name: str, **headers: str):
        self.service, self.name = service, name.title()
        self.email, self.password = new_email(name), new_password()
        self.client = Client(service.url, headers={"User-Agent": f"{self.name}'s browser", **headers})
        self.tokens: dict[str, Any] = {}

    @property
    def user_id(self) -> str:
        return self.tokens["user_id"]

    def sign_up(self, **changes: Any) -> httpx2.Response:
        body = {"email": self.email, "username": self.name, "password": self.password, **changes}
        return self._remember(self.client.post("/auth/signup", body))

    def log_in(self, password: str | None = None, email: str | None = None) -> httpx2.Response:
        body = {"email": email or self.email, "password": password or self.password}
        return self._remember(self.client.post("/auth/login", body))

    def _remember(self, response: httpx2.Response) -> httpx2.Response:
        if response.status_code < 300 and "access_token" in response.json():
            self.tokens = response.json()
            self.client.token = self.tokens["access_token"]
        return response

    def other_device(self, **headers: str) -> "Person":
        """The same user, logged in on another device."""
        device = Person(self.service, self.name, **{"User-Agent": f"{self.name}'s phone", **headers})
        device.email, device.password = self.email, self.password
        assert device.log_in().status_code == 200
        return device

    def refresh(self, token: str | None = None) -> httpx2.Response:
        return Client(self.service.url).post("/auth/refresh", {"refresh_token": token or self.tokens["refresh_token"]})

    def can_log_in_with(self, password: str, email: str | None = None) -> bool:
        answer = Client(self.service.url).post("/auth/login", {"email": email or self.email, "password": password})
        assert answer.status_code == 200 or refusal(answer) == (401, "invalid_credentials"), answer.text
        return answer.status_code == 200

    def is_logged_in(self) -> bool:
        """Return whether this device is still logged in, by its access token and by its refresh token."""
        by_access = self.client.get("/users/me").status_code == 200
        by_refresh = self.refresh().status_code == 200
        assert by_access == by_refresh, "the access token and the refresh token disagree"
        return by_access

    def managed(self) -> dict[str, Any]:
        """Return the account as administrators and other services see it."""
        return self.me() | {"email_proven_at": tables_proven_at(self.user_id)}

    def me(self) -> dict[str, Any]:
        answer = self.client.get("/users/me")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def request_reset(self) -> str:
        """Request a password reset, and return the token of the email."""
        mark = self.service.mailbox.mark()
        assert Client(self.service.url).post("/auth/reset-password/request", {"email": self.email}).status_code == 202
        return token_in(self.service.mailbox.wait_for(self.email, since=mark, containing="/reset-password"))

    def request_email_change(self, new_email: str) -> str:
        """Request an email change, and return the token sent to the new email address."""
        assert (
            self.client.post("/users/me/email", {"new_email": new_email, "password": self.password}).status_code == 202
        )
        return token_in(self.service.mailbox.wait_for(new_email, containing="/confirm-email-change"))

    def verification_mail(self) -> Any:
        return self.service.mailbox.wait_for(self.email, containing="/verify-email")

    def verify_email(self, token: str) -> httpx2.Response:
        return self.client.post("/auth/verify-email", {"token": token})

    def enter_code(self, code: str) -> httpx2.Response:
        return self.client.post("/auth/verify-email", {"email": self.email, "code": code})

    def set_new_password(self, token: str, password: str) -> httpx2.Response:
        """Open the link of an email in a browser without a session."""
        return Client(self.service.url).post("/auth/reset-password/confirm", {"token": token, "new_password": password})

    def change_password(self, password: str, old: str | None = None) -> httpx2.Response:
        body = {"old_password": self.password if old is None else old, "new_password": password}
        return self.client.post("/auth/change-password", body)


def tables_proven_at(user_id: str) -> str | None:
    at = database.read(select(User.email_proven_at).where(User.user_id == user_id))[0]
    return at and at.isoformat().replace("+00:00", "Z")


def superuser(service: Any) -> Person:
    """Log in as the superuser that was created at startup."""
    person = Person(service, "root")
    person.email, person.password = settings.superuser_email, settings.superuser_password
    # Hundreds of tests do so. With the maximum number of sessions, a login would end the oldest, which is an event.
    account = select(User.id).where(User.user_id == settings.superuser_user_id).scalar_subquery()
    its_sessions = select(Session.id).where(Session.account_id == account).order_by(Session.created_at.desc())
    database.write_only(delete(Session).where(Session.id.in_(its_sessions.limit(1000).offset(50))))
    assert person.log_in().status_code == 200
    return person


def with_roles(service: Any, root: Person, name: str, *roles: str) -> Person:
    """Sign up a new user and assign these roles."""
    person = Person(service, name)
    assert person.sign_up().status_code == 201
    answer = root.client.put(f"/admin/users/{person.user_id}/roles", {"roles": list(roles)})
    assert answer.json()["roles"] == sorted(roles), answer.text
    return person


# --------------------------------------------------------------------------------------------------------------- emails


def text_of(mail: Any) -> str:
    return mail.get_body(("plain",)).get_content()


def html_of(mail: Any) -> str:
    return mail.get_body(("html",)).get_content()


def link_in(mail: Any, page: str = "") -> str:
    """Return the first link of the text part that contains a token, of one page if given."""
    return next(url for url in re.findall(r"https?://\S+", text_of(mail)) if "token=" in url and page in url)


def token_in(mail: Any, page: str = "") -> str:
    return urllib.parse.parse_qs(urllib.parse.urlsplit(link_in(mail, page)).query)["token"][0]


def code_in(mail: Any) -> str:
    return re.search(r"^\s*(\d{6})\s*$", text_of(mail), re.M)[1]


def another_code(code: str, step: int = 1) -> str:
    return f"{(int(code) + step) % 1_000_000:06d}"


# -------------------------------------------------------------------------------------------------- concurrent requests


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all functions concurrently, each in its own thread, and return their results in order."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        barrier.wait(90)
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def statuses(responses: Iterable[httpx2.Response]) -> list[int]:
    return sorted(response.status_code for response in responses)
