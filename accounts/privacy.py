"""Export everything stored about a user, section by section, as the capability records declare it.

The export is streamed: memory use is constant, and no connection is held between batches.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any

from pydantic import Field, create_model

import database
import errors
import schemas
from core import capability

BATCH = 500
SECONDS_TO_EXPORT = 600  # after that, another export may start, because the client has stopped reading this one
_exporting: dict[str, float] = {}
_lock = threading.Lock()


def export(user: schemas.User) -> Iterator[bytes]:
    """Return the export as chunks of a JSON object with a list of rows for each section. It contains no secrets.

    Raises RateLimited if another export of this user is in progress.
    """
    with _lock:
        started, now = _exporting.get(user.user_id), time.monotonic()
        if started is not None and now - started < SECONDS_TO_EXPORT:
            raise errors.RateLimited(1)
        _exporting[user.user_id] = now
    return _chunks(user)


def _chunks(user: schemas.User) -> Iterator[bytes]:
    try:
        separator = b"{"
        for section in sections():
            yield separator + f'"{section.name}":['.encode()
            yield from _rows(section, user)
            separator = b"],"
        yield b"]}"
    finally:
        with _lock:
            _exporting.pop(user.user_id, None)


def _rows(section: capability.Section, user: schemas.User) -> Iterator[bytes]:
    statement, separator, last = section.rows(user), b"", 0
    while True:
        batch = statement
        if section.key is not None:
            batch = statement.add_columns(section.key.label("batch_key")).where(section.key > last)
            batch = batch.order_by(section.key).limit(BATCH)
        rows = database.read_all(batch)
        if rows:  # in one chunk, because each chunk costs a thread hop
            shown = (section.schema.model_validate(dict(row._mapping)).model_dump_json() for row in rows)
            yield separator + ",".join(shown).encode()
            separator = b","
        if section.key is None or len(rows) < BATCH:
            return
        last = rows[-1].batch_key


def sections() -> list[capability.Section]:
    """Return the sections of the export, including those of disabled capabilities."""
    return [section for each in capability.installed() for section in each.export()]


def response_schema() -> Any:
    """Return the schema of the whole export, for the OpenAPI document."""
    fields: dict[str, Any] = {
        section.name: (list.__class_getitem__(section.schema), Field(description=section.description))
        for section in sections()
    }
    return create_model(
        "Export", __base__=schemas.Schema, __doc__="Everything stored about a user, by section.", **fields
    )
