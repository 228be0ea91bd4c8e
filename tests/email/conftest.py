"""Fixtures for the email tests: a fast worker, and a mail server that is reset after each test."""

import time
from datetime import timedelta

import pytest

import tables
from delivery import holds, leases


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Shorten the waits after a failure to a twentieth."""
    monkeypatch.setattr(leases, "FIRST_DELAY", timedelta(seconds=0.05))
    monkeypatch.setattr(leases, "MAX_DELAY", timedelta(seconds=0.4))
    monkeypatch.setattr(holds, "FIRST_DELAY", timedelta(seconds=0.05))
    monkeypatch.setattr(holds, "MAX_DELAY", timedelta(seconds=0.4))


@pytest.fixture(autouse=True)
def _open_again(mailbox):
    """Reset what a test did to the mail server.

    Emails of other tests are dropped, and no earlier connection carries this test's emails.
    """
    tables.forget_outbox()
    deadline = time.monotonic() + 5
    while mailbox.open_connections > 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    yield
    mailbox.close()
    mailbox.open()
    mailbox.seconds_to_answer = 0.0
    mailbox.seconds_to_greet = 0.0
    mailbox.answers.clear()
    mailbox.answers_to.clear()
    mailbox.goodbye = "221 Bye"
    tables.forget_outbox()
