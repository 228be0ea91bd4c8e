"""Verify access tokens in another service with the published keys. Requires `credential-client[verifier]`.

verifier = Verifier("https://id.example.com")
for_payments = requires(acr="aal2", max_age=300)

claims = for_payments(verifier.claims(request.headers.get("Authorization")))
"""

import time
from collections.abc import Callable
from typing import Any

import jwt

from .revocations import Revocations, RevocationsUnavailable

__all__ = ["Claims", "InvalidToken", "KeysUnavailable", "RevocationsUnavailable", "Verifier", "requires"]
Claims = dict[str, Any]
SECONDS_AFTER_A_FAILURE = 1.0  # until the keys are requested again
REQUIRED = ["iss", "aud", "sub", "exp", "iat"]


class InvalidToken(Exception):
    """The access token is not valid. Respond with `status` and the header `WWW-Authenticate: {www_authenticate}`."""

    status = 401

    def __init__(self, message: str, www_authenticate: str = 'Bearer error="invalid_token"') -> None:
        super().__init__(message)
        self.www_authenticate = www_authenticate


class KeysUnavailable(Exception):
    """The keys could not be downloaded. Respond with 503."""


class _Keys(jwt.PyJWKClient):
    """The published keys. PyJWT bounds requests for unknown keys after a successful request, this class after others.

    Otherwise each token would wait for its own timeout while the service is out of reach.
    """

    _failed_at = float("-inf")

    def fetch_data(self) -> Any:
        if time.monotonic() - self._failed_at < SECONDS_AFTER_A_FAILURE:
            raise jwt.PyJWKClientConnectionError("The keys could not be downloaded a moment ago.")
        try:
            return super().fetch_data()
        except jwt.PyJWKClientError:
            self._failed_at = time.monotonic()
            raise


class Verifier:
    """Verifies access tokens, without a request for each. Instances are thread-safe.

    url: the PUBLIC_BASE_URL of the service.
    algorithm: its ALGORITHM.
    follow_revocations: whether to reject tokens whose session has ended. A background thread follows the list of them,
        so a token stops working within a few seconds of the logout (REVOCATION_FEED_SECONDS). It starts with the first
        token, or with `revocations.start()`. Without it, a token works until it expires.
    max_age: the maximum age of that list in seconds, if it cannot be updated. None: no limit.
    """

    def __init__(
        self, url: str, algorithm: str = "ES256", *, follow_revocations: bool = True, max_age: float | None = 60
    ) -> None:
        self._url, self._algorithm = url, algorithm
        self._keys = _Keys(f"{url}/.well-known/jwks.json", timeout=5)
        self.revocations = Revocations(url, algorithm, self._keys, max_age) if follow_revocations else None

    def claims(self, authorization: str | None) -> Claims:
        """Return the claims of a valid access token, with or without the `Bearer ` prefix.

        Raises InvalidToken, KeysUnavailable, RevocationsUnavailable.
        """
        token = (authorization or "").removeprefix("Bearer ").strip()
        if not token:
            raise InvalidToken("The access token is missing.", "Bearer")
        try:
            decoded = jwt.decode_complete(
                token,
                self._keys.get_signing_key_from_jwt(token),
                algorithms=[self._algorithm],
                options={"require": REQUIRED},
                audience="credential-service",
                issuer=self._url,
            )
        except jwt.PyJWKClientConnectionError:
            raise KeysUnavailable from None
        except jwt.PyJWTError as error:
            raise InvalidToken(str(error)) from None
        claims: Claims = decoded["payload"]
        if decoded["header"].get("typ") != "at+jwt":
            raise InvalidToken("This is not an access token.")
        if claims.get("enrolment"):
            raise InvalidToken("The user must set up a second factor first.")
        if self.revocations and self.revocations.revokes(claims):
            raise InvalidToken("The session has ended.")
        return claims


def requires(*, acr: str | None = None, max_age: int | None = None) -> Callable[[Claims], Claims]:
    """Require a strong or recent login (RFC 9470). Returns a function that takes the claims of a token.

    That function raises InvalidToken with a challenge for the client if the claims are not enough.

    acr: `aal2` for two factors.
    max_age: maximum number of seconds since the user authenticated or, with `aal2`, did so with two factors.
    """
    wanted = [f'acr_values="{acr}"'] if acr else []
    wanted += [f"max_age={max_age}"] if max_age is not None else []
    challenge = ", ".join(['Bearer error="insufficient_user_authentication"', *wanted])

    def check(claims: Claims) -> Claims:
        at = claims.get("auth_time", 0)
        if acr == "aal2":
            at = claims.get("acr_time", at)
        is_strong = acr != "aal2" or claims.get("acr") == "aal2"
        if not is_strong or (max_age is not None and time.time() - at > max_age):
            raise InvalidToken("Authenticate again to continue.", challenge)
        return claims

    return check
