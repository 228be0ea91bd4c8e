"""A service that accepts access tokens, verified in two ways. Run it with: uvicorn main:app --port 8002

`/by-keys` verifies the signature with the published keys, and follows the list of revoked sessions. This takes no request
to the Credential Management Service for a token, and a logout takes effect within five seconds.
`/by-asking` introspects the token. This takes one request each time, and a logout takes effect immediately.
`/payments` also requires that the user has authenticated with two factors in the last five minutes.
"""

import os
import time
from collections.abc import Callable
from typing import Annotated, Any

import httpx2
from credential_client.verifier import InvalidToken, KeysUnavailable, RevocationsUnavailable, Verifier
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

ACCOUNTS = os.environ.get("ACCOUNTS_URL", "http://localhost:8000")
SERVICE_TOKEN = os.environ.get("INTERNAL_SERVICE_TOKEN", "")
ALGORITHM = os.environ.get("ALGORITHM", "ES256")  # as configured in the service; never take it from the token
MAX_AGE = 60  # seconds; if the list of revoked sessions is older, tokens are not accepted

app = FastAPI(title="A resource server")
verifier = Verifier(ACCOUNTS, ALGORITHM, max_age=MAX_AGE)
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


def claims_by_keys(bearer: Bearer) -> dict[str, Any]:
    """Verify an access token, and return its claims.

    The verifier also rejects the token of a user who must set up a second factor first.
    """
    try:
        return verifier.claims(bearer.credentials)
    except InvalidToken as error:
        raise HTTPException(401, headers={"WWW-Authenticate": error.www_authenticate}) from None
    except (KeysUnavailable, RevocationsUnavailable):
        raise HTTPException(503, "The token could not be verified") from None


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
    # The token of an application is active too, for another audience. An API key has no audience.
    is_login = introspection["active"] and introspection.get("aud") == "credential-service"
    if not is_login or introspection["token_type"] != "Bearer":
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


@app.get("/health")
def health() -> dict[str, float | None]:
    """Report the age of the list of revoked sessions in seconds, for monitoring."""
    return {"age_of_revocations": verifier.revocations and verifier.revocations.age}


@app.post("/payments", status_code=201)
def pay(person: Annotated[dict[str, Any], Depends(requires(acr="aal2", max_age=300))]) -> dict[str, Any]:
    return {"paid_by": person["email"]}
