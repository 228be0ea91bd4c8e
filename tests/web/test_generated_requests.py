"""Generated requests to every endpoint of the OpenAPI document; `bench/hostile.py` continues for hours."""

import pytest

import generated
import main
from databases import POSTGRESQL_ONLY
from people import Person
from settings.loading import settings

OPERATIONS = generated.operations(main.app.openapi())
EXAMPLES = 2


@pytest.fixture(scope="module")
def crowd(service):
    """Users to act as: a user that a request deletes is replaced by the next."""
    return (person for person in iter(lambda: Person(service, "alice"), None) if person.sign_up().status_code == 201)


@POSTGRESQL_ONLY
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_gets_a_response_and_never_a_5xx(crowd, name):
    answers = []
    token = settings.internal_service_token[0]
    generated.send(OPERATIONS[name], next(crowd), token, EXAMPLES, random=False, seen=answers.append)
    assert answers
    for answer in answers:
        where = f"{answer.request.method} {answer.request.url} -> {answer.status_code} {answer.text[:300]}"
        assert answer.status_code < 500, where
        assert "x-request-id" in answer.headers, where
        if answer.status_code >= 400 and "/auth/token" not in name and "/oauth2" not in name:
            assert {"code", "detail", "request_id"} <= answer.json().keys(), where
