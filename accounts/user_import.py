"""Accounts from other systems, and accounts written out: as JSON Lines or CSV, with their hashes and ids.

A file is read line by line and taken over in batches: of each line before, only eight bytes are kept for its address
and eight for its id, which tell what comes twice. A bad line is reported and left out; an account that is there already
stays as it is, so the same file can be imported again.
"""

import csv
import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TextIO

from pydantic import AfterValidator, AliasChoices, BeforeValidator, ConfigDict, Field, ValidationError
from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from accounts import superuser
from authorization import roles
from credentials import passwords
from models import AuditEvent, User, UserRole
from schemas import NewAddress, PublicId, Schema, Username, canonical_email, display_name_for
from schemas_admin import RoleNames, Time
from settings import value_types

BATCH = 1000
LONGEST_LINE = 65_536
LONGEST_HASH = 255
MOST_ANNOUNCED = 100  # superusers of a batch; each is announced to every other
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
NO_PASSWORD = "!"  # noqa: S105 - Django's sign for an account that has none


def _usable(stored: str) -> str | None:
    if stored.startswith(NO_PASSWORD):
        return None
    stored = passwords.from_django_scrypt(stored)
    if len(stored) > LONGEST_HASH or not passwords.is_usable(stored):
        raise ValueError("is not a complete hash in a supported format within the cost limit")
    return stored


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _sensible(time: datetime) -> datetime:
    if not FIRST <= time <= models.now() + timedelta(days=1):
        raise ValueError("must be a time from 1970 until now")
    return time


def _split(value: Any) -> Any:
    return value.replace(",", " ").replace(";", " ").split() if isinstance(value, str) else value


class Entry(Schema):
    """One account in a file. Without a hash its owner gets in through a password reset."""

    model_config = ConfigDict(populate_by_name=True)

    email: NewAddress
    username: Username | None = None
    user_id: Annotated[PublicId, BeforeValidator(_text), AfterValidator(value_types.usable_user_id)] | None = Field(
        None, validation_alias=AliasChoices("user_id", "id")
    )
    hashed_password: Annotated[str, AfterValidator(_usable)] | None = Field(
        None, validation_alias=AliasChoices("hashed_password", "password_hash", "password")
    )
    is_active: bool = True
    is_verified: bool = False
    email_proven_at: Annotated[Time, AfterValidator(_sensible)] | None = None
    created_at: Annotated[Time, AfterValidator(_sensible)] | None = None
    roles: Annotated[RoleNames, BeforeValidator(_split)] = Field(["user"])

    @functools.cached_property
    def address(self) -> str:
        """The identity of the address."""
        return canonical_email(self.email)


@dataclass
class Totals:
    """What became of the lines of a file."""

    imported: int = 0
    there: int = 0
    bad: int = 0


@dataclass
class Import:
    """One run over a file. `report(line, reason)` hears of each bad line, `progress(bytes)` how far it is."""

    report: Callable[[int, str], None]
    progress: Callable[[int], None]
    dry_run: bool = False
    totals: Totals = field(default_factory=Totals)
    _seen: set[int] = field(default_factory=set)

    def run(self, path: Path) -> Totals:
        """Take a file over. What was imported stays, also when this is broken off."""
        with path.open("rb") as file:
            lines = self._entries(file, path.suffix.lower() == ".csv")
            while batch := list(islice(lines, BATCH)):
                with database.transaction() as db, roles.serialized(db):
                    self._take(db, batch)
        return self.totals

    def _bad(self, line: int, reason: str) -> None:
        self.totals.bad += 1
        self.report(line, reason)

    # ------------------------------------------------------------------------------------------------------------ read

    def _entries(self, file: BinaryIO, is_csv: bool) -> Iterator[tuple[int, Entry]]:
        for line, value in (_csv if is_csv else _json_lines)(self._lines(file)):
            try:
                if not isinstance(value, dict):
                    raise ValueError("is not an object of fields")
                yield line, Entry.model_validate(value)
            except ValidationError as error:
                said = (f"{e['loc'][0]} {errors.message(e)}" for e in error.errors(include_url=False))
                self._bad(line, "; ".join(said))
            except ValueError as error:
                self._bad(line, str(error))

    def _lines(self, file: BinaryIO) -> Iterator[tuple[int, str]]:
        number = 0
        while raw := file.readline(LONGEST_LINE):
            number += 1
            self.progress(len(raw))
            if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
                self._bad(number, "is too long")
                while raw and not raw.endswith(b"\n"):
                    self.progress(len(raw := file.readline(LONGEST_LINE)))
                continue
            # What is no UTF-8 turns into characters that no address and no name may have.
            yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape")

    # ------------------------------------------------------------------------------------------------------------ write

    def _take(self, db: Session, batch: Sequence[tuple[int, Entry]]) -> None:
        known, there = roles.catalogue(db), _there(db, [entry for _, entry in batch])
        ids = set(there.values())
        new: dict[str, tuple[int, Entry]] = {}
        for line, entry in batch:
            if reason := self._twice(entry) or _conflict(entry, there, ids, known):
                self._bad(line, reason)
            elif entry.address in there:
                self.totals.there += 1
            else:
                new[entry.user_id or models.new_id()] = (line, entry)
        added = new if self.dry_run else _add(db, {user_id: entry for user_id, (_, entry) in new.items()}, known)
        self.totals.imported += len(added)
        for user_id in new.keys() - added.keys():
            self._bad(new[user_id][0], "somebody took its address or user_id at this moment")

    def _twice(self, entry: Entry) -> str | None:
        names = {hash(entry.address)} | ({hash(f"id {entry.user_id}")} if entry.user_id else set())
        if names & self._seen:
            return "its address or user_id stands on a line before"
        self._seen |= names
        return None


def _conflict(entry: Entry, there: Mapping[str, str], ids: Set[str], known: roles.Catalogue) -> str | None:
    """What speaks against an entry, beside what is wrong with it by itself."""
    address = entry.address
    if not known.keys() >= set(entry.roles):
        return "roles names a role that does not exist"
    if not roles.fit(entry.roles):
        return f"roles {roles.TOO_LONG}"
    if entry.user_id and there.get(address, entry.user_id) != entry.user_id:
        return "email belongs to an account with another user_id"
    if entry.user_id in ids and address not in there:
        return "user_id belongs to an account with another address"
    return None


def _csv(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Any]]:
    """Each line by itself: a quote that never closes must not swallow the lines behind it."""
    names: list[str] = []
    for number, text in lines:
        try:
            values = next(csv.reader([text], strict=True), [])
        except csv.Error:
            yield number, None
            continue
        if not names:
            names = values
        elif values:
            yield number, {name: value for name, value in zip(names, values, strict=False) if name and value}


def _json_lines(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Any]]:
    for number, text in lines:
        if text.strip():
            try:
                yield number, json.loads(text)
            except (ValueError, RecursionError):
                yield number, None


def _there(db: Session, entries: list[Entry]) -> dict[str, str]:
    """The accounts that have one of these addresses or ids: address and id."""
    addresses = [entry.address for entry in entries]
    ids = [entry.user_id for entry in entries if entry.user_id]
    chosen = or_(User.canonical_email.in_(addresses), User.user_id.in_(ids))
    return {
        row.canonical_email: row.user_id for row in db.execute(select(User.canonical_email, User.user_id).where(chosen))
    }


def _add(db: Session, entries: Mapping[str, Entry], known: roles.Catalogue) -> dict[str, int]:
    """Insert accounts, each with its roles and its event; the numbers of those whose address and id were still free."""
    if not entries:
        return {}
    free = database.upsert(User).on_conflict_do_nothing().returning(User.user_id, User.id)
    rows = [_row(user_id, entry) for user_id, entry in entries.items()]
    added = {row.user_id: row.id for row in db.execute(free, rows)}
    granted = [
        {"account_id": account, "role": role} for user_id, account in added.items() for role in entries[user_id].roles
    ]
    if granted:
        db.execute(insert(UserRole), granted)
        _announce_superusers(db, [added[user_id] for user_id in added if _is_superuser(entries[user_id], known)])
    if added:
        now = models.now()
        told = [{"at": now, "action": "user.imported", "user_id": user_id, "detail": {}} for user_id in added]
        db.execute(insert(AuditEvent), told)
    return added


def _is_superuser(entry: Entry, known: roles.Catalogue) -> bool:
    return entry.is_active and roles.rights(entry.roles, known).superuser


def _announce_superusers(db: Session, accounts: Sequence[int]) -> None:
    for user in db.scalars(select(User).where(User.id.in_(accounts[:MOST_ANNOUNCED]))):
        superuser.tell_of_new(db, user)


def _row(user_id: str, entry: Entry) -> dict[str, Any]:
    now = models.now()
    return {
        "user_id": user_id,
        "email": entry.email,
        "canonical_email": entry.address,
        "username": entry.username or display_name_for(entry.email),
        "hashed_password": entry.hashed_password,
        "is_active": entry.is_active,
        "is_verified": entry.is_verified or entry.email_proven_at is not None,
        "email_proven_at": entry.email_proven_at,
        "marked_verified_at": now if entry.is_verified else None,
        "created_at": entry.created_at or now,
        "updated_at": now,
    }


# --------------------------------------------------------------------------------------------------------------- export


def export(file: TextIO, *, hashes: bool) -> int:
    """Write every account as a line of JSON that can be imported again; how many. Hashes only where they are asked
    for.
    """
    columns = (
        User.id, User.user_id, User.email, User.username, User.is_active, User.is_verified, User.email_proven_at,
        User.created_at, User.roles.label("roles"), *([User.hashed_password] if hashes else []),
    )  # fmt: skip
    written, last = 0, 0
    while rows := database.read_all(select(*columns).where(User.id > last).order_by(User.id).limit(BATCH)):
        for row in rows:
            values = {name: value for name, value in row._mapping.items() if name != "id" and value is not None}
            file.write(json.dumps(values, default=str, ensure_ascii=False) + "\n")
        written, last = written + len(rows), rows[-1].id
    with database.transaction() as db:
        audit.record(db, audit.SYSTEM, "users.exported", None, accounts=written, hashes=hashes)
    return written
