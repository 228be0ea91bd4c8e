"""Define the form of an OAuth client, whose fields arrive as text."""

import json
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError
from sqlalchemy.orm import Session

import errors
from console.actions import ActionForm
from core.client_address import CallerInfo
from languages import translation
from oauth_provider import clients, schemas, scopes
from oauth_provider.schemas import ClientFields, CreatedClient
from schemas import Input, Presence
from sessions import reauthentication
from sessions.current_user import Current

LISTS = ("redirect_uris", "post_logout_redirect_uris", "resources")
OPTIONAL = ("logo_uri", "resource_identifier", "jwks_uri", "backchannel_logout_uri")
CHOICES = {
    "type": ("confidential", "public"),
    "token_endpoint_auth_method": (schemas.BASIC, schemas.POST, schemas.KEY_JWT, schemas.NONE),
    "id_token_signed_response_alg": ("RS256", "ES256", "EdDSA"),
    "subject_type": ("public", "pairwise"),
}
GRANT_TYPES = (schemas.CODE, schemas.REFRESH, schemas.CREDENTIALS, schemas.DEVICE)
Text = Annotated[str, Field(max_length=8192)]


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


Texts = Annotated[tuple[Annotated[str, Field(max_length=128)], ...], Field(strict=False), BeforeValidator(_as_list)]
Flag = Annotated[bool, Field(strict=False)]


class ClientForm(Input):
    """What a client becomes. The form has all fields: a box that is not checked is removed."""

    name: Text = ""
    logo_uri: Text = ""
    type: Text = "confidential"
    redirect_uris: Text = ""
    post_logout_redirect_uris: Text = ""
    grant_types: Texts = ()
    scopes: Texts = ()
    resources: Text = ""
    resource_identifier: Text = ""
    token_endpoint_auth_method: Text = schemas.BASIC
    jwks: Text = ""
    jwks_uri: Text = ""
    id_token_signed_response_alg: Text = "RS256"  # noqa: S105 - an algorithm
    subject_type: Text = "public"
    first_party: Flag = False
    require_dpop: Flag = False
    require_par: Flag = False
    access_token_lifetime: Text = ""
    backchannel_logout_uri: Text = ""

    def given(self) -> dict[str, Any]:
        """Return the fields of `POST /admin/clients`. Raises ValidationFailed."""
        given: dict[str, Any] = self.model_dump()
        given |= {name: given[name].split() for name in LISTS}
        given |= {name: given[name].strip() or None for name in OPTIONAL}
        given |= {name: list(given[name]) for name in ("grant_types", "scopes")}
        given["jwks"] = self._parsed("jwks", json.loads, translation.mark("must be a JSON Web Key Set"))
        number = translation.mark("must be a number of seconds")
        given["access_token_lifetime"] = self._parsed("access_token_lifetime", int, number)
        return given

    def _parsed(self, field: str, parse: Callable[[str], Any], message: Any) -> Any:
        text = str(getattr(self, field)).strip()
        try:
            return parse(text) if text else None
        except (ValueError, RecursionError):
            raise errors.ValidationFailed(errors=[errors.FieldError(field, message)]) from None

    def body(self) -> ClientFields:
        """Return the body of `POST /admin/clients`. Raises ValidationFailed."""
        try:
            return ClientFields.model_validate(self.given())
        except ValidationError as error:
            raise clients.invalid(error) from None


def choices(who: Current) -> dict[str, Any]:
    """Return what the form offers: scopes with whether the administrator may grant them, and the fixed values."""
    may = [(name, name in scopes.IDENTITY or name in who.permissions) for name in scopes.offered()]
    return {"scope_choices": may, "grant_choices": [(name, True) for name in GRANT_TYPES], "options": CHOICES}


def delete(db: Session, caller: CallerInfo, who: Current, client_id: str, form: ActionForm) -> None:
    """Delete a client whose name was typed. Raises ValidationFailed, ReauthenticationRequired, NotFound."""
    form.require_confirmation(clients.get(client_id).name)
    reauthentication.require(db, caller, who, form)
    clients.remove(db, caller, who, client_id)


class RotationForm(Presence):
    """The re-authentication of the administrator, and how long the old secret remains valid."""

    overlap_seconds: Annotated[int, Field(strict=False, ge=0, le=schemas.MAX_LIFETIME)] = 0


def rotate_secret(db: Session, caller: CallerInfo, who: Current, client_pk: str, form: RotationForm) -> CreatedClient:
    """Replace the secret of a client. Raises ReauthenticationRequired, and what `clients.rotate_secret` raises."""
    reauthentication.require(db, caller, who, form)
    return clients.rotate_secret(db, caller, who, clients.client_id_of(client_pk), form.overlap_seconds)
