"""Define /oauth2 and /.well-known, for OAuth 2 libraries and other services. Errors have the form of RFC 6749."""

from fastapi import Request, Response

import errors
import routes
import schemas_service
from audit import Caller
from database import Db
from operations import services
from sessions import signing_keys
from settings.loading import settings
from web.openapi import documented_for_oauth, form_of

# Not longer: if keys are rotated twice in a row, a key is published only seconds before it is used for signing.
CACHE_CONTROL = "public, max-age=60"
router = routes.router(tags=["oauth2"])
UNAUTHORIZED = documented_for_oauth(401, errors.NotAuthenticated)
for_services = [services.service_client_required]
form = form_of(schemas_service.ReceivedToken)


@router.post(
    "/oauth2/introspect",
    response_model_exclude_none=True,
    dependencies=for_services,
    responses=UNAUTHORIZED,
    openapi_extra=form,
)
def introspect(request: Request) -> schemas_service.Introspection:
    """Introspect an access token (RFC 7662).

    Returns whether the token is valid, and its claims. Authenticate with the service token as a bearer token, or
    with the secret of any OAuth client: with HTTP Basic, or as `client_secret` in the form. With `OIDC_PROVIDER`, a
    registered client also sees its own tokens, and an API those with its audience.
    """
    return services.introspect(*services.question_of(request))


@router.post("/oauth2/revoke", dependencies=for_services, responses=UNAUTHORIZED, openapi_extra=form)
def revoke(request: Request, db: Db, caller: Caller) -> None:
    """Revoke the session of an access or refresh token (RFC 7009). An unknown token gets 200 too.

    Authenticate as for introspection.
    """
    services.revoke(db, caller, *services.question_of(request))


@router.get("/.well-known/jwks.json")
def jwks(response: Response) -> schemas_service.KeySet:
    """Get the public keys that verify access tokens (RFC 7517).

    The set is empty with HS256, whose secret is not public.
    """
    response.headers["Cache-Control"] = CACHE_CONTROL
    return schemas_service.KeySet(keys=signing_keys.published())


@router.get("/.well-known/oauth-authorization-server", include_in_schema=False, response_model_exclude_none=True)
@router.get("/.well-known/openid-configuration", response_model_exclude_none=True)
async def configuration(response: Response) -> schemas_service.Configuration:
    """Get the authorization server metadata (RFC 8414).

    Contains the URLs of the keys and of the OAuth 2 endpoints. The same document is at
    `/.well-known/oauth-authorization-server`.
    """
    response.headers["Cache-Control"] = CACHE_CONTROL
    base_url = settings.public_base_url
    if settings.oidc_provider:
        from oauth_provider import discovery

        return schemas_service.Configuration(**discovery.document())
    return schemas_service.Configuration(
        issuer=settings.jwt_issuer,
        jwks_uri=f"{base_url}/.well-known/jwks.json",
        token_endpoint=f"{base_url}/auth/token",
        introspection_endpoint=f"{base_url}/oauth2/introspect",
        revocation_endpoint=f"{base_url}/oauth2/revoke",
        id_token_signing_alg_values_supported=[settings.algorithm],
    )
