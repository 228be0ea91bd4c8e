"""Guessing, counted in the database by account: growing waits, and an end.

A guess is counted before anything is compared, by one statement, so fifty at once on any number of workers gain
nothing. An address that has no account is counted like any other. A row holds a fingerprint in place of the address.

Each network from which an account was used before has a count of its own; all the others share one. So strangers cannot
keep the owner out, and a login of the owner from a known network gives strangers no new guesses.
"""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, delete, literal, select, update
from sqlalchemy.orm import Session

import database
import errors
import models
import schemas
from core import signing
from models import Guesses, UtcDateTime
from prepared import Prepared
from telemetry import metrics

FREE = 5  # so many wrong guesses cost no wait
CAP = 100  # with so many the password, or any code, no longer counts there
LONGEST_WAIT = timedelta(minutes=15)
NO_WAIT = datetime(2000, 1, 1, tzinfo=UTC)
WAITS = {FREE + n: timedelta(seconds=2**n) for n in range(10)}
ELSEWHERE, CODES = "elsewhere", "codes"
LEASE = timedelta(seconds=60)  # a guess that was not settled by then died with its process, and counts as wrong
SECONDS_TO_WAIT_FOR_OTHERS = 15
SECONDS_BETWEEN_LOOKS = (0.02, 0.25)


class Attempt(NamedTuple):
    """One guess that may be looked at. With `over` set, even the right password is wrong."""

    subject: str
    place: str
    known_network: str | None
    over: bool


def _of(subject: Any, place: Any) -> tuple[ColumnElement[bool], ...]:
    return Guesses.subject == subject, Guesses.place == place


def begin(address: str, known_network: str | None) -> Attempt:
    """Take a guess at the password of an address, from a network that is known for it or, with None, any other.

    Raises RateLimited: it is to wait first.

    No more guesses are under way at once than would be free if all of them were wrong. The next one waits for them
    rather than be refused: a crowd that knows the password gets in.
    """
    subject = _subject(address)
    place = signing.fingerprint("guesses", f"{subject} {known_network}") if known_network else ELSEWHERE
    waited = 0.0
    while True:
        now = models.now()
        taken = _TAKE.first({"subject": subject, "place": place, "now": now, "stale": now - LEASE})
        if taken:
            return Attempt(subject, place, known_network, taken.failures >= CAP)
        row = database.read(select(Guesses.waits_until).where(*_of(subject, place)))
        if row and row.waits_until > models.now():
            metrics.RATE_LIMITED.labels("guesses").inc()
            raise errors.RateLimited((row.waits_until - models.now()).total_seconds())
        if waited > SECONDS_TO_WAIT_FOR_OTHERS:
            raise errors.RateLimited(1)
        pause = random.uniform(*SECONDS_BETWEEN_LOOKS)  # noqa: S311
        time.sleep(pause)
        waited += pause


def _take() -> Any:
    now, stale = bindparam("now", type_=UtcDateTime()), bindparam("stale", type_=UtcDateTime())
    died = Guesses.tried_at < stale
    # Nobody heard an answer to those: they lead up to the end, and the next one that is answered is the one announced.
    with_dead = case((Guesses.failures + Guesses.pending < CAP, Guesses.failures + Guesses.pending), else_=CAP - 1)
    failures = case((died & (Guesses.failures < CAP), with_dead), else_=Guesses.failures)
    pending = case((died, 0), else_=Guesses.pending)
    return (
        database.upsert(Guesses.__table__)
        .values(
            subject=bindparam("subject"),
            place=bindparam("place"),
            failures=0,
            pending=1,
            tried_at=now,
            waits_until=literal(NO_WAIT, UtcDateTime()),
        )
        .on_conflict_do_update(
            index_elements=["subject", "place"],
            set_={"failures": failures, "pending": pending + 1, "tried_at": now},
            where=(Guesses.waits_until <= now) & ((pending == 0) | (failures + pending < FREE)),
        )
        .returning(Guesses.failures)
    )


_TAKE = Prepared(_take)


def succeeded(db: Session, guess: Attempt) -> None:
    """Settle a guess: the count of its place begins anew."""
    db.execute(_RIGHT, {"whose": guess.subject, "where": guess.place})


def settle(db: Session, attempt: Attempt) -> None:
    """Settle an attempt that counts neither as a success nor as a failure."""
    db.execute(_NEUTRAL, {"whose": attempt.subject, "where": attempt.place})


def failed(db: Session, guess: Attempt) -> bool:
    """Settle a guess: the next one waits. Whether this was the one after which the password no longer counts there."""
    metrics.WRONG_GUESSES.labels("password").inc()
    counted = Guesses.failures + 1
    settled = _settled(counted, _wait_after(counted))
    return db.execute(settled, {"whose": guess.subject, "where": guess.place}).scalar() == CAP


def _settled(failures: Any, waits_until: Any) -> Any:
    return (
        update(Guesses)
        .where(*_of(bindparam("whose"), bindparam("where")))
        .values(
            failures=failures,
            pending=case((Guesses.pending > 0, Guesses.pending - 1), else_=0),
            waits_until=waits_until,
        )
        .returning(Guesses.failures)
        .execution_options(synchronize_session=False)
    )


_RIGHT = _settled(0, literal(NO_WAIT, UtcDateTime()))
_NEUTRAL = _settled(Guesses.failures, Guesses.waits_until)


def _wait_after(failures: ColumnElement[int]) -> ColumnElement[datetime]:
    def moment(at: datetime) -> ColumnElement[datetime]:
        return literal(at, UtcDateTime())

    now = models.now()
    waits = [(failures == number, moment(now + wait)) for number, wait in WAITS.items()]
    return case((failures < FREE, moment(NO_WAIT)), *waits, else_=moment(now + LONGEST_WAIT))


def count_code_attempt(db: Session, address: str) -> bool:
    """Count a guess at the code of a mail as wrong, until `forget`; False where a hundred in a row were."""
    now = models.now()
    counted = (
        database.upsert(Guesses.__table__)
        .values(subject=_subject(address), place=CODES, failures=1, pending=0, tried_at=now, waits_until=NO_WAIT)
        .on_conflict_do_update(
            index_elements=["subject", "place"],
            set_={"failures": Guesses.failures + 1, "tried_at": now},
            where=Guesses.failures < CAP,
        )
        .returning(Guesses.failures)
    )
    return db.execute(counted).scalar() is not None


def reset(db: Session, address: str, *, codes: bool = False) -> None:
    """Begin to count passwords anew for an address, and codes where its owner has shown that the mailbox is theirs.

    Nothing less may do the latter: else whoever signs up with the address could guess codes for ever.
    """
    chosen = [] if codes else [Guesses.place != CODES]
    db.execute(delete(Guesses).where(Guesses.subject == _subject(address), *chosen))


def release(guess: Attempt) -> None:
    """Give a guess back at which nobody looked."""
    database.write_only(
        update(Guesses).where(*_of(guess.subject, guess.place), Guesses.pending > 0).values(pending=Guesses.pending - 1)
    )


def _subject(address: str) -> str:
    return signing.fingerprint("guesses", schemas.canonical_email(address))
