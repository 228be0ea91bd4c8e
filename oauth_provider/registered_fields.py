"""Read the metadata with which an application describes itself: in its registration (RFC 7591) or in its document."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

import models
from core import display_names, field_errors
from languages import translation
from oauth_provider import client_rules, clients, oauth_errors, scopes
from oauth_provider.models import OAuthClient
from oauth_provider.schemas import CODE, NONE, REFRESH, ClientFields

Metadata = Mapping[str, Any]
MAX_SCOPES = 100
# The fields that no application registers for itself: an administrator decides them.
OF_ADMINISTRATOR = frozenset({"access_token_lifetime", "first_party", "resource_identifier", "resources"})
# The names of metadata (RFC 7591, section 2, and extensions) that have another name as a field of a client.
NAMES = {
    "logo_uri": "logo_uri",
    "post_logout_redirect_uris": "post_logout_redirect_uris",
    "jwks": "jwks",
    "jwks_uri": "jwks_uri",
    "id_token_signed_response_alg": "id_token_signed_response_alg",
    "subject_type": "subject_type",
    "dpop_bound_access_tokens": "require_dpop",
    "require_pushed_authorization_requests": "require_par",
    "backchannel_logout_uri": "backchannel_logout_uri",
}


class Rules(NamedTuple):
    """What an application may register.

    methods: the authentication methods, of which the first one is the default.
    grant_types: others are ignored, as RFC 7591, section 3.2.1 allows.
    scopes: likewise.
    ignored: fields that are ignored.
    """

    methods: tuple[str, ...]
    grant_types: tuple[str, ...] = (CODE, REFRESH)
    scopes: tuple[str, ...] = scopes.IDENTITY
    ignored: frozenset[str] = frozenset()


def read(metadata: Metadata, rules: Rules) -> ClientFields:
    """Return the fields of a client. Unknown metadata is ignored (RFC 7591, section 2).

    Raises InvalidRedirectUri, InvalidClientMetadata.
    """
    given = {
        field: metadata[name]
        for name, field in NAMES.items()
        if metadata.get(name) is not None and name not in rules.ignored
    }
    redirect_uris = metadata.get("redirect_uris")
    method = metadata.get("token_endpoint_auth_method") or rules.methods[0]
    if method not in rules.methods:
        raise _invalid(translation.mark("The authentication method of this client is not allowed."))
    values = {
        **given,
        "name": _name(metadata, redirect_uris),
        "type": "public" if method == NONE else "confidential",
        "token_endpoint_auth_method": method,
        "redirect_uris": [] if redirect_uris is None else redirect_uris,
        "grant_types": _grant_types(metadata, rules),
        "scopes": _scopes(metadata, rules),
    }
    try:
        fields = ClientFields.model_validate(values)
    except ValidationError as error:
        raise _refusal(error) from None
    # The browser would follow such a redirect as one from this site, and open what other sites must not.
    if any(map(client_rules.is_of_this_service, (*fields.redirect_uris, *fields.post_logout_redirect_uris))):
        raise oauth_errors.InvalidRedirectUri()
    return fields


def _refusal(error: ValidationError) -> Exception:
    """Return the error of RFC 7591, section 3.2.2, for invalid fields."""
    places = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
    if "redirect_uris" in places:
        return oauth_errors.InvalidRedirectUri()
    if not places:  # the fields do not fit together
        return _invalid(field_errors.message(dict(error.errors()[0])))
    return _invalid(translation.mark("These fields are invalid: %(names)s.", names=", ".join(sorted(places))))


def _invalid(detail: str) -> oauth_errors.InvalidClientMetadata:
    return oauth_errors.InvalidClientMetadata(detail)


def _name(metadata: Metadata, redirect_uris: Any) -> str:
    """Return the name that the application gives itself, or else the host of its redirect URI."""
    name = metadata.get("client_name")
    if isinstance(name, str) and (repaired := display_names.repair(name[:1024])):
        return repaired
    first = redirect_uris[0] if isinstance(redirect_uris, list) and redirect_uris else None
    try:
        host = client_rules.host_of(first) if isinstance(first, str) else ""
    except ValueError:
        host = ""
    return display_names.repair(host) or "Application"


def _texts(metadata: Metadata, name: str, default: tuple[str, ...]) -> list[str]:
    found = metadata.get(name)
    if found is None:
        return list(default)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise _invalid(translation.mark("These fields are invalid: %(names)s.", names=name))
    return found


def _grant_types(metadata: Metadata, rules: Rules) -> list[str]:
    asked = _texts(metadata, "grant_types", (CODE, REFRESH))
    found = [each for each in dict.fromkeys(asked) if each in rules.grant_types]
    if not set(found) - {REFRESH}:
        raise _invalid(translation.mark("None of the grant types is allowed."))
    if CODE in found and "code" not in _texts(metadata, "response_types", ("code",)):
        raise _invalid(translation.mark("The response_types must contain code."))
    return found


def _scopes(metadata: Metadata, rules: Rules) -> list[str]:
    asked = metadata.get("scope")
    if not isinstance(asked, str | None):
        raise _invalid(translation.mark("These fields are invalid: %(names)s.", names="scope"))
    found = [scope for scope in scopes.split(asked)[:MAX_SCOPES] if scope in rules.scopes]
    # Without `openid`, most applications could not log anyone in.
    return found or list(scopes.DEFAULT)


def transient(client_id: str, origin: str, fields: ClientFields, **more: Any) -> OAuthClient:
    """Return a client that is not in the database."""
    now = models.now()
    values = {
        "id": None,
        "client_id": client_id,
        "client_hash": clients.hash_of(client_id),
        "origin": origin,
        "sector": client_rules.sector_of(fields.redirect_uris, client_id),
        "created_at": now,
        "updated_at": now,
    }
    return OAuthClient(**values, **fields.model_dump(), **more)


def shown(client: Any) -> dict[str, Any]:
    """Return the metadata of a client (RFC 7591, section 3.2.1)."""
    found = {
        "client_id": client.client_id,
        "client_name": client.name,
        "redirect_uris": client.redirect_uris,
        "grant_types": client.grant_types,
        "response_types": ["code"] if CODE in client.grant_types else [],
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
        "scope": " ".join(client.scopes),
        **{name: getattr(client, field) for name, field in NAMES.items()},
    }
    always = ("redirect_uris", "response_types")
    return {name: value for name, value in found.items() if value not in (None, [], False) or name in always}
