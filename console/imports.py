"""Run imports of users in the background: the file is checked first, and imported after a confirmation.

An import runs in a thread of the process that received its file, which is deleted afterwards. Its progress is a row
that any process can show.
"""

import contextlib
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from pydantic import Field
from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
import schemas
from authorization import roles
from console.models import ImportRun
from core.client_address import CallerInfo
from languages import translation
from sessions import reauthentication
from sessions.current_user import Current
from telemetry import logs
from user_import import files, presets, runs

log = logs.logger()
MAX_LINES = 200  # of the report
SECONDS_BETWEEN_UPDATES = 0.5
SECONDS_UNTIL_INTERRUPTED = 120  # without progress: the process has ended
HOURS_FILES_ARE_KEPT = 24
SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson")
FOLDER, FILE_PREFIX = Path(tempfile.gettempdir()), "credential-import-"
COLUMNS = tuple(ImportRun.__table__.columns)


class UploadForm(schemas.Presence):
    system: Annotated[str, Field(max_length=32)] = ""


def recent() -> Sequence[Row[Any]]:
    """Return the newest imports."""
    return database.read_all(select(*COLUMNS).order_by(ImportRun.id.desc()).limit(20))


def one(import_id: str) -> Row[Any]:
    """Return an import. Raises NotFound."""
    found = database.read(select(*COLUMNS).where(ImportRun.id == import_id))
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
    """Return whether a checked file can be imported now: this machine still has it."""
    return state(run) == "done" and run.dry_run and _path(run.id, run.file_name).exists()


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
    run = ImportRun(id=models.new_id(), file_name=name, system=system or None, dry_run=True)
    run.bytes_total = _store(upload.file, _path(run.id, name))
    return _start(db, caller, who, run)


def confirm(db: Session, caller: CallerInfo, who: Current, import_id: str, proof: schemas.Presence) -> str:
    """Import a file that was checked, and return the id of the new import.

    Raises ReauthenticationRequired, NotFound, and Conflict if the file is no longer there.
    """
    reauthentication.require(db, caller, who, proof)
    _require_none_running(db)  # also serializes two confirmations
    checked = one(import_id)
    if not can_continue(checked):
        raise errors.Conflict(translation.mark("The file is no longer on this server. Upload it again."))
    run = ImportRun(id=models.new_id(), file_name=checked.file_name, system=checked.system, dry_run=False)
    run.bytes_total = checked.bytes_total
    _path(checked.id, checked.file_name).rename(_path(run.id, run.file_name))
    return _start(db, caller, who, run)


def _require_none_running(db: Session) -> None:
    database.serialize(db, "imports")
    late = models.now() - timedelta(seconds=SECONDS_UNTIL_INTERRUPTED)
    running = select(ImportRun.id).where(ImportRun.ended_at.is_(None), ImportRun.updated_at > late)
    if db.scalar(running.limit(1)):
        raise errors.Conflict(translation.mark("Another import is running. Wait until it is done."))


def _path(import_id: str, name: str) -> Path:
    return FOLDER / f"{FILE_PREFIX}{import_id}{Path(name).suffix.lower()}"


def _store(content: BinaryIO, path: Path) -> int:
    """Write a file that only this user can read, and return its size."""
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        shutil.copyfileobj(content, file)
    return path.stat().st_size


def delete_forgotten_files() -> int:
    """Delete the files on this server that were checked and not imported in time, and return their number."""
    oldest, deleted = time.time() - HOURS_FILES_ARE_KEPT * 3600, 0
    for path in FOLDER.glob(f"{FILE_PREFIX}*"):
        with contextlib.suppress(OSError):  # another process deleted it
            if path.stat().st_mtime < oldest:
                path.unlink()
                deleted += 1
    return deleted


def _start(db: Session, caller: CallerInfo, who: Current, run: ImportRun) -> str:
    run.started_by = who.user.user_id
    db.add(run)
    db.flush()
    if not run.dry_run:
        audit.record(db, caller, "users.import_started", None, actor_id=who.user.user_id, import_id=run.id)
    options = runs.Options(run.system, run.dry_run, may_grant=_grantable(who))
    path, import_id = _path(run.id, run.file_name), run.id
    db.commit()  # the thread must find the row
    threading.Thread(target=_run, args=(import_id, path, options), name="user import", daemon=True).start()
    return import_id


def _grantable(who: Current) -> Any:
    """Return a function that says whether the administrator may grant these roles: an import must not widen rights."""
    known = roles.catalogue()
    own = roles.rights(who.user.roles, known)
    return lambda names: own.cover(roles.rights(names, known))


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


def _run(import_id: str, path: Path, options: runs.Options) -> None:
    progress = _Progress(import_id)
    problem = None
    try:
        runs.Import(progress.report, progress.progress, options, progress.totals).run(path)
    except (runs.Refused, files.Unreadable) as error:
        problem = str(error)
    except Exception:
        log.exception("import failed", import_id=import_id)
        problem = "The import failed. See the log of the service."
    with contextlib.suppress(Exception):  # the database is away: the row says that the import was interrupted
        progress.write(ended_at=models.now(), problem=problem and problem[:1000])
    if problem or not options.dry_run:
        path.unlink(missing_ok=True)
