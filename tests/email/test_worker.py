"""The senders of a queue: how many are woken. Nothing polls here."""

import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete

import database
from delivery import polling
from delivery.leases import LeasedQueue
from delivery.worker import NoConnection, Options, Worker, stop_all
from waiting import until
from webhooks.analytics import QUEUE, queued
from webhooks.models import AnalyticsHit


class HeldTransport:
    """Delivers nothing until it is released."""

    def __init__(self):
        self.released, self.rows = threading.Event(), []

    def open(self):
        return NoConnection()

    def deliver(self, _connection, row, _renew):
        self.rows.append(row.id)
        assert self.released.wait(60)

    def count(self, outcome):
        assert outcome == "sent"


class Queue(LeasedQueue):
    """A queue with two priorities, which notes the senders that have looked for rows."""

    def __init__(self):
        super().__init__("held", AnalyticsHit, QUEUE.columns, timedelta(minutes=1), priorities=2)
        self.senders = set()

    def claim(self, priorities):
        self.senders.add(threading.current_thread().name)
        return super().claim(priorities)


@pytest.fixture
def transport(service, monkeypatch):
    """The transport of a worker with three senders."""
    monkeypatch.setattr(polling, "_poller", SimpleNamespace(add=lambda _: None, remove=lambda _: None))
    held, queue = HeldTransport(), Queue()
    held.senders = queue.senders
    worker = Worker(queue, held, queued, Options(senders=3))
    worker.start()
    yield held
    held.released.set()
    worker.stop()
    database.write_only(delete(AnalyticsHit))


def happen(*priorities):
    with database.transaction() as db:
        db.add_all(AnalyticsHit(name="login", params={}, client_id="x", priority=each) for each in priorities)
        db.flush()
        queued.send_after_commit(db)


def test_workers_that_do_not_end_are_left_after_the_time_of_one(transport):
    others = [Worker(Queue(), transport, queued, Options(senders=3, seconds_to_stop=0.5)) for _ in range(2)]
    for each in others:
        each.start()
    happen(*[0] * 9)
    until(lambda: len(transport.rows) == 9)
    begun = time.monotonic()
    stop_all(others)
    assert 0.5 <= time.monotonic() - begun < 1.5  # one after another they would take 3 seconds
    transport.released.set()


def test_one_row_is_the_work_of_one_sender(transport):
    happen(0)
    until(lambda: transport.rows)
    transport.released.set()
    until(lambda: database.read_all(QUEUE.table.__table__.select())[0].sent_at)
    assert transport.senders == {"held 0"}


@pytest.mark.parametrize("priorities", [(0, 0, 0), (1, 1, 1), (0, 1, 1), (0, 0, 1)])
def test_several_rows_wake_further_senders(transport, priorities):
    happen(*priorities)
    until(lambda: len(set(transport.rows)) == 3)
    assert transport.senders == {"held 0", "held 1", "held 2"}
