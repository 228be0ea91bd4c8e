"""A service of yours that accepts our access tokens, in two ways. Run it with: uvicorn main:app --port 8002

`/by-keys` checks the signature with the published keys: no call a request, and a logout shows when the token expires.
`/by-asking` asks the Credential Management Service: one call a request, and a logout shows at once.
"""

import os
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
    if token["header"].get("typ") != "at+jwt":
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


@app.get("/by-keys")
def by_keys(person: Annotated[dict[str, Any], Depends(person_by_keys)]) -> dict[str, Any]:
    return {"hello": person["email"], "roles": person["roles"]}


@app.get("/by-asking")
def by_asking(person: Annotated[dict[str, Any], Depends(person_by_asking)]) -> dict[str, Any]:
    return {"hello": person["email"], "roles": person["roles"]}
