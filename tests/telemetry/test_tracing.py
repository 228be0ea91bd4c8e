"""Traces are sent if configured, by route template and without input."""

from contextlib import closing

import main
from databases import SQLITE_ONLY
from operations import migrations
from people import Client
from servers import InProcess
from telemetry import tracing
from tests.telemetry.test_sentry import Collector


@SQLITE_ONLY
def test_request_is_one_span_with_its_route_and_no_query(service, alice, configure):
    with closing(Collector()) as collector:
        configure(otel_exporter_otlp_endpoint=collector.url)
        traced = InProcess(main.create_app(), service.mailbox)
        headers = {"Cookie": "x=cookie-canary-4711", "User-Agent": "agent-canary-4711"}
        client = Client(traced.url, alice.client.token, headers)
        assert client.get("/users/me/sessions?token=query-canary-4711").status_code == 200
        client.get("/docs/assets/path-canary-4711")
        client.post("/auth/login", {"email": alice.email, "password": alice.password})
        traced.close()  # which sends the remaining spans
        migrations.migrate()  # the service of the other tests continues
        sent = collector.everything(b"/auth/login")
    assert b"GET /users/me/sessions" in sent
    assert b"credential-service" in sent
    for secret in ("canary", alice.client.token, alice.password, alice.email, alice.name):
        assert secret.encode() not in sent


def test_tracing_is_disabled_by_default():
    """That nothing of it is imported then: tests/core/test_capability.py."""
    assert not any(tracing.begin()[kind] for kind in ("tracing", "metrics", "logs", "auto_configure"))
