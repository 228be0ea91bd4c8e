"""The OpenAPI document: names, summaries, problems and examples, and that they are correct."""

import json
import re

import jsonschema_rs
import pytest

import main
from databases import SQLITE_ONLY
from routes import system
from web import error_responses


@pytest.fixture(scope="module")
def document():
    return json.loads(json.dumps(main.app.openapi()))


def operations(document):
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


@SQLITE_ONLY
def test_document_matches_the_served_routes(anonymous, document):
    assert anonymous.get("/openapi.json").json() == document
    assert document["openapi"].startswith("3.")
    assert document["info"]["version"] == system.VERSION


def test_operation_ids_are_unique(document):
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(names) == len(set(names)) >= 20
    assert operations(document)["POST /auth/signup"]["operationId"] == "auth.signup"
    assert not [name for name in names if not re.fullmatch(r"[a-z0-9]+\.[a-z_]+", name)]


def test_each_operation_has_a_description(document):
    for name, operation in operations(document).items():
        assert 5 < len(operation["summary"]) <= 80, name
        assert len(operation["description"]) > 10, name
        assert operation["tags"], name


def test_administration_parameters_are_described(document):
    for name, operation in operations(document).items():
        if "/admin/" in name:
            for parameter in operation.get("parameters", []):
                assert parameter.get("description"), (name, parameter["name"])


def test_sections_of_an_export_are_described(document):
    answer = operations(document)["GET /users/me/export"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/Export"}
    assert {"account", "sessions", "activity", "acts"} <= document["components"]["schemas"]["Export"][
        "properties"
    ].keys()


def test_legacy_routes_are_not_in_the_document(document):
    assert not [path for path in document["paths"] if path.startswith(("/api", "/balance_hub", "/change"))]


def test_problems_are_documented_as_problems(document):
    for name, operation in operations(document).items():
        for status, answer in operation["responses"].items():
            if status >= "4" and name != "GET /health/ready":
                in_oauths_form = error_responses.uses_oauth_errors(name.split(" ")[1])
                form = "application/json" if in_oauths_form else "application/problem+json"
                assert set(answer["content"]) == {form}, f"{name} {status}"
                assert answer["content"][form]["schema"] == {
                    "$ref": f"#/components/schemas/{'OAuthProblem' if in_oauths_form else 'Problem'}"
                }
                assert answer["content"][form]["examples"], name
    assert "HTTPValidationError" not in json.dumps(document)


def test_each_documented_problem_has_a_code_and_an_example(document):
    found = 0
    for operation in operations(document).values():
        for status, answer in operation["responses"].items():
            for code, example in (
                answer.get("content", {}).get("application/problem+json", {}).get("examples", {}).items()
            ):
                assert (example["value"]["code"], example["value"]["status"]) == (code, int(status))
                assert f"`{code}`" in answer["description"]
                found += 1
    assert found > 30
    required = document["components"]["schemas"]["Problem"]["required"]
    assert {"type", "title", "status", "detail", "code", "request_id"} <= set(required)


def test_operations_that_require_a_login_say_so(document):
    for name, operation in operations(document).items():
        if "/users/me" in name or "/internal" in name or "change-password" in name:
            assert operation["security"], name
            assert "401" in operation["responses"], name


def test_every_reference_resolves(document):
    for reference in set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(document))):
        assert reference in document["components"]["schemas"]


# ------------------------------------------------------------------------------------------------------------- examples


def media_of(document):
    """Return each request body and successful response, by its location."""
    for name, operation in operations(document).items():
        good = {status: answer for status, answer in operation["responses"].items() if status < "3"}
        for place, part in {"body": operation.get("requestBody", {}), **good}.items():
            for kind, media in part.get("content", {}).items():
                yield f"{name} {place} {kind}", media


def faults(document, schema, value):
    schema = {**schema, "components": document["components"]}
    return [error.message for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(value)]


def test_each_body_has_a_valid_example(document):
    for place, media in media_of(document):
        if media.get("schema") != {}:
            assert "example" in media, place
            assert not faults(document, media.get("schema", {}), media["example"]), place


def test_examples_use_reserved_domains(document):
    shown = json.dumps([media.get("example") for _, media in media_of(document)])
    addresses = set(re.findall(r"[\w.]+@[\w.]+", shown))
    assert {"alice@example.com", "alice@new.example.com"} == addresses


def test_each_path_can_be_tried_unchanged(document):
    for name, operation in operations(document).items():
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert parameter["example"], name


def test_example_of_bad_input_names_a_field_of_the_request(document):
    for name, operation in operations(document).items():
        sent = [parameter["name"] for parameter in operation.get("parameters", [])]
        for media in operation.get("requestBody", {}).get("content", {}).values():
            sent += media["example"]
        for example in operation["responses"].get("422", {"content": {}})["content"].get("application/problem+json", {}).get("examples", {}).values():  # fmt: skip
            assert {error["field"] for error in example["value"]["errors"]} <= set(sent), name


def test_each_tag_has_a_description(document):
    used = {tag for operation in operations(document).values() for tag in operation["tags"]}
    assert {tag["name"] for tag in document["tags"]} == used
    assert all(tag["description"] for tag in document["tags"])


@SQLITE_ONLY
def test_documented_login_authorizes_a_request(alice, anonymous, document):
    """Log in as the Authorize button of /docs does."""
    flow = document["components"]["securitySchemes"]["Password"]["flows"]["password"]
    form = {"grant_type": "password", "username": alice.email, "password": alice.password}
    answer = anonymous.post(flow["tokenUrl"], data=form)
    assert answer.json()["token_type"] == "bearer"
    shown = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert anonymous.get("/users/me", headers=shown).json() == alice.me()
