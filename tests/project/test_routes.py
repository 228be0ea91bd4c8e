"""Routes are built at their first request, also if several threads make it at the same time."""

import inspect
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import fastapi.routing
import pytest
import starlette.routing
from pydantic import BaseModel

import routes
from servers import PROJECT, environment_of

STARTED = """
import main
built = [route.path for route in main.ROUTES if "dependant" in vars(route)]
assert not built, built
"""


class Answer(BaseModel):
    number: int


def endpoint() -> Answer:
    return Answer(number=1)


def test_start_builds_no_route(tmp_path):
    subprocess.run([sys.executable, "-c", STARTED], env=environment_of(tmp_path), cwd=PROJECT, check=True)


def test_route_is_built_once_for_all_threads():
    route = routes.Route("/answer", endpoint, response_model=lambda: Answer, tags=["tests"])
    with ThreadPoolExecutor(16) as threads:
        built = list(threads.map(lambda _: route.dependant, range(64)))
    assert len(set(map(id, built))) == 1
    assert (route.response_model, route.methods, route.tags) == (Answer, {"GET"}, ["tests"])


def test_attribute_that_no_route_has_is_an_error():
    route = routes.Route("/answer", endpoint)
    with pytest.raises(AttributeError, match="something"):
        route.something  # noqa: B018


def test_each_request_names_why_a_route_cannot_be_built():
    def model():
        raise LookupError("cause")

    route = routes.Route("/answer", endpoint, response_model=model)
    for _ in range(2):
        with pytest.raises(LookupError, match="cause"):
            route.app  # noqa: B018


@pytest.mark.parametrize(("path", "method"), [("/users/me", "GET"), ("/oauth2/introspect", "POST")])
def test_frequent_route_is_called_without_fastapis_search_for_parameters(path, method):
    import main

    route = next(each for each in main.ROUTES if each.path == path and method in each.methods)
    assert inspect.getmodule(route.app) is starlette.routing


def test_route_with_parameters_is_called_by_fastapi():
    async def with_parameter(number: int) -> Answer:
        return Answer(number=number)

    assert inspect.getmodule(routes.Route("/answer", with_parameter).app) is fastapi.routing
