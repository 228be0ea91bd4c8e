"""The time of a response does not show whether an email address has an account."""

import time

import pytest

from core import response_times
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from passwordless import login_flow
from people import Client, at_once, new_email, new_password, statuses

REQUESTS = {
    "sign-up": ("/auth/signup", lambda email: {"email": email, "password": new_password()}, 202),
    "reset": ("/auth/reset-password/request", lambda email: {"email": email}, 202),
    "verification email": ("/auth/resend-verification", lambda email: {"email": email}, 202),
    "code": ("/auth/verify-email", lambda email: {"email": email, "code": "123456"}, 400),
    "login link": ("/auth/magic-link", lambda email: {"email": email}, 202),
    "code of a login link": (
        "/auth/magic-link/confirm",
        lambda email: {"email": email, "code": "1234567", "flow": login_flow.issue(email)},
        400,
    ),
}


@pytest.fixture
def slow(configure, monkeypatch, equal_response_times):
    """Make the wait long enough to be told apart from the work."""
    configure(email_verification="required")
    monkeypatch.setattr(response_times, "SECONDS_UNTIL_RESPONSE", 0.4)


def timed(client, path, body, status):
    begun = time.monotonic()
    assert client.post(path, body).status_code == status
    return time.monotonic() - begun


@SQLITE_ONLY
@pytest.mark.parametrize("kind", REQUESTS)
def test_known_and_unknown_email_addresses_wait_alike(service, alice, bob, slow, kind):
    path, body, status = REQUESTS[kind]
    for email in (alice.email, bob.email, new_email()):
        assert timed(Client(service.url), path, body(email), status) >= 0.4


@SQLITE_ONLY
def test_a_new_email_address_waits_alike_whether_or_not_it_is_taken(alice, bob, amy, slow):
    for new in (amy.email, bob.email, new_email()):
        body = {"new_email": new, "password": alice.password}
        assert timed(alice.client, "/users/me/email", body, 202) >= 0.4


@POSTGRESQL_ONLY
def test_waiting_takes_neither_a_thread_nor_a_connection(service, alice, slow):
    begun = time.monotonic()
    asks = [lambda: Client(service.url).post("/auth/reset-password/request", {"email": new_email()})] * 60
    assert statuses(at_once(*asks)) == [202] * 60
    assert time.monotonic() - begun < 4


@SQLITE_ONLY
def test_other_requests_do_not_wait(service, alice, slow, configure):
    configure(email_verification="optional")
    changed = {"old_password": alice.password, "new_password": new_password()}
    assert timed(alice.client, "/auth/change-password", changed, 200) < 0.4
    body = {"email": new_email(), "password": new_password()}
    assert timed(Client(service.url), "/auth/signup", body, 201) < 0.4
