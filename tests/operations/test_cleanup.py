"""The cleanup deletes expired rows and nothing else."""

import re

from sqlalchemy import func, insert, select, update

import database
import models
from operations import cleanup


def count(table) -> int:
    return database.read(select(func.count()).select_from(table))[0]


def test_expired_rows_are_deleted_and_valid_ones_kept(service, alice, bob, clock, mailbox):
    mailbox.wait_for(bob.email)
    assert alice.request_reset()
    clock.shift(8 * 86400)
    alice.log_in()
    removed = cleanup.run()
    assert removed["sessions"] >= 1 and removed["tokens"] >= 1 and removed["mails"] >= 1
    assert all(name.isidentifier() for name in removed)  # the fields of a line in the log
    assert database.read(select(models.Session.id).where(models.Session.expires_at < models.now())) is None
    assert alice.is_logged_in()
    assert bob.can_log_in_with(bob.password)


def test_waiting_email_is_not_deleted(service, alice, mailbox, clock):
    mailbox.close()
    try:
        alice.client.post("/auth/reset-password/request", {"email": alice.email})
        clock.shift(30 * 86400)
        cleanup.run()
        assert database.read(
            select(models.Mail.id).where(models.Mail.recipient == alice.email, models.Mail.sent_at.is_(None))
        )
    finally:
        mailbox.open()


def test_failed_email_is_deleted_after_a_month(service, alice, clock):
    assert alice.request_reset()
    given_up = models.Mail.recipient == alice.email
    database.write_only(update(models.Mail).where(given_up).values(sent_at=None, gave_up_at=models.now()))
    for days, left in ((29, True), (2, False)):
        clock.shift(days * 86400)
        cleanup.run()
        assert (database.read(select(models.Mail.id).where(given_up)) is not None) is left


def test_many_rows_are_deleted_in_batches(service, alice, monkeypatch):
    monkeypatch.setattr(cleanup, "BATCH", 50)
    old = models.now().replace(year=2020)
    rows = [
        {"id": models.new_id(), "account_id": alice.me()["id"], "ip": "", "user_agent": "", "refresh_counter": 0,
         "created_at": old, "last_used_at": old, "expires_at": old, "ends_at": old}
        for _ in range(170)
    ]  # fmt: skip
    with database.transaction() as db:
        db.execute(insert(models.Session), rows)
    before = swept(alice.client)
    assert cleanup.run()["sessions"] >= 170
    assert swept(alice.client) >= before + 170
    assert alice.is_logged_in()


def swept(client) -> float:
    found = re.search(r'^credential_swept_rows_total\{kind="sessions"\} (\S+)', client.get("/metrics").text, re.M)
    return float(found[1]) if found else 0.0
