"""The tables behind the door: for facts that no answer shows, and for changes that no call makes."""

import time
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

import database
import email_utils
import models
from credentials import throttling
from delivery.models import DeliveryHold, NoticeBudget
from models import AuditEvent, Guesses, User, UserRole
from people import Person


def newest_event() -> int:
    """A position for `events`: only what is written later counts."""
    return database.read(select(func.coalesce(func.max(AuditEvent.id), 0)))[0]


def events(since: int = 0, user_id: str | None = None) -> list[Any]:
    """The trail, oldest first: all of it, or what concerns one person."""
    chosen = [AuditEvent.user_id == user_id] if user_id else []
    columns = AuditEvent.__table__.columns
    return database.read_all(select(*columns).where(AuditEvent.id > since, *chosen).order_by(AuditEvent.id))


def everything() -> str:
    """Every row of every table, as one text."""
    return "\n".join(
        f"{table.name} {row}"
        for table in database.Base.metadata.sorted_tables
        for row in database.read_all(select(table))
    )


def rows(since: int = 0) -> set[str]:
    """The same, row by row; of the audit log only what was written after this event.

    Of a mail only what stays as it is while it is sent: that happens at any moment.
    """
    chosen = {
        "audit_events": f"* FROM audit_events WHERE id > {since}",
        "outbox": "id, account_id, template FROM outbox",
    }
    with database.engine.connect() as connection:
        return {
            f"{table.name} {row}"
            for table in database.Base.metadata.sorted_tables
            for row in connection.exec_driver_sql(f"SELECT {chosen.get(table.name, '* FROM ' + table.name)}")
        }


def set_active(user_id: str, active: bool) -> None:
    database.write_only(update(User).where(User.user_id == user_id).values(is_active=active))


def mark_verified(person: Person) -> None:
    """As an administrator does, with no event."""
    marked = update(User).where(User.user_id == person.user_id).values(marked_verified_at=models.now())
    database.write_only(marked)


def prove(*people: Person) -> None:
    """As if each of them had verified their email address, so that they get notices."""
    ids = [person.user_id for person in people]
    database.write_only(
        update(User).where(User.user_id.in_(ids)).values(is_verified=True, email_proven_at=models.now())
    )


def forget_outbox() -> None:
    """No email waits, no failure of the mail server is remembered, and nobody got a notice lately."""
    if database.is_reachable():
        database.write_only(delete(models.Mail).where(models.Mail.sent_at.is_(None), models.Mail.gave_up_at.is_(None)))
        database.write_only(delete(DeliveryHold))
        database.write_only(delete(NoticeBudget))


def wait_for_outbox(seconds: float = 60) -> None:
    """Until each email that is due has gone out, or was put off."""
    deadline = time.monotonic() + seconds
    waiting = select(models.Mail.id).where(models.Mail.sent_at.is_(None), models.Mail.gave_up_at.is_(None))
    while database.read(waiting.where(models.Mail.due_at < models.now() + email_utils.LEASE + timedelta(seconds=2))):
        assert time.monotonic() < deadline, "emails still wait"
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
    """As if every provider had asked its user again: their sessions count as re-authentication for five minutes."""
    silent = update(models.Session).where(models.Session.authenticated_at.is_(None))
    database.write_only(silent.values(authenticated_at=models.now()))


def set_user_id(person: Person, user_id: str) -> None:
    """As if the account came from another system."""
    database.write_only(update(User).where(User.user_id == person.user_id).values(user_id=user_id))


def hash_of(person: Person) -> str | None:
    return database.read(select(User.hashed_password).where(User.user_id == person.user_id))[0]


def store_hash(person: Person, stored: str | None) -> None:
    database.write_only(update(User).where(User.user_id == person.user_id).values(hashed_password=stored))


def set_failures(email: str, failures: int) -> None:
    """Pretend that this address was guessed at so often, everywhere where it was at all, and that the wait is over."""
    values = {"failures": failures, "total": failures, "waits_until": throttling.NO_WAIT}
    database.write_only(update(Guesses).where(Guesses.subject == throttling._subject(email)).values(values))


def end_wait(email: str) -> None:
    """Pretend that the next wrong guess at this address may be made at once."""
    ended = update(Guesses).where(Guesses.subject == throttling._subject(email))
    database.write_only(ended.values(waits_until=throttling.NO_WAIT))


def make_superusers(*people: Person) -> None:
    """Give them the role, whether they have it or not."""
    for person in people:
        chosen = (UserRole.account_id == person.me()["id"], UserRole.role == "superuser")
        database.write_only(delete(UserRole).where(*chosen))
        database.write_only(insert(UserRole).values(account_id=person.me()["id"], role="superuser"))


def demote_all_superusers_but(root: str, *kept: int) -> None:
    others = select(models.User.id).where(User.user_id != root, User.id.not_in(kept))
    database.write_only(delete(UserRole).where(UserRole.role == "superuser", UserRole.account_id.in_(others)))


@contextmanager
def superusers(root: str, *people: Person) -> Any:
    """For a while these people, and not the one that was made at the start, are the active superusers."""
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
    """How many wrong guesses are counted for an address in one place."""
    row = database.read(
        select(Guesses.failures).where(Guesses.subject == throttling._subject(email), Guesses.place == place)
    )
    return row[0] if row else 0
