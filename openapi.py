"""The OpenAPI document: what FastAPI derives from the routes, with our errors in place of its own."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import errors
import rate_limits
import schemas

OF_ANY_INPUT = (errors.ValidationFailed,)
OF_ANY_BODY = (errors.MalformedRequest, errors.BodyTooLarge, errors.UnsupportedMediaType)
WITHOUT_DATABASE = {"system"}  # by tag


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The document with a summary for each operation (its first sentence), and each problem that it may answer."""
    for path, method, operation in _operations(document):
        operation["summary"] = operation["description"].partition(".")[0].partition("\n")[0]
        responses = operation["responses"]
        if "HTTPValidationError" in str(responses.get("422")):
            del responses["422"]
            _add(responses, OF_ANY_INPUT)
        if "requestBody" in operation:
            _add(responses, OF_ANY_BODY)
        if path not in rate_limits.UNLIMITED:
            _add(responses, (errors.RateLimited,))
        if {"Bearer": []} in operation.get("security", []) and "401" not in responses:
            operation["security"].append({})  # a login is welcome, and not needed
        if "Bearer" in str(operation.get("security")) and method not in ("get", "head"):
            _add(responses, (errors.CrossSiteRequest,))  # the same call may show its token in a cookie
        if not WITHOUT_DATABASE & set(operation["tags"]):
            _add(responses, (errors.Unavailable,))
    _add_other_ways(document)
    named = document["components"]["schemas"]
    for theirs in ("HTTPValidationError", "ValidationError"):
        named.pop(theirs, None)
    named |= {"Problem": schemas.problem_schema(), "FieldError": schemas.FieldError.model_json_schema()}
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _add(responses: dict[str, Any], refusals: tuple[type[errors.Refusal], ...]) -> None:
    """Document these refusals beside those that the route names itself."""
    for status, answer in documented(*refusals).items():
        there = responses.setdefault(str(status), answer)
        if there is not answer:
            there["description"] += f" {answer['description']}"
            there["content"][errors.MEDIA_TYPE]["examples"] |= answer["content"][errors.MEDIA_TYPE]["examples"]


def documented(*refusals: type[errors.Refusal]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route for the OpenAPI document: by status, which codes it may answer."""
    by_status: dict[int, list[type[errors.Refusal]]] = {}
    for refusal in refusals:
        by_status.setdefault(refusal.status, []).append(refusal)
    return {
        status: {
            "description": " ".join(f"`{r.code}`: {r.detail}" for r in rs),
            "content": {
                errors.MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {r.code: {"value": _example(r)} for r in rs},
                }
            },
        }
        for status, rs in by_status.items()
    }


def _example(refusal: type[errors.Refusal]) -> dict[str, Any]:
    return {
        "type": f"urn:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "request_id": "0198c7f2a1b34f5d9e0f7a1c2d3e4f50",
    } | ({"errors": [{"field": "email", "message": "is missing"}]} if refusal.status == 422 else {})


# Other ways to show the same: the first makes the Authorize button of /docs ask for address and password.
OTHER_WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "Bearer": (
        "Password",
        {
            "type": "oauth2",
            "flows": {"password": {"scopes": {}, "tokenUrl": "/auth/token", "refreshUrl": "/auth/token"}},
        },
    ),
    "ServiceBearer": (
        "ServiceToken",
        {
            "type": "apiKey",
            "in": "header",
            "name": "X-Service-Token",
            "description": "The same, as a header of its own.",
        },
    ),
}


def _add_other_ways(document: dict[str, Any]) -> None:
    for scheme, (name, described_as) in OTHER_WAYS.items():
        document["components"]["securitySchemes"][name] = described_as
        for _, _, operation in _operations(document):
            ways = operation.get("security", [])
            if {scheme: []} in ways:
                ways.insert(ways.index({scheme: []}) + 1, {name: []})
