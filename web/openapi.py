"""Complete the OpenAPI document that FastAPI derives from the routes: summaries, errors and examples.

Examples are built from the `examples` of fields, so that they always match their schema.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

import errors
import schemas_service
from web import error_responses, rate_limits

ABOUT = """Authentication and user management: sign-up, email verification, login, tokens and password reset.

**Tokens.** A login returns an access token, which you send as `Authorization: Bearer …`, and a refresh token for `POST
/auth/refresh`. To try the endpoints here, press *Authorize* and log in under *Password*. With `?use_cookies=true` the
tokens are set as `HttpOnly` cookies instead; requests that change something must then come from an allowed origin.

**Errors** are `application/problem+json` (RFC 9457): `code` is stable and meant for programs, `detail` is a sentence
for users, and a 422 lists each invalid field in `errors`. `/auth/token` and `/oauth2` return errors in the form of RFC
6749 instead.

**Rate limits** are reported in the `RateLimit` header fields. With a 429 or 503, `Retry-After` is the number of seconds
to wait.

Every path also works under `/api/v1`."""
TAGS = {
    "auth": "Sign up, log in and out, verify an email address, and reset a password.",
    "users": "Manage your own account.",
    "oauth": "Log in with an OAuth provider, and link providers to an account.",
    "admin": "Manage accounts and roles, and read the audit log and statistics. Each endpoint names the permission "
    "that it requires.",
    "oauth2": "Endpoints for OAuth 2 libraries and other services.",
    "internal": "Endpoints for other services, which authenticate with a service token.",
    "system": "Health, metrics and information about the service.",
}
SUCCESS = {"200": "Success.", "201": "Created.", "202": "Accepted.", "204": "Success; there is no body."}
FORM = "application/x-www-form-urlencoded"
INPUT_ERRORS = (errors.ValidationFailed,)
BODY_ERRORS = (errors.MalformedRequest, errors.BodyTooLarge)
JSON_ERRORS = (errors.UnsupportedMediaType,)
# The operations with an `EnrollingUser`, which an account that must set up a second factor may call.
OPEN_DURING_ENROLLMENT = {
    "auth.reauthenticate",
    "auth.reauthentication_options",
    "auth.send_reauthentication_code",
    "users.begin_sms",
    "users.confirm_sms",
    "users.resend_sms",
    "users.me",
    "users.list_factors",
    "users.begin_totp",
    "users.confirm_totp",
    "users.new_passkey_options",
    "users.add_passkey",
}
WITHOUT_DATABASE = {"system"}  # by tag
MISSING = object()

Json = dict[str, Any]


def complete(document: Json) -> Json:
    """Return the document with a summary, all possible errors and examples for each operation.

    The summary is the first sentence of the description.
    """
    document["info"]["description"] = ABOUT
    document["tags"] = [{"name": name, "description": sentence} for name, sentence in TAGS.items()]
    for path, method, operation in _operations(document):
        operation["summary"] = operation["description"].partition("\n\n")[0].partition(".")[0].replace("\n", " ")
        _add_problems(path, method, operation)
        for status, response in operation["responses"].items():
            if response["description"] == "Successful Response":
                response["description"] = SUCCESS[status]
    _add_security_schemes(document)
    named = document["components"]["schemas"]
    for replaced in ("HTTPValidationError", "ValidationError"):
        named.pop(replaced, None)
    named |= {
        "Problem": schemas_service.problem_schema(),
        "FieldError": schemas_service.FieldError.model_json_schema(),
        "OAuthProblem": schemas_service.OAuthProblem.model_json_schema(),
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
    if error_responses.uses_oauth_errors(path):
        responses.pop("422", None)
        for error in (errors.BodyTooLarge, errors.RateLimited, errors.Unavailable):
            responses |= {str(key): response for key, response in documented_for_oauth(error.status, error).items()}
        return
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
        _add(responses, INPUT_ERRORS)
    if "requestBody" in operation:
        _add(responses, BODY_ERRORS)
        _add(responses, () if FORM in operation["requestBody"]["content"] else JSON_ERRORS)
    if path not in rate_limits.UNLIMITED:
        _add(responses, (errors.RateLimited,))
    if {"Bearer": []} in operation.get("security", []):
        if "401" not in responses:
            operation["security"].append({})  # authentication is optional
        elif operation["operationId"] not in OPEN_DURING_ENROLLMENT:
            _add(responses, (errors.MfaEnrolmentRequired,))
        if method not in ("get", "head"):
            _add(responses, (errors.CrossSiteRequest,))  # the token may come in a cookie
    if not WITHOUT_DATABASE & set(operation["tags"]):
        _add(responses, (errors.Unavailable,))


def _add(responses: Json, errors_: tuple[type[errors.ServiceError], ...]) -> None:
    """Document these errors in addition to those that the route declares."""
    contents = [content for response in responses.values() for content in response.get("content", {}).values()]
    declared = {code for content in contents for code in content.get("examples", {})}
    for status, response in documented(*(error for error in errors_ if error.code not in declared)).items():
        existing = responses.setdefault(str(status), response)
        if existing is not response:
            existing["description"] += f" {response['description']}"
            existing["content"][errors.MEDIA_TYPE]["examples"] |= response["content"][errors.MEDIA_TYPE]["examples"]


def documented(*errors_: type[errors.ServiceError]) -> dict[int | str, Json]:
    """Return the `responses` of a route for the OpenAPI document: the error codes by status."""
    by_status: dict[int, list[type[errors.ServiceError]]] = {}
    for error in errors_:
        by_status.setdefault(error.status, []).append(error)
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


def message_response(status: int, sentence: str) -> dict[int | str, Json]:
    """Return the `responses` entry of a route that returns a message for the user."""
    return {status: {"content": {"application/json": {"example": {"message": sentence}}}}}


def form_of(schema: type[BaseModel]) -> dict[str, Any]:
    """Document the form of a route, which is read without FastAPI: that would take a tenth of the time of a refresh."""
    content = {"application/x-www-form-urlencoded": {"schema": schema.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def documented_for_oauth(status: int, *errors_: type[errors.ServiceError]) -> dict[int | str, Json]:
    """Return the `responses` of a route whose errors have the form of RFC 6749, section 5.2."""
    return {
        status: {
            "description": " ".join(f"`{r.oauth}`: {r.detail}" for r in errors_),
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/OAuthProblem"},
                    "examples": {
                        r.oauth: {"value": {"error": r.oauth, "error_description": r.detail}} for r in errors_
                    },
                }
            },
        }
    }


def _problem(error: type[errors.ServiceError]) -> Json:
    field_errors = {
        "validation_error": ("email", "is missing", "missing"),
        "weak_password": ("password", "must be at least 8 characters", "too_short"),
    }
    return {
        "type": f"urn:problem:{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": "0198c7f2a1b34f5d9e0f7a1c2d3e4f50",
    } | (
        {"errors": [dict(zip(("field", "message", "code"), field_errors[error.code], strict=True))]}
        if error.code in field_errors
        else {}
    )


# ------------------------------------------------------------------------------------------------------------- examples


def _add_examples(operation: Json, named: Mapping[str, Json]) -> None:
    """Add examples of bodies and parameters, and name a field of the request in each validation error."""
    successes = [response for status, response in operation["responses"].items() if status < "3"]
    for part in filter(None, [operation.get("requestBody"), *successes]):
        for media in part.get("content", {}).values():
            if "example" not in media and (example := example_of(media["schema"], named)) is not MISSING:
                media["example"] = example
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter["example"] = example_of(parameter["schema"], named)
    invalid = (
        operation["responses"].get("422", {"content": {}})["content"].get(errors.MEDIA_TYPE, {}).get("examples", {})
    )
    if field := next(iter(_fields(operation)), None):
        for example in invalid.values():
            example["value"]["errors"][0]["field"] = _invalid_field(operation, field, example["value"]["code"])


def _invalid_field(operation: Json, field: str, code: str) -> str:
    return field if code != "weak_password" or "password" in _fields(operation) else "new_password"


def _fields(operation: Json) -> list[str]:
    """Return the names of the body fields and parameters of an operation."""
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    in_body = [name for media in bodies for name in media.get("example", {})]
    return in_body + [parameter["name"] for parameter in operation.get("parameters", [])]


def example_of(schema: Json, named: Mapping[str, Json]) -> Any:
    """Return an example of this schema: its own, or one built from its parts. MISSING if it has none."""
    if "$ref" in schema:
        return example_of(named[schema["$ref"].rpartition("/")[2]], named)
    if "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], named)
    if "properties" in schema:
        parts = {name: example_of(part, named) for name, part in schema["properties"].items()}
        return {name: part for name, part in parts.items() if part is not MISSING}
    if "items" in schema and (item := example_of(schema["items"], named)) is not MISSING:
        return [item]
    return schema.get("default") or schema.get("const", MISSING)


# Alternative schemes: the first makes the Authorize button of /docs ask for email address and password.
ALTERNATIVE_SCHEMES: dict[str, tuple[str, dict[str, Any]]] = {
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
            "description": "The service token, in a separate header.",
        },
    ),
}


def _add_security_schemes(document: dict[str, Any]) -> None:
    for scheme, (name, description) in ALTERNATIVE_SCHEMES.items():
        document["components"]["securitySchemes"][name] = description
        for _, _, operation in _operations(document):
            schemes = operation.get("security", [])
            if {scheme: []} in schemes:
                schemes.insert(schemes.index({scheme: []}) + 1, {name: []})
