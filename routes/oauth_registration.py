"""Define the endpoints at which applications register themselves (RFC 7591, RFC 7592)."""

from typing import Annotated, Any

from fastapi import Body, Header, Path, Response

import errors
import routes
from audit import Caller
from database import Db
from oauth_provider import oauth_errors, registration
from oauth_provider.schemas import RegisteredClient
from web.openapi import documented_for_oauth
from web.rate_limits import limit

router = routes.router(tags=["oauth2"])
Metadata = Annotated[
    dict[str, Any],
    Body(
        description="The metadata of RFC 7591, section 2.",
        examples=[{"client_name": "Editor", "redirect_uris": ["http://127.0.0.1/callback"]}],
    ),
]
ClientId = Annotated[
    str, Path(min_length=1, max_length=2048, description="The `client_id`.", examples=["photo-printer"])
]
Authorization = Annotated[str, Header(include_in_schema=False)]
NO_STORE = "no-store"
REFUSED = (
    documented_for_oauth(400, oauth_errors.InvalidClientMetadata)
    | documented_for_oauth(401, oauth_errors.InvalidRegistrationToken)
    | documented_for_oauth(404, errors.NotFound)
)


@router.post(
    registration.PATH,
    status_code=201,
    dependencies=[limit("registration")],
    responses=REFUSED,
    response_model_exclude_none=True,
)
def register(
    body: Metadata, response: Response, db: Db, caller: Caller, authorization: Authorization = ""
) -> RegisteredClient:
    """Register an application (RFC 7591).

    `DYNAMIC_REGISTRATION` decides who may do so. With `token`, send `DYNAMIC_REGISTRATION_TOKEN` as a bearer token.
    With `open`, only public clients can register. The `registration_access_token` of the response manages the
    registration (RFC 7592): with `open`, as soon as a user has allowed the application something.
    """
    response.headers["Cache-Control"] = NO_STORE
    return registration.register(db, caller, authorization, body)


@router.get(f"{registration.PATH}/{{client_id}}", responses=REFUSED, response_model_exclude_none=True)
def read_registration(
    client_id: ClientId, response: Response, db: Db, authorization: Authorization = ""
) -> RegisteredClient:
    """Get the registration of a client (RFC 7592).

    Authenticate with its `registration_access_token` as a bearer token.
    """
    response.headers["Cache-Control"] = NO_STORE
    return registration.read(db, authorization, client_id)


@router.put(
    f"{registration.PATH}/{{client_id}}",
    dependencies=[limit("registration")],
    responses=REFUSED,
    response_model_exclude_none=True,
)
def change_registration(
    client_id: ClientId, body: Metadata, response: Response, db: Db, caller: Caller, authorization: Authorization = ""
) -> RegisteredClient:
    """Replace the metadata of a client (RFC 7592).

    Authenticate with its `registration_access_token` as a bearer token. What an administrator has decided about the
    client remains.
    """
    response.headers["Cache-Control"] = NO_STORE
    return registration.change(db, caller, authorization, client_id, body)


@router.delete(f"{registration.PATH}/{{client_id}}", status_code=204, responses=REFUSED)
def remove_registration(client_id: ClientId, db: Db, caller: Caller, authorization: Authorization = "") -> None:
    """Delete a client with its grants and tokens (RFC 7592).

    Authenticate with its `registration_access_token` as a bearer token.
    """
    registration.remove(db, caller, authorization, client_id)
