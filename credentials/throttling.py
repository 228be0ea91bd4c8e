"""Login throttling: wrong passwords, counted in the database by account, with growing waits and a cap.

An attempt is counted before anything is compared, by one statement, so fifty at once on any number of workers gain
nothing. An email address that has no account is counted like any other. A row contains a fingerprint in place of the
email address.

Each network from which an account was used before has a count and a cap of its own; all the others share one. So
attackers elsewhere cannot lock the owner out of the networks that the account is used from. The cap for the others
holds over all places: with a hundred wrong passwords, wherever they were sent from, the password stops working from
unknown networks until there is a new one.

`failures` decides how long the next attempt waits. Cleanup forgets it after a month, alike for email addresses with
and without an account. `total` counts towards the cap, and no time ends it.
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

FREE = 5  # so many wrong guesses cost no wait
CAP = 100  # with so many the password, or any code, no longer counts there
LONGEST_WAIT = timedelta(minutes=15)
NO_WAIT = datetime(2000, 1, 1, tzinfo=UTC)
WAITS = {FREE + n: timedelta(seconds=2**n) for n in range(10)}
ELSEWHERE, CODES = "elsewhere", "codes"
LEASE = timedelta(seconds=60)  # a guess that was not settled by then died with its process, and counts as wrong
SECONDS_TO_WAIT_FOR_OTHERS = 15
SECONDS_BETWEEN_LOOKS = (0.02, 0.25)


class Failed(NamedTuple):
    """What a wrong password has brought about.

    here: it was the one after which the password no longer works from the known network that it came from.
    elsewhere: it was the one after which the password no longer works from unknown networks.
    """

    here: bool
    elsewhere: bool


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
            return Attempt(subject, place, known_network, taken.locked or taken.total >= CAP)
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
    # Nobody heard an answer to those: they lead up to the cap, and the next one that is answered is announced.

    def with_dead(counted: Any) -> ColumnElement[int]:
        most = case((counted + Guesses.pending < CAP, counted + Guesses.pending), else_=CAP - 1)
        return case((died & (counted < CAP), most), else_=counted)

    pending = case((died, 0), else_=Guesses.pending)
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
                "failures": with_dead(Guesses.failures),
                "total": with_dead(Guesses.total),
                "pending": pending + 1,
                "tried_at": now,
            },
            where=(Guesses.waits_until <= now) & ((pending == 0) | (with_dead(Guesses.failures) + pending < FREE)),
        )
        .returning(Guesses.total, Guesses.locked)
    )


_TAKE = Prepared(_take)


def succeeded(db: Session, guess: Attempt) -> None:
    """Settle a guess: the count of its place begins anew."""
    db.execute(_RIGHT, {"whose": guess.subject, "where": guess.place})


def settle(db: Session, attempt: Attempt) -> None:
    """Settle an attempt that counts neither as a success nor as a failure."""
    db.execute(_NEUTRAL, {"whose": attempt.subject, "where": attempt.place})


def failed(db: Session, guess: Attempt, *, has_account: bool) -> Failed:
    """Settle a guess: the next one waits.

    The caller has locked the account's row, where there is an account.
    """
    metrics.WRONG_GUESSES.labels("password").inc()
    others = aliased(Guesses)
    of_others = select(func.coalesce(func.sum(others.total), 0)).where(
        others.subject == guess.subject, others.place != guess.place, others.place != CODES
    )
    statement = _settled(Guesses.failures + 1, Guesses.total + 1, _wait_after(Guesses.failures + 1), has_account)
    elsewhere = db.execute(of_others).scalar_one()
    total = db.execute(statement, {"whose": guess.subject, "where": guess.place}).scalar() or 0
    here = guess.known_network is not None and total == CAP
    return Failed(here, has_account and total + elsewhere >= CAP and _lock(db, guess.subject))


def _lock(db: Session, subject: str) -> bool:
    """Let the password work from unknown networks no more, until `reset`. Whether it did until now."""
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
        .where(*_of(bindparam("whose"), bindparam("where")))
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


_RIGHT = _settled(0, 0, literal(NO_WAIT, UtcDateTime()), True)
_NEUTRAL = _settled(Guesses.failures, Guesses.total, Guesses.waits_until, Guesses.has_account)


def _wait_after(failures: ColumnElement[int]) -> ColumnElement[datetime]:
    def moment(at: datetime) -> ColumnElement[datetime]:
        return literal(at, UtcDateTime())

    now = models.now()
    waits = [(failures == number, moment(now + wait)) for number, wait in WAITS.items()]
    return case((failures < FREE, moment(NO_WAIT)), *waits, else_=moment(now + LONGEST_WAIT))


def count_code_attempt(db: Session, address: str) -> bool:
    """Count a guess at the code of an email as wrong, until `reset`; False where a hundred in a row were."""
    now = models.now()
    row = database.upsert(Guesses.__table__).values(
        subject=_subject(address), place=CODES, failures=1, total=1, has_account=True, locked=False, pending=0,
        tried_at=now, waits_until=NO_WAIT,
    )  # fmt: skip
    counted = row.on_conflict_do_update(
        index_elements=["subject", "place"],
        set_={"failures": Guesses.failures + 1, "total": Guesses.total + 1, "tried_at": now, "has_account": True},
        where=Guesses.total < CAP,
    ).returning(Guesses.total)
    return db.execute(counted).scalar() is not None


def reset(db: Session, address: str, *, codes: bool = False) -> None:
    """Begin to count passwords anew for an address, and codes where its owner has shown that the mailbox is theirs.

    Nothing less may do the latter: else whoever signs up with the address could guess codes for ever.
    """
    chosen = [] if codes else [Guesses.place != CODES]
    db.execute(delete(Guesses).where(Guesses.subject == _subject(address), *chosen))


def erase(db: Session, address: str) -> None:
    """Delete what is counted for an account that is deleted, but for wrong codes: those go when they have rested.

    Otherwise a new account with the same email address would bring new guesses at its codes.
    """
    reset(db, address)
    codes = update(Guesses).where(*_of(_subject(address), CODES)).values(has_account=False)
    db.execute(codes.execution_options(synchronize_session=False))


def forget_waits(before: datetime, batch: int) -> int:
    """Begin the waits anew for accounts whose counts have rested since; what counts towards the cap stays.

    Returns how many rows of this batch changed. Rows without an account are deleted instead, which looks the same.
    """
    some = (
        select(Guesses.id)
        .where(Guesses.tried_at < before, Guesses.failures > 0, Guesses.has_account)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    rested = update(Guesses).where(Guesses.id.in_(some)).values(failures=0, waits_until=NO_WAIT).returning(Guesses.id)
    return len(database.read_all(rested))


def release(guess: Attempt) -> None:
    """Give a guess back at which nobody looked."""
    database.write_only(
        update(Guesses).where(*_of(guess.subject, guess.place), Guesses.pending > 0).values(pending=Guesses.pending - 1)
    )


def _subject(address: str) -> str:
    return signing.fingerprint("guesses", schemas.canonical_email(address))
