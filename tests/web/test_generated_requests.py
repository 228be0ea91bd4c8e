"""Requests that nobody thought of, to every call in the OpenAPI document; `bench/hostile.py` goes on for hours."""

import pytest

import generated
import main
from databases import POSTGRESQL_ONLY
from people import Person
from settings.loading import settings

OPERATIONS = generated.operations(main.app.openapi())
EXAMPLES = 4


@pytest.fixture(scope="module")
def crowd(service):
    """People to act as: whoever is deleted by chance makes room for the next."""
    return (person for person in iter(lambda: Person(service, "alice"), None) if person.signs_up().status_code == 201)


@POSTGRESQL_ONLY
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_gets_an_answer_and_never_a_fault(crowd, name):
    answers = []
    token = settings.internal_service_token[0]
    generated.send(OPERATIONS[name], next(crowd), token, EXAMPLES, random=False, seen=answers.append)
    assert answers
    for answer in answers:
        where = f"{answer.request.method} {answer.request.url} -> {answer.status_code} {answer.text[:300]}"
        assert answer.status_code < 500, where
        assert "x-request-id" in answer.headers, where
        if answer.status_code >= 400 and not name.startswith(("POST /auth/token", "POST /oauth2")):
            assert {"code", "detail", "request_id"} <= answer.json().keys(), where
