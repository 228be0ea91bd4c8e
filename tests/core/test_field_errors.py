"""What a response says about an invalid field or parameter: what it must be, in the reader's language, and no value."""

import pytest

from databases import SQLITE_ONLY
from people import Client, superuser

pytestmark = SQLITE_ONLY

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def administrator(service):
    return superuser(service).client


@pytest.mark.parametrize(
    ("path", "field", "message"),
    [
        ("/admin/users?limit=201", "limit", "must be at most 200"),
        ("/admin/users?limit=0", "limit", "must be at least 1"),
        ("/admin/users?limit=ten", "limit", "must be a whole number"),
        ("/admin/users?limit=1.5", "limit", "must be a whole number"),
        ("/admin/users?is_active=maybe", "is_active", "must be true or false"),
        ("/admin/audit?since=yesterday", "since", "must be a time such as 2027-01-31T12:00:00Z"),
        ("/auth/verify?acr=aal9", "acr", "must be one of aal1, aal2"),
    ],
)
def test_parameter_is_named_with_what_it_must_be(administrator, path, field, message):
    answer = administrator.get(path)
    assert answer.status_code == 422, answer.text
    assert [(each["field"], each["message"]) for each in answer.json()["errors"]] == [(field, message)]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ("{}", "must be text"),
        ("7", "must be text"),
        (r'"\ud800"', "must be text"),
    ],
)
def test_field_of_the_wrong_type(service, sent, message):
    answer = Client(service.url).post("/auth/verify-email", content=f'{{"token": {sent}}}', headers=JSON)
    assert answer.json()["errors"] == [{"field": "token", "message": message, "code": "invalid"}]


def test_message_is_in_the_readers_language(administrator):
    answer = administrator.get("/admin/users?limit=201", headers={"Accept-Language": "de"})
    assert answer.json()["errors"][0]["message"] == "darf höchstens 200 sein"
