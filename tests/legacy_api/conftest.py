"""Each story is told to the service itself, and through a proxy that takes a prefix off."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from people import Client
from proxy import Proxy
from servers import InProcess


@pytest.fixture(params=["directly", "through a proxy"])
def door(request: pytest.FixtureRequest, service: InProcess, configure: Callable[..., None]) -> Iterator[str]:
    """The address that a client has."""
    with closing(Proxy(service.url)) as proxy:
        url = proxy.url if request.param == "through a proxy" else service.url
        configure(public_base_url=url)
        yield url


@pytest.fixture
def client(door: str) -> Any:
    return Client(door)
