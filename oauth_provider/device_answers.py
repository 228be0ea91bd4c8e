"""Find the device whose code a user enters, and record whether the user allows it access (RFC 8628, section 3.3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, case, literal, select, update
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from core import client_address, signing
from core.client_address import CallerInfo
from core.columns import UtcDateTime
from credentials import lookup, throttling
from models import Guesses
from oauth_provider import client_sessions, clients, consent, grants, oauth_errors, questions, scopes
from oauth_provider.consent import Visitor
from oauth_provider.models import Device
from telemetry import metrics

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, which could form words
CODE_LENGTH = 8
ALLOWED, DENIED = "allowed", "denied"
FREE_ATTEMPTS = 10  # wrong codes of a person or place before the next one has to wait
MINUTES_COUNTED = 60
MAX_WAIT = timedelta(minutes=15)
PLACE = "device"  # where the counters of these codes are, among those of `throttling.py`
_CODE, _SHOWN = "device_user_code", "device_page"


class Asked(NamedTuple):
    """What a device asks for.

    ip, user_agent: where it asked from.
    """

    id: str
    client: Any
    scopes: tuple[str, ...]
    resources: tuple[str, ...]
    ip: str | None
    user_agent: str | None
    created_at: datetime


def normalized(code: str) -> str:
    """Return the letters of a code, without what a user may have entered between them."""
    return "".join(letter for letter in code.upper() if letter in LETTERS)


def hash_of(letters: str) -> str:
    """Return the keyed hash by which a code is found."""
    return signing.fingerprint(_CODE, letters)


def find(caller: CallerInfo, who: Visitor, code: str) -> Asked:
    """Return the device whose code the user has entered.

    Each attempt is counted before it is verified. Raises RateLimited, WrongUserCode.
    """
    letters = normalized(code)
    if len(letters) != CODE_LENGTH:
        raise oauth_errors.WrongUserCode()
    subjects = [
        signing.fingerprint("guesses", f"device {who.row.user_id}"),
        signing.fingerprint("guesses", f"device {client_address.network_of(caller.ip)}"),
    ]
    _count_all(subjects)
    found = _waiting(Device.code_hash == hash_of(letters))
    if found is None:
        metrics.WRONG_GUESSES.labels("device_code").inc()
        raise oauth_errors.WrongUserCode()
    _uncount(subjects)
    return found


def _count_all(subjects: Sequence[str]) -> None:
    """Count an attempt of the person and of the place, or of neither. Raises RateLimited if it has to wait."""
    for place, subject in enumerate(subjects):
        try:
            _count(subject)
        except errors.RateLimited:
            _uncount(subjects[:place])  # the code is not verified
            raise


def _uncount(subjects: Sequence[str]) -> None:
    for subject in subjects:
        database.write_only(_RIGHT, {"subject_key": subject})


def _count(subject: str) -> None:
    """Count an attempt as wrong, in one statement. Raises RateLimited if it has to wait."""
    now = models.now()
    stale = now - timedelta(minutes=MINUTES_COUNTED)
    counted = database.write(_counting(), {"subject": subject, "now": now, "stale": stale})
    if counted is None:
        row = database.read(select(Guesses.waits_until).where(Guesses.subject == subject, Guesses.place == PLACE))
        metrics.RATE_LIMITED.labels("device").inc()
        raise errors.RateLimited((row.waits_until - models.now()).total_seconds() if row else 1)


def _counting() -> Any:
    now = bindparam("now", type_=UtcDateTime())
    failures = case((Guesses.tried_at < bindparam("stale", type_=UtcDateTime()), 0), else_=Guesses.failures)
    return (
        database.upsert(Guesses.__table__)
        .values(
            subject=bindparam("subject"), place=PLACE, failures=1, total=0, has_account=False, locked=False, pending=0,
            tried_at=now, waits_until=literal(throttling.NO_WAIT, UtcDateTime()),
        )
        .on_conflict_do_update(
            index_elements=["subject", "place"],
            set_={"failures": failures + 1, "tried_at": now, "waits_until": _wait_after(failures + 1)},
            where=Guesses.waits_until <= now,
        )
        .returning(Guesses.failures)
    )  # fmt: skip


def _wait_after(failures: Any) -> Any:
    """Return until when the next attempt waits: as for passwords, twice as long each time."""

    def moment(at: datetime) -> Any:
        return literal(at, UtcDateTime())

    now = models.now()
    waits = [(failures == FREE_ATTEMPTS + n, moment(now + timedelta(seconds=2**n))) for n in range(10)]
    return case((failures < FREE_ATTEMPTS, moment(throttling.NO_WAIT)), *waits, else_=moment(now + MAX_WAIT))


_RIGHT = (
    update(Guesses)
    .where(Guesses.subject == bindparam("subject_key"), Guesses.place == PLACE, Guesses.failures > 0)
    .values(failures=Guesses.failures - 1, waits_until=literal(throttling.NO_WAIT, UtcDateTime()))
)


def _waiting(condition: Any) -> Asked | None:
    """Return a device that waits for an answer, or None."""
    row = database.read(
        select(*Device.__table__.columns).where(condition, Device.answer.is_(None), Device.expires_at > models.now())
    )
    return _asked(row) if row else None


def _asked(row: Row[Any]) -> Asked | None:
    client = clients.by_pk(row.client_pk)
    if client is None:
        return None
    wanted = scopes.split(row.scopes)
    return Asked(row.id, client, wanted, tuple(row.resources), row.ip, row.user_agent, row.created_at)


# --------------------------------------------------------------------------------------------------------------- answer


def shown_to(asked: Asked, who: Visitor) -> str:
    """Return a signed value for the form, which shows that the user saw the page with the question in this session."""
    return questions.sign(_SHOWN, asked.id, asked, who)


def find_shown(raw: str, who: Visitor) -> Asked:
    """Return the device about which the user was asked in this session, with the scopes that the page showed.

    Raises WrongUserCode.
    """
    device_id, shown = questions.read(_SHOWN, raw, who) or (None, ())
    found = _waiting(Device.id == device_id) if device_id is not None else None
    if found is None:
        raise oauth_errors.WrongUserCode()
    return found._replace(scopes=tuple(scope for scope in found.scopes if scope in shown))


def answer(db: Session, caller: CallerInfo, asked: Asked, who: Visitor, *, allowed: bool) -> None:
    """Record the answer of the user. Only the first one counts.

    Raises WrongUserCode if the device no longer waits, or the session of the user has ended.
    """
    user = lookup.lock(db, who.row.id)
    session = client_sessions.live_session(db, who.session_id, who.row.id) if user and user.is_active else None
    granted = consent.scopes_for(asked, user) if user else ()
    given = update(Device).where(Device.id == asked.id, Device.answer.is_(None), Device.expires_at > models.now())
    at = who.authentication
    values = {
        "answer": ALLOWED if allowed else DENIED,
        "account_id": who.row.id,
        "session_id": who.session_id,
        "scopes": " ".join(granted),
        "authentication": {
            "at": at.at.isoformat(),
            "amr": list(at.amr),
            "aal2_at": at.aal2_at.isoformat() if at.aal2_at else None,
        },
    }
    statement = given.values(**values).returning(Device.id).execution_options(synchronize_session=False)
    if user is None or session is None or db.execute(statement).first() is None:
        raise oauth_errors.WrongUserCode()
    detail: dict[str, Any] = {"client_id": asked.client.client_id}
    if allowed:
        grants.remember(db, user, asked, granted)
        detail["scopes"] = " ".join(granted)
    name = "grant.consented" if allowed else "grant.declined"
    audit.record(db, caller, name, user.user_id, actor_id=user.user_id, **detail)


def read_authentication(stored: dict[str, Any]) -> tuple[datetime, tuple[str, ...], datetime | None]:
    """Return when and how the user who allowed the device had logged in."""
    aal2_at = stored["aal2_at"]
    return (
        datetime.fromisoformat(stored["at"]),
        tuple(stored["amr"]),
        datetime.fromisoformat(aal2_at) if aal2_at else None,
    )
