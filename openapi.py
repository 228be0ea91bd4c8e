"""The OpenAPI document: what FastAPI derives from the routes, with our errors in place of its own."""

from typing import Any

import errors
import schemas

OF_ANY_INPUT = (errors.ValidationFailed,)
OF_ANY_BODY = (errors.MalformedRequest, errors.BodyTooLarge, errors.UnsupportedMediaType)


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The document with a summary for each operation (its first sentence), and each problem that it may answer."""
    for operation in (operation for methods in document["paths"].values() for operation in methods.values()):
        operation["summary"] = operation["description"].partition(".")[0].partition("\n")[0]
        if "HTTPValidationError" in str(operation["responses"].get("422")):
            operation["responses"] |= _answers(OF_ANY_INPUT)
        if "requestBody" in operation:
            operation["responses"] |= _answers(OF_ANY_BODY)
    named = document["components"]["schemas"]
    for theirs in ("HTTPValidationError", "ValidationError"):
        named.pop(theirs, None)
    named |= {"Problem": schemas.problem_schema(), "FieldError": schemas.FieldError.model_json_schema()}
    return document


def _answers(refusals: tuple[type[errors.Refusal], ...]) -> dict[str, Any]:
    return {str(status): answer for status, answer in errors.documented(*refusals).items()}
