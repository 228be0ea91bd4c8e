"""Run each test against the service directly, and through a proxy that strips a path prefix."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from people import Client
from proxy import Proxy
from servers import InProcess


@pytest.fixture(params=["directly", "through a proxy"])
def base_url(request: pytest.FixtureRequest, service: InProcess, configure: Callable[..., None]) -> Iterator[str]:
    """The base URL of the client."""
    with closing(Proxy(service.url)) as proxy:
        url = proxy.url if request.param == "through a proxy" else service.url
        configure(public_base_url=url)
        yield url


@pytest.fixture
def client(base_url: str) -> Any:
    return Client(base_url)
