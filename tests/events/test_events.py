"""The event feed: events of each change, cursors that skip nothing, and requests that wait."""

import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
import sqlalchemy

import audit
import database
import models
import tables
from accounts import role_assignment
from authorization import roles
from core import capability
from core.shared_time import SharedTime
from credentials import lookup
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from events import cleaning, recording, sequencer, types
from events import feed as event_feed
from events.models import Event
from events.schemas import FeedPage
from people import Client, at_once, refusal
from servers import PROJECT, Process
from webhooks import capability as of_webhooks

RENAMED = "user.renamed"
PAGE = (PROJECT / "docs/events.md").read_text("utf-8")


@pytest.fixture
def feed(another_service):
    def read(after, **filters):
        answer = another_service.get("/internal/events", params={"after": after, **filters})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


@pytest.fixture
def end(service):
    def find():
        sequencer.run()
        return event_feed.last()

    return find


def rename(person, name="Renamed"):
    assert person.client.patch("/users/me", {"username": name}).status_code == 200


def test_each_change_is_in_the_feed_with_the_account_as_it_then_was(another_service, alice, feed, end):
    start = end()
    rename(alice, "First")
    rename(alice, "Second")
    alice.client.post("/auth/login", {"email": alice.email, "password": "wrong password"})
    page = feed(start)
    assert [each["type"] for each in page["items"]] == [RENAMED, RENAMED, "user.login_failed"]
    assert [each["data"]["user"]["username"] for each in page["items"]] == ["First", "Second", "Second"]
    now = another_service.get(f"/internal/users/{alice.user_id}").json()
    assert page["items"][1]["data"]["user"] == now
    assert page["items"][2]["data"] == {"user": now, "actor_id": None, "detail": {"reason": "invalid_credentials"}}
    assert page["next_cursor"] == start + 3
    assert page["has_more"] is False


def test_event_shows_what_changed_after_it_in_the_same_transaction(alice, feed, end):
    start = end()
    known = {"email": alice.email, "password": alice.password}
    assert alice.client.post("/auth/login", known, headers={"Accept-Language": "de"}).status_code == 200
    (logged_in,) = feed(start)["items"]
    assert logged_in["data"]["user"]["locale"] == "de"


@POSTGRESQL_ONLY
def test_login_that_waits_for_a_change_of_roles_shows_the_new_ones(alice, feed, end):
    start = end()
    known = {"email": alice.email, "password": alice.password}
    with ThreadPoolExecutor() as pool, database.transaction() as db, roles.serialized(db):
        user = lookup.lock_by_email(db, alice.email)
        role_assignment.assign(db, audit.SYSTEM, user, ["superuser"])
        answer = pool.submit(alice.client.post, "/auth/login", known)
        tables.wait_for_a_waiting_statement()
        db.commit()
        token = answer.result().json()["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["roles"] == ["superuser"]
    changed, logged_in = feed(start)["items"]
    assert [each["type"] for each in (changed, logged_in)] == ["user.roles_changed", "user.logged_in"]
    assert changed["data"]["user"]["roles"] == logged_in["data"]["user"]["roles"] == ["superuser"]


def test_change_that_is_rolled_back_leaves_no_event(alice, feed, end):
    start = end()
    with pytest.raises(ZeroDivisionError), database.transaction() as db:
        audit.record(db, audit.SYSTEM, RENAMED, alice.user_id)
        raise ZeroDivisionError
    assert feed(start)["items"] == []


def test_events_are_not_recorded_in_a_savepoint(alice, feed, end):
    start = end()
    with database.transaction() as db:
        with pytest.raises(AssertionError), db.begin_nested():
            audit.record(db, audit.SYSTEM, RENAMED, alice.user_id)
        audit.record(db, audit.SYSTEM, "user.profile_changed", alice.user_id)
    assert [each["type"] for each in feed(start)["items"]] == ["user.profile_changed"]


def test_events_that_become_visible_out_of_order_are_not_skipped(alice, bob, feed, end):
    """The transaction with the lower id commits last: its event comes after the one that was read before."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    start = end()
    with database.transaction() as slow:
        audit.record(slow, audit.SYSTEM, RENAMED, alice.user_id)
        recording.write(slow, [audit.Recorded("user.profile_changed", models.now(), alice.user_id, None, {})])
        rename(bob)
        first = feed(start)
        assert [each["data"]["user"]["user_id"] for each in first["items"]] == [bob.user_id]
    second = feed(first["next_cursor"])
    assert {each["data"]["user"]["user_id"] for each in second["items"]} == {alice.user_id}
    assert len(second["items"]) == 2


def test_sequencers_at_once_give_each_event_one_position(alice, feed, end):
    start = end()
    people = [alice.other_device() for _ in range(4)]
    at_once(
        *[
            lambda person=person, who=who: [rename(person, f"Name {who} {n}") for n in range(5)]
            for who, person in enumerate(people)
        ],
        *[lambda: [sequencer.run() for _ in range(20)]] * 3,
    )
    sequencer.run()
    rows = database.read_all(
        sqlalchemy.select(Event.position, Event.id).where(Event.position > start).order_by(Event.position)
    )
    assert [row.position for row in rows] == list(range(start + 1, start + 1 + len(rows)))
    assert [row.id for row in rows] == sorted(row.id for row in rows)  # one account: in the order of its changes
    assert len([each for each in feed(start)["items"] if each["type"] == RENAMED]) == 20


def test_workers_assign_positions_as_often_as_one_of_them_would(alice, monkeypatch):
    runs, seconds, workers = [], 0.3, [sequencer.Sequencer() for _ in range(4)]
    monkeypatch.setattr(sequencer, "SECONDS_BETWEEN_RUNS", seconds)
    monkeypatch.setattr(sequencer, "_next_run", SharedTime())
    monkeypatch.setattr(sequencer, "run", lambda: runs.append(time.monotonic()))
    begun = time.monotonic()
    try:
        for worker in workers:
            worker.start()
        while time.monotonic() < begun + 4 * seconds:
            rename(alice, secrets.token_hex(4))
    finally:
        for worker in workers:
            worker.stop()
    of_one = (time.monotonic() - begun) / seconds
    assert of_one / 3 < len(runs) < 2 * of_one


def test_workers_share_what_is_loaded_before_they_are_forked():
    command = [sys.executable, "-c", "import sys, main; print(*sys.modules)"]
    loaded = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert "events.sequencer" in loaded.split()


def test_sequencer_that_dies_undoes_all_its_work(alice, feed, end):
    start = end()
    rename(alice)
    with pytest.raises(ZeroDivisionError), database.transaction() as db:
        sequencer.sequence(db)
        raise ZeroDivisionError
    assert [each["type"] for each in feed(start)["items"]] == [RENAMED]


def test_types_and_groups_are_filters_and_pages_are_followed_to_the_end(alice, feed, end, monkeypatch):
    start = end()
    for number in range(3):
        rename(alice, f"Name {number}")
        alice.client.patch("/users/me", {"locale": "de" if number % 2 else "en"})
    assert {each["type"] for each in feed(start, types="user.renamed,password.*")["items"]} == {RENAMED}
    monkeypatch.setattr("events.feed.MOST_SCANNED", 2)
    seen, page = [], {"next_cursor": start, "has_more": True}
    while page["has_more"]:
        page = feed(page["next_cursor"], types=RENAMED, limit=2)
        seen += [each["data"]["user"]["username"] for each in page["items"]]
    assert seen == ["Name 0", "Name 1", "Name 2"]
    assert feed(page["next_cursor"], types=RENAMED)["items"] == []


@SQLITE_ONLY
def test_long_poll_ends_although_there_is_more_to_look_at(feed, monkeypatch):
    page = FeedPage(items=[], next_cursor=1, has_more=True)
    monkeypatch.setattr(event_feed, "_page", lambda _: time.sleep(0.6) or page)
    began = time.monotonic()
    assert feed(0, wait=1) == page.model_dump()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "wrong", [{"after": "abc"}, {"after": -1}, {"after": 0, "types": "user.unknown"}, {"wait": 31}]
)
@SQLITE_ONLY
def test_malformed_filters_are_rejected(another_service, wrong):
    assert refusal(another_service.get("/internal/events", params=wrong)) == (422, "validation_error")


def test_old_cursor_and_one_beyond_the_end_have_expired(another_service, alice, feed, end, clock):
    rename(alice)
    start = end()
    rename(alice, "Old")
    last = end()
    database.write_only(sqlalchemy.update(Event).values(created_at=models.now()))  # other tests move the clock
    clock.shift(timedelta(days=31).total_seconds())
    assert cleaning.run(2) >= 2
    for cursor in (0, start, last + 1000):
        assert refusal(another_service.get("/internal/events", params={"after": cursor})) == (410, "cursor_expired")
    assert feed(last) == {"items": [], "next_cursor": last, "has_more": False}
    assert cleaning.run(2) == 0


def test_request_waits_for_an_event_without_a_thread(alice, feed, end):
    start = end()
    began = time.monotonic()
    assert feed(start, wait=1)["items"] == []
    assert 1 <= time.monotonic() - began < 3
    found = []
    waiting = [threading.Thread(target=lambda: found.append(feed(start, wait=20, types=RENAMED))) for _ in range(30)]
    for each in waiting:
        each.start()
    time.sleep(0.5)
    began = time.monotonic()
    assert alice.client.get("/users/me").status_code == 200  # thirty requests wait, more than there are threads
    assert time.monotonic() - began < 1
    alice.client.patch("/users/me", {"locale": "de"})
    time.sleep(0.5)
    assert not found
    rename(alice)
    for each in waiting:
        each.join(10)
    assert len(found) == 30
    assert {each["type"] for page in found for each in page["items"]} == {RENAMED}


@SQLITE_ONLY
def test_revoked_key_gets_no_events_even_if_it_waits(service, root, alice, end):
    made = root.client.post("/users/me/api-keys", {"name": "Feed", "scopes": ["audit:read"]}).json()
    start, answers = end(), []
    program = Client(service.url, made["key"])
    query = {"after": start, "wait": 20, "types": f"{RENAMED},api_key.*"}
    waiting = threading.Thread(target=lambda: answers.append(program.get("/internal/events", params=query)))
    waiting.start()
    time.sleep(0.5)
    assert root.client.delete(f"/users/me/api-keys/{made['id']}").status_code == 204
    rename(alice)
    waiting.join(10)
    assert refusal(answers[0]) == (401, "not_authenticated")


@SQLITE_ONLY
def test_requests_that_wait_for_the_same_events_share_the_query(alice, feed, end, monkeypatch):
    start, pages, found = end(), [], []
    page = event_feed._page
    monkeypatch.setattr(event_feed, "_page", lambda filters: pages.append(filters) or time.sleep(0.1) or page(filters))
    waiting = [threading.Thread(target=lambda: found.append(feed(start, wait=20, types=RENAMED))) for _ in range(10)]
    for each in waiting:
        each.start()
    time.sleep(1)
    assert len(pages) == 10
    rename(alice)
    for each in waiting:
        each.join(10)
    assert len(found) == 10 and all(each["items"] for each in found)
    assert len(pages) == 11


def test_snapshot_comes_with_the_cursor_from_which_the_feed_continues(another_service, alice, bob, feed, end):
    start = end()
    rename(alice, "Before")
    page = another_service.get("/internal/users", params={"limit": 1}).json()
    cursor = page["events_cursor"]
    rename(bob, "After")
    seen = {}
    while True:
        seen |= {user["user_id"]: user for user in page["items"]}
        if page["next_cursor"] is None:
            break
        page = another_service.get("/internal/users", params={"after": page["next_cursor"], "limit": 100}).json()
    assert seen[alice.user_id] == another_service.get(f"/internal/users/{alice.user_id}").json()
    assert cursor >= start
    assert bob.user_id in {each["data"]["user"]["user_id"] for each in feed(cursor)["items"]}


@SQLITE_ONLY
def test_feed_is_for_services_and_api_keys_with_its_scope(anonymous, amy, end):
    assert refusal(anonymous.get("/internal/events")) == (401, "not_authenticated")
    assert refusal(amy.client.get("/internal/events")) == (403, "forbidden")
    for scope, status in (("audit:read", 200), ("users:read", 403)):
        key = amy.client.post("/users/me/api-keys", {"name": "Feed", "scopes": [scope]}).json()["key"]
        assert Client(amy.service.url, key).get("/internal/events", params={"after": end()}).status_code == status
        assert refusal(Client(amy.service.url, key).get("/internal/users")) == (401, "not_authenticated")


def test_deleted_account_is_reduced_to_its_id_also_in_events_that_were_in_flight(alice, bob, feed, end):
    start = end()
    rename(alice, "Alice Secret")
    row = {"event_id": models.new_id(), "type": RENAMED, "user_id": alice.user_id, "created_at": models.now()}
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    with database.transaction() as db:  # a transaction that the deletion did not see
        db.execute(sqlalchemy.insert(Event), [row | {"data": {"user": {"email": alice.email}}}])
    page = feed(start)
    assert {str(each["data"]) for each in page["items"]} == {str({"user": {"user_id": alice.user_id}})}
    assert [each["type"] for each in page["items"]] == [RENAMED, "user.deleted", RENAMED]


@SQLITE_ONLY
def test_own_events_are_in_the_data_export(alice):
    rename(alice)
    found = alice.client.get("/users/me/export").json()["events"]
    assert found[-1]["type"] == RENAMED
    assert {each["data"]["user"]["user_id"] for each in found} == {alice.user_id}


def test_page_lists_exactly_the_types():
    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", PAGE.partition("## Types")[2], re.M)) == set(types.TYPES)
    assert tuple(capability.account_events()) == types.TYPES
    assert not set(types.TYPES) & set(of_webhooks.CAPABILITY.audit_events)


def test_events_without_an_account_have_no_type(root):
    """Every audit event of this run that names a user has a type, and every other one has none."""
    named = database.read_all(
        sqlalchemy.select(models.AuditEvent.action).where(models.AuditEvent.user_id.is_not(None)).distinct()
    )
    assert {row.action for row in named} <= set(types.TYPES)


def test_requests_that_wait_do_not_delay_a_shutdown(tmp_path):
    service = Process(tmp_path, INTERNAL_SERVICE_TOKEN=(token := secrets.token_urlsafe(32)), DELIVER_MAIL="false")
    client, found = Client(service.url, token=token), []
    position = client.get("/internal/events", params={"limit": 1000}).json()["next_cursor"]  # no thread assigned it
    assert position > 0
    waiting = threading.Thread(
        target=lambda: found.append(client.get("/internal/events", params={"after": position, "wait": 30}).json())
    )
    waiting.start()
    time.sleep(0.5)
    began = time.monotonic()
    assert service.stop() in (0, -signal.SIGTERM)
    waiting.join(5)
    assert time.monotonic() - began < 10
    assert found == [{"items": [], "next_cursor": position, "has_more": False}]
