"""A cleanup of one kind of row ends after its time limit, and the next run continues."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

import database
import models
from accounts import expiry
from administration import erasure
from core import batches, capability
from events import cleaning, sequencer
from events.models import Event
from models import AuditEvent, Guesses, KnownNetwork, Session, User
from operations import cleanup
from people import Person
from settings.loading import settings

DAY = 86400
LONG_AGO = models.now() - timedelta(days=3000)


@pytest.fixture
def out_of_time(service, monkeypatch):
    """Let each kind of row have the time for one batch of two, after the rows of other tests were deleted."""
    cleanup.run()
    monkeypatch.setattr(batches, "MAX_SECONDS", 0)
    monkeypatch.setattr(cleanup, "BATCH", 2)
    monkeypatch.setattr(expiry, "_looked_to", 0)


def number_of(table, *condition):
    return database.read(select(func.count()).select_from(table).where(*condition))[0]


def add(table, rows):
    with database.transaction() as db:
        db.execute(insert(table), rows)


def exists(person):
    return number_of(User, User.email == person.email) > 0


def sessions(alice):
    account = alice.me()["id"]
    row = {"account_id": account, "ip": "", "user_agent": "", "refresh_counter": 0, "created_at": LONG_AGO,
           "last_used_at": LONG_AGO, "expires_at": LONG_AGO, "ends_at": LONG_AGO}  # fmt: skip
    add(Session, [row | {"id": models.new_id()} for _ in range(5)])
    return Session, Session.expires_at == LONG_AGO


def networks(alice):
    row = {"account_id": alice.me()["id"], "last_used_at": LONG_AGO}
    add(KnownNetwork, [row | {"network": f"198.51.{number}.0/24"} for number in range(5)])
    return KnownNetwork, KnownNetwork.last_used_at == LONG_AGO


def waits(_alice):
    row = {"place": "x", "failures": 1, "has_account": True, "tried_at": LONG_AGO, "waits_until": LONG_AGO}
    add(Guesses, [row | {"subject": models.new_id()} for _ in range(5)])
    return Guesses, (Guesses.tried_at == LONG_AGO) & (Guesses.failures > 0)


def audit_events(_alice):
    add(AuditEvent, [{"at": LONG_AGO, "action": "user.logged_in", "detail": {}}] * 5)
    return AuditEvent, AuditEvent.at == LONG_AGO


def test_failed_job_does_not_prevent_those_of_other_capabilities(alice, out_of_time, monkeypatch):
    records = capability.installed()

    def fails(_batch):
        raise ValueError("mistake")

    failing = dataclasses.replace(records[0], maintain=fails)
    monkeypatch.setattr(capability, "installed", lambda: (failing, *records[1:]))
    table, condition = audit_events(alice)
    with pytest.raises(cleanup.Incomplete, match=failing.name):
        cleanup.run()
    assert number_of(table, condition) < 5


@pytest.mark.parametrize("make", [sessions, networks, waits, audit_events])
def test_rows_that_exceed_the_time_limit_are_left_to_the_next_run(alice, out_of_time, make):
    table, condition = make(alice)
    left = []
    for _ in range(3):
        cleanup.run()
        left.append(number_of(table, condition))
    assert left == [3, 1, 0]


def test_expired_events_that_exceed_the_time_limit_are_left_to_the_next_run(alice, clock, out_of_time):
    for name in "ABCDE":
        alice.client.patch("/users/me", {"username": name})
    sequencer.run()
    clock.shift(3000 * DAY)  # other tests have written events of next year
    before = number_of(Event)
    assert before >= 5
    assert [cleaning.run(2), cleaning.run(2)] == [2, 2]
    assert number_of(Event) == before - 4


def test_expired_accounts_that_exceed_the_time_limit_are_left_to_the_next_run(
    service, root, configure, clock, out_of_time
):
    configure(email_verification="required")
    cleanup.run()
    invited = root.client.post("/admin/users", {"email": "invited@example.com", "username": "Invited"})
    assert invited.status_code == 201, invited.text
    people = [Person(service, name) for name in ("first", "second")]
    for person in people:
        assert person.sign_up().status_code == 202
    clock.shift((settings.unverified_account_days + 1) * DAY)
    deleted = [expiry.run(500)]
    while deleted[-1]:
        deleted.append(expiry.run(500))
    assert sum(deleted) >= 2 and max(deleted) == 1
    assert not any(exists(person) for person in people)


def test_erasure_that_exceeds_the_time_limit_is_requested_again(alice, monkeypatch, out_of_time):
    monkeypatch.setattr(erasure, "BATCH", 2)
    requests = []
    monkeypatch.setattr(erasure.requested, "set", lambda: requests.append(1))
    add(AuditEvent, [{"action": "user.logged_in", "user_id": alice.user_id, "ip": "203.0.113.9", "detail": {}}] * 9)
    with_address = (AuditEvent, AuditEvent.user_id == alice.user_id, AuditEvent.ip.is_not(None))
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    before, requests[:] = number_of(*with_address), []
    assert erasure.run() == 0
    assert number_of(*with_address) == before - 2 and requests
    while requests:
        requests.clear()
        erasure.run()
    assert number_of(*with_address) == 0


def test_batches_end_with_the_time_and_with_the_rows(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(batches.time, "monotonic", lambda: now[0])

    def handle(number, seconds=25.0):
        now[0] += seconds
        return number

    assert batches.repeat(lambda: handle(10), 10) == 30
    assert batches.repeat(lambda: handle(9), 10) == 9


def test_accounts_that_stay_do_not_hide_expired_ones_from_the_next_run(service, root, configure, clock, out_of_time):
    configure(email_verification="required")
    cleanup.run()
    for name in ("first", "second"):
        root.client.post("/admin/users", {"email": f"{name}.invited@example.com", "username": name})
    person = Person(service, "expired")
    assert person.sign_up().status_code == 202
    clock.shift((settings.unverified_account_days + 1) * DAY)
    for _ in range(number_of(User) + 2):
        expiry.run(1)
    assert not exists(person)
