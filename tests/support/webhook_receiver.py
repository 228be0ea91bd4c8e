"""A server that receives webhooks, and verifies their signatures by hand (Standard Webhooks)."""

import base64
import hmac
import http.server
import json
import time
from typing import Any, NamedTuple

import http_stubs


class Request(NamedTuple):
    """A request that was received, and when."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def is_signed_with(self, secret: str) -> bool:
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signature = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        return signature in self.headers["webhook-signature"].split(" ")


class Receiver(http.server.ThreadingHTTPServer):
    """Receives requests, and responds with `status`, `answer_headers` and `answer` after `seconds`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.begun = 0  # requests that were received, also those without a response
        self.requests: list[Request] = []
        self.status, self.answer, self.seconds = 200, b"", 0.0
        self.answer_headers: dict[str, str] = {}
        self.url = f"http://127.0.0.1:{self.server_port}/hook"
        http_stubs.serve(self)

    def handle_error(self, *_arguments: Any) -> None:
        """Write nothing: a client may be killed."""

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def about(self, user_id: str, kind: str = "") -> list[Request]:
        """Return the requests about a user, of one type or of all."""
        return [
            each
            for each in list(self.requests)
            if user_id in each.body.decode() and (not kind or each.event["type"] == kind)
        ]

    def wait(self, user_id: str, kind: str = "", count: int = 1) -> list[Request]:
        """Wait for a number of requests about a user, and return all of them."""
        until = time.monotonic() + 15
        while len(found := self.about(user_id, kind)) < count:
            assert time.monotonic() < until, f"{len(found)} requests: {[each.event['type'] for each in self.requests]}"
            time.sleep(0.01)
        return found


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.begun += 1
        time.sleep(self.server.seconds)
        self.server.requests.append(Request(headers, body, time.time()))
        self.send_response(self.server.status)
        for name, value in self.server.answer_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_arguments: Any) -> None:
        """Write nothing."""
