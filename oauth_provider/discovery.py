"""Describe the provider (OpenID Connect Discovery 1.0; RFC 8414; RFC 9728)."""

from typing import Any

from core import capability
from languages import catalogs
from oauth_provider import client_assertions, dpop, scopes
from oauth_provider.schemas import BASIC, KEY_JWT, NONE, POST
from oauth_provider.token_endpoint import GRANTS
from sessions import signing_keys
from settings.loading import settings

# Not longer: if keys are rotated twice in a row, a key is published only seconds before it is used for signing.
CACHE_CONTROL = "public, max-age=60"
CLAIMS = (
    "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid", "azp",
    "name", "picture", "locale", "zoneinfo", "updated_at", "email", "email_verified", "roles",
)  # fmt: skip
METHODS = [NONE, BASIC, POST, KEY_JWT]
Json = dict[str, Any]


def document() -> Json:
    """Return the metadata of the provider, which names exactly what is enabled."""
    base = settings.public_base_url
    endpoints = {
        "authorization_endpoint": "authorize",
        "token_endpoint": "token",
        "userinfo_endpoint": "userinfo",
        "introspection_endpoint": "introspect",
        "revocation_endpoint": "revoke",
        "end_session_endpoint": "logout",
        "pushed_authorization_request_endpoint": "par",
        "device_authorization_endpoint": "device_authorization",
    }
    found: Json = {"issuer": settings.jwt_issuer, "jwks_uri": f"{base}/.well-known/jwks.json"}
    found |= {name: f"{base}/oauth2/{path}" for name, path in endpoints.items()}
    found |= {
        "scopes_supported": list(scopes.offered()),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": sorted(signing_keys.algorithms(), reverse=True),
        "userinfo_signing_alg_values_supported": sorted(signing_keys.algorithms(), reverse=True),
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": list(client_assertions.ALGORITHMS),
        "introspection_endpoint_auth_methods_supported": METHODS[1:],
        "introspection_endpoint_auth_signing_alg_values_supported": list(client_assertions.ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": list(client_assertions.ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "authorization_response_iss_parameter_supported": True,
        "claims_supported": list(CLAIMS),
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": ["aal1", "aal2"],
        "ui_locales_supported": sorted(catalogs.names()),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "service_documentation": f"{base}/docs",
    }
    if settings.dynamic_registration != "off":
        found["registration_endpoint"] = f"{base}/oauth2/register"
    if settings.client_id_metadata:
        found["client_id_metadata_document_supported"] = True
    return found


def protected_resource() -> Json:
    """Return the metadata of the service's own API (RFC 9728)."""
    return {
        "resource": settings.jwt_issuer,
        "authorization_servers": [settings.jwt_issuer],
        "scopes_supported": [scopes.OPENID, *capability.permissions()],
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "jwks_uri": f"{settings.public_base_url}/.well-known/jwks.json",
    }
