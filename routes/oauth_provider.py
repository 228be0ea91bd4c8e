"""Define the endpoints of the OAuth provider that applications call: tokens, pushed requests, userinfo, metadata."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

import errors
import routes
from audit import Caller
from oauth_provider import (
    client_authentication,
    discovery,
    dpop,
    oauth_errors,
    requests,
    token_endpoint,
    unregistered,
    userinfo,
)
from oauth_provider.schemas import (
    AuthorizationForm,
    ProtectedResource,
    PushedRequest,
    TokenForm,
    TokenResponse,
    UserInfo,
)
from settings.loading import settings
from web import error_pages, oauth_forms
from web.openapi import documented_for_oauth, form_of
from web.rate_limits import limit

router = routes.router(tags=["oauth2"])
Form = Annotated[Mapping[str, Sequence[str]], Depends(oauth_forms.read)]
REFUSED = documented_for_oauth(400, errors.MalformedRequest) | documented_for_oauth(401, oauth_errors.InvalidClient)


@router.post(
    "/oauth2/token",
    dependencies=[limit("token")],
    response_model_exclude_none=True,
    responses=REFUSED,
    openapi_extra=form_of(TokenForm),
)
def token(form: Form, request: Request, caller: Caller) -> TokenResponse:
    """Get tokens for a code, a refresh token, a device code or a client (RFC 6749).

    Clients authenticate with HTTP Basic, in the form, with `private_key_jwt`, or, if they are public, with `client_id`.
    """
    proofs = request.headers.getlist("dpop")
    received = token_endpoint.Received(form, request.headers.get("authorization", ""), proofs)
    # Serialized once: FastAPI would validate and convert the response again.
    found = token_endpoint.respond(caller, received).model_dump_json(exclude_none=True)
    headers = {dpop.HEADER: dpop.nonce()} if proofs else {}
    return Response(found, media_type="application/json", headers=headers)  # type: ignore[return-value]


@router.post(
    "/oauth2/par",
    status_code=201,
    dependencies=[limit("token")],
    responses=REFUSED,
    openapi_extra=form_of(AuthorizationForm),
)
def push(form: Form, request: Request) -> PushedRequest:
    """Push an authorization request, and get its `request_uri` (RFC 9126).

    The `request_uri` is valid once, for a minute. With a DPoP proof, the tokens are bound to its key.
    """
    client = client_authentication.authenticate(
        form, request.headers.get("authorization", ""), unregistered.find_without_fetching
    )
    jkt = dpop.thumbprint(request.headers.getlist("dpop"), "POST", f"{settings.public_base_url}/oauth2/par")
    return PushedRequest(request_uri=requests.push(client, form, jkt), expires_in=requests.SECONDS_PUSHED)


@router.get("/oauth2/userinfo", responses=documented_for_oauth(401, oauth_errors.InvalidBearer))
def get_userinfo(request: Request) -> UserInfo:
    """Get the claims of the user of an access token with the scope `openid`.

    See OpenID Connect Core 1.0, section 5.3. With `Accept: application/jwt` they are signed.
    """
    return _userinfo(request, {})  # type: ignore[return-value]


async def _optional_form(request: Request) -> Mapping[str, Sequence[str]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await oauth_forms.read(request) if kind in oauth_forms.FORMS else {}


@router.post("/oauth2/userinfo", responses=documented_for_oauth(401, oauth_errors.InvalidBearer))
def post_userinfo(request: Request, form: Annotated[Mapping[str, Sequence[str]], Depends(_optional_form)]) -> UserInfo:
    """Get the claims of the user, with the access token in the header or the form."""
    return _userinfo(request, form)  # type: ignore[return-value]


def _userinfo(request: Request, form: Mapping[str, Sequence[str]]) -> Response:
    credential = userinfo.Credential(
        request.method,
        request.headers.get("authorization", ""),
        (form.get("access_token") or ("",))[0],
        request.headers.getlist("dpop"),
    )
    found, client_id = userinfo.read(credential)
    headers = {dpop.HEADER: dpop.nonce()} if credential.proofs else {}
    if error_pages.accepts(request, "application/jwt"):
        return Response(userinfo.signed(found, client_id), media_type="application/jwt", headers=headers)
    return JSONResponse(found, headers=headers)


@router.get("/.well-known/oauth-protected-resource")
def protected_resource(response: Response) -> ProtectedResource:
    """Get the metadata of the service's own API as a protected resource (RFC 9728)."""
    response.headers["Cache-Control"] = discovery.CACHE_CONTROL
    return ProtectedResource(**discovery.protected_resource())
