"""The OpenAPI document.

What FastAPI derives from the routes, with our errors in place of its own, and an example for everything.

An example is put together from the `examples` of the fields, so that it never lags behind its schema.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import errors
import schemas
from web import rate_limits

ABOUT = """Keeps people's accounts: sign-up, proof of address, login, tokens, password reset.

**Tokens.** A login answers an access token, shown as `Authorization: Bearer …`, and a refresh token for `POST
/auth/refresh`. To try the calls here, press *Authorize* and log in under *Password*. With `?use_cookies=true` both
tokens come as `HttpOnly` cookies instead, and what changes something must then come from an allowed origin.

**Errors** are `application/problem+json` (RFC 9457): `code` is for programs and stable, `detail` is a sentence for a
person, and a 422 names each field in `errors`. `/auth/token` and `/oauth2` answer in the form of RFC 6749 instead.

**Limits** show in the `RateLimit` fields; a 429 or 503 says in `Retry-After` how many seconds to wait.

Every path works under `/api/v1`, too."""
TAGS = {
    "auth": "Sign up, log in and out, prove an address, set a new password.",
    "users": "One's own account.",
    "oauth": "Sign in with a provider, and link one to an account.",
    "admin": "Accounts, roles, the trail and the figures. Each call names the permission that it needs.",
    "oauth2": "For OAuth 2 libraries, and for other services.",
    "internal": "For other services, with a service token.",
    "system": "The service itself.",
}
ENDINGS = {"200": "Done.", "201": "Made.", "202": "Accepted.", "204": "Done; there is no body."}
FORM = "application/x-www-form-urlencoded"
OF_ANY_INPUT = (errors.ValidationFailed,)
OF_ANY_BODY = (errors.MalformedRequest, errors.BodyTooLarge)
OF_ANY_JSON = (errors.UnsupportedMediaType,)
WITHOUT_DATABASE = {"system"}  # by tag
NOTHING = object()

Json = dict[str, Any]


def described(document: Json) -> Json:
    """The document with a summary for each operation (its first sentence), each problem that it may answer, and
    examples.
    """
    document["info"]["description"] = ABOUT
    document["tags"] = [{"name": name, "description": sentence} for name, sentence in TAGS.items()]
    for path, method, operation in _operations(document):
        operation["summary"] = operation["description"].partition("\n\n")[0].partition(".")[0].replace("\n", " ")
        _add_problems(path, method, operation)
        for status, response in operation["responses"].items():
            if response["description"] == "Successful Response":
                response["description"] = ENDINGS[status]
    _add_other_ways(document)
    named = document["components"]["schemas"]
    for theirs in ("HTTPValidationError", "ValidationError"):
        named.pop(theirs, None)
    named |= {
        "Problem": schemas.problem_schema(),
        "FieldError": schemas.FieldError.model_json_schema(),
        "OAuthProblem": schemas.OAuthProblem.model_json_schema(),
    }
    for _, _, operation in _operations(document):
        _add_examples(operation, named)
    return document


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


# ------------------------------------------------------------------------------------------------------------- problems


def _add_problems(path: str, method: str, operation: Json) -> None:
    responses = operation["responses"]
    if errors.uses_oauth_errors(path):
        del responses["422"]
        for refusal in (errors.BodyTooLarge, errors.RateLimited, errors.Unavailable):
            responses |= {
                str(key): answer for key, answer in documented_in_oauths_form(refusal.status, refusal).items()
            }
        return
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
        _add(responses, OF_ANY_INPUT)
    if "requestBody" in operation:
        _add(responses, OF_ANY_BODY)
        _add(responses, () if FORM in operation["requestBody"]["content"] else OF_ANY_JSON)
    if path not in rate_limits.UNLIMITED:
        _add(responses, (errors.RateLimited,))
    if {"Bearer": []} in operation.get("security", []):
        if "401" not in responses:
            operation["security"].append({})  # a login is welcome, and not needed
        if method not in ("get", "head"):
            _add(responses, (errors.CrossSiteRequest,))  # the same call may show its token in a cookie
    if not WITHOUT_DATABASE & set(operation["tags"]):
        _add(responses, (errors.Unavailable,))


def _add(responses: Json, refusals: tuple[type[errors.ServiceError], ...]) -> None:
    """Document these refusals beside those that the route names itself."""
    for status, answer in documented(*refusals).items():
        there = responses.setdefault(str(status), answer)
        if there is not answer:
            there["description"] += f" {answer['description']}"
            there["content"][errors.MEDIA_TYPE]["examples"] |= answer["content"][errors.MEDIA_TYPE]["examples"]


def documented(*refusals: type[errors.ServiceError]) -> dict[int | str, Json]:
    """The `responses` of a route for the OpenAPI document: by status, which codes it may answer."""
    by_status: dict[int, list[type[errors.ServiceError]]] = {}
    for refusal in refusals:
        by_status.setdefault(refusal.status, []).append(refusal)
    return {
        status: {
            "description": " ".join(f"`{r.code}`: {r.detail}" for r in rs),
            "content": {
                errors.MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {r.code: {"value": _problem(r)} for r in rs},
                }
            },
        }
        for status, rs in by_status.items()
    }


def says(status: int, sentence: str) -> dict[int | str, Json]:
    """What a route tells the person when all went well."""
    return {status: {"content": {"application/json": {"example": {"message": sentence}}}}}


def documented_in_oauths_form(status: int, *refusals: type[errors.ServiceError]) -> dict[int | str, Json]:
    """The same for a route that answers as RFC 6749 says (5.2)."""
    return {
        status: {
            "description": " ".join(f"`{r.oauth}`: {r.detail}" for r in refusals),
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/OAuthProblem"},
                    "examples": {
                        r.oauth: {"value": {"error": r.oauth, "error_description": r.detail}} for r in refusals
                    },
                }
            },
        }
    }


def _problem(refusal: type[errors.ServiceError]) -> Json:
    said = {"validation_error": ("email", "is missing"), "weak_password": ("password", "must be at least 8 characters")}
    return {
        "type": f"urn:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "request_id": "0198c7f2a1b34f5d9e0f7a1c2d3e4f50",
    } | ({"errors": [dict(zip(("field", "message"), said[refusal.code], strict=True))]} if refusal.code in said else {})


# ------------------------------------------------------------------------------------------------------------- examples


def _add_examples(operation: Json, named: Mapping[str, Json]) -> None:
    """Show what goes in and out, and let the field that is wrong in an example be one that is sent."""
    answers = [answer for status, answer in operation["responses"].items() if status < "3"]
    for part in filter(None, [operation.get("requestBody"), *answers]):
        for media in part.get("content", {}).values():
            if "example" not in media and (example := example_of(media["schema"], named)) is not NOTHING:
                media["example"] = example
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter["example"] = example_of(parameter["schema"], named)
    wrong = operation["responses"].get("422", {"content": {}})["content"].get(errors.MEDIA_TYPE, {}).get("examples", {})
    if field := next(iter(_fields(operation)), None):
        for example in wrong.values():
            example["value"]["errors"][0]["field"] = _sent(operation, field, example["value"]["code"])


def _sent(operation: Json, field: str, code: str) -> str:
    return field if code != "weak_password" or "password" in _fields(operation) else "new_password"


def _fields(operation: Json) -> list[str]:
    """The names of what is sent."""
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    in_the_body = [name for media in bodies for name in media.get("example", {})]
    return in_the_body + [parameter["name"] for parameter in operation.get("parameters", [])]


def example_of(schema: Json, named: Mapping[str, Json]) -> Any:
    """A value for this schema: its own example, or one put together from its parts; NOTHING where it has none."""
    if "$ref" in schema:
        return example_of(named[schema["$ref"].rpartition("/")[2]], named)
    if "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], named)
    if "properties" in schema:
        parts = {name: example_of(part, named) for name, part in schema["properties"].items()}
        return {name: part for name, part in parts.items() if part is not NOTHING}
    if "items" in schema and (item := example_of(schema["items"], named)) is not NOTHING:
        return [item]
    return schema.get("default") or schema.get("const", NOTHING)


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
