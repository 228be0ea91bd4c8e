"""Import accounts from other systems, and export accounts, as JSON Lines or CSV with hashes and ids.

A file is read line by line and imported in batches. To detect duplicates, sixteen bytes are kept for each line. An
invalid line is reported and skipped. An existing account is not changed, so the same file can be imported again.
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
from authorization import roles
from credentials import passwords
from models import AuditEvent, User, UserRole
from schemas import NewEmail, PublicId, Schema, Username, canonical_email, display_name_for
from schemas_admin import RoleNames, Time

BATCH = 1000
MAX_LINE_BYTES = 65_536
MAX_HASH_LENGTH = 255
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
NO_PASSWORD = "!"  # noqa: S105 - Django's prefix for an unusable password


def _usable_hash(stored: str) -> str | None:
    if stored.startswith(NO_PASSWORD):
        return None
    stored = passwords.from_django_scrypt(stored)
    if len(stored) > MAX_HASH_LENGTH or not passwords.is_usable(stored):
        raise ValueError("is not a complete hash in a supported format within the cost limit")
    return stored


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _url_safe(user_id: str) -> str:
    """Return an id that is safe as a segment of a URL. Raises ValueError."""
    if set("/\\?#%") & set(user_id) or user_id in (".", "..", "me"):
        raise ValueError("must not contain / \\ ? # %, and must not be . or .. or me")
    return user_id


def _plausible(time: datetime) -> datetime:
    if not EARLIEST <= time <= models.now() + timedelta(days=1):
        raise ValueError("must be a time from 1970 until now")
    return time


def _split(value: Any) -> Any:
    return value.replace(",", " ").replace(";", " ").split() if isinstance(value, str) else value


class Entry(Schema):
    """An account in a file. Without a hash, its owner logs in after a password reset."""

    model_config = ConfigDict(populate_by_name=True)

    email: NewEmail
    username: Username | None = None
    user_id: Annotated[PublicId, BeforeValidator(_text), AfterValidator(_url_safe)] | None = Field(
        None, validation_alias=AliasChoices("user_id", "id")
    )
    hashed_password: Annotated[str, AfterValidator(_usable_hash)] | None = Field(
        None, validation_alias=AliasChoices("hashed_password", "password_hash", "password")
    )
    is_active: bool = True
    is_verified: bool = False
    email_proven_at: Annotated[Time, AfterValidator(_plausible)] | None = None
    created_at: Annotated[Time, AfterValidator(_plausible)] | None = None
    roles: Annotated[RoleNames, BeforeValidator(_split)] = Field(["user"])

    @functools.cached_property
    def canonical_email(self) -> str:
        """Return the canonical form of the email address."""
        return canonical_email(self.email)


@dataclass
class Totals:
    """The number of lines by result."""

    imported: int = 0
    existing: int = 0
    invalid: int = 0


@dataclass
class Import:
    """One import of a file.

    report: called with line number and reason for each invalid line.
    progress: called with the number of bytes that were read.
    dry_run: whether the file is only checked.
    """

    report: Callable[[int, str], None]
    progress: Callable[[int], None]
    dry_run: bool = False
    totals: Totals = field(default_factory=Totals)
    _seen: set[int] = field(default_factory=set)

    def run(self, path: Path) -> Totals:
        """Import a file and return the totals. Batches that are done stay if the import is interrupted."""
        with path.open("rb") as file:
            lines = self._entries(file, path.suffix.lower() == ".csv")
            while batch := list(islice(lines, BATCH)):
                with database.transaction() as db, roles.serialized(db):
                    self._import_batch(db, batch)
        return self.totals

    def _reject(self, line: int, reason: str) -> None:
        self.totals.invalid += 1
        self.report(line, reason)

    # ------------------------------------------------------------------------------------------------------------ read

    def _entries(self, file: BinaryIO, is_csv: bool) -> Iterator[tuple[int, Entry]]:
        for line, value in (_csv if is_csv else _json_lines)(self._lines(file)):
            try:
                if not isinstance(value, dict):
                    raise ValueError("is not an object of fields")
                yield line, Entry.model_validate(value)
            except ValidationError as error:
                reasons = (f"{e['loc'][0]} {errors.message(e)}" for e in error.errors(include_url=False))
                self._reject(line, "; ".join(reasons))
            except ValueError as error:
                self._reject(line, str(error))

    def _lines(self, file: BinaryIO) -> Iterator[tuple[int, str]]:
        number = 0
        while raw := file.readline(MAX_LINE_BYTES):
            number += 1
            self.progress(len(raw))
            if len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n"):
                self._reject(number, "is too long")
                while raw and not raw.endswith(b"\n"):
                    self.progress(len(raw := file.readline(MAX_LINE_BYTES)))
                continue
            # Bytes that are not UTF-8 become characters that no email address and no name may contain.
            yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape")

    # ------------------------------------------------------------------------------------------------------------ write

    def _import_batch(self, db: Session, batch: Sequence[tuple[int, Entry]]) -> None:
        known, existing = roles.catalogue(db), _existing(db, [entry for _, entry in batch])
        ids = set(existing.values())
        new: dict[str, tuple[int, Entry]] = {}
        for line, entry in batch:
            if reason := self._duplicate(entry) or _conflict(entry, existing, ids, known):
                self._reject(line, reason)
            elif entry.canonical_email in existing:
                self.totals.existing += 1
            else:
                new[entry.user_id or models.new_id()] = (line, entry)
        added = new if self.dry_run else _add(db, {user_id: entry for user_id, (_, entry) in new.items()})
        self.totals.imported += len(added)
        for user_id in new.keys() - added.keys():
            self._reject(new[user_id][0], "email or user_id was taken by another account during the import")

    def _duplicate(self, entry: Entry) -> str | None:
        names = {hash(entry.canonical_email)} | ({hash(f"id {entry.user_id}")} if entry.user_id else set())
        if names & self._seen:
            return "email or user_id is a duplicate of an earlier line"
        self._seen |= names
        return None


def _conflict(entry: Entry, existing: Mapping[str, str], ids: Set[str], known: roles.Catalogue) -> str | None:
    """Return the reason why a valid entry cannot be imported, or None."""
    email = entry.canonical_email
    if not known.keys() >= set(entry.roles):
        return "roles names a role that does not exist"
    if not roles.fit(entry.roles):
        return f"roles {roles.TOO_LONG}"
    if entry.user_id and existing.get(email, entry.user_id) != entry.user_id:
        return "email belongs to an account with another user_id"
    if entry.user_id in ids and email not in existing:
        return "user_id belongs to an account with another email"
    return None


def _csv(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Any]]:
    """Parse each line by itself, so that an unclosed quote does not consume the lines after it."""
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


def _existing(db: Session, entries: list[Entry]) -> dict[str, str]:
    """Return the email address and user_id of accounts that have one of these email addresses or ids."""
    emails = [entry.canonical_email for entry in entries]
    ids = [entry.user_id for entry in entries if entry.user_id]
    chosen = or_(User.canonical_email.in_(emails), User.user_id.in_(ids))
    return {
        row.canonical_email: row.user_id for row in db.execute(select(User.canonical_email, User.user_id).where(chosen))
    }


def _add(db: Session, entries: Mapping[str, Entry]) -> dict[str, int]:
    """Insert accounts with roles and audit events. Returns the ids of those that did not conflict."""
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
    if added:
        now = models.now()
        events = [{"at": now, "action": "user.imported", "user_id": user_id, "detail": {}} for user_id in added]
        db.execute(insert(AuditEvent), events)
    return added


def _row(user_id: str, entry: Entry) -> dict[str, Any]:
    now = models.now()
    return {
        "user_id": user_id,
        "email": entry.email,
        "canonical_email": entry.canonical_email,
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
    """Write all accounts as JSON Lines that can be imported again, and return how many.

    hashes: whether password hashes are included.
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
