"""A service of yours that accepts our access tokens, in two ways. Run it with: uvicorn main:app --port 8002

`/by-keys` checks the signature with the published keys: no call a request, and a logout shows when the token expires.
`/by-asking` asks the Credential Management Service: one call a request, and a logout shows at once.
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
ALGORITHM = os.environ.get("ALGORITHM", "ES256")  # the same as there; never take it from the token
REQUIRED = ["iss", "aud", "sub", "exp", "iat"]

app = FastAPI(title="A resource server")
keys = jwt.PyJWKClient(f"{ACCOUNTS}/.well-known/jwks.json", timeout=5)
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


def person_by_keys(bearer: Bearer) -> dict[str, Any]:
    """The claims of a good access token."""
    try:
        key = keys.get_signing_key_from_jwt(bearer.credentials)
        token = jwt.decode_complete(
            bearer.credentials, key, [ALGORITHM], {"require": REQUIRED}, audience="credential-service", issuer=ACCOUNTS
        )
    except jwt.PyJWKClientConnectionError:
        raise HTTPException(503, "The keys are out of reach") from None
    except jwt.PyJWTError:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None
    # A user who must set up a second factor first has a token, for that alone. Introspection says it is not active.
    if token["header"].get("typ") != "at+jwt" or token["payload"].get("enrolment"):
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return token["payload"]


def person_by_asking(bearer: Bearer) -> dict[str, Any]:
    """What the service says of a token that is good now (RFC 7662)."""
    try:
        said = (
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
        raise HTTPException(503, "The account service is out of reach") from None
    if not said["active"] or said["token_type"] != "Bearer":
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return said


def requires(
    *, acr: str | None = None, max_age: int | None = None, person: Callable[..., dict[str, Any]] = person_by_keys
) -> Callable[..., dict[str, Any]]:
    """Return a dependency that requires a strong or recent login, and otherwise challenges the client (RFC 9470).

    acr: `aal2` for two factors.
    max_age: seconds since the user authenticated, or with `aal2` since they did so with two factors.
    """
    wanted = [f'acr_values="{acr}"'] if acr else []
    wanted += [f"max_age={max_age}"] if max_age is not None else []
    challenge = ", ".join(['Bearer error="insufficient_user_authentication"', *wanted])

    def check(claims: Annotated[dict[str, Any], Depends(person)]) -> dict[str, Any]:
        at = claims.get("auth_time") or 0
        if acr == "aal2":  # `acr_time` is present if the user has authenticated with one factor alone since
            at = claims.get("acr_time") or at
        is_strong = acr != "aal2" or claims.get("acr") == "aal2"
        if not is_strong or (max_age is not None and time.time() - at > max_age):
            raise HTTPException(401, "Authenticate again to continue", headers={"WWW-Authenticate": challenge})
        return claims

    return check


@app.get("/by-keys")
def by_keys(person: Annotated[dict[str, Any], Depends(person_by_keys)]) -> dict[str, Any]:
    return {"hello": person["email"], "roles": person["roles"]}


@app.get("/by-asking")
def by_asking(person: Annotated[dict[str, Any], Depends(person_by_asking)]) -> dict[str, Any]:
    return {"hello": person["email"], "roles": person["roles"]}


@app.post("/payments", status_code=201)
def pay(person: Annotated[dict[str, Any], Depends(requires(acr="aal2", max_age=300))]) -> dict[str, Any]:
    return {"paid_by": person["email"]}
