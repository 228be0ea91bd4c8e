"""Run imports of users in the background: the file is checked first, and imported after a confirmation.

An import runs in a thread of the process that received the request. Its file and its progress are a row, so that any
process can show and continue it. The file is deleted afterwards.
"""

import contextlib
import io
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
import schemas
from authorization import roles
from console.models import ImportRun
from core import after_commit
from core.client_address import CallerInfo
from languages import translation
from sessions import reauthentication
from sessions.current_user import Current
from telemetry import logs
from user_import import files, presets, runs

log = logs.logger()
PERMISSION = "system:write"
MAX_LINES = 200  # of the report
SECONDS_BETWEEN_UPDATES = 0.5
SECONDS_UNTIL_INTERRUPTED = 120  # without progress: the process has ended
SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson")
_HAS_FILE = ImportRun.content.is_not(None)
COLUMNS = (
    *(each for each in ImportRun.__table__.columns if each.key != ImportRun.content.key),
    _HAS_FILE.label("has_file"),
)


def recent() -> Sequence[Row[Any]]:
    """Return the newest imports."""
    return database.read_all(select(*COLUMNS).order_by(ImportRun.id.desc()).limit(20))


def one(import_id: str, db: Session | None = None) -> Row[Any]:
    """Return an import, in a transaction if there is one. Raises NotFound."""
    statement = select(*COLUMNS).where(ImportRun.id == import_id)
    found = db.execute(statement).first() if db else database.read(statement)
    if found is None:
        raise errors.NotFound()
    return found


def state(run: Row[Any]) -> str:
    """Return `running`, `interrupted`, `failed` or `done`."""
    if run.ended_at:
        return "failed" if run.problem else "done"
    late = models.now() - timedelta(seconds=SECONDS_UNTIL_INTERRUPTED)
    return "interrupted" if run.updated_at < late else "running"


def can_continue(run: Row[Any]) -> bool:
    """Return whether a file was checked and can be imported now."""
    return state(run) == "done" and run.dry_run and run.has_file


def begin(db: Session, caller: CallerInfo, who: Current, upload: Any, system: str) -> str:
    """Check a file that was uploaded, in the background, and return the id of the import. Raises ValidationFailed."""
    name = Path(str(getattr(upload, "filename", "") or "")).name[:128]
    if not name or Path(name).suffix.lower() not in SUFFIXES:
        message = translation.mark("must be a file with one of the endings %(names)s", names=", ".join(SUFFIXES))
        raise errors.ValidationFailed(errors=[errors.FieldError("file", message)])
    if system and system not in presets.PRESETS:
        message = translation.mark("is not a valid value (%(type)s)", type="system")
        raise errors.ValidationFailed(errors=[errors.FieldError("system", message)])
    _require_none_running(db)
    content: bytes = upload.file.read()
    return _start(db, caller, who, ImportRun(file_name=name, system=system or None, dry_run=True, content=content))


def confirm(db: Session, caller: CallerInfo, who: Current, import_id: str, proof: schemas.Presence) -> str:
    """Import a file that was checked, and return the id of the new import.

    Raises ReauthenticationRequired, NotFound, and Conflict if the file is no longer there.
    """
    reauthentication.require(db, caller, who, proof)
    _require_none_running(db)  # also serializes two confirmations
    checked = one(import_id, db)
    if not can_continue(checked):
        raise errors.Conflict(translation.mark("The file is no longer on this server. Upload it again."))
    content = db.scalar(select(ImportRun.content).where(ImportRun.id == checked.id))
    run = ImportRun(file_name=checked.file_name, system=checked.system, dry_run=False, content=content)
    return _start(db, caller, who, run)


def _require_none_running(db: Session) -> None:
    database.serialize(db, "imports")
    late = models.now() - timedelta(seconds=SECONDS_UNTIL_INTERRUPTED)
    running = select(ImportRun.id).where(ImportRun.ended_at.is_(None), ImportRun.updated_at > late)
    if db.scalar(running.limit(1)):
        raise errors.Conflict(translation.mark("Another import is running. Wait until it is done."))


def _start(db: Session, caller: CallerInfo, who: Current, run: ImportRun) -> str:
    db.execute(update(ImportRun).where(_HAS_FILE).values(content=None))  # of earlier checks
    run.id, run.started_by, run.bytes_total = models.new_id(), who.user.user_id, len(run.content or b"")
    db.add(run)
    db.flush()
    if not run.dry_run:
        audit.record(db, caller, "users.import_started", None, actor_id=who.user.user_id, import_id=run.id)
    user_id = who.user.user_id
    options = runs.Options(
        run.system, run.dry_run, actor_id=user_id, rights=lambda own, known: _rights(own, user_id, known)
    )
    upload = _Upload(Path(run.file_name).suffix, run.content or b"")
    thread = threading.Thread(target=_run, args=(run.id, upload, options), name="user import", daemon=True)
    after_commit.call(db, thread.start)  # the thread must find the row
    return run.id


class _Upload(NamedTuple):
    """An uploaded file."""

    suffix: str
    content: bytes

    def open(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self.content)


def _rights(db: Session, user_id: str, known: roles.Catalogue) -> roles.Rights:
    """Return the current rights of an administrator, who may have lost them since the import began. Raises Refused."""
    try:
        return roles.of_actor(db, user_id, PERMISSION, known)
    except errors.Forbidden:
        raise runs.Refused("The administrator who started this import may no longer import users.") from None


class _Progress:
    """The report of a running import, written to its row from time to time."""

    def __init__(self, import_id: str) -> None:
        self.import_id, self.read, self.lines, self.written_at = import_id, 0, list[tuple[int, str]](), 0.0
        self.totals = runs.Totals()

    def report(self, line: int, text: str) -> None:
        if len(self.lines) < MAX_LINES:
            self.lines.append((line, text))

    def progress(self, read: int) -> None:
        self.read += read
        if time.monotonic() - self.written_at > SECONDS_BETWEEN_UPDATES:
            self.write()

    def write(self, **ended: Any) -> None:
        self.written_at = time.monotonic()
        totals = self.totals
        result = {
            "imported": totals.imported,
            "there": totals.there,
            "bad": totals.bad,
            "lost": dict(totals.lost),
            "changed": dict(totals.changed),
            "lines": self.lines,
        }
        values = {"bytes_read": self.read, "result": result, "updated_at": models.now(), **ended}
        database.write_only(update(ImportRun).where(ImportRun.id == self.import_id).values(**values))


def _run(import_id: str, upload: _Upload, options: runs.Options) -> None:
    progress = _Progress(import_id)
    problem = None
    try:
        runs.Import(progress.report, progress.progress, options, progress.totals).run(upload)
    except (runs.Refused, files.Unreadable) as error:
        problem = str(error)
    except Exception:
        log.exception("import failed", import_id=import_id)
        problem = "The import failed. See the log of the service."
    deleted: dict[str, Any] = {"content": None} if problem or not options.dry_run else {}
    with contextlib.suppress(Exception):  # the database is away: the row says that the import was interrupted
        progress.write(ended_at=models.now(), problem=problem and problem[:1000], **deleted)
