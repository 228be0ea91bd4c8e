"""The session of a client, which sends the access token with each request, and refreshes it when it has expired."""

import json
import re
import threading
import time
from collections.abc import Generator
from typing import Any

import httpx

from .problem import Problem, body_of, problem_of

STARTS_SESSION = re.compile(
    r"/(auth/(signup|login|mfa|passkeys|passkeys/signup|magic-link/confirm|refresh)|oauth/exchange)$"
)
ACCEPTS_DEVICE_TOKEN = re.compile(r"/(auth/(login|passkeys|magic-link/confirm)|oauth/exchange)$")
REAUTHENTICATES = re.compile(r"/auth/reauthenticate$")
LOGS_OUT = re.compile(r"/auth/logout(-all)?$")
ENDS_SESSION = re.compile(r"POST .*/auth/logout(-all)?$|DELETE .*/users/me$")
REFRESH_SECONDS_BEFORE_EXPIRY = 5

TokenRequest = Generator[httpx.Request, httpx.Response, tuple[httpx.Response, dict[str, Any] | None]]
Refresh = Generator[httpx.Request, httpx.Response, dict[str, Any] | None]


class Session(httpx.Auth):
    """The tokens of the logged-in user, shared by all threads.

    tokens: the last response that contained tokens, or None. To continue the session in another process, store it and
        pass it to `Service`.
    device_token: the token of a trusted device, which skips the second factor. Each login replaces it, so store it too.
    """

    requires_request_body = True

    def __init__(self, url: str, tokens: dict[str, Any] | None = None, device_token: str | None = None) -> None:
        self.tokens, self.device_token = tokens, device_token
        self._url = url
        self._lock = threading.Lock()
        self._expires_at = time.monotonic() + (tokens["expires_in"] if tokens else 0)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if STARTS_SESSION.search(request.url.path):
            _, body = yield from self._request_tokens(self._with_device_token(request))
            if body:
                self._store(body)
            return
        before = self.tokens
        if before and time.monotonic() > self._expires_at - REFRESH_SECONDS_BEFORE_EXPIRY:
            before = yield from self._fresh(before, request)
        response = yield self._authenticate(request, before)
        if before and response.status_code == 401 and _is_not_authenticated(response):
            yield from self._refresh(before)
            if refreshed := self._same_user(before):
                response = yield self._authenticate(request, refreshed)
        if before and response.is_success and REAUTHENTICATES.search(request.url.path):
            response.read()
            self._store_reauthentication(body_of(response), before)
        ends = ENDS_SESSION.match(f"{request.method} {request.url.path}")
        if ends and response.is_success and before and self._same_user(before):
            self.tokens = None

    def _same_user(self, before: dict[str, Any]) -> dict[str, Any] | None:
        """Return the current tokens if they belong to the same user. Another user may have logged in since."""
        current = self.tokens
        return current if current and current.get("user_id") == before.get("user_id") else None

    def _fresh(self, before: dict[str, Any], request: httpx.Request) -> Refresh:
        """Return refreshed tokens, or None if the session has ended: some requests need no session."""
        try:
            yield from self._refresh(before)
        except Problem as problem:
            if problem.code != "invalid_refresh_token" or LOGS_OUT.search(request.url.path):
                raise
        return self._same_user(before)

    def _refresh(self, before: dict[str, Any]) -> Generator[httpx.Request, httpx.Response, None]:
        with self._lock:
            if self.tokens is not before:
                return  # another thread has already refreshed them
            body = {"refresh_token": before["refresh_token"]}
            request = httpx.Request("POST", f"{self._url}/auth/refresh", json=body)
            response, refreshed = yield from self._request_tokens(request)
            problem = None if response.is_success else Problem(response)
            if self.tokens is before:  # no user has logged in or out since
                if refreshed:
                    self._store(refreshed)
                # Only this error means that the session has ended. During an outage or overload, the session remains.
                elif problem and problem.code == "invalid_refresh_token":
                    self.tokens = None
        if problem:
            raise problem

    @staticmethod
    def _request_tokens(request: httpx.Request) -> TokenRequest:
        """Return the response, and its body if it contains tokens. Raises Problem if the body is not JSON."""
        response = yield request
        response.read()
        if not response.is_success:
            return response, None
        body = body_of(response)
        if not body:
            raise Problem(response)
        return response, body if "access_token" in body else None

    def _with_device_token(self, request: httpx.Request) -> httpx.Request:
        """Add the token of the trusted device to a login request, if there is one."""
        if not (self.device_token and ACCEPTS_DEVICE_TOKEN.search(request.url.path)):
            return request
        headers = httpx.Headers(request.headers)
        del headers["Content-Length"]
        body = {"device_token": self.device_token, **json.loads(request.content)}
        return httpx.Request(request.method, request.url, headers=headers, json=body)

    def _store_reauthentication(self, body: dict[str, Any], before: dict[str, Any]) -> None:
        """Store the access token of a re-authentication. The refresh token does not change."""
        with self._lock:
            if "access_token" in body and (current := self._same_user(before)):
                self._store({**current, **body})

    def _store(self, tokens: dict[str, Any]) -> None:
        self.device_token = tokens.get("device_token") or self.device_token
        self.tokens, self._expires_at = tokens, time.monotonic() + tokens["expires_in"]

    @staticmethod
    def _authenticate(request: httpx.Request, tokens: dict[str, Any] | None) -> httpx.Request:
        if tokens:
            request.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        return request


def _is_not_authenticated(response: httpx.Response) -> bool:
    response.read()
    return Problem(response).code == "not_authenticated"


class Http(httpx.Client):
    """An HTTP client that raises a Problem if a request fails."""

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        """Build a request. Raises ValueError if a path parameter would change the route.

        For example, `DELETE /users/me/sessions/..` would delete the account.
        """
        for part in str(url).split("/")[1:]:
            if part in ("", ".", "..") and url != "/":
                raise ValueError(f'"{part}" cannot be part of a URL: {url}')
        return super().build_request(method, url, **options)

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        try:
            response = super().send(request, **options)
        except httpx.TransportError:
            raise Problem() from None
        except Problem as problem:
            if problem.status == 401 and LOGS_OUT.search(request.url.path):
                return httpx.Response(204, request=request)  # the session has already ended
            raise
        if response.is_error:
            response.read()
            raise problem_of(response)
        return response
