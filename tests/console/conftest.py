"""Administrators with a browser, each with the roles that a test needs."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

import tables
from people import with_roles
from reader import Reader

CONSOLE = "/admin/console"


class Administrator(Reader):
    """A reader of the console."""

    def console(self, path: str = "") -> Any:
        return self.open(f"{CONSOLE}{path}")

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form from a page of the service, also one that no page shows."""
        origin = {"Origin": self.service.url}
        url = f"{self.service.url}{CONSOLE}{path}"
        answer = self._sends("POST", url, [self.service.url], navigates=True, headers=origin, data=fields)
        self.page = self.open(answer.headers["location"]) if answer.status_code == 303 else answer
        return self.page


@pytest.fixture
def logs_in(here: Any) -> Iterator[Callable[[Any], Administrator]]:
    """logs_in(root): the user of this account, logged in with a browser."""
    with ExitStack() as open_ones:

        def log_in(person: Any) -> Administrator:
            browser = open_ones.enter_context(closing(Administrator(here, person.name.lower())))
            browser.email, browser.password = person.email, person.password
            browser.open("/login")
            assert browser.send_form(email=person.email, password=person.password).url.path == "/account"
            return browser

        yield log_in


@pytest.fixture
def admin(logs_in: Callable[[Any], Administrator], root: Any) -> Administrator:
    """The superuser, with a browser."""
    return logs_in(root)


@pytest.fixture
def helper(service: Any, root: Any, logs_in: Callable[[Any], Administrator]) -> Callable[..., Administrator]:
    """helper("users:read"): an administrator with exactly these permissions."""

    def create(*permissions: str) -> Administrator:
        role = f"role-{secrets.token_hex(5)}"
        answer = root.client.post("/admin/roles", {"name": role, "permissions": list(permissions)})
        assert answer.status_code == 201, answer.text
        person = with_roles(service, root, "helper", "user", role)
        tables.mark_verified(person)
        return logs_in(person)

    return create
