"""A session: its tokens, shown with each call, and refreshed once when they have expired."""

import json
import re
import threading
import time
from collections.abc import Generator
from typing import Any

import httpx

from .problem import Problem, body_of, problem_of

BEGINS = re.compile(r"/(auth/(signup|login|mfa|passkeys|refresh)|oauth/exchange)$")
TAKES_DEVICE = re.compile(r"/(auth/(login|passkeys)|oauth/exchange)$")
RENEWS = re.compile(r"/auth/reauthenticate$")
SIGNS_OUT = re.compile(r"/auth/logout(-all)?$")
ENDS = re.compile(r"POST .*/auth/logout(-all)?$|DELETE .*/users/me$")
RENEW_SECONDS_BEFORE = 5

Begun = Generator[httpx.Request, httpx.Response, tuple[httpx.Response, dict[str, Any] | None]]
Renewal = Generator[httpx.Request, httpx.Response, dict[str, Any] | None]


class Session(httpx.Auth):
    """`tokens` is the last answer that held some, or None. Keep it, and give it back, to go on in another process.

    `device_token` is that of a trusted device, which skips the second factor. Each login replaces it: keep it too.
    """

    requires_request_body = True

    def __init__(self, url: str, tokens: dict[str, Any] | None = None, device_token: str | None = None) -> None:
        self.tokens, self.device_token = tokens, device_token
        self._url = url
        self._turn = threading.Lock()
        self._due = time.monotonic() + (tokens["expires_in"] if tokens else 0)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if BEGINS.search(request.url.path):
            _, body = yield from self._begun(self._from_device(request))
            if body:
                self._keep(body)
            return
        before = self.tokens
        if before and time.monotonic() > self._due - RENEW_SECONDS_BEFORE:
            before = yield from self._in_date(before, request)
        response = yield self._signed(request, before)
        if before and response.status_code == 401 and _is_refused(response):
            yield from self._renewed(before)
            if anew := self._now_of(before):
                response = yield self._signed(request, anew)
        if before and response.is_success and RENEWS.search(request.url.path):
            response.read()
            self._raise(body_of(response), before)
        ends = ENDS.match(f"{request.method} {request.url.path}")
        if ends and response.is_success and before and self._now_of(before):
            self.tokens = None

    def _now_of(self, before: dict[str, Any]) -> dict[str, Any] | None:
        """Never repeat a request of one user as another user, who may have logged in meanwhile."""
        now = self.tokens
        return now if now and now.get("user_id") == before.get("user_id") else None

    def _in_date(self, before: dict[str, Any], request: httpx.Request) -> Renewal:
        """The tokens renewed, or None where the session is over: there are calls that need none."""
        try:
            yield from self._renewed(before)
        except Problem as problem:
            if problem.code != "invalid_refresh_token" or SIGNS_OUT.search(request.url.path):
                raise
        return self._now_of(before)

    def _renewed(self, before: dict[str, Any]) -> Generator[httpx.Request, httpx.Response, None]:
        with self._turn:
            if self.tokens is not before:
                return  # another thread was first
            body = {"refresh_token": before["refresh_token"]}
            response, renewed = yield from self._begun(httpx.Request("POST", f"{self._url}/auth/refresh", json=body))
            problem = None if response.is_success else Problem(response)
            if self.tokens is before:  # nobody has logged in or out meanwhile
                if renewed:
                    self._keep(renewed)
                # Only this says that the session is over. A service that is away, or busy, says nothing about it.
                elif problem and problem.code == "invalid_refresh_token":
                    self.tokens = None
        if problem:
            raise problem

    @staticmethod
    def _begun(request: httpx.Request) -> Begun:
        """The answer, and its body where it holds tokens. Raises Problem for one that is not of the service."""
        response = yield request
        response.read()
        if not response.is_success:
            return response, None
        body = body_of(response)
        if not body:
            raise Problem(response)
        return response, body if "access_token" in body else None

    def _from_device(self, request: httpx.Request) -> httpx.Request:
        """Return the request with the token of a trusted device, if there is one."""
        if not (self.device_token and TAKES_DEVICE.search(request.url.path)):
            return request
        headers = httpx.Headers(request.headers)
        del headers["Content-Length"]
        body = {"device_token": self.device_token, **json.loads(request.content)}
        return httpx.Request(request.method, request.url, headers=headers, json=body)

    def _raise(self, body: dict[str, Any], before: dict[str, Any]) -> None:
        """Keep the access token of a re-authentication. The refresh token stays."""
        with self._turn:
            if "access_token" in body and (now := self._now_of(before)):
                self._keep({**now, **body})

    def _keep(self, tokens: dict[str, Any]) -> None:
        self.device_token = tokens.get("device_token") or self.device_token
        self.tokens, self._due = tokens, time.monotonic() + tokens["expires_in"]

    @staticmethod
    def _signed(request: httpx.Request, tokens: dict[str, Any] | None) -> httpx.Request:
        if tokens:
            request.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        return request


def _is_refused(response: httpx.Response) -> bool:
    response.read()
    return Problem(response).code == "not_authenticated"


class Http(httpx.Client):
    """Raises a Problem for every answer that is not what was asked for."""

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        """Raises ValueError where a value would make another call of it: `DELETE /users/me/sessions/..` that of the account."""
        for part in str(url).split("/")[1:]:
            if part in ("", ".", "..") and url != "/":
                raise ValueError(f'"{part}" cannot be part of an address: {url}')
        return super().build_request(method, url, **options)

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        try:
            response = super().send(request, **options)
        except httpx.TransportError:
            raise Problem() from None
        except Problem as problem:
            if problem.status == 401 and SIGNS_OUT.search(request.url.path):
                return httpx.Response(204, request=request)  # a session that has ended is signed out
            raise
        if response.is_error:
            response.read()
            raise problem_of(response)
        return response
