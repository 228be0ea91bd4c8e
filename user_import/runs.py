"""Import a file: read its records, check each one, and write them in batches.

An invalid record is reported and skipped. An existing account stays unchanged or, with `update`, gets the values that
it lacks, so the same file can be imported again. To detect duplicates, the import keeps eight bytes for the email
address and eight for the id of each record.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pydantic import ValidationError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

import database
import database_errors
import models
from authorization import roles
from core import field_errors
from models import User
from user_import import entries, files, presets, records, writing
from user_import.entries import Entry

BATCH = 1000
TAKEN = "another account took its email address or user_id at this moment"
Line = tuple[int, Entry]


class Refused(Exception):
    """The import would lose data that users need, or is no longer allowed. The message says what to do."""


@dataclass
class Totals:
    """The result of an import, with counts of records."""

    imported: int = 0
    updated: int = 0
    there: int = 0
    bad: int = 0
    lost: Counter[str] = field(default_factory=Counter)  # records with a value that was not imported, by field
    changed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Options:
    """The options of an import: the system, and whether to write, to repair, and to lose values."""

    system: str | None = None
    dry_run: bool = False
    update: bool = False
    allow_loss: bool = False
    hashes: Mapping[str, str] = field(default_factory=dict)  # parameters that hashes do not contain, such as Firebase's
    actor_id: str | None = None  # the user who imports, for the audit log
    # Returns the rights that the actor has in this transaction, or None for all. Raises Refused to stop the import.
    rights: Callable[[Session, roles.Catalogue], roles.Rights | None] = lambda _db, _known: None


@dataclass
class Import:
    """The import of one file.

    report: called with the number of a record and its error, or the change that was made to it.
    progress: called with the number of bytes that were read since the last call.
    """

    report: Callable[[int, str], None]
    progress: Callable[[int], None]
    options: Options = field(default_factory=Options)
    totals: Totals = field(default_factory=Totals)
    _seen: set[int] = field(default_factory=set)
    _identities: set[int] = field(default_factory=set)

    def run(self, file: files.File) -> Totals:
        """Import a file. If interrupted, accounts that were already imported stay. Raises Refused, Unreadable."""
        preset = presets.PRESETS[self.options.system] if self.options.system else presets.GENERAL
        lines = self._entries(files.records(file, self.progress), preset)
        while batch := list(islice(lines, BATCH)):
            with database.transaction() as db, roles.serialized(db):
                self._take(db, batch)
        return self.totals

    def _bad(self, line: int, reason: str) -> None:
        self.totals.bad += 1
        self.report(line, reason)

    # ------------------------------------------------------------------------------------------------------------ read

    def _entries(self, found: Iterator[files.Record], preset: presets.Preset) -> Iterator[Line]:
        for line, value in found:
            try:
                if isinstance(value, ValueError):
                    raise value
                if not isinstance(value, dict):
                    raise ValueError("is not an object of fields, or is too long")
                if not files.is_text(value):
                    raise ValueError("is not UTF-8 text: convert the file to UTF-8")
                record = records.Record(preset.flat(value))
                entry, changes = entries.from_values(self._values(line, record, preset))
            except ValidationError as error:
                said = (f"{e['loc'][0]} {field_errors.message(e)}" for e in error.errors(include_url=False))
                self._bad(line, "; ".join(said))
            except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
                self._bad(line, str(error) if isinstance(error, ValueError) else "is not as this system writes it")
            else:
                for change in changes:
                    self.totals.changed[change.partition(":")[0]] += 1
                    self.report(line, change)
                yield line, entry

    def _values(self, line: int, record: records.Record, preset: presets.Preset) -> Mapping[str, Any]:
        """Return the values of a record, and count lost values. Raises ValueError, or Refused to stop the import."""
        found = preset.values(record, self.options.hashes)
        unknown = record.left_over()
        if not self.options.allow_loss:
            if names := [lost.what for lost in unknown if lost.is_critical]:
                raise Refused(self._explained(line, record, names))
            if reasons := [lost.what for lost in record.lost if lost.is_critical]:
                raise ValueError(f"would lose {', '.join(reasons)}: import it all the same with --allow-loss")
        self.totals.lost.update({lost.what for lost in [*record.lost, *unknown]})
        if self.options.allow_loss and found.get("hashed_password") is not None:
            found = self._without_unusable_hash(line, dict(found))
        return found

    def _without_unusable_hash(self, line: int, found: dict[str, Any]) -> dict[str, Any]:
        if not entries.is_usable_hash(found["hashed_password"]):
            self.totals.lost["a password hash that is not supported"] += 1
            self.report(line, "hashed_password is not supported: the user sets a new password")
            found["hashed_password"] = None
        return found

    def _explained(self, line: int, record: records.Record, names: Sequence[str]) -> str:
        system = presets.suggested(record)
        ways = [f"use --from {system}"] if system and system != self.options.system else []
        if self.options.system is None:  # a preset reads only the names of its system
            ways.append("give the field a name that docs/importing.md lists")
        advice = f"To import it, {', or '.join(ways)}. " if ways else ""
        return (
            f"Record {line} has {', '.join(names)}, which this import does not know and which may be a credential or "
            f"keep a user out. {advice}To leave it out, add --allow-loss."
        )

    # ------------------------------------------------------------------------------------------------------------ write

    def _take(self, db: Session, batch: Sequence[Line]) -> None:
        known, there = roles.catalogue(db), _there(db, [entry for _, entry in batch])
        rights = self.options.rights(db, known)
        ids = set(there.values())
        new: dict[str, Line] = {}
        for line, entry in batch:
            if reason := self._twice(entry) or _conflict(entry, there, ids, known) or _beyond(entry, rights, known):
                self._bad(line, reason)
            elif entry.address in there:
                self._repair(db, line, entry)
            else:
                new[entry.user_id or models.new_id()] = (line, entry)
        found = {user_id: entry for user_id, (_, entry) in new.items()}
        if self.options.dry_run:
            added = set(found)
            writing.check(db, found.values(), self.totals.lost, self._identities)
        else:
            added = set(writing.add(db, found, self.totals.lost, actor_id=self.options.actor_id))
        self.totals.imported += len(added)
        lost = {user_id: new[user_id] for user_id in new.keys() - added}
        taken = _there(db, [entry for _, entry in lost.values()]) if lost else {}
        for user_id, (line, entry) in lost.items():
            is_taken = entry.address in taken or user_id in taken.values()
            self._bad(line, TAKEN if is_taken else database_errors.sequence_advice("users"))

    def _repair(self, db: Session, line: int, entry: Entry) -> None:
        self.totals.there += 1
        if not self.options.update:
            return
        try:
            changed = writing.update(db, entry, dry_run=self.options.dry_run)
        except ValueError as error:
            self._bad(line, str(error))
            return
        if changed:
            self.totals.updated += 1
            self.report(line, f"updates {', '.join(changed)}")

    def _twice(self, entry: Entry) -> str | None:
        names = {hash(entry.address)} | ({hash(f"id {entry.user_id}")} if entry.user_id else set())
        if names & self._seen:
            return "its email address or user_id is in a record before"
        self._seen |= names
        return None


def _beyond(entry: Entry, rights: roles.Rights | None, known: roles.Catalogue) -> str | None:
    """Return why an entry has roles that the actor may not grant: an import must not widen rights."""
    may_grant = rights is None or rights.cover(roles.rights(entry.roles, known))
    return None if may_grant else "roles grants a permission that you lack"


def _conflict(entry: Entry, there: Mapping[str, str], ids: Set[str], known: roles.Catalogue) -> str | None:
    """Return why an entry conflicts with existing accounts or roles, or is otherwise not allowed."""
    address = entry.address
    if not known.keys() >= set(entry.roles):
        return "roles names a role that does not exist"
    if not roles.fit(entry.roles):
        return f"roles {roles.TOO_LONG}"
    if entry.user_id and there.get(address, entry.user_id) != entry.user_id:
        return "email belongs to an account with another user_id"
    if entry.user_id in ids and address not in there:
        return "user_id belongs to an account with another email address"
    return None


def _there(db: Session, found: list[Entry]) -> dict[str, str]:
    """Return the canonical email address and id of the accounts that have one of these email addresses or ids."""
    addresses = [entry.address for entry in found]
    ids = [entry.user_id for entry in found if entry.user_id]
    chosen = or_(User.canonical_email.in_(addresses), User.user_id.in_(ids))
    return {
        row.canonical_email: row.user_id for row in db.execute(select(User.canonical_email, User.user_id).where(chosen))
    }
