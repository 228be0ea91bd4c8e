"""Run each test against the service directly; some also through a proxy that strips a path prefix."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from people import Client
from proxy import Proxy
from servers import InProcess


@pytest.fixture
def base_url(request: pytest.FixtureRequest, service: InProcess, configure: Callable[..., None]) -> Iterator[str]:
    """The base URL of the client."""
    if getattr(request, "param", "directly") == "directly":
        configure(public_base_url=service.url)
        yield service.url
    else:
        with closing(Proxy(service.url)) as proxy:
            configure(public_base_url=proxy.url)
            yield proxy.url


@pytest.fixture
def client(base_url: str) -> Any:
    return Client(base_url)
