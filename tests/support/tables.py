"""Direct access to the tables, for facts that no response contains and changes that no request makes."""

import time
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update

import database
import email_utils
import models
from credentials import throttling
from delivery.models import DeliveryHold, NoticeBudget
from events.models import EventSequence
from models import AuditEvent, Guesses, KnownNetwork, User, UserRole
from people import Person


def newest_event() -> int:
    """Return a position for `events`, after which only later events count."""
    return database.read(select(func.coalesce(func.max(AuditEvent.id), 0)))[0]


def events(since: int = 0, user_id: str | None = None) -> list[Any]:
    """Return the audit log, oldest first: all of it, or the events of one user."""
    chosen = [AuditEvent.user_id == user_id] if user_id else []
    columns = AuditEvent.__table__.columns
    return database.read_all(select(*columns).where(AuditEvent.id > since, *chosen).order_by(AuditEvent.id))


def set_back_events() -> None:
    """Let events get the current time again, after a test that moved the clock forward."""
    if database.is_prepared():
        now = models.now()
        database.write_only(update(EventSequence).where(EventSequence.at > now).values(at=now))


def everything() -> str:
    """Return every row of every table, as one text with a line for each row."""
    return "\n".join(_lines())


def rows(since: int = 0) -> set[str]:
    """Return every row of every table; of the audit log only what was written after this event.

    Of an email and an event, only the columns that do not change while it is sent, which can happen at any moment.
    """
    return set(
        _lines(
            audit_events=f"* FROM audit_events WHERE id > {since}",
            outbox="id, account_id, template FROM outbox",
            events="id FROM events",
            event_sequence="id FROM event_sequence",
            counted_days="day FROM counted_days WHERE 1 = 0",
            daily_counts="day FROM daily_counts WHERE 1 = 0",  # written later, by a background thread
        )
    )


def _lines(**chosen: str) -> list[str]:
    """Return the name of the table and the values of each row. `chosen` replaces what is selected from a table.

    PostgreSQL returns each row as text, because its driver needs seconds to convert the values of ten thousand rows.
    """
    on_postgresql = database.engine.dialect.name == "postgresql"
    statement = "SELECT CAST(t AS text) FROM (SELECT {}) AS t" if on_postgresql else "SELECT {}"
    lines = []
    with database.engine.begin() as connection, closing(connection.connection.cursor()) as cursor:
        for table in database.Base.metadata.sorted_tables:
            cursor.execute(statement.format(chosen.get(table.name, f"* FROM {table.name}")))
            lines += [f"{table.name} {row}" for row in cursor.fetchall()]
    return lines


def set_active(user_id: str, active: bool) -> None:
    database.write_only(update(User).where(User.user_id == user_id).values(is_active=active))


def mark_verified(person: Person) -> None:
    """Change an account as an administrator does, without an event."""
    marked = update(User).where(User.user_id == person.user_id).values(marked_verified_at=models.now())
    database.write_only(marked)


def mark_email_verified(*people: Person) -> None:
    """Mark the email addresses of these users as verified by their owners, so that they get notices."""
    ids = [person.user_id for person in people]
    database.write_only(
        update(User).where(User.user_id.in_(ids)).values(is_verified=True, email_proven_at=models.now())
    )


def forget_outbox() -> None:
    """Reset email: none waits, no failure of the mail server is stored, and no user got a notice recently."""
    if database.is_reachable():
        database.write_only(delete(models.Mail).where(models.Mail.sent_at.is_(None), models.Mail.gave_up_at.is_(None)))
        database.write_only(delete(DeliveryHold))
        database.write_only(delete(NoticeBudget))


def wait_for_outbox(seconds: float = 60) -> None:
    """Wait until each due email was sent or postponed."""
    deadline = time.monotonic() + seconds
    waiting = select(models.Mail.id).where(models.Mail.sent_at.is_(None), models.Mail.gave_up_at.is_(None))
    while database.read(waiting.where(models.Mail.due_at < models.now() + email_utils.LEASE + timedelta(seconds=2))):
        assert time.monotonic() < deadline, "emails still wait"
        time.sleep(0.01)


def wait_for_a_waiting_statement(seconds: float = 30) -> None:
    """Wait until a statement in this database, on PostgreSQL, waits for a lock."""
    of_here = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    until = time.monotonic() + seconds
    while not database.read_all(text(of_here)):
        assert time.monotonic() < until
        time.sleep(0.01)


def no_email_follows(mailbox: Any, address: str, containing: str = "", since: int = 0) -> bool:
    """Return whether no email was sent to this address, once every email that is due has been sent.

    Emails are queued in the transaction of the request, so none can follow later.
    """
    wait_for_outbox()
    return not mailbox.all_to(address, containing, since)


def disable(person: Person) -> None:
    set_active(person.user_id, False)


def as_if_just_authenticated() -> None:
    """Pretend that every session began with a requested re-authentication at the provider, valid for five minutes."""
    silent = update(models.Session).where(models.Session.authenticated_at.is_(None))
    database.write_only(silent.values(authenticated_at=models.now()))


def set_user_id(person: Person, user_id: str) -> None:
    """Pretend that the account was imported."""
    database.write_only(update(User).where(User.user_id == person.user_id).values(user_id=user_id))


def hash_of(person: Person) -> str | None:
    return database.read(select(User.hashed_password).where(User.user_id == person.user_id))[0]


def store_hash(person: Person, stored: str | None) -> None:
    database.write_only(update(User).where(User.user_id == person.user_id).values(hashed_password=stored))


def set_failures(email: str, failures: int) -> None:
    """Set the failed attempts of this email address on each counter that exists, and let the wait be over."""
    values = {"failures": failures, "total": failures, "waits_until": throttling.NO_WAIT}
    database.write_only(update(Guesses).where(Guesses.subject == throttling.of_passwords(email)).values(values))


def end_wait(email: str) -> None:
    """Pretend that the next attempt at this email address may be made at once."""
    ended = update(Guesses).where(Guesses.subject == throttling.of_passwords(email))
    database.write_only(ended.values(waits_until=throttling.NO_WAIT))


def make_superusers(*people: Person) -> None:
    """Assign the role, if the user does not have it."""
    for person in people:
        chosen = (UserRole.account_id == person.me()["id"], UserRole.role == "superuser")
        database.write_only(delete(UserRole).where(*chosen))
        database.write_only(insert(UserRole).values(account_id=person.me()["id"], role="superuser"))


def demote_all_superusers_but(root: str, *kept: int) -> None:
    others = select(models.User.id).where(User.user_id != root, User.id.not_in(kept))
    database.write_only(delete(UserRole).where(UserRole.role == "superuser", UserRole.account_id.in_(others)))


@contextmanager
def superusers(root: str, *people: Person) -> Any:
    """Make these users the only active superusers for a while."""
    kept = [person.me()["id"] for person in people]
    set_active(root, False)
    make_superusers(*people)
    demote_all_superusers_but(root, *kept)
    try:
        yield
    finally:
        demote_all_superusers_but(root)
        set_active(root, True)


def failures(email: str, place: str) -> int:
    """Return the number of failed attempts counted for an email address by one counter."""
    row = database.read(
        select(Guesses.failures).where(Guesses.subject == throttling.of_passwords(email), Guesses.place == place)
    )
    return row[0] if row else 0


def set_guesses(subject: str, total: int) -> None:
    """Set how often a subject of throttling was guessed wrongly from the only network that was used so far."""
    chosen = update(Guesses).where(Guesses.subject == subject)
    database.write_only(chosen.values(total=total, failures=0, waits_until=throttling.NO_WAIT))


def networks_of(user_id: str) -> set[str]:
    """Return the known networks of an account."""
    found = select(KnownNetwork.network).join(User, User.id == KnownNetwork.account_id).where(User.user_id == user_id)
    return {row.network for row in database.read_all(found)}


def sessions_of(user_id: str) -> int:
    """Return the number of sessions of an account."""
    its = select(func.count()).select_from(models.Session).join(User).where(User.user_id == user_id)
    return int(database.read(its)[0])
