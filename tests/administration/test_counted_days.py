"""Stored counts: statistics show the same as the audit log, whenever and by how many processes they were stored."""

from datetime import time, timedelta

import pytest
from sqlalchemy import delete, func, insert, select

import database
import models
from administration import counted_days, statistics
from administration.models import CountedDay
from core import batches
from models import AuditEvent
from operations import cleanup
from people import at_once

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_stored(service):
    database.write_only(delete(CountedDay))
    yield
    database.write_only(delete(CountedDay))


def happen(number, action, ago):
    """Write audit events as if they were recorded some time ago."""
    with database.transaction() as db:
        db.execute(insert(AuditEvent), [{"at": models.now() - ago, "action": action, "detail": {}}] * number)


def happen_for_a_month():
    for day in range(1, 32):
        happen(day, "user.logged_in", day * 24 * HOUR)
        happen(2, "user.signed_up", day * 24 * HOUR + HOUR / 2)
        happen(1, "user.login_failed", day * 24 * HOUR - HOUR)
    happen(3, "user.logged_in", timedelta())


def stored_logins():
    return database.read(select(func.coalesce(func.sum(CountedDay.logins), 0)))[0]


def figures(root):
    found = root.client.get("/admin/stats").json()
    days = statistics.by_day()
    return found["signups"], found["logins"], days


def test_statistics_are_the_same_before_and_after_counts_are_stored(root):
    happen_for_a_month()
    before = figures(root)
    assert sum(day["count"] for day in before[1]) >= sum(range(1, 30)) + 3
    cleanup.run()
    assert stored_logins() >= sum(range(1, 29))
    assert figures(root) == before
    cleanup.run()
    assert figures(root) == before


def test_stored_days_are_not_counted_in_the_log(root):
    happen_for_a_month()
    cleanup.run()
    before = figures(root)[1]
    happen(5, "user.logged_in", 5 * 24 * HOUR)  # this cannot happen: it shows what is read
    assert figures(root)[1] == before


def test_two_processes_and_interruptions_count_each_event_once(root, monkeypatch):
    happen_for_a_month()
    before = figures(root)
    monkeypatch.setattr(batches, "MAX_SECONDS", 0)
    assert counted_days.update() == 1  # and then the time is over
    assert figures(root) == before
    monkeypatch.undo()
    at_once(*[counted_days.update] * 4)
    counted_days.update()  # each of them may have stopped, because another one was ahead
    assert stored_logins() >= sum(range(1, 29))
    assert figures(root) == before


def test_stored_counts_continue_after_days_without_a_cleanup(root, monkeypatch):
    happen_for_a_month()
    before = figures(root)
    cleanup.run()
    database.write_only(delete(CountedDay).where(CountedDay.day > models.now().date() - timedelta(days=12)))
    with monkeypatch.context() as patch:
        patch.setattr(batches, "MAX_SECONDS", 0)
        for _ in range(5):
            counted_days.update()
    assert counted_days.stored().to.time() != time()  # a day is counted in part
    assert figures(root) == before
    cleanup.run()
    assert figures(root) == before
    assert database.read(select(func.count()).select_from(CountedDay))[0] >= counted_days.DAYS - 1


def test_latest_events_are_not_stored_yet_because_others_may_still_be_committed(root):
    happen(4, "user.logged_in", timedelta(minutes=counted_days.MINUTES_UNTIL_COUNTED - 2))
    counted_days.update()
    before = sum(day["count"] for day in figures(root)[1])
    happen(2, "user.logged_in", timedelta(minutes=counted_days.MINUTES_UNTIL_COUNTED - 1))
    assert sum(day["count"] for day in figures(root)[1]) == before + 2


def test_counts_that_a_wrong_clock_stored_are_neither_shown_nor_kept(root):
    later = {"counted_to": models.now() + 9 * HOUR, "sign_ups": 0, "logins": 7_000_000, "failed_logins": 0}
    row = database.upsert(CountedDay.__table__).values(day=models.now().date(), **later)
    database.write_only(row.on_conflict_do_update(index_elements=["day"], set_=later))
    assert figures(root)[1][-1]["count"] < 7_000_000
    cleanup.run()
    assert stored_logins() < 7_000_000


def test_clock_of_one_server_does_not_store_hours_that_are_not_over(service, clock):
    today = models.now()
    clock.shift(3 * 86400)
    counted_days.update()
    assert all(row.counted_to < today + HOUR for row in database.read_all(select(CountedDay.counted_to)))
    assert database.read_all(select(CountedDay.day)) != []


def test_deletion_of_an_account_does_not_change_past_days(root, alice):
    before = figures(root)[0][-1]["count"]
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    assert figures(root)[0][-1]["count"] == before
