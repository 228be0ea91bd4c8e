"""An OAuth 2.0 server in a thread that can be told to misbehave. `providers` are based on it."""

import base64
import hashlib
import json
import secrets
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import http_stubs

HTML = "text/html; charset=utf-8"


class Answer(NamedTuple):
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


# For `breaks`: invalid responses, by name.
RUBBISH = {
    "html": Answer(200, b"<!DOCTYPE html><h1>Back soon</h1>", {"Content-Type": HTML}),
    "an error page": Answer(500, b"<h1>Internal Server Error</h1>", {"Content-Type": HTML}),
    "nothing": Answer(200),
    "no content": Answer(204),
    "not UTF-8": Answer(200, b'{"access_token": "\xff\xfe", "id_token": "\x80"}'),
    "a list": Answer(200, b"[1, 2, 3]"),
    "a word": Answer(200, b'"yes"'),
    "null": Answer(200, b"null"),
    "NaN": Answer(200, b'{"access_token": NaN, "id_token": Infinity, "id": 1e999}'),
    "a lone surrogate": Answer(200, b'{"access_token": "\\ud800", "id_token": "\\udfff", "sub": "\\ud800"}'),
    "numbers for words": Answer(200, b'{"access_token": 1, "id_token": 2, "issuer": 3, "keys": 4, "sub": 5}'),
    "deep": Answer(200, b'{"access_token":' * 50_000),
    "a long number": Answer(200, b'{"id": ' + b"9" * 100_000 + b"}"),
    "huge": Answer(200, b" " * 8_000_000 + b"{}"),
    "packed": Answer(200, b"not packed at all", {"Content-Encoding": "gzip"}),
}


def moved_to(url: str, status: int = 302) -> Answer:
    return Answer(status, headers={"Location": url})


def changed(document: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with these values; None removes one."""
    kept = {name: value for name, value in document.items() if name not in changes}
    return kept | {name: value for name, value in changes.items() if value is not None}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: Mapping[str, str]

    @property
    def bearer(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")


class Refused(Exception):
    """The request is rejected. The text is the OAuth error code."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        self.close_connection = True
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        query, form = (dict(parse_qsl(text, keep_blank_values=True)) for text in (url.query, body))
        self.server.owner.serves(Request(self.command, url.path, query, form, self.headers), self.wfile.write)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads, block_on_close, request_queue_size = True, False, 128

    def __init__(self, owner: "OAuthServer", port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.owner = owner

    def handle_error(self, *_: Any) -> None:
        """The client has closed the connection, which some tests are about."""


@dataclass(frozen=True)
class Grant:
    """The grant of a code: the user and the authorized request."""

    asked: dict[str, str]
    person: dict[str, Any]


class OAuthServer:
    """Codes, PKCE, and ways to misbehave. `person` is logged in at the server and consents to everything.

    `endpoints` contains the path of each endpoint; the switches, `hits` and `seen` use the same names.
    """

    endpoints: ClassVar[dict[str, str]]
    seconds_a_byte = 0.5

    def __init__(self, *, host: str = "127.0.0.1") -> None:
        """`host`: "localhost" is the same machine, and a different site from 127.0.0.1 to a browser."""
        self.client_id, self.client_secret = f"client-{secrets.token_hex(6)}", secrets.token_urlsafe(32)
        self.hits: Counter[str] = Counter()  # requests, by endpoint
        self.seen: dict[str, Request] = {}  # the last one, by endpoint
        self._grants: dict[str, Grant] = {}  # by code
        self._granted: dict[str, Grant] = {}  # by access token
        self._closing = threading.Event()
        self._server = _Server(self)
        self.url = f"http://{host}:{self._server.server_port}"
        self.person = self.new_person()
        self.behaves()
        self._serves()

    def _serves(self) -> None:
        http_stubs.serve(self._server)

    def close(self) -> None:
        self._closing.set()
        self.goes_down()

    def goes_down(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()

    def comes_up(self) -> None:
        """Listen at the same URL again."""
        self._server = _Server(self, self._server.server_port)
        self._serves()

    def behaves(self) -> None:
        """Behave correctly from now on, and release hanging requests."""
        self.says_no: str | None = None  # the error with which the user or the provider declines
        self.changes_at: dict[str, dict[str, Any]] = {}  # other values in the JSON of an endpoint; None removes one
        self.hangs: set[str] = set()  # endpoints that accept a request and do not respond
        self.drips: set[str] = set()  # endpoints that send a byte every half second
        self.breaks: dict[str, tuple[Any, ...]] = {}  # endpoints that send this Answer instead: status, body, headers

    def new_person(self, **claims: Any) -> dict[str, Any]:
        """Log another user in at the server. All claims are the same at each endpoint; None removes one."""
        sub = self._new_subject()
        person = {"sub": sub, "email": f"person-{sub}@example.com", "email_verified": True, "name": f"Person {sub}"}
        self.person = changed(person, claims)
        return self.person

    def _new_subject(self) -> str:
        return str(secrets.randbelow(10**15) + 10**15)

    # ------------------------------------------------------------------------------------------------------------ HTTP

    def serves(self, request: Request, write: Callable[[bytes], Any]) -> None:
        name = self._name_of(request.path)
        self.hits[name] += 1
        self.seen[name] = request
        while name in self.hangs and not self._closing.wait(0.01):
            pass
        if self._closing.is_set():
            return
        status, body, headers = self._answer(name, request)
        headers = {"Content-Type": "application/json", **headers, "Content-Length": len(body), "Connection": "close"}
        head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
        for piece in self._pieces(name, f"HTTP/1.1 {status} .\r\n{head}\r\n".encode() + body):
            write(piece)

    def _name_of(self, path: str) -> str:
        return path

    def _pieces(self, name: str, everything: bytes) -> Any:
        while everything and name in self.drips and not self._closing.is_set():
            yield everything[:1]
            everything = everything[1:]
            self._closing.wait(self.seconds_a_byte)
        yield everything

    def _answer(self, name: str, request: Request) -> Answer:
        if name in self.breaks:
            return Answer(*self.breaks[name])
        if name not in self.endpoints:
            return Answer(404, b'{"error": "not_found"}')
        try:
            said = getattr(self, self.endpoints[name])(request)
        except Refused as refusal:
            return self._refusal(request, str(refusal))
        except Exception:  # the server's own error, not the client's
            return Answer(500, traceback.format_exc().encode(), {"Content-Type": "text/plain"})
        if isinstance(said, Answer):
            return said
        return self._written(request, changed(said, self.changes_at.get(name, {})) if isinstance(said, dict) else said)

    def _written(self, _request: Request, said: Any, status: int = 200) -> Answer:
        return Answer(status, json.dumps(said).encode())

    def _refusal(self, request: Request, error: str) -> Answer:
        return self._written(request, {"error": error}, 401 if error in ("invalid_client", "invalid_token") else 400)

    # ---------------------------------------------------------------------------------------------------------- OAuth 2

    def authorize(self, request: Request) -> Answer:
        """The page where a user consents. A request that the service should never make is a 400."""
        asked = request.query
        wrong = [name for name, right in self._demands(asked).items() if not right]
        if wrong:
            return Answer(400, f"wrong or missing: {', '.join(wrong)}".encode(), {"Content-Type": "text/plain"})
        if self.says_no:
            fields = {"error": self.says_no, "error_description": "The person said no."}
        else:
            fields = {"code": secrets.token_urlsafe(24)}
            self._grants[fields["code"]] = Grant(asked, dict(self.person))
        fields = {**fields, "state": asked["state"], **self._beside_the_code(asked)}
        return self._sent_back(asked, changed(fields, self.changes_at.get(self._name_of(request.path), {})))

    def _demands(self, asked: dict[str, str]) -> dict[str, bool]:
        to = urlsplit(asked.get("redirect_uri", ""))
        return {
            "client_id": asked.get("client_id") == self.client_id,
            "response_type": asked.get("response_type") == "code",
            "redirect_uri": to.scheme in ("http", "https") and bool(to.netloc),
            "state": len(asked.get("state", "")) >= 16,
            "code_challenge": len(asked.get("code_challenge", "")) == 43,
            "code_challenge_method": asked.get("code_challenge_method") == "S256",
        }

    def _beside_the_code(self, _asked: dict[str, str]) -> dict[str, str]:
        return {}

    def _sent_back(self, asked: dict[str, str], fields: dict[str, str]) -> Answer:
        glue = "&" if urlsplit(asked["redirect_uri"]).query else "?"
        return moved_to(f"{asked['redirect_uri']}{glue}{urlencode(fields)}")

    def token(self, request: Request) -> dict[str, Any]:
        """Return the grant of a code, once."""
        form = request.form
        if not self._is_the_client(request):
            raise Refused("invalid_client")
        if form.get("grant_type") != "authorization_code":
            raise Refused("unsupported_grant_type")
        grant = self._grants.pop(form.get("code", ""), None)
        if not grant or form.get("redirect_uri") != grant.asked["redirect_uri"] or not self._is_proven(grant, form):
            raise Refused("invalid_grant")
        access_token = secrets.token_urlsafe(32)
        self._granted[access_token] = grant
        return {"access_token": access_token, "token_type": "Bearer", "expires_in": 3600, **self._beside(grant)}

    def _is_the_client(self, request: Request) -> bool:
        return self._is_right(request.form.get("client_id", ""), request.form.get("client_secret", ""))

    def _is_right(self, client_id: str, client_secret: str) -> bool:
        return (client_id, client_secret) == (self.client_id, self.client_secret)

    def _is_proven(self, grant: Grant, form: dict[str, str]) -> bool:
        """Verify PKCE (RFC 7636, 4.6)."""
        return grant.asked["code_challenge"] == base64url(
            hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        )

    def _beside(self, grant: Grant) -> dict[str, Any]:
        return {"scope": grant.asked["scope"]}

    def _owner(self, access_token: str) -> dict[str, Any]:
        if access_token not in self._granted:
            raise Refused("invalid_token")
        return self._granted[access_token].person


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
