"""A session: its tokens, shown with each call, and refreshed once when they have expired."""

import re
import threading
import time
from collections.abc import Generator
from typing import Any

import httpx

from .problem import Problem

BEGINS = re.compile(r"/(auth/(signup|login|refresh)|oauth/exchange)$")
ENDS = re.compile(r"POST .*/auth/logout(-all)?$|DELETE .*/users/me$")
RENEW_SECONDS_BEFORE = 5

Flow = Generator[httpx.Request, httpx.Response, httpx.Response]


class Session(httpx.Auth):
    """`tokens` is the last answer that held some, or None. Keep it, and give it back, to go on in another process."""

    def __init__(self, url: str, tokens: dict[str, Any] | None = None) -> None:
        self.tokens = tokens
        self._url = url
        self._turn = threading.Lock()
        self._due = time.monotonic() + (tokens["expires_in"] if tokens else 0)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if BEGINS.search(request.url.path):
            yield from self._begun(request)
            return
        before = self.tokens
        if before and time.monotonic() > self._due - RENEW_SECONDS_BEFORE:
            yield from self._renewed(before)
            before = self.tokens
        response = yield self._signed(request, before)
        if before and response.status_code == 401 and _is_refused(response):
            yield from self._renewed(before)
            response = yield self._signed(request, self.tokens)
        if response.is_success and ENDS.match(f"{request.method} {request.url.path}"):
            self.tokens = None

    def _renewed(self, before: dict[str, Any]) -> Generator[httpx.Request, httpx.Response, None]:
        with self._turn:
            if self.tokens is not before:
                return  # another thread was first
            body = {"refresh_token": before["refresh_token"]}
            response = yield from self._begun(httpx.Request("POST", f"{self._url}/auth/refresh", json=body))
        if response.is_success:
            return
        problem = Problem(response)
        # Only this says that the session is over. A service that is away, or busy, says nothing about it.
        if problem.code == "invalid_refresh_token":
            self.tokens = None
        raise problem

    def _begun(self, request: httpx.Request) -> Flow:
        response = yield request
        response.read()
        if response.is_success and "access_token" in (body := response.json()):
            self.tokens, self._due = body, time.monotonic() + body["expires_in"]
        return response

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
            if problem.status == 401 and ENDS.match(f"POST {request.url.path}"):
                return httpx.Response(204, request=request)  # a session that has ended is signed out
            raise
        if response.is_error:
            raise Problem(response)
        return response
