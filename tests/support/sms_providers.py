"""Servers that receive text messages: Twilio's API as documented, and a gateway of an operator."""

import base64
import http.server
import json
import re
import time
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import http_stubs
from settings.loading import settings

ACCOUNT, TOKEN, SENDER = "AC" + "0" * 32, "a token of Twilio", "+15005550006"


class Message(NamedTuple):
    to: str
    text: str
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The code in the last line, which a browser fills in."""
        found = re.search(r"^@\S+ #(\d{6})\Z", self.text, re.M)
        assert found, self.text
        return found[1]


class Receiver(http.server.ThreadingHTTPServer):
    """Receives messages. `answer`: the status and body of the next responses, instead of accepting the messages.

    refused: the number of these responses.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[Message] = []
        self.answer: tuple[int, Any] | None = None
        self.refused, self.seconds = 0, 0.0
        self.url = f"http://127.0.0.1:{self.server_port}"
        http_stubs.serve(self)

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def wait_for_refusal(self) -> None:
        """Wait until a request was answered with `answer`."""
        until = time.monotonic() + 15
        while not self.refused:
            assert time.monotonic() < until
            time.sleep(0.01)

    def to(self, number: str, count: int = 1) -> Message:
        """Wait for a number of messages to a number, and return the newest."""
        until = time.monotonic() + 15
        while len(found := [each for each in self.messages if each.to == number]) < count:
            assert time.monotonic() < until, f"{len(found)} messages to {number}"
            time.sleep(0.01)
        assert len(found) == count
        return found[-1]

    def receive(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Handle a request like the simulated server, and return the response."""
        if self.answer:
            self.refused += 1
            return self.answer
        if path.startswith("/2010-04-01/"):
            return self._as_twilio(path, headers, body)
        sent = json.loads(body)
        self.messages.append(Message(sent["to"], sent["text"], headers, body))
        return 200, {}

    def _as_twilio(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return 404, {"code": 20404, "message": "not found", "status": 404}
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if headers.get("authorization") != f"Basic {expected}":
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if form.get("From") != SENDER:
            return 400, {"code": 21603, "message": "A 'From' phone number is required.", "status": 400}
        if form["To"] == SENDER:
            return 400, {"code": 21266, "message": "'To' and 'From' number cannot be the same", "status": 400}
        if form["To"].endswith("0000"):
            return 400, {"code": 21211, "message": f"Invalid 'To' Phone Number: {form['To']}", "status": 400}
        self.messages.append(Message(form["To"], form["Body"], headers, body))
        return 201, {"sid": "SM" + "0" * 32, "status": "queued", "to": form["To"], "from": SENDER}

    @property
    def twilio(self) -> dict[str, Any]:
        """The settings that send messages to this server as Twilio."""
        return {
            "sms_provider": "twilio",
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": TOKEN,
            "twilio_from": SENDER,
            "twilio_base_url": self.url,
        }

    @property
    def gateway(self) -> dict[str, Any]:
        """The settings that send messages to this server as a gateway."""
        return {"sms_provider": "http", "sms_url": f"{self.url}/send", "sms_secret": settings.sms_secret}


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        time.sleep(self.server.seconds)
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer = self.server.receive(self.path, headers, body)
        encoded = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, *_: Any) -> None:
        pass
