"""Stream the audit log as CSV or JSON Lines, newest event first."""

import csv
import io
import json
from collections.abc import Callable, Iterator

import audit
from schemas_admin import Event, EventFilters

BATCH = 200
COLUMNS = tuple(Event.model_fields)
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
# A spreadsheet runs a cell that begins with one of these as a formula (OWASP, CSV Injection), also full-width.
FORMULA_STARTS = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")


def stream(filters: EventFilters, kind: str) -> Iterator[bytes]:
    """Return the chunks of a file with all matching events. No connection is held between chunks.

    The first batch is read before the response begins, so that an error can still become the response.
    """
    return _chunks(filters, _csv if kind == "csv" else _json_lines, _batch(filters, None), kind)


def _batch(filters: EventFilters, cursor: str | None) -> tuple[list[Event], str | None]:
    page = audit.search(filters.model_copy(update={"limit": BATCH, "cursor": cursor}))
    return page.items, page.next_cursor


def _chunks(
    filters: EventFilters,
    written: Callable[[list[Event]], str],
    batch: tuple[list[Event], str | None],
    kind: str,
) -> Iterator[bytes]:
    if kind == "csv":
        yield (",".join(COLUMNS) + "\r\n").encode()
    events, cursor = batch
    while True:
        yield written(events).encode()
        if cursor is None:
            return
        events, cursor = _batch(filters, cursor)


def _csv(events: list[Event]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for event in events:
        values = event.model_dump(mode="json") | {"detail": json.dumps(event.detail, ensure_ascii=False)}
        writer.writerow([defused(values[name]) for name in COLUMNS])
    return text.getvalue()


def defused(value: object) -> str:
    """Return the text of a cell that no spreadsheet runs as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else text


def _json_lines(events: list[Event]) -> str:
    return "".join(f"{event.model_dump_json()}\n" for event in events)
