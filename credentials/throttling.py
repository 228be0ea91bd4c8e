"""Throttle logins: count wrong passwords per account in the database, with growing delays and a cap.

An attempt is counted before it is verified, in one statement, so that an attacker gains nothing from concurrent
attempts on any number of workers. An email address without an account is counted like any other. A row contains a
fingerprint of the email address.

Each network from which an account was used before has a counter and a cap of its own; all other networks share one.
Attackers therefore cannot lock the owner out of known networks. The cap for other networks applies to all networks
together: after a hundred wrong passwords from anywhere, the password no longer works from unknown networks until it is
changed.

`failures` determines how long the next attempt waits. Cleanup resets it after a month, for email addresses with and
without an account alike. `total` counts toward the cap and does not expire.
"""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, delete, func, literal, select, update
from sqlalchemy.orm import Session, aliased

import database
import errors
import models
import schemas
from core import signing
from core.columns import UtcDateTime
from models import Guesses
from prepared import Prepared
from telemetry import metrics

FREE_ATTEMPTS = 5  # wrong passwords before an attempt has to wait
CAP = 100  # failures after which the password, or any code, no longer works
MAX_WAIT = timedelta(minutes=15)
NO_WAIT = datetime(2000, 1, 1, tzinfo=UTC)
WAITS = {FREE_ATTEMPTS + n: timedelta(seconds=2**n) for n in range(10)}
ELSEWHERE, CODES = "elsewhere", "codes"
LEASE = timedelta(seconds=60)  # an attempt that is not settled by then was lost with its process, and counts as wrong
SECONDS_TO_WAIT_FOR_OTHERS = 15
SECONDS_BETWEEN_POLLS = (0.02, 0.25)


class Failed(NamedTuple):
    """The effects of a wrong password.

    here: whether it made the password stop working from the known network that it came from.
    elsewhere: whether it made the password stop working from unknown networks.
    """

    here: bool
    elsewhere: bool


class Attempt(NamedTuple):
    """An attempt that may be verified. If `over` is set, even the right password counts as wrong."""

    subject: str
    place: str
    known_network: str | None
    over: bool


def _counter(subject: Any, place: Any) -> tuple[ColumnElement[bool], ...]:
    return Guesses.subject == subject, Guesses.place == place


def begin(subject: str, known_network: str | None) -> Attempt:
    """Count an attempt before it is verified. Raises RateLimited if the attempt has to wait.

    subject: what is guessed, as `of_passwords` or `of_factors` returns it.
    known_network: the caller's network if it is known for the account, or None.

    The number of concurrent attempts is at most the number of free attempts that would remain if all of them failed.
    The next one waits for them instead of being rejected, so that concurrent users with the right password can log in.
    """
    place = signing.fingerprint("guesses", f"{subject} {known_network}") if known_network else ELSEWHERE
    waited = 0.0
    while True:
        now = models.now()
        counted = _COUNT.first({"subject": subject, "place": place, "now": now, "stale": now - LEASE})
        if counted:
            return Attempt(subject, place, known_network, counted.locked or counted.total >= CAP)
        row = database.read(select(Guesses.waits_until).where(*_counter(subject, place)))
        if row and row.waits_until > models.now():
            metrics.RATE_LIMITED.labels("guesses").inc()
            raise errors.RateLimited((row.waits_until - models.now()).total_seconds())
        if waited > SECONDS_TO_WAIT_FOR_OTHERS:
            raise errors.RateLimited(1)
        pause = random.uniform(*SECONDS_BETWEEN_POLLS)  # noqa: S311
        time.sleep(pause)
        waited += pause


def _count_statement() -> Any:
    now, stale = bindparam("now", type_=UtcDateTime()), bindparam("stale", type_=UtcDateTime())
    expired = Guesses.tried_at < stale
    # Expired attempts got no response. They count only up to the cap, so that the next failure still sends the notice.

    def with_expired(counted: Any) -> ColumnElement[int]:
        most = case((counted + Guesses.pending < CAP, counted + Guesses.pending), else_=CAP - 1)
        return case((expired & (counted < CAP), most), else_=counted)

    pending = case((expired, 0), else_=Guesses.pending)
    return (
        database.upsert(Guesses.__table__)
        .values(
            subject=bindparam("subject"),
            place=bindparam("place"),
            failures=0,
            total=0,
            has_account=False,
            locked=False,
            pending=1,
            tried_at=now,
            waits_until=literal(NO_WAIT, UtcDateTime()),
        )
        .on_conflict_do_update(
            index_elements=["subject", "place"],
            set_={
                "failures": with_expired(Guesses.failures),
                "total": with_expired(Guesses.total),
                "pending": pending + 1,
                "tried_at": now,
            },
            where=(Guesses.waits_until <= now)
            & ((pending == 0) | (with_expired(Guesses.failures) + pending < FREE_ATTEMPTS)),
        )
        .returning(Guesses.total, Guesses.locked)
    )


_COUNT = Prepared(_count_statement)


def succeeded(db: Session, attempt: Attempt) -> None:
    """Settle a successful attempt, and reset its counter."""
    _SUCCEEDED.run(db, {"subject_key": attempt.subject, "place_key": attempt.place})


def settle(db: Session, attempt: Attempt) -> None:
    """Settle an attempt that counts neither as a success nor as a failure."""
    _NEUTRAL.run(db, {"subject_key": attempt.subject, "place_key": attempt.place})


def failed(db: Session, attempt: Attempt, *, has_account: bool, kind: str = "password") -> Failed:
    """Settle a failed attempt: the next one has to wait.

    has_account: whether there is an account. Its row is then locked by the caller.
    kind: what was guessed, for the metrics.
    """
    metrics.WRONG_GUESSES.labels(kind).inc()
    others = aliased(Guesses)
    of_others = select(func.coalesce(func.sum(others.total), 0)).where(
        others.subject == attempt.subject, others.place != attempt.place, others.place != CODES
    )
    statement = _settled(Guesses.failures + 1, Guesses.total + 1, _wait_after(Guesses.failures + 1), has_account)
    elsewhere = db.execute(of_others).scalar_one()
    total = db.execute(statement, {"subject_key": attempt.subject, "place_key": attempt.place}).scalar() or 0
    here = attempt.known_network is not None and total == CAP
    return Failed(here, has_account and total + elsewhere >= CAP and _lock(db, attempt.subject))


def _lock(db: Session, subject: str) -> bool:
    """Lock the password for unknown networks until `reset`. Returns whether it was unlocked before."""
    now = models.now()
    row = database.upsert(Guesses.__table__).values(
        subject=subject, place=ELSEWHERE, failures=0, pending=0, tried_at=now, waits_until=NO_WAIT, has_account=True,
        locked=True, total=0,
    )  # fmt: skip
    locked = row.on_conflict_do_update(
        index_elements=["subject", "place"], set_={"locked": True}, where=Guesses.locked.is_(False)
    )
    return db.execute(locked.returning(Guesses.id)).first() is not None


def _settled(failures: Any, total: Any, waits_until: Any, has_account: Any) -> Any:
    return (
        update(Guesses)
        .where(*_counter(bindparam("subject_key"), bindparam("place_key")))
        .values(
            failures=failures,
            total=total,
            has_account=has_account,
            pending=case((Guesses.pending > 0, Guesses.pending - 1), else_=0),
            waits_until=waits_until,
        )
        .returning(Guesses.total)
        .execution_options(synchronize_session=False)
    )


_SUCCEEDED = Prepared(lambda: _settled(0, 0, literal(NO_WAIT, UtcDateTime()), True))
_NEUTRAL = Prepared(lambda: _settled(Guesses.failures, Guesses.total, Guesses.waits_until, Guesses.has_account))


def _wait_after(failures: ColumnElement[int]) -> ColumnElement[datetime]:
    def moment(at: datetime) -> ColumnElement[datetime]:
        return literal(at, UtcDateTime())

    now = models.now()
    waits = [(failures == number, moment(now + wait)) for number, wait in WAITS.items()]
    return case((failures < FREE_ATTEMPTS, moment(NO_WAIT)), *waits, else_=moment(now + MAX_WAIT))


def count_code_attempt(db: Session, email: str, *, has_account: bool = True) -> bool:
    """Count an attempt at an emailed code as wrong, until `reset`. Returns False after a hundred in a row."""
    now = models.now()
    row = database.upsert(Guesses.__table__).values(
        subject=of_passwords(email), place=CODES, failures=1, total=1, has_account=has_account, locked=False, pending=0,
        tried_at=now, waits_until=NO_WAIT,
    )  # fmt: skip
    counted = row.on_conflict_do_update(
        index_elements=["subject", "place"],
        set_={
            "failures": Guesses.failures + 1,
            "total": Guesses.total + 1,
            "tried_at": now,
            "has_account": has_account,
        },
        where=Guesses.total < CAP,
    ).returning(Guesses.total)
    return db.execute(counted).scalar() is not None


_RESET = Prepared(lambda: delete(Guesses).where(Guesses.subject == bindparam("subject"), Guesses.place != CODES))


def reset(db: Session, email: str, *, codes: bool = False) -> None:
    """Reset the counters of passwords for an email address.

    codes: whether to reset those of codes too. Only if the owner has verified the address: otherwise an attacker who
        signed up with it could try codes without limit.
    """
    if codes:
        reset_codes(db, email)
    _RESET.run(db, {"subject": of_passwords(email)})


def reset_codes(db: Session, email: str) -> None:
    """Reset the counter of wrong codes for an email address, whose owner has just used a link or a code."""
    db.execute(delete(Guesses).where(*_counter(of_passwords(email), CODES)))


def erase(db: Session, email: str) -> None:
    """Delete the counters of a deleted account, except for wrong codes, which cleanup deletes later.

    Otherwise a new account with the same email address would allow new attempts at its codes.
    """
    reset(db, email)
    codes = update(Guesses).where(*_counter(of_passwords(email), CODES)).values(has_account=False)
    db.execute(codes.execution_options(synchronize_session=False))


def reset_unused_waits(before: datetime, batch: int) -> int:
    """Reset the waits of a batch of unused counters of accounts, and return how many. Totals are kept.

    Unused counters without an account are deleted instead, which has the same effect.
    """
    batch_ids = (
        select(Guesses.id)
        .where(Guesses.tried_at < before, Guesses.failures > 0, Guesses.has_account)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    unused = (
        update(Guesses).where(Guesses.id.in_(batch_ids)).values(failures=0, waits_until=NO_WAIT).returning(Guesses.id)
    )
    return len(database.read_all(unused))


def standing(subject: str) -> tuple[bool, datetime | None]:
    """Return whether a subject is locked for some networks, and until when attempts have to wait, if they do."""
    counters = select(Guesses.total, Guesses.locked, Guesses.waits_until).where(
        Guesses.subject == subject, Guesses.place != CODES
    )
    rows = database.read_all(counters)
    waits = max((row.waits_until for row in rows), default=NO_WAIT)
    return any(row.locked or row.total >= CAP for row in rows), waits if waits > models.now() else None


def release(attempt: Attempt) -> None:
    """Release an attempt that was not verified."""
    database.write_only(
        update(Guesses)
        .where(*_counter(attempt.subject, attempt.place), Guesses.pending > 0)
        .values(pending=Guesses.pending - 1)
    )


def of_passwords(email: str) -> str:
    """Return the subject of the passwords and emailed codes for an email address."""
    return signing.fingerprint("guesses", schemas.canonical_email(email))


def of_factors(user_id: str, *, by_link: bool = False) -> str:
    """Return the subject of the second factors of an account. Their counters survive a password reset.

    by_link: whether the caller has only presented a link from an email. These attempts have their own counters, so that
        someone with access to the mailbox cannot lock the owner out.
    """
    return signing.fingerprint("guesses", f"factors {user_id}{' by link' * by_link}")


def forget_factors(db: Session, user_id: str) -> None:
    """Delete the counters of the second factors of an account."""
    subjects = [of_factors(user_id), of_factors(user_id, by_link=True)]
    db.execute(delete(Guesses).where(Guesses.subject.in_(subjects)))
