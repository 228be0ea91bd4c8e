"""Routes are built at their first request, also if several threads make it at the same time."""

import inspect
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import fastapi.routing
import pytest
import starlette.routing
from fastapi import Depends, Form, Header, HTTPException, Query, Response
from fastapi.testclient import TestClient
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
    notes: list[str] = []


def endpoint() -> Answer:
    return Answer(number=1)


def test_start_builds_no_route(tmp_path):
    subprocess.run([sys.executable, "-c", STARTED], env=environment_of(tmp_path), cwd=PROJECT, check=True)


PATHS = ["/other", "/things/{id}", "/things/{id}/parts", "/thing", "/things"]


def with_routes() -> tuple[fastapi.FastAPI, list[routes.Route]]:
    app, made = fastapi.FastAPI(), [routes.Route(path, endpoint, methods=["GET"]) for path in PATHS]
    app.router.routes[:] = made
    return app, made


@pytest.mark.parametrize("root", ["", "/accounts"])
def test_routes_are_found_by_how_their_paths_begin(root):
    app, _made = with_routes()
    with TestClient(app, root_path=root) as client:
        found = {path: client.get(root + path.format(id=1)).status_code for path in (*PATHS, "/things/1/others")}
    assert found == {**dict.fromkeys(PATHS, 200), "/things/1/others": 404}


def test_request_compiles_no_path_that_begins_otherwise():
    app, made = with_routes()
    with TestClient(app) as client:
        assert client.get("/things/1").status_code == 200
    assert [route.path for route in made if "path_regex" in vars(route)] == ["/things/{id}"]


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


FREQUENT = [
    ("/users/me", "GET"),
    ("/oauth2/introspect", "POST"),
    ("/auth/refresh", "POST"),
    ("/auth/login", "POST"),
    ("/auth/signup", "POST"),
]


@pytest.mark.parametrize(("path", "method"), FREQUENT)
def test_frequent_route_is_called_without_fastapis_search_for_parameters(path, method):
    import main

    route = next(each for each in main.ROUTES if each.path == path and method in each.methods)
    assert inspect.getmodule(route.app) is starlette.routing


async def required_parameter(number: int) -> Answer:
    return Answer(number=number)


async def default_that_may_change(numbers: Annotated[list[int], Query()] = [1]) -> Answer:  # noqa: B006
    return Answer(number=len(numbers))


async def header(number: Annotated[int, Header()] = 1) -> Answer:
    return Answer(number=number)


async def form(number: Annotated[int, Form()]) -> Answer:
    return Answer(number=number)


def generator():
    yield 1


async def cleanup(number: Annotated[int, Depends(generator)]) -> Answer:
    return Answer(number=number)


@pytest.mark.parametrize("endpoint", [required_parameter, default_that_may_change, header, form, cleanup])
def test_route_that_takes_more_is_called_by_fastapi(endpoint):
    assert inspect.getmodule(routes.Route("/answer", endpoint).app) is fastapi.routing


class Question(BaseModel):
    number: int


async def counted(response: Response, twice: bool = False) -> int:
    response.headers["X-Counted"] = "yes"
    return 2 if twice else 1


async def noted(response: Response) -> AsyncIterator[list[str]]:
    notes: list[str] = []
    try:
        yield notes
    except LookupError as error:
        notes.append("failed")
        response.headers["X-Notes"] = "not sent"
        raise HTTPException(404, ", ".join(notes)) from error
    notes.append("ended")


async def ask(
    times: Annotated[int, Depends(counted)],
    notes: Annotated[list[str], Depends(noted, scope="function")],
    question: Question | None = None,
) -> Answer:
    notes.append("asked")
    if question and question.number == 13:
        raise LookupError
    return Answer(number=times * (question.number if question else 10), notes=notes)


@pytest.mark.parametrize(
    ("query", "media_type", "body", "expected"),
    [
        ("", "application/json", b'{"number": 3}', (200, 3)),
        ("", "application/json; charset=utf-8", b'{"number": 3}', (200, 3)),
        ("", "application/problem+json", b'{"number": 3}', (200, 3)),
        ("", "text/plain", b'{"number": 3}', (422, None)),
        ("", "application/json", b"{", (422, None)),
        ("", "application/json", b'{"number": "three"}', (422, None)),
        ("", "application/json", b"null", (200, 10)),
        ("", "application/json", b"", (200, 10)),
        ("twice=true", "application/json", b'{"number": 3}', (200, 6)),
        ("twice=often", "application/json", b'{"number": 3}', (422, None)),
        ("", "application/json", b'{"number": 13}', (404, None)),
    ],
)
@pytest.mark.parametrize("status", [None, 201])
def test_direct_route_answers_as_fastapi_does(status, query, media_type, body, expected):
    app = fastapi.FastAPI()
    route = routes.Route("/answer", ask, methods=["POST"], status_code=status)
    assert inspect.getmodule(route.app) is starlette.routing
    app.router.routes.append(route)
    app.post("/fastapi", status_code=status)(ask)
    with TestClient(app) as client:
        sent = {"params": query, "content": body, "headers": {"Content-Type": media_type}}
        answer, of_fastapi = client.post("/answer", **sent), client.post("/fastapi", **sent)
    usual, number = expected
    assert (answer.status_code, answer.json().get("number")) == (status or usual if number else usual, number)
    assert (answer.json(), dict(answer.headers)) == (of_fastapi.json(), dict(of_fastapi.headers))
