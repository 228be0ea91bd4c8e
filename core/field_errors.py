"""Describe what is wrong with a field of a request, and what it must be, without its value, which may be a secret."""

from collections.abc import Mapping
from typing import Any

import errors
from languages import translation

# By the type of Pydantic's error, whose own messages may quote the value.
MESSAGES = {
    "missing": translation.mark("is missing"),
    "string_too_long": translation.mark("is too long"),
    "string_too_short": translation.mark("is too short"),
    "string_pattern_mismatch": translation.mark("contains characters that are not allowed here"),
    "too_long": translation.mark("has too many items"),
    "too_short": translation.mark("has too few items"),
}
BOOLEAN = translation.mark("must be true or false")
WHOLE = translation.mark("must be a whole number")
NUMBER = translation.mark("must be a number")
TEXT = translation.mark("must be text")
LIST = translation.mark("must be a list")
OBJECT = translation.mark("must be an object")
TIME = translation.mark("must be a time such as 2027-01-31T12:00:00Z")
# By the first words of the type, such as `int_parsing` and `int_type`.
OF_KINDS = {
    "bool": BOOLEAN,
    "int": WHOLE,
    "float": NUMBER,
    "string": TEXT,
    "list": LIST,
    "dict": OBJECT,
    "model": OBJECT,
    "mapping": OBJECT,
    "datetime": TIME,
    "timezone": TIME,
}
CODES = {"missing": "missing", "string_too_long": "too_long", "too_long": "too_long"}


def of(field: str, error: Mapping[str, Any]) -> errors.FieldError:
    """Return the field error for an error of Pydantic."""
    return errors.FieldError(field, message(error), CODES.get(error["type"], "invalid"))


def message(error: Mapping[str, Any]) -> translation.Text:
    """Return the message for an error of Pydantic. That of a validator of this service is returned as it is."""
    kind = error["type"]
    if kind == "value_error":
        return translation.as_text(error["ctx"]["error"].args[0])
    if kind in MESSAGES:
        return MESSAGES[kind]
    known = _of_a_bound(kind, error.get("ctx", {})) or OF_KINDS.get(kind.partition("_")[0])
    return known or translation.mark("is not a valid value (%(type)s)", type=kind)


def _of_a_bound(kind: str, context: Mapping[str, Any]) -> translation.Text | None:
    """Return the message for a value outside the bounds, or not in the list, that the schema declares."""
    match kind:
        case "greater_than_equal":
            return translation.mark("must be at least %(bound)s", bound=context["ge"])
        case "greater_than":
            return translation.mark("must be more than %(bound)s", bound=context["gt"])
        case "less_than_equal":
            return translation.mark("must be at most %(bound)s", bound=context["le"])
        case "less_than":
            return translation.mark("must be less than %(bound)s", bound=context["lt"])
        case "literal_error" | "enum":
            names = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            return translation.mark("must be one of %(names)s", names=names)
    return None
