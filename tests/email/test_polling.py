"""Polls find due work for every thread of a process."""

import threading

import pytest
from sqlalchemy import column, false, true

from databases import POSTGRESQL_ONLY
from delivery import polling
from delivery.polling import Poll, Signal


@pytest.fixture
def poll(service, monkeypatch):
    """Return a function that polls a condition until the end of the test, and returns what it wakes."""
    monkeypatch.setattr(polling, "_poller", polling._Poller())  # without the polls of other threads
    polls = []

    def start(condition):
        polls.append(Poll(lambda _now: condition, Signal()))
        polls[-1].start()
        return Woken(polls[-1])

    yield start
    for each in polls:
        each.stop()


class Woken:
    """Counts how often a signal is sent."""

    def __init__(self, poll):
        self.poll, self.count, self._more = poll, 0, threading.Semaphore(0)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            self.count = self.poll.wake[0].wait(self.count)
            self._more.release()

    def again(self, seconds=5):
        return self._more.acquire(timeout=seconds)


def test_only_what_is_due_is_woken_and_again_with_each_poll(poll):
    idle, due = poll(false()), poll(true())
    assert due.again() and due.again()
    assert idle.count == 0


@POSTGRESQL_ONLY  # SQLite reports it like an unreachable database
def test_a_condition_that_fails_stops_no_other(poll):
    broken, due = poll(column("unknown") == 1), poll(true())
    assert due.again() and due.again()
    assert broken.count == 0


def test_polls_share_a_thread(poll):
    several = [poll(true()) for _ in range(5)]
    assert all(each.again() and each.again() for each in several)
    assert [each.name for each in threading.enumerate()].count("polls") == 2  # one of the service


def test_a_stopped_poll_wakes_nothing_while_the_others_continue(poll):
    stopped, other = poll(true()), poll(true())
    assert stopped.again()
    stopped.poll.stop()
    assert other.again() and other.again()
    count = stopped.count
    assert other.again() and other.again()
    assert stopped.count == count


def test_polling_begins_again_after_all_polls_were_stopped(poll):
    first = poll(true())
    assert first.again()
    first.poll.stop()
    assert poll(true()).again()


def test_polls_continue_after_an_error(poll, monkeypatch):
    due = poll(true())
    assert due.again()
    with monkeypatch.context() as broken:
        broken.setattr(polling, "_wake", lambda *_: 1 / 0)
        while due.again(0.3):
            pass
    assert due.again() and due.again()
