"""A service that accepts access tokens, verified in two ways. Run it with: uvicorn main:app --port 8002

`/by-keys` verifies the signature with the published keys. This takes no request to the Credential Management Service,
and a logout takes effect when the token expires.
`/by-asking` introspects the token. This takes one request each time, and a logout takes effect immediately.
`/payments` also requires that the user has authenticated with two factors in the last five minutes.
"""

import os
import time
from collections.abc import Callable
from typing import Annotated, Any

import httpx2
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

ACCOUNTS = os.environ.get("ACCOUNTS_URL", "http://localhost:8000")
SERVICE_TOKEN = os.environ.get("INTERNAL_SERVICE_TOKEN", "")
ALGORITHM = os.environ.get("ALGORITHM", "ES256")  # as configured in the service; never take it from the token
REQUIRED = ["iss", "aud", "sub", "exp", "iat"]

app = FastAPI(title="A resource server")
keys = jwt.PyJWKClient(f"{ACCOUNTS}/.well-known/jwks.json", timeout=5)
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


def claims_by_keys(bearer: Bearer) -> dict[str, Any]:
    """Verify the signature of an access token, and return its claims."""
    try:
        key = keys.get_signing_key_from_jwt(bearer.credentials)
        token = jwt.decode_complete(
            bearer.credentials, key, [ALGORITHM], {"require": REQUIRED}, audience="credential-service", issuer=ACCOUNTS
        )
    except jwt.PyJWKClientConnectionError:
        raise HTTPException(503, "The keys could not be downloaded") from None
    except jwt.PyJWTError:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None
    # The token of a user who must set up a second factor first is valid only for that. Introspection reports it as
    # inactive.
    if token["header"].get("typ") != "at+jwt" or token["payload"].get("enrolment"):
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return token["payload"]


def claims_by_introspection(bearer: Bearer) -> dict[str, Any]:
    """Introspect an access token, and return its claims (RFC 7662)."""
    try:
        introspection = (
            httpx2.post(
                f"{ACCOUNTS}/oauth2/introspect",
                data={"token": bearer.credentials},
                timeout=5,
                headers={"Authorization": f"Bearer {SERVICE_TOKEN}"},
            )
            .raise_for_status()
            .json()
        )
    except httpx2.HTTPError:
        raise HTTPException(503, "The token could not be introspected") from None
    if not introspection["active"] or introspection["token_type"] != "Bearer":
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return introspection


def requires(
    *, acr: str | None = None, max_age: int | None = None, person: Callable[..., dict[str, Any]] = claims_by_keys
) -> Callable[..., dict[str, Any]]:
    """Return a dependency that requires a strong or recent login, and otherwise challenges the client (RFC 9470).

    acr: `aal2` for two factors.
    max_age: maximum number of seconds since the user authenticated or, with `aal2`, did so with two factors.
    """
    wanted = [f'acr_values="{acr}"'] if acr else []
    wanted += [f"max_age={max_age}"] if max_age is not None else []
    challenge = ", ".join(['Bearer error="insufficient_user_authentication"', *wanted])

    def check(claims: Annotated[dict[str, Any], Depends(person)]) -> dict[str, Any]:
        at = claims.get("auth_time") or 0
        if acr == "aal2":  # present if the user has since authenticated with a single factor
            at = claims.get("acr_time") or at
        is_strong = acr != "aal2" or claims.get("acr") == "aal2"
        if not is_strong or (max_age is not None and time.time() - at > max_age):
            raise HTTPException(401, "Authenticate again to continue", headers={"WWW-Authenticate": challenge})
        return claims

    return check


@app.get("/by-keys")
def by_keys(person: Annotated[dict[str, Any], Depends(claims_by_keys)]) -> dict[str, Any]:
    return {"hello": person["email"], "roles": person["roles"]}


@app.get("/by-asking")
def by_asking(person: Annotated[dict[str, Any], Depends(claims_by_introspection)]) -> dict[str, Any]:
    return {"hello": person["email"], "roles": person["roles"]}


@app.post("/payments", status_code=201)
def pay(person: Annotated[dict[str, Any], Depends(requires(acr="aal2", max_age=300))]) -> dict[str, Any]:
    return {"paid_by": person["email"]}
