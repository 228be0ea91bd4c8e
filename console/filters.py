"""Read the filters in the address of a page. A value that is empty or not valid counts as absent."""

import contextlib
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from accounts import user_queries
from schemas_admin import EventFilters, Lookup
from sessions.current_user import Current

T = TypeVar("T", bound=BaseModel)


def read(model: type[T], request: Request) -> T:
    """Return the filters of a page: an address that was edited by hand shows a page, not an error."""
    given = {name: value for name, value in request.query_params.items() if value}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = {str(each["loc"][0]) for each in error.errors(include_input=False, include_url=False) if each["loc"]}
        return model.model_validate({name: value for name, value in given.items() if name not in wrong})


def of_events(request: Request, who: Current) -> EventFilters:
    """Return the filters of the audit log. Administrators who may read users can also enter an email address."""
    chosen = read(EventFilters, request)
    if chosen.user_id and "@" in chosen.user_id and "users:read" in who.permissions:
        with contextlib.suppress(ValidationError):  # a user_id that contains @
            found = user_queries.lookup(Lookup(user_ids=[chosen.user_id], emails=[chosen.user_id]))
            chosen.user_id = found[0].user_id if found else chosen.user_id
    return chosen


def as_query(filters: BaseModel, **more: str | None) -> dict[str, str]:
    """Return the filters as the query of a link. The cursor is left out, unless it is in `more`."""
    values = {**filters.model_dump(mode="json", exclude_defaults=True, exclude={"cursor"}), **more}
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in values.items()
        if value is not None
    }
