"""A service that is an OAuth provider, and applications that use it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from oauth_application import Application, register
from people import superuser
from reader import Reader


@pytest.fixture
def owner(oidc: Any) -> Any:
    """The superuser, who registers applications."""
    return superuser(oidc)


@pytest.fixture
def connects(oidc: Any, owner: Any) -> Callable[..., Application]:
    """connects(type="public"): an application with a new client."""
    return lambda key=None, **fields: Application(oidc, register(owner, **fields), key=key)


@pytest.fixture
def printer(connects: Callable[..., Application]) -> Application:
    """A confidential client of a third party."""
    return connects()


@pytest.fixture
def joins(oidc: Any, configure: Callable[..., None]) -> Iterator[Callable[..., Reader]]:
    """joins("bob"): a new user, logged out, with a browser. `person` has the tokens of another device."""
    configure(email_verification="off")
    with ExitStack() as browsers:

        def join(name: str = "alice") -> Reader:
            browser = browsers.enter_context(closing(Reader(oidc, name)))
            assert browser.sign_up().url.path == "/account"
            browser.cookies = []
            return browser

        yield join


@pytest.fixture
def alice(joins: Callable[..., Reader]) -> Reader:
    return joins("alice")
