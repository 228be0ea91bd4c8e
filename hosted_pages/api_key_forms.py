"""Define the forms of API keys, whose fields arrive as text."""

from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Request
from pydantic import BeforeValidator, Field, ValidationError
from starlette.datastructures import FormData

import errors
from api_keys import scopes
from api_keys.schemas import MAX_OVERLAP_SECONDS, ApiKeyRotation, Name, NewApiKey
from core import field_errors
from languages import translation
from schemas import Input, Presence
from sessions.current_user import Current


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _filled(value: object) -> object:
    return value or None


TEMPLATES = ("new_api_key", "rename_api_key", "rotate_api_key")
_AsList = BeforeValidator(_as_list)


class ApiKeyForm(Presence):
    """The form that creates an API key: a day on which it ends, and networks in one field."""

    name: Annotated[str, Field(max_length=256)]
    scopes: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(strict=False), _AsList] = ()
    expires_on: Annotated[date | None, Field(strict=False), BeforeValidator(_filled)] = None
    allowed_ips: Annotated[str, Field(max_length=4096)] = ""

    def body(self, who: Current) -> NewApiKey:
        """Return the body of `POST /users/me/api-keys`. Raises ValidationFailed.

        The key ends at the end of the day in the time zone of the user.
        """
        if not self.scopes:
            message = translation.mark("must include at least one")
            raise errors.ValidationFailed(errors=[errors.FieldError("scopes", message)])
        zone = ZoneInfo(who.user.time_zone or "UTC")
        end = datetime.combine(self.expires_on, time.max, zone) if self.expires_on else None
        proof = {name: getattr(self, name) for name in Presence.model_fields}
        given: dict[str, Any] = {
            "name": self.name,
            "scopes": list(self.scopes),
            "expires_at": end,
            "allowed_ips": self.allowed_ips.replace(",", " ").split() or None,
        }
        try:
            return NewApiKey(**proof, **given)
        except ValidationError as error:
            found = error.errors()
            raise errors.ValidationFailed(
                errors=[field_errors.of(_field(str(each["loc"][0])), dict(each)) for each in found]
            ) from None


class RenamedApiKeyForm(Input):
    """The form that renames an API key."""

    name: Name


class ApiKeyRotationForm(Presence):
    """The form that replaces an API key."""

    overlap_seconds: Annotated[int, Field(strict=False, ge=0, le=MAX_OVERLAP_SECONDS)] = 0

    def body(self) -> ApiKeyRotation:
        """Return the body of `POST /users/me/api-keys/{id}/rotate`."""
        return ApiKeyRotation(**self.model_dump())


def _field(name: str) -> str:
    return "expires_on" if name == "expires_at" else name


def grantable(who: Current) -> list[str]:
    """Return the scopes that the user may give a key."""
    return [*scopes.OWN, *(name for name in scopes.PERMISSIONS if name in who.permissions)]


def after_error(request: Request) -> dict[str, Any]:
    """Return the context with which a form is shown again, from what was sent.

    The form of a new key offers the same scopes, with those that were chosen; the others name the key.
    """
    form: FormData = getattr(request, "_form", None) or FormData()
    key = {"id": str(request.path_params.get("key_id", "")), "name": str(form.get("key_name", ""))[:256]}
    offered = str(form.get("offered", "")).split()
    return {"key": key, "scopes": [name for name in scopes.ALL if name in offered], "chosen": form.getlist("scopes")}
