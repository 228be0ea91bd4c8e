"""Figures of the login flow for Google Analytics: which ones are sent, and that they contain nothing personal."""

import http.server
import json
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy

import database
import http_stubs
import models
from delivery import holds
from operations import cleanup
from settings import events
from webhooks import analytics
from webhooks.models import AnalyticsHit


class Google(http.server.ThreadingHTTPServer):
    """Receives what is sent to the Measurement Protocol."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hits, self.queries, self.status = [], [], 204
        self.url = f"http://127.0.0.1:{self.server_port}"
        http_stubs.serve(self)


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.queries.append(parse_qs(urlsplit(self.path).query))
        if self.server.status < 300:
            self.server.hits.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def google(service, configure):
    server = Google()
    configure(analytics="ga4", ga4_measurement_id="G-ABC", ga4_api_secret="secret", ga4_base_url=server.url)
    database.write_only(sqlalchemy.delete(AnalyticsHit))
    worker = analytics.worker()
    worker.start()
    yield server
    worker.stop()
    server.shutdown()
    server.server_close()
    holds.lift(analytics.QUEUE.name)


def wait_for(google, *names, count=0):
    """Wait until these figures and this number of them have been received, and return all by name."""
    until = time.monotonic() + 15
    while len(google.hits) < count or not set(names) <= {each["events"][0]["name"] for each in google.hits}:
        assert time.monotonic() < until, google.hits
        time.sleep(0.02)
    return {each["events"][0]["name"]: each for each in google.hits}


def test_steps_are_sent_without_personal_data(google, alice, anonymous):
    alice.client.post("/auth/login", {"email": alice.email, "password": "wrong password"})
    anonymous.post("/auth/login", {"email": "nobody@example.com", "password": "wrong password"})
    alice.log_in()
    found = wait_for(google, "sign_up", "login_failed", "login", count=4)
    assert found["login_failed"]["events"][0]["params"] == {"reason": "invalid_credentials"}
    assert google.queries[0] == {"measurement_id": ["G-ABC"], "api_secret": ["secret"]}
    assert len({each["client_id"] for each in google.hits}) == len(google.hits) == 4
    assert {frozenset(each) for each in google.hits} == {
        frozenset({"client_id", "timestamp_micros", "consent", "events"})
    }
    sent = json.dumps(google.hits)
    assert not [each for each in (alice.email, alice.user_id, "alice", "127.0.0.1") if each in sent]


def test_outage_of_google_delays_nothing_and_loses_nothing(google, alice, clock):
    google.status = 500
    alice.log_in()
    until = time.monotonic() + 15
    while not google.queries:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert alice.client.get("/users/me").status_code == 200
    google.status = 204
    clock.shift(120)
    analytics.queued.send()
    wait_for(google, "sign_up", "login")


def test_figures_are_deleted(google, alice, clock):
    alice.log_in()
    wait_for(google, "login")
    clock.shift(timedelta(days=8).total_seconds())
    cleanup.run()
    old = sqlalchemy.select(AnalyticsHit.id).where(AnalyticsHit.queued_at < models.now() - timedelta(days=7))
    assert database.read_all(old) == []


def test_settings_are_required_together():
    class Found:
        analytics, ga4_measurement_id, ga4_api_secret = "ga4", "G-ABC", ""

    assert events.violations(Found) == ["GA4_API_SECRET: is not set; ANALYTICS=ga4 needs it"]
