"""Account deletion: no personal data is left, except the user id in the audit log."""

import threading
import time

import pytest
import sqlalchemy.exc
from passlib import hash as schemes
from sqlalchemy import event, func, insert, or_, select

import audit
import database
import models
import tables
from accounts import deletion
from accounts import superuser as superuser_of_settings
from administration import erasure
from credentials import lookup
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from models import AuditEvent
from people import Client, Person, at_once, new_email, new_password, refusal, statuses, superuser
from settings.loading import settings

GONE, LAST = (401, "not_authenticated"), (409, "last_superuser")


def delete_account(person):
    return person.client.delete("/users/me", {"password": person.password})


@SQLITE_ONLY
def test_deletion_invalidates_every_token_immediately(alice):
    phone, link = alice.other_device(), alice.request_reset()
    assert delete_account(alice).status_code == 204
    assert not alice.is_logged_in()
    assert not phone.is_logged_in()
    assert refusal(alice.set_new_password(link, new_password())) == (400, "invalid_token")
    assert not alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_second_deletion_is_rejected(alice):
    assert delete_account(alice).status_code == 204
    assert refusal(delete_account(alice)) == GONE


@SQLITE_ONLY
def test_sign_up_with_the_same_email_address_creates_a_new_account(alice):
    before = alice.me()
    assert delete_account(alice).status_code == 204
    assert alice.sign_up().status_code == 201
    assert alice.me()["user_id"] != before["user_id"]
    assert alice.me()["id"] > before["id"]


@SQLITE_ONLY
def test_other_accounts_are_not_affected(alice, bob):
    before = bob.me()
    assert delete_account(alice).status_code == 204
    assert bob.me() == before
    assert bob.is_logged_in()


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("body", "expected"),
    [({"password": "not the password"}, (403, "reauthentication_required")), ({"password": ""}, (403, "reauthentication_required")),
     ({"password": 1}, (422, "validation_error")), ([], (422, "validation_error"))],
)  # fmt: skip
def test_rejected_request_deletes_nothing(alice, body, expected):
    before = alice.me()
    assert refusal(alice.client.delete("/users/me", body)) == expected
    assert alice.me() == before
    assert alice.is_logged_in()


def test_no_table_contains_personal_data_after_deletion(service, configure, anonymous):
    configure(email_verification="optional")
    olga = Person(service, "olga", **{"User-Agent": "Canarybrowser/7", "X-Forwarded-For": "100.66.77.7"})
    olga.sign_up(username="Olga Canarino")
    olga.verification_mail()
    phone, elsewhere = olga.other_device(**{"X-Forwarded-For": "2001:db8:77::7"}), new_email("olga-new")
    olga.log_in(password="not the password")
    olga.request_reset()
    olga.request_email_change(elsewhere)
    personal = [
        olga.email,
        elsewhere,
        "Olga Canarino",
        "Canarybrowser/7",
        "100.66.77.",
        "2001:db8:77:",
        tables.hash_of(olga),
    ]
    assert [word for word in personal if word not in tables.everything()] == []
    assert delete_account(phone).status_code == 204
    assert [word for word in personal if word in tables.everything()] == []
    left = [line.split()[0] for line in tables.everything().splitlines() if olga.user_id in line]
    # Of revocations for an hour, so that other services reject its tokens.
    assert set(left) == {"audit_events", "events", "revocations"}


@SQLITE_ONLY
def test_audit_log_keeps_only_the_user_id(alice):
    assert delete_account(alice).status_code == 204
    events = tables.events(user_id=alice.user_id)
    assert [event.action for event in events][-1] == "user.deleted"
    assert "user.signed_up" in [event.action for event in events]
    assert {(event.ip, event.user_agent) for event in events} == {(None, None)}


@SQLITE_ONLY
def test_queued_email_is_never_sent(alice, mailbox):
    mailbox.answers[alice.email] = "451 try again later"
    alice.client.post("/auth/reset-password/request", {"email": alice.email})
    deadline = time.monotonic() + 60
    while "451" not in tables.everything() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "451" in tables.everything()
    assert delete_account(alice).status_code == 204
    assert alice.email not in tables.everything()
    del mailbox.answers[alice.email]
    assert tables.no_email_follows(mailbox, alice.email, containing="/reset-password")


def test_only_one_of_ten_concurrent_deletions_succeeds(alice, service):
    clients = [Client(service.url, alice.client.token) for _ in range(10)]
    body = {"password": alice.password}
    answers = at_once(*(lambda c=c: c.delete("/users/me", body) for c in clients))
    assert statuses(answers)[0] == 204
    assert {refusal(answer) for answer in answers if answer.status_code != 204} <= {
        GONE,
        (403, "reauthentication_required"),
    }
    assert [event.action for event in tables.events(user_id=alice.user_id)].count("user.deleted") == 1


def test_concurrent_requests_leave_no_personal_data(alice, service):
    clients = [Client(service.url, alice.client.token) for _ in range(6)]
    calls = [lambda c=c: c.patch("/users/me", {"username": "Canary"}) for c in clients[:3]]
    calls += [lambda c=c: c.post("/auth/reset-password/request", {"email": alice.email}) for c in clients[3:]]
    calls += [lambda: alice.can_log_in_with(alice.password), alice.refresh]
    assert at_once(lambda: delete_account(alice), *calls)[0].status_code == 204
    assert not alice.is_logged_in()
    assert alice.email not in tables.everything()
    assert {(event.ip, event.user_agent) for event in tables.events(user_id=alice.user_id)} == {(None, None)}


@POSTGRESQL_ONLY
def test_password_attempt_in_progress_leaves_no_ip_address(alice, service):
    """Its hash takes a while; the account is deleted in the meantime."""
    tables.store_hash(alice, schemes.bcrypt.using(rounds=13).hash(alice.password))
    guesser = Client(service.url, alice.client.token)
    guess = threading.Thread(target=guesser.delete, args=["/users/me", {"password": "not the password"}])
    guess.start()
    time.sleep(0.1)  # until it is being hashed; nothing shows from outside that it is
    assert alice.client.delete("/users/me").status_code == 204
    assert guess.is_alive()
    guess.join()
    assert {(event.ip, event.user_agent) for event in tables.events(user_id=alice.user_id)} == {(None, None)}


class TestTheLastSuperuser:
    @SQLITE_ONLY
    def test_cannot_delete_their_account(self, service):
        root = superuser(service)
        tables.demote_all_superusers_but(root.user_id)
        assert refusal(delete_account(root)) == LAST
        assert root.is_logged_in()

    @SQLITE_ONLY
    def test_disabled_superuser_does_not_count_as_another(self, alice):
        with tables.superusers(settings.superuser_user_id, alice):
            assert alice.me()["roles"] == ["superuser", "user"]
            assert refusal(delete_account(alice)) == LAST
            assert alice.is_logged_in()
        assert delete_account(alice).status_code == 204

    @SQLITE_ONLY
    def test_can_delete_their_account_if_there_is_another(self, alice, bob):
        with tables.superusers(settings.superuser_user_id, alice, bob):
            assert delete_account(alice).status_code == 204
            assert refusal(delete_account(bob)) == LAST

    def test_only_one_of_two_concurrent_deletions_succeeds(self, alice, bob):
        with tables.superusers(settings.superuser_user_id, alice, bob):
            answers = at_once(lambda: delete_account(alice), lambda: delete_account(bob))
            assert statuses(answers) == [204, 409]
            assert sorted(person.client.get("/users/me").status_code for person in (alice, bob)) == [200, 401]


@SQLITE_ONLY
def test_deleted_superuser_is_not_created_again(service, configure):
    configure(superuser_user_id="the-first", superuser_email=new_email("first"))
    for there in (True, False):
        with database.transaction() as db:
            superuser_of_settings.ensure(db)
        found = Client(service.url, settings.internal_service_token[0]).get("/internal/users/the-first")
        assert (found.status_code == 200) == there
        if there:
            with database.transaction() as db:
                user = lookup.lock(db, found.json()["id"])
                audit.record(db, audit.SYSTEM, "user.deleted", user.user_id)
                deletion.delete(db, user)


def test_deletion_needs_no_sequential_scan(alice):
    """A deletion locks what role changes wait for, and the audit log may have a million events."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite explains in other words")
    sent = []
    listener = (database.engine, "before_cursor_execute", lambda *call: sent.append(call[2:4]))
    event.listen(*listener)
    try:
        assert delete_account(alice).status_code == 204
    finally:
        event.remove(*listener)
    told = [(statement, values) for statement, values in sent if statement.startswith(("UPDATE", "DELETE"))]
    assert {statement.split()[1] for statement, _ in told} >= {"audit_events", "FROM"}
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, values in told:
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
            assert "Seq Scan" not in plan, plan


def write_events(person, number):
    """As many events of one account as hours of wrong codes would write."""
    row = {
        "action": "email.verification_failed",
        "user_id": person.user_id,
        "ip": "203.0.113.9",
        "user_agent": "x",
        "detail": {},
    }
    for _ in range(number // 5000):
        with database.transaction() as db:
            db.execute(insert(AuditEvent), [row | {"at": models.now()}] * 5000)


def count_events_with_ip_address(person):
    mine = or_(AuditEvent.user_id == person.user_id, AuditEvent.actor_id == person.user_id)
    return database.read_all(select(func.count()).where(mine, AuditEvent.ip.is_not(None)))[0][0]


def test_events_of_a_deleted_user_are_erased_in_batches(alice, amy, root, monkeypatch):
    write_events(alice, 20_000)
    monkeypatch.setattr(erasure.requested, "set", lambda: None)
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    assert not alice.is_logged_in()
    assert 0 < count_events_with_ip_address(alice) <= 20_000
    assert erasure.run() >= 1
    assert count_events_with_ip_address(alice) == 0
    assert erasure.run() == 0


@SQLITE_ONLY
def test_role_can_change_during_an_erasure(alice, amy, root, monkeypatch):
    write_events(alice, 10_000)
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    running = threading.Thread(target=erasure.run)
    running.start()
    assert root.client.put(f"/admin/users/{amy.user_id}/roles", {"roles": ["user", "admin"]}).status_code == 200
    running.join()
    assert count_events_with_ip_address(alice) == 0


def test_concurrent_workers_complete_the_erasure_of_a_dead_worker(alice, monkeypatch):
    write_events(alice, 10_000)
    monkeypatch.setattr(erasure.requested, "set", lambda: None)
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    assert erasure._run_batch(alice.user_id)  # and then this worker dies
    at_once(*[erasure.run] * 4)
    assert count_events_with_ip_address(alice) == 0


def test_events_of_an_existing_user_cannot_be_erased(alice, database_url):
    if "postgresql" not in database_url:
        pytest.skip("SQLite has no roles")
    with pytest.raises(sqlalchemy.exc.DBAPIError), database.transaction() as db:
        audit.anonymize(db, alice.user_id, 0, 100)
