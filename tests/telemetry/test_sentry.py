"""Sentry events, read from the wire: kind and location of the error, and ids, without personal data or input."""

import gzip
import json
import secrets
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import http_stubs
from accounts import password_changes
from databases import SQLITE_ONLY
from people import Client, new_password, refusal
from servers import production
from settings.loading import read
from settings.sources import InvalidSettings
from telemetry import sentry
from web import middleware


class Collector:
    """A Sentry server that stores every byte it receives."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                packed = self.headers.get("content-encoding") == "gzip"
                outer.heard.append(str(self.headers).encode() + (gzip.decompress(body) if packed else body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        http_stubs.serve(self._server)

    def everything(self, containing: bytes = b"", seconds: float = 60) -> bytes:
        deadline = time.monotonic() + seconds
        while containing not in b"\n".join(self.heard) or not self.heard:
            assert time.monotonic() < deadline, self.heard
            time.sleep(0.02)
        return b"\n".join(self.heard)

    def close(self) -> None:
        self._server.shutdown()


@pytest.fixture
def collector(service, configure):
    with closing(Collector()) as running:
        configure(sentry_dsn=running.url.replace("://", "://key@") + "/7")
        sentry.begin("1.2.3")
        yield running
        sentry.end()


@SQLITE_ONLY
def test_unexpected_error_is_reported_without_input(service, alice, collector, monkeypatch):
    def breaks(_db, _caller, _who, body):
        a_local_variable = f"local-{body.old_password}"
        raise RuntimeError(f"unexpected: {a_local_variable} {body.new_password}")

    monkeypatch.setattr(password_changes, "change_password", breaks)
    hidden = {"password": alice.password, "new": new_password(), "query": secrets.token_hex(), "cookie": secrets.token_hex(), "agent": secrets.token_hex()}  # fmt: skip
    client = Client(service.url, alice.client.token, {"Cookie": f"x={hidden['cookie']}", "User-Agent": hidden["agent"]}, allowed=[500])  # fmt: skip
    body = {"old_password": hidden["password"], "new_password": hidden["new"]}
    answer = client.post(f"/auth/change-password?token={hidden['query']}", body)
    assert refusal(answer) == (500, "internal_error")
    sent = collector.everything(b"RuntimeError")
    for what, canary in {**hidden, "token": alice.client.token, "address": alice.email}.items():
        assert canary.encode() not in sent, what
    assert b"127.0.0.1" not in sent.partition(b'{"event_id"')[2]
    event = json.loads(next(line for line in sent.splitlines() if b'"exception"' in line))
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("RuntimeError", "see the log")
    assert error["stacktrace"]["frames"][-1]["function"] == "breaks"
    assert not [frame for frame in error["stacktrace"]["frames"] if "vars" in frame]
    assert event["tags"]["request_id"] == answer.headers["x-request-id"]
    assert event["user"] == {"id": alice.user_id}
    assert (event["release"], event["environment"]) == ("1.2.3", "development")


@SQLITE_ONLY
def test_logged_error_is_reported_by_its_event_name_only(collector):
    middleware.log.error("mail given up", mail=4711, error="550 no such mailbox: canary@example.com")
    sent = collector.everything(b"mail given up")
    assert b"canary" not in sent


@SQLITE_ONLY
def test_service_error_is_not_reported(service, alice, anonymous, collector):
    anonymous.get("/users/me")
    alice.can_log_in_with("wrong")
    alice.client.post("/auth/login", {"nothing": 1})
    middleware.log.error("the last one")
    assert collector.everything(b"the last one").count(b'"event_id"') <= 2  # the envelope's, and the event's


@pytest.mark.parametrize("name", ["SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_malformed_dsn_is_a_warning_in_development_and_stops_production(name):
    found = read({"JWT_SECRET": "kJ8sH2lQ0zPw7vXc4bNm1aSd5fGh6jKlqWeRtY", name: "canary-4711"})
    assert getattr(found, name.lower()) == ""
    (warning,) = found.warnings
    assert warning.startswith(f"{name}: must be")
    assert "canary" not in warning
    with pytest.raises(InvalidSettings) as refused:
        read(production(**{name: "canary-4711"}))
    assert refused.value.lines == (warning,)


def test_valid_dsn_is_accepted():
    for dsn in ("https://0123abcd@o1.ingest.sentry.io/4711", "http://key:secret@sentry.example.com/path/1"):
        assert read({"SENTRY_DSN": dsn, "JWT_SECRET": "kJ8sH2lQ0zPw7vXc4bNm1aSd5fGh6jKlqWeRtY"}).sentry_dsn == dsn
