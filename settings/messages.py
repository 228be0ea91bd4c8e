"""Describe what is wrong with a setting and how to fix it, without its value, which may be a secret."""

from collections.abc import Mapping
from typing import Any

FIXED = {
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "float_parsing": "must be a number",
}
WITH_A_BOUND = {
    "literal_error": "must be one of {expected}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "string_too_long": "must be at most {max_length} characters",
    "string_too_short": "must be at least {min_length} characters",
}


def of(error: Mapping[str, Any]) -> str:
    """Return the message for an error of pydantic."""
    kind = error["type"]
    if kind in WITH_A_BOUND:
        return WITH_A_BOUND[kind].format(**error["ctx"]).replace("'", "").replace("one of , ", "one of ")
    return FIXED.get(kind, str(error["msg"]).removeprefix("Value error, "))
