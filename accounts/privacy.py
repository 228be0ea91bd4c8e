"""Export everything that is stored about a user, section by section, as the capability records declare it.

The export is streamed: its memory does not grow with what is stored, and no connection is held between two batches.
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
SECONDS_AN_EXPORT_MAY_TAKE = 600  # after that another one may start: the response of this one was never read
_exporting: dict[str, float] = {}
_lock = threading.Lock()


def export(user: schemas.User) -> Iterator[bytes]:
    """Return the pieces of one JSON object: a list of rows for each section. Contains no secret.

    One export at a time for each user. Raises RateLimited.
    """
    with _lock:
        begun, now = _exporting.get(user.user_id), time.monotonic()
        if begun is not None and now - begun < SECONDS_AN_EXPORT_MAY_TAKE:
            raise errors.RateLimited(1)
        _exporting[user.user_id] = now
    return _pieces(user)


def _pieces(user: schemas.User) -> Iterator[bytes]:
    try:
        glue = b"{"
        for section in sections():
            yield glue + f'"{section.name}":['.encode()
            yield from _rows(section, user)
            glue = b"],"
        yield b"]}"
    finally:
        with _lock:
            _exporting.pop(user.user_id, None)


def _rows(section: capability.Section, user: schemas.User) -> Iterator[bytes]:
    statement, glue, last = section.rows(user), b"", 0
    while True:
        batch = statement
        if section.key is not None:
            batch = statement.add_columns(section.key.label("batch_key")).where(section.key > last)
            batch = batch.order_by(section.key).limit(BATCH)
        rows = database.read_all(batch)
        if rows:  # one piece for all of them: each costs a thread hop
            shown = (section.schema.model_validate(dict(row._mapping)).model_dump_json() for row in rows)
            yield glue + ",".join(shown).encode()
            glue = b","
        if section.key is None or len(rows) < BATCH:
            return
        last = rows[-1].batch_key


def sections() -> list[capability.Section]:
    """Return the sections of the export, those of capabilities that are switched off included."""
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
