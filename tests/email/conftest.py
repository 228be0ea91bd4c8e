"""What the tests of emails share: a worker without patience, and a mail server that is well again after each of them."""

import time
from datetime import timedelta

import pytest

import tables
from delivery import holds, leases, worker


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """What waits for a second elsewhere waits for a twentieth of it here."""
    monkeypatch.setattr(worker, "SECONDS_BETWEEN_POLLS", 0.05)
    monkeypatch.setattr(leases, "FIRST_DELAY", timedelta(seconds=0.05))
    monkeypatch.setattr(leases, "MAX_DELAY", timedelta(seconds=0.4))
    monkeypatch.setattr(holds, "FIRST_DELAY", timedelta(seconds=0.05))
    monkeypatch.setattr(holds, "MAX_DELAY", timedelta(seconds=0.4))


@pytest.fixture(autouse=True)
def _open_again(mailbox):
    """Whatever a test does to the mail server is over with it.

    What others left waiting is forgotten, and no connection of before carries this one's emails.
    """
    tables.forget_outbox()
    deadline = time.monotonic() + 5
    while mailbox.open_connections > 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    yield
    mailbox.closes()
    mailbox.opens()
    mailbox.seconds_to_answer = 0.0
    mailbox.seconds_to_greet = 0.0
    mailbox.answers.clear()
    mailbox.answers_to.clear()
    mailbox.goodbye = "221 Bye"
    tables.forget_outbox()
